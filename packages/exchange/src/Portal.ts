import { type CodeRules, OneTimeCode } from "@twin/identity"
import { Schema } from "effect"
import type { OmeConfiguration } from "./OmeConfiguration.ts"
import type { RecipientKind } from "./recipientExperience.ts"

/** Ways to prove an address to the portal (EXO-065). */
export const PortalSignInMethod = Schema.Literals([
  "Microsoft365",
  "Microsoft",
  "Google",
  "Yahoo",
  "OTP",
])
export type PortalSignInMethod = typeof PortalSignInMethod.Type

/**
 * EXO-068: 15 minutes. Length, tries and what binds a code are not published: eight digits, three
 * tries, one code at a time for each message and address, all of them choices of the twin.
 */
export const portalCodeRules: CodeRules = { lifetimeMinutes: 15, digits: 8, tries: 3 }

/** Not published: how long the portal remembers a sign-in. The twin takes half a day. */
export const portalSessionHours = 12

/** An address that somebody has proven to the portal, in one browser. */
export const PortalSession = Schema.Struct({
  /** Lower case; equal to the address the message was sent to (EXO-065). */
  address: Schema.NonEmptyString,
  /** Who sits at the browser. */
  person: Schema.NonEmptyString,
  method: PortalSignInMethod,
  /** A passcode opens this message only; an account opens every message to its address. */
  message: Schema.optionalKey(Schema.String),
  signedInAt: Schema.Finite,
  expiresAt: Schema.Finite,
})
export type PortalSession = typeof PortalSession.Type

/** A passcode under way; the reference code stands in the mail and on the page (EXO-068). */
export const PortalCode = Schema.Struct({
  record: OneTimeCode,
  message: Schema.NonEmptyString,
  reference: Schema.NonEmptyString,
  /** Who asked, and from where: the code opens the portal for that browser only. */
  person: Schema.NonEmptyString,
  ipAddress: Schema.String,
})
export type PortalCode = typeof PortalCode.Type

/** What a passcode is for: this message and no other. */
export const codePurpose = (message: string): string => `encrypted-message ${message}`

const natural: Readonly<Record<RecipientKind, PortalSignInMethod | undefined>> = {
  "own-mailbox": "Microsoft365",
  "other-organization": "Microsoft365",
  "microsoft-account": "Microsoft",
  google: "Google",
  yahoo: "Yahoo",
  other: undefined,
}

/** The account with which an address signs in by itself (EXO-065); undefined: with none. */
export const accountMethodOf = (options: {
  readonly kind: RecipientKind
  readonly hasMicrosoftAccount: boolean
}): PortalSignInMethod | undefined =>
  natural[options.kind] ?? (options.hasMicrosoftAccount ? "Microsoft" : undefined)

/** What the portal offers to a reader under a branding template (EXO-065 to EXO-067). */
export const offeredMethods = (options: {
  readonly account: PortalSignInMethod | undefined
  readonly template: Pick<OmeConfiguration, "OTPEnabled" | "SocialIdSignIn">
}): readonly PortalSignInMethod[] => {
  const { account, template } = options
  const isSocial = account === "Microsoft" || account === "Google" || account === "Yahoo"
  const byAccount = account !== undefined && (!isSocial || template.SocialIdSignIn)
  return [...(byAccount ? [account] : []), ...(template.OTPEnabled ? (["OTP"] as const) : [])]
}

/** EXO-071: where wrappers lead. */
export const portalUrl = (link: string): string =>
  `https://outlook.office365.com/Encryption/retrieve.ashx?link=${link}`

/** EXO-069: who sends passcodes. */
export const passcodeSender = "MicrosoftOffice365@messaging.microsoft.com"
