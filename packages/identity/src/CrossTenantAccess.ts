import { Schema } from "effect"
import { office365Suite } from "./CloudApp.ts"

const AccessType = Schema.Literals(["allowed", "blocked"])

const Target = Schema.Struct({
  /** `AllUsers`, `AllApplications`, a reserved word, or an id. */
  target: Schema.NonEmptyString,
  targetType: Schema.Literals(["user", "group", "application"]),
})

/** Allowed with a list means only those, blocked with a list means all but those (IDN-110). */
export const TargetConfiguration = Schema.Struct({
  accessType: AccessType,
  targets: Schema.Array(Target),
})
export type TargetConfiguration = typeof TargetConfiguration.Type

export const B2bSetting = Schema.Struct({
  usersAndGroups: TargetConfiguration,
  applications: TargetConfiguration,
})
export type B2bSetting = typeof B2bSetting.Type

export const InboundTrust = Schema.Struct({
  isMfaAccepted: Schema.Boolean,
  isCompliantDeviceAccepted: Schema.Boolean,
  isHybridAzureADJoinedDeviceAccepted: Schema.Boolean,
})
export type InboundTrust = typeof InboundTrust.Type

export const PrimaryProvider = Schema.Literals([
  "azureActiveDirectory",
  "externalFederation",
  "socialIdentityProviders",
])
export type PrimaryProvider = typeof PrimaryProvider.Type
export const FallbackProvider = Schema.Literals([
  "defaultConfiguredIdp",
  "emailOneTimePasscode",
  "microsoftAccount",
])

export const RedemptionConfiguration = Schema.Struct({
  primaryIdentityProviderPrecedenceOrder: Schema.Array(PrimaryProvider),
  fallbackIdentityProvider: FallbackProvider,
})
export type RedemptionConfiguration = typeof RedemptionConfiguration.Type

/** What holds for every organization without settings of its own. */
export const CrossTenantDefault = Schema.Struct({
  b2bCollaborationInbound: B2bSetting,
  b2bCollaborationOutbound: B2bSetting,
  b2bDirectConnectInbound: B2bSetting,
  b2bDirectConnectOutbound: B2bSetting,
  inboundTrust: InboundTrust,
  invitationRedemptionIdentityProviderConfiguration: RedemptionConfiguration,
})
export type CrossTenantDefault = typeof CrossTenantDefault.Type

export const AutomaticUserConsent = Schema.Struct({
  inboundAllowed: Schema.Boolean,
  outboundAllowed: Schema.Boolean,
})

/** Settings for one organization; what is absent inherits the default (IDN-109). */
export const CrossTenantPartner = Schema.Struct({
  tenantId: Schema.NonEmptyString,
  b2bCollaborationInbound: Schema.optionalKey(B2bSetting),
  b2bCollaborationOutbound: Schema.optionalKey(B2bSetting),
  b2bDirectConnectInbound: Schema.optionalKey(B2bSetting),
  b2bDirectConnectOutbound: Schema.optionalKey(B2bSetting),
  inboundTrust: Schema.optionalKey(InboundTrust),
  automaticUserConsentSettings: Schema.optionalKey(AutomaticUserConsent),
})
export type CrossTenantPartner = typeof CrossTenantPartner.Type

export const CrossTenantPartnerChanges = Schema.Struct({
  b2bCollaborationInbound: CrossTenantPartner.fields.b2bCollaborationInbound,
  b2bCollaborationOutbound: CrossTenantPartner.fields.b2bCollaborationOutbound,
  b2bDirectConnectInbound: CrossTenantPartner.fields.b2bDirectConnectInbound,
  b2bDirectConnectOutbound: CrossTenantPartner.fields.b2bDirectConnectOutbound,
  inboundTrust: CrossTenantPartner.fields.inboundTrust,
  automaticUserConsentSettings: CrossTenantPartner.fields.automaticUserConsentSettings,
})
export type CrossTenantPartnerChanges = typeof CrossTenantPartnerChanges.Type

export const CrossTenantDefaultChanges = Schema.Struct({
  b2bCollaborationInbound: Schema.optionalKey(B2bSetting),
  b2bCollaborationOutbound: Schema.optionalKey(B2bSetting),
  b2bDirectConnectInbound: Schema.optionalKey(B2bSetting),
  b2bDirectConnectOutbound: Schema.optionalKey(B2bSetting),
  inboundTrust: Schema.optionalKey(InboundTrust),
  invitationRedemptionIdentityProviderConfiguration: Schema.optionalKey(RedemptionConfiguration),
})
export type CrossTenantDefaultChanges = typeof CrossTenantDefaultChanges.Type

/** One tenant's side: its default and its partners by tenant id. */
export const CrossTenantAccessPolicy = Schema.Struct({
  default: CrossTenantDefault,
  partners: Schema.Record(Schema.String, CrossTenantPartner),
})
export type CrossTenantAccessPolicy = typeof CrossTenantAccessPolicy.Type

const every = (accessType: "allowed" | "blocked"): B2bSetting => ({
  usersAndGroups: { accessType, targets: [{ target: "AllUsers", targetType: "user" }] },
  applications: { accessType, targets: [{ target: "AllApplications", targetType: "application" }] },
})

/** Everybody to every application: allowed or blocked. */
export const allowedForAll: B2bSetting = every("allowed")
export const blockedForAll: B2bSetting = every("blocked")

/** What a tenant has before anybody touched it (IDN-108). */
export const serviceDefault: CrossTenantDefault = {
  b2bCollaborationInbound: allowedForAll,
  b2bCollaborationOutbound: allowedForAll,
  b2bDirectConnectInbound: blockedForAll,
  b2bDirectConnectOutbound: blockedForAll,
  inboundTrust: {
    isMfaAccepted: false,
    isCompliantDeviceAccepted: false,
    isHybridAzureADJoinedDeviceAccepted: false,
  },
  invitationRedemptionIdentityProviderConfiguration: {
    primaryIdentityProviderPrecedenceOrder: [
      "azureActiveDirectory",
      "externalFederation",
      "socialIdentityProviders",
    ],
    fallbackIdentityProvider: "defaultConfiguredIdp",
  },
}

export const untouchedPolicy: CrossTenantAccessPolicy = { default: serviceDefault, partners: {} }

/** What a setting says: which half refuses, that both admit, or that it names groups the twin lacks. */
export type Admission = "admitted" | "user-blocked" | "app-blocked" | "not-recorded"

/** Whether somebody or something known by these names is on the list. */
const isNamed = (targets: TargetConfiguration["targets"], names: readonly string[]): boolean =>
  targets.some(({ target }) => names.includes(target))

const userAdmission = (
  { accessType, targets }: TargetConfiguration,
  userIds: readonly string[],
): "yes" | "no" | "not-recorded" => {
  if (isNamed(targets, ["AllUsers", ...userIds])) return accessType === "allowed" ? "yes" : "no"
  // Members of a partner's groups are not recorded.
  if (targets.some(({ targetType }) => targetType === "group")) return "not-recorded"
  return accessType === "allowed" ? "no" : "yes"
}

/** What a setting says about one request; without an application only the users are asked. */
export const admission = (
  setting: B2bSetting,
  asked: { readonly userAndGroupIds: readonly string[]; readonly appId: string | undefined },
): Admission => {
  const user = userAdmission(setting.usersAndGroups, asked.userAndGroupIds)
  if (user === "no") return "user-blocked"
  if (asked.appId !== undefined) {
    const { accessType, targets } = setting.applications
    const isListed = isNamed(targets, ["AllApplications", asked.appId, ...suiteOf(asked.appId)])
    if (isListed !== (accessType === "allowed")) return "app-blocked"
  }
  return user === "yes" ? "admitted" : "not-recorded"
}

const suiteOf = (appId: string): readonly string[] =>
  office365Suite.includes(appId) ? ["Office365"] : []

/** The setting in force towards an organization: its own, or else the default (IDN-109). */
export const collaborationSetting = (
  policy: CrossTenantAccessPolicy,
  direction:
    | "b2bCollaborationInbound"
    | "b2bCollaborationOutbound"
    | "b2bDirectConnectInbound"
    | "b2bDirectConnectOutbound",
  tenantId: string,
): { readonly setting: B2bSetting; readonly from: "partner" | "default" } => {
  const own = partnerOf(policy, tenantId)?.[direction]
  return own === undefined
    ? { setting: policy.default[direction], from: "default" }
    : { setting: own, from: "partner" }
}

export const inboundTrustOf = (
  policy: CrossTenantAccessPolicy,
  tenantId: string | undefined,
): InboundTrust =>
  (tenantId === undefined ? undefined : partnerOf(policy, tenantId)?.inboundTrust) ??
  policy.default.inboundTrust

export const partnerOf = (
  policy: CrossTenantAccessPolicy,
  tenantId: string,
): CrossTenantPartner | undefined =>
  Object.hasOwn(policy.partners, tenantId) ? policy.partners[tenantId] : undefined

/** Why a setting contradicts itself (IDN-111); undefined when it is consistent. */
export const settingConflict = ({
  usersAndGroups,
  applications,
}: B2bSetting): string | undefined => {
  const blocksAllUsers =
    usersAndGroups.accessType === "blocked" &&
    usersAndGroups.targets.some(({ target }) => target === "AllUsers")
  const blocksAllApps =
    applications.accessType === "blocked" &&
    applications.targets.some(({ target }) => target === "AllApplications")
  if (blocksAllUsers === blocksAllApps) return undefined
  return blocksAllUsers
    ? "all users are blocked, but not all applications"
    : "all applications are blocked, but not all users"
}
