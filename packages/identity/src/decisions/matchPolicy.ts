import { Result } from "effect"
import type {
  ClientAppType,
  ConditionalAccessPolicy,
  Conditions,
  DeviceFilter,
  GuestsOrExternalUsers,
  NamedLocation,
  UserCondition,
} from "../ConditionalAccessPolicy.ts"
import { knownDeviceFilter } from "../rules/deviceFilter.ts"
import { isInRanges } from "./addressRanges.ts"
import { matchApplication, targetKind } from "./matchApplication.ts"
import type { SignInContext } from "./SignInContext.ts"

/** Whether a condition holds; `unknown` where the twin does not record what decides it. */
export type Match = "yes" | "no" | "unknown"

/** The words of the What If answer (IDN-180). */
export type AnalysisReason =
  | "users"
  | "application"
  | "userActions"
  | "authenticationContext"
  | "devicePlatform"
  | "devices"
  | "clientApps"
  | "location"
  | "signInRisk"
  | "userRisk"
  | "emptyPolicy"
  | "policyNotEnabled"

/** A policy's answer: it applies, or the first condition that keeps it from applying. */
export interface PolicyMatch {
  readonly applies: Match
  readonly reason?: AnalysisReason
}

const isOneOfTypes = (condition: GuestsOrExternalUsers | undefined, it: SignInContext): boolean =>
  condition !== undefined &&
  condition.guestOrExternalUserTypes.some((type) => it.externalUserTypes.includes(type)) &&
  (condition.externalTenants === undefined || condition.externalTenants.includes(it.homeTenant))

const names = (ids: readonly string[], it: SignInContext): boolean =>
  (it.userId !== "" && ids.includes(it.userId)) ||
  ids.includes("All") ||
  (ids.includes("GuestsOrExternalUsers") && it.externalUserTypes.length > 0)

/** Exclusion beats inclusion, whatever the kind of either (IDN-155). */
const matchUsers = (users: UserCondition, it: SignInContext): boolean => {
  const isIncluded =
    names(users.includeUsers, it) ||
    users.includeGroups.some((id) => it.groupIds.includes(id)) ||
    users.includeRoles.some((role) => it.roles.includes(role)) ||
    isOneOfTypes(users.includeGuestsOrExternalUsers, it)
  const isExcluded =
    names(users.excludeUsers, it) ||
    users.excludeGroups.some((id) => it.groupIds.includes(id)) ||
    users.excludeRoles.some((role) => it.roles.includes(role)) ||
    isOneOfTypes(users.excludeGuestsOrExternalUsers, it)
  return isIncluded && !isExcluded
}

const matchClientApp = (types: readonly ClientAppType[], it: SignInContext): boolean =>
  types.length === 0 || types.includes("all") || types.includes(it.clientAppType)

/** Whether an address lies in a named location; the twin has no table of countries. */
const isInside = (location: NamedLocation, { ipAddress, country }: SignInContext): Match => {
  if (location.countries.length > 0) {
    return country === undefined ? "unknown" : asMatch(location.countries.includes(country))
  }
  return asMatch(isInRanges(location.ipRanges, ipAddress))
}

const anyOf = (answers: readonly Match[]): Match =>
  answers.includes("yes") ? "yes" : answers.includes("unknown") ? "unknown" : "no"

const isAt = (wanted: readonly string[], it: SignInContext): Match => {
  if (wanted.includes("All")) return "yes"
  const locations = Object.values(it.namedLocations).filter(
    ({ id, isTrusted }) => wanted.includes(id) || (isTrusted && wanted.includes("AllTrusted")),
  )
  return anyOf(locations.map((location) => isInside(location, it)))
}

const both = (included: Match, excluded: Match): Match => {
  if (included === "no" || excluded === "yes") return "no"
  return included === "unknown" || excluded === "unknown" ? "unknown" : "yes"
}

const matchPlatform = (wanted: readonly string[], platform: string | undefined): Match => {
  if (wanted.length === 0) return "no"
  if (wanted.includes("all")) return "yes"
  return platform === undefined ? "unknown" : wanted.includes(platform) ? "yes" : "no"
}

/** A device about which nothing is known has no value for any attribute (IDN-168). */
const matchDevice = (filter: DeviceFilter | undefined, { device }: SignInContext): Match => {
  if (filter === undefined) return "yes"
  const parsed = knownDeviceFilter(filter.rule)
  if (Result.isFailure(parsed)) return "no"
  return asMatch(parsed.success(device ?? {}) === (filter.mode === "include"))
}

const asMatch = (isMet: boolean): Match => (isMet ? "yes" : "no")

/** The conditions in the order of asking; none is looked at after one that does not hold. */
const questions: readonly (readonly [
  AnalysisReason | "target",
  (conditions: Conditions, it: SignInContext) => Match,
])[] = [
  ["users", ({ users }, it) => asMatch(matchUsers(users, it))],
  ["target", ({ applications }, it) => asMatch(matchApplication(applications, it))],
  ["clientApps", ({ clientAppTypes }, it) => asMatch(matchClientApp(clientAppTypes, it))],
  [
    "location",
    ({ locations }, it) =>
      locations === undefined
        ? "yes"
        : both(isAt(locations.includeLocations, it), isAt(locations.excludeLocations, it)),
  ],
  [
    "devicePlatform",
    ({ platforms }, { platform }) =>
      platforms === undefined
        ? "yes"
        : both(
            matchPlatform(platforms.includePlatforms, platform),
            matchPlatform(platforms.excludePlatforms, platform),
          ),
  ],
  ["devices", ({ deviceFilter }, it) => matchDevice(deviceFilter, it)],
  ["signInRisk", ({ signInRiskLevels }, it) => matchRisk(signInRiskLevels, it.signInRiskLevel)],
  ["userRisk", ({ userRiskLevels }, it) => matchRisk(userRiskLevels, it.userRiskLevel)],
]

/**
 * Whether a policy applies to a sign-in: every configured condition must match (IDN-145). The
 * conditions are asked in a fixed order, so that the reason is the first that does not hold.
 */
export const matchPolicy = (policy: ConditionalAccessPolicy, it: SignInContext): PolicyMatch => {
  const { conditions } = policy
  if (policy.state === "disabled") return { applies: "no", reason: "policyNotEnabled" }
  if (policy.grantControls === undefined && policy.sessionControls === undefined) {
    return { applies: "no", reason: "emptyPolicy" }
  }
  let open: AnalysisReason | undefined
  for (const [reason, holds] of questions) {
    const answer = holds(conditions, it)
    if (answer === "no") {
      return {
        applies: "no",
        reason: reason === "target" ? targetKind(conditions.applications, it) : reason,
      }
    }
    if (answer === "unknown" && reason !== "target") open ??= reason
  }
  return open === undefined ? { applies: "yes" } : { applies: "unknown", reason: open }
}

const matchRisk = (levels: readonly string[], level: string): Match =>
  asMatch(levels.length === 0 || levels.includes(level))
