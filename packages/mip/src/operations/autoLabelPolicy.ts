import {
  type Call,
  commonSwitches,
  type Due,
  decideByGates,
  gate,
  inForce,
  isoOf,
  notRecognized,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import {
  AutoLabelMode,
  type AutoLabelPolicy,
  simulationMillis,
  simulationStatusOf,
} from "../AutoLabelPolicy.ts"
import { evaluateAutoLabelPolicy } from "../decisions/evaluateAutoLabelPolicy.ts"
import { evaluateKnown } from "../decisions/evaluateKnown.ts"
import { labelOf } from "../labelOf.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import {
  common,
  complianceAudit,
  complianceReaderRoles,
  complianceRoles,
  readable,
  whatIfWarning,
} from "./cmdlet.ts"

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

const identity = Schema.NonEmptyString.annotate({ description: "Name or GUID of the policy" })

export const autoLabelPolicyOf = (world: MipWorld, name: string): AutoLabelPolicy | undefined =>
  world.mip.labeling.policies.find(
    (it) => it.id === name.toLowerCase() || it.name.toLowerCase() === name.trim().toLowerCase(),
  )

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

export const newAutoLabelPolicy = operation({
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
  roles: complianceRoles,
  roleRefusal: notRecognized("New-AutoSensitivityLabelPolicy"),
  facts: ["MIP-143", "MIP-146", "MIP-147"],
  binding: { positional: ["Name"], switches: commonSwitches },
  decide: ({ world, now, draw }: Call<MipWorld>, params): Ruling<MipEvent> => {
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
      audit: [complianceAudit("New-AutoSensitivityLabelPolicy", policy.name, params)],
      warnings: whatIfWarning(params),
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

export const setAutoLabelPolicy = operation({
  name: "Set-AutoSensitivityLabelPolicy",
  summary: "Changes a policy of automatic labelling, or turns it on after a simulation.",
  params: Schema.Struct({
    Identity: identity,
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
  roles: complianceRoles,
  roleRefusal: notRecognized("Set-AutoSensitivityLabelPolicy"),
  facts: ["MIP-146", "MIP-147", "MIP-149"],
  binding: {
    positional: ["Identity"],
    switches: commonSwitches,
    pipeline: "Identity",
  },
  decide: ({ world, now }: Call<MipWorld>, params): Ruling<MipEvent> => {
    const before = autoLabelPolicyOf(world, params.Identity)
    if (before === undefined) return { decision: evaluateKnown("auto-labeling policy", false) }
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
      audit: [complianceAudit("Set-AutoSensitivityLabelPolicy", policy.name, params)],
      warnings: whatIfWarning(params),
    }
  },
})

export const getAutoLabelPolicy = operation({
  name: "Get-AutoSensitivityLabelPolicy",
  summary: "Shows policies of automatic labelling and how far their simulation is.",
  params: Schema.Struct({ Identity: Schema.optionalKey(identity) }),
  roles: complianceReaderRoles,
  roleRefusal: notRecognized("Get-AutoSensitivityLabelPolicy"),
  facts: ["MIP-146"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  isReadOnly: true,
  decide: ({ world }: Call<MipWorld>, { Identity }): Ruling<MipEvent> => {
    const found = Identity === undefined ? undefined : autoLabelPolicyOf(world, Identity)
    const all = world.mip.labeling.policies
    return {
      decision: readable("auto-labeling policies"),
      output: (Identity === undefined ? all : found === undefined ? [] : [found]).map((it) =>
        shown(world, it),
      ),
    }
  },
})

export const removeAutoLabelPolicy = operation({
  name: "Remove-AutoSensitivityLabelPolicy",
  summary: "Takes a policy of automatic labelling away, with its rules; labels stay on content.",
  params: Schema.Struct({ Identity: identity, ...common }),
  roles: complianceRoles,
  roleRefusal: notRecognized("Remove-AutoSensitivityLabelPolicy"),
  facts: ["MIP-143"],
  binding: { positional: ["Identity"], switches: commonSwitches, pipeline: "Identity" },
  decide: ({ world, now }: Call<MipWorld>, params): Ruling<MipEvent> => {
    const policy = autoLabelPolicyOf(world, params.Identity)
    const decision = evaluateKnown("auto-labeling policy", policy !== undefined)
    if (policy === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "AutoLabelPolicyRemoved", id: policy.id, at: now }],
      audit: [complianceAudit("Remove-AutoSensitivityLabelPolicy", policy.name, params)],
      warnings: whatIfWarning(params),
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
