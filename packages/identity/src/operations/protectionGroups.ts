import { type Call, hours, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import {
  evaluateRightsServiceGroup,
  rightsServicePurposes,
} from "../decisions/evaluateRightsServiceGroup.ts"
import { groupOf } from "../directory.ts"
import { processingDelay } from "../dynamicMembership.ts"
import { isDynamic } from "../Group.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"

/** The rights service knows memberships as they were up to three hours ago (IDN-227). */
export const membershipCacheLife = hours(3)

/**
 * How long it may take until a new member of a group gets rights: the rule of a dynamic group has to
 * be processed first, and the rights service has to forget what it knew (IDN-228). Milliseconds.
 */
export const rightsDelayOf = (
  world: IdentityWorld,
  group: string,
): {
  readonly ruleProcessing: number
  readonly membershipCache: number
  readonly worst: number
} => {
  const found = groupOf(world, group)
  const ruleProcessing = found !== undefined && isDynamic(found) ? processingDelay(world) : 0
  return {
    ruleProcessing,
    membershipCache: membershipCacheLife,
    worst: ruleProcessing + membershipCacheLife,
  }
}

const inMinutes = (millis: number): number => millis / 60_000

/** Whether a group can be used for protection, and what its members have to wait for. */
export const checkProtectionGroup = operation({
  name: "check-protection-group",
  summary:
    "Says whether the rights service takes a group, and how long new members wait for rights.",
  params: Schema.Struct({
    group: Schema.NonEmptyString.annotate({ description: "Name, address or id of the group" }),
    purpose: Schema.optionalKey(
      Schema.Literals(rightsServicePurposes).annotate({
        description: "What the group is for; naming it in a permission if absent",
      }),
    ),
  }),
  facts: ["IDN-225", "IDN-226", "IDN-227", "IDN-228", "IDN-231"],
  isReadOnly: true,
  decide: ({ world }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const delay = rightsDelayOf(world, params.group)
    return {
      decision: evaluateRightsServiceGroup(world, params.group, params.purpose ?? "permission"),
      output: [
        {
          group: groupOf(world, params.group)?.displayName ?? params.group,
          ruleProcessingMinutes: inMinutes(delay.ruleProcessing),
          membershipCacheMinutes: inMinutes(delay.membershipCache),
          worstCaseMinutes: inMinutes(delay.worst),
        },
      ],
    }
  },
})
