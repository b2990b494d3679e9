import { foreignOrganizationOf, organizationOf, personOf, userOf } from "@twin/identity"
import {
  type Call,
  decideByGates,
  deny,
  gate,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { effectiveRights } from "../effectiveRights.ts"
import type { LocalDocument } from "../LocalDocument.ts"
import { labelMetadata, labelNameFor } from "../labelMetadata.ts"
import type { MipEvent } from "../MipEvent.ts"
import { type MipWorld, protectionOf, templateOf } from "../State.ts"
import { evaluateFileKnown, file, fileOf } from "./file.ts"

const metadataRead = gate<{ readonly isProtected: boolean }>()({
  name: "metadata-readable",
  facts: ["MIP-096", "MIP-097"],
  reads: ["isProtected"],
  check: ({ isProtected }) =>
    pass("Label metadata is stored in clear text, whatever protects the content.", { isProtected }),
})

/** The tenant in whose account somebody works; guests and outsiders have another. */
const homeOf = (world: MipWorld, address: string): string => {
  const user = userOf(world, address)
  const person = personOf(world, address)
  if (person?.homeTenant !== undefined) return person.homeTenant
  return user === undefined ? "" : (organizationOf(world)?.tenantId ?? "")
}

/** Labels of other tenants, beside ours (MIP-092): nobody here sees more than the pairs. */
const foreignPairs = (document: LocalDocument): readonly (readonly [string, string])[] =>
  (document.foreignLabels ?? []).flatMap(({ tenantId, labelId, name }) => [
    [`MSIP_Label_${labelId}_Enabled`, "True"] as const,
    [`MSIP_Label_${labelId}_SiteId`, tenantId] as const,
    [`MSIP_Label_${labelId}_Name`, name] as const,
  ])

const ownPairs = (
  world: MipWorld,
  document: LocalDocument,
): readonly (readonly [string, string])[] =>
  document.labelId === undefined
    ? []
    : Object.entries(
        labelMetadata(world, {
          labelId: document.labelId,
          method: document.labelMethod ?? "Privileged",
          setAt: document.labelledAt ?? document.savedAt,
          marks: document.marks ?? {},
        }),
      )

/** What the reader's program shows: the label to people of its tenant, the template to others. */
const shownTo = (world: MipWorld, document: LocalDocument, address: string, now: number) => {
  const home = homeOf(world, address)
  const own =
    document.labelId === undefined ? undefined : labelNameFor(world, document.labelId, home)
  const foreign = document.foreignLabels?.find(({ tenantId }) => tenantId === home)?.name
  const protection =
    document.contentId === undefined ? undefined : protectionOf(world, document.contentId)
  const template =
    protection?.templateId === undefined ? undefined : templateOf(world, protection.templateId)
  const isOutside = home !== organizationOf(world)?.tenantId
  return {
    label: own ?? foreign ?? null,
    marks: Object.values(document.marks ?? {}),
    messageBar:
      protection === undefined || !isOutside
        ? null
        : {
            name: template?.name ?? "Restricted Access",
            description: template?.description ?? "",
            rights: [...effectiveRights(world, protection.contentId, address, now).rights],
          },
  }
}

export const readLabelMetadata = operation({
  name: "read-label-metadata",
  summary: "Reads what a file says about its labels, without opening it.",
  params: Schema.Struct({
    file,
    onlyCustomProperties: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "A program that knows no labelinfo.xml" }),
    ),
  }),
  facts: ["MIP-092", "MIP-096", "MIP-097", "MIP-212"],
  isReadOnly: true,
  decide: (call: Call<MipWorld>, params): Ruling<MipEvent> => {
    const { world, actor, now } = call
    const document = fileOf(call, params.file)
    if (document === undefined) return { decision: evaluateFileKnown(undefined) }
    // Labels that moved to labelinfo.xml are not among the custom properties (MIP-212).
    const isHidden =
      params.onlyCustomProperties === true && document.labelStore === "docMetadata/LabelInfo.xml"
    const pairs = isHidden ? [] : [...ownPairs(world, document), ...foreignPairs(document)]
    const shown = shownTo(world, document, actor.id, now)
    return {
      decision: decideByGates([metadataRead], { isProtected: document.contentId !== undefined }),
      output: [
        {
          file: document.name,
          storedIn: document.labelStore ?? "docProps/custom.xml",
          ...shown,
          label: isHidden ? null : shown.label,
          properties: Object.fromEntries(pairs),
        } satisfies OutputObject,
      ],
    }
  },
})

const ownOrganization = gate<{ readonly tenant: string; readonly isOther: boolean }>()({
  name: "label-of-other-tenant",
  facts: ["MIP-092", "MIP-097"],
  reads: ["tenant", "isOther"],
  check: ({ tenant, isOther }) =>
    isOther
      ? pass("Another organization puts its own label beside ours.", { tenant })
      : deny(
          "The person belongs to no other organization that has labels.",
          { tenant },
          {
            code: "NoPolicyError",
            message: "No label policy is available for this account.",
          },
        ),
})

export const labelElsewhere = operation({
  name: "label-elsewhere",
  summary: "Somebody of another organization puts that organization's label on a copy.",
  params: Schema.Struct({
    file,
    label: Schema.NonEmptyString.annotate({
      description: "Name of the other organization's label",
    }),
  }),
  facts: ["MIP-092", "MIP-097"],
  decide: (call: Call<MipWorld>, params): Ruling<MipEvent> => {
    const { world, actor, now, draw } = call
    const document = fileOf(call, params.file)
    if (document === undefined) return { decision: evaluateFileKnown(undefined) }
    const home = homeOf(world, actor.id)
    const isOther = foreignOrganizationOf(world, home) !== undefined
    const decision = decideByGates([ownOrganization], { tenant: home, isOther })
    if (decision.outcome !== "allow") return { decision }
    const others = (document.foreignLabels ?? []).filter(({ tenantId }) => tenantId !== home)
    const before = document.foreignLabels?.find(
      ({ tenantId, name }) => tenantId === home && name === params.label,
    )
    const label = {
      tenantId: home,
      labelId: before?.labelId ?? draw.guid(`label of ${home}`),
      name: params.label,
    }
    const changed: LocalDocument = { ...document, foreignLabels: [...others, label] }
    return { decision, events: [{ _tag: "LocalDocumentChanged", document: changed, at: now }] }
  },
})
