import { isExternalUser, userOf } from "@twin/identity"
import { type Call, decideByGates, deny, gate, operation, pass, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import type { DomainEvent } from "../DomainEvent.ts"
import { rightsPlan } from "../rightsPlan.ts"
import { ledgerOf, type MipWorld, rmsServiceOf } from "../State.ts"
import { aipCmdlet, says } from "./aipCmdlet.ts"

interface ExportFacets {
  readonly subscription: "Active" | "Expired"
}

const keyStillThere = gate<ExportFacets>()({
  name: "subscription-active",
  facts: ["MIP-008"],
  reads: ["subscription"],
  check: ({ subscription }) =>
    subscription === "Active"
      ? pass("While the subscription runs, the tenant key can be exported.", { subscription })
      : deny(
          "The subscription has ended, and the tenant key cannot be exported any more.",
          { subscription },
          {
            code: "SubscriptionExpired",
            message:
              "The trusted publishing domain cannot be exported: the subscription has expired.",
          },
        ),
})

/** The file lies with the organization; its bytes never come out of the twin. */
export const exportTrustedPublishingDomain = aipCmdlet({
  name: "export-trusted-publishing-domain",
  summary: "Hands out tenant key and templates, so that content opens without the service.",
  params: Schema.Struct({}),
  facts: ["MIP-008"],
  decide: ({ world, now }) => ({
    decision: decideByGates([keyStillThere], { subscription: ledgerOf(world).subscription.status }),
    events: [{ _tag: "PublishingDomainExported", at: now }],
    logged: { command: "ExportTrustedPublishingDomain" },
    output: says("The trusted publishing domain was handed to the organization."),
  }),
})

interface PurchaseFacets {
  readonly status: "Active" | "Expired"
}

const runs = gate<PurchaseFacets>()({
  name: "subscription",
  facts: ["MIP-008"],
  reads: ["status"],
  check: ({ status }) =>
    pass(
      status === "Active"
        ? "The subscription runs again."
        : "The subscription has ended; content still opens for an extended period.",
      { status },
    ),
})

const buyerRoles = ["Global Administrator", "Billing Administrator"] as const

/** Stands for what happens in the shop. */
export const endSubscription = operation({
  name: "end-rights-subscription",
  summary: "Lets the subscription with rights management end, or begin again.",
  params: Schema.Struct({
    renew: Schema.optionalKey(Schema.Boolean.annotate({ description: "Begins again instead" })),
  }),
  roles: buyerRoles,
  facts: ["MIP-008"],
  decide: ({ world, now }: Call<MipWorld>, { renew = false }): Ruling<DomainEvent> => {
    const status = renew ? "Active" : "Expired"
    return {
      decision: decideByGates([runs], { status }),
      events: [
        {
          _tag: "RmsSubscriptionChanged",
          subscription: { ...ledgerOf(world).subscription, status },
          functionalState: rmsServiceOf(world).functionalState,
          at: now,
        },
      ],
      output: [{ subscription: status }],
    }
  },
})

const onPremises = gate<{ readonly adRms: string; readonly functionalState: string }>()({
  name: "ad-rms",
  facts: ["MIP-004"],
  reads: ["adRms", "functionalState"],
  check: ({ adRms, functionalState }) =>
    pass(
      adRms === "deployed"
        ? "The organization protects with servers of its own, which the cloud service does not know."
        : "The servers on premises are migrated to the cloud service, or were never there.",
      { adRms, functionalState },
    ),
})

export const setAdRms = operation({
  name: "set-ad-rms",
  summary: "Says whether rights management servers run on premises, or have been migrated.",
  params: Schema.Struct({
    state: Schema.Literals(["none", "deployed", "migrated"]).annotate({
      description: "What there is on premises",
    }),
  }),
  roles: ["Global Administrator"],
  facts: ["MIP-004"],
  decide: ({ world, now }: Call<MipWorld>, { state }): Ruling<DomainEvent> => {
    const { functionalState } = rmsServiceOf(world)
    return {
      decision: decideByGates([onPremises], { adRms: state, functionalState }),
      events: [
        {
          _tag: "RmsSubscriptionChanged",
          subscription: { ...ledgerOf(world).subscription, adRms: state },
          functionalState,
          at: now,
        },
      ],
      output: [{ adRms: state }],
    }
  },
})

const licensable = gate<{ readonly user: "member" | "guest" | "unknown" }>()({
  name: "licence-assignment",
  facts: ["MIP-012"],
  reads: ["user"],
  check: ({ user }) =>
    user === "unknown"
      ? deny("There is no such user.", { user }, { message: "The user was not found." })
      : pass("Licences can be given to this user.", { user }),
})

/** The licence that `UseRmsUserLicense` asks for (MIP-012). */
export const assignRightsLicence = operation({
  name: "assign-rights-licence",
  summary: "Gives a user the service plan with rights management, or takes it away.",
  params: Schema.Struct({
    to: Schema.NonEmptyString.annotate({ description: "A user of the organization" }),
    remove: Schema.optionalKey(Schema.Boolean.annotate({ description: "Takes it away instead" })),
  }),
  roles: ["Global Administrator", "User Administrator", "License Administrator"],
  facts: ["MIP-012"],
  decide: ({ world, now }: Call<MipWorld>, { to, remove = false }): Ruling<DomainEvent> => {
    const user = userOf(world, to)
    const kind = user === undefined ? "unknown" : isExternalUser(user) ? "guest" : "member"
    const decision = decideByGates([licensable], { user: kind })
    if (user === undefined || decision.outcome !== "allow") return { decision }
    const others = user.assignedPlans.filter((it) => it.servicePlanId !== rightsPlan.servicePlanId)
    return {
      decision,
      events: [
        {
          _tag: "UserUpdated",
          userId: user.id,
          changes: { assignedPlans: remove ? others : [...others, rightsPlan] },
          at: now,
        },
      ],
      output: [{ user: user.userPrincipalName, licensed: !remove }],
    }
  },
})

const tokens = gate<{ readonly days: number }>()({
  name: "token-lifetime",
  facts: ["MIP-190"],
  reads: ["days"],
  check: ({ days }) => pass("Devices sign in again after so many days.", { days }),
})

export const setTokenLifetime = operation({
  name: "set-rms-token-lifetime",
  summary: "Says after how many days a Windows device signs in to the protection service again.",
  params: Schema.Struct({
    days: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 365 })).annotate({
      description: "Days, 30 unless tuned; 0: at every request",
    }),
  }),
  roles: ["Global Administrator", "Conditional Access Administrator"],
  facts: ["MIP-190"],
  decide: ({ actor, now }: Call<MipWorld>, { days }): Ruling<DomainEvent> => ({
    decision: decideByGates([tokens], { days }),
    events: [
      {
        _tag: "RmsServiceConfigured",
        changes: { signInTokenDays: days },
        line: {
          at: now,
          admin: actor.id,
          command: "SetTokenLifetime",
          parameters: `-days ${days}`,
          hasPassed: true,
        },
      },
    ],
    output: [{ days }],
  }),
})
