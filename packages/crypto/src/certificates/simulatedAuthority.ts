import { Effect } from "effect"
import type { SecureRandom } from "effect/crypto"
import { KeyVault } from "../KeyVault.ts"
import { issueCertificate, type SignatureHash } from "./issueCertificate.ts"

/** An authority of the simulation: `public` is trusted by everybody, `unknown` by nobody. */
export type AuthorityKind = "public" | "unknown"

export interface IssuedChain {
  /** PEM, end entity first, without the root. */
  readonly chain: readonly string[]
  /** PEM. */
  readonly root: string
}

interface Wish {
  readonly authority: AuthorityKind
  readonly keyId: string
  readonly commonName: string
  readonly hosts?: readonly string[]
  readonly addresses?: readonly string[]
  /** Epoch milliseconds. */
  readonly notBefore: number
  readonly notAfter: number
  readonly hash?: SignatureHash
}

/**
 * Issues a real certificate for a key of the vault (made where it is missing), below a real root. The
 * root is valid for ten years around the certificate.
 */
export const issueBelow = Effect.fn("issueBelow")(function* (
  wish: Wish,
): Effect.fn.Return<IssuedChain, never, KeyVault | SecureRandom.SecureRandom> {
  const vault = yield* KeyVault
  const rootKeyId = `authority/${wish.authority}`
  yield* vault.createKeyPair(rootKeyId)
  yield* vault.createKeyPair(wish.keyId)
  // The pairs were just made, so the vault has them.
  const rootKey = yield* Effect.orDie(vault.privateKey(rootKeyId))
  const subject = yield* Effect.orDie(vault.publicKey(wish.keyId))
  const root = yield* issueCertificate({
    commonName: wish.authority === "public" ? "Simulated Public Root" : "Unknown Root",
    subject: yield* Effect.orDie(vault.publicKey(rootKeyId)),
    selfKey: rootKey,
    isAuthority: true,
    notBefore: wish.notBefore - tenYears,
    notAfter: wish.notAfter + tenYears,
  })
  const { commonName, hosts = [], addresses = [], notBefore, notAfter, hash = "sha256" } = wish
  const leaf = yield* issueCertificate({
    commonName,
    hosts,
    addresses,
    subject,
    issuer: { certificate: root, key: rootKey },
    notBefore,
    notAfter,
    hash,
  })
  return { chain: [pemOf(leaf)], root: pemOf(root) }
})

const tenYears = 3650 * 86_400_000

export const pemOf = (der: Uint8Array): string => {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? []
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n")
}
