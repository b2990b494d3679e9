import { inviteGuestLogged, issueCode, personOf } from "@twin/identity"
import { type Call, decideByGates, gate, operation, pass } from "@twin/kernel"
import { Schema } from "effect"
import { nameOf } from "../DriveItem.ts"
import {
  type CodeSubject,
  codeRules,
  evaluateCodeEntry,
  evaluateCodeRequest,
  purposeOf,
} from "../decisions/evaluateCode.ts"
import type { SpoWorld } from "../State.ts"
import type { EmittedEvent, SpoOperation, SpoRuling } from "./SpoOperation.ts"

const link = Schema.NonEmptyString.annotate({ description: "Token of the link that was opened" })

/** "Send code": a new code makes the one before it worthless (SPO-096, SPO-098). */
export const requestCode: SpoOperation = operation({
  name: "request-code",
  summary: "Has SharePoint send a verification code to the address that a link names.",
  params: Schema.Struct({ link }),
  facts: ["SPO-096", "SPO-097", "SPO-098", "SPO-101"],
  decide: (call: Call<SpoWorld>, { link: token }): SpoRuling => {
    const { decision, subject } = evaluateCodeRequest(call, token)
    if (decision.outcome !== "allow" || subject === undefined) return { decision }
    const { code, record } = issueCode({
      draw: call.draw,
      purpose: purposeOf(subject.link),
      address: subject.address,
      now: call.now,
      rules: codeRules,
    })
    return {
      decision,
      events: [{ _tag: "VerificationCodeIssued", linkId: subject.link.id, code: record }],
      mail: [
        {
          kind: "verification-code",
          from: "no-reply@sharepointonline.com",
          to: subject.address,
          subject: "Your Microsoft SharePoint verification code",
          text: `For security purposes, you must enter the code below to verify your account to access ${nameOf(subject.item)}. The code only works for ${codeRules.lifetimeMinutes} minutes, and if you request a new code, this code will stop working.`,
          code,
          link: token,
          // Whoever has lost the mailbox gets no code any more (SPO-100).
          ...(personOf(call.world, subject.address) === undefined ? { isLost: true } : {}),
        },
      ],
      output: [{ id: record.id, to: subject.address, minutes: codeRules.lifetimeMinutes }],
    }
  },
})

/** Proves the mailbox; a wrong code counts as a try. */
export const enterCode: SpoOperation = operation({
  name: "enter-code",
  summary: "Enters the verification code that arrived for a link.",
  params: Schema.Struct({
    link,
    code: Schema.NonEmptyString.annotate({ description: "The code from the mail" }),
    staySignedIn: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Keep the session when the browser closes" }),
    ),
  }),
  facts: ["SPO-097", "SPO-099", "SPO-103"],
  secrets: ["code"],
  decide: (call: Call<SpoWorld>, { link: token, code, staySignedIn = false }): SpoRuling => {
    const { decision, subject, state } = evaluateCodeEntry(call, token, code)
    if (subject === undefined) return { decision }
    const at = call.now
    const { address } = subject
    const linkId = subject.link.id
    if (decision.outcome !== "allow") {
      return {
        decision,
        events: state === "wrong" ? [{ _tag: "VerificationCodeMissed", linkId, address, at }] : [],
      }
    }
    const becomes = becomingGuest(call, subject)
    return {
      decision,
      events: [
        { _tag: "VerificationCodeUsed", linkId, address, at },
        { _tag: "AddressVerified", address, isKept: staySignedIn, at },
        ...becomes.events,
      ],
      audit: becomes.audit,
      output: [{ id: linkId, address }],
    }
  },
})

/**
 * Somebody with a work account signs in with it after the first code, and a guest object is made
 * (SPO-103). Nobody else gets one: no account is created for the code (SPO-096).
 */
const becomingGuest = (
  call: Call<SpoWorld>,
  { address, link: { id, createdBy, scope } }: CodeSubject,
): { readonly events: readonly EmittedEvent[]; readonly audit: SpoRuling["audit"] & object } => {
  if (scope !== "users" || personOf(call.world, address)?.account !== "entra") {
    return { events: [], audit: [] }
  }
  const outcome = inviteGuestLogged(
    { ...call, actor: { ...call.actor, id: createdBy, kind: "member" } },
    { address, sendMail: false },
  )
  const { user } = outcome
  const person = personOf(call.world, address)
  if (user === undefined) return { events: [], audit: [] }
  return {
    events: [
      ...outcome.events,
      {
        _tag: "InvitationRedeemed",
        userId: user.id,
        identities: [{ signInType: "federated", issuer: "ExternalAzureAD" }],
        address: person?.address ?? address,
        at: call.now,
      },
      {
        _tag: "LinkMembersAdded",
        linkId: id,
        members: [{ address, addedAs: "guest" }],
        sentTo: [],
        at: call.now,
      },
    ],
    audit: outcome.audit,
  }
}

const browserEnds = gate<object>()({
  name: "browser",
  facts: ["SPO-099"],
  reads: [],
  check: () =>
    pass("Closing the browser ends the session, unless the person chose to stay signed in."),
})

/** A new browser session starts with a new check of the address (SPO-099). */
export const closeBrowser: SpoOperation = operation({
  name: "close-browser",
  summary: "Closes the browser: a session that was not kept is over.",
  params: Schema.Struct({}),
  facts: ["SPO-099"],
  decide: ({ actor, now }: Call<SpoWorld>): SpoRuling => ({
    decision: decideByGates([browserEnds], {}),
    events: [{ _tag: "BrowserClosed", address: actor.id.toLowerCase(), at: now }],
  }),
})
