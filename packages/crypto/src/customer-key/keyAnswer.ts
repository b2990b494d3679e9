import { isFaultOn, type Refusal } from "@twin/kernel"
import { vaultAccessDenied, vaultUnreachable } from "../faults.ts"
import { ownValue } from "../ownValue.ts"
import { anyVaultOf, type CryptoWorld, vaultOf } from "../State.ts"
import {
  type KeyUri,
  keyOfVault,
  parseKeyUri,
  permissionOf,
  shownName,
  type Vault,
  type VaultKeyVersion,
} from "./AzureKeyVault.ts"
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

/** What the vault would answer. Faults first: nobody reaches a vault that is down. */
export const keyAnswer = (world: CryptoWorld, call: KeyCall): KeyAnswer => {
  const { faults } = world.kernel
  if (isFaultOn(world, vaultUnreachable)) {
    return { result: "SystemError", ...sinceOf(faults[vaultUnreachable]) }
  }
  if (isFaultOn(world, vaultAccessDenied)) {
    return denied(403, "Forbidden", noPermission(call), faults[vaultAccessDenied])
  }
  const uri = parseKeyUri(call.uri)
  const vault = uri === undefined ? undefined : vaultOf(world, uri.vault)
  if (uri === undefined || vault === undefined) {
    const gone = uri === undefined ? undefined : anyVaultOf(world, uri.vault)
    return denied(404, "KeyNotFound", notFound(call.uri), gone?.deletedAt)
  }
  return vaultAnswer(world, vault, call) ?? answerOfKey(vault, uri, call)
}

/** Everything that keeps a call from reaching the key; undefined where it gets there. */
const vaultAnswer = (world: CryptoWorld, vault: Vault, call: KeyCall): KeyAnswer | undefined => {
  const { condition, conditionSince, network, networkChangedAt } = vault
  if (condition !== "none") return answerOf(conditionAnswers[condition], conditionSince)
  const isOutside =
    call.ipAddress === undefined
      ? network.bypass === "None"
      : !network.ipAddresses.includes(call.ipAddress)
  if (network.defaultAction === "Deny" && isOutside) {
    const message = `Client address (${call.ipAddress ?? "unknown"}) is not authorized and caller is not a trusted service`
    return denied(403, "ForbiddenByFirewall", message, networkChangedAt)
  }
  const permission = permissionOf(vault, call.principal)
  if (permission?.keys.includes(call.operation) !== true || !vault.isActivated) {
    return vault.permissionModel === "AccessPolicy"
      ? denied(403, "Forbidden", noPermission(call, vault), permission?.changedAt)
      : denied(403, "ForbiddenByRbac", notAuthorized, permission?.changedAt)
  }
  const kind = "HsmOperation"
  return call.now !== undefined && isTooMuch(world, vault, kind, call.now)
    ? answerOf(conditionAnswers.throttled, call.now)
    : undefined
}

/** Whether the vault or its subscription has no room for one more operation of this kind (CRY-065). */
export const isTooMuch = (
  world: CryptoWorld,
  vault: Vault,
  kind: ThrottledOperation,
  now: number,
): boolean => {
  const inSubscription = Object.values(world.crypto.vaults).filter(
    ({ subscription }) => subscription === vault.subscription,
  )
  const subscription = inSubscription.flatMap(({ loads }) => loads)
  return isThrottled({ kind, vault: vault.loads, subscription, now })
}

const answerOfKey = (vault: Vault, uri: KeyUri, call: KeyCall): KeyAnswer => {
  const key = keyOfVault(vault, uri.name)
  const version = versionOf(vault, uri)
  if (key === undefined || version === undefined || key.deletedAt !== undefined) {
    const since = ownValue(vault.keys, uri.name)?.deletedAt
    return denied(404, "KeyNotFound", notFound(uri.name), since)
  }
  return answerOfVersion(version, call)
}

/** What brings old data back is allowed outside the dates of a key, all else is not (CRY-058). */
const isForOldData = ({ operation }: KeyCall): boolean =>
  operation === "decrypt" || operation === "unwrapKey" || operation === "verify"

/** What needs no private key is allowed with a disabled key (CRY-059). */
const isPublic = ({ operation }: KeyCall): boolean =>
  operation === "encrypt" || operation === "wrapKey" || operation === "verify"

/** Attributes of the version: what it was made for, whether it is on, and its dates. */
const answerOfVersion = (version: VaultKeyVersion, call: KeyCall): KeyAnswer => {
  const { isEnabled, expiresAt, notBefore, changedAt, keyOps } = version
  const { now, operation } = call
  if (!keyOps.includes(operation)) {
    const message = `Operation ${operation} is not permitted on this key.`
    return denied(403, "Forbidden", message, changedAt)
  }
  if (!isEnabled && !isPublic(call)) {
    return denied(
      403,
      "KeyDisabled",
      `Operation ${operation} is not allowed on a disabled key.`,
      changedAt,
    )
  }
  if (now === undefined || isForOldData(call)) return { result: "Success" }
  if (expiresAt !== undefined && now >= expiresAt) {
    return denied(
      403,
      "Forbidden",
      `Operation ${operation} is not allowed on an expired key.`,
      expiresAt,
    )
  }
  if (notBefore !== undefined && now < notBefore) {
    return denied(
      403,
      "Forbidden",
      `Operation ${operation} is not allowed on a key that is not yet valid.`,
      changedAt,
    )
  }
  return { result: "Success" }
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

const denied = (status: number, code: string, message: string, since?: number): KeyAnswer => ({
  result: "AccessDenied",
  status,
  refusal: { code, message },
  ...sinceOf(since),
})

const notAuthorized = "Caller is not authorized to perform action on resource."

const noPermission = ({ principal, operation }: KeyCall, vault?: Vault): string =>
  `The user, group or application 'appid=${principal}' does not have keys ${operation} permission on key vault ` +
  `'${vault === undefined ? "" : shownName(vault)};location=${vault?.location ?? ""}'. For help resolving this issue, please see ` +
  "https://go.microsoft.com/fwlink/?linkid=2125287"

const notFound = (name: string): string =>
  `A key with (name/id) ${name} was not found in this key vault. If you recently deleted this key you may be ` +
  "able to recover it using the correct recovery command. For help resolving this issue, please see " +
  "https://go.microsoft.com/fwlink/?linkid=2125182"
