import {
  challenge,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
} from "@twin/kernel"

/** Somebody at the sign-in page of the portal, flat. */
export interface PortalFacets {
  readonly messageExists: boolean
  /** A protected delivery that this person or this link leads to. */
  readonly hasDelivery: boolean
  /** Wanted method; empty: whatever the account is. */
  readonly method: string
  readonly offered: string
  /** The method that goes with the account; empty for a bare mailbox. */
  readonly accountMethod: string
  /** The address that the account proves, and the one the message was sent to. */
  readonly isSameAddress: boolean
  readonly isAccountEnabled: boolean
  readonly template: string
  readonly otpEnabled: boolean
  readonly socialIdSignIn: boolean
  readonly codeState: string
  readonly isSameBrowser: boolean
  readonly isReferenceRight: boolean
  readonly lifetimeMinutes: number
  readonly triesLeft: number
}

const rule = gate<PortalFacets>()

const messageExists = rule({
  name: "message-exists",
  facts: ["EXO-064"],
  reads: ["messageExists"],
  check: ({ messageExists: exists }) =>
    exists
      ? pass("The link leads to a message.")
      : deny(
          "There is no such message.",
          {},
          {
            code: "MessageNotFound",
            message: "The message can't be found. The link may be wrong or out of date.",
          },
        ),
})

const deliveryKnown = rule({
  name: "portal-link",
  facts: ["EXO-062", "EXO-064"],
  reads: ["hasDelivery"],
  check: ({ hasDelivery }) =>
    hasDelivery
      ? pass("The message was sent to an address, and the portal can show it there.")
      : deny(
          "The portal has nothing for this person: no protected message was sent there.",
          {},
          {
            code: "AccessDenied",
            message: "You can't read this message: sign in with the address it was sent to.",
          },
        ),
})

const socialMethods: readonly string[] = ["Google", "Yahoo", "Microsoft"]

const methodOffered = rule({
  name: "sign-in-method",
  facts: ["EXO-065", "EXO-066", "EXO-067"],
  reads: ["method", "offered", "accountMethod", "template", "otpEnabled", "socialIdSignIn"],
  check: ({ method, offered, accountMethod, template, otpEnabled, socialIdSignIn }) => {
    const wanted = method === "" ? accountMethod : method
    const details = {
      method: wanted || "none",
      offered,
      template,
      OTPEnabled: otpEnabled,
      SocialIdSignIn: socialIdSignIn,
    }
    const isOffered = offered.split(", ").includes(wanted)
    if (isOffered && wanted !== "OTP")
      return pass("The portal offers this way to sign in.", details)
    if (offered.split(", ").includes("OTP")) {
      return challenge("The portal offers a one-time passcode instead.", details, {
        message: "Sign in with a one-time passcode.",
      })
    }
    return deny(
      socialMethods.includes(wanted) && !socialIdSignIn
        ? "Personal accounts are switched off for this portal."
        : "The portal does not offer this way to sign in.",
      details,
      {
        code: "SignInNotAvailable",
        message: "Sign in with a work or school account to read this message.",
      },
    )
  },
})

const accountEnabled = rule({
  name: "account-enabled",
  facts: ["EXO-065"],
  reads: ["isAccountEnabled"],
  check: ({ isAccountEnabled }) =>
    isAccountEnabled
      ? pass("The account is in use.")
      : deny(
          "The account is disabled where it lives.",
          {},
          {
            code: "AccountDisabled",
            message: "Your account has been disabled.",
          },
        ),
})

const sameAddress = rule({
  name: "address-equality",
  facts: ["EXO-065"],
  reads: ["isSameAddress"],
  check: ({ isSameAddress }) =>
    isSameAddress
      ? pass("The account proves the very address that the message was sent to.")
      : deny(
          "The account proves another address than the one the message was sent to.",
          {},
          {
            code: "AccessDenied",
            message: "You can't read this message: sign in with the address it was sent to.",
          },
        ),
})

const passcodeOffered = rule({
  name: "passcode-offered",
  facts: ["EXO-067", "EXO-068", "EXO-158"],
  reads: ["offered", "template", "otpEnabled"],
  check: ({ offered, template, otpEnabled }) => {
    const details = { template, OTPEnabled: otpEnabled }
    return offered.split(", ").includes("OTP")
      ? pass("The branding template lets readers use a passcode.", details)
      : deny("The branding template does not let readers use a passcode.", details, {
          code: "SignInNotAvailable",
          message: "Sign in with a work or school account to read this message.",
        })
  },
})

const codeTexts: Readonly<Record<string, readonly [string, string]>> = {
  "not-issued": ["No passcode was asked for here.", "Request a one-time passcode first."],
  "other-address": ["The passcode belongs to another address.", "The passcode isn't valid."],
  "other-purpose": ["The passcode belongs to another message.", "The passcode isn't valid."],
  used: ["The passcode has served once and opens nothing again.", "The passcode isn't valid."],
  "not-yet-valid": ["The passcode is not valid yet.", "The passcode isn't valid."],
  expired: [
    "The passcode has outlived its minutes: a new one has to be asked for.",
    "The passcode has expired. Get a new one-time passcode.",
  ],
  "too-many-tries": [
    "Too many wrong tries: a new passcode has to be asked for.",
    "The passcode isn't valid. Get a new one-time passcode.",
  ],
  wrong: ["That is not the passcode in the mail.", "The passcode isn't valid."],
}

const codeAccepted = rule({
  name: "passcode",
  facts: ["EXO-068"],
  reads: ["codeState", "lifetimeMinutes", "triesLeft"],
  check: ({ codeState, lifetimeMinutes, triesLeft }) => {
    const details = { state: codeState, lifetimeMinutes, triesLeft }
    const [reason, message] = codeTexts[codeState] ?? []
    return reason === undefined || message === undefined
      ? pass("The passcode is right and in time.", details)
      : deny(reason, details, { code: "PasscodeInvalid", message })
  },
})

const sameBrowser = rule({
  name: "passcode-browser",
  facts: ["EXO-068"],
  reads: ["isSameBrowser", "isReferenceRight"],
  check: ({ isSameBrowser, isReferenceRight }) => {
    if (!isSameBrowser) {
      return deny(
        "The passcode was asked for in another browser.",
        {},
        {
          code: "PasscodeInvalid",
          message: "The passcode isn't valid.",
        },
      )
    }
    return isReferenceRight
      ? pass("The page and the mail show the same reference code.")
      : deny(
          "The reference code in the mail is not the one on the page.",
          {},
          {
            code: "ReferenceCodeMismatch",
            message: "The reference code doesn't match. Get a new one-time passcode.",
          },
        )
  },
})

const withAccount: GateRules<PortalFacets> = [
  messageExists,
  deliveryKnown,
  sameAddress,
  methodOffered,
  accountEnabled,
]
const askingForCode: GateRules<PortalFacets> = [messageExists, deliveryKnown, passcodeOffered]
const enteringCode: GateRules<PortalFacets> = [...askingForCode, sameBrowser, codeAccepted]

/** Signing in to the portal with an account. */
export const evaluatePortalSignIn = (facets: PortalFacets): Decision =>
  decideByGates(withAccount, facets)

/** Asking the portal to mail a passcode. */
export const evaluatePortalCodeRequest = (facets: PortalFacets): Decision =>
  decideByGates(askingForCode, facets)

/** Typing the passcode. */
export const evaluatePortalCode = (facets: PortalFacets): Decision =>
  decideByGates(enteringCode, facets)
