import { type Dated, hours } from "@twin/kernel"
import { Schema } from "effect"
import { ContentCondition } from "./classification/ContentCondition.ts"

export const AutoLabelMode = Schema.Literals([
  "Enable",
  "Disable",
  "TestWithNotifications",
  "TestWithoutNotifications",
])
export type AutoLabelMode = typeof AutoLabelMode.Type

/** Where a rule looks. */
export const AutoLabelWorkload = Schema.Literals(["Exchange", "SharePoint", "OneDriveForBusiness"])
export type AutoLabelWorkload = typeof AutoLabelWorkload.Type

/** A policy by which the service labels files at rest and mail in transit (MIP-143). */
export const AutoLabelPolicy = Schema.Struct({
  id: Schema.NonEmptyString,
  name: Schema.NonEmptyString,
  comment: Schema.String,
  /** GUID of the label that it puts on. */
  labelId: Schema.NonEmptyString,
  mode: AutoLabelMode,
  /** `All`, or people and groups; `All`, or sites; `All`, or accounts. */
  exchangeLocation: Schema.Array(Schema.String),
  sharePointLocation: Schema.Array(Schema.String),
  oneDriveLocation: Schema.Array(Schema.String),
  /** Mail: replaces labels also where it otherwise would not (MIP-149). */
  overwriteLabel: Schema.Boolean,
  /** Owns the protection of mail that comes from outside (MIP-148). */
  externalMailRightsManagementOwner: Schema.optionalKey(Schema.String),
  /** Running since then; absent where none has begun. */
  simulationStartedAt: Schema.optionalKey(Schema.Finite),
  simulationEndsAt: Schema.optionalKey(Schema.Finite),
  /** Every condition that was run to the end counts once: turning on needs it (MIP-146). */
  simulatedAt: Schema.optionalKey(Schema.Finite),
  createdAt: Schema.Finite,
  changedAt: Schema.Finite,
})
export type AutoLabelPolicy = typeof AutoLabelPolicy.Type

/** What a policy looks for, in one workload. */
export const AutoLabelRule = Schema.Struct({
  name: Schema.NonEmptyString,
  policy: Schema.NonEmptyString,
  workload: AutoLabelWorkload,
  isEnabled: Schema.Boolean,
  condition: ContentCondition,
  /** Content that meets this is left out. */
  exception: Schema.optionalKey(ContentCondition),
  accessScope: Schema.Literals(["InOrganization", "NotInOrganization", "None"]),
  createdAt: Schema.Finite,
})
export type AutoLabelRule = typeof AutoLabelRule.Type

/** Files that a service labelled on a day. */
export const LabelledCount = Schema.Struct({ day: Schema.String, files: Schema.Int })
export type LabelledCount = typeof LabelledCount.Type

/** Policies, locations and files of one tenant (MIP-147). */
export interface AutoLabelLimits {
  readonly policies: number
  readonly locationsPerPolicy: number
  readonly filesPerDay: number
}

/** 2021 and 2022 documents, then the newer numbers; a tenant can be given others. */
export const autoLabelLimits: Dated<AutoLabelLimits> = {
  before: { policies: 10, locationsPerPolicy: 10, filesPerDay: 25_000 },
  changes: [
    {
      from: "2023-01-01",
      value: { policies: 100, locationsPerPolicy: 100, filesPerDay: 100_000 },
    },
  ],
}

/** How long a simulation runs (MIP-146): the text of 2021 said up to 48 hours. */
export const simulationMillis: Dated<number> = {
  before: hours(48),
  changes: [{ from: "2022-06-01", value: hours(12) }],
}

/** The workloads that a policy names places of. */
export const workloadsOf = (policy: AutoLabelPolicy): readonly AutoLabelWorkload[] => [
  ...(policy.exchangeLocation.length > 0 ? (["Exchange"] as const) : []),
  ...(policy.sharePointLocation.length > 0 ? (["SharePoint"] as const) : []),
  ...(policy.oneDriveLocation.length > 0 ? (["OneDriveForBusiness"] as const) : []),
]

/** What `Get-AutoSensitivityLabelPolicy` says about the simulation. */
export const simulationStatusOf = (
  policy: AutoLabelPolicy,
): "NotStarted" | "InProgress" | "Complete" =>
  policy.simulationEndsAt !== undefined
    ? "InProgress"
    : policy.simulatedAt === undefined
      ? "NotStarted"
      : "Complete"
