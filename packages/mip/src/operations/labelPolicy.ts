import {
  type Call,
  commonSwitches,
  isoOf,
  notRecognized,
  type OutputObject,
  operation,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import {
  evaluateLabelPolicyChange,
  evaluateLabelPolicyRemoval,
} from "../decisions/evaluateLabelPolicyChange.ts"
import { type LabelPolicy, makeLabelPolicy } from "../LabelPolicy.ts"
import { labelOf } from "../labelOf.ts"
import { policySettingKinds, unknownSettings } from "../labelSettings.ts"
import type { MipEvent } from "../MipEvent.ts"
import { labelPolicyOf, policiesOf } from "../publishedLabels.ts"
import type { MipWorld } from "../State.ts"
import {
  AdvancedSettings,
  common,
  complianceAudit,
  complianceReaderRoles,
  complianceRoles,
  printedSettings,
  readable,
  whatIfWarning,
  withSettings,
} from "./cmdlet.ts"

type MipRuling = Ruling<MipEvent>

const identity = Schema.NonEmptyString.annotate({ description: "Name or GUID of the policy" })

const list = (description: string) =>
  Schema.optionalKey(Schema.Array(Schema.NonEmptyString).annotate({ description }))

const settingsParams = {
  AdvancedSettings: Schema.optionalKey(
    AdvancedSettings.annotate({ description: "Settings by name, e.g. @{mandatory='True'}" }),
  ),
  Comment: Schema.optionalKey(Schema.String.annotate({ description: "Note of the administrator" })),
}

const policyFacts = ["MIP-128", "MIP-129", "MIP-130", "MIP-131"] as const

/** GUIDs of the labels that are there, and the names of those that are not. */
const lookUp = (world: MipWorld, names: readonly string[]) => ({
  labels: names.flatMap((name) => labelOf(world, name)?.id ?? []),
  unknownLabels: names.filter((name) => labelOf(world, name) === undefined),
})

/** Settings that name a label keep its GUID, whatever was typed. */
const withLabelIds = (
  world: MipWorld,
  settings: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      policySettingKinds[key] === "label" ? (labelOf(world, value)?.id ?? value) : value,
    ]),
  )

const settingWarning = (params: {
  readonly AdvancedSettings?: AdvancedSettings
}): readonly string[] => {
  const unknown = unknownSettings(params.AdvancedSettings ?? {}, policySettingKinds)
  return unknown.length === 0 ? [] : [`Nothing reads these settings: ${unknown.join(", ")}.`]
}

export const newLabelPolicy = operation({
  name: "New-LabelPolicy",
  summary: "Publishes labels to people; the new policy has the highest priority.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Unique, up to 64 characters" }),
    Labels: Schema.Array(Schema.NonEmptyString).annotate({ description: "Labels to publish" }),
    ExchangeLocation: list("All, or people and groups by address"),
    ModernGroupLocation: list("Microsoft 365 groups by address"),
    ...settingsParams,
    ...common,
  }),
  roles: complianceRoles,
  roleRefusal: notRecognized("New-LabelPolicy"),
  facts: policyFacts,
  binding: { positional: ["Name"], switches: commonSwitches },
  decide: ({ world, now, draw }: Call<MipWorld>, params): MipRuling => {
    const { Labels, ExchangeLocation, ModernGroupLocation } = params
    const { labels, unknownLabels } = lookUp(world, Labels)
    const policy = makeLabelPolicy({
      id: draw.guid("label policy"),
      name: params.Name.trim(),
      labels,
      exchangeLocation: ExchangeLocation ?? [],
      modernGroupLocation: ModernGroupLocation ?? [],
      comment: params.Comment ?? "",
      settings: withLabelIds(world, withSettings({}, params.AdvancedSettings)),
      createdAt: now,
      changedAt: now,
    })
    const decision = evaluateLabelPolicyChange({
      world,
      before: undefined,
      after: policy,
      isNew: true,
      unknownLabels,
      unknownNeighbour: "",
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "LabelPolicyCreated", policy }],
      output: [shown(world, policy, policiesOf(world).length)],
      audit: [complianceAudit("New-LabelPolicy", policy.name, params)],
      warnings: [...whatIfWarning(params), ...settingWarning(params)],
    }
  },
})

export const setLabelPolicy = operation({
  name: "Set-LabelPolicy",
  summary: "Changes a label policy: labels, people, settings, place in the order.",
  params: Schema.Struct({
    Identity: identity,
    AddLabels: list("Labels to publish as well"),
    RemoveLabels: list("Labels to publish no more; content keeps them"),
    AddExchangeLocation: list("People and groups to add"),
    RemoveExchangeLocation: list("People and groups to leave out"),
    AddModernGroupLocation: list("Microsoft 365 groups to add"),
    RemoveModernGroupLocation: list("Microsoft 365 groups to leave out"),
    NextLabelPolicy: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "The policy to stand directly before" }),
    ),
    PreviousLabelPolicy: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "The policy to stand directly after" }),
    ),
    RetryDistribution: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Distributes the policy again" }),
    ),
    ...settingsParams,
    ...common,
  }),
  roles: complianceRoles,
  roleRefusal: notRecognized("Set-LabelPolicy"),
  facts: [...policyFacts, "MIP-102"],
  binding: {
    positional: ["Identity"],
    switches: ["RetryDistribution", ...commonSwitches],
    pipeline: "Identity",
  },
  decide: ({ world, now }: Call<MipWorld>, params): MipRuling => {
    const before = labelPolicyOf(world, params.Identity)
    const start =
      before ?? makeLabelPolicy({ id: params.Identity, name: params.Identity, labels: [] })
    const added = lookUp(world, params.AddLabels ?? [])
    const removed = lookUp(world, params.RemoveLabels ?? [])
    const policy: LabelPolicy = {
      ...start,
      labels: changed(start.labels, added.labels, removed.labels),
      exchangeLocation: changed(
        start.exchangeLocation,
        params.AddExchangeLocation,
        params.RemoveExchangeLocation,
      ),
      modernGroupLocation: changed(
        start.modernGroupLocation,
        params.AddModernGroupLocation,
        params.RemoveModernGroupLocation,
      ),
      comment: params.Comment ?? start.comment,
      settings: withLabelIds(world, withSettings(start.settings, params.AdvancedSettings)),
      changedAt: now,
    }
    const neighbour = params.NextLabelPolicy ?? params.PreviousLabelPolicy
    const isNeighbourKnown =
      neighbour === undefined || labelPolicyOf(world, neighbour) !== undefined
    const decision = evaluateLabelPolicyChange({
      world,
      before,
      after: policy,
      isNew: false,
      unknownLabels: [...added.unknownLabels, ...removed.unknownLabels],
      unknownNeighbour: isNeighbourKnown ? "" : neighbour,
    })
    if (decision.outcome !== "allow") return { decision }
    const position = placeFor(world, policy, params)
    return {
      decision,
      events: [
        { _tag: "LabelPolicyChanged", policy },
        ...(position === undefined
          ? []
          : [{ _tag: "LabelPolicyMoved" as const, name: policy.name, position, at: now }]),
      ],
      audit: [complianceAudit("Set-LabelPolicy", policy.name, params)],
      warnings: [...whatIfWarning(params), ...settingWarning(params)],
    }
  },
})

/** Adding to `All` changes nothing: it has everybody already. */
const changed = (
  before: readonly string[],
  added: readonly string[] = [],
  removed: readonly string[] = [],
): readonly string[] => {
  const gone = new Set(removed.map((it) => it.toLowerCase()))
  const kept = before.filter((it) => !gone.has(it.toLowerCase()))
  const known = new Set(kept.map((it) => it.toLowerCase()))
  return [...kept, ...added.filter((it) => !known.has(it.toLowerCase()))]
}

const placeFor = (
  world: MipWorld,
  policy: LabelPolicy,
  {
    NextLabelPolicy: next,
    PreviousLabelPolicy: previous,
  }: { readonly NextLabelPolicy?: string; readonly PreviousLabelPolicy?: string },
): number | undefined => {
  const others = policiesOf(world).filter(({ name }) => name !== policy.name)
  const indexOf = (name: string): number =>
    others.findIndex(({ id }) => id === labelPolicyOf(world, name)?.id)
  if (next !== undefined) return Math.max(0, indexOf(next))
  return previous === undefined ? undefined : indexOf(previous) + 1
}

export const getLabelPolicy = operation({
  name: "Get-LabelPolicy",
  summary: "Shows label policies, lowest priority first.",
  params: Schema.Struct({ Identity: Schema.optionalKey(identity) }),
  roles: complianceReaderRoles,
  roleRefusal: notRecognized("Get-LabelPolicy"),
  facts: ["MIP-128", "MIP-129"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  isReadOnly: true,
  decide: ({ world }: Call<MipWorld>, { Identity }): MipRuling => {
    const wanted = Identity === undefined ? undefined : labelPolicyOf(world, Identity)
    const policies = policiesOf(world)
    return {
      decision: readable("label policies"),
      output: (Identity === undefined ? policies : wanted === undefined ? [] : [wanted]).map((it) =>
        shown(
          world,
          it,
          policies.findIndex(({ id }) => id === it.id),
        ),
      ),
    }
  },
})

export const removeLabelPolicy = operation({
  name: "Remove-LabelPolicy",
  summary: "Removes a label policy; content keeps its labels.",
  params: Schema.Struct({ Identity: identity, ...common }),
  roles: complianceRoles,
  roleRefusal: notRecognized("Remove-LabelPolicy"),
  facts: ["MIP-102", "MIP-128"],
  binding: { positional: ["Identity"], switches: commonSwitches, pipeline: "Identity" },
  decide: ({ world, now }: Call<MipWorld>, params): MipRuling => {
    const before = labelPolicyOf(world, params.Identity)
    const decision = evaluateLabelPolicyRemoval(before)
    if (before === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "LabelPolicyRemoved", name: before.name, at: now }],
      audit: [complianceAudit("Remove-LabelPolicy", before.name, params)],
      warnings: whatIfWarning(params),
    }
  },
})

/** A policy the way `Get-LabelPolicy` prints it. */
const shown = (world: MipWorld, policy: LabelPolicy, priority: number): OutputObject => ({
  Name: policy.name,
  Guid: policy.id,
  ImmutableId: policy.id,
  Type: "PublishedSensitivityLabel",
  Priority: priority,
  Labels: policy.labels.map((id) => labelOf(world, id)?.name ?? id),
  ExchangeLocation: policy.exchangeLocation,
  ModernGroupLocation: policy.modernGroupLocation,
  Settings: printedSettings(policy.settings),
  Comment: policy.comment,
  Enabled: true,
  Mode: "Enforce",
  DistributionStatus: "Success",
  WhenCreatedUTC: isoOf(policy.createdAt),
  WhenChangedUTC: isoOf(policy.changedAt),
})
