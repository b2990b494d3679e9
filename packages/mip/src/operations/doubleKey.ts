import { type CryptoEvent, setUpKey } from "@twin/crypto"
import { foreignOrganizationByDomain, isOwnDomain, organizationOf } from "@twin/identity"
import { type Call, decideByGates, deny, gate, operation, pass, type Ruling } from "@twin/kernel"
import { Effect, Schema } from "effect"
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

/** Issuers are known by tenant id; a verified domain stands for the tenant that has it (MIP-248). */
const tenantIdOf = (world: MipWorld, idOrDomain: string): string => {
  const wanted = idOrDomain.trim().toLowerCase()
  const own = isOwnDomain(world, wanted) ? organizationOf(world) : undefined
  return own?.tenantId ?? foreignOrganizationByDomain(world, wanted)?.tenantId ?? idOrDomain
}

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
        description: "Tenants whose tokens count, by id or domain; the own one unless given",
      }),
    ),
    running: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether the service answers" }),
    ),
  }),
  roles: complianceRoles,
  facts: ["MIP-246", "MIP-248"],
  decide: Effect.fnUntraced(function* ({ world, now, draw }: Call<MipWorld>, params) {
    const decision = decideByGates([keyAddress], {
      isUrl: /^https:\/\/[^/\s]+\/\S+$/.test(params.url),
    })
    if (decision.outcome !== "allow") return { decision }
    const { url, running: isRunning = true } = params
    const own = organizationOf(world)?.tenantId ?? ""
    const validTenants = params.validTenants?.map((it) => tenantIdOf(world, it)) ?? [own]
    const deployed = yield* setUpKey(world, draw, {
      url,
      authorization: { _tag: "Email", addresses: params.authorizedEmailAddresses },
      tenantIds: validTenants,
      isRunning,
      now,
    })
    const ruling: Ruling<MipEvent | CryptoEvent> = {
      decision,
      events: [
        ...deployed,
        {
          _tag: "DoubleKeyServiceSet",
          at: now,
          service: {
            url,
            authorizedEmailAddresses: params.authorizedEmailAddresses.map((it: string) =>
              it.trim().toLowerCase(),
            ),
            validTenants,
            isRunning,
          },
        },
      ],
      output: [{ id: url }],
    }
    return ruling
  }),
})
