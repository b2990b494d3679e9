import { organizationOf } from "@twin/identity"
import { type Call, decideByGates, deny, gate, operation, pass, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import { complianceRoles } from "./cmdlet.ts"

const keyAddress = gate<{ readonly isUrl: boolean }>()({
  name: "key-address",
  facts: ["MIP-241"],
  reads: ["isUrl"],
  check: ({ isUrl }) =>
    isUrl
      ? pass("The key has an address that clients can ask.")
      : deny(
          "The address of a key is a secure web address that ends with its name.",
          {},
          {
            message: "Give https://host/KeyName.",
          },
        ),
})

export const configureDoubleKeyService = operation({
  name: "configure-double-key-service",
  summary: "Sets up a key of the customer's own key service, and who may use it.",
  params: Schema.Struct({
    url: Schema.NonEmptyString.annotate({ description: "https://host/KeyName, case-sensitive" }),
    authorizedEmailAddresses: Schema.Array(Schema.NonEmptyString).annotate({
      description: "People who may use the key, by address",
    }),
    validTenants: Schema.optionalKey(
      Schema.Array(Schema.NonEmptyString).annotate({
        description: "Tenant ids whose tokens count; the own tenant unless given",
      }),
    ),
    running: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether the service answers" }),
    ),
  }),
  roles: complianceRoles,
  facts: ["MIP-246", "MIP-248"],
  decide: ({ world, now }: Call<MipWorld>, params): Ruling<MipEvent> => {
    const decision = decideByGates([keyAddress], {
      isUrl: /^https:\/\/[^/\s]+\/\S+$/.test(params.url),
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [
        {
          _tag: "DoubleKeyServiceSet",
          at: now,
          service: {
            url: params.url,
            authorizedEmailAddresses: params.authorizedEmailAddresses.map((it) =>
              it.trim().toLowerCase(),
            ),
            validTenants: params.validTenants ?? [organizationOf(world)?.tenantId ?? ""],
            isRunning: params.running ?? true,
          },
        },
      ],
      output: [{ id: params.url }],
    }
  },
})
