import { Schema } from "effect"
import {
  ClientAppType,
  type Conditions,
  DeviceFilter,
  ExternalUserType,
  GrantControl,
  type GrantControls,
  type GuestsOrExternalUsers,
  PolicyState,
  RiskLevel,
  type SessionControls,
  type UserCondition,
} from "../ConditionalAccessPolicy.ts"
import { roleNameOf } from "../Role.ts"

const names = Schema.optionalKey(Schema.Array(Schema.String))
/** Part of the real resource, and not of the twin: it may be there, but it cannot be obeyed. */
const beyond = Schema.optionalKey(Schema.Json)

const Guests = Schema.Struct({
  /** A list, or the words joined by commas as the service returns them. */
  guestOrExternalUserTypes: Schema.Array(Schema.String),
  externalTenants: Schema.optionalKey(
    Schema.Struct({
      membershipKind: Schema.optionalKey(Schema.Literals(["all", "enumerated"])),
      members: names,
    }),
  ),
})

const PolicyConditions = Schema.Struct({
  users: Schema.optionalKey(
    Schema.Struct({
      includeUsers: names,
      excludeUsers: names,
      includeGroups: names,
      excludeGroups: names,
      includeRoles: names,
      excludeRoles: names,
      includeGuestsOrExternalUsers: Schema.optionalKey(Guests),
      excludeGuestsOrExternalUsers: Schema.optionalKey(Guests),
    }),
  ),
  applications: Schema.optionalKey(
    Schema.Struct({
      includeApplications: names,
      excludeApplications: names,
      includeUserActions: names,
      includeAuthenticationContextClassReferences: names,
      applicationFilter: beyond,
    }),
  ),
  clientAppTypes: Schema.optionalKey(Schema.Array(ClientAppType)),
  locations: Schema.optionalKey(
    Schema.Struct({ includeLocations: names, excludeLocations: names }),
  ),
  platforms: Schema.optionalKey(
    Schema.Struct({ includePlatforms: names, excludePlatforms: names }),
  ),
  signInRiskLevels: Schema.optionalKey(Schema.Array(RiskLevel)),
  userRiskLevels: Schema.optionalKey(Schema.Array(RiskLevel)),
  devices: Schema.optionalKey(
    Schema.Struct({ deviceFilter: Schema.optionalKey(Schema.NullOr(DeviceFilter)) }),
  ),
  insiderRiskLevels: beyond,
  authenticationFlows: beyond,
  clientApplications: beyond,
  servicePrincipalRiskLevels: beyond,
})

const Grant = Schema.Struct({
  operator: Schema.optionalKey(Schema.Literals(["AND", "OR"])),
  builtInControls: Schema.optionalKey(Schema.Array(GrantControl)),
  termsOfUse: names,
  authenticationStrength: Schema.optionalKey(Schema.Struct({ id: Schema.NonEmptyString })),
  customAuthenticationFactors: beyond,
})

const Session = Schema.Struct({
  applicationEnforcedRestrictions: Schema.optionalKey(Schema.Struct({ isEnabled: Schema.Boolean })),
  signInFrequency: Schema.optionalKey(
    Schema.Struct({
      value: Schema.optionalKey(Schema.NullOr(Schema.Int)),
      type: Schema.optionalKey(Schema.NullOr(Schema.Literals(["hours", "days"]))),
      frequencyInterval: Schema.optionalKey(Schema.Literals(["timeBased", "everyTime"])),
      authenticationType: beyond,
      isEnabled: Schema.optionalKey(Schema.Boolean),
    }),
  ),
  persistentBrowser: Schema.optionalKey(
    Schema.Struct({
      mode: Schema.Literals(["always", "never"]),
      isEnabled: Schema.optionalKey(Schema.Boolean),
    }),
  ),
  cloudAppSecurity: Schema.optionalKey(
    Schema.Struct({
      cloudAppSecurityType: Schema.Literals(["mcasConfigured", "monitorOnly", "blockDownloads"]),
      isEnabled: Schema.optionalKey(Schema.Boolean),
    }),
  ),
  disableResilienceDefaults: Schema.optionalKey(Schema.Boolean),
  continuousAccessEvaluation: Schema.optionalKey(
    Schema.Struct({ mode: Schema.Literals(["strictEnforcement", "disabled", "strictLocation"]) }),
  ),
})

export const policyBody = {
  displayName: Schema.NonEmptyString,
  state: PolicyState,
  conditions: PolicyConditions,
  grantControls: Schema.optionalKey(Schema.NullOr(Grant)),
  sessionControls: Schema.optionalKey(Schema.NullOr(Session)),
}
export const PolicyBody = Schema.Struct(policyBody)
export type PolicyBody = typeof PolicyBody.Type

const beyondNames = [
  "applicationFilter",
  "insiderRiskLevels",
  "authenticationFlows",
  "clientApplications",
  "servicePrincipalRiskLevels",
  "customAuthenticationFactors",
  "authenticationType",
]

const isSaid = (value: unknown): boolean =>
  value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)

/** Names of everything in the body that the twin cannot obey, sorted. */
export const beyondTheTwin = (body: unknown): readonly string[] => {
  if (typeof body !== "object" || body === null) return []
  return Object.entries(body)
    .flatMap(([name, value]) =>
      beyondNames.includes(name) ? (isSaid(value) ? [name] : []) : beyondTheTwin(value),
    )
    .toSorted()
}

const guestsOf = (guests: typeof Guests.Type | undefined): GuestsOrExternalUsers | undefined => {
  if (guests === undefined) return undefined
  const words = guests.guestOrExternalUserTypes
    .flatMap((it) => it.split(","))
    .map((it) => it.trim())
  const { literals } = ExternalUserType
  const types = literals.filter((it) =>
    words.some((word) => word.toLowerCase() === it.toLowerCase()),
  )
  const members = guests.externalTenants?.members
  return {
    guestOrExternalUserTypes: types,
    ...(guests.externalTenants?.membershipKind === "enumerated" || members !== undefined
      ? { externalTenants: members ?? [] }
      : {}),
  }
}

const asNames = (ids: readonly string[] = []): readonly string[] =>
  ids.map((id) => roleNameOf(id) ?? id)

const usersFrom = (users: NonNullable<PolicyBody["conditions"]["users"]>): UserCondition => {
  const included = guestsOf(users.includeGuestsOrExternalUsers)
  const excluded = guestsOf(users.excludeGuestsOrExternalUsers)
  return {
    includeUsers: users.includeUsers ?? [],
    excludeUsers: users.excludeUsers ?? [],
    includeGroups: users.includeGroups ?? [],
    excludeGroups: users.excludeGroups ?? [],
    includeRoles: asNames(users.includeRoles),
    excludeRoles: asNames(users.excludeRoles),
    ...(included === undefined ? {} : { includeGuestsOrExternalUsers: included }),
    ...(excluded === undefined ? {} : { excludeGuestsOrExternalUsers: excluded }),
  }
}

const filterFrom = (filter: DeviceFilter | null | undefined): Pick<Conditions, "deviceFilter"> =>
  filter === null || filter === undefined ? {} : { deviceFilter: filter }

/** The conditions with everything written out that was left to the default. */
export const conditionsFrom = (conditions: PolicyBody["conditions"]): Conditions => ({
  users: usersFrom(conditions.users ?? {}),
  applications: {
    includeApplications: conditions.applications?.includeApplications ?? [],
    excludeApplications: conditions.applications?.excludeApplications ?? [],
    includeUserActions: conditions.applications?.includeUserActions ?? [],
    ...(conditions.applications?.includeAuthenticationContextClassReferences === undefined
      ? {}
      : {
          includeAuthenticationContexts:
            conditions.applications.includeAuthenticationContextClassReferences,
        }),
  },
  clientAppTypes: conditions.clientAppTypes ?? ["all"],
  ...(conditions.locations === undefined
    ? {}
    : {
        locations: {
          includeLocations: conditions.locations.includeLocations ?? [],
          excludeLocations: conditions.locations.excludeLocations ?? [],
        },
      }),
  ...(conditions.platforms === undefined
    ? {}
    : {
        platforms: {
          includePlatforms: conditions.platforms.includePlatforms ?? [],
          excludePlatforms: conditions.platforms.excludePlatforms ?? [],
        },
      }),
  ...filterFrom(conditions.devices?.deviceFilter),
  signInRiskLevels: conditions.signInRiskLevels ?? [],
  userRiskLevels: conditions.userRiskLevels ?? [],
})

/** The controls with the default operator; an empty set demands nothing. */
export const grantFrom = (grant: PolicyBody["grantControls"]): GrantControls | undefined => {
  if (grant === undefined || grant === null) return undefined
  const { authenticationStrength: strength } = grant
  return {
    operator: grant.operator ?? "AND",
    builtInControls: grant.builtInControls ?? [],
    termsOfUse: grant.termsOfUse ?? [],
    ...(strength === undefined ? {} : { authenticationStrength: strength.id }),
  }
}

/** Every time counts as five minutes, the documented grace (IDN-174). */
const everyTimeHours = 5 / 60

export const sessionFrom = (
  session: PolicyBody["sessionControls"],
): SessionControls | undefined => {
  if (session === undefined || session === null) return undefined
  const frequency = session.signInFrequency
  const hours =
    frequency?.frequencyInterval === "everyTime"
      ? everyTimeHours
      : (frequency?.value ?? 0) * (frequency?.type === "days" ? 24 : 1)
  const isRestricted = session.applicationEnforcedRestrictions?.isEnabled
  return {
    ...(isRestricted === undefined ? {} : { applicationEnforcedRestrictions: isRestricted }),
    ...(frequency === undefined || frequency.isEnabled === false || hours === 0
      ? {}
      : { signInFrequencyHours: hours }),
    ...(session.persistentBrowser === undefined || session.persistentBrowser.isEnabled === false
      ? {}
      : { persistentBrowser: session.persistentBrowser.mode }),
    ...(session.cloudAppSecurity === undefined || session.cloudAppSecurity.isEnabled === false
      ? {}
      : { cloudAppSecurity: session.cloudAppSecurity.cloudAppSecurityType }),
    ...(session.disableResilienceDefaults === undefined
      ? {}
      : { disableResilienceDefaults: session.disableResilienceDefaults }),
    ...(session.continuousAccessEvaluation === undefined
      ? {}
      : { continuousAccessEvaluation: session.continuousAccessEvaluation.mode }),
  }
}
