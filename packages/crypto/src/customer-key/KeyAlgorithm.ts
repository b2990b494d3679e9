import { Schema } from "effect"
import type { VaultKeyType } from "./AzureKeyVault.ts"

/** What can be asked of a key (CRY-056). */
export const KeyOperation = Schema.Literals([
  "Encrypt",
  "Decrypt",
  "Wrap",
  "Unwrap",
  "Sign",
  "Verify",
])
export type KeyOperation = typeof KeyOperation.Type

const rsaEncryption = ["RSA1_5", "RSA-OAEP", "RSA-OAEP-256"] as const
const aesWrapping = ["A128KW", "A192KW", "A256KW"] as const
const aesEncryption = [
  "A128GCM",
  "A192GCM",
  "A256GCM",
  "A128CBC",
  "A192CBC",
  "A256CBC",
  "A128CBCPAD",
  "A192CBCPAD",
  "A256CBCPAD",
] as const
const rsaSignature = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const
const ecSignature = ["ES256", "ES256K", "ES384", "ES512"] as const

export const KeyAlgorithm = Schema.Literals([
  ...rsaEncryption,
  ...aesWrapping,
  ...aesEncryption,
  ...rsaSignature,
  ...ecSignature,
])
export type KeyAlgorithm = typeof KeyAlgorithm.Type

/** EC keys wrap and encrypt nothing (CRY-040); AES keys live in a Managed HSM only (CRY-056). */
const wrapping: Readonly<Record<"RSA" | "EC" | "oct", readonly KeyAlgorithm[]>> = {
  RSA: rsaEncryption,
  EC: [],
  oct: aesWrapping,
}
const encryption: typeof wrapping = { RSA: rsaEncryption, EC: [], oct: aesEncryption }
const signature: typeof wrapping = { RSA: rsaSignature, EC: ecSignature, oct: [] }

const familyOf = (keyType: VaultKeyType): "RSA" | "EC" | "oct" =>
  keyType === "RSA" || keyType === "RSA-HSM" ? "RSA" : keyType === "oct-HSM" ? "oct" : "EC"

/** The algorithms with which a key of this type does this. */
export const algorithmsOf = (
  keyType: VaultKeyType,
  operation: KeyOperation,
): readonly KeyAlgorithm[] => {
  const family = familyOf(keyType)
  switch (operation) {
    case "Wrap":
    case "Unwrap":
      return wrapping[family]
    case "Encrypt":
    case "Decrypt":
      return encryption[family]
    case "Sign":
    case "Verify":
      return signature[family]
  }
}
