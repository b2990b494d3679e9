import { firstLogBreak } from "../InternalRecord.ts"
import { isPending } from "../LockboxRequest.ts"
import {
  customerRequestsOf,
  elevationOf,
  elevationsOf,
  internalLogOf,
  jitAccountOf,
  operatorActionsOf,
} from "../State.ts"
import type { Invariant, UncheckedInvariant } from "./Invariant.ts"

/** What must hold about networks, records and deadlines (INV-06, 09, 10, 18). */
export const serviceInvariants: readonly Invariant[] = [
  {
    id: "INV-06",
    statement: "No operation left its partition, and every open path was approved.",
    facts: ["DCO-005", "DCO-087", "DCO-088", "DCO-096"],
    violations: (world) => [
      ...world.datacenter.networkRules
        .filter(({ approvedBy }) => approvedBy === undefined)
        .map(({ id }) => `the rule ${id} has no approval`),
      ...operatorActionsOf(world).flatMap(({ account, partition, owner }) => {
        const used = account === undefined ? undefined : jitAccountOf(world, account)
        return used === undefined || used.scope.partition === partition
          ? []
          : [`${owner} worked in ${partition}`]
      }),
    ],
  },
  {
    id: "INV-09",
    statement: "A tenant's request waits twelve hours at most, and a no stays a no.",
    facts: ["DCO-120", "DCO-122"],
    violations: (world, now) =>
      customerRequestsOf(world).flatMap((it) => {
        const waits = it.status === "Pending" && now >= it.dueAt
        const tooLong = it.dueAt - it.createdAt > 12 * 3_600_000
        const elevation = elevationOf(world, it.elevation)
        const revived =
          ["Denied", "Expired"].includes(it.status) && elevation?.approvedAt !== undefined
        return waits || tooLong || revived ? [`${it.id} is ${it.status}`] : []
      }),
  },
  {
    id: "INV-10",
    statement: "Everything that happened stands in the log, in order, and nothing was changed.",
    facts: ["DCO-204", "DCO-208"],
    violations: (world) => {
      const log = internalLogOf(world)
      const broken = firstLogBreak(log)
      const named = new Set(log.map(({ request }) => request))
      return [
        ...(broken === undefined ? [] : [`the log breaks at record ${broken}`]),
        ...(log.length === world.datacenter.logHead.seq ? [] : ["records are missing"]),
        ...elevationsOf(world)
          .filter(({ id }) => !named.has(id))
          .map(({ id }) => `${id} has no record`),
      ]
    },
  },
  {
    id: "INV-18",
    statement: "Nothing waits longer than its deadline.",
    facts: ["DCO-048", "DCO-049"],
    violations: (world, now) =>
      elevationsOf(world)
        .filter(({ state, dueAt }) => isPending(state) && now >= dueAt)
        .map(({ id }) => `${id} is still pending`),
  },
]

/** Said aloud instead of counted as held. */
export const uncheckedInvariants: readonly UncheckedInvariant[] = [
  {
    id: "INV-11",
    statement:
      "Every datacenter record of a tenant leads to its elevation (proven on the journal).",
    facts: ["DCO-216"],
  },
  {
    id: "INV-14",
    statement: "No validation run touches a customer tenant.",
    facts: ["DCO-285"],
  },
  {
    id: "INV-15",
    statement: "A response reaches no further than the evidence.",
    facts: ["DCO-253"],
  },
  {
    id: "INV-17",
    statement: "Gated tasks of tenant admins run only with an authorisation.",
    facts: ["DCO-150"],
  },
]
