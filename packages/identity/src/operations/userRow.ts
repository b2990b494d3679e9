import { isoOf, type OutputObject } from "@twin/kernel"
import type { Schema } from "effect"
import type { DirectoryUser } from "../DirectoryUser.ts"

const orNull = (profile: DirectoryUser["profile"], key: string): string | null =>
  Object.hasOwn(profile, key) ? (profile[key] ?? null) : null

/** Everything a user object shows; `Get-MgUser` prints a part of it unless told otherwise. */
export const fullUserRow = (user: DirectoryUser): Readonly<Record<string, Schema.Json>> => ({
  DisplayName: user.displayName,
  Id: user.id,
  Mail: user.mail ?? null,
  UserPrincipalName: user.userPrincipalName,
  GivenName: orNull(user.profile, "givenName"),
  Surname: orNull(user.profile, "surname"),
  JobTitle: orNull(user.profile, "jobTitle"),
  Department: orNull(user.profile, "department"),
  CompanyName: orNull(user.profile, "companyName"),
  City: orNull(user.profile, "city"),
  Country: orNull(user.profile, "country"),
  UsageLocation: orNull(user.profile, "usageLocation"),
  OfficeLocation: orNull(user.profile, "physicalDeliveryOfficeName"),
  PreferredLanguage: orNull(user.profile, "preferredLanguage"),
  MobilePhone: orNull(user.profile, "mobile"),
  UserType: user.userType,
  CreationType: user.creationType ?? null,
  ExternalUserState: user.externalUserState ?? null,
  ExternalUserStateChangeDateTime:
    user.externalUserStateChangedAt === undefined ? null : isoOf(user.externalUserStateChangedAt),
  AccountEnabled: user.accountEnabled,
  OtherMails: user.otherMails,
  ProxyAddresses: user.proxyAddresses,
  Identities: user.identities.map(({ signInType, issuer, issuerAssignedId }) => ({
    SignInType: signInType,
    Issuer: issuer,
    IssuerAssignedId: issuerAssignedId ?? null,
  })),
  ShowInAddressList: user.showInAddressList,
  OnPremisesSyncEnabled: user.onPremisesSyncEnabled,
  CreatedDateTime: isoOf(user.createdAt),
})

/** What `Get-MgUser` shows without being asked for more. */
export const shownByDefault = [
  "DisplayName",
  "Id",
  "Mail",
  "UserPrincipalName",
  "GivenName",
  "Surname",
  "JobTitle",
  "OfficeLocation",
  "PreferredLanguage",
  "MobilePhone",
]

/**
 * The properties asked for, or the few that come without asking: the guest's state is not among
 * them. `*` shows all.
 */
export const userRow = (user: DirectoryUser, properties?: readonly string[]): OutputObject =>
  userProperties(fullUserRow(user), properties)

/** The same for a row that holds everything. */
export const userProperties = (
  row: OutputObject,
  properties: readonly string[] | undefined,
): OutputObject => {
  if (properties?.includes("*") === true) return row
  const wanted = (properties ?? shownByDefault).map((it) => it.toLowerCase())
  return Object.fromEntries(
    Object.entries(row).filter(([name]) => wanted.includes(name.toLowerCase())),
  )
}
