import type { CryptoServices } from "@twin/crypto"
import type { Call } from "@twin/kernel"
import { openForService } from "@twin/mip"
import { Effect } from "effect"
import type { CopyProtection, MessageAttachment } from "../MailMessage.ts"
import { type AttachmentContent, decodeContent, type MessageContent } from "../MessageContent.ts"
import { type ExchangeWorld, irmConfigurationOf } from "../State.ts"

/** A message on its way through transport, as the sender's client left it. */
export interface InTransit {
  readonly bytes: Uint8Array
  readonly protection: CopyProtection
  readonly attachments: readonly MessageAttachment[]
}

/** What transport can see of it. */
export interface Inspected {
  /** Undefined where transport cannot or may not open the message (EXO-024, EXO-090). */
  readonly content: MessageContent | undefined
  /** The same with attachments as they travel inside, for putting it back as it was (EXO-092). */
  readonly asSent: MessageContent | undefined
}

/**
 * Transport decryption: opens what the organization's own service protected, for inspection. Files
 * that inherited the protection are opened with it; files with protection of their own stay shut.
 */
export const inspect = Effect.fn("inspect")(function* (
  call: Call<ExchangeWorld>,
  transit: InTransit,
): Effect.fn.Return<Inspected, never, CryptoServices> {
  const { kind, contentId } = transit.protection
  const nothing = { content: undefined, asSent: undefined }
  if (kind === "none") {
    const content = decodeContent(transit.bytes)
    return { content, asSent: content }
  }
  const { TransportDecryptionSetting } = irmConfigurationOf(call.world)
  if (kind === "foreign" || contentId === undefined) return nothing
  if (TransportDecryptionSetting === "Disabled") return nothing
  const opened = yield* openForService(call, {
    bytes: transit.bytes,
    contentId,
    service: "Exchange",
  })
  const asSent = opened.plaintext === undefined ? undefined : decodeContent(opened.plaintext)
  if (asSent === undefined) return nothing
  const attachments: AttachmentContent[] = []
  for (const file of asSent.attachments) {
    attachments.push(yield* openedFile(call, transit, file, "inherited"))
  }
  return { content: { ...asSent, attachments }, asSent }
})

/** A file without its protection, where it has one of that kind and the service can open it. */
export const openedFile = Effect.fnUntraced(function* (
  call: Call<ExchangeWorld>,
  { attachments }: Pick<InTransit, "attachments">,
  file: AttachmentContent,
  state: MessageAttachment["state"],
): Effect.fn.Return<AttachmentContent, never, CryptoServices> {
  const known = attachments.find(({ name }) => name === file.name)
  if (known?.state !== state || known.contentId === undefined) return file
  const { plaintext } = yield* openForService(call, {
    bytes: file.bytes,
    contentId: known.contentId,
    service: "Exchange",
  })
  return plaintext === undefined ? file : { name: file.name, bytes: plaintext }
})
