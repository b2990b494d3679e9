import type { ConditionalAccessPolicy, GrantControl } from "../ConditionalAccessPolicy.ts"
import { matchPolicy, type PolicyMatch } from "./matchPolicy.ts"
import type { SignInContext } from "./SignInContext.ts"

/** Everything a policy can demand beside a block, in the order in which it is asked for (IDN-148). */
export const controlOrder = [
  "mfa",
  "authenticationStrength",
  "compliantDevice",
  "domainJoinedDevice",
  "approvedApplication",
  "compliantApplication",
  "passwordChange",
  "riskRemediation",
  "termsOfUse",
] as const
export type Control = (typeof controlOrder)[number]

/**
 * Where a control stands for this sign-in: met, can be met by doing something now, can never be met,
 * or not recorded by the twin.
 */
export type ControlState = "satisfied" | "obtainable" | "unattainable" | "unknown"

/** What somebody can show: the state of each control, decided once for the sign-in. */
export interface Proof {
  readonly controls: Readonly<Record<Exclude<Control, "authenticationStrength">, ControlState>>
  /** The same for an authentication strength, by name or id. */
  readonly strength: (strength: string) => ControlState
}

const stateOf = (control: Control, policy: ConditionalAccessPolicy, proof: Proof): ControlState =>
  control === "authenticationStrength"
    ? proof.strength(policy.grantControls?.authenticationStrength ?? "")
    : proof.controls[control]

/** What one policy came to. */
export interface PolicyResult {
  readonly policy: ConditionalAccessPolicy
  readonly match: PolicyMatch
  /** The words of the sign-in log (IDN-182). */
  readonly result:
    | "success"
    | "failure"
    | "notApplied"
    | "notEnabled"
    | "reportOnlySuccess"
    | "reportOnlyFailure"
    | "reportOnlyInterrupted"
    | "reportOnlyNotApplied"
    | "unknown"
  /** Controls still to be met, in the order of asking; empty when satisfied or blocking. */
  readonly missing: readonly Control[]
}

export interface ConditionalAccessResult {
  readonly outcome: "notApplied" | "satisfied" | "blocked" | "interrupted" | "failed" | "unknown"
  /** Names of the enforced policies that made the outcome, sorted. */
  readonly decidedBy: readonly string[]
  /** The control to be met first. */
  readonly control: Control | "none"
  /** Shortest sign-in frequency among the enforced policies, in hours. */
  readonly signInFrequencyHours: number
  /** In the order of the names, so that the order of creation tells nothing. */
  readonly policies: readonly PolicyResult[]
}

const demanded = (policy: ConditionalAccessPolicy): readonly Control[] => {
  const grant = policy.grantControls
  if (grant === undefined) return []
  const controls: readonly string[] = [
    ...grant.builtInControls.filter((it: GrantControl) => it !== "block"),
    ...(grant.authenticationStrength === undefined ? [] : ["authenticationStrength"]),
    ...(grant.termsOfUse.length === 0 ? [] : ["termsOfUse"]),
  ]
  return controlOrder.filter((it) => controls.includes(it))
}

const isBlock = (policy: ConditionalAccessPolicy): boolean =>
  policy.grantControls?.builtInControls.includes("block") === true

/** The controls one policy still asks for: all of them, or the easiest of an OR (IDN-149). */
const missingOf = (policy: ConditionalAccessPolicy, proof: Proof): readonly Control[] => {
  const controls = demanded(policy)
  const state = (it: Control): ControlState => stateOf(it, policy, proof)
  const open = controls.filter((it) => state(it) !== "satisfied")
  if (policy.grantControls?.operator !== "OR") return open
  if (open.length < controls.length || open.length === 0) return []
  const best =
    open.find((it) => state(it) === "obtainable") ??
    open.find((it) => state(it) === "unknown") ??
    open[0]
  return best === undefined ? [] : [best]
}

const worst = (found: readonly ControlState[]): ControlState => {
  if (found.includes("unattainable")) return "unattainable"
  return found.includes("unknown") ? "unknown" : found.length > 0 ? "obtainable" : "satisfied"
}

const resultOf = (
  policy: ConditionalAccessPolicy,
  match: PolicyMatch,
  state: ControlState,
): PolicyResult["result"] => {
  const isReportOnly = policy.state === "enabledForReportingButNotEnforced"
  if (policy.state === "disabled") return "notEnabled"
  if (match.applies === "no") return isReportOnly ? "reportOnlyNotApplied" : "notApplied"
  if (match.applies === "unknown") return "unknown"
  if (isBlock(policy) || state === "unattainable") {
    return isReportOnly ? "reportOnlyFailure" : "failure"
  }
  if (state === "unknown") return "unknown"
  if (state === "satisfied") return isReportOnly ? "reportOnlySuccess" : "success"
  return isReportOnly ? "reportOnlyInterrupted" : "failure"
}

const byName = (a: ConditionalAccessPolicy, b: ConditionalAccessPolicy): number =>
  a.displayName < b.displayName ? -1 : a.displayName > b.displayName ? 1 : a.id < b.id ? -1 : 1

/** The rolling window that holds without a policy (IDN-175). */
export const defaultSignInFrequencyHours = 90 * 24

/**
 * All policies against one sign-in. A block wins over everything (IDN-147); otherwise every policy
 * that applies must be satisfied, and the first control in the documented order is asked for.
 * Nothing depends on the order of the policies.
 */
export const evaluateConditionalAccess = (
  policies: Iterable<ConditionalAccessPolicy>,
  context: SignInContext,
  proof: Proof,
): ConditionalAccessResult => {
  const results = [...policies].toSorted(byName).map((policy): PolicyResult => {
    const match = matchPolicy(policy, context)
    const missing = match.applies === "no" || isBlock(policy) ? [] : missingOf(policy, proof)
    const state = worst(missing.map((it) => stateOf(it, policy, proof)))
    return { policy, match, missing, result: resultOf(policy, match, state) }
  })
  const enforced = results.filter(({ policy }) => policy.state === "enabled")
  const applying = enforced.filter(({ match }) => match.applies === "yes")
  const uncertain = enforced.filter(({ match }) => match.applies === "unknown")
  const frequency = Math.min(
    defaultSignInFrequencyHours,
    ...applying.map(
      ({ policy }) => policy.sessionControls?.signInFrequencyHours ?? defaultSignInFrequencyHours,
    ),
  )
  const answer = (
    outcome: ConditionalAccessResult["outcome"],
    by: readonly PolicyResult[],
    control: Control | "none" = "none",
  ): ConditionalAccessResult => ({
    outcome,
    decidedBy: by.map(({ policy }) => policy.displayName),
    control,
    signInFrequencyHours: frequency,
    policies: results,
  })

  const blocking = applying.filter(({ policy }) => isBlock(policy))
  if (blocking.length > 0) return answer("blocked", blocking)
  // Whether a policy with an unrecorded condition applies decides only if it would demand something.
  const open = uncertain.filter(({ policy, missing }) => isBlock(policy) || missing.length > 0)
  const asking = applying.filter(({ missing }) => missing.length > 0)
  const control = controlOrder.find((it) => asking.some(({ missing }) => missing.includes(it)))
  if (control !== undefined) {
    const by = asking.filter(({ missing }) => missing.includes(control))
    const state = worst(by.map(({ policy }) => stateOf(control, policy, proof)))
    if (state === "unattainable") return answer("failed", by, control)
    if (open.length > 0) return answer("unknown", open)
    return answer(state === "unknown" ? "unknown" : "interrupted", by, control)
  }
  if (open.length > 0) return answer("unknown", open)
  return applying.length > 0 ? answer("satisfied", applying) : answer("notApplied", [])
}
