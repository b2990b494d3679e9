import { Schema } from "effect"

/** The built-in roles that the operations of the twin ask for, by display name. */
export const roles = {
  globalAdministrator: "Global Administrator",
  privilegedRoleAdministrator: "Privileged Role Administrator",
  userAdministrator: "User Administrator",
  guestInviter: "Guest Inviter",
  helpdeskAdministrator: "Helpdesk Administrator",
  groupsAdministrator: "Groups Administrator",
  securityAdministrator: "Security Administrator",
  conditionalAccessAdministrator: "Conditional Access Administrator",
  authenticationPolicyAdministrator: "Authentication Policy Administrator",
  externalIdentityProviderAdministrator: "External Identity Provider Administrator",
  identityGovernanceAdministrator: "Identity Governance Administrator",
  reportsReader: "Reports Reader",
  globalReader: "Global Reader",
  directoryReaders: "Directory Readers",
  sharePointAdministrator: "SharePoint Administrator",
  exchangeAdministrator: "Exchange Administrator",
  complianceAdministrator: "Compliance Administrator",
  complianceDataAdministrator: "Compliance Data Administrator",
  azureInformationProtectionAdministrator: "Azure Information Protection Administrator",
} as const

/**
 * A role held by a user or a role-assignable group. An eligible assignment gives nothing until it
 * is activated (IDN-247).
 */
export const RoleAssignment = Schema.Struct({
  principalId: Schema.NonEmptyString,
  role: Schema.NonEmptyString,
  assignment: Schema.Literals(["active", "eligible"]),
  from: Schema.Number,
  until: Schema.optionalKey(Schema.Number),
  /** An activation ends at this moment; only on eligible assignments. */
  activeUntil: Schema.optionalKey(Schema.Number),
})
export type RoleAssignment = typeof RoleAssignment.Type

/** Whether the assignment gives its permissions at a moment. */
export const isActiveAt = (it: RoleAssignment, now: number): boolean =>
  it.from <= now &&
  (it.until === undefined || now < it.until) &&
  (it.assignment === "active" || (it.activeUntil !== undefined && now < it.activeUntil))
