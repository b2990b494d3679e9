import { type CryptoServices, evaluateSealing } from "@twin/crypto"
import { andThen, type Call, decideByGates, deny, gate, operation, pass } from "@twin/kernel"
import { effectOf, type Label, labelOf } from "@twin/mip"
import { Effect, Schema } from "effect"
import { fileLine } from "../auditLines.ts"
import { type DriveItem, nameOf } from "../DriveItem.ts"
import { evaluateManageItem } from "../decisions/evaluateManage.ts"
import { missing } from "../decisions/missing.ts"
import { scanOfChangedFile } from "../dlpScan.ts"
import { itemOf, type SpoWorld, siteOf } from "../State.ts"
import { labelAudit } from "./labelFile.ts"
import { labelMismatch } from "./labelMismatch.ts"
import { prepareUpload, type UploadContent } from "./prepareUpload.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { itemParameters } from "./shareParameters.ts"
import { storeContent } from "./storeContent.ts"

interface ReplaceFacets {
  readonly isApp: boolean
  readonly isEncrypted: boolean
  readonly isEncryptionDifferent: boolean
}

const sameEncryption = gate<ReplaceFacets>()({
  name: "app-keeps-encryption",
  facts: ["MIP-209"],
  reads: ["isApp", "isEncrypted", "isEncryptionDifferent"],
  check: ({ isApp, isEncrypted, isEncryptionDifferent }) => {
    const details = { isApp, isEncrypted, isEncryptionDifferent }
    return isApp && isEncrypted && isEncryptionDifferent
      ? deny("An app cannot give an encrypted file a label with other encryption.", details, {
          code: "accessDenied",
          message: "The file can't be uploaded: unlock, delete or rename the existing file first.",
        })
      : pass("The new version may take the place of the old.", details)
  },
})

const templateOf = (label: Label | undefined): string =>
  label === undefined || effectOf(label) === "none"
    ? ""
    : (label.encryption?.templateId ?? label.id)

interface ReplaceParams extends UploadContent {
  readonly file: string
  readonly site?: string
}

/** Uploads a version over one that is there: with its own label and encryption. */
export const replaceFile: SpoOperation = operation({
  name: "replace-file",
  summary: "Uploads a document of the device over a stored file.",
  params: Schema.Struct({
    ...itemParameters,
    document: Schema.NonEmptyString.annotate({ description: "A document of the device" }),
    label: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Label that the uploader puts on it before" }),
    ),
    justification: Schema.optionalKey(Schema.String),
  }),
  facts: ["MIP-205", "MIP-209", "MIP-215"],
  decide: Effect.fnUntraced(function* (
    call: Call<SpoWorld>,
    params: ReplaceParams,
  ): Effect.fn.Return<SpoRuling, never, CryptoServices> {
    const { world, now, actor } = call
    const item = itemOf(world, params.file, params.site)
    const site = item === undefined ? undefined : siteOf(world, item.site)
    const content = item?.content
    if (item === undefined || site === undefined || content === undefined) {
      return { decision: missing("item") }
    }
    const manageable = [
      () =>
        evaluateSealing(world, { workload: "SharePoint" as const, container: site.url }, { now }),
    ].reduce(andThen, evaluateManageItem(call, site, item))
    if (manageable.outcome !== "allow") return { decision: manageable }
    const ready = yield* prepareUpload(call, params, item.path)
    if (ready === undefined) return { decision: missing("item") }
    const { decision: labelling, events: before, ...incoming } = ready
    const labelOfNew = incoming.labelId === undefined ? undefined : labelOf(world, incoming.labelId)
    const labelOfOld = content.labelId === undefined ? undefined : labelOf(world, content.labelId)
    const decision = [
      () => labelling,
      () =>
        decideByGates([sameEncryption], {
          isApp: actor.kind === "service-account" || actor.kind === "system",
          isEncrypted: content.contentId !== undefined,
          isEncryptionDifferent: templateOf(labelOfNew) !== templateOf(labelOfOld),
        }),
    ].reduce(andThen, manageable)
    if (decision.outcome !== "allow") return { decision }
    const stored = yield* storeContent(call, {
      ...incoming,
      site,
      itemId: item.id,
      name: nameOf(item),
      version: content.version + 1,
      before,
    })
    const next: DriveItem = { ...item, content: stored.content }
    const mismatch = labelMismatch(call, site, next)
    return {
      decision,
      events: [
        ...before,
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
      audit: [
        fileLine("FileModified", site, item),
        ...labelAudit(site, item, stored.content),
        ...mismatch.audit,
      ],
      mail: mismatch.mail,
      output: [
        {
          id: item.id,
          file: item.id,
          label: stored.content.labelId ?? null,
          content: stored.content.contentId ?? null,
          processing: stored.content.processing,
        },
      ],
    }
  }),
})
