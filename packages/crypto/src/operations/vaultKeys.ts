import { andThen, decideByGates, isoOf, type OutputObject } from "@twin/kernel"
import { DateTime, Effect, Option, Schema } from "effect"
import {
  KeyPermission,
  keyOfVault,
  keyUri,
  type Vault,
  type VaultKeyVersion,
} from "../customer-key/AzureKeyVault.ts"
import { evaluateVaultAccess } from "../decisions/evaluateVaultAccess.ts"
import {
  keyDeleted,
  keyFacets,
  keyKnown,
  keyMaterial,
  nameFree,
  purgeProtection,
} from "../decisions/vaultKeyGates.ts"
import { KeyVault } from "../KeyVault.ts"
import { rsaModulusBits } from "../RsaKeyPair.ts"
import { type CryptoEvent, vaultOf } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

const keyName = {
  VaultName: text("Name of the vault"),
  Name: text("Name of the key"),
}
const expiry = text("Customer Key accepts none but 12/31/9999; can be moved, never removed").check(
  Schema.isPattern(
    /^(?:\d{1,2}\/\d{1,2}\/\d{4}|\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z?)?)$/,
  ),
)
const keyBinding = { positional: ["VaultName", "Name"], aliases: { KeyName: "Name" } } as const

/** `12/31/9999`, as the pages write it, or an ISO day or instant; UTC. */
const parseDate = (given: string): number | undefined => {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(given.trim())
  const [, month = "", day = "", year = ""] = american ?? []
  const iso =
    american === null ? given : `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`
  return Option.getOrUndefined(Option.map(DateTime.make(iso), (it) => it.epochMilliseconds))
}

const keyOutput = (vault: Vault, name: string, version: VaultKeyVersion): OutputObject => ({
  VaultName: vault.name,
  Name: name,
  Version: version.version,
  Id: keyUri(vault.name, name, version.version),
  KeyType: version.keyType,
  KeySize: version.sizeBits,
  KeyOps: [...version.keyOps],
  Enabled: version.isEnabled,
  Expires: version.expiresAt === undefined ? null : isoOf(version.expiresAt),
  Created: isoOf(version.createdAt),
  RecoveryLevel: vault.isPurgeProtected ? "Recoverable" : "Recoverable+Purgeable",
})

export const addAzKeyVaultKey = cryptoOperation({
  name: "Add-AzKeyVaultKey",
  summary: "Creates a key in a vault, or a new version of a key that is there.",
  params: Schema.Struct({
    ...keyName,
    Destination: Schema.Literals(["Software", "HSM"]).annotate({
      description: "HSM for production; software keys for tests",
    }),
    KeyType: Schema.optionalKey(Schema.Literals(["RSA", "EC"])),
    Size: Schema.optionalKey(Schema.Literals([2048, 3072, 4096])),
    KeyOps: Schema.optionalKey(Schema.Array(KeyPermission)),
    Expires: Schema.optionalKey(expiry),
  }),
  facts: ["CRY-039", "CRY-040", "CRY-048", "CRY-062", "CRY-105"],
  binding: keyBinding,
  decide: ({ world, actor, now, draw }, params) =>
    Effect.gen(function* () {
      const vault = vaultOf(world, params.VaultName)
      const keyType = params.KeyType ?? "RSA"
      const sizeBits = params.Size ?? rsaModulusBits
      const decision = andThen(
        evaluateVaultAccess(world, { vault: params.VaultName, actor, permission: "create" }),
        () =>
          decideByGates([nameFree, keyMaterial], {
            ...keyFacets(world, params.VaultName, params.Name),
            destination: params.Destination,
            sku: vault?.sku ?? "",
            sizeBits,
            keyType,
          }),
      )
      if (decision.outcome !== "allow" || vault === undefined) return { decision }
      const key = params.Name.toLowerCase()
      const expiresAt = params.Expires === undefined ? undefined : parseDate(params.Expires)
      const version: VaultKeyVersion = {
        version: draw.guid("key version").replaceAll("-", ""),
        keyType: keyType === "RSA" && params.Destination === "HSM" ? "RSA-HSM" : keyType,
        sizeBits,
        keyOps: params.KeyOps ?? ["encrypt", "decrypt", "wrapKey", "unwrapKey", "sign", "verify"],
        isEnabled: true,
        createdAt: now,
        changedAt: now,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      }
      if (keyType === "RSA") {
        const keys = yield* KeyVault
        yield* keys.createKeyPair(keyUri(vault.name, key, version.version))
      }
      const events: readonly CryptoEvent[] = [
        { _tag: "VaultKeyAdded", vault: vault.name, key, version },
      ]
      return { decision, events, output: [keyOutput(vault, key, version)] }
    }),
})

export const getAzKeyVaultKey = cryptoOperation({
  name: "Get-AzKeyVaultKey",
  summary: "Shows the newest version of a key, with its attributes and its recovery level.",
  params: Schema.Struct({
    VaultName: text("Name of the vault"),
    Name: Schema.optionalKey(text("Name of the key; all of them without it")),
    IncludeVersions: Schema.optionalKey(Schema.Boolean),
  }),
  facts: ["CRY-047", "CRY-055", "CRY-057"],
  binding: { ...keyBinding, switches: ["IncludeVersions"] },
  isReadOnly: true,
  decide: ({ world, actor }, params) => {
    const vault = vaultOf(world, params.VaultName)
    const access = { vault: params.VaultName, actor, permission: "get" } as const
    const decision = evaluateVaultAccess(world, access)
    if (decision.outcome !== "allow" || vault === undefined) return { decision }
    const names = params.Name === undefined ? Object.keys(vault.keys) : [params.Name.toLowerCase()]
    const output = names.toSorted().flatMap((name) => {
      const key = keyOfVault(vault, name)
      if (key === undefined || key.deletedAt !== undefined) return []
      const versions = params.IncludeVersions === true ? key.versions : key.versions.slice(-1)
      return versions.map((version) => keyOutput(vault, name, version))
    })
    return { decision, output }
  },
})

export const updateAzKeyVaultKey = cryptoOperation({
  name: "Update-AzKeyVaultKey",
  summary: "Switches a key version on or off, or moves its expiry.",
  params: Schema.Struct({
    ...keyName,
    Version: Schema.optionalKey(text("The newest version without it")),
    Enable: Schema.optionalKey(Schema.Boolean),
    Expires: Schema.optionalKey(expiry),
  }),
  facts: ["CRY-048", "CRY-058", "CRY-059"],
  binding: keyBinding,
  decide: ({ world, actor, now }, params) => {
    const { VaultName, Name } = params
    const vault = vaultOf(world, VaultName)
    const decision = andThen(
      evaluateVaultAccess(world, { vault: VaultName, actor, permission: "update" }),
      () => decideByGates([keyKnown], keyFacets(world, VaultName, Name)),
    )
    const versions = keyOfVault(vault, Name)?.versions ?? []
    const version = versions.find((it) => it.version === params.Version) ?? versions.at(-1)
    if (decision.outcome !== "allow" || vault === undefined || version === undefined) {
      return { decision }
    }
    const expiresAt = params.Expires === undefined ? undefined : parseDate(params.Expires)
    const event: CryptoEvent = {
      _tag: "VaultKeyChanged",
      vault: vault.name,
      key: Name.toLowerCase(),
      version: version.version,
      ...(params.Enable === undefined ? {} : { isEnabled: params.Enable }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
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
  decide: ({ world, actor, now }, params) =>
    Effect.gen(function* () {
      const { VaultName, Name, InRemovedState = false } = params
      const vault = vaultOf(world, VaultName)
      const permission = InRemovedState ? ("purge" as const) : ("delete" as const)
      const facets = {
        ...keyFacets(world, VaultName, Name),
        isPurgeProtected: vault?.isPurgeProtected ?? true,
      }
      const decision = andThen(
        evaluateVaultAccess(world, { vault: VaultName, actor, permission }),
        () =>
          InRemovedState
            ? decideByGates([keyDeleted, purgeProtection], facets)
            : decideByGates([keyKnown], facets),
      )
      if (decision.outcome !== "allow" || vault === undefined) return { decision }
      const where = { vault: vault.name, key: Name.toLowerCase() }
      if (!InRemovedState) {
        const event: CryptoEvent = { _tag: "VaultKeyDeleted", ...where, at: now }
        return { decision, events: [event] }
      }
      const keys = yield* KeyVault
      for (const { version } of keyOfVault(vault, Name)?.versions ?? []) {
        yield* keys.destroyKey(keyUri(where.vault, where.key, version))
      }
      const event: CryptoEvent = { _tag: "VaultKeyPurged", ...where }
      return { decision, events: [event] }
    }),
})

export const undoAzKeyVaultKeyRemoval = cryptoOperation({
  name: "Undo-AzKeyVaultKeyRemoval",
  summary: "Recovers a deleted key within its retention time.",
  params: Schema.Struct(keyName),
  facts: ["CRY-060", "CRY-113"],
  binding: keyBinding,
  decide: ({ world, actor }, { VaultName, Name }) => {
    const decision = andThen(
      evaluateVaultAccess(world, { vault: VaultName, actor, permission: "recover" }),
      () => decideByGates([keyDeleted], keyFacets(world, VaultName, Name)),
    )
    const where = { vault: VaultName.toLowerCase(), key: Name.toLowerCase() }
    const event: CryptoEvent = { _tag: "VaultKeyRecovered", ...where }
    return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
  },
})
