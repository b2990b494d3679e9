import { BlobStore } from "@twin/crypto"
import type { Call } from "@twin/kernel"
import { Effect } from "effect"
import type { LocalDocument } from "../LocalDocument.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"

/** Bytes that leave SharePoint or a mailbox for somebody's device, as they are. */
export interface LocalCopy
  extends Pick<LocalDocument, "name">,
    Partial<Pick<LocalDocument, "contentId" | "labelId" | "labelMethod">> {
  readonly bytes: Uint8Array
}

/**
 * Keeps a downloaded file or a saved attachment, so that `open-document` and the other actions work
 * on it. Its protection travels with it (MIP-260).
 */
export const saveLocalCopy = Effect.fn("saveLocalCopy")(function* (
  call: Call<MipWorld>,
  { bytes, ...rest }: LocalCopy,
) {
  const id = call.draw.guid(`local copy ${rest.name}`)
  const document: LocalDocument = {
    id,
    savedBy: call.actor.id,
    savedAt: call.now,
    blobId: `document/${id}`,
    ...rest,
  }
  const blobs = yield* BlobStore
  yield* blobs.put(document.blobId, bytes)
  const events: readonly MipEvent[] = [{ _tag: "LocalDocumentSaved", document }]
  return { document, events }
})
