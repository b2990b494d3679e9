import {
  type Actor,
  type Call,
  decideByGates,
  deny,
  type GateRules,
  gate,
  operation,
  pass,
  unknown,
} from "@twin/kernel"
import { Schema } from "effect"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import { customerRoleHeld } from "../decisions/evaluateCustomerDecision.ts"
import { outcomeOf } from "../Happening.ts"
import { type CustomerLockboxSetting, type DatacenterWorld } from "../State.ts"
import { callerOf } from "./caller.ts"

interface SwitchFacets {
  readonly roleHeld: string
  readonly licence: CustomerLockboxSetting["licence"]
  readonly turnsOn: boolean
}

const administrator = gate<SwitchFacets>()({
  name: "customer-lockbox-administrator",
  facts: ["DCO-111"],
  reads: ["roleHeld"],
  check: ({ roleHeld }) =>
    roleHeld === ""
      ? deny(
          "Only a Global Administrator or a Customer Lockbox Access Approver sets this switch.",
          {},
          {
            code: "AccessDenied",
            message: "You do not have permission to change Customer Lockbox.",
          },
        )
      : pass("The person may set the switch.", { roleHeld }),
})

const licensed = gate<SwitchFacets>()({
  name: "customer-lockbox-licence",
  facts: ["DCO-110"],
  reads: ["licence", "turnsOn"],
  check: ({ licence, turnsOn }) => {
    if (!turnsOn) return pass("Turning the feature off needs no licence.", { licence })
    switch (licence) {
      case "licensed":
        return pass("The tenant has a licence for Customer Lockbox.", { licence })
      case "unlicensed":
        return deny(
          "The tenant has no licence for Customer Lockbox.",
          { licence },
          {
            code: "CustomerLockboxNotLicensed",
            message: "Customer Lockbox is not available with your subscription.",
          },
        )
      case "unrecorded":
        return unknown("The twin does not know whether the tenant has a licence for it.", {
          licence,
        })
    }
  },
})

const switchGates: GateRules<SwitchFacets> = [administrator, licensed]

const switchFacts = (world: DatacenterWorld, actor: Actor, turnsOn: boolean): SwitchFacets => ({
  roleHeld: customerRoleHeld(actor),
  licence: world.datacenter.customerLockbox.licence,
  turnsOn,
})

const changed = (
  { world, actor, now }: Call<DatacenterWorld>,
  o: {
    readonly decision: ReturnType<typeof decideByGates>
    readonly events: readonly DatacenterEvent[]
    readonly parameters: readonly { readonly Name: string; readonly Value: string }[]
  },
) =>
  conclude(world, now, {
    decision: o.decision,
    events: o.decision.outcome === "allow" ? o.events : [],
    happenings: [
      {
        draft: {
          ...callerOf(actor),
          kind: "change",
          what: "Set-OrganizationConfig",
          ...outcomeOf(o.decision),
        },
        visible: {
          operation: "Set-OrganizationConfig",
          recordType: 1,
          workload: "Exchange",
          resultStatus: o.decision.outcome === "allow" ? "True" : "False",
          details: { ExternalAccess: false, Parameters: [...o.parameters] },
        },
      },
    ],
  })

const SetOrganizationConfig = Schema.Struct({
  CustomerLockboxEnabled: Schema.optionalKey(Schema.Boolean).annotate({
    description: "Require approval for all data access requests",
  }),
  AuditDisabled: Schema.optionalKey(Schema.Boolean).annotate({
    description: "Turns mailbox auditing off for the whole organization",
  }),
})

const exchangeAdministrators = ["Global Administrator", "Exchange Administrator"] as const

const exchangeRole = gate<{ readonly roleHeld: string }>()({
  name: "role",
  facts: ["DCO-232"],
  reads: ["roleHeld"],
  check: ({ roleHeld }) =>
    roleHeld === ""
      ? deny(
          "The cmdlet needs an Exchange administration role.",
          {
            rolesAccepted: exchangeAdministrators,
          },
          { code: "AccessDenied", message: "You don't have sufficient permissions." },
        )
      : pass("The account holds a role that may do this.", { roleHeld }),
})

/** The part of the organization's settings that belongs to the datacenter (DCO-140, DCO-232). */
export const setOrganizationConfig = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof SetOrganizationConfig.fields
>({
  name: "Set-OrganizationConfig",
  summary: "Changes settings of the organization: Customer Lockbox, mailbox auditing.",
  params: SetOrganizationConfig,
  facts: ["DCO-109", "DCO-110", "DCO-111", "DCO-140", "DCO-232"],
  decide: (call, { CustomerLockboxEnabled, AuditDisabled }) => {
    const { world, actor } = call
    const decision =
      CustomerLockboxEnabled === undefined
        ? decideByGates([exchangeRole], {
            roleHeld: exchangeAdministrators.find((it) => actor.roles.includes(it)) ?? "",
          })
        : decideByGates(switchGates, switchFacts(world, actor, CustomerLockboxEnabled))
    return changed(call, {
      decision,
      events: [
        ...(CustomerLockboxEnabled === undefined
          ? []
          : [{ _tag: "CustomerLockboxSwitched", isOn: CustomerLockboxEnabled } as const]),
        ...(AuditDisabled === undefined
          ? []
          : [{ _tag: "MailboxAuditSwitched", isDisabled: AuditDisabled } as const]),
      ],
      parameters: [
        ...(CustomerLockboxEnabled === undefined
          ? []
          : [{ Name: "CustomerLockboxEnabled", Value: psBoolean(CustomerLockboxEnabled) }]),
        ...(AuditDisabled === undefined
          ? []
          : [{ Name: "AuditDisabled", Value: psBoolean(AuditDisabled) }]),
      ],
    })
  },
})

const psBoolean = (value: boolean): string => (value ? "True" : "False")

/** Reads the same settings. */
export const getOrganizationConfig = operation<DatacenterWorld, DatacenterEvent, {}>({
  name: "Get-OrganizationConfig",
  summary: "Shows settings of the organization.",
  params: Schema.Struct({}),
  facts: ["DCO-140", "DCO-232"],
  roles: ["Global Administrator", "Exchange Administrator", "Customer Lockbox Access Approver"],
  isReadOnly: true,
  decide: ({ world }) => ({
    decision: decideByGates([readable], {}),
    output: [
      {
        CustomerLockboxEnabled: world.datacenter.customerLockbox.isOn,
        AuditDisabled: world.datacenter.isMailboxAuditDisabled,
      },
    ],
  }),
})

const readable = gate<{}>()({
  name: "organization-settings",
  facts: ["DCO-140"],
  reads: [],
  check: () => pass("The settings can be read."),
})

const Portal = Schema.Struct({
  on: Schema.Boolean.annotate({
    description: "true: every access of an engineer to content needs the tenant's approval",
  }),
})

/** Admin center, Org settings, Security & privacy: Require approval for all data access requests. */
export const setCustomerLockbox = operation<DatacenterWorld, DatacenterEvent, typeof Portal.fields>(
  {
    name: "set-customer-lockbox",
    summary: "Turns the tenant's approval step for data access requests on or off.",
    params: Portal,
    facts: ["DCO-109", "DCO-110", "DCO-111"],
    decide: (call, { on }) =>
      changed(call, {
        decision: decideByGates(switchGates, switchFacts(call.world, call.actor, on)),
        events: [{ _tag: "CustomerLockboxSwitched", isOn: on }],
        parameters: [{ Name: "CustomerLockboxEnabled", Value: psBoolean(on) }],
      }),
  },
)

/** Subscriptions that bring Customer Lockbox (DCO-110). */
export const customerLockboxPlans = [
  "Microsoft 365 E5",
  "Office 365 E5",
  "E5 Compliance",
  "Information Protection and Compliance",
  "Advanced Compliance",
  "Customer Lockbox",
] as const

const Plan = Schema.Struct({
  plan: Schema.NonEmptyString.annotate({
    description: "Name of the subscription, e.g. Microsoft 365 E5",
  }),
})

const planKnown = gate<{ readonly plan: string; readonly isIncluded: boolean }>()({
  name: "subscription",
  facts: ["DCO-110"],
  reads: ["plan", "isIncluded"],
  check: ({ plan, isIncluded }) =>
    pass(
      isIncluded
        ? "The subscription includes Customer Lockbox."
        : "The subscription does not include Customer Lockbox.",
      { plan },
    ),
})

/** Records which subscription the tenant has, as far as Customer Lockbox depends on it. */
export const recordSubscription = operation<DatacenterWorld, DatacenterEvent, typeof Plan.fields>({
  name: "record-subscription",
  summary: "States the tenant's subscription, so that licensed features can be judged.",
  params: Plan,
  facts: ["DCO-110"],
  decide: (_call, { plan }) => {
    const isLicensed = customerLockboxPlans.some((it) => it.toLowerCase() === plan.toLowerCase())
    return {
      decision: decideByGates([planKnown], { plan, isIncluded: isLicensed }),
      events: [{ _tag: "CustomerLockboxLicensed", plan, isLicensed }],
    }
  },
})
