/** What a property holds, and with it which operators it takes. */
export type PropertyType = "string" | "boolean" | "date" | "strings" | "plans" | "groups"

/** A rule is about users or about devices, never about both (IDN-194). */
export type RuleScope = "user" | "device"

export interface RuleProperty {
  /** As the documentation spells it, without `user.` or `device.`. */
  readonly name: string
  readonly type: PropertyType
  /** The only values that the property has, in lower case; absent where any text may stand. */
  readonly values?: readonly string[]
}

const extensionAttributes = Array.from(
  { length: 15 },
  (_, index) => `extensionAttribute${index + 1}`,
)

const text = (name: string): RuleProperty => ({ name, type: "string" })

const byName = (list: readonly RuleProperty[]): ReadonlyMap<string, RuleProperty> =>
  new Map(list.map((it) => [it.name.toLowerCase(), it]))

/** Properties of `user.` (IDN-202 to IDN-204, IDN-206), by name in lower case. */
const userProperties = byName([
  ...[
    "city",
    "country",
    "companyName",
    "department",
    "displayName",
    "employeeId",
    "facsimileTelephoneNumber",
    "givenName",
    "jobTitle",
    "mail",
    "mailNickName",
    "mobile",
    "objectId",
    "onPremisesDistinguishedName",
    "onPremisesSecurityIdentifier",
    "passwordPolicies",
    "physicalDeliveryOfficeName",
    "postalCode",
    "preferredLanguage",
    "sipProxyAddress",
    "state",
    "streetAddress",
    "surname",
    "telephoneNumber",
    "usageLocation",
    "userPrincipalName",
    ...extensionAttributes,
  ].map(text),
  { name: "userType", type: "string", values: ["member", "guest"] },
  { name: "accountEnabled", type: "boolean" },
  { name: "dirSyncEnabled", type: "boolean" },
  { name: "employeeHireDate", type: "date" },
  { name: "otherMails", type: "strings" },
  { name: "proxyAddresses", type: "strings" },
  { name: "assignedPlans", type: "plans" },
  { name: "memberOf", type: "groups" },
])

/** Properties of `device.` (IDN-216), by name in lower case. */
const deviceProperties = byName([
  ...[
    "deviceCategory",
    "deviceId",
    "deviceManagementAppId",
    "deviceManufacturer",
    "deviceModel",
    "displayName",
    "deviceOSType",
    "deviceOSVersion",
    "deviceOwnership",
    "enrollmentProfileName",
    "managementType",
    "objectId",
    "profileType",
    ...extensionAttributes,
  ].map(text),
  { name: "deviceTrustType", type: "string", values: ["azuread", "serverad", "workplace"] },
  { name: "accountEnabled", type: "boolean" },
  { name: "isRooted", type: "boolean" },
  { name: "devicePhysicalIds", type: "strings" },
  { name: "systemLabels", type: "strings" },
  { name: "memberOf", type: "groups" },
])

const tables: Readonly<Record<RuleScope, ReadonlyMap<string, RuleProperty>>> = {
  user: userProperties,
  device: deviceProperties,
}

/** Every property that a rule of this scope may test, directory extensions left out. */
export const ruleProperties = (scope: RuleScope): readonly RuleProperty[] => [
  ...tables[scope].values(),
]

/**
 * A property by the name in a rule; undefined for one that no rule may test, such as the invitation
 * state (IDN-205). Directory extensions of users carry the id of their application.
 */
export const ruleProperty = (scope: RuleScope, given: string): RuleProperty | undefined => {
  const known = tables[scope].get(given.toLowerCase())
  if (known !== undefined) return known
  return scope === "user" && /^extension_[0-9a-f]{32}_\w+$/i.test(given)
    ? { name: given, type: "string" }
    : undefined
}

/** The fields of an assigned plan that a rule may test, as the documentation spells them. */
export const planFields = ["capabilityStatus", "service", "servicePlanId"] as const

export const planField = (given: string): string | undefined =>
  planFields.find((it) => it.toLowerCase() === given.toLowerCase())
