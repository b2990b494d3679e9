import { BlobStore, type CryptoServices } from "@twin/crypto"
import {
  andThen,
  type Call,
  decideByGates,
  deny,
  gate,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { callAfter, identityClassesOf } from "@twin/mip"
import { Effect, Schema } from "effect"
import type { LowerEvent } from "../LowerEvent.ts"
import type { MessageAttachment } from "../MailMessage.ts"
import { readerOf } from "../reading.ts"
import { openAttachment, readMessage } from "../readMessage.ts"
import { type ExchangeEvent, type ExchangeWorld, irmConfigurationOf } from "../State.ts"
import { portalTrace, tracesOf } from "./openMessage.ts"
import { message } from "./params.ts"

interface AttachmentFacets {
  readonly state: MessageAttachment["state"] | "missing"
  readonly protection: string
  readonly decryptsForEncryptOnly: boolean
  readonly name: string
}

const attachmentExists = gate<AttachmentFacets>()({
  name: "attachment-exists",
  facts: ["EXO-051"],
  reads: ["state", "name"],
  check: ({ state, name }) =>
    state === "missing"
      ? deny("The message has no such attachment.", { attachment: name })
      : pass("The attachment is part of the message.", { attachment: name, state }),
})

const savedAs = gate<AttachmentFacets>()({
  name: "attachment-protection",
  facts: ["EXO-019", "EXO-041", "EXO-054", "EXO-148"],
  reads: ["state", "protection", "decryptsForEncryptOnly"],
  check: ({ state, protection, decryptsForEncryptOnly }) => {
    const details = {
      protection,
      attachment: state,
      DecryptAttachmentForEncryptOnly: decryptsForEncryptOnly,
    }
    switch (state) {
      case "missing":
        return deny("There is nothing to save.", details)
      case "clear":
        return pass("The file has no protection of its own: the saved copy is free.", details)
      case "own":
        return pass("The file keeps the protection it came with.", details)
      case "inherited":
        return protection === "encrypt-only" && decryptsForEncryptOnly
          ? pass("The organization lets attachments of this kind be saved decrypted.", details)
          : pass("The saved copy stays protected like the message.", details)
    }
  },
})

const SaveAttachment = Schema.Struct({
  message,
  attachment: Schema.NonEmptyString.annotate({ description: "Name of the attached file" }),
})

export const saveAttachment = operation({
  name: "save-attachment",
  summary: "Saves an attached file to the reader's device.",
  params: SaveAttachment,
  facts: ["EXO-019", "EXO-041", "EXO-054", "EXO-070", "EXO-148"],
  binding: { positional: ["message", "attachment"] },
  decide: Effect.fnUntraced(function* (
    call: Call<ExchangeWorld>,
    params: typeof SaveAttachment.Type,
  ): Effect.fn.Return<Ruling<ExchangeEvent | LowerEvent>, never, CryptoServices> {
    const read = yield* readMessage(call, { name: params.message, requested: "open" })
    const { held, content } = read
    const file = content?.attachments.find(({ name }) => name === params.attachment)
    const known = held?.attachments.find(({ name }) => name === params.attachment)
    const facets: AttachmentFacets = {
      state: file === undefined || known === undefined ? "missing" : known.state,
      protection: held?.protection.kind ?? "none",
      decryptsForEncryptOnly: irmConfigurationOf(call.world).DecryptAttachmentForEncryptOnly,
      name: params.attachment,
    }
    const decision = andThen(read.decision, () =>
      decideByGates([attachmentExists, savedAs], facets),
    )
    const decided = { ...read, decision }
    const traces = tracesOf(call, decided, "save-attachment")
    const inPortal = portalTrace(call, decided, {
      operation: "AttachmentDownload",
      attachment: params.attachment,
    })
    const audit = [...read.audit, ...inPortal]
    if (decision.outcome !== "allow" || file === undefined || known === undefined) {
      return { decision, events: traces, audit }
    }
    const isDecrypted =
      known.state === "inherited" &&
      facets.protection === "encrypt-only" &&
      facets.decryptsForEncryptOnly
    const opened = isDecrypted
      ? yield* openAttachment(callAfter(call, read.events), { read, file, known })
      : { events: [] }
    const id = call.draw.guid(`saved ${params.attachment}`)
    const isProtected = known.contentId !== undefined && opened.bytes === undefined
    const blobs = yield* BlobStore
    yield* blobs.put(`saved/${id}`, opened.bytes ?? file.bytes)
    const saved = savedEvents(call, { id, known, isProtected, message: held?.message.id ?? "" })
    return {
      decision,
      events: [...traces, ...opened.events, ...saved],
      audit,
      output: [{ id, document: id, name: known.name, isProtected, blob: `saved/${id}` }],
      warnings: isProtected ? unreadable(call) : [],
    }
  }),
})

const savedEvents = (
  { world, actor, now }: Call<ExchangeWorld>,
  o: {
    readonly id: string
    readonly message: string
    readonly known: MessageAttachment
    readonly isProtected: boolean
  },
): readonly (ExchangeEvent | LowerEvent)[] => {
  const by = readerOf(world, actor)
  const { contentId } = o.known
  return [
    {
      _tag: "LocalDocumentSaved",
      document: {
        id: o.id,
        name: o.known.name,
        savedBy: by,
        savedAt: now,
        blobId: `saved/${o.id}`,
        plaintextDigest: o.known.digest,
        ...(o.isProtected && contentId !== undefined ? { contentId } : {}),
      },
    },
    {
      _tag: "AttachmentSaved",
      message: o.message,
      attachment: o.known.name,
      by,
      savedAs: `saved/${o.id}`,
      isProtected: o.isProtected,
      at: now,
    },
  ]
}

/** EXO-019: a reader without an account that Office can use is told so. */
const unreadable = ({ world, actor }: Call<ExchangeWorld>): readonly string[] =>
  identityClassesOf(world, actor.id).some((it) => /work|microsoft|guest/.test(it))
    ? []
    : ["You don't have rights to view the attachment outside the portal."]
