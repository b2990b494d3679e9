import { hours, minutes } from "@twin/kernel"
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

/** What every member may do without a role. */
export const DefaultUserRolePermissions = Schema.Struct({
  allowedToCreateApps: Schema.Boolean,
  allowedToCreateSecurityGroups: Schema.Boolean,
  allowedToReadOtherUsers: Schema.Boolean,
  /** Policies that say what users may consent to, e.g. `ManagePermissionGrantsForSelf.{id}`. */
  permissionGrantPoliciesAssigned: Schema.Array(Schema.String),
})
export type DefaultUserRolePermissions = typeof DefaultUserRolePermissions.Type

export const AuthorizationPolicy = Schema.Struct({
  allowInvitesFrom: AllowInvitesFrom,
  guestUserRoleId: GuestUserRoleId,
  allowEmailVerifiedUsersToJoinOrganization: Schema.Boolean,
  allowedToUseSspr: Schema.Boolean,
  blockMsolPowerShell: Schema.Boolean,
  defaultUserRolePermissions: DefaultUserRolePermissions,
})
export type AuthorizationPolicy = typeof AuthorizationPolicy.Type

export const AuthorizationPolicyChanges = Schema.Struct({
  allowInvitesFrom: Schema.optionalKey(AllowInvitesFrom),
  guestUserRoleId: Schema.optionalKey(GuestUserRoleId),
  allowEmailVerifiedUsersToJoinOrganization: Schema.optionalKey(Schema.Boolean),
  allowedToUseSspr: Schema.optionalKey(Schema.Boolean),
  blockMsolPowerShell: Schema.optionalKey(Schema.Boolean),
  defaultUserRolePermissions: Schema.optionalKey(
    Schema.Struct({
      allowedToCreateApps: Schema.optionalKey(Schema.Boolean),
      allowedToCreateSecurityGroups: Schema.optionalKey(Schema.Boolean),
      allowedToReadOtherUsers: Schema.optionalKey(Schema.Boolean),
      permissionGrantPoliciesAssigned: Schema.optionalKey(Schema.Array(Schema.String)),
    }),
  ),
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

/** The policy as it was set at a moment, epoch milliseconds. */
export interface DatedPolicy {
  readonly at: number
  readonly policy: AuthorizationPolicy
}

/** A domain list that is no longer the latest, epoch milliseconds. */
export interface ReplacedDomainList {
  readonly list: DomainList
  readonly until: number
}

export interface CollaborationSettings {
  /** Oldest first, never empty: a change counts only after a while. */
  readonly authorizationPolicies: readonly [DatedPolicy, ...DatedPolicy[]]
  readonly domainList: DomainList
  /** Earlier lists, oldest first: whoever keeps a copy may still go by one of them (IDN-077). */
  readonly replacedDomainLists: readonly ReplacedDomainList[]
  readonly allowExternalIdToUseEmailOtp: EmailOtpState
  /** Google federation for gmail.com and googlemail.com (IDN-062). */
  readonly isGoogleFederated: boolean
}

/** Policies of this kind say what users may consent to for themselves. */
export const grantsForSelf = "ManagePermissionGrantsForSelf."

/** A new tenant's settings. */
export const initialCollaborationSettings: CollaborationSettings = {
  authorizationPolicies: [
    {
      at: 0,
      policy: {
        allowInvitesFrom: "everyone",
        guestUserRoleId: guestUserRoleIds.limited,
        allowEmailVerifiedUsersToJoinOrganization: true,
        allowedToUseSspr: true,
        blockMsolPowerShell: false,
        defaultUserRolePermissions: {
          allowedToCreateApps: true,
          allowedToCreateSecurityGroups: true,
          allowedToReadOtherUsers: true,
          permissionGrantPoliciesAssigned: [`${grantsForSelf}microsoft-user-default-legacy`],
        },
      },
    },
  ],
  domainList: { kind: "block", domains: [] },
  replacedDomainLists: [],
  allowExternalIdToUseEmailOtp: "default",
  isGoogleFederated: false,
}

/** `*.example.com` is not documented for the lists: a domain is listed by its own name only. */
export const isListed = ({ domains }: DomainList, domain: string): boolean =>
  domains.some((it) => it.toLowerCase() === domain.toLowerCase())

/** A change of who may invite counts for certain after an hour; it may after 15 minutes (IDN-030). */
export const inviteSettingDelay = hours(1)
/** A change of the guests' access level counts within 15 minutes (IDN-099). */
export const guestLevelDelay = minutes(15)

/** What was last set, in force or not: this is what the cmdlets show. */
export const policyAsSet = (settings: CollaborationSettings): AuthorizationPolicy =>
  (settings.authorizationPolicies.at(-1) ?? settings.authorizationPolicies[0]).policy

/** The policy that counts at a moment for a setting that takes `delay` to arrive. */
export const policyInForce = (
  settings: CollaborationSettings,
  now: number,
  delay: number,
): AuthorizationPolicy =>
  (
    settings.authorizationPolicies.findLast(({ at }) => at + delay <= now) ??
    settings.authorizationPolicies[0]
  ).policy

/**
 * Another change of the policy. Until the organization exists, and in the moment of its creation,
 * settings are simply what the tenant starts with.
 */
export const withPolicyChange = (
  settings: CollaborationSettings,
  changes: typeof AuthorizationPolicyChanges.Type,
  at: number,
  createdAt: number,
): CollaborationSettings => {
  const before = policyAsSet(settings)
  const policy = {
    ...before,
    ...changes,
    defaultUserRolePermissions: {
      ...before.defaultUserRolePermissions,
      ...changes.defaultUserRolePermissions,
    },
  }
  const dated = { at, policy }
  return {
    ...settings,
    authorizationPolicies: at <= createdAt ? [dated] : [...settings.authorizationPolicies, dated],
  }
}

/** Another list. As with the policy above, the first list of a tenant replaces nothing. */
export const withDomainList = (
  settings: CollaborationSettings,
  list: DomainList,
  at: number,
  createdAt: number,
): CollaborationSettings => ({
  ...settings,
  domainList: list,
  replacedDomainLists:
    at <= createdAt
      ? settings.replacedDomainLists
      : [...settings.replacedDomainLists, { list: settings.domainList, until: at }],
})

/** What limits invitations, as it was set at one moment. */
export const InvitationRestrictions = Schema.Struct({
  allowInvitesFrom: AllowInvitesFrom,
  domainList: DomainList,
})
export type InvitationRestrictions = typeof InvitationRestrictions.Type

/** The restrictions as somebody read them who looked at a moment in the past (IDN-077). */
export const restrictionsAsOf = (
  settings: CollaborationSettings,
  moment: number,
): InvitationRestrictions => ({
  allowInvitesFrom: policyInForce(settings, moment, 0).allowInvitesFrom,
  domainList:
    settings.replacedDomainLists.find(({ until }) => until > moment)?.list ?? settings.domainList,
})
