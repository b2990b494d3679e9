import { Schema } from "effect"

/** How the first factor was proven: who vouched for it. */
export const SignInProvider = Schema.Literals([
  "azureActiveDirectory",
  "microsoftAccount",
  "google",
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
  /** When the terms of use were accepted. */
  termsAcceptedAt: Schema.optionalKey(Schema.Number),
})
export type Session = typeof Session.Type
