import { hours, isFaultOn, isoOf } from "@twin/kernel"
import { HashMap, HashSet, Option } from "effect"
import { processingDelay } from "./dynamicMembership.ts"
import { type Group, isDynamic } from "./Group.ts"
import { compiledRuleOf } from "./rules/CompiledRule.ts"
import type { IdentityWorld } from "./State.ts"

/** How far the evaluation of a rule is, in the words of the portal (IDN-220). */
export const membershipStatuses = [
  "Not started",
  "Evaluating",
  "Processing",
  "Update complete",
  "Processing error",
  "Update paused",
] as const
export type MembershipStatus = (typeof membershipStatuses)[number]

/** Shown instead of a date from resuming until the rule has been processed (IDN-220). */
export const resumedPlaceholder = "9999-12-31T00:00:00.000Z"

/** When waiting begins to look like applying: the last fifth of the delay, a choice of the twin. */
const applyingFrom = 0.8
/** A new rule is picked up after the first fifth. */
const pickedUpAfter = 0.2

export interface MembershipState {
  readonly status: MembershipStatus
  /** An ISO date, `In Progress` or `Unknown` (IDN-220). */
  readonly lastMembershipChange: string
}

const isConcerned = (world: IdentityWorld, group: Group): boolean => {
  const { fresh, pending } = world.identity.membershipProcessing
  if (HashSet.has(fresh, group.id)) return true
  const footprint = compiledRuleOf(group)?.footprint
  if (footprint === undefined) return false
  return (
    (footprint.clockOffsets.length > 0 && HashMap.size(pending) > 0) ||
    [...HashMap.values(pending)].some((names) =>
      names.some((name) => name === "*" || footprint.properties.has(name)),
    )
  )
}

const statusOf = (world: IdentityWorld, group: Group, now: number): MembershipStatus => {
  const { membershipStaleSince, membershipProcessing } = world.identity
  if (group.membershipRuleProcessingState === "Paused") return "Update paused"
  if (membershipStaleSince === undefined || !isConcerned(world, group)) return "Update complete"
  if (isFaultOn(world, "dynamic-membership-failing")) return "Processing error"
  const elapsed = (now - membershipStaleSince) / processingDelay(world)
  const isNew = !HashMap.has(membershipProcessing.processed, group.id)
  if (isNew && elapsed < pickedUpAfter) return "Not started"
  return elapsed < applyingFrom ? "Evaluating" : "Processing"
}

/** The state of a dynamic group's membership; undefined for an assigned group. */
export const membershipStateOf = (
  world: IdentityWorld,
  group: Group,
  now: number,
): MembershipState | undefined => {
  if (!isDynamic(group)) return undefined
  const { processed, resumed } = world.identity.membershipProcessing
  const status = statusOf(world, group, now)
  const changedAt = Option.getOrUndefined(HashMap.get(processed, group.id))?.changedAt
  const shown = (): string => {
    if (status === "Evaluating" || status === "Processing") {
      return resumed.includes(group.id) ? resumedPlaceholder : "In Progress"
    }
    if (resumed.includes(group.id)) return resumedPlaceholder
    return changedAt === undefined ? "Unknown" : isoOf(changedAt)
  }
  return { status, lastMembershipChange: shown() }
}

/** Whether changes have waited for more than a day, which raises an alert for the tenant (IDN-220). */
export const isProcessingLate = (world: IdentityWorld, now: number): boolean => {
  const { membershipStaleSince } = world.identity
  return membershipStaleSince !== undefined && now - membershipStaleSince > hours(24)
}
