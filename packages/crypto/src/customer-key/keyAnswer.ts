import { isFaultOn, type Refusal } from "@twin/kernel"
import { vaultAccessDenied, vaultUnreachable } from "../faults.ts"
import { type CryptoWorld, vaultOf } from "../State.ts"
import {
  type KeyUri,
  keyOfVault,
  parseKeyUri,
  permissionOf,
  type Vault,
  type VaultKeyVersion,
} from "./AzureKeyVault.ts"

/** How a call to a customer's key ends; the class decides what the service does next (CRY-084). */
export interface KeyAnswer {
  readonly result: "Success" | "SystemError" | "AccessDenied"
  /** In the vault's words (CRY-064); absent on success and where nothing answers. */
  readonly refusal?: Refusal
  /** Epoch milliseconds since when it has been so, where the twin knows. */
  readonly since?: number
}

/** One call of a service principal to one key. */
export interface KeyCall {
  readonly uri: string
  readonly principal: string
  readonly operation: "wrapKey" | "unwrapKey" | "decrypt" | "sign"
  /** Epoch milliseconds; without it, expiry is not looked at. */
  readonly now?: number
}

/** What the vault would answer. Faults first: nobody reaches a vault that is down. */
export const keyAnswer = (world: CryptoWorld, call: KeyCall): KeyAnswer => {
  const { faults } = world.kernel
  if (isFaultOn(world, vaultUnreachable)) {
    return { result: "SystemError", ...sinceOf(faults[vaultUnreachable]) }
  }
  if (isFaultOn(world, vaultAccessDenied)) {
    return denied("Forbidden", noPermission(call), faults[vaultAccessDenied])
  }
  const uri = parseKeyUri(call.uri)
  const vault = uri === undefined ? undefined : vaultOf(world, uri.vault)
  if (uri === undefined || vault === undefined) return denied("KeyNotFound", notFound(call.uri))
  const permission = permissionOf(vault, call.principal)
  if (permission?.keys.includes(call.operation) !== true) {
    return denied("Forbidden", noPermission(call, vault), permission?.changedAt)
  }
  const key = keyOfVault(vault, uri.name)
  const version = versionOf(vault, uri)
  if (key === undefined || version === undefined || key.deletedAt !== undefined) {
    return denied("KeyNotFound", notFound(uri.name), key?.deletedAt)
  }
  return answerOfVersion(version, call)
}

/** Attributes stop new wraps, and only `enabled` stops unwrapping (CRY-058, CRY-059). */
const answerOfVersion = (version: VaultKeyVersion, call: KeyCall): KeyAnswer => {
  const { isEnabled, expiresAt, changedAt } = version
  if (!isEnabled && call.operation !== "wrapKey") {
    const message = `Operation ${call.operation} is not allowed on a disabled key.`
    return denied("KeyDisabled", message, changedAt)
  }
  const isExpired = expiresAt !== undefined && call.now !== undefined && call.now >= expiresAt
  if (isExpired && (call.operation === "wrapKey" || call.operation === "sign")) {
    const message = `Operation ${call.operation} is not allowed on an expired key.`
    return denied("Forbidden", message, expiresAt)
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

const denied = (code: string, message: string, since?: number): KeyAnswer => ({
  result: "AccessDenied",
  refusal: { code, message },
  ...sinceOf(since),
})

const noPermission = ({ principal, operation }: KeyCall, vault?: Vault): string =>
  `The user, group or application 'appid=${principal}' does not have keys ${operation} permission on key vault ` +
  `'${vault?.name ?? ""};location=${vault?.location ?? ""}'. For help resolving this issue, please see ` +
  "https://go.microsoft.com/fwlink/?linkid=2125287"

const notFound = (name: string): string =>
  `A key with (name/id) ${name} was not found in this key vault. If you recently deleted this key you may be ` +
  "able to recover it using the correct recovery command. For help resolving this issue, please see " +
  "https://go.microsoft.com/fwlink/?linkid=2125182"
