import { BlobStore } from "@twin/crypto"
import { andThen, type Call, decideByGates, deny, gate, operation, pass } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { openContent } from "../content/openContent.ts"
import type { LocalDocument } from "../LocalDocument.ts"
import type { MipWorld } from "../State.ts"
import {
  bytesOf,
  digestOf,
  evaluateFileKnown,
  type FileEffect,
  file,
  fileOf,
  writeBytes,
} from "./file.ts"
import { sessionEnded } from "./openDocument.ts"

/** The name that Office gives to what it keeps beside an open document. */
export const temporaryNameOf = (name: string): string => `~$${name}`

/**
 * While a document is open, Office keeps working files beside it, which the protection service does
 * not encrypt: what covers them is the encryption of the device (MIP-033).
 */
export const keepDocumentOpen = operation({
  name: "keep-document-open",
  summary: "Opens a file in Office and leaves it open, with the temporary file that belongs to it.",
  params: Schema.Struct({ file }),
  facts: ["MIP-033"],
  decide: (call: Call<MipWorld>, params): FileEffect => keepOpen(call, params.file),
})

const keepOpen = Effect.fnUntraced(function* (call: Call<MipWorld>, name: string) {
  const document = fileOf(call, name)
  const bytes = document === undefined ? undefined : yield* bytesOf(document)
  const known = evaluateFileKnown(bytes === undefined ? undefined : document)
  if (document === undefined || bytes === undefined) return { decision: known }
  const { contentId } = document
  const opened =
    contentId === undefined
      ? { decision: known, plaintext: bytes, events: [] }
      : yield* openContent(call, { bytes, contentId })
  const decision = andThen(known, () => opened.decision)
  if (opened.plaintext === undefined) return { decision, events: opened.events }
  const id = call.draw.guid(`temporary file ${document.name}`)
  const temporary: LocalDocument = {
    id,
    name: temporaryNameOf(document.name),
    savedBy: call.actor.id,
    savedAt: call.now,
    blobId: `document/${id}`,
    plaintextDigest: digestOf(opened.plaintext),
  }
  yield* writeBytes({ document: temporary, bytes: opened.plaintext })
  return {
    decision,
    events: [...opened.events, { _tag: "LocalDocumentSaved" as const, document: temporary }],
    output: [{ id, file: temporary.name, isProtected: false, device: call.actor.client.device }],
  }
})

const isOpen = gate<{ readonly isOpen: boolean }>()({
  name: "document-open",
  facts: ["MIP-033"],
  reads: ["isOpen"],
  check: ({ isOpen: found }) =>
    found
      ? pass("The document is open.")
      : deny("The document is not open.", {}, { message: "The document is not open." }),
})

export const closeDocument = operation({
  name: "close-document",
  summary: "Closes a file that is open in Office: its temporary file goes.",
  params: Schema.Struct({ file }),
  facts: ["MIP-033", "MIP-228"],
  decide: (call: Call<MipWorld>, params): FileEffect => close(call, params.file),
})

const close = Effect.fnUntraced(function* (call: Call<MipWorld>, name: string) {
  const document = fileOf(call, name)
  const temporary = fileOf(call, temporaryNameOf(document?.name ?? name))
  const ended = document === undefined ? [] : sessionEnded(call, document)
  const decision = decideByGates([isOpen], {
    isOpen: temporary !== undefined || ended.length > 0,
  })
  if (temporary === undefined) return { decision, events: ended }
  const blobs = yield* BlobStore
  yield* blobs.remove(temporary.blobId)
  return {
    decision,
    events: [
      ...ended,
      { _tag: "TemporaryFileRemoved" as const, documentId: temporary.id, at: call.now },
    ],
  }
})
