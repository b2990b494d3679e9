import {
  type Call,
  isoOf,
  notRecognized,
  type OutputObject,
  operation,
  type Ruling,
  ruleNotFound,
} from "@twin/kernel"
import { Schema } from "effect"
import { type AutoLabelRule, AutoLabelWorkload } from "../AutoLabelPolicy.ts"
import type { ContentCondition } from "../classification/ContentCondition.ts"
import { readRuleCondition } from "../classification/readCondition.ts"
import { evaluateAutoLabelRule } from "../decisions/evaluateAutoLabelPolicy.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import { autoLabelPolicies, autoLabelPolicyOf } from "./autoLabelPolicy.ts"
import { common, complianceReaderRoles } from "./cmdlet.ts"
import { complianceCmdlet, complianceKind } from "./complianceCmdlet.ts"

const Table = Schema.Record(Schema.String, Schema.Json)

/** A table in PowerShell, or several of them. */
export const ConditionTables = Schema.Union([Table, Schema.Array(Table)])

const fields = {
  ContentContainsSensitiveInformation: Schema.optionalKey(
    ConditionTables.annotate({
      description: "@{name='...'; mincount='1'; confidencelevel='High'}",
    }),
  ),
  ExceptIfContentContainsSensitiveInformation: Schema.optionalKey(
    ConditionTables.annotate({ description: "What leaves content out" }),
  ),
  AccessScope: Schema.optionalKey(
    Schema.Literals(["InOrganization", "NotInOrganization", "None"]).annotate({
      description: "Only what is, or is not, shared outside",
    }),
  ),
  Disabled: Schema.optionalKey(Schema.Boolean.annotate({ description: "Does not look at all" })),
  Comment: Schema.optionalKey(Schema.String),
} as const
const RuleFields = Schema.Struct(fields)
type RuleFields = typeof RuleFields.Type

const nothing: ContentCondition = { operator: "And", groups: [] }

const readConditions = (world: MipWorld, given: RuleFields) => {
  const condition =
    given.ContentContainsSensitiveInformation === undefined
      ? undefined
      : readRuleCondition(world, given.ContentContainsSensitiveInformation)
  const exception =
    given.ExceptIfContentContainsSensitiveInformation === undefined
      ? undefined
      : readRuleCondition(world, given.ExceptIfContentContainsSensitiveInformation)
  return { condition, exception }
}

const problemOf = (
  { condition, exception }: ReturnType<typeof readConditions>,
  isNeeded: boolean,
): string => {
  if (condition === undefined) return isNeeded ? "it is required" : ""
  if ("problem" in condition) return condition.problem
  return exception !== undefined && "problem" in exception ? exception.problem : ""
}

const withConditions = (
  before: AutoLabelRule,
  given: RuleFields,
  read: ReturnType<typeof readConditions>,
): AutoLabelRule => ({
  ...before,
  isEnabled: given.Disabled === undefined ? before.isEnabled : !given.Disabled,
  accessScope: given.AccessScope ?? before.accessScope,
  ...(read.condition === undefined || "problem" in read.condition
    ? {}
    : { condition: read.condition.condition }),
  ...(read.exception === undefined || "problem" in read.exception
    ? {}
    : { exception: read.exception.condition }),
})

export const newAutoLabelRule = complianceCmdlet({
  name: "New-AutoSensitivityLabelRule",
  summary: "Says what a policy of automatic labelling looks for in one workload.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Unique name of the rule" }),
    Policy: Schema.NonEmptyString.annotate({ description: "The policy, by name or GUID" }),
    Workload: AutoLabelWorkload.annotate({
      description: "One workload; several need several rules",
    }),
    ...fields,
    ...common,
  }),
  facts: ["MIP-143", "MIP-155"],
  binding: { positional: ["Name"] },
  decide: ({ world, now }, params) => {
    const policy = autoLabelPolicyOf(world, params.Policy)
    if (policy === undefined) return { decision: autoLabelPolicies.known(params.Policy, false) }
    const read = readConditions(world, params)
    const start: AutoLabelRule = {
      name: params.Name.trim(),
      policy: policy.name,
      workload: params.Workload,
      isEnabled: true,
      condition: nothing,
      accessScope: "None",
      createdAt: now,
    }
    const rule = withConditions(start, params, read)
    const decision = evaluateAutoLabelRule({
      world,
      rule,
      policy,
      isNew: true,
      problem: problemOf(read, true),
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "AutoLabelRuleStored", rule, at: now }],
      output: [shown(rule)],
      changed: rule.name,
    }
  },
})

const ruleOf = (world: MipWorld, name: string): AutoLabelRule | undefined =>
  world.mip.labeling.rules.find((it) => it.name.toLowerCase() === name.trim().toLowerCase())

const autoLabelRules = complianceKind({
  noun: "AutoSensitivityLabelRule",
  objects: "auto-labeling rules",
  identity: "Name of the rule",
  facts: ["MIP-143"],
  notFound: ruleNotFound,
  find: ruleOf,
})

export const setAutoLabelRule = complianceCmdlet({
  name: "Set-AutoSensitivityLabelRule",
  summary: "Changes what a policy of automatic labelling looks for.",
  params: Schema.Struct({ Identity: autoLabelRules.identity, ...fields, ...common }),
  facts: ["MIP-143", "MIP-155"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  decide: ({ world, now }, params) => {
    const before = ruleOf(world, params.Identity)
    if (before === undefined) return { decision: autoLabelRules.known(params.Identity, false) }
    const policy = autoLabelPolicyOf(world, before.policy)
    if (policy === undefined) return { decision: autoLabelPolicies.known(before.policy, false) }
    const read = readConditions(world, params)
    const rule = withConditions(before, params, read)
    const decision = evaluateAutoLabelRule({
      world,
      rule,
      policy,
      isNew: false,
      problem: problemOf(read, false),
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "AutoLabelRuleStored", rule, at: now }],
      changed: rule.name,
    }
  },
})

const shown = (rule: AutoLabelRule): OutputObject => ({
  Name: rule.name,
  ParentPolicyName: rule.policy,
  Workload: rule.workload,
  Disabled: !rule.isEnabled,
  AccessScope: rule.accessScope,
  ContentContainsSensitiveInformation: rule.condition.groups.flatMap(({ items }) =>
    items.map(({ name, minCount, maxCount, minConfidence }) => ({
      name,
      mincount: minCount,
      maxcount: maxCount,
      minconfidence: minConfidence,
    })),
  ),
  WhenCreatedUTC: isoOf(rule.createdAt),
})

export const getAutoLabelRule = operation({
  name: "Get-AutoSensitivityLabelRule",
  summary: "Shows rules of automatic labelling.",
  params: Schema.Struct({
    Identity: Schema.optionalKey(autoLabelRules.identity),
    Policy: Schema.optionalKey(autoLabelPolicies.identity),
  }),
  roles: complianceReaderRoles,
  roleRefusal: notRecognized("Get-AutoSensitivityLabelRule"),
  facts: ["MIP-143"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  isReadOnly: true,
  decide: ({ world }: Call<MipWorld>, { Identity, Policy }): Ruling<MipEvent> => {
    const policy = Policy === undefined ? undefined : autoLabelPolicyOf(world, Policy)
    if (Policy !== undefined && policy === undefined) {
      return { decision: autoLabelPolicies.known(Policy, false) }
    }
    return autoLabelRules.list({
      all: world.mip.labeling.rules.filter(
        (it) => policy === undefined || it.policy === policy.name,
      ),
      identity: Identity,
      find: (it) => ruleOf(world, it),
      shown,
    })
  },
})

export const removeAutoLabelRule = autoLabelRules.removing({
  summary: "Takes a rule of automatic labelling away.",
  nameOf: ({ name }) => name,
  removed: ({ name }, now) => ({ _tag: "AutoLabelRuleRemoved", name, at: now }),
})
