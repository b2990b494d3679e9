import { Schema } from "effect"
import { Grant, mergeGrants, ownerIdentity } from "./Grant.ts"
import { ContentExpiry } from "./Label.ts"
import { allRights, doNotForwardRights, encryptOnlyRights } from "./UsageRight.ts"

/** What the protected bytes are: it decides which software can be asked to open them. */
export const ContentForm = Schema.Literals(["document", "mail", "mail-attachment"])
export type ContentForm = typeof ContentForm.Type

/**
 * Where the rights come from: a template (a label's own or another), permissions chosen by a person,
 * or one of the two options for mail, which bind the rights to the recipients (MIP-159, MIP-163).
 */
export const ProtectionKind = Schema.Literals([
  "template",
  "user-defined",
  "do-not-forward",
  "encrypt-only",
])
export type ProtectionKind = typeof ProtectionKind.Type

/**
 * What this tenant's service knows about one protected content. One content keeps its id through
 * edits; a change of protection makes a new one (MIP-030).
 */
export const Protection = Schema.Struct({
  /** GUID, lower case; travels in the publishing licence. */
  contentId: Schema.NonEmptyString,
  name: Schema.String,
  form: ContentForm,
  kind: ProtectionKind,
  /** The account that protected it (MIP-064). */
  issuer: Schema.NonEmptyString,
  /** The account recorded as owner, by default the issuer (MIP-065). */
  owner: Schema.NonEmptyString,
  issuedAt: Schema.Finite,
  labelId: Schema.optionalKey(Schema.String),
  /** Set where the rights follow a template in force (MIP-086). */
  templateId: Schema.optionalKey(Schema.String),
  /** Rights frozen in the content; empty where a template has them. */
  grants: Schema.Array(Grant),
  /** Epoch milliseconds, for frozen rights. */
  contentExpiresAt: Schema.optionalKey(Schema.Finite),
  /** -1 always, 0 never, n days; only where this content has a value of its own. */
  offlineAccessDays: Schema.optionalKey(Schema.Int),
  doubleKeyUrl: Schema.optionalKey(Schema.String),
  revokedAt: Schema.optionalKey(Schema.Finite),
  /** When the bytes were last encrypted, if after `issuedAt`: an edited version (MIP-021). */
  encryptedAt: Schema.optionalKey(Schema.Finite),
  /** Id of the tenant key that wraps the content key; absent: whichever is active (MIP-234). */
  tenantKeyId: Schema.optionalKey(Schema.NonEmptyString),
  /** Address of the version of the second key that locks the content key; absent: the active one. */
  doubleKeyId: Schema.optionalKey(Schema.NonEmptyString),
})
export type Protection = typeof Protection.Type

/** A stored policy: behind a label with assigned permissions, or used alone (MIP-195 to MIP-201). */
export const ProtectionTemplate = Schema.Struct({
  templateId: Schema.NonEmptyString,
  name: Schema.NonEmptyString,
  description: Schema.String,
  /** Names by language id where there is more than one language (MIP-198). */
  names: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  descriptions: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  status: Schema.Literals(["Published", "Archived"]),
  grants: Schema.Array(Grant),
  contentExpiry: ContentExpiry,
  /** -1 unlimited, 0 no offline access, n days (MIP-198). */
  licenceValidityDays: Schema.Int,
  /** Who may apply it; empty: everybody (MIP-199). */
  scopedIdentities: Schema.Array(Schema.String),
  /** Whether applications that cannot read the scope show a scoped template to all (MIP-199). */
  enableInLegacyApps: Schema.optionalKey(Schema.Boolean),
  /** The default templates of the service cannot be edited (MIP-195). */
  isReadOnly: Schema.Boolean,
  labelId: Schema.optionalKey(Schema.String),
  doubleKeyUrl: Schema.optionalKey(Schema.String),
})
export type ProtectionTemplate = typeof ProtectionTemplate.Type

/** Permissions that somebody chooses for one content (MIP-111). */
export const CustomProtection = Schema.Struct({
  kind: Schema.Literals(["user-defined", "do-not-forward", "encrypt-only"]),
  grants: Schema.Array(Grant),
  /** Epoch milliseconds. */
  contentExpiresAt: Schema.optionalKey(Schema.Finite),
  /** 0: "require a connection to verify". */
  offlineAccessDays: Schema.optionalKey(Schema.Int),
})
export type CustomProtection = typeof CustomProtection.Type

/** Do Not Forward, bound to the recipients of this message (MIP-159). */
export const doNotForward = (recipients: readonly string[]): CustomProtection => ({
  kind: "do-not-forward",
  grants: mergeGrants(recipients.map((who) => ({ who, rights: doNotForwardRights }))),
})

/** Encrypt-Only, for the recipients of this message (MIP-163). */
export const encryptOnly = (recipients: readonly string[]): CustomProtection => ({
  kind: "encrypt-only",
  grants: mergeGrants(recipients.map((who) => ({ who, rights: encryptOnlyRights }))),
})

/** Permissions by person, group or domain; nobody named means "just for me" (MIP-067, MIP-111). */
export const userDefined = (
  grants: readonly Grant[],
  limits: Pick<CustomProtection, "contentExpiresAt" | "offlineAccessDays"> = {},
): CustomProtection => ({
  kind: "user-defined",
  grants: grants.length === 0 ? [{ who: ownerIdentity, rights: allRights }] : mergeGrants(grants),
  ...limits,
})
