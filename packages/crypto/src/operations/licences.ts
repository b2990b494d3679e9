import { decideByGates, deny, gate, pass } from "@twin/kernel"
import { Schema } from "effect"
import { discontinuedPlans, LicencePlan } from "../customer-key/CustomerTenant.ts"
import { ownValue } from "../ownValue.ts"
import type { CryptoEvent } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

interface SaleFacets {
  readonly plan: string
  readonly isSold: boolean
}

const onSale = gate<SaleFacets>()({
  name: "licence-on-sale",
  facts: ["CRY-034"],
  reads: ["plan", "isSold"],
  check: ({ plan, isSold }) =>
    isSold
      ? pass("The plans can be had, or are there already.")
      : deny("This plan is no longer sold; where it is, it keeps working.", { plan }),
})

export const setLicences = cryptoOperation({
  name: "set-customer-key-licences",
  summary: "Says which plans everybody has, or one user alone. A loss decrypts nothing.",
  params: Schema.Struct({
    user: Schema.optionalKey(text("Account; everybody without it")),
    plans: Schema.Array(LicencePlan),
    isExisting: Schema.optionalKey(
      Schema.Boolean.annotate({
        description: "Bought long ago: also plans that are no longer sold",
      }),
    ),
  }),
  roles: ["Global Administrator", "License Administrator"],
  facts: ["CRY-034", "CRY-035"],
  decide: ({ world }, { user, plans, isExisting = false }) => {
    const { plans: ofAll, userPlans } = world.crypto.customerTenant
    const name = user?.toLowerCase()
    const before = name === undefined ? ofAll : (ownValue(userPlans, name) ?? ofAll)
    const newly = plans.filter((plan) => !before.includes(plan) && discontinuedPlans.includes(plan))
    const decision = decideByGates([onSale], {
      plan: newly[0] ?? "",
      isSold: isExisting || newly.length === 0,
    })
    const event: CryptoEvent = {
      _tag: "LicencesSet",
      plans,
      ...(name === undefined ? {} : { user: name }),
    }
    return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
  },
})
