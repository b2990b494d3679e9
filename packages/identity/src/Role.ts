import { Schema } from "effect"

/** The built-in roles that the operations of the twin ask for, by display name. */
export const roles = {
  globalAdministrator: "Global Administrator",
  privilegedRoleAdministrator: "Privileged Role Administrator",
  userAdministrator: "User Administrator",
  guestInviter: "Guest Inviter",
  helpdeskAdministrator: "Helpdesk Administrator",
  authenticationAdministrator: "Authentication Administrator",
  privilegedAuthenticationAdministrator: "Privileged Authentication Administrator",
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
  customerLockboxAccessApprover: "Customer Lockbox Access Approver",
  billingAdministrator: "Billing Administrator",
  securityReader: "Security Reader",
  intuneAdministrator: "Intune Administrator",
  domainNameAdministrator: "Domain Name Administrator",
  applicationAdministrator: "Application Administrator",
  cloudApplicationAdministrator: "Cloud Application Administrator",
  applicationDeveloper: "Application Developer",
} as const

/** Template ids of the same roles, as policies name them. */
const templateIds: Readonly<Record<keyof typeof roles, string>> = {
  globalAdministrator: "62e90394-69f5-4237-9190-012177145e10",
  privilegedRoleAdministrator: "e8611ab8-c189-46e8-94e1-60213ab1f814",
  userAdministrator: "fe930be7-5e62-47db-91af-98c3a49a38b1",
  guestInviter: "95e79109-95c0-4d8e-aee3-d01accf2d47b",
  helpdeskAdministrator: "729827e3-9c14-49f7-bb1b-9608f156bbb8",
  authenticationAdministrator: "c4e39bd9-1100-46d3-8c65-fb160da0071f",
  privilegedAuthenticationAdministrator: "7be44c8a-adaf-4e2a-84d6-ab2649e2d1cb",
  groupsAdministrator: "fdd7a751-b60b-444a-984c-02652fe8fa1c",
  securityAdministrator: "194ae4cb-b126-40b2-bd5b-6091b380977d",
  conditionalAccessAdministrator: "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",
  authenticationPolicyAdministrator: "0526716b-113d-4c15-b2c8-68e3c22b9f80",
  externalIdentityProviderAdministrator: "be2f45a1-457d-42af-a067-6ec1fa63bc45",
  identityGovernanceAdministrator: "45d8d3c5-c802-45c6-b32a-1d70b5e1e86e",
  reportsReader: "4a5d8f65-41da-4de4-8968-e035b65339cf",
  globalReader: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
  directoryReaders: "88d8e3e3-8f55-4a1e-953a-9b9898b8876b",
  sharePointAdministrator: "f28a1f50-f6e7-4571-818b-6a12f2af6b6c",
  exchangeAdministrator: "29232cdf-9323-42fd-ade2-1d097af3e4de",
  complianceAdministrator: "17315797-102d-40b4-93e0-432062caca18",
  complianceDataAdministrator: "e6d1a23a-da11-4be4-9570-befc86d067a7",
  azureInformationProtectionAdministrator: "7495fdc4-34c4-4d15-a289-98788ce399fd",
  customerLockboxAccessApprover: "5c4f9dcd-47dc-4cf7-8c9a-9e4207cbfc91",
  billingAdministrator: "b0f54661-2d74-4c50-afa3-1ec803f12efe",
  securityReader: "5d6b6bb7-de71-4623-b4af-96380a352509",
  intuneAdministrator: "3a2c62db-5318-420d-8d74-23affee5d9d5",
  domainNameAdministrator: "8329153b-31d0-4727-b945-745eb3bc5f31",
  applicationAdministrator: "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
  cloudApplicationAdministrator: "158c047a-c907-4556-b7ef-446551a6b5f7",
  applicationDeveloper: "cf1c38e5-3621-4004-a7cb-879624dced7c",
}

/** Template id of a role by its display name; undefined for one that the twin lacks. */
export const templateIdOf = (displayName: string): string | undefined => {
  const key = (Object.keys(roles) as (keyof typeof roles)[]).find((it) => roles[it] === displayName)
  return key === undefined ? undefined : templateIds[key]
}

/** Display name of a role by its name or template id; undefined for one that the twin lacks. */
export const roleNameOf = (nameOrTemplateId: string): string | undefined => {
  const wanted = nameOrTemplateId.toLowerCase()
  const key = (Object.keys(roles) as (keyof typeof roles)[]).find(
    (it) => templateIds[it] === wanted || roles[it].toLowerCase() === wanted,
  )
  return key === undefined ? undefined : roles[key]
}

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
  /** When the latest activation began; only on eligible assignments. */
  activeFrom: Schema.optionalKey(Schema.Number),
  /** An activation ends at this moment; only on eligible assignments. */
  activeUntil: Schema.optionalKey(Schema.Number),
})
export type RoleAssignment = typeof RoleAssignment.Type

/** Whether the assignment gives its permissions at a moment. */
export const isActiveAt = (it: RoleAssignment, now: number): boolean =>
  it.from <= now &&
  (it.until === undefined || now < it.until) &&
  (it.assignment === "active" || (it.activeUntil !== undefined && now < it.activeUntil))
