import { type Call, decideByGates, operation } from "@twin/kernel"
import { labelOf, readRuleCondition, typeNamed } from "@twin/mip"
import { Schema } from "effect"
import { type DlpRule, isContentBased } from "../DlpPolicy.ts"
import { BlockAccessScope } from "../DriveItem.ts"
import { condition, type NameFacets, named } from "../decisions/dlpGates.ts"
import { dlpRulesOf, type SpoWorld } from "../State.ts"
import {
  complianceRoles,
  dlpPolicies,
  dlpRules,
  findPolicy,
  findRule,
  scansAfter,
} from "./dlpChange.ts"
import type { EmittedEvent, SpoOperation, SpoRuling } from "./SpoOperation.ts"

const common = { roles: complianceRoles } as const

/** A table in PowerShell, `@{Name="Credit Card Number"; minCount="1"}`; only the name is evaluated. */
const InfoCondition = Schema.Record(Schema.String, Schema.Json)

const ruleFields = {
  ContentContainsSensitiveInformation: Schema.optionalKey(
    Schema.Union([InfoCondition, Schema.Array(InfoCondition)]).annotate({
      description: "Sensitive information types, each @{Name='...'}",
    }),
  ),
  ContentPropertyContainsWords: Schema.optionalKey(
    Schema.Array(Schema.String).annotate({
      description: "Labels, as Label:<id or name>; * for anything",
    }),
  ),
  AccessScope: Schema.optionalKey(Schema.Literals(["InOrganization", "NotInOrganization", "None"])),
  BlockAccess: Schema.optionalKey(Schema.Boolean.annotate({ description: "Keeps people out" })),
  BlockAccessScope: Schema.optionalKey(
    BlockAccessScope.annotate({ description: "Whom it keeps out" }),
  ),
  EncryptRMSTemplate: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Mail: the template that protects it" }),
  ),
  RemoveRMSTemplate: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Mail: takes protection off message and attachments" }),
  ),
  NotifyUser: Schema.optionalKey(
    Schema.Array(Schema.NonEmptyString).annotate({
      description: "LastModifier, Owner, SiteAdmin or addresses: who hears of a match",
    }),
  ),
  GenerateAlert: Schema.optionalKey(
    Schema.Array(Schema.NonEmptyString).annotate({
      description: "SiteAdmin or addresses: whom a match alerts",
    }),
  ),
  NotifyAllowOverride: Schema.optionalKey(
    Schema.Array(Schema.Literals(["FalsePositive", "WithoutJustification", "WithJustification"])),
  ),
  Priority: Schema.optionalKey(Schema.Int),
  StopPolicyProcessing: Schema.optionalKey(Schema.Boolean),
  Disabled: Schema.optionalKey(Schema.Boolean),
} as const
const RuleChanges = Schema.Struct(ruleFields)
type RuleChanges = typeof RuleChanges.Type

const tablesOf = (
  given: RuleChanges["ContentContainsSensitiveInformation"],
): readonly Readonly<Record<string, Schema.Json>>[] =>
  given === undefined
    ? []
    : Array.isArray(given)
      ? (given as readonly Readonly<Record<string, Schema.Json>>[])
      : [given as Readonly<Record<string, Schema.Json>>]

const infoNames = (given: RuleChanges["ContentContainsSensitiveInformation"]): readonly string[] =>
  tablesOf(given).flatMap((table) =>
    Object.entries(table)
      .filter(([key]) => key.toLowerCase() === "name")
      .map(([, value]) => (typeof value === "string" ? value : JSON.stringify(value))),
  )

/** Counts, confidence, groups or labels: more than a list of names (MIP-155, MIP-158). */
const isDetailed = (given: RuleChanges["ContentContainsSensitiveInformation"]): boolean =>
  tablesOf(given).some((table) => Object.keys(table).some((key) => key.toLowerCase() !== "name"))

/** Anything that contains content at all: the remedy for files that no rule looks at (SPO-195). */
const anything = "*"

const ruleOf = (world: SpoWorld, before: DlpRule, given: RuleChanges): DlpRule => {
  const words = given.ContentPropertyContainsWords
  const names = infoNames(given.ContentContainsSensitiveInformation)
  const hasConditions =
    words !== undefined || given.ContentContainsSensitiveInformation !== undefined
  return {
    ...before,
    ...(hasConditions
      ? {
          isCatchAll: [...(words ?? []), ...names].includes(anything),
          infoTypes: names
            .filter((it) => it !== anything)
            .map((it) => typeNamed(world, it)?.name ?? it),
          ...conditionOf(world, given.ContentContainsSensitiveInformation),
          labels: (words ?? [])
            .filter((it) => it !== anything)
            .map((it) => it.replace(/^label:/i, ""))
            .map((it) => labelOf(world, it)?.id ?? it),
        }
      : {}),
    accessScope: given.AccessScope ?? before.accessScope,
    blockAccess: given.BlockAccess ?? before.blockAccess,
    blockAccessScope: given.BlockAccessScope ?? before.blockAccessScope,
    notifyUser: given.NotifyUser ?? before.notifyUser,
    ...(given.GenerateAlert === undefined ? {} : { generateAlert: given.GenerateAlert }),
    notifyAllowOverride: given.NotifyAllowOverride ?? before.notifyAllowOverride,
    priority: given.Priority ?? before.priority,
    stopPolicyProcessing: given.StopPolicyProcessing ?? before.stopPolicyProcessing,
    isEnabled: given.Disabled === undefined ? before.isEnabled : !given.Disabled,
  }
}

/** What the rule does to mail; nothing where it names no such action (MIP-158). */
const mailEvents = (
  world: SpoWorld,
  rule: DlpRule,
  given: RuleChanges,
  now: number,
): readonly EmittedEvent[] => {
  const before = world.mip.labeling.mailDlpRules.find(({ name }) => name === rule.name)
  const template = given.EncryptRMSTemplate ?? before?.encryptTemplate
  const removesTemplate = given.RemoveRMSTemplate ?? before?.removesTemplate ?? false
  if (template === undefined && !removesTemplate) return []
  const looked = given.ContentContainsSensitiveInformation
  const read = looked === undefined ? undefined : readRuleCondition(world, looked)
  const looksFor = read === undefined || "problem" in read ? before?.condition : read.condition
  if (looksFor === undefined) return []
  return [
    {
      _tag: "MailDlpRuleStored",
      rule: {
        name: rule.name,
        isEnabled: rule.isEnabled,
        condition: looksFor,
        accessScope: rule.accessScope,
        removesTemplate,
        ...(template === undefined ? {} : { encryptTemplate: template }),
      },
      at: now,
    },
  ]
}

const conditionOf = (
  world: SpoWorld,
  given: RuleChanges["ContentContainsSensitiveInformation"],
): Pick<DlpRule, "condition"> => {
  if (given === undefined || !isDetailed(given)) return {}
  const read = readRuleCondition(world, given)
  return "problem" in read ? {} : { condition: read.condition }
}

/** What is wrong with a detailed condition; empty where nothing is. */
const detailDefect = (
  world: SpoWorld,
  given: RuleChanges["ContentContainsSensitiveInformation"],
): string => {
  if (given === undefined || !isDetailed(given)) return ""
  const read = readRuleCondition(world, given)
  return "problem" in read ? `The condition isn't valid: ${read.problem}.` : ""
}

const conditionDefect = (world: SpoWorld, rule: DlpRule): string => {
  const type = rule.infoTypes.find((it) => typeNamed(world, it) === undefined)
  if (type !== undefined) {
    return `The sensitive information type '${type}' is not known. Get-DlpSensitiveInformationType lists those that are.`
  }
  const label = rule.labels.find((it) => labelOf(world, it) === undefined)
  if (label !== undefined) return `The sensitivity label '${label}' was not found.`
  if (!isContentBased(rule)) return "A rule needs a condition on the content."
  const overrides = rule.notifyAllowOverride
  return overrides.includes("WithoutJustification") && overrides.includes("WithJustification")
    ? "WithoutJustification and WithJustification can't be used together."
    : ""
}

const ruleRow = (it: DlpRule) => ({
  Name: it.name,
  ParentPolicyName: it.policy,
  Priority: it.priority,
  Disabled: !it.isEnabled,
  BlockAccess: it.blockAccess,
  BlockAccessScope: it.blockAccessScope,
  AccessScope: it.accessScope,
  StopPolicyProcessing: it.stopPolicyProcessing,
  ContentContainsSensitiveInformation: it.isCatchAll ? [anything] : [...it.infoTypes],
  ContentPropertyContainsWords: it.labels.map((id) => `Label:${id}`),
})

export const newDlpComplianceRule: SpoOperation = operation({
  ...common,
  name: "New-DlpComplianceRule",
  summary: "Adds a rule to a policy of data loss prevention.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Name of the rule" }),
    Policy: Schema.NonEmptyString.annotate({ description: "Name of the policy" }),
    ...ruleFields,
  }),
  binding: { positional: ["Name"] },
  facts: ["SPO-195", "SPO-200", "SPO-201", "SPO-204", "SPO-205"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const { world, now } = call
    const policy = findPolicy(world, given.Policy)
    if (policy === undefined) return { decision: dlpPolicies.known(given.Policy, false) }
    const rule = ruleOf(
      world,
      {
        name: given.Name,
        policy: policy.name,
        priority: dlpRulesOf(world, given.Policy).length,
        isEnabled: true,
        infoTypes: [],
        labels: [],
        isCatchAll: false,
        accessScope: "None",
        blockAccess: false,
        blockAccessScope: "All",
        stopPolicyProcessing: false,
        notifyUser: [],
        notifyAllowOverride: [],
      },
      given,
    )
    const decision = decideByGates<NameFacets>([named, condition], {
      isNameFree: findRule(world, given.Name) === undefined,
      conditionDefect:
        detailDefect(world, given.ContentContainsSensitiveInformation) ||
        conditionDefect(world, rule),
    })
    return decision.outcome === "allow"
      ? {
          decision,
          events: [
            { _tag: "DlpRuleCreated", rule, at: now },
            ...mailEvents(world, rule, given, now),
            ...scansAfter(call, { dlpRules: [...dlpRulesOf(world), rule] }),
          ],
          output: [ruleRow(rule)],
        }
      : { decision }
  },
})

export const setDlpComplianceRule: SpoOperation = operation({
  ...common,
  name: "Set-DlpComplianceRule",
  summary: "Changes a rule of data loss prevention.",
  params: Schema.Struct({ Identity: Schema.NonEmptyString, ...ruleFields }),
  binding: { positional: ["Identity"], pipeline: "Identity" },
  facts: ["SPO-201", "SPO-204", "SPO-205"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const { world, now } = call
    const before = findRule(world, given.Identity)
    if (before === undefined) return { decision: dlpRules.known(given.Identity, false) }
    const rule = ruleOf(world, before, given)
    const decision = decideByGates<NameFacets>([named, condition], {
      isNameFree: true,
      conditionDefect:
        detailDefect(world, given.ContentContainsSensitiveInformation) ||
        conditionDefect(world, rule),
    })
    if (decision.outcome !== "allow") return { decision }
    const changed = dlpRulesOf(world).map((it) => (it.name === rule.name ? rule : it))
    return {
      decision,
      events: [
        { _tag: "DlpRuleChanged", rule, at: now },
        ...mailEvents(world, rule, given, now),
        ...scansAfter(call, { dlpRules: changed }),
      ],
    }
  },
})

export const removeDlpComplianceRule: SpoOperation = operation({
  ...common,
  name: "Remove-DlpComplianceRule",
  summary: "Removes a rule of data loss prevention.",
  params: Schema.Struct({
    Identity: Schema.NonEmptyString,
    Confirm: Schema.optionalKey(Schema.Boolean),
  }),
  binding: { positional: ["Identity"], pipeline: "Identity", switches: ["Confirm"] },
  facts: ["SPO-205"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const { world, now } = call
    const rule = findRule(world, given.Identity)
    const decision = dlpRules.known(given.Identity, rule !== undefined)
    if (rule === undefined) return { decision }
    const left = dlpRulesOf(world).filter((it) => it.name !== rule.name)
    return {
      decision,
      events: [
        { _tag: "DlpRuleRemoved", name: rule.name, at: now },
        { _tag: "MailDlpRuleRemoved", name: rule.name, at: now },
        ...scansAfter(call, { dlpRules: left }),
      ],
    }
  },
})
