import type { KeyObject } from "node:crypto"
import { Effect, Result } from "effect"
import type { Certificate } from "../certificates/Certificate.ts"
import { openMessage } from "./envelopedMessage.ts"
import { entityText, smimePart } from "./mimeMessage.ts"
import { SmimeUnusable } from "./SmimeUnusable.ts"
import { verifyMessage } from "./signedMessage.ts"

/** What came out of a message, as far as it went. */
export interface Layers {
  readonly text?: string
  /** From the outermost to the innermost. */
  readonly layers: readonly ("signed" | "encrypted")[]
  readonly signers: readonly Certificate[]
  readonly hash?: string
  readonly cipher?: string
  readonly isEncrypted: boolean
  readonly isSigned: boolean
  readonly openProblem?: SmimeUnusable["reason"]
  readonly signatureProblem?: SmimeUnusable["reason"]
}

const depthLimit = 4

/** Takes a message apart, layer by layer, until text is found or a layer does not open or verify. */
export const readLayers = Effect.fn("readLayers")(function* (
  entity: Uint8Array,
  reader: { readonly certificate: Certificate; readonly key: KeyObject } | undefined,
): Effect.fn.Return<Layers> {
  let current = entity
  const kinds: ("signed" | "encrypted")[] = []
  const signers: Certificate[] = []
  let found: Layers = { layers: kinds, signers, isEncrypted: false, isSigned: false }
  for (let depth = 0; depth <= depthLimit; depth++) {
    const part = smimePart(current)
    if (part === undefined) {
      const text = entityText(current)
      return text === undefined ? found : { ...found, text }
    }
    if (part.form === "enveloped") {
      kinds.push("encrypted")
      found = Object.assign(found, { isEncrypted: true })
      if (reader === undefined) return { ...found, openProblem: "not-a-recipient" }
      const opened = yield* Effect.result(openMessage(part.cms, reader))
      if (Result.isFailure(opened)) return { ...found, openProblem: opened.failure.reason }
      current = opened.success.content
      found = Object.assign(found, { cipher: opened.success.cipher })
      continue
    }
    kinds.push("signed")
    found = Object.assign(found, { isSigned: true })
    const verified = yield* Effect.result(verifyMessage(part.cms, part.clear))
    if (Result.isFailure(verified)) {
      return { ...found, signatureProblem: verified.failure.reason }
    }
    const { content, signer, hash } = verified.success
    current = content
    signers.push(signer)
    found = Object.assign(found, { hash })
  }
  return { ...found, openProblem: "damaged" }
})
