import { Schema } from "effect"
import { ownValue } from "../ownValue.ts"

/** How a subscription is paid; the last five are not accepted for Customer Key (CRY-036). */
export const SubscriptionOffer = Schema.Literals([
  "EnterpriseAgreement",
  "CloudSolutionProvider",
  "PayAsYouGo",
  "Free",
  "Trial",
  "Sponsorship",
  "MSDN",
  "LegacySupport",
])
export type SubscriptionOffer = typeof SubscriptionOffer.Type

const paidOffers: readonly SubscriptionOffer[] = [
  "EnterpriseAgreement",
  "CloudSolutionProvider",
  "PayAsYouGo",
]

/** The switch of this twin: paid, yes or no (CRY-036). */
export const isPaid = (offer: SubscriptionOffer): boolean => paidOffers.includes(offer)

/** Where a feature of a subscription stands (CRY-046). */
export const FeatureState = Schema.Literals(["NotRegistered", "Pending", "Registered"])
export type FeatureState = typeof FeatureState.Type

/** The mandatory retention period, formerly "Do Not Cancel" (CRY-046). */
export const mandatoryRetention = {
  provider: "Microsoft.Resources",
  feature: "mandatoryRetentionPeriodEnabled",
} as const

/** Business days that Microsoft takes to complete a request for mandatory retention (CRY-046). */
export const retentionSlaBusinessDays = 5

/** A feature that was asked for. */
export interface ProviderFeature {
  readonly provider: string
  readonly feature: string
  readonly state: FeatureState
  /** Epoch milliseconds of the last change. */
  readonly changedAt: number
  /** When Microsoft will have completed it; absent until it was told of the request. */
  readonly dueAt?: number
}

/** A subscription of the customer in Azure. */
export interface AzureSubscription {
  readonly id: string
  readonly offer: SubscriptionOffer
  /** Whether it belongs to the Entra tenant of the Microsoft 365 organization (CRY-037). */
  readonly isInTenant: boolean
  readonly isCancelled: boolean
  /** `provider/feature` in lower case -> feature. */
  readonly features: Readonly<Record<string, ProviderFeature>>
  /** Resource provider in lower case -> when it was registered last. */
  readonly providers: Readonly<Record<string, number>>
}

const Id = Schema.NonEmptyString

/** What happens to subscriptions. */
export const subscriptionEvents = {
  AzureSubscriptionSet: { subscription: Id, offer: SubscriptionOffer, isInTenant: Schema.Boolean },
  AzureFeatureChanged: {
    subscription: Id,
    provider: Id,
    feature: Id,
    state: FeatureState,
    at: Schema.Finite,
    dueAt: Schema.optionalKey(Schema.Finite),
  },
  AzureProviderRegistered: { subscription: Id, provider: Id, at: Schema.Finite },
  AzureSubscriptionCancelled: { subscription: Id, isCancelled: Schema.Boolean },
} as const

export type Subscriptions = Readonly<Record<string, AzureSubscription>>

const events = Schema.TaggedUnion(subscriptionEvents)
export type SubscriptionEvent = typeof events.Type

/** One that nobody described is a paid one of the tenant, with nothing registered. */
export const subscriptionOf = (all: Subscriptions, id: string): AzureSubscription =>
  ownValue(all, id.toLowerCase()) ?? {
    id,
    offer: "PayAsYouGo",
    isInTenant: true,
    isCancelled: false,
    features: {},
    providers: {},
  }

const featureName = (provider: string, feature: string): string =>
  `${provider}/${feature}`.toLowerCase()

/** A feature that was never asked for is not registered. */
export const featureOf = (
  subscription: AzureSubscription,
  provider: string,
  feature: string,
): ProviderFeature =>
  ownValue(subscription.features, featureName(provider, feature)) ?? {
    provider,
    feature,
    state: "NotRegistered",
    changedAt: 0,
  }

/**
 * In force once the feature is registered and the key vault provider was registered after that: only
 * then do the vaults of the subscription know of it (CRY-046).
 */
export const hasMandatoryRetention = (subscription: AzureSubscription): boolean => {
  const { provider, feature } = mandatoryRetention
  const { state, changedAt } = featureOf(subscription, provider, feature)
  const registeredAt = ownValue(subscription.providers, "microsoft.keyvault")
  return state === "Registered" && registeredAt !== undefined && registeredAt >= changedAt
}

const change = (
  all: Subscriptions,
  id: string,
  edit: (it: AzureSubscription) => AzureSubscription,
): Subscriptions => ({ ...all, [id.toLowerCase()]: edit(subscriptionOf(all, id)) })

/** Pure and total. */
export const evolveSubscriptions = (all: Subscriptions, event: SubscriptionEvent): Subscriptions =>
  events.match(event, {
    AzureSubscriptionSet: ({ subscription, offer, isInTenant }) =>
      change(all, subscription, (it) => ({ ...it, offer, isInTenant })),
    AzureFeatureChanged: ({ _tag, subscription, ...it }) =>
      change(all, subscription, (found) => ({
        ...found,
        features: {
          ...found.features,
          [featureName(it.provider, it.feature)]: {
            provider: it.provider,
            feature: it.feature,
            state: it.state,
            changedAt: it.at,
            ...(it.dueAt === undefined ? {} : { dueAt: it.dueAt }),
          },
        },
      })),
    AzureProviderRegistered: ({ subscription, provider, at }) =>
      change(all, subscription, (it) => ({
        ...it,
        providers: { ...it.providers, [provider.toLowerCase()]: at },
      })),
    AzureSubscriptionCancelled: ({ subscription, isCancelled }) =>
      change(all, subscription, (it) => ({ ...it, isCancelled })),
  })

/** The same hour, this many business days later; Saturday and Sunday do not count. */
export const businessDaysAfter = (moment: number, days: number): number => {
  let at = moment
  for (let left = days; left > 0; ) {
    at += 86_400_000
    // The first day of the epoch was a Thursday; 0 is Sunday.
    const weekday = (Math.floor(at / 86_400_000) + 4) % 7
    if (weekday !== 0 && weekday !== 6) left -= 1
  }
  return at
}
