import {
  challenge,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
  unknown,
} from "@twin/kernel"

/** One reader in front of one message, flat: everything the gates in front of protection look at. */
export interface ReadingFacets {
  readonly messageExists: boolean
  /** `link-holder`: has somebody else's link. `sender-outside`: keeps the message elsewhere. */
  readonly relation: "recipient" | "sender" | "sender-outside" | "link-holder" | "none"
  readonly form: "plain" | "native" | "wrapper" | "sent-item" | "none"
  readonly client: string
  /** Where the client leads the reader (EXO-062). */
  readonly route: "inline" | "portal" | "none"
  readonly expiry: "none" | "ahead" | "past"
  /** ISO day; empty without expiry. */
  readonly expiresOn: string
  readonly isRevoked: boolean
  readonly isForeign: boolean
  /** Method of the session in the portal; empty without one. */
  readonly signedInWith: string
  /** What the portal offers this reader, joined; empty for nothing. */
  readonly offered: string
  readonly template: string
  readonly otpEnabled: boolean
  readonly socialIdSignIn: boolean
}

const rule = gate<ReadingFacets>()

export const messageExists = rule({
  name: "message-exists",
  facts: ["EXO-064"],
  reads: ["messageExists"],
  check: ({ messageExists: exists }) =>
    exists
      ? pass("The message went through this organization.")
      : deny(
          "There is no such message.",
          {},
          {
            code: "MessageNotFound",
            message: "The message can't be found. The link may be wrong or out of date.",
          },
        ),
})

export const addressedToReader = rule({
  name: "addressed-to-reader",
  facts: ["EXO-040", "EXO-065"],
  reads: ["relation"],
  check: ({ relation }) => {
    switch (relation) {
      case "recipient":
        return pass("The message was sent to this reader.", { relation })
      case "sender":
        return pass("The reader sent the message.", { relation })
      case "sender-outside":
        return unknown("What a sender outside keeps of a message is not modelled.", { relation })
      case "link-holder":
        return deny("The link was sent to somebody else.", { relation }, notTheAddress)
      case "none":
        return deny("The message was not sent to this reader.", { relation }, notTheAddress)
    }
  },
})

/** The text is the twin's: nothing is published (open question 16 of the facts). */
const notTheAddress = {
  code: "AccessDenied",
  message: "You can't read this message: sign in with the address the message was sent to.",
} as const

const notExpired = rule({
  name: "mail-expiry",
  facts: ["EXO-165", "EXO-166", "EXO-167"],
  reads: ["expiry", "expiresOn", "relation", "form"],
  check: ({ expiry, expiresOn, relation, form }) => {
    if (relation === "sender") return pass("The sender keeps access whatever the expiry.")
    if (form !== "wrapper") return pass("Expiry is for mail that is read in the portal.", { form })
    switch (expiry) {
      case "none":
        return pass("The mail has no expiry.")
      case "ahead":
        return pass("The day on which the mail expires has not come.", { expiresOn })
      case "past":
        return deny(
          "The mail has expired.",
          { expiresOn },
          {
            code: "MessageExpired",
            message: "The message has expired.",
          },
        )
    }
  },
})

const notRevoked = rule({
  name: "mail-revocation",
  facts: ["EXO-168", "EXO-171", "EXO-173"],
  reads: ["isRevoked", "relation", "form"],
  check: ({ isRevoked, relation, form }) => {
    if (!isRevoked) return pass("Nobody has revoked the message.")
    if (relation === "sender") return pass("The sender keeps access to a revoked message.")
    return form === "wrapper"
      ? deny(
          "The message was revoked, and its link opens nothing any more.",
          { form },
          {
            code: "MessageRevoked",
            message: "The message is revoked by the sender",
          },
        )
      : pass("Revocation reaches links only, and this reader has the message itself.", { form })
  },
})

const portalIdentity = rule({
  name: "portal-identity",
  facts: ["EXO-065", "EXO-066", "EXO-067", "EXO-068"],
  reads: ["route", "signedInWith", "offered", "template", "otpEnabled", "socialIdSignIn"],
  check: ({ route, signedInWith, offered, template, otpEnabled, socialIdSignIn }) => {
    if (route !== "portal") return pass("The message is not read in the portal.", { route })
    const details = { offered, template, OTPEnabled: otpEnabled, SocialIdSignIn: socialIdSignIn }
    if (signedInWith !== "") {
      return pass("The reader has proven the address to the portal.", { method: signedInWith })
    }
    return offered === ""
      ? deny("The portal offers this reader no way to sign in.", details, {
          code: "SignInNotAvailable",
          message: "Sign in with a work or school account to read this message.",
        })
      : challenge("The reader has to prove the address to the portal first.", details, {
          message: "Sign in to view the message.",
        })
  },
})

const clientOpens = rule({
  name: "reading-client",
  facts: ["EXO-062", "EXO-063", "EXO-073"],
  reads: ["client", "route", "form"],
  check: ({ client, route, form }) => {
    const details = { client, route, form }
    switch (route) {
      case "inline":
        return pass("The client opens the message itself.", details)
      case "portal":
        return pass("The client leads to the portal, which shows the message.", details)
      case "none":
        return deny("This application opens no mail.", details)
    }
  },
})

const ownProtection = rule({
  name: "protecting-organization",
  facts: ["EXO-090", "EXO-132"],
  reads: ["isForeign", "relation"],
  check: ({ isForeign, relation }) =>
    !isForeign
      ? pass("No other organization has to be asked.")
      : unknown("Another organization protected the message and decides who opens it.", {
          relation,
        }),
})

const before: GateRules<ReadingFacets> = [
  messageExists,
  addressedToReader,
  notExpired,
  notRevoked,
  portalIdentity,
  ownProtection,
]

/** Everything in front of stored bytes and rights, in the documented order. */
export const evaluateReading = (facets: ReadingFacets): Decision => decideByGates(before, facets)

/** What the client makes of it: the last question. */
export const evaluateClient = (facets: ReadingFacets): Decision =>
  decideByGates([clientOpens], facets)
