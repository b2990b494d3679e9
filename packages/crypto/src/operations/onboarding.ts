import { Schema } from "effect"
import { withVersion } from "../customer-key/policyLookup.ts"
import { evaluateRootKeys } from "../decisions/evaluateRootKeys.ts"
import type { CryptoEvent } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

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
  roles: ["Global Administrator", "Compliance Administrator", "Exchange Administrator"],
  facts: ["CRY-037", "CRY-041", "CRY-045", "CRY-048", "CRY-050", "CRY-051"],
  decide: ({ world, now }, params) => {
    const { Scenario: scenario } = params
    const kind = scenario === "EXO" ? ("Mailbox" as const) : ("MultiWorkload" as const)
    const given = [params.KeyIdentifier1, params.KeyIdentifier2]
    const uris = given.map((uri) => withVersion(world, uri, false))
    const decision = evaluateRootKeys(world, { kind, uris, now })
    const failed = decision.gates.filter(({ verdict }) => verdict !== "pass")
    const output = [
      {
        Organization: params.Organization,
        Scenario: scenario,
        OnboardingMode: params.OnboardingMode,
        ValidationResult: decision.outcome === "allow" ? "Success" : "Failed",
        FailedValidations: failed.map(({ name }) => name),
      },
    ]
    const onboarded: CryptoEvent = { _tag: "CustomerKeyOnboarded", scenario, at: now }
    const isDone = decision.outcome === "allow" && params.OnboardingMode === "Enable"
    return { decision, events: isDone ? [onboarded] : [], output }
  },
})
