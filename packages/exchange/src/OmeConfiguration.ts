import { Schema } from "effect"

/** The built-in branding template: it cannot be removed and carries no expiry (EXO-153, EXO-159). */
export const defaultTemplateName = "OME Configuration"

/** EXO-155: lengths of the cmdlet reference; the brand article gives 1024 for the other two. */
export const textLimits = {
  DisclaimerText: 1024,
  EmailText: 1024,
  IntroductionText: 1024,
  PortalText: 128,
  ReadButtonText: 1024,
} as const
export type BrandingText = keyof typeof textLimits

/** EXO-159: 0 is never; the cmdlet allows two years. */
export const expiryLimitDays = 730

/** Look, sign-in options and expiry of wrapper mail and portal. Empty text: the built-in one. */
export const OmeConfiguration = Schema.Struct({
  name: Schema.NonEmptyString,
  BackgroundColor: Schema.NullOr(Schema.String),
  DisclaimerText: Schema.String,
  EmailText: Schema.String,
  IntroductionText: Schema.String,
  PortalText: Schema.String,
  ReadButtonText: Schema.String,
  PrivacyStatementUrl: Schema.String,
  /** Size of the picture; the picture itself decides nothing. */
  imageBytes: Schema.NullOr(Schema.Int),
  OTPEnabled: Schema.Boolean,
  SocialIdSignIn: Schema.Boolean,
  ExternalMailExpiryInDays: Schema.Int,
})
export type OmeConfiguration = typeof OmeConfiguration.Type

/** What one command changes. */
export const OmeChanges = Schema.Struct({
  BackgroundColor: Schema.optionalKey(OmeConfiguration.fields.BackgroundColor),
  DisclaimerText: Schema.optionalKey(Schema.String),
  EmailText: Schema.optionalKey(Schema.String),
  IntroductionText: Schema.optionalKey(Schema.String),
  PortalText: Schema.optionalKey(Schema.String),
  ReadButtonText: Schema.optionalKey(Schema.String),
  PrivacyStatementUrl: Schema.optionalKey(Schema.String),
  imageBytes: Schema.optionalKey(OmeConfiguration.fields.imageBytes),
  OTPEnabled: Schema.optionalKey(Schema.Boolean),
  SocialIdSignIn: Schema.optionalKey(Schema.Boolean),
  ExternalMailExpiryInDays: Schema.optionalKey(Schema.Int),
})
export type OmeChanges = typeof OmeChanges.Type

/** A template without any change: built-in texts, both sign-in options, no expiry (EXO-158). */
export const plainTemplate = (name: string): OmeConfiguration => ({
  name,
  BackgroundColor: null,
  DisclaimerText: "",
  EmailText: "",
  IntroductionText: "",
  PortalText: "",
  ReadButtonText: "",
  PrivacyStatementUrl: "",
  imageBytes: null,
  OTPEnabled: true,
  SocialIdSignIn: true,
  ExternalMailExpiryInDays: 0,
})

export const isDefaultTemplate = (name: string): boolean =>
  name.toLowerCase() === defaultTemplateName.toLowerCase()

/** What stands where a template says nothing (EXO-155, EXO-158). */
export const builtInTexts = {
  IntroductionText: "has sent you a protected message.",
  ReadButtonText: "Read the message",
  EmailText: "Learn about messages protected by Microsoft Purview Message Encryption.",
  DisclaimerText: "",
  PortalText: "",
  PrivacyStatementUrl: "https://privacy.microsoft.com/privacystatement",
} as const
