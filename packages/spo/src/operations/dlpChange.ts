import { roles } from "@twin/identity"
import { type Call, minutes, namedObjects, policyNotFound, ruleNotFound } from "@twin/kernel"
import type { DlpPolicy, DlpRule } from "../DlpPolicy.ts"
import { filesToScan, scanMinutes } from "../dlpScan.ts"
import type { SpoEvent } from "../SpoEvent.ts"
import { dlpPoliciesOf, dlpRulesOf, type SpoWorld } from "../State.ts"

/** Who manages data loss prevention. */
export const complianceRoles = [
  roles.complianceAdministrator,
  roles.complianceDataAdministrator,
  roles.globalAdministrator,
] as const

/** Policies and rules, as cmdlets name them. */
export const dlpPolicies = namedObjects({
  objects: "policies of data loss prevention",
  facts: ["SPO-200"],
  notFound: policyNotFound,
})

export const dlpRules = namedObjects({
  objects: "rules of data loss prevention",
  facts: ["SPO-200"],
  notFound: ruleNotFound,
})

/** A changed policy makes the service look at the files again (SPO-195, SPO-205). */
export const scansAfter = (
  call: Call<SpoWorld>,
  spo: Partial<SpoWorld["spo"]>,
): readonly SpoEvent[] => {
  const { world, now } = call
  const itemIds = filesToScan({ ...world, spo: { ...world.spo, ...spo } })
  return itemIds.length === 0
    ? []
    : [{ _tag: "ScansScheduled", itemIds, dueAt: now + minutes(scanMinutes), at: now }]
}

/** Names compare without case. */
export const findPolicy = (world: SpoWorld, name: string): DlpPolicy | undefined =>
  dlpPoliciesOf(world).find((it) => it.name.toLowerCase() === name.toLowerCase())

export const findRule = (world: SpoWorld, name: string): DlpRule | undefined =>
  dlpRulesOf(world).find((it) => it.name.toLowerCase() === name.toLowerCase())
