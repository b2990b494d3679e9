import { checkCode, issueCode, missCode, personOf, spendCode, userOf } from "@twin/identity"
import { type Call, hours, isoOf, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import {
  evaluatePortalCode,
  evaluatePortalCodeRequest,
  evaluatePortalSignIn,
  type PortalFacets,
} from "../decisions/evaluatePortalSignIn.ts"
import { codeMailDelivery } from "../faults.ts"
import { copyFor, type DeliveredCopy, isProtected, type MailMessage } from "../MailMessage.ts"
import {
  codePurpose,
  type PortalCode,
  type PortalSession,
  PortalSignInMethod,
  passcodeSender,
  portalCodeRules,
  portalSessionHours,
} from "../Portal.ts"
import { portalAudit } from "../portalAudit.ts"
import { methodsFor, readerOf } from "../reading.ts"
import { refusingGate } from "../readMessage.ts"
import {
  brandingOf,
  deliveryOfLink,
  type ExchangeEvent,
  type ExchangeWorld,
  messageOf,
  portalCodeOf,
} from "../State.ts"
import { message } from "./params.ts"

/** What the sign-in page is about: the link that was followed, or the reader's own copy. */
interface Page {
  readonly message: MailMessage | undefined
  readonly delivered: DeliveredCopy | undefined
}

const pageOf = ({ world, actor }: Call<ExchangeWorld>, name: string): Page => {
  const found = messageOf(world, name)
  const delivered =
    deliveryOfLink(world, name) ??
    (found === undefined ? undefined : copyFor(found, readerOf(world, actor)))
  const isShown = delivered !== undefined && isProtected(delivered.copy.protection)
  return { message: found, delivered: isShown ? delivered : undefined }
}

const facetsOf = (
  { world, actor }: Call<ExchangeWorld>,
  page: Page,
  more: Partial<PortalFacets> = {},
): PortalFacets => {
  const reader = readerOf(world, actor)
  const { delivered } = page
  const template = delivered === undefined ? undefined : brandingOf(world, delivered.copy)
  const methods = delivered === undefined ? undefined : methodsFor(world, delivered)
  const own = delivered?.delivery.mailbox === reader ? methods?.account : undefined
  return {
    messageExists: page.message !== undefined,
    hasDelivery: delivered !== undefined,
    method: "",
    offered: methods?.offered.join(", ") ?? "",
    accountMethod: own ?? "",
    isSameAddress: delivered?.delivery.recipient === reader || isProxyOf(world, delivered, reader),
    isAccountEnabled:
      personOf(world, reader)?.accountEnabled !== false &&
      userOf(world, reader)?.accountEnabled !== false,
    template: template?.name ?? "",
    otpEnabled: template?.OTPEnabled ?? false,
    socialIdSignIn: template?.SocialIdSignIn ?? false,
    codeState: "",
    isSameBrowser: true,
    isReferenceRight: true,
    lifetimeMinutes: portalCodeRules.lifetimeMinutes,
    triesLeft: portalCodeRules.tries,
    ...more,
  }
}

/** A work account proves all addresses of its mailbox; a personal one proves its own (EXO-065). */
const isProxyOf = (
  world: ExchangeWorld,
  delivered: DeliveredCopy | undefined,
  reader: string,
): boolean => delivered?.delivery.mailbox === reader && personOf(world, reader)?.account === "entra"

const signInRefused = (
  { actor, world, now }: Call<ExchangeWorld>,
  page: Page,
  gate: string,
): readonly ExchangeEvent[] =>
  page.message === undefined
    ? []
    : [
        {
          _tag: "PortalSignInRefused",
          message: page.message.id,
          address: readerOf(world, actor),
          gate,
          at: now,
        },
      ]

const audited = (
  { world }: Call<ExchangeWorld>,
  page: Page,
  o: Pick<Parameters<typeof portalAudit>[1], "method" | "decision">,
) =>
  page.message === undefined || page.delivered === undefined
    ? []
    : portalAudit(world, {
        ...o,
        operation: "AuthenticateRequest",
        message: page.message,
        recipient: page.delivered.delivery.recipient,
      })

export const signInPortal = operation({
  name: "sign-in-portal",
  summary: "Signs in to the portal of encrypted messages with an account.",
  params: Schema.Struct({
    message,
    method: Schema.optionalKey(
      PortalSignInMethod.annotate({ description: "The account's own method unless given" }),
    ),
  }),
  facts: ["EXO-065", "EXO-066", "EXO-067"],
  binding: { positional: ["message", "method"] },
  decide: (call: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const page = pageOf(call, params.message)
    const facets = facetsOf(call, page, { method: params.method ?? "" })
    const method = params.method ?? (facets.accountMethod as PortalSignInMethod)
    const decision = evaluatePortalSignIn(facets)
    const audit = audited(call, page, { method, decision })
    if (decision.outcome !== "allow" || page.delivered === undefined) {
      return { decision, events: signInRefused(call, page, refusingGate(decision)), audit }
    }
    const session = sessionOf(call, page.delivered, method)
    return {
      decision,
      events: [{ _tag: "PortalSignedIn", session, at: call.now }],
      audit,
      output: [{ id: session.address, method, expiresAt: session.expiresAt }],
    }
  },
})

const sessionOf = (
  { world, actor, now }: Call<ExchangeWorld>,
  { delivery }: DeliveredCopy,
  method: PortalSignInMethod,
): PortalSession => ({
  address: delivery.recipient,
  person: readerOf(world, actor),
  method,
  signedInAt: now,
  expiresAt: now + hours(portalSessionHours),
})

export const requestPortalCode = operation({
  name: "request-portal-code",
  summary: "Asks the portal to mail a one-time passcode to the address of the message.",
  params: Schema.Struct({ message }),
  facts: ["EXO-067", "EXO-068", "EXO-069"],
  binding: { positional: ["message"] },
  decide: (call: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const { world, actor, now, draw } = call
    const page = pageOf(call, params.message)
    const decision = evaluatePortalCodeRequest(facetsOf(call, page))
    const { message: found, delivered } = page
    if (decision.outcome !== "allow" || found === undefined || delivered === undefined) {
      return { decision, events: signInRefused(call, page, refusingGate(decision)) }
    }
    const { recipient, mailbox } = delivered.delivery
    const purpose = codePurpose(found.id)
    const issued = issueCode({ draw, purpose, address: recipient, now, rules: portalCodeRules })
    const reference = draw.digits("reference", 4)
    const code: PortalCode = {
      record: issued.record,
      message: found.id,
      reference,
      person: readerOf(world, actor),
      ipAddress: actor.client.ipAddress,
    }
    return {
      decision,
      events: [{ _tag: "PortalCodeSent", code, at: now }],
      mail: [
        {
          kind: "one-time-passcode",
          from: passcodeSender,
          to: mailbox,
          subject: "Your one-time passcode to view the message",
          text:
            "Enter the passcode on the web page to view the message. The reference code there " +
            `must be ${reference}. The passcode expires in 15 minutes.`,
          code: issued.code,
          ...codeMailDelivery(world),
        },
      ],
      output: [
        {
          id: issued.record.id,
          reference,
          address: recipient,
          expiresAt: issued.record.expiresAt,
          expires: isoOf(issued.record.expiresAt),
        },
      ],
    }
  },
})

export const enterPortalCode = operation({
  name: "enter-portal-code",
  summary: "Types the passcode from the mail into the portal.",
  params: Schema.Struct({
    message,
    code: Schema.NonEmptyString.annotate({ description: "The passcode from the mail" }),
    reference: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "The reference code in that mail" }),
    ),
  }),
  facts: ["EXO-068"],
  binding: { positional: ["message", "code"] },
  secrets: ["code"],
  decide: (call: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const { world, actor, now } = call
    const page = pageOf(call, params.message)
    const { message: found, delivered } = page
    const address = delivered?.delivery.recipient ?? ""
    const code = found === undefined ? undefined : portalCodeOf(world, found.id, address)
    const asked = { purpose: codePurpose(found?.id ?? ""), address, code: params.code, now }
    const state = checkCode(code?.record, asked)
    const decision = evaluatePortalCode(
      facetsOf(call, page, {
        codeState: state,
        isSameBrowser:
          code === undefined ||
          (code.person === readerOf(world, actor) && code.ipAddress === actor.client.ipAddress),
        isReferenceRight:
          code === undefined ||
          params.reference === undefined ||
          params.reference.trim() === code.reference,
        triesLeft: code?.record.triesLeft ?? 0,
      }),
    )
    const audit = audited(call, page, { method: "OTP", decision })
    if (decision.outcome !== "allow" || delivered === undefined || code === undefined) {
      const missed: readonly ExchangeEvent[] =
        code !== undefined && state === "wrong"
          ? [
              {
                _tag: "PortalCodeMissed",
                code: { ...code, record: missCode(code.record) },
                at: now,
              },
            ]
          : []
      return {
        decision,
        events: [...missed, ...signInRefused(call, page, refusingGate(decision))],
        audit,
      }
    }
    const session = { ...sessionOf(call, delivered, "OTP"), message: code.message }
    const spentCode = { ...code, record: spendCode(code.record, now) }
    return {
      decision,
      events: [{ _tag: "PortalSignedIn", session, spentCode, at: now }],
      audit,
      output: [{ id: session.address, method: "OTP", expiresAt: session.expiresAt }],
    }
  },
})
