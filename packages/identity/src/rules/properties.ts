/** What a property holds, and with it which operators it takes. */
export type PropertyType = "string" | "boolean" | "date" | "strings" | "plans" | "groups"

const strings = [
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
  "userType",
  ...Array.from({ length: 15 }, (_, index) => `extensionAttribute${index + 1}`),
] as const

/** Properties of `user.` (IDN-202 to IDN-204), by name in lower case. */
const userProperties: ReadonlyMap<string, { readonly name: string; readonly type: PropertyType }> =
  new Map(
    (
      [
        ...strings.map((name) => [name, "string"] as const),
        ["accountEnabled", "boolean"],
        ["dirSyncEnabled", "boolean"],
        ["employeeHireDate", "date"],
        ["otherMails", "strings"],
        ["proxyAddresses", "strings"],
        ["assignedPlans", "plans"],
        ["memberOf", "groups"],
      ] as const
    ).map(([name, type]) => [name.toLowerCase(), { name, type }]),
  )

/**
 * A property by the name in a rule; undefined for one that no rule may test, such as the invitation
 * state (IDN-205). Directory extensions carry the id of their application.
 */
export const userProperty = (
  given: string,
): { readonly name: string; readonly type: PropertyType } | undefined => {
  const known = userProperties.get(given.toLowerCase())
  if (known !== undefined) return known
  return /^extension_[0-9a-f]{32}_\w+$/i.test(given) ? { name: given, type: "string" } : undefined
}

const planFields: readonly string[] = ["capabilityStatus", "service", "servicePlanId"]

/** A field of an assigned plan, as the documentation spells it. */
export const planField = (given: string): string | undefined =>
  planFields.find((it) => it.toLowerCase() === given.toLowerCase())
