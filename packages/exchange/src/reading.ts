import { evaluateStoredBytes } from "@twin/crypto"
import { personOf } from "@twin/identity"
import { type Actor, andThen, type Client, type Decision, isoOf } from "@twin/kernel"
import { type ContentAction, evaluateOpenContent } from "@twin/mip"
import { evaluateClient, evaluateReading, type ReadingFacets } from "./decisions/evaluateReading.ts"
import { sharedMailboxesOf } from "./Mailboxes.ts"
import {
  type CopyProtection,
  copyFor,
  type DeliveredCopy,
  type Delivery,
  type MailMessage,
  type MessageAttachment,
} from "./MailMessage.ts"
import { isOwnMailbox } from "./mail-flow/recipients.ts"
import { accountMethodOf, offeredMethods, type PortalSignInMethod } from "./Portal.ts"
import {
  type ReadingRoute,
  readingRoutes,
  recipientKindOf,
  routeOf,
} from "./recipientExperience.ts"
import {
  brandingOf,
  deliveryOfLink,
  type ExchangeWorld,
  messageOf,
  portalSessionOf,
  revocationOf,
} from "./State.ts"

/** What somebody holds of a message: a delivered copy, or the own sent item. */
export interface Held {
  readonly message: MailMessage
  readonly relation: ReadingFacets["relation"]
  readonly delivered: DeliveredCopy | undefined
  readonly protection: CopyProtection
  readonly attachments: readonly MessageAttachment[]
  /** Blob or stored object with the bytes; absent where the reader holds nothing. */
  readonly storedAs: string | undefined
  /** Sealed at rest by this organization, rather than lying outside. */
  readonly isSealed: boolean
}

/** The address under which an actor reads mail. */
export const readerOf = (world: ExchangeWorld, actor: Pick<Actor, "id">): string =>
  personOf(world, actor.id)?.address ?? actor.id.toLowerCase()

/** What an actor holds of a message that is named by id, Message-ID or link. */
export const heldBy = (
  world: ExchangeWorld,
  actor: Pick<Actor, "id">,
  name: string,
): Held | undefined => {
  const message = messageOf(world, name)
  if (message === undefined) return undefined
  const reader = readerOf(world, actor)
  const byLink = deliveryOfLink(world, name)
  const isOthersLink = byLink !== undefined && byLink.delivery.mailbox !== reader
  const own = byLink === undefined || isOthersLink ? copyFor(message, reader) : byLink
  const delivered = own ?? sharedCopyFor(world, message, reader)
  if (delivered !== undefined) return heldDelivery(message, delivered)
  if (message.from === reader) return heldSentItem(message)
  return {
    message,
    relation: isOthersLink ? "link-holder" : "none",
    delivered: undefined,
    protection: { kind: "none", by: "sender" },
    attachments: [],
    storedAs: undefined,
    isSealed: false,
  }
}

/** The copy in a shared mailbox that the reader may open (MIP-171). */
const sharedCopyFor = (
  world: ExchangeWorld,
  message: MailMessage,
  reader: string,
): DeliveredCopy | undefined => {
  for (const mailbox of sharedMailboxesOf(world, reader)) {
    const copy = copyFor(message, mailbox)
    if (copy !== undefined) return copy
  }
  return undefined
}

const heldDelivery = (message: MailMessage, { copy, delivery }: DeliveredCopy): Held => {
  const inPortal = delivery.form === "wrapper" ? copy.portalObject : undefined
  return {
    message,
    relation: "recipient",
    delivered: { copy, delivery },
    protection: copy.protection,
    attachments: copy.attachments,
    storedAs: inPortal ?? delivery.storedAs,
    isSealed: inPortal !== undefined || delivery.isInternal,
  }
}

const heldSentItem = (message: MailMessage): Held => ({
  message,
  relation: message.sentItem === undefined ? "sender-outside" : "sender",
  delivered: undefined,
  protection: message.sentItemProtection,
  attachments: message.sentItemAttachments,
  storedAs: message.sentItem,
  isSealed: message.sentItem !== undefined,
})

/** The ways in that the portal offers to the recipient of a copy (EXO-065 to EXO-067). */
export const methodsFor = (
  world: ExchangeWorld,
  { copy, delivery }: { readonly copy: DeliveredCopy["copy"]; readonly delivery: Delivery },
): {
  readonly account: PortalSignInMethod | undefined
  readonly offered: readonly PortalSignInMethod[]
} => {
  const person = personOf(world, delivery.recipient)
  const account = accountMethodOf({
    kind: recipientKindOf({
      address: delivery.recipient,
      isOwnMailbox: isOwnMailbox(world, delivery.recipient),
      account: person?.account ?? "unknown",
    }),
    hasMicrosoftAccount:
      person?.account === "microsoft-account" || person?.hasMicrosoftAccount === true,
  })
  return { account, offered: offeredMethods({ account, template: brandingOf(world, copy) }) }
}

const routeFor = (held: Held, client: Client): ReadingRoute => {
  if (held.relation === "sender") return readingRoutes.native[client.app]
  return held.delivered === undefined ? "none" : routeOf(held.delivered.delivery.form, client.app)
}

const noMessage: ReadingFacets = {
  messageExists: false,
  relation: "none",
  form: "none",
  client: "",
  route: "none",
  expiry: "none",
  expiresOn: "",
  isRevoked: false,
  isForeign: false,
  signedInWith: "",
  offered: "",
  template: "",
  otpEnabled: false,
  socialIdSignIn: false,
}

/** The facets of one reader in front of one message. */
export const readingFacets = (
  world: ExchangeWorld,
  o: { readonly actor: Actor; readonly held: Held | undefined; readonly now: number },
): ReadingFacets => {
  const { actor, held, now } = o
  if (held === undefined) return { ...noMessage, client: actor.client.app }
  const { message, delivered, relation } = held
  const expiresAt = delivered?.copy.expiresAt
  const base: ReadingFacets = {
    ...noMessage,
    messageExists: true,
    relation,
    form: relation === "sender" ? "sent-item" : (delivered?.delivery.form ?? "none"),
    client: actor.client.app,
    route: routeFor(held, actor.client),
    isForeign: held.protection.kind === "foreign",
    isRevoked: revocationOf(world, message.id) !== undefined,
    expiry: expiresAt === undefined ? "none" : now < expiresAt ? "ahead" : "past",
    expiresOn: expiresAt === undefined ? "" : isoOf(expiresAt).slice(0, 10),
  }
  if (delivered === undefined) return base
  const template = brandingOf(world, delivered.copy)
  const session = portalSessionOf(world, {
    message: message.id,
    address: delivered.delivery.recipient,
    person: readerOf(world, actor),
    now,
  })
  return {
    ...base,
    signedInWith: session?.method ?? "",
    offered: methodsFor(world, delivered).offered.join(", "),
    template: template.name,
    otpEnabled: template.OTPEnabled,
    socialIdSignIn: template.SocialIdSignIn,
  }
}

/** How rights management is asked: as the portal, or as the Outlook that a browser stands for. */
export const openRequestOf = (
  world: ExchangeWorld,
  o: { readonly actor: Actor; readonly held: Held; readonly facets: ReadingFacets },
): { readonly address: string; readonly client: Client; readonly isProvenByPortal: boolean } => {
  const { actor, held, facets } = o
  const isPortal = facets.route === "portal"
  const isWeb = actor.client.app === "browser" || actor.client.app === "office-web"
  const app = isPortal ? "encrypted-message-portal" : isWeb ? "outlook-web" : actor.client.app
  // A work account signs in through Entra also in the portal; other methods do not (EXO-065).
  const isProvenByPortal =
    isPortal && facets.signedInWith !== "" && facets.signedInWith !== "Microsoft365"
  return {
    address:
      isProvenByPortal && held.delivered !== undefined
        ? held.delivered.delivery.recipient
        : readerOf(world, actor),
    client: { ...actor.client, app },
    isProvenByPortal,
  }
}

/** One question: may this actor do this with that message, now? */
export interface MessageQuestion {
  readonly world: ExchangeWorld
  readonly actor: Actor
  readonly now: number
  readonly name: string
  readonly requested: ContentAction
}

/**
 * Reading a message and using it, gate by gate: the message and its reader, expiry, revocation, the
 * portal, the stored bytes, rights management, the client. An unprotected message is free to use.
 */
export const evaluateMessage = (question: MessageQuestion): Decision => {
  const { world, actor, now, name } = question
  const held = heldBy(world, actor, name)
  const facets = readingFacets(world, { actor, held, now })
  const first = evaluateReading(facets)
  if (held === undefined || first.outcome !== "allow") return first
  const reached = upToStoredBytes(world, { held, first, now })
  const { contentId } = held.protection
  const decided = andThen(reached, () =>
    contentId === undefined
      ? evaluateClient(facets)
      : evaluateOpenContent({
          world,
          contentId,
          now,
          requested: question.requested,
          ...openRequestOf(world, { actor, held, facets }),
        }),
  )
  return contentId === undefined ? decided : andThen(decided, () => evaluateClient(facets))
}

/** The gates up to the bytes; what lies outside is nobody's to unlock here. */
export const upToStoredBytes = (
  world: ExchangeWorld,
  o: { readonly held: Held; readonly first: Decision; readonly now: number },
): Decision => {
  const { isSealed, storedAs } = o.held
  return isSealed && storedAs !== undefined
    ? andThen(o.first, () => evaluateStoredBytes(world, storedAs, { now: o.now }))
    : o.first
}
