import { makeDraw } from "@twin/kernel"
import { Effect } from "effect"
import { servicePrincipals } from "../customer-key/AzureKeyVault.ts"
import { keyAnswer } from "../customer-key/keyAnswer.ts"
import { withVersion } from "../customer-key/policyLookup.ts"
import { KeyVault } from "../KeyVault.ts"
import { type CryptoEvent, type CryptoWorld, keyOf } from "../State.ts"

/** The tenant's own RMS root, made and kept by Microsoft (CRY-138). */
export const microsoftManagedTenantKey = "rms-tenant-key/microsoft-managed"

/** The RSA pair of an account, to which use licences are issued (CRY-136). */
export const accountKey = (principal: string): string => `account-key/${principal.toLowerCase()}`

/** One root key of the protection service, as `Get-AipServiceKeys` knows it. */
export interface TenantKey {
  readonly identifier: string
  readonly keyId: string
  readonly keyType: "Microsoft-managed" | "Customer-managed (BYOK)"
  readonly status: "Active" | "Archived"
  readonly friendlyName: string
  /** Address in Azure; empty for Microsoft's own. */
  readonly url: string
}

/** Microsoft's key first, then those that the customer brought, in the order of registration. */
export const tenantKeysOf = (world: CryptoWorld): readonly TenantKey[] => {
  const { brought, activeIdentifier } = world.crypto.tenantKeys
  const own = makeDraw(`tenant key of ${world.kernel.organizationId}`).guid("Microsoft-managed")
  const isBrought = brought.some(({ identifier }) => identifier === activeIdentifier)
  const active = isBrought ? activeIdentifier : own
  const statusOf = (identifier: string): TenantKey["status"] =>
    identifier === active ? "Active" : "Archived"
  return [
    {
      identifier: own,
      keyId: microsoftManagedTenantKey,
      keyType: "Microsoft-managed",
      status: statusOf(own),
      friendlyName: "",
      url: "",
    },
    ...brought.map(({ identifier, keyId, url, friendlyName = "" }) => ({
      identifier,
      keyId,
      keyType: "Customer-managed (BYOK)" as const,
      status: statusOf(identifier),
      friendlyName,
      url,
    })),
  ]
}

/** The key that protects new content; old content stays with its own (CRY-141). */
export const activeTenantKey = (world: CryptoWorld): string =>
  tenantKeysOf(world).find(({ status }) => status === "Active")?.keyId ?? microsoftManagedTenantKey

/** The key that was active at a moment; Microsoft's own before the first rekey. */
const activeTenantKeyAt = (world: CryptoWorld, at: number): string => {
  const last = world.crypto.tenantKeys.activations.findLast((it) => it.at <= at)
  return (
    tenantKeysOf(world).find(({ identifier }) => identifier === last?.identifier)?.keyId ??
    microsoftManagedTenantKey
  )
}

/**
 * The key that protects what somebody publishes now. Who holds a certificate from before a rekey goes
 * on with the key of that time until the certificate is renewed; who has none is new, and uses the
 * active key at once (CRY-137, CRY-141). `certifiedAt`: when the certificate was issued with which the
 * application publishes, where it knows of one.
 */
export const tenantKeyFor = (
  world: CryptoWorld,
  principal: string,
  now: number,
  certifiedAt?: number,
): string => {
  const held = Object.values(world.crypto.rightsSettings.devices).filter(
    (it) => it.principal === principal.toLowerCase() && it.issuedAt <= now && now < it.validUntil,
  )
  const [first, ...rest] = [
    ...held.map(({ issuedAt }) => issuedAt),
    ...(certifiedAt === undefined ? [] : [certifiedAt]),
  ]
  if (first === undefined) return activeTenantKey(world)
  const before = activeTenantKeyAt(world, Math.max(first, ...rest))
  return tenantKeyStateOf(world, before) === "reachable" ? before : activeTenantKey(world)
}

/**
 * Whether an address without a version means another key now than when it was registered first. To
 * register it once more does not help (CRY-140).
 */
const wasRenewed = (world: CryptoWorld, url: string): boolean =>
  world.crypto.tenantKeys.brought.some(
    (it) =>
      it.url.toLowerCase() === url.toLowerCase() && withVersion(world, url, false) !== it.keyId,
  )

/** Whether the service can use a tenant key now. */
export type TenantKeyState = "reachable" | "unreachable" | "destroyed"

/**
 * Microsoft's key unless it was destroyed; a brought key while its vault lets the service decrypt
 * and sign (CRY-139, CRY-142), and as long as it was not renewed where no version was given (CRY-140).
 */
export const tenantKeyStateOf = (
  world: CryptoWorld,
  keyId: string = activeTenantKey(world),
): TenantKeyState => {
  if (keyOf(world, keyId)?.isDestroyed === true) return "destroyed"
  const key = tenantKeysOf(world).find((it) => it.keyId === keyId)
  if (key === undefined || key.keyType === "Microsoft-managed") return "reachable"
  if (wasRenewed(world, key.url)) return "unreachable"
  const principal = servicePrincipals.RightsManagement
  const answers = (["decrypt", "sign"] as const).map((operation) =>
    keyAnswer(world, { uri: keyId, principal, operation }),
  )
  return answers.every(({ result }) => result === "Success") ? "reachable" : "unreachable"
}

/** A key for what somebody publishes, made when the tenant protects for the first time. */
export const ensureTenantKey = Effect.fnUntraced(function* (
  world: CryptoWorld,
  keyId: string = activeTenantKey(world),
) {
  const vault = yield* KeyVault
  if (keyId === microsoftManagedTenantKey) yield* vault.createKeyPair(keyId)
  const events: readonly CryptoEvent[] =
    keyOf(world, keyId) === undefined
      ? [{ _tag: "KeyCreated", keyId, kind: "RmsTenantKey", wrappedBy: [] }]
      : []
  return { keyId, events }
})
