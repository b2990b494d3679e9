import {
  type Call,
  decideByGates,
  decidingGate,
  gate,
  momentIn,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { boughtFacet, evaluateAutomaticActivation, ledgerOf } from "@twin/mip"
import { Schema } from "effect"
import type { LowerEvent } from "../LowerEvent.ts"
import { type ExchangeEvent, type ExchangeWorld, irmConfigurationOf } from "../State.ts"

const bought = gate<{ readonly on: string; readonly isOn: boolean; readonly why: string }>()({
  name: "subscription-bought",
  facts: ["MIP-001", "MIP-002"],
  reads: ["on", "isOn", "why"],
  check: ({ on, isOn, why }) =>
    pass(
      isOn
        ? "The organization has the service, and it goes on by itself."
        : "The organization has the service, which waits to be activated.",
      { bought: on, because: why },
    ),
})

/**
 * Stands for what happens in the shop, and for what the service does by itself afterwards. An older
 * subscription looks at the organization's Exchange Online (MIP-002).
 */
export const buyRightsManagement = operation({
  name: "buy-rights-management",
  summary: "Buys a subscription with rights management, and lets the service begin as it would.",
  params: Schema.Struct({
    on: Schema.String.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}$/)).annotate({
      description: "Day of the purchase, ISO",
    }),
    exchangeOnline: Schema.optionalKey(
      Schema.Boolean.annotate({
        description: "Whether mail lies in Exchange Online; yes if not given",
      }),
    ),
  }),
  roles: ["Global Administrator", "Billing Administrator"],
  facts: ["MIP-001", "MIP-002"],
  decide: (
    { world, now }: Call<ExchangeWorld>,
    { on, exchangeOnline = true },
  ): Ruling<ExchangeEvent | LowerEvent> => {
    const boughtAt = momentIn(`${on}T00:00:00Z`) ?? now
    const activation = evaluateAutomaticActivation({
      bought: boughtFacet(boughtAt),
      usesExchangeOnline: exchangeOnline,
      hasAutomaticUpdates: irmConfigurationOf(world).AutomaticServiceUpdateEnabled,
    })
    const isOn = activation.outcome === "allow"
    const { adRms } = ledgerOf(world).subscription
    return {
      decision: decideByGates([bought], { on, isOn, why: decidingGate(activation).reason }),
      events: [
        {
          _tag: "RmsSubscriptionChanged",
          subscription: {
            status: "Active",
            boughtAt,
            hasBeenActive: isOn,
            ...(isOn ? { activatedAt: now } : {}),
            adRms,
          },
          functionalState: isOn ? "Enabled" : "Disabled",
          at: now,
        },
      ],
      output: [{ bought: on, functionalState: isOn ? "Enabled" : "Disabled" }],
    }
  },
})
