import { andThen, type Call, operation } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { ContentAction } from "../ContentAction.ts"
import { consumerPattern } from "../consumerSupport.ts"
import { openContent } from "../content/openContent.ts"
import { canonicalAddress } from "../identityClass.ts"
import type { LocalDocument } from "../LocalDocument.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import { attemptMails } from "../sharing-application/attemptMails.ts"
import { bytesOf, digestOf, evaluateFileKnown, type FileEffect, file, fileOf } from "./file.ts"

/**
 * Opening writes no unified audit record: requests for licences live in the tracking log (MIP-280).
 * The output proves by a digest that the bytes really opened.
 */
export const openDocument = operation({
  name: "open-document",
  summary: "Opens a file on a device, wherever it came from, and does something with it.",
  params: Schema.Struct({
    file,
    action: Schema.optionalKey(
      ContentAction.annotate({ description: "What to do with it: open unless given" }),
    ),
    freshDevice: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "On a device without any licence" }),
    ),
    software: Schema.optionalKey(
      Schema.Literals(["office-2016"]).annotate({ description: "Office of an older edition" }),
    ),
    consumer: Schema.optionalKey(
      Schema.String.check(Schema.isPattern(consumerPattern)).annotate({
        description: "Product and version, e.g. MIP SDK 1.12 or Exchange Server 2023-07",
      }),
    ),
  }),
  facts: ["MIP-027", "MIP-284", "MIP-280"],
  decide: (call: Call<MipWorld>, params): FileEffect => open(call, params),
})

/** Whoever opens it again has closed it before: the session of its protection is over (MIP-228). */
export const sessionEnded = (
  { world, actor, now }: Call<MipWorld>,
  { sessionOf, ...document }: LocalDocument,
): readonly MipEvent[] =>
  sessionOf === canonicalAddress(world, actor.id)
    ? [{ _tag: "LocalDocumentChanged", document, at: now }]
    : []

const open = Effect.fnUntraced(function* (
  call: Call<MipWorld>,
  params: {
    readonly file: string
    readonly action?: ContentAction
    readonly freshDevice?: boolean
    readonly software?: "office-2016"
    readonly consumer?: string
  },
) {
  const document = fileOf(call, params.file)
  const known = evaluateFileKnown(document)
  const bytes = document === undefined ? undefined : yield* bytesOf(document)
  if (document === undefined || bytes === undefined) {
    return { decision: document === undefined ? known : evaluateFileKnown(undefined) }
  }
  const row = { id: document.id, file: document.name }
  if (document.contentId === undefined) {
    return {
      decision: known,
      output: [{ ...row, isProtected: false, sha256: digestOf(bytes), ...textIn(bytes) }],
    }
  }
  const opened = yield* openContent(call, {
    bytes,
    contentId: document.contentId,
    ...(params.action === undefined ? {} : { requested: params.action }),
    ...(params.freshDevice === undefined ? {} : { isFreshDevice: params.freshDevice }),
    ...(params.software === undefined ? {} : { software: params.software }),
    ...(params.consumer === undefined ? {} : { consumer: params.consumer }),
  })
  const decision = andThen(known, () => opened.decision)
  return {
    decision,
    events: [...opened.events, ...sessionEnded(call, document)],
    mail: attemptMails(call.world, opened.events),
    ...(opened.plaintext === undefined
      ? {}
      : {
          output: [
            {
              ...row,
              isProtected: true,
              content: document.contentId,
              rights: decision.rights ?? [],
              sha256: digestOf(opened.plaintext),
              ...textIn(opened.plaintext),
            },
          ],
        }),
  }
})

/** What a reader sees of a text; nothing for other bytes. */
const textIn = (bytes: Uint8Array): { readonly text?: string } => {
  const text = Buffer.from(bytes).toString("utf8")
  return Buffer.from(text).equals(Buffer.from(bytes)) ? { text } : {}
}
