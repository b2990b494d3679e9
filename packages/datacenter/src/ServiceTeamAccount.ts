import { days } from "@twin/kernel"
import { DateTime, Schema } from "effect"
import { Environment } from "./Component.ts"
import { ApprovalStep } from "./LockboxRole.ts"
import { Service } from "./Service.ts"

/** What HR and security check before somebody may ask for anything (DCO-037). */
export const ScreeningKind = Schema.Literals([
  "identity",
  "criminal-history",
  "education",
  "employment-history",
  "sanctions-lists",
  "citizenship",
])
export type ScreeningKind = typeof ScreeningKind.Type

/** The kinds that an environment demands; one missing closes that environment only (DCO-037). */
export const screeningsFor: Readonly<Record<Environment, readonly ScreeningKind[]>> = {
  worldwide: ["identity", "criminal-history", "education", "employment-history", "sanctions-lists"],
  "us-government": [
    "identity",
    "criminal-history",
    "education",
    "employment-history",
    "sanctions-lists",
    "citizenship",
  ],
}

/** Permission to *ask* for access to a set of assets (DCO-016, DCO-040). */
export const Eligibility = Schema.Struct({
  service: Service,
  environment: Environment,
  /** Set by a transfer; the new manager's approval takes it away again (DCO-033). */
  expiresAt: Schema.optionalKey(Schema.Finite),
})
export type Eligibility = typeof Eligibility.Type

/** The right to decide on requests for one role, at one step of its chain (DCO-047, DCO-063). */
export const ApproverDesignation = Schema.Struct({
  role: Schema.NonEmptyString,
  step: ApprovalStep,
})
export type ApproverDesignation = typeof ApproverDesignation.Type

/** Why an account is switched off. */
export const DisabledBecause = Schema.Literals([
  "ScreeningExpired",
  "TrainingExpired",
  "Inactive",
  "SecurityResponse",
])
export type DisabledBecause = typeof DisabledBecause.Type

/**
 * The production identity of one person (SM-7). It holds no privileged right at any time; standing
 * privileges can only stand here as drift, for validation to find.
 */
export const ServiceTeamAccount = Schema.Struct({
  /** Alias, lower case. */
  id: Schema.NonEmptyString,
  displayName: Schema.NonEmptyString,
  team: Schema.NonEmptyString,
  manager: Schema.NonEmptyString,
  state: Schema.Literals(["Active", "Disabled", "Locked", "Removed"]),
  disabledBecause: Schema.optionalKey(DisabledBecause),
  /** May decide about accounts and roles of others (DCO-027). */
  isAuthorisedManager: Schema.Boolean,
  /** Member of the security response team (DCO-060). */
  isSecurityResponder: Schema.Boolean,
  eligibilities: Schema.Array(Eligibility),
  lockboxRoles: Schema.Array(Schema.NonEmptyString),
  approverFor: Schema.Array(ApproverDesignation),
  screenings: Schema.Array(ScreeningKind),
  /** End of the cloud background check (DCO-028). */
  screeningValidUntil: Schema.Finite,
  /** End of the yearly training (DCO-029). */
  trainingValidUntil: Schema.Finite,
  lastUsedAt: Schema.Finite,
  /** One card for each platform (DCO-075). */
  smartCards: Schema.Array(Service),
  /** Health of the secure workstation at its last check (DCO-068). */
  isWorkstationCompliant: Schema.Boolean,
  hasPhysicalAccess: Schema.Boolean,
  standingPrivileges: Schema.Array(Schema.NonEmptyString),
})
export type ServiceTeamAccount = typeof ServiceTeamAccount.Type

/** The eligibilities in force at a moment. */
export const eligibilitiesAt = (account: ServiceTeamAccount, now: number): readonly Eligibility[] =>
  account.eligibilities.filter(({ expiresAt }) => expiresAt === undefined || now < expiresAt)

/** Whether every screening kind of the environment is there. */
export const isScreenedFor = (account: ServiceTeamAccount, environment: Environment): boolean =>
  screeningsFor[environment].every((kind) => account.screenings.includes(kind))

/** The moment at which an unused account is switched off (DCO-030). */
export const inactiveAt = (account: ServiceTeamAccount, inactivityDays: number): number =>
  account.lastUsedAt + days(inactivityDays)

/** The same day and hour so many years or months later, UTC (DCO-028, DCO-029). */
export const calendarLater = (
  now: number,
  later: { readonly years?: number; readonly months?: number },
): number => DateTime.add(DateTime.makeUnsafe(now), later).epochMilliseconds
