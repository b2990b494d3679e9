import { andThen, decideByGates, isoOf } from "@twin/kernel"
import { Effect, Schema } from "effect"
import {
  KeyPermission,
  keyOfVault,
  keyUri,
  parseKeyUri,
  type VaultKeyVersion,
} from "../customer-key/AzureKeyVault.ts"
import { purgeAllowed } from "../decisions/vaultGates.ts"
import {
  keyDeleted,
  keyFacets,
  keyKnown,
  keyMaterial,
  nameFree,
} from "../decisions/vaultKeyGates.ts"
import { KeyVault } from "../KeyVault.ts"
import { rsaModulusBits } from "../RsaKeyPair.ts"
import { type CryptoEvent, type CryptoWorld, dataEncryptionPolicies, vaultOf } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import {
  dates,
  holder,
  holderAccess,
  holderName,
  keyBinding,
  keyName,
  keyOutput,
  parseDate,
} from "./keyHolder.ts"
import { vaultLifeFacets } from "./vaults.ts"

const keyTypeOf = (asked: "RSA" | "EC" | "oct", isHsm: boolean): VaultKeyVersion["keyType"] => {
  if (asked === "oct") return "oct-HSM"
  return isHsm ? `${asked}-HSM` : asked
}

const aesOps: readonly KeyPermission[] = ["encrypt", "decrypt", "wrapKey", "unwrapKey"]
const allOps: readonly KeyPermission[] = [...aesOps, "sign", "verify"]

export const addAzKeyVaultKey = cryptoOperation({
  name: "Add-AzKeyVaultKey",
  summary: "Creates a key in a vault or Managed HSM, or a new version of a key that is there.",
  params: Schema.Struct({
    ...keyName,
    Destination: Schema.optionalKey(
      Schema.Literals(["Software", "HSM"]).annotate({
        description: "HSM for production; software keys for tests; a Managed HSM has HSM keys only",
      }),
    ),
    KeyType: Schema.optionalKey(Schema.Literals(["RSA", "EC", "oct"])),
    Size: Schema.optionalKey(Schema.Int),
    KeyOps: Schema.optionalKey(Schema.Array(KeyPermission)),
    Disable: Schema.optionalKey(Schema.Boolean),
    ...dates,
  }),
  facts: ["CRY-039", "CRY-040", "CRY-048", "CRY-058", "CRY-062", "CRY-065", "CRY-066", "CRY-105"],
  binding: { ...keyBinding, switches: ["Disable"] },
  decide: (call, params) =>
    Effect.gen(function* () {
      const { world, now, draw } = call
      const name = holderName(params)
      const vault = vaultOf(world, name)
      const keyType = params.KeyType ?? "RSA"
      const sizeBits = params.Size ?? (keyType === "oct" ? 256 : rsaModulusBits)
      const destination = params.HsmName === undefined ? (params.Destination ?? "Software") : "HSM"
      const load = destination === "HSM" && keyType === "RSA" ? "HsmKeyCreation" : "Other"
      const decision = andThen(holderAccess(call, params, "create", load), () =>
        decideByGates([nameFree, keyMaterial], {
          ...keyFacets(world, name, params.Name),
          destination,
          kind: vault?.kind ?? "KeyVault",
          sku: vault?.sku ?? "",
          sizeBits,
          keyType,
        }),
      )
      if (decision.outcome !== "allow" || vault === undefined) return { decision }
      const key = params.Name.toLowerCase()
      const expiresAt = parseDate(params.Expires)
      const notBefore = parseDate(params.NotBefore)
      const version: VaultKeyVersion = {
        version: draw.guid("key version").replaceAll("-", ""),
        keyType: keyTypeOf(keyType, destination === "HSM"),
        sizeBits,
        keyOps: params.KeyOps ?? (keyType === "oct" ? aesOps : allOps),
        isEnabled: params.Disable !== true,
        createdAt: now,
        changedAt: now,
        ...(expiresAt === undefined ? {} : { expiresAt }),
        ...(notBefore === undefined ? {} : { notBefore }),
        ...(params.Disable === true ? { disabledAt: now } : {}),
      }
      const keys = yield* KeyVault
      const keyId = keyUri(vault.name, key, version.version)
      if (keyType === "RSA") yield* keys.createKeyPair(keyId, sizeBits)
      if (keyType === "oct") yield* keys.createSymmetricKey(keyId)
      const events: readonly CryptoEvent[] = [
        { _tag: "VaultKeyAdded", vault: vault.name, key, version },
        { _tag: "VaultUsed", vault: vault.name, kind: load, count: 1, at: now },
      ]
      return { decision, events, output: [keyOutput(world, vault, key, version)] }
    }),
})

export const getAzKeyVaultKey = cryptoOperation({
  name: "Get-AzKeyVaultKey",
  summary: "Shows the newest version of a key, with its attributes and its recovery level.",
  params: Schema.Struct({
    ...holder,
    Name: Schema.optionalKey(text("Name of the key; all of them without it")),
    Version: Schema.optionalKey(text("One version of the key")),
    IncludeVersions: Schema.optionalKey(Schema.Boolean),
    InRemovedState: Schema.optionalKey(Schema.Boolean),
  }),
  facts: ["CRY-047", "CRY-054", "CRY-055", "CRY-057", "CRY-060"],
  binding: { ...keyBinding, switches: ["IncludeVersions", "InRemovedState"] },
  isReadOnly: true,
  decide: (call, params) => {
    const { world } = call
    const { IncludeVersions = false, InRemovedState = false, Version } = params
    const vault = vaultOf(world, holderName(params))
    const decision = holderAccess(call, params, params.Name === undefined ? "list" : "get")
    if (decision.outcome !== "allow" || vault === undefined) return { decision }
    const names = params.Name === undefined ? Object.keys(vault.keys) : [params.Name.toLowerCase()]
    const output = names.toSorted().flatMap((name) => {
      const key = keyOfVault(vault, name)
      if (key === undefined || (key.deletedAt !== undefined) !== InRemovedState) return []
      const versions = IncludeVersions ? key.versions : key.versions.slice(-1)
      const shown =
        Version === undefined ? versions : key.versions.filter((it) => it.version === Version)
      return shown.map((version) => ({
        ...keyOutput(world, vault, name, version),
        ...(key.deletedAt === undefined ? {} : { DeletedDate: isoOf(key.deletedAt) }),
      }))
    })
    return { decision, output }
  },
})

export const updateAzKeyVaultKey = cryptoOperation({
  name: "Update-AzKeyVaultKey",
  summary: "Switches a key version on or off, or moves its dates.",
  params: Schema.Struct({
    ...keyName,
    Version: Schema.optionalKey(text("The newest version without it")),
    Enable: Schema.optionalKey(Schema.Boolean),
    KeyOps: Schema.optionalKey(Schema.Array(KeyPermission)),
    ...dates,
  }),
  facts: ["CRY-048", "CRY-058", "CRY-059"],
  binding: keyBinding,
  decide: (call, params) => {
    const { world, now } = call
    const name = holderName(params)
    const vault = vaultOf(world, name)
    const versions = keyOfVault(vault, params.Name)?.versions ?? []
    const version =
      params.Version === undefined
        ? versions.at(-1)
        : versions.find((it) => it.version === params.Version)
    const decision = andThen(holderAccess(call, params, "update"), () => {
      const facets = keyFacets(world, name, params.Name)
      return decideByGates([keyKnown], { ...facets, isKnown: version !== undefined })
    })
    if (decision.outcome !== "allow" || vault === undefined || version === undefined) {
      return { decision }
    }
    const expiresAt = parseDate(params.Expires)
    const notBefore = parseDate(params.NotBefore)
    const event: CryptoEvent = {
      _tag: "VaultKeyChanged",
      vault: vault.name,
      key: params.Name.toLowerCase(),
      version: version.version,
      ...(params.Enable === undefined ? {} : { isEnabled: params.Enable }),
      ...(params.KeyOps === undefined ? {} : { keyOps: params.KeyOps }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(notBefore === undefined ? {} : { notBefore }),
      at: now,
    }
    return { decision, events: [event] }
  },
})

export const removeAzKeyVaultKey = cryptoOperation({
  name: "Remove-AzKeyVaultKey",
  summary:
    "Deletes a key with all its versions; with -InRemovedState, purges a deleted key for ever.",
  params: Schema.Struct({
    ...keyName,
    InRemovedState: Schema.optionalKey(Schema.Boolean),
    Force: Schema.optionalKey(Schema.Boolean),
  }),
  facts: ["CRY-044", "CRY-060", "CRY-061", "CRY-110"],
  binding: { ...keyBinding, switches: ["InRemovedState", "Force"] },
  decide: (call, params) =>
    Effect.gen(function* () {
      const { world, now } = call
      const { InRemovedState = false } = params
      const name = holderName(params)
      const vault = vaultOf(world, name)
      const decision = andThen(
        holderAccess(call, params, InRemovedState ? "purge" : "delete"),
        () =>
          InRemovedState
            ? andThen(decideByGates([keyDeleted], keyFacets(world, name, params.Name)), () =>
                decideByGates([purgeAllowed], vaultLifeFacets(call, name)),
              )
            : decideByGates([keyKnown], keyFacets(world, name, params.Name)),
      )
      if (decision.outcome !== "allow" || vault === undefined) return { decision }
      const where = { vault: vault.name, key: params.Name.toLowerCase() }
      if (!InRemovedState) {
        const event: CryptoEvent = { _tag: "VaultKeyDeleted", ...where, at: now }
        const warnings = policiesWithKey(world, where).map(
          (policy) =>
            `The key belongs to the data encryption policy '${policy}'. Mailboxes that are inactive, disconnected or disabled and backups of sites may still need it.`,
        )
        return { decision, events: [event], warnings }
      }
      const keys = yield* KeyVault
      for (const { version } of keyOfVault(vault, params.Name)?.versions ?? []) {
        yield* keys.destroyKey(keyUri(where.vault, where.key, version))
      }
      const event: CryptoEvent = { _tag: "VaultKeyPurged", ...where }
      return { decision, events: [event] }
    }),
})

/** Names of the policies that ever had a version of this key as a root (CRY-110). */
const policiesWithKey = (
  world: CryptoWorld,
  { vault, key }: { readonly vault: string; readonly key: string },
): readonly string[] =>
  dataEncryptionPolicies(world)
    .filter(({ rootKeys, formerRootKeys = [] }) =>
      [...rootKeys, ...formerRootKeys].some((uri) => {
        const parsed = parseKeyUri(uri)
        return parsed?.vault === vault && parsed.name === key
      }),
    )
    .map(({ name }) => name)

export const undoAzKeyVaultKeyRemoval = cryptoOperation({
  name: "Undo-AzKeyVaultKeyRemoval",
  summary: "Recovers a deleted key within its retention time.",
  params: Schema.Struct(keyName),
  facts: ["CRY-060", "CRY-113"],
  binding: keyBinding,
  decide: (call, params) => {
    const vault = holderName(params)
    const decision = andThen(holderAccess(call, params, "recover"), () =>
      decideByGates([keyDeleted], keyFacets(call.world, vault, params.Name)),
    )
    const event: CryptoEvent = { _tag: "VaultKeyRecovered", vault, key: params.Name.toLowerCase() }
    return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
  },
})
