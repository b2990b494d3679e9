import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto"
import type { RsaKeyPair } from "./RsaKeyPair.ts"

declare const origin: unique symbol

/** A value that says where its chance came from; nothing of it exists at run time. */
export type From<Origin extends "simulation" | "system", A> = A & { readonly [origin]: Origin }

/**
 * Where real keys come from: the system's generator and nothing else. It takes no seed and asks for
 * no service, so that nobody can hand it simulated chance. The simulation in turn draws from the
 * `SecureRandom` that it seeds for each call, and its vault takes no bytes from outside.
 */
export const systemKeySource = {
  bytes: (size: number): From<"system", Uint8Array> =>
    new Uint8Array(randomBytes(size)) as From<"system", Uint8Array>,
  keyPair: (modulusBits: 2048 | 3072 | 4096 = 2048): From<"system", RsaKeyPair> => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: modulusBits,
      privateKeyEncoding: { type: "pkcs8", format: "der" },
      publicKeyEncoding: { type: "spki", format: "der" },
    })
    const key = createPrivateKey({ key: privateKey, format: "der", type: "pkcs8" })
    return { privateKey: key, publicKey: createPublicKey(key) } as From<"system", RsaKeyPair>
  },
} as const
