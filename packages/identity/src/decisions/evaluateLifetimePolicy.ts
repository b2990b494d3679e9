import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { resourceFound } from "./resourceFound.ts"

/** What a change of token lifetimes looks like to the service. */
export interface LifetimePolicyFacets {
  /** What the request names and does not exist; empty where everything does. */
  readonly missing: string
  readonly definition: "valid" | "not-given" | "malformed" | "too-short" | "too-long"
  readonly hasOtherDefault: boolean
  readonly hasOtherPolicy: boolean
}

const policyGate = gate<LifetimePolicyFacets>()

const bad = (message: string) => ({ code: "Request_BadRequest", message })

const found = resourceFound(["IDN-258"])

const limits = { shortest: "10 minutes", longest: "1 day" }

const definition = policyGate({
  name: "lifetime-definition",
  facts: ["IDN-258"],
  reads: ["definition"],
  check: ({ definition: state }) => {
    switch (state) {
      case "valid":
        return pass("The lifetime is between ten minutes and a day.", limits)
      case "not-given":
        return pass("The lifetime stays as it is.")
      case "malformed":
        return deny(
          "The definition is no policy of token lifetimes.",
          {},
          bad("Property definition has an invalid value."),
        )
      case "too-short":
        return deny(
          "Access tokens live for ten minutes at least.",
          limits,
          bad(
            "Property definition has an invalid value. AccessTokenLifetime must be at least 00:10:00.",
          ),
        )
      case "too-long":
        return deny(
          "Access tokens live for a day at most.",
          limits,
          bad(
            "Property definition has an invalid value. AccessTokenLifetime must be at most 1.00:00:00.",
          ),
        )
    }
  },
})

const oneDefault = policyGate({
  name: "organization-default",
  facts: ["IDN-258"],
  reads: ["hasOtherDefault"],
  check: ({ hasOtherDefault }) =>
    hasOtherDefault
      ? deny(
          "Another policy is the one of the organization already.",
          {},
          bad("Only one policy of this type can be the organization default."),
        )
      : pass("No other policy is the one of the organization."),
})

const oneForEach = policyGate({
  name: "one-policy",
  facts: ["IDN-258"],
  reads: ["hasOtherPolicy"],
  check: ({ hasOtherPolicy }) =>
    hasOtherPolicy
      ? deny(
          "An application has one policy of token lifetimes at most.",
          {},
          bad("Another policy of this type is already assigned to the object."),
        )
      : pass("The application has no other policy of token lifetimes."),
})

const gates: GateRules<LifetimePolicyFacets> = [found, definition, oneDefault, oneForEach]

/** Whether a policy of token lifetimes can be made, changed or assigned like this (IDN-258). */
export const evaluateLifetimePolicy = (facets: Partial<LifetimePolicyFacets>): Decision =>
  decideByGates(gates, {
    missing: "",
    definition: "not-given",
    hasOtherDefault: false,
    hasOtherPolicy: false,
    ...facets,
  })
