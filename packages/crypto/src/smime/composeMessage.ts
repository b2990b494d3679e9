import type { KeyObject } from "node:crypto"
import { Effect } from "effect"
import type { SecureRandom } from "effect/crypto"
import type { Certificate } from "../certificates/Certificate.ts"
import { envelopMessage } from "./envelopedMessage.ts"
import { smimeEntity, textEntity } from "./mimeMessage.ts"
import type { SmimeCipher, SmimeHash } from "./SmimeAlgorithm.ts"
import type { SmimeConfig } from "./SmimeConfig.ts"
import type { SmimeUnusable } from "./SmimeUnusable.ts"
import { signMessage } from "./signedMessage.ts"

export interface Composition {
  readonly text: string
  readonly config: SmimeConfig
  /** Epoch milliseconds. */
  readonly now: number
  /** Undefined: not to be signed. */
  readonly signer?:
    | { readonly certificate: Certificate; readonly key: KeyObject; readonly root: Uint8Array }
    | undefined
  readonly hash: SmimeHash["name"]
  /** Undefined: not to be encrypted. */
  readonly recipients?: readonly Certificate[] | undefined
  readonly cipher: SmimeCipher["name"]
}

/**
 * Builds a message as the client does: signed in clear or opaque, then encrypted, and signed once more
 * where the organization wants three layers (CRY-207).
 */
export const composeMessage = Effect.fn("composeMessage")(function* (
  o: Composition,
): Effect.fn.Return<Uint8Array, SmimeUnusable, SecureRandom.SecureRandom> {
  const plain = textEntity(o.text)
  const isInside = o.recipients !== undefined
  // Inside an envelope clear signing would show nothing to anybody.
  const signed = yield* signedEntity(o, plain, o.config.OWAClearSign && !isInside)
  if (o.recipients === undefined) return signed
  const enveloped = smimeEntity(
    "enveloped",
    yield* envelopMessage({
      content: signed,
      recipients: o.recipients,
      cipher: o.cipher,
      usesKeyIdentifier: o.config.OWAUseKeyIdentifier,
    }),
    undefined,
  )
  return o.config.OWATripleWrapSignedEncryptedMail
    ? yield* signedEntity(o, enveloped, o.config.OWAClearSign)
    : enveloped
})

const signedEntity = Effect.fnUntraced(function* (
  o: Composition,
  content: Uint8Array,
  isClear: boolean,
) {
  const { signer, hash, config } = o
  if (signer === undefined) return content
  const { OWAIncludeCertificateChainAndRootCertificate: withRoot } = config
  const cms = yield* signMessage({
    content,
    certificate: signer.certificate,
    key: signer.key,
    hash,
    isDetached: isClear,
    at: o.now,
    along: withRoot ? [signer.root] : [],
  })
  return smimeEntity(isClear ? "clear-signed" : "opaque-signed", cms, {
    content,
    hash: hash.toLowerCase(),
  })
})
