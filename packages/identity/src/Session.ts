import { Schema } from "effect"

/** How the first factor was proven: who vouched for it. */
export const SignInProvider = Schema.Literals([
  "azureActiveDirectory",
  "microsoftAccount",
  "google",
  "externalFederation",
  "emailOneTimePasscode",
])
export type SignInProvider = typeof SignInProvider.Type

/** What a person has proven to this tenant, and until when it counts. */
export const Session = Schema.Struct({
  /** Lower-case address of the person, not an alias. */
  address: Schema.NonEmptyString,
  provider: SignInProvider,
  authenticatedAt: Schema.Number,
  /** A passcode session ends here (IDN-049); others follow policy only. */
  expiresAt: Schema.optionalKey(Schema.Number),
  /** When and where a second factor was given, and which. */
  mfa: Schema.optionalKey(
    Schema.Struct({
      at: Schema.Number,
      tenant: Schema.Literals(["home", "resource"]),
      method: Schema.String,
    }),
  ),
  /** Latest token for each resource, by application id: when it was given, and to which address. */
  tokens: Schema.optionalKey(
    Schema.Record(Schema.String, Schema.Struct({ at: Schema.Number, ipAddress: Schema.String })),
  ),
  /** When the person last changed the password while signing in. */
  passwordChangedAt: Schema.optionalKey(Schema.Number),
  /** When the terms of use were accepted. */
  termsAcceptedAt: Schema.optionalKey(Schema.Number),
})
export type Session = typeof Session.Type
