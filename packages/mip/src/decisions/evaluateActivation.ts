import { type Decision, decideByGates, deny, gate, instant, pass } from "@twin/kernel"

/** What decides whether a new service goes on by itself (MIP-001, MIP-002, MIP-004). */
export interface ActivationFacets {
  /** When the subscription with rights management was bought. */
  readonly bought: "before-end-of-february-2018" | "since-end-of-february-2018"
  readonly usesExchangeOnline: boolean
  /** `AutomaticServiceUpdateEnabled` of the IRM configuration in Exchange Online. */
  readonly hasAutomaticUpdates: boolean
}

/** From this day on the service is on from the start (MIP-001). */
export const activatedFrom = instant("2018-02-28")

/** On which side of the change a purchase lies. */
export const boughtFacet = (boughtAt: number): ActivationFacets["bought"] =>
  boughtAt < activatedFrom ? "before-end-of-february-2018" : "since-end-of-february-2018"

const rule = gate<ActivationFacets>()

const newSubscription = rule({
  name: "automatic-activation",
  facts: ["MIP-001", "MIP-002"],
  reads: ["bought", "usesExchangeOnline", "hasAutomaticUpdates"],
  check: ({ bought, usesExchangeOnline, hasAutomaticUpdates }) => {
    const details = { bought, usesExchangeOnline, hasAutomaticUpdates }
    if (bought === "since-end-of-february-2018") {
      return pass("The service of a subscription of this age is on from the start.", details)
    }
    if (!usesExchangeOnline) {
      return deny("An older subscription without Exchange Online stays off.", details, staysOff)
    }
    return hasAutomaticUpdates
      ? pass("The service goes on by itself, because Exchange Online takes new features.", details)
      : deny(
          "The organization has switched new protection features off, so the service stays off.",
          details,
          staysOff,
        )
  },
})

const staysOff = {
  code: "NotActivated",
  message: "The protection service stays off until an administrator runs Enable-AipService.",
}

/** Does the service of a subscription go on by itself? Denied: it waits for `Enable-AipService`. */
export const evaluateAutomaticActivation = (facets: ActivationFacets): Decision =>
  decideByGates([newSubscription], facets)
