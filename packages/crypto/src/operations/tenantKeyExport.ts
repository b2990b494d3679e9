import { createPublicKey, type KeyObject } from "node:crypto"
import { days, decideByGates, deny, gate, pass } from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import { BlobStore } from "../BlobStore.ts"
import { KeyVault } from "../KeyVault.ts"
import { gcmIvBytes, oaepSeedBytes, rsaWrap, sealGcm } from "../Primitives.ts"
import { tenantKeysOf } from "../rights/TenantKey.ts"
import type { CryptoEvent } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

const roles = ["Global Administrator", "Azure Information Protection Administrator"] as const

/** Support checks who asks before a tenant key leaves the service: up to three weeks (CRY-138). */
export const exportVerificationDays = 21

interface ExportFacets {
  readonly isKnown: boolean
  readonly keyType: string
  readonly isRequested: boolean
  readonly daysLeft: number
  readonly isPublicKey: boolean
}

const exportable = gate<ExportFacets>()({
  name: "exportable-key",
  facts: ["CRY-138", "CRY-139"],
  reads: ["isKnown", "keyType"],
  check: ({ isKnown, keyType }) => {
    if (!isKnown) return deny("The tenant has no such key.")
    return keyType === "Microsoft-managed"
      ? pass("A key that Microsoft made can be exported through support.", { keyType })
      : deny(
          "A key that the customer brought cannot be exported from the service.",
          { keyType },
          {
            code: "ExportNotSupported",
            message: "Exporting a customer-managed tenant key is not supported.",
          },
        )
  },
})

const requested = gate<ExportFacets>()({
  name: "export-verification",
  facts: ["CRY-138"],
  reads: ["isRequested", "daysLeft"],
  check: ({ isRequested, daysLeft }) => {
    if (!isRequested) return deny("Nobody has asked support for this key.")
    return daysLeft <= 0
      ? pass("Support has found out who asks.")
      : deny("Support is still finding out who asks.", { daysLeft })
  },
})

const recipientKey = gate<ExportFacets>()({
  name: "recipient-key",
  facts: ["CRY-138"],
  reads: ["isPublicKey"],
  check: ({ isPublicKey }) =>
    isPublicKey
      ? pass("The export is encrypted to the key of whoever asked.")
      : deny("The export needs an RSA public key of at least 2048 bits to be encrypted to."),
})

export const requestTenantKeyExport = cryptoOperation({
  name: "request-tenant-key-export",
  summary: "Asks support for a copy of a tenant key, as a trusted publishing domain.",
  params: Schema.Struct({ KeyIdentifier: text("GUID of the tenant key") }),
  roles,
  facts: ["CRY-138", "CRY-139"],
  decide: ({ world, now: at }, { KeyIdentifier: identifier }) => {
    const key = tenantKeysOf(world).find((it) => it.identifier === identifier)
    const facets = { isKnown: key !== undefined, keyType: key?.keyType ?? "" }
    const decision = decideByGates([exportable], facets)
    const asked: CryptoEvent = { _tag: "TenantKeyExportRequested", identifier, at }
    return decision.outcome === "allow"
      ? {
          decision,
          events: [asked],
          output: [{ id: identifier, VerificationDays: exportVerificationDays }],
        }
      : { decision }
  },
})

const readPublicKey = (pem: string): Option.Option<KeyObject> => {
  try {
    const key = createPublicKey(pem)
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    return key.asymmetricKeyType === "rsa" && bits >= 2048 ? Option.some(key) : Option.none()
  } catch {
    return Option.none()
  }
}

/** Where the file lies that support hands over. */
export const exportBlob = (identifier: string): string => `tenant-key-exports/${identifier}`

export const collectTenantKeyExport = cryptoOperation({
  name: "collect-tenant-key-export",
  summary: "Takes the copy of a tenant key from support, encrypted to a key of one's own.",
  params: Schema.Struct({
    KeyIdentifier: text("GUID of the tenant key"),
    PublicKey: text("RSA public key in PEM that the copy is encrypted to"),
  }),
  roles,
  facts: ["CRY-138", "CRY-139"],
  decide: ({ world, now }, { KeyIdentifier: identifier, PublicKey }) =>
    Effect.gen(function* () {
      const key = tenantKeysOf(world).find((it) => it.identifier === identifier)
      const { exports: asked } = world.crypto.tenantKeys
      const at = asked.find((it) => it.identifier === identifier)?.at
      const publicKey = readPublicKey(PublicKey)
      const left = at === undefined ? 0 : at + days(exportVerificationDays) - now
      const decision = decideByGates([exportable, requested, recipientKey], {
        isKnown: key !== undefined,
        keyType: key?.keyType ?? "",
        isRequested: at !== undefined,
        daysLeft: Math.ceil(left / days(1)),
        isPublicKey: Option.isSome(publicKey),
      })
      if (decision.outcome !== "allow" || key === undefined || Option.isNone(publicKey)) {
        return { decision }
      }
      const vault = yield* KeyVault
      const blobs = yield* BlobStore
      const random = yield* SecureRandom.SecureRandom
      yield* vault.createKeyPair(key.keyId)
      const privateKey = yield* Effect.orDie(vault.privateKey(key.keyId))
      const fileKey = yield* random.randomBytes(32)
      const iv = yield* random.randomBytes(gcmIvBytes)
      const seed = yield* random.randomBytes(oaepSeedBytes)
      const wrapped = rsaWrap({ publicKey: publicKey.value, key: fileKey, seed })
      const plaintext = privateKey.export({ type: "pkcs8", format: "der" })
      const aad = Buffer.from(identifier)
      const file = sealGcm({ key: fileKey, iv, plaintext, aad, head: Buffer.concat([wrapped, iv]) })
      yield* blobs.put(exportBlob(identifier), file)
      return { decision, output: [{ id: identifier, bytes: file.length }] }
    }),
})
