import { constants, type KeyObject, privateDecrypt, publicEncrypt } from "node:crypto"
import { andThen, decideByGates, deny, gate, pass } from "@twin/kernel"
import { Effect, Result, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import { keyOfVault, keyUri } from "../customer-key/AzureKeyVault.ts"
import { algorithmsOf, KeyAlgorithm } from "../customer-key/KeyAlgorithm.ts"
import { keyAnswer } from "../customer-key/keyAnswer.ts"
import { keyFacets, keyKnown } from "../decisions/vaultKeyGates.ts"
import { DoesNotOpen } from "../Errors.ts"
import { KeyVault } from "../KeyVault.ts"
import {
  decryptCbc,
  encryptCbc,
  gcmIvBytes,
  type Opened,
  openGcm,
  rsaUnwrap,
  rsaWrap,
  sealGcm,
  unwrapKey,
  wrapKey,
} from "../Primitives.ts"
import { vaultOf } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { holderAccess, holderName, keyBinding, keyName } from "./keyHolder.ts"

const permissionOfOperation = {
  Encrypt: "encrypt",
  Decrypt: "decrypt",
  Wrap: "wrapKey",
  Unwrap: "unwrapKey",
} as const

interface AlgorithmFacets {
  readonly keyType: string
  readonly operation: string
  readonly algorithm: string
  readonly possible: string
  readonly isPossible: boolean
}

const algorithmGate = gate<AlgorithmFacets>()({
  name: "key-algorithm",
  facts: ["CRY-040", "CRY-056"],
  reads: ["keyType", "operation", "algorithm", "possible", "isPossible"],
  check: ({ keyType, operation, algorithm, possible, isPossible }) =>
    isPossible
      ? pass("A key of this type knows the algorithm.", { keyType, algorithm })
      : deny(
          "A key of this type does not know the algorithm.",
          { keyType, operation, possible },
          {
            code: "BadParameter",
            message: `Key and algorithm are incompatible: ${algorithm} with a key of type ${keyType}.`,
          },
        ),
})

interface AnswerFacets {
  readonly isAnswering: boolean
  readonly code: string
  readonly message: string
}

const attributes = gate<AnswerFacets>()({
  name: "key-attributes",
  facts: ["CRY-058", "CRY-059"],
  reads: ["isAnswering", "code", "message"],
  check: ({ isAnswering, code, message }) =>
    isAnswering
      ? pass("The attributes of the key allow it.")
      : deny("An attribute of the key forbids it.", { code }, { code, message }),
})

interface ValueFacets {
  readonly isValueGood: boolean
}

const valueGate = gate<ValueFacets>()({
  name: "key-operation-value",
  facts: ["CRY-056"],
  reads: ["isValueGood"],
  check: ({ isValueGood }) =>
    isValueGood
      ? pass("The value fits.")
      : deny(
          "The value does not fit key and algorithm.",
          {},
          {
            code: "BadParameter",
            message: "Invalid or damaged value, or one of the wrong length.",
          },
        ),
})

interface Use {
  readonly isOpening: boolean
  readonly algorithm: KeyAlgorithm
  readonly value: Uint8Array
  /** For padding, seeds and nonces. */
  readonly random: Uint8Array
}

const tooLong: Opened = Result.fail(new DoesNotOpen({ algorithm: "RSA", reason: "input-length" }))

/** Whatever the platform throws at a value that does not fit is one refusal. */
const tried = (make: () => Uint8Array): Opened => {
  try {
    return Result.succeed(make())
  } catch {
    return tooLong
  }
}

/** EME-PKCS1-v1_5 with padding that is given: OpenSSL would draw it from the system. */
const wrapPkcs1 = (publicKey: KeyObject, value: Uint8Array, random: Uint8Array): Uint8Array => {
  const size = (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8
  const room = size - value.length - 3
  if (room < 8) throw new Error("the value is too long for this key")
  const padding = Uint8Array.from({ length: room }, (_, index) => 1 + ((random[index] ?? 0) % 255))
  const block = Buffer.concat([Uint8Array.of(0, 2), padding, Uint8Array.of(0), value])
  return publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, block)
}

const useRsa = (
  { publicKey, privateKey }: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
  { isOpening, algorithm, value, random }: Use,
): Opened => {
  if (algorithm === "RSA1_5") {
    const padding = constants.RSA_PKCS1_PADDING
    return tried(() =>
      isOpening
        ? privateDecrypt({ key: privateKey, padding }, value)
        : wrapPkcs1(publicKey, value, random),
    )
  }
  const hash = algorithm === "RSA-OAEP" ? "sha1" : "sha256"
  if (isOpening) return rsaUnwrap(privateKey, value, undefined, hash)
  const seed = random.subarray(0, hash === "sha1" ? 20 : 32)
  return tried(() => rsaWrap({ publicKey, key: value, seed, hash }))
}

const nothing = new Uint8Array(0)

const useAes = (key: Uint8Array, { isOpening, algorithm, value, random }: Use): Opened => {
  if (algorithm.endsWith("KW")) return isOpening ? unwrapKey(key, value) : wrapKey(key, value)
  if (algorithm.endsWith("GCM")) {
    const iv = isOpening ? value.subarray(0, gcmIvBytes) : random.subarray(0, gcmIvBytes)
    return isOpening
      ? openGcm({ key, iv, sealed: value.subarray(gcmIvBytes), aad: nothing })
      : tried(() => sealGcm({ key, iv, plaintext: value, aad: nothing, head: iv }))
  }
  const iv = random.subarray(0, 16)
  return isOpening
    ? decryptCbc(key, value.subarray(0, 16), value.subarray(16))
    : tried(() => Buffer.concat([iv, encryptCbc(key, iv, value)]))
}

export const invokeKeyOperation = cryptoOperation({
  name: "Invoke-AzKeyVaultKeyOperation",
  summary: "Lets a key of a vault or Managed HSM encrypt, decrypt, wrap or unwrap a value.",
  params: Schema.Struct({
    ...keyName,
    Version: Schema.optionalKey(text("The newest version without it")),
    Operation: Schema.Literals(["Encrypt", "Decrypt", "Wrap", "Unwrap"]),
    Algorithm: KeyAlgorithm,
    Value: Schema.Uint8ArrayFromBase64.annotate({ description: "Base64" }),
  }),
  facts: ["CRY-056", "CRY-058", "CRY-059", "CRY-065"],
  binding: keyBinding,
  secrets: ["Value"],
  decide: (call, params) =>
    Effect.gen(function* () {
      const { world, actor, now } = call
      const { Operation: operation, Algorithm: algorithm } = params
      const name = holderName(params)
      const vault = vaultOf(world, name)
      const versions = keyOfVault(vault, params.Name)?.versions ?? []
      const version =
        params.Version === undefined
          ? versions.at(-1)
          : versions.find((it) => it.version === params.Version)
      const possible = version === undefined ? [] : algorithmsOf(version.keyType, operation)
      const uri = keyUri(name, params.Name, version?.version)
      const permission = permissionOfOperation[operation]
      const answer = keyAnswer(world, {
        uri,
        principal: actor.id,
        operation: permission,
        now,
        ipAddress: actor.client.ipAddress,
      })
      const known = { ...keyFacets(world, name, params.Name), isKnown: version !== undefined }
      const decision = andThen(holderAccess(call, params, permission, "HsmOperation"), () =>
        decideByGates([keyKnown, algorithmGate, attributes], {
          ...known,
          keyType: version?.keyType ?? "",
          operation,
          algorithm,
          possible: possible.join(", "),
          isPossible:
            possible.includes(algorithm) &&
            (version?.keyType !== "oct-HSM" || algorithm.startsWith(`A${version.sizeBits}`)),
          isAnswering: answer.result === "Success",
          code: answer.refusal?.code ?? "",
          message: answer.refusal?.message ?? "",
        }),
      )
      if (decision.outcome !== "allow" || version === undefined) return { decision }
      const keys = yield* KeyVault
      const random = yield* (yield* SecureRandom.SecureRandom).randomBytes(512)
      const isOpening = operation === "Decrypt" || operation === "Unwrap"
      const use: Use = { isOpening, algorithm, value: params.Value, random }
      const result = yield* Effect.orDie(
        version.keyType === "oct-HSM"
          ? Effect.map(keys.symmetricKey(uri), (key) =>
              useAes(key.subarray(0, version.sizeBits / 8), use),
            )
          : Effect.map(
              Effect.all({ publicKey: keys.publicKey(uri), privateKey: keys.privateKey(uri) }),
              (pair) => useRsa(pair, use),
            ),
      )
      const fits = andThen(decision, () =>
        decideByGates([valueGate], { isValueGood: Result.isSuccess(result) }),
      )
      if (Result.isFailure(result)) return { decision: fits }
      const value = Buffer.from(result.success).toString("base64")
      return { decision: fits, output: [{ KeyId: uri, Algorithm: algorithm, Result: value }] }
    }),
})
