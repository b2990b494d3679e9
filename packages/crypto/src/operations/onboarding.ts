import { andThen, decideByGates, deny, gate, pass } from "@twin/kernel"
import { Schema } from "effect"
import { parseKeyUri } from "../customer-key/AzureKeyVault.ts"
import { hasCustomerKeyPlan, onboardingAddresses } from "../customer-key/CustomerTenant.ts"
import { PolicyKind } from "../customer-key/DataEncryptionPolicy.ts"
import type { OnboardingScenario } from "../customer-key/PolicyEvent.ts"
import { withVersion } from "../customer-key/policyLookup.ts"
import { evaluateRootKeys, failedRootKeyRules } from "../decisions/evaluateRootKeys.ts"
import { ownValue } from "../ownValue.ts"
import { type CryptoEvent, type CryptoWorld, vaultOf } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

const roles = [
  "Global Administrator",
  "Compliance Administrator",
  "Exchange Administrator",
] as const

/** The word of onboarding for a kind of policy. */
export const scenarioOf: Readonly<Record<PolicyKind, OnboardingScenario>> = {
  Mailbox: "EXO",
  MultiWorkload: "MDEP",
  SharePointGeo: "SPO",
}

interface OnboardingFacets {
  readonly isLicensed: boolean
  readonly isInSubscription: boolean
}

const licensed = gate<OnboardingFacets>()({
  name: "customer-key-licence",
  facts: ["CRY-034"],
  reads: ["isLicensed"],
  check: ({ isLicensed }) =>
    isLicensed
      ? pass("The organization has a plan with Customer Key.")
      : deny(
          "No plan of the organization brings Customer Key.",
          {},
          {
            code: "CustomerKey.LicenseRequired",
            message: "The organization does not have a license that includes Customer Key.",
          },
        ),
})

const inSubscription = gate<OnboardingFacets>()({
  name: "onboarding-subscriptions",
  facts: ["CRY-037", "CRY-051"],
  reads: ["isInSubscription"],
  check: ({ isInSubscription }) =>
    isInSubscription
      ? pass("Each key lies in the subscription that is named for it.")
      : deny(
          "A key does not lie in the subscription that is named for it.",
          {},
          {
            code: "CustomerKey.SubscriptionMismatch",
            message: "A key identifier does not belong to the subscription that was given with it.",
          },
        ),
})

/** Whether anybody in the tenant has a plan with Customer Key (CRY-034). */
export const isTenantLicensed = ({ crypto }: CryptoWorld): boolean => {
  const { plans, userPlans } = crypto.customerTenant
  return [plans, ...Object.values(userPlans)].some(hasCustomerKeyPlan)
}

const liesIn = (world: CryptoWorld, uri: string, subscription: string): boolean => {
  const vault = vaultOf(world, parseKeyUri(uri)?.vault ?? "")
  // An unknown key is the affair of the gate that looks for it.
  return vault === undefined || vault.subscription.toLowerCase() === subscription.toLowerCase()
}

export const newCustomerKeyOnboardingRequest = cryptoOperation({
  name: "New-CustomerKeyOnboardingRequest",
  summary: "Has the two root keys validated, and onboards the tenant to Customer Key.",
  params: Schema.Struct({
    Organization: text("Tenant id or domain"),
    Scenario: Schema.Literals(["MDEP", "EXO"]).annotate({
      description: "MDEP: multi-workload policies; EXO: mailbox policies",
    }),
    Subscription1: text("Subscription of the first key"),
    KeyIdentifier1: text("Address of the first key"),
    Subscription2: text("Subscription of the second key"),
    KeyIdentifier2: text("Address of the second key"),
    OnboardingMode: Schema.Literals(["Validate", "Enable"]).annotate({
      description: "Validate only looks; Enable also onboards",
    }),
  }),
  roles,
  facts: ["CRY-034", "CRY-036", "CRY-037", "CRY-041", "CRY-045", "CRY-048", "CRY-051"],
  decide: ({ world, now }, params) => {
    const { Scenario: scenario } = params
    const kind = scenario === "EXO" ? ("Mailbox" as const) : ("MultiWorkload" as const)
    const given = [params.KeyIdentifier1, params.KeyIdentifier2]
    const uris = given.map((uri) => withVersion(world, uri, false))
    const facets: OnboardingFacets = {
      isLicensed: isTenantLicensed(world),
      isInSubscription:
        liesIn(world, params.KeyIdentifier1, params.Subscription1) &&
        liesIn(world, params.KeyIdentifier2, params.Subscription2),
    }
    const decision = andThen(decideByGates([licensed], facets), () =>
      andThen(evaluateRootKeys(world, { kind, uris, now }), () =>
        decideByGates([inSubscription], facets),
      ),
    )
    const failed = [
      ...(facets.isLicensed ? [] : [licensed.name]),
      ...failedRootKeyRules(world, { kind, uris, now }).map(({ name }) => name),
      ...(facets.isInSubscription ? [] : [inSubscription.name]),
    ]
    const output = [
      {
        Organization: params.Organization,
        Scenario: scenario,
        OnboardingMode: params.OnboardingMode,
        ValidationResult: decision.outcome === "allow" ? "Success" : "Failed",
        FailedValidations: failed,
      },
    ]
    const onboarded: CryptoEvent = { _tag: "CustomerKeyOnboarded", scenario, at: now }
    const isDone = decision.outcome === "allow" && params.OnboardingMode === "Enable"
    return { decision, events: isDone ? [onboarded] : [], output }
  },
})

export const submitCustomerKeyOffer = cryptoOperation({
  name: "submit-customer-key-offer",
  summary:
    "Fills in the FastTrack offer for one kind of policy: it names who may later approve destruction.",
  params: Schema.Struct({
    kind: PolicyKind,
    approvers: Schema.NonEmptyArray(text("Account of an officer")),
  }),
  roles,
  facts: ["CRY-034", "CRY-050"],
  decide: ({ world, now }, { kind, approvers }) => {
    const facets = { isLicensed: isTenantLicensed(world) }
    const decision = decideByGates([licensed], facets)
    const event: CryptoEvent = {
      _tag: "CustomerKeyOfferSubmitted",
      kind,
      approvers: approvers.map((it) => it.toLowerCase()),
      at: now,
    }
    return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
  },
})

interface MailFacets {
  readonly to: string
  readonly address: string
  readonly hasOffer: boolean
}

const rightAddress = gate<MailFacets>()({
  name: "onboarding-address",
  facts: ["CRY-050"],
  reads: ["to", "address"],
  check: ({ to, address }) =>
    to.toLowerCase() === address
      ? pass("The mail reaches the team that onboards this workload.", { to })
      : deny("The team that onboards this workload has another address.", { to, address }),
})

const offerMade = gate<MailFacets>()({
  name: "customer-key-offer",
  facts: ["CRY-050"],
  reads: ["hasOffer"],
  check: ({ hasOffer }) =>
    hasOffer
      ? pass("The offer for this kind of policy was filled in.")
      : deny("The offer for this kind of policy comes first."),
})

export const mailOnboardingRequest = cryptoOperation({
  name: "mail-onboarding-request",
  summary:
    "Asks Microsoft by mail to onboard a kind of policy: the way until about 2023, and still that of SharePoint.",
  params: Schema.Struct({
    kind: PolicyKind,
    to: text("Address of the team"),
    keys: Schema.Array(text("Address of a key")),
  }),
  roles: [...roles, "SharePoint Administrator"],
  facts: ["CRY-047", "CRY-050", "CRY-051"],
  decide: ({ world, now }, { kind, to, keys }) => {
    const uris = keys.map((uri) => withVersion(world, uri, false))
    const hasOffer = ownValue(world.crypto.customerTenant.offers, kind) !== undefined
    const address = onboardingAddresses[kind]
    const decision = andThen(
      decideByGates([licensed, offerMade, rightAddress], {
        to,
        address,
        hasOffer,
        isLicensed: isTenantLicensed(world),
      }),
      () => evaluateRootKeys(world, { kind, uris, now, isLegacy: true }),
    )
    const scenario = scenarioOf[kind]
    const event: CryptoEvent = { _tag: "CustomerKeyOnboarded", scenario, at: now }
    return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
  },
})
