import { isoOf, type OutputObject, policyNotFound } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateLabelPolicyChange } from "../decisions/evaluateLabelPolicyChange.ts"
import { type LabelPolicy, makeLabelPolicy } from "../LabelPolicy.ts"
import { labelOf } from "../labelOf.ts"
import { policySettingKinds, unknownSettings } from "../labelSettings.ts"
import { labelPolicyOf, policiesOf } from "../publishedLabels.ts"
import type { MipWorld } from "../State.ts"
import { AdvancedSettings, common, printedSettings, withSettings } from "./cmdlet.ts"
import { complianceCmdlet, complianceKind } from "./complianceCmdlet.ts"

const labelPolicies = complianceKind({
  noun: "LabelPolicy",
  objects: "label policies",
  identity: "Name or GUID of the policy",
  facts: ["MIP-128", "MIP-129"],
  notFound: policyNotFound,
  find: labelPolicyOf,
})

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

export const newLabelPolicy = complianceCmdlet({
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
  facts: policyFacts,
  binding: { positional: ["Name"] },
  decide: ({ world, now, draw }, params) => {
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
      changed: policy.name,
      warnings: settingWarning(params),
    }
  },
})

export const setLabelPolicy = complianceCmdlet({
  name: "Set-LabelPolicy",
  summary: "Changes a label policy: labels, people, settings, place in the order.",
  params: Schema.Struct({
    Identity: labelPolicies.identity,
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
  facts: [...policyFacts, "MIP-102"],
  binding: {
    positional: ["Identity"],
    switches: ["RetryDistribution"],
    pipeline: "Identity",
  },
  decide: ({ world, now }, params) => {
    const before = labelPolicyOf(world, params.Identity)
    if (before === undefined) return { decision: labelPolicies.known(params.Identity, false) }
    const added = lookUp(world, params.AddLabels ?? [])
    const removed = lookUp(world, params.RemoveLabels ?? [])
    const policy: LabelPolicy = {
      ...before,
      labels: changed(before.labels, added.labels, removed.labels),
      exchangeLocation: changed(
        before.exchangeLocation,
        params.AddExchangeLocation,
        params.RemoveExchangeLocation,
      ),
      modernGroupLocation: changed(
        before.modernGroupLocation,
        params.AddModernGroupLocation,
        params.RemoveModernGroupLocation,
      ),
      comment: params.Comment ?? before.comment,
      settings: withLabelIds(world, withSettings(before.settings, params.AdvancedSettings)),
      changedAt: now,
    }
    const neighbour = params.NextLabelPolicy ?? params.PreviousLabelPolicy
    const isNeighbourKnown =
      neighbour === undefined || labelPolicyOf(world, neighbour) !== undefined
    const decision = evaluateLabelPolicyChange({
      world,
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
      changed: policy.name,
      warnings: settingWarning(params),
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

export const getLabelPolicy = labelPolicies.showing({
  summary: "Shows label policies, lowest priority first.",
  all: policiesOf,
  shown: (world, it) =>
    shown(
      world,
      it,
      policiesOf(world).findIndex(({ id }) => id === it.id),
    ),
})

export const removeLabelPolicy = labelPolicies.removing({
  summary: "Removes a label policy; content keeps its labels.",
  facts: ["MIP-102", "MIP-128"],
  nameOf: ({ name }) => name,
  removed: ({ name }, now) => ({ _tag: "LabelPolicyRemoved", name, at: now }),
})
