import { Schema } from "effect"
import { addressOfProxy, normalizeAddress } from "./Address.ts"
import { MfaMethod } from "./Person.ts"

export const UserType = Schema.Literals(["Member", "Guest"])
export type UserType = typeof UserType.Type

/** Whether an external user has redeemed the invitation (IDN-006). */
export const ExternalUserState = Schema.Literals(["PendingAcceptance", "Accepted"])
export type ExternalUserState = typeof ExternalUserState.Type

/** One way to sign in as a user: who vouches for it, and the name there. */
export const UserIdentity = Schema.Struct({
  signInType: Schema.Literals(["userPrincipalName", "federated", "emailAddress"]),
  /** IDN-007: `ExternalAzureAD`, `MicrosoftAccount`, `google.com`, `mail` or the host's own domain. */
  issuer: Schema.NonEmptyString,
  issuerAssignedId: Schema.optionalKey(Schema.String),
})
export type UserIdentity = typeof UserIdentity.Type

export const AssignedPlan = Schema.Struct({
  service: Schema.String,
  servicePlanId: Schema.String,
  capabilityStatus: Schema.String,
})

const userFields = {
  userPrincipalName: Schema.NonEmptyString,
  displayName: Schema.String,
  mail: Schema.optionalKey(Schema.String),
  otherMails: Schema.Array(Schema.String),
  /** `SMTP:` in upper case marks the primary address, `smtp:` an alias. */
  proxyAddresses: Schema.Array(Schema.String),
  userType: UserType,
  externalUserState: Schema.optionalKey(ExternalUserState),
  externalUserStateChangedAt: Schema.optionalKey(Schema.Number),
  creationType: Schema.optionalKey(Schema.Literals(["Invitation"])),
  identities: Schema.Array(UserIdentity),
  accountEnabled: Schema.Boolean,
  /** The address that the guest was invited with, and with which the invitation is redeemed. */
  invitedAddress: Schema.optionalKey(Schema.String),
  sponsors: Schema.Array(Schema.String),
  showInAddressList: Schema.Boolean,
  /** Second factors registered in this tenant. */
  mfaMethods: Schema.Array(MfaMethod),
  /** Object id of the manager. */
  manager: Schema.optionalKey(Schema.String),
  assignedPlans: Schema.Array(AssignedPlan),
  /** Further string properties by their Graph name: `department`, `jobTitle`, `city`, ... */
  profile: Schema.Record(Schema.String, Schema.String),
  employeeHireDate: Schema.optionalKey(Schema.Number),
  onPremisesSyncEnabled: Schema.Boolean,
}

/** A user object of this tenant. Times are epoch milliseconds. */
export const DirectoryUser = Schema.Struct({
  id: Schema.NonEmptyString,
  ...userFields,
  createdAt: Schema.Number,
})
export type DirectoryUser = typeof DirectoryUser.Type

/** Properties that change later. */
export const UserChanges = Schema.Struct({
  userPrincipalName: Schema.optionalKey(userFields.userPrincipalName),
  displayName: Schema.optionalKey(userFields.displayName),
  mail: userFields.mail,
  otherMails: Schema.optionalKey(userFields.otherMails),
  proxyAddresses: Schema.optionalKey(userFields.proxyAddresses),
  userType: Schema.optionalKey(userFields.userType),
  accountEnabled: Schema.optionalKey(userFields.accountEnabled),
  showInAddressList: Schema.optionalKey(userFields.showInAddressList),
  mfaMethods: Schema.optionalKey(userFields.mfaMethods),
  manager: userFields.manager,
  assignedPlans: Schema.optionalKey(userFields.assignedPlans),
  profile: Schema.optionalKey(userFields.profile),
  employeeHireDate: userFields.employeeHireDate,
})
export type UserChanges = typeof UserChanges.Type

/** A user with sensible defaults: the primary address is the principal name. */
export const memberUser = (
  user: Pick<DirectoryUser, "id" | "userPrincipalName" | "displayName"> & Partial<DirectoryUser>,
): DirectoryUser => ({
  mail: normalizeAddress(user.userPrincipalName),
  otherMails: [],
  proxyAddresses: [`SMTP:${normalizeAddress(user.mail ?? user.userPrincipalName)}`],
  userType: "Member",
  identities: [
    {
      signInType: "userPrincipalName",
      issuer: user.userPrincipalName.split("@")[1] ?? "",
      issuerAssignedId: user.userPrincipalName,
    },
  ],
  accountEnabled: true,
  sponsors: [],
  showInAddressList: true,
  mfaMethods: [],
  assignedPlans: [],
  profile: {},
  onPremisesSyncEnabled: false,
  createdAt: 0,
  ...user,
})

/** Whether another identity provider signs this user in (a B2B collaboration user). */
export const isExternalUser = (user: DirectoryUser): boolean =>
  user.creationType === "Invitation" || user.externalUserState !== undefined

/** The four kinds by authentication and relationship (IDN-005). */
export const userKindOf = (
  user: DirectoryUser,
): "internal member" | "internal guest" | "external member" | "external guest" =>
  isExternalUser(user)
    ? user.userType === "Guest"
      ? "external guest"
      : "external member"
    : user.userType === "Guest"
      ? "internal guest"
      : "internal member"

/** Who vouches for the user: the issuer of the first identity. */
export const issuerOf = (user: DirectoryUser): string => user.identities[0]?.issuer ?? ""

/** Every address the user is found by, lower case, no address twice. */
export const addressesOfUser = (user: DirectoryUser): readonly string[] => [
  ...new Set(
    [
      ...(user.mail === undefined ? [] : [user.mail]),
      ...user.proxyAddresses.map(addressOfProxy),
      ...(user.invitedAddress === undefined ? [] : [user.invitedAddress]),
    ].map(normalizeAddress),
  ),
]
