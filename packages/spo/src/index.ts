export * from "./DlpPolicy.ts"
export * from "./DriveItem.ts"
export type { FileAction } from "./decisions/AccessFacets.ts"
export type { Access, AccessRequest } from "./decisions/evaluateAccess.ts"
export { evaluateAccess } from "./decisions/evaluateAccess.ts"
export type { RecipientPlan, Share, ShareRequest } from "./decisions/evaluateShare.ts"
export { evaluateShare } from "./decisions/evaluateShare.ts"
export { scanningMessage } from "./decisions/stateGates.ts"
export { spoDomain } from "./domain.ts"
export { evolve as evolveSpo } from "./evolve.ts"
export { faultNames as spoFaultNames } from "./faults.ts"
export * from "./in-force/defaultSharingLink.ts"
export * from "./in-force/effectiveCapability.ts"
export * from "./in-force/integration.ts"
export type { EmittedEvent } from "./operations/SpoOperation.ts"
export * from "./SharingCapability.ts"
export * from "./SharingLink.ts"
export * from "./Site.ts"
export * from "./SpoEvent.ts"
export {
  dlpPoliciesOf,
  dlpRulesOf,
  initialState as initialSpoState,
  itemById,
  itemOf,
  itemsOf,
  linkOf,
  linksOf,
  linksOfItem,
  type SpoState,
  type SpoWorld,
  siteGuestOf,
  siteGuestsOf,
  siteOf,
  siteSetting,
  sitesOf,
  tenantSetting,
  webUrlOf,
} from "./State.ts"
export type { SiteSettingName, SiteSettings } from "./settings/siteSettings.ts"
export { siteSettings } from "./settings/siteSettings.ts"
export type { TenantSettingName, TenantSettings } from "./settings/tenantSettings.ts"
export { tenantSettings } from "./settings/tenantSettings.ts"
export * from "./Visitor.ts"
