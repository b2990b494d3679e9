import { Schema } from "effect"
import { ContentCondition } from "./classification/ContentCondition.ts"
import { Grant } from "./Grant.ts"

/** What a label can be put on (MIP-095). */
export const LabelContentType = Schema.Literals([
  "File",
  "Email",
  "Site",
  "UnifiedGroup",
  "PurviewAssets",
  "Teamwork",
  "SchematizedData",
])
export type LabelContentType = typeof LabelContentType.Type

/** MIP-107; a label without encryption settings has none of them. */
export const EncryptionProtectionType = Schema.Literals([
  "Template",
  "RemoveProtection",
  "UserDefined",
])
export type EncryptionProtectionType = typeof EncryptionProtectionType.Type

/** When the content stops opening for others (MIP-084). */
export const ContentExpiry = Schema.TaggedUnion({
  Never: {},
  /** Epoch milliseconds of the midnight at which it takes effect. */
  OnDate: {
    at: Schema.Finite,
    /** Time zone of the administrator who gave the day, if not UTC (MIP-084). */
    timeZone: Schema.optionalKey(Schema.String),
  },
  AfterDays: { days: Schema.Int },
})
export type ContentExpiry = typeof ContentExpiry.Type

/** What a label does to encryption. Flags are kept also while they have no effect, as cmdlets do. */
export const LabelEncryption = Schema.Struct({
  isEnabled: Schema.Boolean,
  protectionType: EncryptionProtectionType,
  /** Of the template behind a label with assigned permissions (MIP-108). */
  templateId: Schema.optionalKey(Schema.String),
  grants: Schema.Array(Grant),
  contentExpiry: ContentExpiry,
  /** -1 always, 0 never, n days (MIP-082). */
  offlineAccessDays: Schema.Int,
  doNotForward: Schema.Boolean,
  encryptOnly: Schema.Boolean,
  /** Word, Excel and PowerPoint ask the user for permissions (MIP-109). */
  promptUser: Schema.Boolean,
  doubleKeyUrl: Schema.optionalKey(Schema.String),
  /** Of a key on premises, from the classic client (MIP-120). */
  rightsUrl: Schema.optionalKey(Schema.String),
})
export type LabelEncryption = typeof LabelEncryption.Type

/** A line of text that Office puts into the content (MIP-138). */
export const ContentMark = Schema.Struct({
  isEnabled: Schema.Boolean,
  text: Schema.String,
  fontColor: Schema.String,
  fontName: Schema.String,
  fontSize: Schema.Int,
  /** Left, Center, Right; Horizontal or Diagonal for a watermark. */
  placement: Schema.String,
  margin: Schema.Int,
})
export type ContentMark = typeof ContentMark.Type

export const LabelMarking = Schema.Struct({
  header: Schema.optionalKey(ContentMark),
  footer: Schema.optionalKey(ContentMark),
  watermark: Schema.optionalKey(ContentMark),
  /** Shows the reader (MIP-119). */
  dynamicWatermark: Schema.optionalKey(Schema.String),
})
export type LabelMarking = typeof LabelMarking.Type

/** The four sharing levels, as SharePoint spells them. */
export const SiteExternalSharingControlType = Schema.Literals([
  "ExternalUserAndGuestSharing",
  "ExternalUserSharingOnly",
  "ExistingExternalUserSharingOnly",
  "Disabled",
])
export type SiteExternalSharingControlType = typeof SiteExternalSharingControlType.Type

/** Settings for groups and sites (MIP-216). What is absent leaves the container alone. */
export const LabelContainer = Schema.Struct({
  isEnabled: Schema.Boolean,
  privacy: Schema.optionalKey(Schema.Literals(["Public", "Private", "Unspecified"])),
  allowAccessToGuestUsers: Schema.optionalKey(Schema.Boolean),
  allowEmailFromGuestUsers: Schema.optionalKey(Schema.Boolean),
  allowFullAccess: Schema.optionalKey(Schema.Boolean),
  allowLimitedAccess: Schema.optionalKey(Schema.Boolean),
  blockAccess: Schema.optionalKey(Schema.Boolean),
  /** Name of the authentication context a reader must satisfy. */
  authenticationContext: Schema.optionalKey(Schema.String),
  siteExternalSharingControlType: Schema.optionalKey(SiteExternalSharingControlType),
})
export type LabelContainer = typeof LabelContainer.Type

/** When Office puts the label on, or offers it, while somebody writes (MIP-143). */
export const LabelAutoLabeling = Schema.Struct({
  mode: Schema.Literals(["automatic", "recommended"]),
  policyTip: Schema.String,
  condition: ContentCondition,
})
export type LabelAutoLabeling = typeof LabelAutoLabeling.Type

/** A sensitivity label. The GUID identifies it in content, whatever it is called (MIP-090). */
export const Label = Schema.Struct({
  /** Lower-case GUID. */
  id: Schema.NonEmptyString,
  name: Schema.NonEmptyString,
  displayName: Schema.NonEmptyString,
  tooltip: Schema.String,
  comment: Schema.String,
  /** 0 is the least sensitive (MIP-091). */
  priority: Schema.Int,
  parentId: Schema.optionalKey(Schema.String),
  /** A group of the modern scheme: it can never be applied itself (MIP-094). */
  isLabelGroup: Schema.Boolean,
  contentTypes: Schema.Array(LabelContentType),
  encryption: Schema.optionalKey(LabelEncryption),
  marking: LabelMarking,
  container: Schema.optionalKey(LabelContainer),
  autoLabeling: Schema.optionalKey(LabelAutoLabeling),
  /** Names and tooltips by language tag, lower case, e.g. `de-de`. */
  locales: Schema.optionalKey(
    Schema.Record(
      Schema.String,
      Schema.Struct({
        displayName: Schema.optionalKey(Schema.String),
        tooltip: Schema.optionalKey(Schema.String),
      }),
    ),
  ),
  /** Keys in lower case (MIP-136). */
  advancedSettings: Schema.Record(Schema.String, Schema.String),
  createdAt: Schema.Finite,
  changedAt: Schema.Finite,
})
export type Label = typeof Label.Type

/** A label with sensible defaults: scope files and mail, no protection. */
export const makeLabel = (
  label: Pick<Label, "id" | "name" | "priority"> & Partial<Label>,
): Label => ({
  displayName: label.name,
  tooltip: label.name,
  comment: "",
  isLabelGroup: false,
  contentTypes: ["File", "Email"],
  marking: {},
  advancedSettings: {},
  createdAt: 0,
  changedAt: 0,
  ...label,
})

/** Encryption settings with sensible defaults: never expires, always offline. */
export const makeLabelEncryption = (
  encryption: Pick<LabelEncryption, "protectionType"> & Partial<LabelEncryption>,
): LabelEncryption => ({
  isEnabled: true,
  grants: [],
  contentExpiry: { _tag: "Never" },
  offlineAccessDays: -1,
  doNotForward: false,
  encryptOnly: false,
  promptUser: false,
  ...encryption,
})

/** What a label does to encryption, in one word (MIP-107). */
export type LabelEffect = "none" | "template" | "user-defined" | "remove"

export const effectOf = (label: Pick<Label, "encryption">): LabelEffect => {
  const { encryption } = label
  if (encryption === undefined || !encryption.isEnabled) return "none"
  switch (encryption.protectionType) {
    case "Template":
      return "template"
    case "UserDefined":
      return "user-defined"
    case "RemoveProtection":
      return "remove"
  }
}

/** A setting of the label by name, whatever the case (MIP-136). */
export const labelSetting = (label: Label, name: string): string | undefined => {
  const key = name.toLowerCase()
  return Object.hasOwn(label.advancedSettings, key) ? label.advancedSettings[key] : undefined
}
