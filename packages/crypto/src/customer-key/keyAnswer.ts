import { isFaultOn, type Refusal } from "@twin/kernel"
import { vaultAccessDenied, vaultUnreachable } from "../faults.ts"
import { ownValue } from "../ownValue.ts"
import { anyVaultOf, type CryptoWorld } from "../State.ts"
import {
  type KeyUri,
  keyOfVault,
  parseKeyUri,
  permissionOf,
  shownName,
  type Vault,
  type VaultKeyVersion,
} from "./AzureKeyVault.ts"
import { noKeyPermission } from "./noKeyPermission.ts"
import {
  type ConditionAnswer,
  conditionAnswers,
  isThrottled,
  type ThrottledOperation,
} from "./vaultCondition.ts"

/** How a call to a customer's key ends; the class decides what the service does next (CRY-084). */
export interface KeyAnswer {
  readonly result: "Success" | "SystemError" | "AccessDenied"
  /** HTTP status; absent on success and where nothing comes back at all. */
  readonly status?: number
  /** In the vault's words, with its innermost code (CRY-064); absent on success. */
  readonly refusal?: Refusal
  /** Epoch milliseconds since when it has been so, where the twin knows. */
  readonly since?: number
}

/** One call of a service principal to one key. */
export interface KeyCall {
  readonly uri: string
  readonly principal: string
  readonly operation: "wrapKey" | "unwrapKey" | "encrypt" | "decrypt" | "sign" | "verify"
  /** Epoch milliseconds; without it, dates and load are not looked at. */
  readonly now?: number
  /** Address of the caller; absent for a trusted service of Microsoft. */
  readonly ipAddress?: string
}

/**
 * What the vault would answer. Faults first: nobody reaches a vault that is down. It counts as silent
 * since the first of all reasons that hold now, not since the one that is given.
 */
export const keyAnswer = (world: CryptoWorld, call: KeyCall): KeyAnswer => {
  const reasons = reasonsAgainst(world, call)
  const [first] = reasons
  if (first === undefined) return { result: "Success" }
  const { since: _since, ...answer } = first
  const known = reasons.map(({ since }) => since).filter((since) => since !== undefined)
  return known.length < reasons.length ? answer : { ...answer, since: Math.min(...known) }
}

/** Everything that stands against the call, in the order in which the vault would find it. */
const reasonsAgainst = (world: CryptoWorld, call: KeyCall): readonly KeyAnswer[] => {
  const reasons: KeyAnswer[] = []
  const { faults } = world.kernel
  if (isFaultOn(world, vaultUnreachable)) {
    reasons.push({ result: "SystemError", ...sinceOf(faults[vaultUnreachable]) })
  }
  if (isFaultOn(world, vaultAccessDenied)) {
    reasons.push(refused(403, noPermission(world, call), faults[vaultAccessDenied]))
  }
  const uri = parseKeyUri(call.uri)
  const vault = uri === undefined ? undefined : anyVaultOf(world, uri.vault)
  if (uri === undefined || vault === undefined) {
    return [...reasons, denied(404, "KeyNotFound", notFound(call.uri))]
  }
  // A vault that is deleted keeps what it had against the call before.
  if (vault.deletedAt !== undefined || vault.isPurged) {
    reasons.push(denied(404, "KeyNotFound", notFound(call.uri), vault.deletedAt))
  }
  return [...reasons, ...vaultReasons(world, vault, call), ...keyReasons(vault, uri, call)]
}

/** Everything that keeps a call from reaching the key. */
const vaultReasons = (world: CryptoWorld, vault: Vault, call: KeyCall): readonly KeyAnswer[] => {
  const { condition, conditionSince, network, networkChangedAt } = vault
  const reasons: KeyAnswer[] = []
  if (condition !== "none") reasons.push(answerOf(conditionAnswers[condition], conditionSince))
  const isOutside =
    call.ipAddress === undefined
      ? network.bypass === "None"
      : !network.ipAddresses.includes(call.ipAddress)
  if (network.defaultAction === "Deny" && isOutside) {
    const message = `Client address (${call.ipAddress ?? "unknown"}) is not authorized and caller is not a trusted service`
    reasons.push(denied(403, "ForbiddenByFirewall", message, networkChangedAt))
  }
  const permission = permissionOf(vault, call.principal)
  if (permission?.keys.includes(call.operation) !== true || !vault.isActivated) {
    reasons.push(
      vault.permissionModel === "AccessPolicy"
        ? refused(403, noPermission(world, call, vault), permission?.changedAt)
        : denied(403, "ForbiddenByRbac", notAuthorized, permission?.changedAt),
    )
  }
  if (call.now !== undefined && isTooMuch(world, vault, "HsmOperation", call.now)) {
    reasons.push(answerOf(conditionAnswers.throttled, call.now))
  }
  return reasons
}

/** Whether the vault or its subscription has no room for one more operation of this kind (CRY-065). */
export const isTooMuch = (
  world: CryptoWorld,
  vault: Vault,
  kind: ThrottledOperation,
  now: number,
): boolean => {
  const inSubscription = Object.values(world.crypto.vaults).filter(
    ({ subscription }) => subscription.toLowerCase() === vault.subscription.toLowerCase(),
  )
  const subscription = inSubscription.flatMap(({ loads }) => loads)
  return isThrottled({ kind, vault: vault.loads, subscription, now })
}

const keyReasons = (vault: Vault, uri: KeyUri, call: KeyCall): readonly KeyAnswer[] => {
  const key = keyOfVault(vault, uri.name)
  const version = versionOf(vault, uri)
  const stored = ownValue(vault.keys, uri.name)
  const { deletedAt } = stored ?? {}
  if (key === undefined || version === undefined) {
    return [denied(404, "KeyNotFound", notFound(uri.name), deletedAt)]
  }
  const gone =
    deletedAt === undefined ? [] : [denied(404, "KeyNotFound", notFound(uri.name), deletedAt)]
  return [...gone, ...versionReasons(version, call)]
}

/** What brings old data back is allowed outside the dates of a key, all else is not (CRY-058). */
const isForOldData = ({ operation }: KeyCall): boolean =>
  operation === "decrypt" || operation === "unwrapKey" || operation === "verify"

/** What needs no private key is allowed with a disabled key (CRY-059). */
const isPublic = ({ operation }: KeyCall): boolean =>
  operation === "encrypt" || operation === "wrapKey" || operation === "verify"

/** Attributes of the version: what it was made for, whether it is on, and its dates. */
const versionReasons = (version: VaultKeyVersion, call: KeyCall): readonly KeyAnswer[] => {
  const { isEnabled, expiresAt, notBefore, changedAt, keyOps } = version
  const { now, operation } = call
  const no = (since: number, why: string, code = "Forbidden"): KeyAnswer =>
    denied(403, code, `Operation ${operation} is not ${why}.`, since)
  const reasons: KeyAnswer[] = []
  if (!keyOps.includes(operation)) reasons.push(no(changedAt, "permitted on this key"))
  if (!isEnabled && !isPublic(call)) {
    reasons.push(no(version.disabledAt ?? changedAt, "allowed on a disabled key", "KeyDisabled"))
  }
  if (now === undefined || isForOldData(call)) return reasons
  if (expiresAt !== undefined && now >= expiresAt) {
    reasons.push(no(expiresAt, "allowed on an expired key"))
  }
  if (notBefore !== undefined && now < notBefore) {
    reasons.push(no(changedAt, "allowed on a key that is not yet valid"))
  }
  return reasons
}

/** The version that a uri names; without one, the newest (CRY-055). */
export const versionOf = (vault: Vault, uri: KeyUri): VaultKeyVersion | undefined => {
  const versions = keyOfVault(vault, uri.name)?.versions ?? []
  return uri.version === undefined
    ? versions.at(-1)
    : versions.find(({ version }) => version === uri.version)
}

const sinceOf = (since: number | undefined) => (since === undefined ? {} : { since })

const answerOf = (answer: ConditionAnswer, since: number): KeyAnswer => {
  const { result, status, code, message } = answer
  const refusal = { code, message }
  return { result, refusal, since, ...(status === undefined ? {} : { status }) }
}

const refused = (status: number, refusal: Refusal, since?: number): KeyAnswer => ({
  result: "AccessDenied",
  status,
  refusal,
  ...sinceOf(since),
})

const denied = (status: number, code: string, message: string, since?: number): KeyAnswer =>
  refused(status, { code, message }, since)

const notAuthorized = "Caller is not authorized to perform action on resource."

const noPermission = (world: CryptoWorld, call: KeyCall, vault?: Vault): Refusal =>
  noKeyPermission({
    organizationId: world.kernel.organizationId,
    principal: call.principal,
    permission: call.operation,
    vault: vault === undefined ? "" : shownName(vault),
    location: vault?.location ?? "",
  })

const notFound = (name: string): string =>
  `A key with (name/id) ${name} was not found in this key vault. If you recently deleted this key you may be ` +
  "able to recover it using the correct recovery command. For help resolving this issue, please see " +
  "https://go.microsoft.com/fwlink/?linkid=2125182"
