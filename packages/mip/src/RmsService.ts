import { Schema } from "effect"
import { defaultSignInTokenDays } from "./ServiceLedger.ts"

/** Who may protect (MIP-011, MIP-012). */
export const OnboardingPolicy = Schema.Struct({
  useRmsUserLicense: Schema.Boolean,
  securityGroupObjectId: Schema.optionalKey(Schema.String),
  scope: Schema.Literals(["All", "WindowsApp", "MobileApp"]),
})
export type OnboardingPolicy = typeof OnboardingPolicy.Type

const state = Schema.Literals(["Enabled", "Disabled"])

const settings = {
  functionalState: state,
  superUserFeature: state,
  /** Addresses; the order in which they were added. */
  superUsers: Schema.Array(Schema.String),
  onboarding: OnboardingPolicy,
  /** Days a use licence lasts unless a label is stricter (MIP-077). */
  maxUseLicenseValidityDays: Schema.Int,
  documentTracking: state,
  /** Days for which a Windows device signs in by itself: a token lifetime of Entra (MIP-190). */
  signInTokenDays: Schema.Int,
}

/** The rights management service of one tenant. */
export const RmsService = Schema.Struct({
  ...settings,
  /** One mail-enabled group (MIP-070). */
  superUserGroup: Schema.optionalKey(Schema.String),
  doNotTrackGroup: Schema.optionalKey(Schema.String),
})
export type RmsService = typeof RmsService.Type

/** Settings that change; `null` takes an optional one away. */
export const RmsServiceChanges = Schema.Struct({
  functionalState: Schema.optionalKey(settings.functionalState),
  superUserFeature: Schema.optionalKey(settings.superUserFeature),
  superUsers: Schema.optionalKey(settings.superUsers),
  onboarding: Schema.optionalKey(settings.onboarding),
  maxUseLicenseValidityDays: Schema.optionalKey(settings.maxUseLicenseValidityDays),
  documentTracking: Schema.optionalKey(settings.documentTracking),
  signInTokenDays: Schema.optionalKey(settings.signInTokenDays),
  superUserGroup: Schema.optionalKey(Schema.NullOr(Schema.String)),
  doNotTrackGroup: Schema.optionalKey(Schema.NullOr(Schema.String)),
})
export type RmsServiceChanges = typeof RmsServiceChanges.Type

/** A tenant of today: on (MIP-001), nobody super user (MIP-068), everybody may protect (MIP-011). */
export const defaultRmsService: RmsService = {
  functionalState: "Enabled",
  superUserFeature: "Disabled",
  superUsers: [],
  onboarding: { useRmsUserLicense: false, scope: "All" },
  maxUseLicenseValidityDays: 30,
  documentTracking: "Enabled",
  signInTokenDays: defaultSignInTokenDays,
}

/** A line of the administration log (MIP-073). */
export const AdminLogLine = Schema.Struct({
  at: Schema.Finite,
  admin: Schema.String,
  command: Schema.String,
  parameters: Schema.String,
  hasPassed: Schema.Boolean,
})
export type AdminLogLine = typeof AdminLogLine.Type
