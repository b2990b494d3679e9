import { inForce, isFaultOn, minutes } from "@twin/kernel"
import { labelOf } from "@twin/mip"
import { inboundEncryption, legacyProcessing } from "../eras.ts"
import { faultNames, ruleDelayMinutes } from "../faults.ts"
import { isProtected } from "../MailMessage.ts"
import type { RuleAttachment, RuleMessage, RuleRecipient } from "../rules/RuleMessage.ts"
import type { RuleRun } from "../rules/runRules.ts"
import { type ExchangeWorld, scopeOf, transportRulesAsOf, transportRulesOf } from "../State.ts"
import { type Draft, sizeOf } from "./Draft.ts"
import type { Inspected, InTransit } from "./inspect.ts"
import { groupNamesOf, isOwnMailbox, ruleRecipient } from "./recipients.ts"

/** The header by which rules recognise a label; it stands outside the encryption (EXO-151). */
export const labelHeader = (
  world: ExchangeWorld,
  labelId: string | undefined,
): Readonly<Record<string, string>> => {
  const label = labelId === undefined ? undefined : labelOf(world, labelId)
  if (label === undefined) return {}
  const prefix = `MSIP_Label_${label.id}`
  return { msip_labels: `${prefix}_Enabled=True; ${prefix}_Name=${label.name}` }
}

const attachmentsFor = (
  draft: Draft,
  transit: InTransit,
  { content }: Inspected,
): readonly RuleAttachment[] | undefined =>
  content?.attachments.map(({ name, bytes }) => {
    const known = transit.attachments.find((it) => it.name === name)
    const source = draft.attachments.find((it) => it.name === name)
    const isReadable = known?.state !== "own" && known?.isPasswordProtected !== true
    return {
      name,
      sizeBytes: known?.sizeBytes ?? bytes.length,
      text: isReadable ? new TextDecoder().decode(bytes) : undefined,
      isPasswordProtected: known?.isPasswordProtected ?? false,
      properties:
        // Rules look into the properties of Office files, not of PDF (MIP-169).
        source?.labelId === undefined || /\.pdf$/i.test(name)
          ? {}
          : { [`MSIP_Label_${source.labelId}_Enabled`]: "True" },
    }
  })

/** What the rules are asked with: the message as transport sees it, and what they may do to it. */
export const ruleRunOf = (o: {
  readonly world: ExchangeWorld
  readonly now: number
  readonly draft: Draft
  readonly recipients: readonly RuleRecipient[]
  readonly transit: InTransit
  readonly inspected: Inspected
}): RuleRun => {
  const { world, now, draft, transit, inspected } = o
  const isInside = isOwnMailbox(world, draft.from)
  const message: RuleMessage = {
    sender: {
      header: draft.from,
      envelope: draft.from,
      // Nobody outside sends over an authenticated connection, whatever the domain (EXO-115).
      scope: isInside ? scopeOf(world, draft.from) : "NotInOrganization",
      groups: groupNamesOf(world, draft.from),
    },
    everybody: o.recipients,
    subject: draft.subject,
    headers: labelHeader(world, transit.protection.labelId),
    body: inspected.content?.body,
    attachments: attachmentsFor(draft, transit, inspected),
    sizeBytes: sizeOf(draft),
    types: isProtected(transit.protection) ? ["PermissionControlled"] : [],
    importance: draft.importance,
    classification: draft.classification,
    isInspectionFailing: isFaultOn(world, faultNames.inspection),
  }
  return {
    rules: isFaultOn(world, faultNames.ruleDelay)
      ? transportRulesAsOf(world, now - minutes(ruleDelayMinutes))
      : transportRulesOf(world),
    message,
    now,
    isProtected: isProtected(transit.protection),
    canProtect: isInside,
    rejectsUnprotectable: inForce(inboundEncryption, now) === "rejected",
    // Own protection only, on what leaves or comes back (EXO-132): what is visible is own.
    canUnprotect:
      transit.protection.kind !== "foreign" &&
      inspected.content !== undefined &&
      (isInside || draft.isReplyToOwnProtection),
    canBrand: isInside,
    legacyEncryption: inForce(legacyProcessing, now),
    resolve: (address, field) => ruleRecipient(world, address, field),
  }
}
