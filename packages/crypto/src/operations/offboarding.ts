import { type Call, decideByGates, deny, gate, pass, type Ruling } from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import { containersOf, microsoftManagedTeamsKey } from "../at-rest/Hierarchy.ts"
import { rootAnswers } from "../at-rest/rootRoute.ts"
import type { CryptoServices } from "../CryptoServices.ts"
import { moveContainers, worldAfter } from "../customer-key/policyKeys.ts"
import { keysReachable } from "../decisions/policyGates.ts"
import { type CryptoEvent, type CryptoWorld, keyOf, policyById } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

/** Whom support has to hand the ticket on to (CRY-118). */
export const customerKeyTeam = "M365 Customer Key team"

interface TicketFacets {
  readonly isAssigned: boolean
  readonly hasDomain: boolean
  readonly routing: string
}

const policyAssigned = gate<TicketFacets>()({
  name: "multi-workload-assignment",
  facts: ["CRY-118"],
  reads: ["isAssigned"],
  check: ({ isAssigned }) =>
    isAssigned
      ? pass("A multi-workload policy is assigned.")
      : deny("No multi-workload policy is assigned, so there is nothing to leave."),
})

const ticketWhole = gate<TicketFacets>()({
  name: "offboarding-ticket",
  facts: ["CRY-118"],
  reads: ["hasDomain", "routing"],
  check: ({ hasDomain, routing }) =>
    hasDomain && routing.toLowerCase().includes(customerKeyTeam.toLowerCase())
      ? pass("The ticket says what support has to know.", { routing })
      : deny(
          `The ticket has to name the tenant's full domain and to go to the ${customerKeyTeam}.`,
          { hasDomain, routing },
        ),
})

const isDomain = (given: string): boolean => /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/i.test(given)

export const openOffboardingTicket = cryptoOperation({
  name: "open-offboarding-ticket",
  summary: "Asks support to take the tenant off its multi-workload policy; no cmdlet does that.",
  params: Schema.Struct({
    tenant: text("Full domain name of the tenant"),
    contact: text("Whom to answer"),
    reason: text("Why"),
    routing: text("To whom support is to hand it on"),
  }),
  roles: ["Global Administrator", "Compliance Administrator"],
  facts: ["CRY-080", "CRY-118"],
  decide: ({ world, now }, { tenant, contact, reason, routing }) => {
    const policyId = world.crypto.customerKey.tenantPolicyId
    const decision = decideByGates([policyAssigned, ticketWhole], {
      isAssigned: policyId !== undefined,
      hasDomain: isDomain(tenant),
      routing,
    })
    if (decision.outcome !== "allow" || policyId === undefined) return { decision }
    const event: CryptoEvent = {
      _tag: "CustomerKeyOffboardingAsked",
      policyId,
      contact,
      reason,
      at: now,
    }
    return { decision, events: [event] }
  },
})

interface OffboardingFacets {
  readonly isAsked: boolean
  readonly areKeysKept: boolean
}

const ticketOpen = gate<OffboardingFacets>()({
  name: "offboarding-asked",
  facts: ["CRY-118"],
  reads: ["isAsked"],
  check: ({ isAsked }) =>
    isAsked
      ? pass("The tenant has asked for it.")
      : deny("Nobody has asked to leave the multi-workload policy."),
})

const keysKept = gate<OffboardingFacets>()({
  name: "offboarding-keys",
  facts: ["CRY-118"],
  reads: ["areKeysKept"],
  check: ({ areKeysKept }) =>
    areKeysKept
      ? pass("The customer's keys and permissions are still there.")
      : deny("Keys and permissions have to stay until everything is wrapped anew."),
})

export const completeOffboarding = cryptoOperation({
  name: "complete-offboarding",
  summary:
    "Microsoft wraps everything under its own keys; nothing is decrypted, nothing destroyed.",
  params: Schema.Struct({}),
  facts: ["CRY-003", "CRY-118", "CRY-120"],
  decide: (call) => {
    const { world, now } = call
    const policyId = world.crypto.customerTenant.offboardingPolicyId
    const policy = policyById(world, policyId)
    const answers = policy === undefined ? [] : rootAnswers(world, policy, now)
    const decision = decideByGates([ticketOpen, keysKept], {
      isAsked: policy !== undefined,
      areKeysKept: answers.length > 0 && answers.every(({ result }) => result === "Success"),
    })
    if (decision.outcome !== "allow" || policy === undefined) return { decision }
    return leave(call, { decision, policyId: policy.id, depKeyId: policy.depKeyId })
  },
})

/** Mailboxes and stores of Teams go under Microsoft's keys. */
const leave = Effect.fnUntraced(function* (
  { world, now }: Call<CryptoWorld>,
  o: {
    readonly decision: Ruling<CryptoEvent>["decision"]
    readonly policyId: string
    readonly depKeyId: string
  },
): Effect.fn.Return<Ruling<CryptoEvent>, never, CryptoServices> {
  const { policyId } = o
  const teams = containersOf(world, "Teams").filter(
    ({ keyId = "" }) => wrappedBy(world, keyId) === o.depKeyId,
  )
  const events: readonly CryptoEvent[] = [
    { _tag: "TenantPolicyUnassigned", policyId },
    { _tag: "CustomerKeyOffboarded", policyId },
    ...teams.map(({ keyId = "" }) => ({
      _tag: "KeyRewrapped" as const,
      keyId,
      wrappedBy: [microsoftManagedTeamsKey],
    })),
  ]
  const after = worldAfter(world, events)
  const containers = [...containersOf(world, "Exchange"), ...teams]
  const moved = yield* moveContainers({ before: world, after, now }, containers)
  if (Option.isNone(moved)) {
    return { decision: decideByGates([keysReachable], { areKeysReachable: false }) }
  }
  return { decision: o.decision, events: [...events, ...moved.value] }
})

const wrappedBy = (world: CryptoWorld, keyId: string): string | undefined =>
  keyOf(world, keyId)?.wrappedBy[0]
