import { Schema } from "effect"

/**
 * How a vault can fail apart from its own state (CRY-064). The first class of errors is the
 * customer's doing and counts as a refusal, the second is nobody's will and counts as a system error.
 */
export const VaultCondition = Schema.Literals([
  "none",
  "token-refused",
  "throttled",
  "service-fault",
  "unavailable",
  "timeout",
  "name-resolution",
  "network",
])
export type VaultCondition = typeof VaultCondition.Type

export interface ConditionAnswer {
  readonly result: "SystemError" | "AccessDenied"
  /** Absent where nothing comes back at all. */
  readonly status?: number
  readonly code: string
  readonly message: string
}

/** The answer of each condition: status, code, text and class. */
export const conditionAnswers: Readonly<Record<Exclude<VaultCondition, "none">, ConditionAnswer>> =
  {
    "token-refused": {
      result: "AccessDenied",
      status: 401,
      code: "Unauthorized",
      message: "AKV10032: Invalid issuer or audience, or no token at all.",
    },
    throttled: {
      result: "SystemError",
      status: 429,
      code: "TooManyRequests",
      message: "The request was not processed because too many requests were received.",
    },
    "service-fault": {
      result: "SystemError",
      status: 500,
      code: "InternalServerError",
      message: "The service failed.",
    },
    unavailable: {
      result: "SystemError",
      status: 503,
      code: "ServiceUnavailable",
      message: "The service is not available.",
    },
    timeout: { result: "SystemError", code: "Timeout", message: "The call timed out." },
    "name-resolution": {
      result: "SystemError",
      code: "NameResolutionFailure",
      message: "The name of the vault could not be resolved.",
    },
    network: {
      result: "SystemError",
      code: "ConnectionFailure",
      message: "The connection to the vault failed.",
    },
  }

/** What a vault serves in ten seconds before it answers 429; a subscription five times that (CRY-065). */
export const throttling = {
  windowMilliseconds: 10_000,
  hsmOperations: 2000,
  hsmKeyCreations: 10,
  otherOperations: 4000,
  subscriptionFactor: 5,
} as const

export const ThrottledOperation = Schema.Literals(["HsmOperation", "HsmKeyCreation", "Other"])
export type ThrottledOperation = typeof ThrottledOperation.Type

/** Operations of one kind that reached a vault at one moment. */
export interface VaultLoad {
  readonly kind: ThrottledOperation
  readonly count: number
  readonly at: number
}

const limitOf: Readonly<Record<ThrottledOperation, number>> = {
  HsmOperation: throttling.hsmOperations,
  HsmKeyCreation: throttling.hsmKeyCreations,
  Other: throttling.otherOperations,
}

const countIn = (loads: readonly VaultLoad[], kind: ThrottledOperation, now: number): number =>
  loads
    .filter((it) => it.kind === kind && it.at <= now && now - it.at < throttling.windowMilliseconds)
    .reduce((sum, it) => sum + it.count, 0)

/** Whether one more operation of this kind is too many, for the vault or for its subscription. */
export const isThrottled = (o: {
  readonly kind: ThrottledOperation
  readonly vault: readonly VaultLoad[]
  /** Of all vaults of the subscription together. */
  readonly subscription: readonly VaultLoad[]
  readonly now: number
}): boolean => {
  const limit = limitOf[o.kind]
  return (
    countIn(o.vault, o.kind, o.now) >= limit ||
    countIn(o.subscription, o.kind, o.now) >= limit * throttling.subscriptionFactor
  )
}
