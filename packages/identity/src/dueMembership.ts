import { type Due, decideByGates, gate, isFaultOn, type OutgoingMail, pass } from "@twin/kernel"
import { HashMap, Option } from "effect"
import {
  groupsToProcess,
  membershipChanges,
  nextByClock,
  processingDelay,
} from "./dynamicMembership.ts"
import { groupKindOf } from "./Group.ts"
import type { IdentityEvent } from "./IdentityEvent.ts"
import type { IdentityWorld } from "./State.ts"
import { welcomeMail } from "./welcomeMail.ts"

const processed = gate<{ readonly groups: number; readonly changes: number }>()({
  name: "dynamic-membership",
  facts: ["IDN-194", "IDN-219", "IDN-222"],
  reads: ["groups", "changes"],
  check: ({ groups, changes }) =>
    pass("The membership rules have been evaluated.", { groups, changes }),
})

/** When rules are evaluated next; undefined where nothing waits. */
const nextEvaluation = (world: IdentityWorld): number | undefined => {
  const { membershipStaleSince } = world.identity
  const byClock = nextByClock(world)
  const since = [membershipStaleSince, byClock].filter((it) => it !== undefined)
  return since.length === 0 ? undefined : Math.min(...since) + processingDelay(world)
}

/** Rules are evaluated by themselves, some time after something changed. */
export const dueMembership = (
  world: IdentityWorld,
  until: number,
): readonly Due<IdentityEvent>[] => {
  if (world.identity.dynamicGroups.length === 0) return []
  if (isFaultOn(world, "dynamic-membership-failing")) return []
  if (groupsToProcess(world).length === 0) return []
  const at = nextEvaluation(world)
  if (at === undefined || at > until) return []
  const events = membershipChanges(world, at)
  const changed = events.filter(({ added, removed }) => added.length + removed.length > 0)
  return [
    {
      at,
      name: "dynamic-membership-processed",
      decision: decideByGates([processed], {
        groups: events.length,
        changes: changed.reduce(
          (sum, { added, removed }) => sum + added.length + removed.length,
          0,
        ),
      }),
      events: [...events, { _tag: "DynamicMembershipSettled", at }],
      audit: changed.map(({ groupId, added, removed }) => ({
        operation: "Update group",
        recordType: 8,
        workload: "AzureActiveDirectory" as const,
        objectId: groupId,
        resultStatus: "Success",
        details: { Added: added.length, Removed: removed.length },
      })),
      mail: changed.flatMap(({ groupId, added }) => welcomes(world, groupId, added)),
    },
  ]
}

/** New members of a Microsoft 365 group are welcomed, also those that a rule brings in (IDN-192). */
const welcomes = (
  world: IdentityWorld,
  groupId: string,
  added: readonly string[],
): readonly OutgoingMail[] => {
  const group = Option.getOrUndefined(HashMap.get(world.identity.groups, groupId))
  return group === undefined || groupKindOf(group) !== "microsoft-365"
    ? []
    : added.flatMap((id) => welcomeMail(world, group, id))
}
