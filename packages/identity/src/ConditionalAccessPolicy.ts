import { Schema } from "effect"

/** External user types a condition may name (IDN-156). */
export const ExternalUserType = Schema.Literals([
  "internalGuest",
  "b2bCollaborationGuest",
  "b2bCollaborationMember",
  "b2bDirectConnectUser",
  "otherExternalUser",
  "serviceProvider",
])
export type ExternalUserType = typeof ExternalUserType.Type

/** External users of these types, from all tenants or from those enumerated. */
export const GuestsOrExternalUsers = Schema.Struct({
  guestOrExternalUserTypes: Schema.Array(ExternalUserType),
  /** Absent: all tenants. */
  externalTenants: Schema.optionalKey(Schema.Array(Schema.String)),
})
export type GuestsOrExternalUsers = typeof GuestsOrExternalUsers.Type

/** `All`, `None`, `GuestsOrExternalUsers` or object ids (IDN-155). */
export const UserCondition = Schema.Struct({
  includeUsers: Schema.Array(Schema.String),
  excludeUsers: Schema.Array(Schema.String),
  includeGroups: Schema.Array(Schema.String),
  excludeGroups: Schema.Array(Schema.String),
  /** Role display names here; the cmdlets take template ids or names. */
  includeRoles: Schema.Array(Schema.String),
  excludeRoles: Schema.Array(Schema.String),
  includeGuestsOrExternalUsers: Schema.optionalKey(GuestsOrExternalUsers),
  excludeGuestsOrExternalUsers: Schema.optionalKey(GuestsOrExternalUsers),
})
export type UserCondition = typeof UserCondition.Type

/** `All`, `None`, `Office365`, `MicrosoftAdminPortals` or application ids (IDN-160). */
export const ApplicationCondition = Schema.Struct({
  includeApplications: Schema.Array(Schema.String),
  excludeApplications: Schema.Array(Schema.String),
  includeUserActions: Schema.Array(Schema.String),
  /** Ids of authentication contexts, e.g. `c1`. */
  includeAuthenticationContexts: Schema.optionalKey(Schema.Array(Schema.String)),
})
export type ApplicationCondition = typeof ApplicationCondition.Type

export const ClientAppType = Schema.Literals([
  "all",
  "browser",
  "mobileAppsAndDesktopClients",
  "exchangeActiveSync",
  "easSupported",
  "other",
])
export type ClientAppType = typeof ClientAppType.Type

export const RiskLevel = Schema.Literals(["low", "medium", "high", "hidden", "none"])

/** `All`, `AllTrusted` or ids of named locations. */
export const LocationCondition = Schema.Struct({
  includeLocations: Schema.Array(Schema.String),
  excludeLocations: Schema.Array(Schema.String),
})

export const PlatformCondition = Schema.Struct({
  includePlatforms: Schema.Array(Schema.String),
  excludePlatforms: Schema.Array(Schema.String),
})

/** A filter for devices: the policy concerns those that it matches, or all but those (IDN-168). */
export const DeviceFilter = Schema.Struct({
  mode: Schema.Literals(["include", "exclude"]),
  rule: Schema.NonEmptyString,
})
export type DeviceFilter = typeof DeviceFilter.Type

/** All configured conditions must match; what is absent matches (IDN-145). */
export const Conditions = Schema.Struct({
  users: UserCondition,
  applications: ApplicationCondition,
  clientAppTypes: Schema.Array(ClientAppType),
  locations: Schema.optionalKey(LocationCondition),
  platforms: Schema.optionalKey(PlatformCondition),
  deviceFilter: Schema.optionalKey(DeviceFilter),
  signInRiskLevels: Schema.Array(RiskLevel),
  userRiskLevels: Schema.Array(RiskLevel),
})
export type Conditions = typeof Conditions.Type

export const GrantControl = Schema.Literals([
  "block",
  "mfa",
  "compliantDevice",
  "domainJoinedDevice",
  "approvedApplication",
  "compliantApplication",
  "passwordChange",
  "riskRemediation",
])
export type GrantControl = typeof GrantControl.Type

export const GrantControls = Schema.Struct({
  operator: Schema.Literals(["AND", "OR"]),
  builtInControls: Schema.Array(GrantControl),
  /** Names of terms of use. */
  termsOfUse: Schema.Array(Schema.String),
  /** Id or name of an authentication strength. */
  authenticationStrength: Schema.optionalKey(Schema.String),
})
export type GrantControls = typeof GrantControls.Type

export const SessionControls = Schema.Struct({
  applicationEnforcedRestrictions: Schema.optionalKey(Schema.Boolean),
  /** Absent: the rolling default of 90 days (IDN-175). */
  signInFrequencyHours: Schema.optionalKey(Schema.Number),
  persistentBrowser: Schema.optionalKey(Schema.Literals(["always", "never"])),
  /** Conditional Access App Control: the session runs through its proxy. */
  cloudAppSecurity: Schema.optionalKey(
    Schema.Literals(["mcasConfigured", "monitorOnly", "blockDownloads"]),
  ),
  disableResilienceDefaults: Schema.optionalKey(Schema.Boolean),
  continuousAccessEvaluation: Schema.optionalKey(
    Schema.Literals(["strictEnforcement", "disabled", "strictLocation"]),
  ),
})
export type SessionControls = typeof SessionControls.Type

export const PolicyState = Schema.Literals([
  "enabled",
  "disabled",
  "enabledForReportingButNotEnforced",
])
export type PolicyState = typeof PolicyState.Type

export const ConditionalAccessPolicy = Schema.Struct({
  id: Schema.NonEmptyString,
  displayName: Schema.NonEmptyString,
  state: PolicyState,
  conditions: Conditions,
  grantControls: Schema.optionalKey(GrantControls),
  sessionControls: Schema.optionalKey(SessionControls),
  createdAt: Schema.Number,
})
export type ConditionalAccessPolicy = typeof ConditionalAccessPolicy.Type

/** IP ranges in CIDR form, or countries (IDN-165). */
export const NamedLocation = Schema.Struct({
  id: Schema.NonEmptyString,
  displayName: Schema.NonEmptyString,
  isTrusted: Schema.Boolean,
  ipRanges: Schema.Array(Schema.String),
  countries: Schema.Array(Schema.String),
})
export type NamedLocation = typeof NamedLocation.Type

/** IDN-152, IDN-165; newer numbers were not verified. */
export const policyLimit = 195
export const namedLocationLimit = 195

/** A policy without conditions applies to nobody: users and target must be named. */
export const emptyUsers: UserCondition = {
  includeUsers: [],
  excludeUsers: [],
  includeGroups: [],
  excludeGroups: [],
  includeRoles: [],
  excludeRoles: [],
}
