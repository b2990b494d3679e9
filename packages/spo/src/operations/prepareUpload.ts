import type { CryptoServices } from "@twin/crypto"
import { type Call, type Decision, decideByGates, gate, pass } from "@twin/kernel"
import {
  copyContent,
  customOf,
  effectiveRights,
  localDocumentOf,
  type Permissions,
  protectContent,
} from "@twin/mip"
import { Effect, Option } from "effect"
import { nameOf } from "../DriveItem.ts"
import { type SpoWorld, tenantSetting } from "../State.ts"
import type { EmittedEvent } from "./SpoOperation.ts"
import { bytesOfBlob, type Incoming, sha256 } from "./storeContent.ts"

/** What somebody uploads: a text, or a document from the device. */
export interface UploadContent extends Permissions {
  readonly content?: string
  readonly document?: string
  readonly label?: string
  readonly justification?: string
}

/** What arrives at the service, after the uploader's app has labelled and protected it. */
export type PreparedUpload = Pick<
  Incoming,
  | "bytes"
  | "plaintext"
  | "plaintextDigest"
  | "contentId"
  | "labelId"
  | "labelMethod"
  | "canUploaderView"
> & { readonly decision: Decision; readonly events: readonly EmittedEvent[] }

/** Labels and protects on the device; undefined where the document is not there. */
export const prepareUpload = Effect.fnUntraced(function* (
  call: Call<SpoWorld>,
  params: UploadContent,
  path: string,
): Effect.fn.Return<PreparedUpload | undefined, never, CryptoServices> {
  const { document, label, justification } = params
  const local = document === undefined ? undefined : localDocumentOf(call.world, document)
  if (document !== undefined && local === undefined) return undefined
  const found = local === undefined ? undefined : yield* bytesOfBlob(local.blobId)
  if (found !== undefined && Option.isNone(found)) return undefined
  const bytes = found === undefined ? new TextEncoder().encode(params.content ?? "") : found.value
  const existing = {
    ...(local?.contentId === undefined ? {} : { contentId: local.contentId }),
    ...(local?.labelId === undefined ? {} : { labelId: local.labelId }),
    ...(local?.labelMethod === undefined ? {} : { labelMethod: local.labelMethod }),
  }
  const digest = local === undefined ? sha256(bytes) : local.plaintextDigest
  const known = {
    ...(local === undefined ? { plaintext: bytes } : {}),
    ...(digest === undefined ? {} : { plaintextDigest: digest }),
  }
  if (label === undefined) {
    // The service recognises a protection only when the uploader can view the content (SPO-155).
    const canUploaderView =
      local?.contentId === undefined ||
      effectiveRights(call.world, local.contentId, call.actor.id, call.now).rights.includes("VIEW")
    const hosted =
      local?.contentId !== undefined &&
      canUploaderView &&
      tenantSetting(call.world, "EnableAIPIntegration")
        ? yield* copyContent(call, { bytes, contentId: local.contentId })
        : undefined
    return {
      bytes: hosted?.bytes ?? bytes,
      ...existing,
      ...(hosted === undefined ? {} : { contentId: hosted.contentId }),
      ...known,
      canUploaderView,
      decision: nothingToLabel,
      events: hosted?.events ?? [],
    }
  }
  const custom = customOf(params)
  const labelled = yield* protectContent(call, {
    content: bytes,
    form: "document",
    name: nameOf({ path }),
    label,
    isHosted: true,
    ...(custom === undefined ? {} : { custom }),
    ...(local === undefined ? {} : { existing }),
    ...(justification === undefined ? {} : { justification }),
  })
  return {
    bytes: labelled.bytes ?? bytes,
    ...known,
    ...(labelled.contentId === undefined ? {} : { contentId: labelled.contentId }),
    ...(labelled.labelId === undefined ? {} : { labelId: labelled.labelId }),
    ...(labelled.labelMethod === undefined ? {} : { labelMethod: labelled.labelMethod }),
    canUploaderView: true,
    decision: labelled.decision,
    events: labelled.events,
  }
})

const unlabelled = gate<object>()({
  name: "no-label-asked",
  facts: ["SPO-132"],
  reads: [],
  check: () => pass("The file keeps what it has: a place gives no label to what is put there."),
})

const nothingToLabel = decideByGates([unlabelled], {})
