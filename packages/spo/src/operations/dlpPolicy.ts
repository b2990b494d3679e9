import { roles } from "@twin/identity"
import { type Call, decideByGates, deny, gate, minutes, operation, pass } from "@twin/kernel"
import { labelOf } from "@twin/mip"
import { Schema } from "effect"
import { type DlpPolicy, type DlpRule, isContentBased } from "../DlpPolicy.ts"
import { BlockAccessScope } from "../DriveItem.ts"
import { filesToScan, scanMinutes } from "../dlpScan.ts"
import { infoTypeNames } from "../SensitiveInfo.ts"
import type { SpoEvent } from "../SpoEvent.ts"
import { dlpPoliciesOf, dlpRulesOf, type SpoWorld } from "../State.ts"
import { reading } from "./getSpoTenant.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"

const complianceRoles = [
  roles.complianceAdministrator,
  roles.complianceDataAdministrator,
  roles.globalAdministrator,
] as const

const mode = Schema.Literals([
  "Enable",
  "TestWithNotifications",
  "TestWithoutNotifications",
  "Disable",
]).annotate({ description: "Enable acts, the tests only match" })

const locations = {
  SharePointLocation: Schema.optionalKey(
    Schema.Array(Schema.String).annotate({ description: "All, or addresses of sites" }),
  ),
  OneDriveLocation: Schema.optionalKey(
    Schema.Array(Schema.String).annotate({ description: "All, or addresses of OneDrives" }),
  ),
}

interface NameFacets {
  readonly isNameFree: boolean
  readonly isPolicyKnown: boolean
  readonly conditionDefect: string
}

const named = gate<NameFacets>()({
  name: "policy-name",
  facts: ["SPO-200"],
  reads: ["isNameFree", "isPolicyKnown"],
  check: ({ isNameFree, isPolicyKnown }) => {
    if (!isPolicyKnown) {
      return deny(
        "There is no such policy or rule.",
        {},
        { message: "The object couldn't be found." },
      )
    }
    return isNameFree
      ? pass("The name can be used.")
      : deny("The name is taken.", {}, { message: "An object with this name already exists." })
  },
})

const condition = gate<NameFacets>()({
  name: "rule-conditions",
  facts: ["SPO-200", "SPO-205"],
  reads: ["conditionDefect"],
  check: ({ conditionDefect }) =>
    conditionDefect === ""
      ? pass("The twin can evaluate the conditions.")
      : deny("The conditions of the rule cannot be evaluated.", {}, { message: conditionDefect }),
})

/** A changed policy makes the service look at the files again (SPO-195, SPO-205). */
const scansAfter = (call: Call<SpoWorld>, spo: Partial<SpoWorld["spo"]>): readonly SpoEvent[] => {
  const { world, now } = call
  const itemIds = filesToScan({ ...world, spo: { ...world.spo, ...spo } })
  return itemIds.length === 0
    ? []
    : [{ _tag: "ScansScheduled", itemIds, dueAt: now + minutes(scanMinutes), at: now }]
}

const common = { roles: complianceRoles } as const
const findPolicy = (world: SpoWorld, name: string): DlpPolicy | undefined =>
  dlpPoliciesOf(world).find((it) => it.name.toLowerCase() === name.toLowerCase())
const findRule = (world: SpoWorld, name: string): DlpRule | undefined =>
  dlpRulesOf(world).find((it) => it.name.toLowerCase() === name.toLowerCase())

const policyRow = (it: DlpPolicy) => ({
  Name: it.name,
  Mode: it.mode,
  SharePointLocation: [...it.sharePointLocation],
  OneDriveLocation: [...it.oneDriveLocation],
  Priority: it.priority,
})

export const newDlpCompliancePolicy: SpoOperation = operation({
  ...common,
  name: "New-DlpCompliancePolicy",
  summary: "Creates a policy of data loss prevention for stored files.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Name of the policy" }),
    ...locations,
    Mode: Schema.optionalKey(mode),
    Priority: Schema.optionalKey(Schema.Int),
    Comment: Schema.optionalKey(Schema.String),
  }),
  binding: { positional: ["Name"] },
  facts: ["SPO-191", "SPO-195", "SPO-200"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const decision = decideByGates([named], {
      isPolicyKnown: true,
      isNameFree: findPolicy(call.world, given.Name) === undefined,
    })
    if (decision.outcome !== "allow") return { decision }
    const policy: DlpPolicy = {
      name: given.Name,
      mode: given.Mode ?? "Enable",
      sharePointLocation: given.SharePointLocation ?? [],
      oneDriveLocation: given.OneDriveLocation ?? [],
      priority: given.Priority ?? dlpPoliciesOf(call.world).length,
      createdAt: call.now,
    }
    return {
      decision,
      events: [{ _tag: "DlpPolicyCreated", policy }],
      output: [policyRow(policy)],
    }
  },
})

export const setDlpCompliancePolicy: SpoOperation = operation({
  ...common,
  name: "Set-DlpCompliancePolicy",
  summary: "Changes a policy of data loss prevention.",
  params: Schema.Struct({
    Identity: Schema.NonEmptyString,
    Mode: Schema.optionalKey(mode),
    Priority: Schema.optionalKey(Schema.Int),
  }),
  binding: { positional: ["Identity"], pipeline: "Identity" },
  facts: ["SPO-195", "SPO-205"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const { world, now } = call
    const before = findPolicy(world, given.Identity)
    const decision = decideByGates([named], {
      isPolicyKnown: before !== undefined,
      isNameFree: true,
    })
    if (before === undefined) return { decision }
    const policy = {
      ...before,
      mode: given.Mode ?? before.mode,
      priority: given.Priority ?? before.priority,
    }
    const dlpPolicies = dlpPoliciesOf(world).map((it) => (it.name === policy.name ? policy : it))
    return {
      decision,
      events: [{ _tag: "DlpPolicyChanged", policy, at: now }, ...scansAfter(call, { dlpPolicies })],
    }
  },
})

export const removeDlpCompliancePolicy: SpoOperation = operation({
  ...common,
  name: "Remove-DlpCompliancePolicy",
  summary: "Removes a policy of data loss prevention with its rules.",
  params: Schema.Struct({
    Identity: Schema.NonEmptyString,
    Confirm: Schema.optionalKey(Schema.Boolean),
  }),
  binding: { positional: ["Identity"], pipeline: "Identity", switches: ["Confirm"] },
  facts: ["SPO-205"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const { world, now } = call
    const policy = findPolicy(world, given.Identity)
    const decision = decideByGates([named], {
      isPolicyKnown: policy !== undefined,
      isNameFree: true,
    })
    if (policy === undefined) return { decision }
    return {
      decision,
      events: [
        { _tag: "DlpPolicyRemoved", name: policy.name, at: now },
        ...scansAfter(call, {
          dlpPolicies: dlpPoliciesOf(world).filter((it) => it.name !== policy.name),
        }),
      ],
    }
  },
})

export const getDlpCompliancePolicy: SpoOperation = operation({
  ...common,
  name: "Get-DlpCompliancePolicy",
  summary: "Shows policies of data loss prevention.",
  params: Schema.Struct({ Identity: Schema.optionalKey(Schema.NonEmptyString) }),
  binding: { positional: ["Identity"] },
  facts: ["SPO-200"],
  isReadOnly: true,
  decide: ({ world }: Call<SpoWorld>, given): SpoRuling => ({
    decision: reading,
    output: dlpPoliciesOf(world)
      .filter((it) => given.Identity === undefined || findPolicy(world, given.Identity) === it)
      .toSorted((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1))
      .map(policyRow),
  }),
})

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
  NotifyUser: Schema.optionalKey(Schema.Array(Schema.String)),
  NotifyAllowOverride: Schema.optionalKey(
    Schema.Array(Schema.Literals(["FalsePositive", "WithoutJustification", "WithJustification"])),
  ),
  Priority: Schema.optionalKey(Schema.Int),
  StopPolicyProcessing: Schema.optionalKey(Schema.Boolean),
  Disabled: Schema.optionalKey(Schema.Boolean),
} as const
const RuleChanges = Schema.Struct(ruleFields)
type RuleChanges = typeof RuleChanges.Type

const infoNames = (
  given: RuleChanges["ContentContainsSensitiveInformation"],
): readonly string[] => {
  if (given === undefined) return []
  const tables: readonly Readonly<Record<string, Schema.Json>>[] = Array.isArray(given)
    ? (given as readonly Readonly<Record<string, Schema.Json>>[])
    : [given as Readonly<Record<string, Schema.Json>>]
  return tables.flatMap((table) =>
    Object.entries(table)
      .filter(([key]) => key.toLowerCase() === "name")
      .map(([, value]) => String(value)),
  )
}

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
          infoTypes: names.filter((it) => it !== anything),
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
    notifyAllowOverride: given.NotifyAllowOverride ?? before.notifyAllowOverride,
    priority: given.Priority ?? before.priority,
    stopPolicyProcessing: given.StopPolicyProcessing ?? before.stopPolicyProcessing,
    isEnabled: given.Disabled === undefined ? before.isEnabled : !given.Disabled,
  }
}

const conditionDefect = (world: SpoWorld, rule: DlpRule): string => {
  const type = rule.infoTypes.find((it) => !infoTypeNames.includes(it))
  if (type !== undefined) {
    return `The sensitive information type '${type}' is not known. The twin knows: ${infoTypeNames.join(", ")}.`
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
    const rule = ruleOf(
      world,
      {
        name: given.Name,
        policy: policy?.name ?? given.Policy,
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
      isPolicyKnown: policy !== undefined,
      isNameFree: findRule(world, given.Name) === undefined,
      conditionDefect: conditionDefect(world, rule),
    })
    return decision.outcome === "allow"
      ? {
          decision,
          events: [
            { _tag: "DlpRuleCreated", rule, at: now },
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
    const rule = before === undefined ? undefined : ruleOf(world, before, given)
    const decision = decideByGates<NameFacets>([named, condition], {
      isPolicyKnown: rule !== undefined,
      isNameFree: true,
      conditionDefect: rule === undefined ? "" : conditionDefect(world, rule),
    })
    if (decision.outcome !== "allow" || rule === undefined) return { decision }
    const dlpRules = dlpRulesOf(world).map((it) => (it.name === rule.name ? rule : it))
    return {
      decision,
      events: [{ _tag: "DlpRuleChanged", rule, at: now }, ...scansAfter(call, { dlpRules })],
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
    const decision = decideByGates([named], { isPolicyKnown: rule !== undefined, isNameFree: true })
    if (rule === undefined) return { decision }
    const dlpRules = dlpRulesOf(world).filter((it) => it.name !== rule.name)
    return {
      decision,
      events: [
        { _tag: "DlpRuleRemoved", name: rule.name, at: now },
        ...scansAfter(call, { dlpRules }),
      ],
    }
  },
})
