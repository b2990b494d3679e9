import {
  type Due,
  decideByGates,
  gate,
  inForce,
  isoOf,
  type OutputObject,
  pass,
  policyNotFound,
} from "@twin/kernel"
import { Schema } from "effect"
import {
  AutoLabelMode,
  type AutoLabelPolicy,
  simulationMillis,
  simulationStatusOf,
} from "../AutoLabelPolicy.ts"
import { evaluateAutoLabelPolicy } from "../decisions/evaluateAutoLabelPolicy.ts"
import { labelOf } from "../labelOf.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import { common } from "./cmdlet.ts"
import { complianceCmdlet, complianceKind } from "./complianceCmdlet.ts"

const list = (description: string) =>
  Schema.optionalKey(Schema.Array(Schema.NonEmptyString).annotate({ description }))

const shared = {
  Comment: Schema.optionalKey(Schema.String.annotate({ description: "Note of the administrator" })),
  Mode: Schema.optionalKey(
    AutoLabelMode.annotate({ description: "Enable unless given; Test... runs a simulation" }),
  ),
  OverwriteLabel: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Mail: replaces other labels too; off unless given" }),
  ),
  ExternalMailRightsManagementOwner: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Owns the protection of mail from outside" }),
  ),
} as const

export const autoLabelPolicyOf = (world: MipWorld, name: string): AutoLabelPolicy | undefined =>
  world.mip.labeling.policies.find(
    (it) => it.id === name.toLowerCase() || it.name.toLowerCase() === name.trim().toLowerCase(),
  )

/** Policies of automatic labelling, as cmdlets name them. */
export const autoLabelPolicies = complianceKind({
  noun: "AutoSensitivityLabelPolicy",
  objects: "auto-labeling policies",
  identity: "Name or GUID of the policy",
  facts: ["MIP-146"],
  notFound: policyNotFound,
  find: autoLabelPolicyOf,
})

/** A simulation begins with the mode, and with a change of what is looked for where. */
const withSimulation = (policy: AutoLabelPolicy, now: number, isAnew: boolean): AutoLabelPolicy => {
  const { simulationStartedAt, simulationEndsAt, ...rest } = policy
  if (!policy.mode.startsWith("Test")) return rest
  const isRunning = simulationStartedAt !== undefined && simulationEndsAt !== undefined
  if (!isAnew && (isRunning || policy.simulatedAt !== undefined)) return policy
  return {
    ...rest,
    simulationStartedAt: now,
    simulationEndsAt: now + inForce(simulationMillis, now),
  }
}

export const newAutoLabelPolicy = complianceCmdlet({
  name: "New-AutoSensitivityLabelPolicy",
  summary: "Makes a policy by which services label files at rest and mail in transit.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Unique, up to 64 characters" }),
    ApplySensitivityLabel: Schema.NonEmptyString.annotate({
      description: "The label, by name or GUID",
    }),
    ExchangeLocation: list("All, or people and groups"),
    SharePointLocation: list("All, or addresses of sites"),
    OneDriveLocation: list("All, or addresses of accounts"),
    ...shared,
    ...common,
  }),
  facts: ["MIP-143", "MIP-146", "MIP-147"],
  binding: { positional: ["Name"] },
  decide: ({ world, now, draw }, params) => {
    const policy: AutoLabelPolicy = {
      id: draw.guid("auto label policy"),
      name: params.Name.trim(),
      comment: params.Comment ?? "",
      labelId: labelOf(world, params.ApplySensitivityLabel)?.id ?? params.ApplySensitivityLabel,
      mode: params.Mode ?? "Enable",
      exchangeLocation: params.ExchangeLocation ?? [],
      sharePointLocation: params.SharePointLocation ?? [],
      oneDriveLocation: params.OneDriveLocation ?? [],
      overwriteLabel: params.OverwriteLabel ?? false,
      ...(params.ExternalMailRightsManagementOwner === undefined
        ? {}
        : { externalMailRightsManagementOwner: params.ExternalMailRightsManagementOwner }),
      createdAt: now,
      changedAt: now,
    }
    const decision = evaluateAutoLabelPolicy({
      world,
      before: undefined,
      after: policy,
      isNew: true,
      now,
    })
    if (decision.outcome !== "allow") return { decision }
    const stored = withSimulation(policy, now, true)
    return {
      decision,
      events: [{ _tag: "AutoLabelPolicyStored", policy: stored, at: now }],
      output: [shown(world, stored)],
      changed: policy.name,
    }
  },
})

const changed = (
  before: readonly string[],
  added: readonly string[] = [],
  removed: readonly string[] = [],
): readonly string[] => {
  const gone = new Set(removed.map((it) => it.toLowerCase()))
  return [...new Set([...before.filter((it) => !gone.has(it.toLowerCase())), ...added])]
}

export const setAutoLabelPolicy = complianceCmdlet({
  name: "Set-AutoSensitivityLabelPolicy",
  summary: "Changes a policy of automatic labelling, or turns it on after a simulation.",
  params: Schema.Struct({
    Identity: autoLabelPolicies.identity,
    ApplySensitivityLabel: Schema.optionalKey(Schema.NonEmptyString),
    AddExchangeLocation: list("People and groups to add"),
    RemoveExchangeLocation: list("People and groups to leave out"),
    AddSharePointLocation: list("Sites to add"),
    RemoveSharePointLocation: list("Sites to leave out"),
    AddOneDriveLocation: list("Accounts to add"),
    RemoveOneDriveLocation: list("Accounts to leave out"),
    StartSimulation: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Runs the simulation again" }),
    ),
    ...shared,
    ...common,
  }),
  facts: ["MIP-146", "MIP-147", "MIP-149"],
  binding: {
    positional: ["Identity"],
    pipeline: "Identity",
  },
  decide: ({ world, now }, params) => {
    const before = autoLabelPolicyOf(world, params.Identity)
    if (before === undefined) return { decision: autoLabelPolicies.known(params.Identity, false) }
    const labelId =
      params.ApplySensitivityLabel === undefined
        ? before.labelId
        : (labelOf(world, params.ApplySensitivityLabel)?.id ?? params.ApplySensitivityLabel)
    const owner =
      params.ExternalMailRightsManagementOwner ?? before.externalMailRightsManagementOwner
    const after: AutoLabelPolicy = {
      ...before,
      labelId,
      comment: params.Comment ?? before.comment,
      mode:
        params.StartSimulation === true ? "TestWithoutNotifications" : (params.Mode ?? before.mode),
      overwriteLabel: params.OverwriteLabel ?? before.overwriteLabel,
      exchangeLocation: changed(
        before.exchangeLocation,
        params.AddExchangeLocation,
        params.RemoveExchangeLocation,
      ),
      sharePointLocation: changed(
        before.sharePointLocation,
        params.AddSharePointLocation,
        params.RemoveSharePointLocation,
      ),
      oneDriveLocation: changed(
        before.oneDriveLocation,
        params.AddOneDriveLocation,
        params.RemoveOneDriveLocation,
      ),
      ...(owner === undefined ? {} : { externalMailRightsManagementOwner: owner }),
      changedAt: now,
    }
    const decision = evaluateAutoLabelPolicy({ world, before, after, isNew: false, now })
    if (decision.outcome !== "allow") return { decision }
    const policy = withSimulation(after, now, params.StartSimulation === true)
    return {
      decision,
      events: [{ _tag: "AutoLabelPolicyStored", policy, at: now }],
      changed: policy.name,
    }
  },
})

const shown = (world: MipWorld, policy: AutoLabelPolicy): OutputObject => ({
  Name: policy.name,
  Guid: policy.id,
  Comment: policy.comment,
  ApplySensitivityLabel: labelOf(world, policy.labelId)?.name ?? policy.labelId,
  Mode: policy.mode,
  SimulationStatus: simulationStatusOf(policy),
  SimulationEndsUTC: policy.simulationEndsAt === undefined ? null : isoOf(policy.simulationEndsAt),
  ExchangeLocation: policy.exchangeLocation,
  SharePointLocation: policy.sharePointLocation,
  OneDriveLocation: policy.oneDriveLocation,
  OverwriteLabel: policy.overwriteLabel,
  ExternalMailRightsManagementOwner: policy.externalMailRightsManagementOwner ?? null,
  WhenCreatedUTC: isoOf(policy.createdAt),
  WhenChangedUTC: isoOf(policy.changedAt),
})

export const getAutoLabelPolicy = autoLabelPolicies.showing({
  summary: "Shows policies of automatic labelling and how far their simulation is.",
  all: (world) => world.mip.labeling.policies,
  shown,
})

export const removeAutoLabelPolicy = autoLabelPolicies.removing({
  summary: "Takes a policy of automatic labelling away, with its rules; labels stay on content.",
  facts: ["MIP-143"],
  nameOf: ({ name }) => name,
  removed: ({ id }, now) => ({ _tag: "AutoLabelPolicyRemoved", id, at: now }),
})

const completed = gate<{ readonly policy: string }>()({
  name: "auto-label-simulation-complete",
  facts: ["MIP-146"],
  reads: ["policy"],
  check: ({ policy }) => pass("The simulation has looked at everything there is.", { policy }),
})

/** Simulations that have ended by a moment. */
export const dueSimulations = (world: MipWorld, until: number): readonly Due<MipEvent>[] =>
  world.mip.labeling.policies.flatMap(({ id, name, simulationEndsAt: at }) =>
    at === undefined || at > until
      ? []
      : [
          {
            at,
            name: "auto-label-simulation-complete",
            decision: decideByGates([completed], { policy: name }),
            events: [{ _tag: "AutoLabelSimulationCompleted" as const, id, at }],
          },
        ],
  )
