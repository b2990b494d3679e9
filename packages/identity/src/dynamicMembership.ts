import { type Due, decideByGates, gate, isFaultOn, minutes, pass } from "@twin/kernel"
import { HashMap, Option, Result } from "effect"
import type { DirectoryUser } from "./DirectoryUser.ts"
import { isDirectMember, memberIdsOf, usersOf } from "./directory.ts"
import { type Group, isDynamic } from "./Group.ts"
import type { IdentityEvent } from "./IdentityEvent.ts"
import type { MembershipRule } from "./rules/MembershipRule.ts"
import { matchesRule } from "./rules/matchesRule.ts"
import { parseRule } from "./rules/parseRule.ts"
import type { IdentityWorld } from "./State.ts"

/**
 * How long a change waits until membership rules are evaluated: a few minutes in a small directory,
 * half an hour in a large one (IDN-219). 24 hours, the documented worst case, while the fault is on.
 */
export const processingDelay = (world: IdentityWorld): number => {
  if (isFaultOn(world, "dynamic-membership-delayed")) return minutes(24 * 60)
  return minutes(HashMap.size(world.identity.users) <= smallDirectory ? 5 : 30)
}

/** Up to this many users the directory counts as small: a choice of the twin. */
export const smallDirectory = 5_000

const ruleOf = (group: Group): MembershipRule | undefined => {
  const parsed = parseRule(group.membershipRule ?? "")
  return Result.isSuccess(parsed) ? parsed.success.rule : undefined
}

/** Object ids of everybody who satisfies the rule now; a rule that does not parse matches nobody. */
export const usersMatching = (
  world: IdentityWorld,
  group: Group,
  now: number,
): readonly string[] => {
  const rule = ruleOf(group)
  if (rule === undefined) return []
  const context = {
    now,
    isDirectMember: (groupId: string, userId: string) => isDirectMember(world, groupId, userId),
  }
  return usersOf(world)
    .filter((user: DirectoryUser) => matchesRule(rule, user, context))
    .map(({ id }) => id)
}

/** The dynamic groups whose processing is on; a paused one neither gains nor loses (IDN-221). */
const groupsToProcess = (world: IdentityWorld): readonly Group[] =>
  world.identity.dynamicGroups
    .toSorted()
    .flatMap((id) => Option.toArray(HashMap.get(world.identity.groups, id)))
    .filter((group) => isDynamic(group) && group.membershipRuleProcessingState !== "Paused")

/** What processing all rules at a moment changes: one event for each group, changed or not. */
export const processMembership = (world: IdentityWorld, at: number): readonly IdentityEvent[] =>
  groupsToProcess(world).map((group) => {
    const wanted = new Set(usersMatching(world, group, at))
    const present = new Set(memberIdsOf(world, group.id))
    return {
      _tag: "DynamicMembershipProcessed",
      groupId: group.id,
      added: [...wanted].filter((id) => !present.has(id)).toSorted(),
      removed: [...present].filter((id) => !wanted.has(id)),
      at,
    }
  })

const processed = gate<{ readonly groups: number; readonly changes: number }>()({
  name: "dynamic-membership",
  facts: ["IDN-194", "IDN-219", "IDN-222"],
  reads: ["groups", "changes"],
  check: ({ groups, changes }) =>
    pass("The membership rules have been evaluated for every user.", { groups, changes }),
})

/** Rules are evaluated by themselves, some time after something changed. */
export const dueMembership = (
  world: IdentityWorld,
  until: number,
): readonly Due<IdentityEvent>[] => {
  const { membershipStaleSince } = world.identity
  if (membershipStaleSince === undefined) return []
  const at = membershipStaleSince + processingDelay(world)
  if (at > until || groupsToProcess(world).length === 0) return []
  const events = processMembership(world, at)
  const changes = events.reduce(
    (sum, event) =>
      event._tag === "DynamicMembershipProcessed"
        ? sum + event.added.length + event.removed.length
        : sum,
    0,
  )
  return [
    {
      at,
      name: "dynamic-membership-processed",
      decision: decideByGates([processed], { groups: events.length, changes }),
      events,
      audit: events.flatMap((event) =>
        event._tag !== "DynamicMembershipProcessed" ||
        event.added.length + event.removed.length === 0
          ? []
          : [
              {
                operation: "Update group",
                recordType: 8,
                workload: "AzureActiveDirectory" as const,
                objectId: event.groupId,
                resultStatus: "Success",
                details: { Added: event.added.length, Removed: event.removed.length },
              },
            ],
      ),
    },
  ]
}
