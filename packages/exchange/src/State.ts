import { ownValue } from "@twin/crypto"
import { isOwnDomain } from "@twin/identity"
import type { MipWorld } from "@twin/mip"
import { HashMap, Schema } from "effect"
import { defaultIrmConfiguration, IrmChanges, type IrmConfiguration } from "./IrmConfiguration.ts"
import { initialMailboxes, type Mailboxes, mailboxEvents, withTrustee } from "./Mailboxes.ts"
import { type Delivery, MailMessage, MessageCopy, TransportHop } from "./MailMessage.ts"
import {
  changeMessage,
  found,
  noLongerWaiting,
  released,
  type WaitingCopy,
  withMessage,
} from "./messageStore.ts"
import {
  defaultTemplateName,
  isDefaultTemplate,
  OmeChanges,
  OmeConfiguration,
  plainTemplate,
} from "./OmeConfiguration.ts"
import { PortalCode, PortalSession } from "./Portal.ts"
import { insertAt, TransportRule } from "./rules/TransportRule.ts"
import { Subscription } from "./SubscriptionPlan.ts"

/** What a domain is to mail flow; a verified domain without an entry is authoritative (EXO-115). */
export const AcceptedDomainType = Schema.Literals([
  "Authoritative",
  "InternalRelay",
  "ExternalRelay",
])
export type AcceptedDomainType = typeof AcceptedDomainType.Type

/** The rules as they were from a moment on: a change takes time to reach mail flow (EXO-109). */
interface RulesSince {
  readonly at: number
  readonly rules: readonly TransportRule[]
}

/** The slice of this domain. Read it through the accessors: the fields are indexes and will change. */
export interface ExchangeState {
  readonly subscription: Subscription
  readonly irm: IrmConfiguration
  /** Names of imported trusted publishing domains, in the order of their import (EXO-037). */
  readonly publishingDomains: readonly string[]
  /** The default one first, then in the order of creation. */
  readonly templates: readonly OmeConfiguration[]
  /** Highest priority first (EXO-105). */
  readonly rules: readonly TransportRule[]
  /** Former states of the rules, oldest first. */
  readonly ruleHistory: readonly RulesSince[]
  readonly acceptedDomains: Readonly<Record<string, AcceptedDomainType>>
  /** By id; numbered in the order in which they were sent. */
  readonly messages: HashMap.HashMap<
    string,
    { readonly ordinal: number; readonly message: MailMessage }
  >
  /** Internet Message-ID -> id. */
  readonly messageIds: HashMap.HashMap<string, string>
  /** Link token -> message and recipient. */
  readonly links: HashMap.HashMap<string, { readonly message: string; readonly recipient: string }>
  readonly revocations: HashMap.HashMap<string, { readonly at: number; readonly by: string }>
  /** By message and address: a new code replaces the older one. */
  readonly codes: HashMap.HashMap<string, PortalCode>
  /** By address and message; accounts stand under the address alone. */
  readonly sessions: HashMap.HashMap<string, PortalSession>
  readonly mailboxes: Mailboxes
  /** By queued mail: what waits until a server outside takes it. */
  readonly waiting: HashMap.HashMap<string, WaitingCopy>
  /** Absent: the first verified domain. */
  readonly defaultDomain?: string
}

/** Every world of this domain and of those above it. */
export interface ExchangeWorld extends MipWorld {
  readonly exchange: ExchangeState
}

const id = Schema.NonEmptyString
/** Epoch milliseconds. */
const at = Schema.Finite

/** Everything that changes the slice of this domain. A tenant's baseline is a list of these. */
export const ExchangeEvent = Schema.TaggedUnion({
  ...mailboxEvents,
  ExchangeSubscriptionChanged: { subscription: Subscription, at },
  AcceptedDomainSet: { domain: id, domainType: AcceptedDomainType, at },
  DefaultDomainSet: { domain: id, at },
  IrmConfigurationChanged: { changes: IrmChanges, at },
  /** Licensing still has to be switched on after it (MIP-262). */
  PublishingDomainImported: { name: id, at },
  OmeConfigurationCreated: { configuration: OmeConfiguration, at },
  OmeConfigurationChanged: { name: id, changes: OmeChanges, at },
  OmeConfigurationRemoved: { name: id, at },
  /** Takes its place in the order; later rules move down (EXO-105). */
  TransportRuleCreated: { rule: TransportRule, priority: Schema.Int, at },
  /** The rule as it is from now on, in its place. */
  TransportRuleChanged: { rule: TransportRule, priority: Schema.Int, at },
  TransportRuleRemoved: { ruleId: id, at },
  MessageSent: { message: MailMessage },
  /** A copy waits: the servers of a domain outside do not take it as it has to be sent (EXO-199). */
  MessageDeferred: { queueId: id, message: id, copy: MessageCopy, storedAs: id },
  /** One try to hand a copy to the servers of a domain outside. */
  MessageHopTried: { message: id, hop: TransportHop },
  /** A copy that waited has left. */
  MessageReleased: { queueId: id, at },
  /** A copy that waited is given up. */
  MessageReturned: { queueId: id, code: Schema.String, text: Schema.String, at },
  /** Tried and refused before it went anywhere. */
  MessageRefused: { from: id, gate: id, at },
  MessageOpened: { message: id, by: id, route: Schema.Literals(["inline", "portal"]), at },
  /** A use of the message beyond reading: printed, copied. */
  MessageUsed: { message: id, by: id, use: id, at },
  MessageUseRefused: { message: id, by: id, use: id, gate: id, at },
  AttachmentSaved: {
    message: id,
    attachment: id,
    by: id,
    savedAs: id,
    isProtected: Schema.Boolean,
    at,
  },
  MessageRevoked: { message: id, by: id, at },
  MessageRevocationLifted: { message: id, by: id, at },
  PortalCodeSent: { code: PortalCode, at },
  PortalCodeMissed: { code: PortalCode, at },
  /** A code has served, or an account has vouched for the address. */
  PortalSignedIn: { session: PortalSession, spentCode: Schema.optionalKey(PortalCode), at },
  PortalSignInRefused: { message: id, address: Schema.String, gate: id, at },
})
export type ExchangeEvent = typeof ExchangeEvent.Type

/** A fresh tenant: everything of the largest plan, and encryption works (EXO-002, EXO-007). */
export const initialState: ExchangeState = {
  subscription: { plan: "Microsoft 365 E5", hasPremiumEncryption: true },
  irm: defaultIrmConfiguration,
  publishingDomains: [],
  templates: [plainTemplate(defaultTemplateName)],
  rules: [],
  ruleHistory: [],
  acceptedDomains: {},
  messages: HashMap.empty(),
  messageIds: HashMap.empty(),
  links: HashMap.empty(),
  revocations: HashMap.empty(),
  codes: HashMap.empty(),
  sessions: HashMap.empty(),
  mailboxes: initialMailboxes,
  waiting: HashMap.empty(),
}

const codeKey = (message: string, address: string): string => `${message} ${address.toLowerCase()}`
const sessionKey = (address: string, message: string | undefined): string =>
  message === undefined ? address.toLowerCase() : codeKey(message, address)

/** The only place where this slice changes. Pure and total. */
export const evolve = (state: ExchangeState, event: ExchangeEvent): ExchangeState =>
  ExchangeEvent.match(event, {
    ExchangeSubscriptionChanged: ({ subscription }) => ({ ...state, subscription }),
    AcceptedDomainSet: ({ domain, domainType }) => ({
      ...state,
      acceptedDomains: { ...state.acceptedDomains, [domain.toLowerCase()]: domainType },
    }),
    DefaultDomainSet: ({ domain }) => ({ ...state, defaultDomain: domain.toLowerCase() }),
    PublishingDomainImported: ({ name }) => ({
      ...state,
      irm: { ...state.irm, InternalLicensingEnabled: false },
      publishingDomains: [...state.publishingDomains, name],
    }),
    IrmConfigurationChanged: ({ changes }) => ({ ...state, irm: { ...state.irm, ...changes } }),
    OmeConfigurationCreated: ({ configuration }) =>
      state.templates.some(({ name }) => sameName(name, configuration.name))
        ? state
        : { ...state, templates: [...state.templates, configuration] },
    OmeConfigurationChanged: ({ name, changes }) => ({
      ...state,
      templates: state.templates.map((it) =>
        sameName(it.name, name) ? { ...it, ...changes } : it,
      ),
    }),
    OmeConfigurationRemoved: ({ name }) => ({
      ...state,
      templates: state.templates.filter(
        (it) => isDefaultTemplate(it.name) || !sameName(it.name, name),
      ),
    }),
    TransportRuleCreated: ({ rule, priority, at: since }) =>
      withRules(state, insertAt(state.rules, rule, priority), since),
    TransportRuleChanged: ({ rule, priority, at: since }) =>
      state.rules.some((it) => it.id === rule.id)
        ? withRules(state, insertAt(state.rules, rule, priority), since)
        : state,
    TransportRuleRemoved: ({ ruleId, at: since }) =>
      withRules(
        state,
        state.rules.filter((it) => it.id !== ruleId),
        since,
      ),
    MessageSent: ({ message }) => withMessage(state, message),
    MessageDeferred: ({ queueId, message, copy, storedAs }) => ({
      ...state,
      waiting: HashMap.set(state.waiting, queueId, { message, copy, storedAs }),
    }),
    MessageHopTried: ({ message, hop }) =>
      changeMessage(state, message, (it) => ({ ...it, hops: [...(it.hops ?? []), hop] })),
    MessageReleased: ({ queueId }) => released(state, queueId),
    MessageReturned: ({ queueId, code, text }) =>
      noLongerWaiting(state, queueId, (it) => ({
        ...it,
        returned: it.returned.map((copy) =>
          copy.queueId === queueId ? { ...copy, status: "Failed", code, text } : copy,
        ),
      })),
    MessageRefused: () => state,
    MessageOpened: () => state,
    MessageUsed: () => state,
    MessageUseRefused: () => state,
    AttachmentSaved: () => state,
    MessageRevoked: ({ message, by, at: since }) => ({
      ...state,
      revocations: HashMap.set(state.revocations, message, { at: since, by }),
    }),
    MessageRevocationLifted: ({ message }) => ({
      ...state,
      revocations: HashMap.remove(state.revocations, message),
    }),
    PortalCodeSent: ({ code }) => withCode(state, code),
    PortalCodeMissed: ({ code }) => withCode(state, code),
    PortalSignedIn: ({ session, spentCode }) => {
      const key = sessionKey(session.address, session.message)
      const next = spentCode === undefined ? state : withCode(state, spentCode)
      return { ...next, sessions: HashMap.set(next.sessions, key, session) }
    },
    PortalSignInRefused: () => state,
    MailboxTypeSet: ({ mailbox, mailboxType }) =>
      withMailboxes(state, ({ types }) => ({ types: { ...types, [mailbox]: mailboxType } })),
    MailboxPermissionSet: ({ mailbox, trustee, isGranted }) =>
      withMailboxes(state, ({ fullAccess }) => ({
        fullAccess: {
          ...fullAccess,
          [mailbox]: withTrustee(ownValue(fullAccess, mailbox) ?? [], trustee, isGranted),
        },
      })),
    OwaPolicySet: ({ name, irmEnabled }) =>
      withMailboxes(state, ({ owaPolicies }) => ({
        owaPolicies: { ...owaPolicies, [name.toLowerCase()]: { name, irm: irmEnabled } },
      })),
    OwaPolicyAssigned: ({ mailbox, policy }) =>
      withMailboxes(state, ({ owaPolicyOfMailbox }) => ({
        owaPolicyOfMailbox: { ...owaPolicyOfMailbox, [mailbox]: policy },
      })),
  })

const withMailboxes = (
  state: ExchangeState,
  change: (mailboxes: Mailboxes) => Partial<Mailboxes>,
): ExchangeState => ({
  ...state,
  mailboxes: { ...state.mailboxes, ...change(state.mailboxes) },
})

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

const withRules = (
  state: ExchangeState,
  rules: readonly TransportRule[],
  since: number,
): ExchangeState => ({
  ...state,
  rules,
  ruleHistory: [...state.ruleHistory, { at: since, rules }],
})

const withCode = (state: ExchangeState, code: PortalCode): ExchangeState => ({
  ...state,
  codes: HashMap.set(state.codes, codeKey(code.message, code.record.address), code),
})

export const publishingDomainsOf = (world: ExchangeWorld): readonly string[] =>
  world.exchange.publishingDomains

export const irmConfigurationOf = (world: ExchangeWorld): IrmConfiguration => world.exchange.irm

export const subscriptionOf = (world: ExchangeWorld): Subscription => world.exchange.subscription

/** All branding templates, the default one first. */
export const omeConfigurationsOf = (world: ExchangeWorld): readonly OmeConfiguration[] =>
  world.exchange.templates

/** A branding template by name; undefined for none of that name. */
export const omeConfigurationOf = (
  world: ExchangeWorld,
  name: string,
): OmeConfiguration | undefined => world.exchange.templates.find((it) => sameName(it.name, name))

/** What counts for a copy: its template, or the default one where none was named or it is gone. */
export const brandingOf = (
  world: ExchangeWorld,
  copy: Pick<MessageCopy, "branding">,
): OmeConfiguration =>
  omeConfigurationOf(world, copy.branding ?? defaultTemplateName) ??
  omeConfigurationOf(world, defaultTemplateName) ??
  plainTemplate(defaultTemplateName)

/** Mail flow rules, highest priority first. */
export const transportRulesOf = (world: ExchangeWorld): readonly TransportRule[] =>
  world.exchange.rules

/** The rules as they were at a moment: what mail flow knows when changes arrive late (EXO-109). */
export const transportRulesAsOf = (
  world: ExchangeWorld,
  moment: number,
): readonly TransportRule[] =>
  world.exchange.ruleHistory.findLast((it) => it.at <= moment)?.rules ?? []

/** A mail flow rule by name or id. */
export const transportRuleOf = (
  world: ExchangeWorld,
  nameOrId: string,
): TransportRule | undefined =>
  world.exchange.rules.find((it) => sameName(it.name, nameOrId) || sameName(it.id, nameOrId))

/** Whether an address belongs to this organization's mail flow (EXO-115, EXO-116). */
export const scopeOf = (
  world: ExchangeWorld,
  address: string,
): "InOrganization" | "NotInOrganization" => {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase()
  const accepted = ownValue(world.exchange.acceptedDomains, domain)
  const isInside =
    accepted === undefined ? isOwnDomain(world, domain) : accepted !== "ExternalRelay"
  return isInside ? "InOrganization" : "NotInOrganization"
}

/** A message by id, Message-ID (with or without angle brackets) or link token. */
export const messageOf = (world: ExchangeWorld, name: string): MailMessage | undefined => {
  const { messages, messageIds, links } = world.exchange
  const direct = found(messages, name.trim().toLowerCase())
  if (direct !== undefined) return direct.message
  const bare = name.trim().toLowerCase().replace(/^<|>$/g, "")
  const byMessageId = found(messageIds, `<${bare}>`)
  const target = byMessageId ?? found(links, name.trim())?.message
  return target === undefined ? undefined : found(messages, target)?.message
}

/** The delivery that a portal link belongs to. */
export const deliveryOfLink = (
  world: ExchangeWorld,
  link: string,
):
  | { readonly message: MailMessage; readonly copy: MessageCopy; readonly delivery: Delivery }
  | undefined => {
  const target = found(world.exchange.links, link.trim())
  const message =
    target === undefined ? undefined : found(world.exchange.messages, target.message)?.message
  for (const copy of message?.copies ?? []) {
    const delivery = copy.deliveries.find((it) => it.link === link.trim())
    if (message !== undefined && delivery !== undefined) return { message, copy, delivery }
  }
  return undefined
}

/** All messages, oldest first. */
export const messagesOf = (world: ExchangeWorld): readonly MailMessage[] =>
  [...HashMap.values(world.exchange.messages)]
    .toSorted((a, b) => a.ordinal - b.ordinal)
    .map(({ message }) => message)

/** When and by whom a message was revoked; undefined while it is not. */
export const revocationOf = (
  world: ExchangeWorld,
  message: string,
): { readonly at: number; readonly by: string } | undefined =>
  found(world.exchange.revocations, message)

/** The passcode under way for one message and address. */
export const portalCodeOf = (
  world: ExchangeWorld,
  message: string,
  address: string,
): PortalCode | undefined => found(world.exchange.codes, codeKey(message, address))

/** What somebody has proven to the portal and can still use for this message. */
export const portalSessionOf = (
  world: ExchangeWorld,
  asked: {
    readonly message: string
    readonly address: string
    readonly person: string
    readonly now: number
  },
): PortalSession | undefined =>
  [asked.message, undefined]
    .flatMap((message) => found(world.exchange.sessions, sessionKey(asked.address, message)) ?? [])
    .find(({ person, expiresAt }) => person === asked.person.toLowerCase() && asked.now < expiresAt)
