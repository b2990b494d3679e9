import { type CryptoServices, evaluateSealing } from "@twin/crypto"
import { andThen, type Call, decideByGates, deny, gate, pass } from "@twin/kernel"
import { effectOf, evaluateServiceProcessing, labelOf, openForService } from "@twin/mip"
import { Effect, Schema } from "effect"
import { type DriveItem, nameOf } from "../DriveItem.ts"
import { missing } from "../decisions/missing.ts"
import { scanOfChangedFile } from "../dlpScan.ts"
import { itemOf, type SpoWorld, siteOf, tenantSetting } from "../State.ts"
import { reading } from "./getSpoTenant.ts"
import { labelAudit } from "./labelFile.ts"
import { storedBytesOf } from "./readContent.ts"
import { cmdlet, type SpoOperation, type SpoRuling } from "./SpoOperation.ts"
import { storeContent } from "./storeContent.ts"

interface UnlockFacets {
  readonly isProtected: boolean
  readonly processing: string
  readonly isIntegrationOn: boolean
  readonly effect: string
}

const processed = gate<UnlockFacets>()({
  name: "processed-by-sharepoint",
  facts: ["SPO-160"],
  reads: ["isProtected", "processing", "isIntegrationOn", "effect"],
  check: ({ isProtected, processing, isIntegrationOn, effect }) =>
    isProtected && isIntegrationOn && processing === "readable" && effect === "template"
      ? pass("SharePoint processes this encryption, and an administrator defined its permissions.")
      : deny(
          "SharePoint cannot take this protection off.",
          { isProtected, processing, EnableAIPIntegration: isIntegrationOn, effect },
          {
            message:
              "The file can't be decrypted. It is not encrypted by a supported sensitivity label.",
          },
        ),
})

const fileUrl = Schema.NonEmptyString.annotate({ description: "Address of the file" })

const unlockFacets = (world: SpoWorld, { content }: DriveItem): UnlockFacets => {
  const label = content?.labelId === undefined ? undefined : labelOf(world, content.labelId)
  return {
    isProtected: content?.contentId !== undefined,
    processing: content?.processing ?? "unsupported-type",
    isIntegrationOn: tenantSetting(world, "EnableAIPIntegration"),
    effect: label === undefined ? "none" : effectOf(label),
  }
}

/** An administrator decrypts without having access: audited, with the reason (SPO-160). */
export const unlockFile: SpoOperation = cmdlet({
  name: "Unlock-SPOSensitivityLabelEncryptedFile",
  summary: "Takes label and encryption off a file that SharePoint can process.",
  params: Schema.Struct({
    FileUrl: fileUrl,
    JustificationText: Schema.NonEmptyString.annotate({ description: "Why" }),
  }),
  facts: ["SPO-160", "MIP-075"],
  decide: Effect.fnUntraced(function* (
    call: Call<SpoWorld>,
    params: { readonly FileUrl: string; readonly JustificationText: string },
  ): Effect.fn.Return<SpoRuling, never, CryptoServices> {
    const { world, now, actor } = call
    const item = itemOf(world, params.FileUrl)
    const site = item === undefined ? undefined : siteOf(world, item.site)
    const content = item?.content
    if (item === undefined || site === undefined || content === undefined) {
      return { decision: missing("item") }
    }
    const { contentId } = content
    const gates = decideByGates([processed], unlockFacets(world, item))
    if (gates.outcome !== "allow" || contentId === undefined) return { decision: gates }
    const admitted = [
      () =>
        evaluateServiceProcessing({
          world,
          contentId,
          now,
          service: "SharePoint" as const,
          isUnlock: true,
        }),
      () =>
        evaluateSealing(world, { workload: "SharePoint" as const, container: site.url }, { now }),
    ].reduce(andThen, gates)
    if (admitted.outcome !== "allow") return { decision: admitted }
    const read = yield* storedBytesOf(call, content)
    if (read.bytes === undefined) return { decision: andThen(admitted, () => read.decision) }
    const opened = yield* openForService(call, {
      bytes: read.bytes,
      contentId,
      service: "SharePoint",
      isUnlock: true,
    })
    if (opened.plaintext === undefined) return { decision: opened.decision }
    const stored = yield* storeContent(call, {
      site,
      itemId: item.id,
      name: nameOf(item),
      version: content.version + 1,
      bytes: opened.plaintext,
      plaintext: opened.plaintext,
      canUploaderView: true,
      before: [],
    })
    return {
      decision: admitted,
      events: [
        // The decryption stands in the usage log of the protection service (MIP-075).
        ...opened.events,
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
      audit: labelAudit(site, item, stored.content, params.JustificationText),
    }
  }),
})

/** What SharePoint knows of a file's label: nothing where it cannot process it (SPO-153). */
export const getFileLabelInfo: SpoOperation = cmdlet({
  name: "Get-FileSensitivityLabelInfo",
  summary: "Shows the sensitivity label of a stored file.",
  params: Schema.Struct({ FileUrl: fileUrl }),
  facts: ["SPO-153", "SPO-165"],
  isReadOnly: true,
  decide: ({ world }: Call<SpoWorld>, { FileUrl: url }): SpoRuling => {
    const item = itemOf(world, url)
    if (item?.content === undefined) return { decision: missing("item") }
    const { labelId, contentId, processing } = item.content
    const isRecognised =
      tenantSetting(world, "EnableAIPIntegration") && processing !== "opaque-encryption"
    const label = labelId === undefined || !isRecognised ? undefined : labelOf(world, labelId)
    return {
      decision: reading,
      output: [
        {
          LabelId: label?.id ?? "",
          DisplayName: label?.displayName ?? "",
          IsProtectionEnabled: label !== undefined && contentId !== undefined,
          ParentLabelId: label?.parentId ?? "",
        },
      ],
    }
  },
})
