import { isFaultOn, minutes } from "@twin/kernel"
import { HashMap, HashSet, Option } from "effect"
import type { Device } from "./Device.ts"
import type { DirectoryUser } from "./DirectoryUser.ts"
import { isDirectMember, memberIdsOf } from "./directory.ts"
import { type Group, isDynamic } from "./Group.ts"
import type { IdentityEvent } from "./IdentityEvent.ts"
import { type CompiledRule, compiledRuleOf } from "./rules/CompiledRule.ts"
import type { RuleContext } from "./rules/compileRule.ts"
import { deviceReaders, userReaders } from "./rules/ruleReaders.ts"
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

const contextOf = (world: IdentityWorld, now: number): RuleContext => ({
  now,
  isDirectMember: (groupId, objectId) => isDirectMember(world, groupId, objectId),
})

/** Sorted, so that runs agree. */
export const sorted = (ids: readonly string[]): readonly string[] => ids.toSorted()

/** Object ids of everybody who satisfies the rule now; a rule that does not parse matches nobody. */
export const usersMatching = (world: IdentityWorld, group: Group, now: number): readonly string[] =>
  evaluator(world, now).everybody(group)

/** The dynamic groups whose processing is on; a paused one neither gains nor loses (IDN-221). */
export const groupsToProcess = (world: IdentityWorld): readonly Group[] =>
  world.identity.dynamicGroups
    .toSorted()
    .flatMap((id) => Option.toArray(HashMap.get(world.identity.groups, id)))
    .filter((group) => isDynamic(group) && group.membershipRuleProcessingState !== "Paused")

type Index = ReadonlyMap<string, readonly (DirectoryUser & Device)[]>

/** Evaluates rules over everybody; whoever has a value of a property is looked up, not searched. */
const evaluator = (world: IdentityWorld, now: number) => {
  const context = contextOf(world, now)
  const lists = new Map<CompiledRule["scope"], readonly (DirectoryUser & Device)[]>()
  const indexes = new Map<string, Index>()

  // Which kind of object a list holds is told by the scope of the rule that asks for it.
  const listOf = (scope: CompiledRule["scope"]): readonly (DirectoryUser & Device)[] => {
    const known = lists.get(scope)
    if (known !== undefined) return known
    const { users, devices } = world.identity
    const list = HashMap.toValues<string, DirectoryUser | Device>(
      scope === "user" ? users : devices,
    ) as (DirectoryUser & Device)[]
    lists.set(scope, list)
    return list
  }

  const indexOf = (scope: CompiledRule["scope"], property: string): Index => {
    const key = `${scope}.${property}`
    const known = indexes.get(key)
    if (known !== undefined) return known
    const read = scope === "user" ? userReaders.text(property) : deviceReaders.text(property)
    const index = new Map<string, (DirectoryUser & Device)[]>()
    for (const subject of listOf(scope)) {
      const value = read(subject)?.toLowerCase()
      if (value === undefined) continue
      const same = index.get(value)
      if (same === undefined) index.set(value, [subject])
      else same.push(subject)
    }
    indexes.set(key, index)
    return index
  }

  /** The shortest list that holds everybody who can satisfy the rule. */
  const candidates = ({ scope, footprint }: CompiledRule) => {
    let best: readonly (DirectoryUser & Device)[] | undefined
    for (const { property, values } of footprint.required) {
      const index = indexOf(scope, property)
      const count = values.reduce((sum, value) => sum + (index.get(value)?.length ?? 0), 0)
      if (best === undefined || count < best.length) {
        best = values.flatMap((value) => index.get(value) ?? [])
      }
    }
    return best ?? listOf(scope)
  }

  const holdsFor = (rule: CompiledRule, objectId: string): boolean => {
    const { users, devices } = world.identity
    if (rule.scope === "user") {
      return Option.exists(HashMap.get(users, objectId), (it) => rule.test(it, context))
    }
    return Option.exists(HashMap.get(devices, objectId), (it) => rule.test(it, context))
  }

  return {
    everybody: (group: Group): readonly string[] => {
      const rule = compiledRuleOf(group)
      if (rule === undefined) return []
      const ids: string[] = []
      for (const subject of candidates(rule)) {
        if (rule.test(subject, context)) ids.push(subject.id)
      }
      return sorted(ids)
    },
    holdsFor,
  }
}

type ProcessedEvent = Extract<IdentityEvent, { readonly _tag: "DynamicMembershipProcessed" }>

const processedEvent = (
  groupId: string,
  change: { readonly added: readonly string[]; readonly removed: readonly string[] },
  at: number,
): ProcessedEvent => ({ _tag: "DynamicMembershipProcessed", groupId, ...change, at })

/** What processing all rules at a moment changes: one event for each group, changed or not. */
export const processMembership = (world: IdentityWorld, at: number): readonly ProcessedEvent[] => {
  const { everybody } = evaluator(world, at)
  return groupsToProcess(world).map((group) => whole(world, group, everybody(group), at))
}

const whole = (
  world: IdentityWorld,
  group: Group,
  matching: readonly string[],
  at: number,
): ProcessedEvent => {
  const wanted = new Set(matching)
  const present = new Set(memberIdsOf(world, group.id))
  return processedEvent(
    group.id,
    {
      added: matching.filter((id) => !present.has(id)),
      removed: [...present].filter((id) => !wanted.has(id)),
    },
    at,
  )
}

/**
 * What processing changes, asking only what has to be asked: new, changed and resumed rules, and
 * rules that look at the clock, about everybody; the others about the objects with a changed property
 * that they read. The result is that of asking every rule about everybody, but for groups that take
 * their members from other groups: those only gain until their rule is edited (IDN-213).
 */
export const membershipChanges = (world: IdentityWorld, at: number): readonly ProcessedEvent[] => {
  const { pending, fresh } = world.identity.membershipProcessing
  const { everybody, holdsFor } = evaluator(world, at)
  const changed = HashMap.toEntries(pending).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return groupsToProcess(world).flatMap((group) => {
    const rule = compiledRuleOf(group)
    if (HashSet.has(fresh, group.id) || rule === undefined) {
      return [whole(world, group, everybody(group), at)]
    }
    const { properties, clockOffsets, sources } = rule.footprint
    if (clockOffsets.length > 0) return [whole(world, group, everybody(group), at)]
    const concerned = changed.filter(([, names]) =>
      names.some((name) => name === "*" || properties.has(name)),
    )
    if (concerned.length === 0) return []
    const added: string[] = []
    const removed: string[] = []
    for (const [id] of concerned) {
      const isMember = isDirectMember(world, group.id, id)
      const isWanted =
        holdsFor(rule, id) || (isMember && sources.length > 0 && isPresent(world, id))
      if (isWanted && !isMember) added.push(id)
      if (!isWanted && isMember) removed.push(id)
    }
    return [processedEvent(group.id, { added, removed }, at)]
  })
}

const isPresent = (world: IdentityWorld, id: string): boolean =>
  HashMap.has(world.identity.users, id) || HashMap.has(world.identity.devices, id)

/**
 * The next moment, after the last evaluation of a group, at which the clock alone makes somebody
 * satisfy a rule or not (IDN-203); undefined where there is none.
 */
export const nextByClock = (world: IdentityWorld): number | undefined => {
  const { processed } = world.identity.membershipProcessing
  let next: number | undefined
  for (const group of groupsToProcess(world)) {
    const offsets = compiledRuleOf(group)?.footprint.clockOffsets ?? []
    if (offsets.length === 0) continue
    const last = Option.getOrUndefined(HashMap.get(processed, group.id))?.at
    if (last === undefined) continue
    for (const { employeeHireDate } of HashMap.values(world.identity.users)) {
      if (employeeHireDate === undefined) continue
      for (const offset of offsets) {
        const flip = employeeHireDate - offset
        if (flip >= last && (next === undefined || flip < next)) next = flip
      }
    }
  }
  return next
}
