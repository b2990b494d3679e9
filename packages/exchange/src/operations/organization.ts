import { organizationOf } from "@twin/identity"
import {
  type Call,
  decideByGates,
  exchangeAdminAudit,
  gate,
  namedObjects,
  notRecognized,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { defaultDomainOf } from "../defaultDomain.ts"
import { listedTemplates } from "../rightsTemplate.ts"
import {
  AcceptedDomainType,
  type ExchangeEvent,
  type ExchangeWorld,
  subscriptionOf,
} from "../State.ts"
import {
  hasAdvancedMessageEncryption,
  hasExpiryAndRevocation,
  hasMessageEncryption,
  SubscriptionPlan,
} from "../SubscriptionPlan.ts"
import { adminRoles, readable, readerRoles } from "./cmdlet.ts"

const changes = gate<{ readonly plan: string; readonly brings: string }>()({
  name: "subscription",
  facts: ["EXO-006", "EXO-007", "EXO-008"],
  reads: ["plan", "brings"],
  check: ({ plan, brings }) => pass("The organization buys another plan.", { plan, brings }),
})

/** Stands for what happens in the shop: no cmdlet of Exchange does it. */
export const changeSubscription = operation({
  name: "change-subscription",
  summary: "Buys another plan for the organization, or switches a service plan in it.",
  params: Schema.Struct({
    plan: Schema.optionalKey(SubscriptionPlan.annotate({ description: "The plan to have" })),
    premiumEncryption: Schema.optionalKey(
      Schema.Boolean.annotate({
        description: "The service plan Premium Encryption in Office 365: expiry and revocation",
      }),
    ),
  }),
  roles: ["Global Administrator", "Billing Administrator"],
  facts: ["EXO-006", "EXO-007", "EXO-008"],
  decide: ({ world, now }: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const before = subscriptionOf(world)
    const subscription = {
      plan: params.plan ?? before.plan,
      hasPremiumEncryption: params.premiumEncryption ?? before.hasPremiumEncryption,
    }
    const brings = [
      ...(hasMessageEncryption(subscription) ? ["message encryption"] : []),
      ...(hasAdvancedMessageEncryption(subscription) ? ["branding templates, portal log"] : []),
      ...(hasExpiryAndRevocation(subscription) ? ["expiry and revocation"] : []),
    ].join("; ")
    return {
      decision: decideByGates([changes], { plan: subscription.plan, brings }),
      events: [{ _tag: "ExchangeSubscriptionChanged", subscription, at: now }],
      output: [{ id: subscription.plan, ...subscription }],
    }
  },
})

/** Verified domains with what they are to mail flow. */
const acceptedDomains = (world: ExchangeWorld): ReadonlyMap<string, string> => {
  const organization = organizationOf(world)
  const verified = organization?.verifiedDomains ?? []
  const initial = organization === undefined ? [] : [organization.initialDomain]
  return new Map(
    [...new Set([...verified, ...initial])]
      .toSorted()
      .map((it) => [it, world.exchange.acceptedDomains[it.toLowerCase()] ?? "Authoritative"]),
  )
}

const domains = namedObjects({
  objects: "accepted domains",
  gate: "accepted-domain",
  facts: ["EXO-115"],
})

export const getAcceptedDomain = operation({
  name: "Get-AcceptedDomain",
  summary: "Shows the domains for which the organization takes mail.",
  params: Schema.Struct({
    Identity: Schema.optionalKey(Schema.String.annotate({ description: "A domain" })),
  }),
  roles: readerRoles,
  roleRefusal: notRecognized("Get-AcceptedDomain"),
  facts: ["EXO-115", "EXO-116"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  isReadOnly: true,
  decide: ({ world }: Call<ExchangeWorld>, { Identity }): Ruling<ExchangeEvent> => {
    const all = [...acceptedDomains(world)]
    return domains.list({
      all,
      identity: Identity,
      find: (it) => all.find(([name]) => name === it.toLowerCase()),
      shown: ([name, type]) => ({
        Name: name,
        DomainName: name,
        DomainType: type,
        Default: name === defaultDomainOf(world),
      }),
    })
  },
})

export const setAcceptedDomain = operation({
  name: "Set-AcceptedDomain",
  summary: "Says what a domain is to mail flow.",
  params: Schema.Struct({
    Identity: Schema.NonEmptyString.annotate({ description: "A verified domain" }),
    DomainType: Schema.optionalKey(
      AcceptedDomainType.annotate({ description: "What the domain is to mail flow" }),
    ),
    MakeDefault: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether the service writes from this domain" }),
    ),
  }),
  roles: adminRoles,
  roleRefusal: notRecognized("Set-AcceptedDomain"),
  facts: ["EXO-115", "EXO-116"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  decide: ({ world, now }: Call<ExchangeWorld>, params): Ruling<ExchangeEvent> => {
    const domain = params.Identity.toLowerCase()
    const isKnown = acceptedDomains(world).has(domain)
    const decision = domains.known(domain, isKnown)
    if (!isKnown) return { decision }
    return {
      decision,
      events: [
        ...(params.DomainType === undefined
          ? []
          : [
              {
                _tag: "AcceptedDomainSet",
                domain,
                domainType: params.DomainType,
                at: now,
              } as const,
            ]),
        ...(params.MakeDefault === true
          ? [{ _tag: "DefaultDomainSet", domain, at: now } as const]
          : []),
      ],
      audit: [exchangeAdminAudit("Set-AcceptedDomain", domain, params)],
    }
  },
})

export const getRmsTemplate = operation({
  name: "Get-RMSTemplate",
  summary: "Shows the rights templates that mail can be protected with.",
  params: Schema.Struct({
    Identity: Schema.optionalKey(
      Schema.String.annotate({ description: "A template; an unknown name shows all" }),
    ),
    ResultSize: Schema.optionalKey(Schema.Int.annotate({ description: "1000 unless given" })),
  }),
  roles: readerRoles,
  roleRefusal: notRecognized("Get-RMSTemplate"),
  facts: ["EXO-014", "EXO-015", "EXO-044"],
  binding: { positional: ["Identity"] },
  isReadOnly: true,
  decide: (
    { world, now }: Call<ExchangeWorld>,
    { Identity = "", ResultSize = 1000 },
  ): Ruling<ExchangeEvent> => {
    const names = listedTemplates(world, now)
    const one = names.filter((it) => it.toLowerCase() === Identity.trim().toLowerCase())
    return {
      decision: readable("rights templates"),
      output: (one.length === 0 ? names : one)
        .slice(0, ResultSize)
        .map((Name) => ({ Name, Type: "Distributed" })),
    }
  },
})
