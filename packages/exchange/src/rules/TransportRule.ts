import { Schema } from "effect"
import { ActionSet } from "./RuleActions.ts"
import { ConditionSet } from "./RuleConditions.ts"

/** EXO-107: neither audit mode encrypts or changes anything. */
export const RuleMode = Schema.Literals(["Enforce", "Audit", "AuditAndNotify"])
export type RuleMode = typeof RuleMode.Type

/** EXO-108: what becomes of a mail whose rule cannot be evaluated. */
export const RuleErrorAction = Schema.Literals(["Ignore", "Defer"])
/** EXO-114. */
export const SenderAddressLocation = Schema.Literals(["Header", "Envelope", "HeaderOrEnvelope"])
/** EXO-114. */
export const RecipientAddressType = Schema.Literals(["Resolved", "Original"])

const properties = {
  name: Schema.NonEmptyString,
  comments: Schema.String,
  isEnabled: Schema.Boolean,
  mode: RuleMode,
  stopRuleProcessing: Schema.Boolean,
  ruleErrorAction: RuleErrorAction,
  senderAddressLocation: SenderAddressLocation,
  recipientAddressType: RecipientAddressType,
  /** Epoch milliseconds: active from, active until (EXO-112). */
  activationDate: Schema.NullOr(Schema.Finite),
  expiryDate: Schema.NullOr(Schema.Finite),
  conditions: ConditionSet,
  exceptions: ConditionSet,
  actions: ActionSet,
}

/** A mail flow rule. Its priority is its place in the list of rules: duplicates cannot be (EXO-105). */
export const TransportRule = Schema.Struct({
  id: Schema.NonEmptyString,
  ...properties,
  changedAt: Schema.Finite,
})
export type TransportRule = typeof TransportRule.Type

/** A rule without conditions, exceptions and actions, with the defaults of PowerShell (EXO-110). */
export const emptyRule = (
  rule: Pick<TransportRule, "id" | "name" | "changedAt">,
): TransportRule => ({
  comments: "",
  isEnabled: true,
  mode: "Enforce",
  stopRuleProcessing: false,
  ruleErrorAction: "Ignore",
  senderAddressLocation: "Header",
  recipientAddressType: "Resolved",
  activationDate: null,
  expiryDate: null,
  conditions: {},
  exceptions: {},
  actions: {},
  ...rule,
})

/** Whether the rule acts at this moment: outside its period it is as good as disabled (EXO-112). */
export const isActiveAt = (rule: TransportRule, now: number): boolean =>
  rule.isEnabled &&
  (rule.activationDate === null || rule.activationDate <= now) &&
  (rule.expiryDate === null || now < rule.expiryDate)

/** EXO-111; the last three are reported by admins rather than documented. */
export const ruleLimits = {
  nameLength: 64,
  commentLength: 1024,
  rulesPerOrganization: 300,
  ruleBytes: 8 * 1024,
  patternBytesOfAllRules: 20 * 1024,
} as const

/** The rules after one was put at a place; later ones move down (EXO-105). */
export const insertAt = (
  rules: readonly TransportRule[],
  rule: TransportRule,
  priority: number,
): readonly TransportRule[] => {
  const others = rules.filter(({ id }) => id !== rule.id)
  return others.toSpliced(Math.min(Math.max(0, priority), others.length), 0, rule)
}
