import { Schema } from "effect"

/** Who may invite guests (IDN-024). */
export const AllowInvitesFrom = Schema.Literals([
  "none",
  "adminsAndGuestInviters",
  "adminsGuestInvitersAndAllMembers",
  "everyone",
])
export type AllowInvitesFrom = typeof AllowInvitesFrom.Type

/** What guests may see of the directory (IDN-099), by the id of the pseudo role. */
export const guestUserRoleIds = {
  sameAsMembers: "a0b1b346-4d3e-4e8b-98f8-753987be4970",
  limited: "10dae51f-b6af-4016-8d66-8c2a99b929b3",
  restricted: "2af84b1e-32c8-42b7-82bc-daa82404023b",
} as const

export const GuestUserRoleId = Schema.Literals([
  guestUserRoleIds.sameAsMembers,
  guestUserRoleIds.limited,
  guestUserRoleIds.restricted,
])
export type GuestUserRoleId = typeof GuestUserRoleId.Type

export const AuthorizationPolicy = Schema.Struct({
  allowInvitesFrom: AllowInvitesFrom,
  guestUserRoleId: GuestUserRoleId,
  allowEmailVerifiedUsersToJoinOrganization: Schema.Boolean,
  allowedToUseSspr: Schema.Boolean,
  blockMsolPowerShell: Schema.Boolean,
})
export type AuthorizationPolicy = typeof AuthorizationPolicy.Type

export const AuthorizationPolicyChanges = Schema.Struct({
  allowInvitesFrom: Schema.optionalKey(AllowInvitesFrom),
  guestUserRoleId: Schema.optionalKey(GuestUserRoleId),
  allowEmailVerifiedUsersToJoinOrganization: Schema.optionalKey(Schema.Boolean),
  allowedToUseSspr: Schema.optionalKey(Schema.Boolean),
  blockMsolPowerShell: Schema.optionalKey(Schema.Boolean),
})

/** Exactly one list, allow or block; "any domain" is an empty block list (IDN-102). */
export const DomainList = Schema.Struct({
  kind: Schema.Literals(["allow", "block"]),
  domains: Schema.Array(Schema.NonEmptyString),
})
export type DomainList = typeof DomainList.Type

/** `default` behaves as enabled since October 2021 (IDN-051). */
export const EmailOtpState = Schema.Literals(["default", "enabled", "disabled"])
export type EmailOtpState = typeof EmailOtpState.Type

export interface CollaborationSettings {
  readonly authorizationPolicy: AuthorizationPolicy
  readonly domainList: DomainList
  readonly allowExternalIdToUseEmailOtp: EmailOtpState
  /** Google federation for gmail.com and googlemail.com (IDN-062). */
  readonly isGoogleFederated: boolean
}

/** A new tenant's settings. */
export const initialCollaborationSettings: CollaborationSettings = {
  authorizationPolicy: {
    allowInvitesFrom: "everyone",
    guestUserRoleId: guestUserRoleIds.limited,
    allowEmailVerifiedUsersToJoinOrganization: true,
    allowedToUseSspr: true,
    blockMsolPowerShell: false,
  },
  domainList: { kind: "block", domains: [] },
  allowExternalIdToUseEmailOtp: "default",
  isGoogleFederated: false,
}

/** `*.example.com` is not documented for the lists: a domain is listed by its own name only. */
export const isListed = ({ domains }: DomainList, domain: string): boolean =>
  domains.some((it) => it.toLowerCase() === domain.toLowerCase())
