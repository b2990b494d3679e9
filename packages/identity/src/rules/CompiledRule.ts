import { Result } from "effect"
import type { Device } from "../Device.ts"
import type { DirectoryUser } from "../DirectoryUser.ts"
import type { Group } from "../Group.ts"
import { compileRule, type RuleTest } from "./compileRule.ts"
import { type ParsedRule, parseRule } from "./parseRule.ts"
import { type RuleFootprint, ruleFootprint } from "./ruleFootprint.ts"
import { deviceReaders, userReaders } from "./ruleReaders.ts"

/** The rule of a group, ready to be asked about many objects. */
export type CompiledRule = { readonly footprint: RuleFootprint } & (
  | { readonly scope: "user"; readonly test: RuleTest<DirectoryUser> }
  | { readonly scope: "device"; readonly test: RuleTest<Device> }
)

/** Groups are immutable: the compiled rule is a function of the group and nothing else. */
const compiled = new WeakMap<Group, { readonly rule: CompiledRule | undefined }>()

/** Undefined where the rule does not parse: it matches nobody. */
export const compiledRuleOf = (group: Group): CompiledRule | undefined => {
  const known = compiled.get(group)
  if (known !== undefined) return known.rule
  const parsed = parseRule(group.membershipRule ?? "")
  const rule = Result.isSuccess(parsed) ? compile(parsed.success) : undefined
  compiled.set(group, { rule })
  return rule
}

const compile = ({ scope, rule }: ParsedRule): CompiledRule => {
  const footprint = ruleFootprint(rule)
  return scope === "user"
    ? { scope, footprint, test: compileRule(rule, userReaders) }
    : { scope, footprint, test: compileRule(rule, deviceReaders) }
}
