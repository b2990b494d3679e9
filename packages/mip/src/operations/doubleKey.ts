import {
  type CryptoEvent,
  doubleKeyDrivers,
  doubleKeyHostings,
  isDoubleKeySwitchSet,
  keyServiceAt,
  setUpKey,
} from "@twin/crypto"
import { foreignOrganizationByDomain, isOwnDomain, organizationOf } from "@twin/identity"
import { type Call, decideByGates, deny, gate, operation, pass, type Ruling } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { labelsOf } from "../labelOf.ts"
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
    const validTenants = params.validTenants?.map((it: string) => tenantIdOf(world, it)) ?? [own]
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

const offered = gate<object>()({
  name: "double-key-offer",
  facts: ["MIP-242", "MIP-251"],
  reads: [],
  check: () => pass("What a second key is for, and what it takes, may be read by everybody."),
})

/** Why organizations hold a key themselves, and where they may (MIP-251). */
export const showDoubleKeyOffer = operation({
  name: "show-double-key-offer",
  summary: "Shows which laws a second key is held for, and where its service may run.",
  params: Schema.Struct({}),
  facts: ["MIP-251"],
  isReadOnly: true,
  decide: (): Ruling<MipEvent> => ({
    decision: decideByGates([offered], {}),
    output: [{ Drivers: [...doubleKeyDrivers], Hosting: [...doubleKeyHostings] }],
  }),
})

/** The three steps of setting up, each looked up in the tenant as it is (MIP-242). */
export const showDoubleKeySetUp = operation({
  name: "show-double-key-set-up",
  summary: "Lists the steps until somebody can use a second key, and which of them are done.",
  params: Schema.Struct({
    url: Schema.NonEmptyString.annotate({ description: "https://host/KeyName" }),
    person: Schema.NonEmptyString.annotate({ description: "Address of whose device it is" }),
  }),
  roles: complianceRoles,
  facts: ["MIP-242"],
  isReadOnly: true,
  decide: ({ world }: Call<MipWorld>, { url, person }): Ruling<MipEvent> => ({
    decision: decideByGates([offered], {}),
    output: [
      { Step: "Deploy the key service", Done: keyServiceAt(world, url) !== undefined },
      {
        Step: "Create a label",
        Done: labelsOf(world).some(({ encryption }) => encryption?.doubleKeyUrl === url),
      },
      { Step: "Configure the registry", Done: isDoubleKeySwitchSet(world, person) },
    ],
  }),
})
