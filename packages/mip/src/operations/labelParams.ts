import { Schema } from "effect"
import { SiteExternalSharingControlType } from "../Label.ts"
import { AdvancedSettings } from "./cmdlet.ts"

const optional = <S extends Schema.Top>(schema: S, description: string) =>
  Schema.optionalKey(schema.annotate({ description }))

const flag = (description: string) => optional(Schema.Boolean, description)
const words = (description: string) => optional(Schema.String, description)
const count = (description: string) => optional(Schema.Int, description)
const alignment = (description: string) =>
  optional(Schema.Literals(["Left", "Center", "Right"]), description)

const contentTypes = "File|Email|Site|UnifiedGroup|PurviewAssets|Teamwork|SchematizedData"

/** What encryption takes (MIP-107 to MIP-119). */
const encryptionParams = {
  EncryptionEnabled: flag("Whether the label sets encryption"),
  EncryptionProtectionType: optional(
    Schema.Literals(["Template", "RemoveProtection", "UserDefined"]),
    "Assign permissions now, remove encryption, or let users decide",
  ),
  EncryptionRightsDefinitions: words("id1:RIGHT,RIGHT;id2:RIGHT, only with Template"),
  EncryptionContentExpiredOnDateInDaysOrNever: words("A date, a number of days, or Never"),
  EncryptionOfflineAccessDays: count("-1 always, 0 never, or days"),
  EncryptionDoNotForward: flag("Outlook applies Do Not Forward"),
  EncryptionEncryptOnly: flag("Outlook applies Encrypt-Only"),
  EncryptionPromptUser: flag("Word, Excel and PowerPoint ask for permissions"),
  EncryptionRightsUrl: words("Server of a key on premises, from the classic client"),
  EncryptionDoubleKeyEncryptionUrl: words("Endpoint of the second key, https://host/KeyName"),
}

/** What stands in the content (MIP-138). */
const markingParams = {
  ApplyContentMarkingHeaderEnabled: flag("Whether there is a header"),
  ApplyContentMarkingHeaderText: words("Text of the header"),
  ApplyContentMarkingHeaderFontColor: words("Colour of the header, #000000"),
  ApplyContentMarkingHeaderFontName: words("Font of the header"),
  ApplyContentMarkingHeaderFontSize: count("Size of the header in points"),
  ApplyContentMarkingHeaderAlignment: alignment("Alignment of the header"),
  ApplyContentMarkingHeaderMargin: count("Margin of the header"),
  ApplyContentMarkingFooterEnabled: flag("Whether there is a footer"),
  ApplyContentMarkingFooterText: words("Text of the footer"),
  ApplyContentMarkingFooterFontColor: words("Colour of the footer, #000000"),
  ApplyContentMarkingFooterFontName: words("Font of the footer"),
  ApplyContentMarkingFooterFontSize: count("Size of the footer in points"),
  ApplyContentMarkingFooterAlignment: alignment("Alignment of the footer"),
  ApplyContentMarkingFooterMargin: count("Margin of the footer"),
  ApplyWaterMarkingEnabled: flag("Whether there is a watermark"),
  ApplyWaterMarkingText: words("Text of the watermark"),
  ApplyWaterMarkingFontColor: words("Colour of the watermark, #000000"),
  ApplyWaterMarkingFontName: words("Font of the watermark"),
  ApplyWaterMarkingFontSize: count("Size of the watermark in points"),
  ApplyWaterMarkingLayout: optional(
    Schema.Literals(["Horizontal", "Diagonal"]),
    "Layout of the watermark",
  ),
  ApplyDynamicWatermarkingEnabled: flag("Whether the watermark names the reader"),
  DynamicWatermarkDisplay: words("Text with ${Consumer.PrincipalName}"),
}

/** What happens to groups and sites (MIP-216). */
const containerParams = {
  SiteAndGroupProtectionEnabled: flag("Whether the label acts on groups and sites"),
  SiteAndGroupProtectionPrivacy: optional(
    Schema.Literals(["Public", "Private", "Unspecified"]),
    "Privacy of the group",
  ),
  SiteAndGroupProtectionAllowAccessToGuestUsers: flag("Whether owners may add guests"),
  SiteAndGroupProtectionAllowEmailFromGuestUsers: flag("Whether guests may write to the group"),
  SiteAndGroupProtectionAllowFullAccess: flag("Unmanaged devices: full access"),
  SiteAndGroupProtectionAllowLimitedAccess: flag("Unmanaged devices: web only"),
  SiteAndGroupProtectionBlockAccess: flag("Unmanaged devices: no access"),
  SiteExternalSharingControlType: optional(
    SiteExternalSharingControlType,
    "External sharing of the site",
  ),
}

/** What New-Label and Set-Label both take. */
export const labelParams = {
  Comment: words("Note of the administrator"),
  ContentType: optional(
    Schema.String.check(
      Schema.isPattern(new RegExp(`^\\s*(${contentTypes})(\\s*,\\s*(${contentTypes}))*\\s*$`, "i")),
    ),
    "Where the label can be applied, e.g. 'File, Email, Site, UnifiedGroup'",
  ),
  LocaleSettings: optional(Schema.Array(Schema.String), "Localised names and tooltips, as JSON"),
  Conditions: optional(
    Schema.Union([Schema.String, Schema.Array(Schema.String)]),
    "When Office applies or recommends the label, as JSON; empty takes the conditions away",
  ),
  AdvancedSettings: optional(AdvancedSettings, "Settings by name, e.g. @{Color='#40e0d0'}"),
  ...encryptionParams,
  ...markingParams,
  ...containerParams,
}

const LabelParams = Schema.Struct(labelParams)
export type LabelParams = typeof LabelParams.Type

export const displayNames = {
  DisplayName: Schema.NonEmptyString.annotate({ description: "The name that people see" }),
  Tooltip: Schema.NonEmptyString.annotate({ description: "The description that people see" }),
}
