import { type Call, decideByGates, deny, gate, pass } from "@twin/kernel"
import { Effect, Schema } from "effect"
import {
  businessDaysAfter,
  featureOf,
  hasMandatoryRetention,
  mandatoryRetention,
  type ProviderFeature,
  retentionSlaBusinessDays,
  SubscriptionOffer,
} from "../customer-key/AzureSubscription.ts"
import { ownValue } from "../ownValue.ts"
import { azureSubscriptionOf, type CryptoEvent, type CryptoWorld } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { azureRoles, destroyKeysOf } from "./vaults.ts"

const SubscriptionId = text("Azure subscription")

interface SubscriptionFacets {
  readonly subscription: string
  readonly isCancelled: boolean
  readonly featureState: string
  readonly isMandatoryRetention: boolean
}

const facetsOf = (
  world: CryptoWorld,
  id: string,
  feature?: ProviderFeature,
): SubscriptionFacets => {
  const subscription = azureSubscriptionOf(world, id)
  return {
    subscription: id,
    isCancelled: subscription.isCancelled,
    featureState: feature?.state ?? "NotRegistered",
    isMandatoryRetention: hasMandatoryRetention(subscription),
  }
}

const inForce = gate<SubscriptionFacets>()({
  name: "azure-subscription",
  facts: ["CRY-036", "CRY-046"],
  reads: ["subscription", "isCancelled"],
  check: ({ subscription, isCancelled }) =>
    isCancelled
      ? deny(
          "The subscription was cancelled.",
          { subscription },
          {
            code: "SubscriptionNotFound",
            message: `The subscription '${subscription}' could not be found or is disabled.`,
          },
        )
      : pass("The subscription is in force.", { subscription }),
})

const cancelled = gate<SubscriptionFacets>()({
  name: "cancelled-subscription",
  facts: ["CRY-046"],
  reads: ["subscription", "isCancelled", "isMandatoryRetention"],
  check: ({ subscription, isCancelled, isMandatoryRetention }) => {
    if (!isCancelled) return deny("The subscription is in force.", { subscription })
    return isMandatoryRetention
      ? pass("Mandatory retention kept what the subscription held.", { subscription })
      : deny("It was cancelled at once and for ever.", { subscription })
  },
})

const featurePending = gate<SubscriptionFacets>()({
  name: "mandatory-retention-request",
  facts: ["CRY-046"],
  reads: ["subscription", "featureState"],
  check: ({ subscription, featureState }) =>
    featureState === "Pending"
      ? pass("The request waits for Microsoft.", { subscription })
      : deny("There is no request that waits for Microsoft.", { subscription, featureState }),
})

const seen = gate<object>()({
  name: "listed",
  facts: ["CRY-046"],
  reads: [],
  check: () => pass("Whoever may see the subscription sees what is registered in it."),
})

export const setAzureSubscription = cryptoOperation({
  name: "set-azure-subscription",
  summary: "Says how an Azure subscription is paid and whether it belongs to the tenant.",
  params: Schema.Struct({
    subscription: SubscriptionId,
    offer: SubscriptionOffer.annotate({ description: "Only paid offers serve for Customer Key" }),
    isInTenant: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "In the Entra tenant of the organization" }),
    ),
  }),
  roles: azureRoles,
  facts: ["CRY-036", "CRY-037"],
  decide: ({ world }, { subscription, offer, isInTenant = true }) => {
    const decision = decideByGates([inForce], facetsOf(world, subscription))
    const event: CryptoEvent = { _tag: "AzureSubscriptionSet", subscription, offer, isInTenant }
    return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
  },
})

const featureParams = {
  FeatureName: text("Feature"),
  ProviderNamespace: text("Resource provider"),
  SubscriptionId,
}

const featureOutput = ({ feature, provider, state }: ProviderFeature) => ({
  FeatureName: feature,
  ProviderName: provider,
  RegistrationState: state,
})

const isManual = (provider: string, feature: string): boolean =>
  provider.toLowerCase() === mandatoryRetention.provider.toLowerCase() &&
  feature.toLowerCase() === mandatoryRetention.feature.toLowerCase()

export const registerAzProviderFeature = cryptoOperation({
  name: "Register-AzProviderFeature",
  summary: "Asks for a feature of a subscription; mandatory retention is completed by Microsoft.",
  params: Schema.Struct(featureParams),
  roles: azureRoles,
  facts: ["CRY-046"],
  decide: ({ world, now }, params) => {
    const {
      SubscriptionId: subscription,
      ProviderNamespace: provider,
      FeatureName: feature,
    } = params
    const known = featureOf(azureSubscriptionOf(world, subscription), provider, feature)
    const decision = decideByGates([inForce], facetsOf(world, subscription, known))
    if (decision.outcome !== "allow") return { decision }
    if (known.state !== "NotRegistered") return { decision, output: [featureOutput(known)] }
    const state = isManual(provider, feature) ? ("Pending" as const) : ("Registered" as const)
    const asked = { provider, feature, state, changedAt: now }
    const event: CryptoEvent = {
      _tag: "AzureFeatureChanged",
      subscription,
      provider,
      feature,
      state,
      at: now,
    }
    return { decision, events: [event], output: [featureOutput(asked)] }
  },
})

export const getAzProviderFeature = cryptoOperation({
  name: "Get-AzProviderFeature",
  summary: "Shows where a feature of a subscription stands.",
  params: Schema.Struct({
    FeatureName: Schema.optionalKey(featureParams.FeatureName),
    ProviderNamespace: Schema.optionalKey(featureParams.ProviderNamespace),
    SubscriptionId,
  }),
  facts: ["CRY-046"],
  isReadOnly: true,
  decide: ({ world }, params) => {
    const subscription = azureSubscriptionOf(world, params.SubscriptionId)
    const { ProviderNamespace: provider, FeatureName: feature } = params
    const isAsked = (it: ProviderFeature): boolean =>
      provider === undefined || it.provider.toLowerCase() === provider.toLowerCase()
    const found =
      provider !== undefined && feature !== undefined
        ? [featureOf(subscription, provider, feature)]
        : Object.values(subscription.features).filter(isAsked)
    return { decision: decideByGates([seen], {}), output: found.map(featureOutput) }
  },
})

export const registerAzResourceProvider = cryptoOperation({
  name: "Register-AzResourceProvider",
  summary:
    "Registers a resource provider, so that it takes over what the subscription's features say.",
  params: Schema.Struct({ ProviderNamespace: text("Resource provider"), SubscriptionId }),
  roles: azureRoles,
  facts: ["CRY-046"],
  decide: ({ world, now }, { ProviderNamespace: provider, SubscriptionId: subscription }) => {
    const decision = decideByGates([inForce], facetsOf(world, subscription))
    const event: CryptoEvent = { _tag: "AzureProviderRegistered", subscription, provider, at: now }
    const output = [{ ProviderNamespace: provider, RegistrationState: "Registered" }]
    return decision.outcome === "allow" ? { decision, events: [event], output } : { decision }
  },
})

export const getAzResourceProvider = cryptoOperation({
  name: "Get-AzResourceProvider",
  summary: "Shows whether a resource provider is registered.",
  params: Schema.Struct({ ProviderNamespace: text("Resource provider"), SubscriptionId }),
  facts: ["CRY-046"],
  isReadOnly: true,
  decide: ({ world }, { ProviderNamespace, SubscriptionId: id }) => {
    const { providers } = azureSubscriptionOf(world, id)
    const isRegistered = ownValue(providers, ProviderNamespace.toLowerCase()) !== undefined
    const RegistrationState = isRegistered ? "Registered" : "NotRegistered"
    return {
      decision: decideByGates([seen], {}),
      output: [{ ProviderNamespace, RegistrationState }],
    }
  },
})

export const requestMandatoryRetention = cryptoOperation({
  name: "request-mandatory-retention",
  summary: "Tells Microsoft of the subscription whose registration it is to complete.",
  params: Schema.Struct({ subscription: SubscriptionId }),
  roles: azureRoles,
  facts: ["CRY-046"],
  decide: ({ world, now }, { subscription }) => {
    const { provider, feature } = mandatoryRetention
    const known = featureOf(azureSubscriptionOf(world, subscription), provider, feature)
    const decision = decideByGates([featurePending], facetsOf(world, subscription, known))
    const event: CryptoEvent = {
      _tag: "AzureFeatureChanged",
      subscription,
      ...mandatoryRetention,
      state: "Pending",
      at: known.changedAt,
      dueAt: businessDaysAfter(now, retentionSlaBusinessDays),
    }
    return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
  },
})

/** Vaults and Managed HSMs that a subscription pays for and that are in use. */
const vaultsOf = (world: CryptoWorld, subscription: string) =>
  Object.values(world.crypto.vaults).filter(
    (it) =>
      it.subscription.toLowerCase() === subscription.toLowerCase() &&
      !it.isPurged &&
      it.deletedAt === undefined,
  )

const cancel = Effect.fnUntraced(function* ({ world, now }: Call<CryptoWorld>, id: string) {
  const facets = facetsOf(world, id)
  const decision = decideByGates([inForce], facets)
  if (decision.outcome !== "allow") return { decision }
  const events: CryptoEvent[] = [
    { _tag: "AzureSubscriptionCancelled", subscription: id, isCancelled: true },
  ]
  for (const vault of vaultsOf(world, id)) {
    events.push({ _tag: "VaultDeleted", vault: vault.name, at: now })
    if (facets.isMandatoryRetention) continue
    yield* destroyKeysOf(vault)
    events.push({ _tag: "VaultPurged", vault: vault.name })
  }
  return { decision, events }
})

export const disableAzSubscription = cryptoOperation({
  name: "Disable-AzSubscription",
  summary:
    "Cancels a subscription: with its vaults for ever, unless mandatory retention keeps them recoverable.",
  params: Schema.Struct({
    Id: SubscriptionId,
    IgnoreResourceCheck: Schema.optionalKey(Schema.Boolean),
  }),
  roles: azureRoles,
  facts: ["CRY-046"],
  binding: {
    positional: ["Id"],
    aliases: { SubscriptionId: "Id" },
    switches: ["IgnoreResourceCheck"],
  },
  decide: (call, { Id }) => cancel(call, Id),
})

export const enableAzSubscription = cryptoOperation({
  name: "Enable-AzSubscription",
  summary: "Takes back the cancellation of a subscription under mandatory retention.",
  params: Schema.Struct({ Id: SubscriptionId }),
  roles: azureRoles,
  facts: ["CRY-046"],
  binding: { positional: ["Id"], aliases: { SubscriptionId: "Id" } },
  decide: ({ world }, { Id: subscription }) => {
    const decision = decideByGates([cancelled], facetsOf(world, subscription))
    const event: CryptoEvent = {
      _tag: "AzureSubscriptionCancelled",
      subscription,
      isCancelled: false,
    }
    return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
  },
})
