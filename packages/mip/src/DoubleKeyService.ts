import { evaluateSecondKey, issueAccessToken, keyServiceAt } from "@twin/crypto"
import { microsoftAccountTenantId, personOf } from "@twin/identity"
import { decidingGate } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { canonicalAddress } from "./identityClass.ts"
import type { MipWorld } from "./State.ts"

/** A key service run by the customer, as far as its answers matter here (MIP-246 to MIP-248). */
export const DoubleKeyService = Schema.Struct({
  /** `https://host/KeyName`; the key name is case-sensitive (MIP-241). */
  url: Schema.NonEmptyString,
  /** Addresses that may use the key, lower case. */
  authorizedEmailAddresses: Schema.Array(Schema.String),
  /** Tenant ids whose tokens the service accepts (MIP-248). */
  validTenants: Schema.Array(Schema.String),
  isRunning: Schema.Boolean,
})
export type DoubleKeyService = typeof DoubleKeyService.Type

/** The person as the key service meets them: address and tenant of the token. */
const callerOf = (world: MipWorld, address: string) => {
  const self = canonicalAddress(world, address)
  const person = personOf(world, self)
  const isConsumer = person?.account === "microsoft-account"
  const tenantId = isConsumer ? microsoftAccountTenantId : (person?.homeTenant ?? "")
  return { address: self, tenantId }
}

interface KeyQuestion {
  readonly url: string
  readonly address: string
  /** Address of the version that locks the content; the active one unless given. */
  readonly doubleKeyId?: string | undefined
}

/** What a service that runs in the twin would answer; undefined: none was deployed there. */
export const deployedKeyAnswer = (world: MipWorld, { url, address, doubleKeyId }: KeyQuestion) => {
  if (keyServiceAt(world, url) === undefined) return undefined
  const keyId = doubleKeyId?.split("/").at(-1)
  const version = keyId === undefined ? {} : { keyId }
  const decision = evaluateSecondKey(world, { url, ...version, ...callerOf(world, address) })
  if (decision.outcome === "allow") return "authorized"
  const { name } = decidingGate(decision)
  if (name === "key-service-answers") return "unreachable"
  if (name === "key-service-token") return "issuer-not-valid"
  return name === "key-service-key" ? "unknown-service" : "not-authorized"
}

/** The token that the reader's client shows to the key service behind this address. */
export const keyServiceToken = Effect.fnUntraced(function* (
  world: MipWorld,
  { url, address, now }: { readonly url: string; readonly address: string; readonly now: number },
) {
  const audience = keyServiceAt(world, url)?.jwtAudience
  if (audience === undefined) return {}
  const token = yield* issueAccessToken({ ...callerOf(world, address), audience, now })
  return { token }
})
