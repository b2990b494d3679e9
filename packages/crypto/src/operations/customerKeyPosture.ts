import { decideByGates, gate, isoOf, type OutputObject, pass } from "@twin/kernel"
import { Schema } from "effect"
import {
  fipsLevelOf,
  keyOfVault,
  parseKeyUri,
  permissionOf,
  servicePrincipals,
  shownName,
  type Vault,
  type VaultKey,
  type VaultKeyVersion,
} from "../customer-key/AzureKeyVault.ts"
import {
  coverage,
  keyCustody,
  type PolicyScope,
  vaultPlan,
} from "../customer-key/customerKeyTables.ts"
import { versionOf } from "../customer-key/keyAnswer.ts"
import { recoveryLevelOf, requiredRecoveryLevel } from "../customer-key/recoveryLevel.ts"
import { regionsApart } from "../customer-key/regionPairs.ts"
import { noExpiry } from "../decisions/evaluateRootKeys.ts"
import {
  azureSubscriptionOf,
  type CryptoWorld,
  dataEncryptionPolicies,
  geoEncryptionOf,
  policyById,
  vaultOf,
} from "../State.ts"
import { cryptoOperation } from "./cryptoOperation.ts"

const looked = gate<object>()({
  name: "posture",
  facts: ["CRY-038"],
  reads: [],
  check: () => pass("A report changes nothing."),
})

const row = (check: string, subject: string, isGood: boolean, detail: string): OutputObject => ({
  Check: check,
  Subject: subject,
  Result: isGood ? "Good" : "Attention",
  Detail: detail,
})

/** Vaults and Managed HSMs that hold a root key of some policy. */
const usedVaults = (world: CryptoWorld): readonly Vault[] => {
  const names = dataEncryptionPolicies(world).flatMap(({ rootKeys }) =>
    rootKeys.map((uri) => parseKeyUri(uri)?.vault ?? ""),
  )
  return [...new Set(names)]
    .toSorted()
    .map((name) => vaultOf(world, name))
    .filter((it) => it !== undefined)
}

const servicePrincipalIds: readonly string[] = Object.values(servicePrincipals)

/** People with permissions or roles on a vault, whatever these let them do. */
const peopleOf = (vault: Vault): readonly string[] => {
  const given =
    vault.permissionModel === "AccessPolicy"
      ? Object.entries(vault.permissions).filter(([, { keys }]) => keys.length > 0)
      : Object.entries(vault.assignments).filter(([, { roles }]) => roles.length > 0)
  return given
    .map(([principal]) => principal)
    .filter((it) => !servicePrincipalIds.includes(it))
    .toSorted()
}

/** People who may delete keys for good reasons only now and then (CRY-044). */
const standingDeleters = (vault: Vault): readonly string[] =>
  peopleOf(vault).filter((it) => permissionOf(vault, it)?.keys.includes("delete") === true)

const vaultRows = (world: CryptoWorld, vault: Vault): readonly OutputObject[] => {
  const name = shownName(vault)
  const deleters = standingDeleters(vault)
  const subscription = azureSubscriptionOf(world, vault.subscription)
  const level = recoveryLevelOf(world, vault)
  return [
    row("sku", name, vault.sku === "Premium", vault.sku),
    row("soft-delete-days", name, vault.retentionDays === 90, String(vault.retentionDays)),
    row("recovery-level", name, level === requiredRecoveryLevel, level),
    row(
      "subscription",
      name,
      !subscription.isCancelled,
      `${vault.subscription} ${subscription.offer}`,
    ),
    row("standing-delete-permission", name, deleters.length === 0, deleters.join(", ")),
  ]
}

/** None, or the one date that counts as none (CRY-048). */
const isForEver = ({ expiresAt }: VaultKeyVersion): boolean =>
  expiresAt === undefined || expiresAt >= noExpiry()

const lastChange = (key: VaultKey | undefined): number =>
  Math.max(...(key?.versions ?? []).map(({ changedAt }) => changedAt))

/** Whether the newest backup holds what the key is now (CRY-049). */
const isBackedUp = (vault: Vault, name: string): boolean => {
  const key = keyOfVault(vault, name)
  return key?.backedUpAt !== undefined && key.backedUpAt >= lastChange(key)
}

const backupDetail = (vault: Vault, name: string): string => {
  const at = keyOfVault(vault, name)?.backedUpAt
  if (at === undefined) return "never"
  return isBackedUp(vault, name) ? isoOf(at) : `${isoOf(at)}, changed since`
}

const keyRows = (world: CryptoWorld): readonly OutputObject[] =>
  dataEncryptionPolicies(world).flatMap(({ name, rootKeys }) =>
    rootKeys.flatMap((uri) => {
      const parsed = parseKeyUri(uri)
      const vault = vaultOf(world, parsed?.vault ?? "")
      const version = vault && parsed && versionOf(vault, parsed)
      if (vault === undefined || parsed === undefined || version === undefined) {
        return [row("root-key", uri, false, `not found, needed by ${name}`)]
      }
      const newest = versionOf(vault, { vault: parsed.vault, name: parsed.name })
      const isNewest = newest?.version === version.version
      const level = fipsLevelOf(vault.kind, version.keyType)
      return [
        row("fips-140-2-level", uri, level >= 2, `Level ${level}`),
        row(
          "expiry",
          uri,
          isForEver(version),
          version.expiresAt === undefined ? "none" : isoOf(version.expiresAt),
        ),
        row("backup", uri, isBackedUp(vault, parsed.name), backupDetail(vault, parsed.name)),
        // A rotation of the vault alone changes nothing for Customer Key (CRY-112).
        row(
          "newest-version",
          uri,
          isNewest,
          isNewest ? name : `${name} still uses an older version`,
        ),
      ]
    }),
  )

/** One pair of vaults for each kind of policy in use, or two Managed HSMs for all (CRY-038). */
const pairRows = (world: CryptoWorld): readonly OutputObject[] => {
  const kinds = [...new Set(dataEncryptionPolicies(world).map(({ kind }) => kind))].toSorted()
  const used = usedVaults(world)
  const hsms = used.filter(({ kind }) => kind === "ManagedHsm").length
  const isHsm = hsms > 0 && hsms === used.length
  const needed = isHsm ? vaultPlan(kinds).managedHsms : vaultPlan(kinds).vaults
  const detail = `${used.length} of ${needed} for ${kinds.join(", ")}`
  return [row("vault-pairs", isHsm ? "Managed HSM" : "Key Vault", used.length >= needed, detail)]
}

/** What names begin with, up to the last hyphen that they share. */
const commonPrefix = (names: readonly string[]): string => {
  const [first = "", ...others] = names
  const parts = first.split("-")
  for (let count = parts.length - 1; count > 0; count--) {
    const prefix = `${parts.slice(0, count).join("-")}-`
    if (others.every((it) => it.startsWith(prefix))) return prefix
  }
  return ""
}

/** How the vaults of one policy lie to each other: names, regions, people (CRY-037, 053, 077). */
const separationRows = (world: CryptoWorld): readonly OutputObject[] =>
  dataEncryptionPolicies(world).flatMap(({ name, rootKeys }) => {
    const vaults = rootKeys
      .map((uri) => vaultOf(world, parseKeyUri(uri)?.vault ?? ""))
      .filter((it) => it !== undefined)
    const [first, second] = vaults
    if (first === undefined || second === undefined) return []
    const regions = regionsApart(first.location, second.location)
    const both = peopleOf(first).filter((it) => peopleOf(second).includes(it))
    const prefix = commonPrefix(vaults.map(shownName))
    return [
      row(
        "vault-name-prefix",
        name,
        prefix !== "",
        prefix === "" ? vaults.map(shownName).join(", ") : prefix,
      ),
      row(
        "vault-regions",
        name,
        regions === "apart",
        `${first.location}, ${second.location}: ${regions}`,
      ),
      row("administrators-apart", name, both.length === 0, both.join(", ")),
    ]
  })

export const getCustomerKeyPosture = cryptoOperation({
  name: "get-customer-key-posture",
  summary: "Reports how well vaults, keys and permissions follow what Customer Key recommends.",
  params: Schema.Struct({}),
  facts: [
    "CRY-037",
    "CRY-038",
    "CRY-039",
    "CRY-044",
    "CRY-045",
    "CRY-047",
    "CRY-048",
    "CRY-049",
    "CRY-053",
    "CRY-054",
    "CRY-077",
    "CRY-112",
  ],
  isReadOnly: true,
  decide: ({ world }) => ({
    decision: decideByGates([looked], {}),
    output: [
      ...pairRows(world),
      ...separationRows(world),
      ...usedVaults(world).flatMap((vault) => vaultRows(world, vault)),
      ...keyRows(world),
    ],
  }),
})

/** The policy that is in force for a scope of data. */
const inForce = (world: CryptoWorld, scope: PolicyScope): string => {
  const { tenantPolicyId } = world.crypto.customerKey
  if (scope === "none") return "Microsoft-managed"
  const id = scope === "SharePointGeo" ? geoEncryptionOf(world).policyId : tenantPolicyId
  return policyById(world, id)?.name ?? "Microsoft-managed"
}

export const showEncryptionCoverage = cryptoOperation({
  name: "show-encryption-coverage",
  summary: "Lists which data which kind of policy covers, and which one is in force for it.",
  params: Schema.Struct({}),
  facts: ["CRY-067", "CRY-068", "CRY-069", "CRY-102"],
  isReadOnly: true,
  decide: ({ world }) => ({
    decision: decideByGates([looked], {}),
    output: coverage.map(({ data, scope, encrypts }) => ({
      Data: data,
      PolicyKind: scope,
      Encrypts: encrypts,
      PolicyInForce: inForce(world, scope),
    })),
  }),
})

export const showKeyCustody = cryptoOperation({
  name: "show-key-custody",
  summary:
    "Lists who keeps each kind of key, what it is wrapped by, who rolls it and who may see it.",
  params: Schema.Struct({}),
  facts: ["CRY-088", "CRY-089", "CRY-091", "CRY-092", "CRY-100", "CRY-101"],
  isReadOnly: true,
  decide: () => ({
    decision: decideByGates([looked], {}),
    output: keyCustody.map((it) => ({ ...it })),
  }),
})
