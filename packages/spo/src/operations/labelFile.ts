import { type CryptoServices, evaluateSealing } from "@twin/crypto"
import {
  type AuditEntry,
  andThen,
  type Call,
  type Decision,
  decideByGates,
  deny,
  gate,
  operation,
  pass,
} from "@twin/kernel"
import {
  type CustomProtection,
  customOf,
  type Permissions,
  type ProtectContentRequest,
  permissionParams,
  protectContent,
} from "@twin/mip"
import { Effect, Schema } from "effect"
import { fileLine } from "../auditLines.ts"
import { type DriveItem, nameOf, type StoredContent } from "../DriveItem.ts"
import { evaluateManageItem } from "../decisions/evaluateManage.ts"
import { isBrowser } from "../decisions/facetsOfAccess.ts"
import { missing } from "../decisions/missing.ts"
import { scanOfChangedFile } from "../dlpScan.ts"
import { fileTypeOf } from "../fileTypes.ts"
import type { Site } from "../Site.ts"
import { itemOf, type SpoWorld, siteOf, tenantSetting } from "../State.ts"
import { labelMismatch } from "./labelMismatch.ts"
import { storedBytesOf } from "./readContent.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { itemParameters } from "./shareParameters.ts"
import { storeContent } from "./storeContent.ts"

interface LabellingFacets {
  readonly isBrowser: boolean
  readonly isIntegrationOn: boolean
  readonly isOffice: boolean
}

const labelsInTheBrowser = gate<LabellingFacets>()({
  name: "labels-enabled",
  facts: ["SPO-150", "SPO-152"],
  reads: ["isBrowser", "isIntegrationOn", "isOffice"],
  check: ({ isBrowser: browser, isIntegrationOn, isOffice }) => {
    if (!browser) return pass("The app on the device labels the file itself.")
    return isIntegrationOn && isOffice
      ? pass("Labels are enabled for SharePoint, so the browser offers them.")
      : deny(
          "Labels are not enabled for SharePoint and this type of file.",
          { EnableAIPIntegration: isIntegrationOn, isOffice },
          { message: "Sensitivity labels are not available for this file." },
        )
  },
})

interface LabelParams extends Permissions {
  readonly file: string
  readonly site?: string
  readonly label?: string
  readonly justification?: string
}

/** SPO-247: label ids before and after, so that a reader sees the direction. */
export const labelAudit = (
  site: Site,
  item: DriveItem,
  after: StoredContent,
  justification?: string,
): readonly AuditEntry[] => {
  const from = item.content?.labelId
  const to = after.labelId
  if (from === to) return []
  const operationName =
    from === undefined
      ? "FileSensitivityLabelApplied"
      : to === undefined
        ? "FileSensitivityLabelRemoved"
        : "FileSensitivityLabelChanged"
  return [
    fileLine(operationName, site, item, {
      SourceLabel: from ?? "",
      DestinationLabel: to ?? "",
      SensitivityLabelId: to ?? "",
      ...(justification === undefined ? {} : { SensitivityLabelJustificationText: justification }),
    }),
  ]
}

/** Puts a label on a stored file, or takes it off: the stored bytes are protected anew. */
export const labelFile: SpoOperation = operation({
  name: "label-file",
  summary: "Puts a sensitivity label on a stored file; without a label, takes it off.",
  params: Schema.Struct({
    ...itemParameters,
    label: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Name or id of the label; none takes it off" }),
    ),
    ...permissionParams,
    justification: Schema.optionalKey(
      Schema.String.annotate({ description: "Why a label is lowered or removed" }),
    ),
  }),
  facts: ["SPO-150", "SPO-152", "SPO-247"],
  decide: Effect.fnUntraced(function* (
    call: Call<SpoWorld>,
    params: LabelParams,
  ): Effect.fn.Return<SpoRuling, never, CryptoServices> {
    const { world, now, actor } = call
    const item = itemOf(world, params.file, params.site)
    const site = item === undefined ? undefined : siteOf(world, item.site)
    const content = item?.content
    if (item === undefined || site === undefined || content === undefined) {
      return { decision: missing("item") }
    }
    const admitted = [
      () =>
        decideByGates([labelsInTheBrowser], {
          isBrowser: isBrowser(actor.client),
          isIntegrationOn: tenantSetting(world, "EnableAIPIntegration"),
          isOffice: fileTypeOf(nameOf(item)) === "office",
        }),
      () =>
        evaluateSealing(world, { workload: "SharePoint" as const, container: site.url }, { now }),
    ].reduce(andThen, evaluateManageItem(call, site, item))
    if (admitted.outcome !== "allow") return { decision: admitted }
    const custom = customOf(params)
    return yield* labelStored(call, {
      site,
      item,
      content,
      admitted,
      ...(params.label === undefined ? {} : { label: params.label }),
      ...(custom === undefined ? {} : { custom }),
      ...(params.justification === undefined ? {} : { justification: params.justification }),
    })
  }),
})

/** A stored file, and the label that somebody wants on it; none takes it off. */
export interface StoredLabelling {
  readonly site: Site
  readonly item: DriveItem
  readonly content: StoredContent
  /** What let the wish through so far. */
  readonly admitted: Decision
  readonly label?: string
  readonly method?: ProtectContentRequest["method"]
  readonly custom?: CustomProtection
  readonly justification?: string
}

/** Labels the stored bytes anew with the rights of whoever asks. */
export const labelStored = Effect.fn("labelStored")(function* (
  call: Call<SpoWorld>,
  o: StoredLabelling,
): Effect.fn.Return<SpoRuling, never, CryptoServices> {
  const { world, now, actor } = call
  const { site, item, content, admitted } = o
  const read = yield* storedBytesOf(call, content)
  if (read.bytes === undefined) return { decision: andThen(admitted, () => read.decision) }
  const labelled = yield* protectContent(call, {
    content: read.bytes,
    form: "document",
    name: nameOf(item),
    isHosted: true,
    existing: {
      ...(content.contentId === undefined ? {} : { contentId: content.contentId }),
      ...(content.labelId === undefined ? {} : { labelId: content.labelId }),
      ...(content.labelMethod === undefined ? {} : { labelMethod: content.labelMethod }),
    },
    ...(o.label === undefined ? { isRemoval: true } : { label: o.label }),
    ...(o.method === undefined ? {} : { method: o.method }),
    ...(o.custom === undefined ? {} : { custom: o.custom }),
    ...(o.justification === undefined ? {} : { justification: o.justification }),
  })
  const decision = andThen(admitted, () => labelled.decision)
  if (decision.outcome !== "allow" || labelled.bytes === undefined) {
    return { decision, events: labelled.events }
  }
  const stored = yield* storeContent(call, {
    site,
    itemId: item.id,
    name: nameOf(item),
    version: content.version + 1,
    bytes: labelled.bytes,
    plaintextDigest: content.sha256,
    ...(content.contentId === undefined ? { plaintext: read.bytes } : {}),
    ...(labelled.contentId === undefined ? {} : { contentId: labelled.contentId }),
    ...(labelled.labelId === undefined ? {} : { labelId: labelled.labelId }),
    ...(labelled.labelMethod === undefined ? {} : { labelMethod: labelled.labelMethod }),
    canUploaderView: true,
    before: labelled.events,
  })
  const next: DriveItem = { ...item, content: stored.content }
  const mismatch = labelMismatch(call, site, next)
  return {
    decision,
    events: [
      ...labelled.events,
      ...stored.events,
      {
        _tag: "FileContentReplaced",
        itemId: item.id,
        content: stored.content,
        by: actor.id.toLowerCase(),
        scan: scanOfChangedFile(world, site, item.scan, stored.content, now),
        at: now,
      },
    ],
    audit: [...labelAudit(site, item, stored.content, o.justification), ...mismatch.audit],
    mail: mismatch.mail,
    output: [
      {
        id: item.id,
        file: item.id,
        label: stored.content.labelId ?? null,
        content: stored.content.contentId ?? null,
      },
    ],
  }
})
