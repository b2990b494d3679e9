import {
  type Call,
  decideByGates,
  gate,
  notRecognized,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import type { MipEvent } from "../MipEvent.ts"
import { replicationHours } from "../replication.ts"
import type { MipWorld } from "../State.ts"
import { complianceAudit, complianceReaderRoles, complianceRoles, readable } from "./cmdlet.ts"

interface SwitchFacets {
  readonly setting: string
}

const switched = gate<SwitchFacets>()({
  name: "tenant-switch",
  facts: ["MIP-100", "MIP-146", "MIP-212"],
  reads: ["setting"],
  check: ({ setting }) => pass("The setting of the organization is written.", { setting }),
})

export const setPolicyConfig = operation({
  name: "Set-PolicyConfig",
  summary: "Settings of the organization: co-authoring of files with encrypting labels.",
  params: Schema.Struct({
    EnableLabelCoauth: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Labels move to labelinfo.xml, several people edit" }),
    ),
  }),
  roles: complianceRoles,
  roleRefusal: notRecognized("Set-PolicyConfig"),
  facts: ["MIP-212"],
  binding: { switches: ["EnableLabelCoauth"] },
  decide: ({ now }: Call<MipWorld>, params): Ruling<MipEvent> => {
    const isOn = params.EnableLabelCoauth
    return {
      decision: decideByGates([switched], { setting: "EnableLabelCoauth" }),
      events:
        isOn === undefined
          ? []
          : [{ _tag: "LabelingSwitched", changes: { isLabelCoauthOn: isOn }, at: now }],
      audit: [complianceAudit("Set-PolicyConfig", "PolicyConfig", params)],
    }
  },
})

export const getPolicyConfig = operation({
  name: "Get-PolicyConfig",
  summary: "Shows settings of the organization around labels.",
  params: Schema.Struct({}),
  roles: complianceReaderRoles,
  roleRefusal: notRecognized("Get-PolicyConfig"),
  facts: ["MIP-212"],
  isReadOnly: true,
  decide: ({ world }: Call<MipWorld>): Ruling<MipEvent> => ({
    decision: readable("settings of the organization"),
    output: [{ EnableLabelCoauth: world.mip.labeling.isLabelCoauthOn }],
  }),
})

export const setAdminAuditLogConfig = operation({
  name: "Set-AdminAuditLogConfig",
  summary: "Turns the unified audit log on or off.",
  params: Schema.Struct({
    UnifiedAuditLogIngestionEnabled: Schema.Boolean.annotate({ description: "Whether it is on" }),
  }),
  roles: complianceRoles,
  roleRefusal: notRecognized("Set-AdminAuditLogConfig"),
  facts: ["MIP-146"],
  decide: ({ now }: Call<MipWorld>, params): Ruling<MipEvent> => ({
    decision: decideByGates([switched], { setting: "UnifiedAuditLogIngestionEnabled" }),
    events: [
      {
        _tag: "LabelingSwitched",
        changes: { isUnifiedAuditOn: params.UnifiedAuditLogIngestionEnabled },
        at: now,
      },
    ],
    audit: [complianceAudit("Set-AdminAuditLogConfig", "AdminAuditLogConfig", params)],
  }),
})

export const setLabelReplication = operation({
  name: "set-label-replication",
  summary: "Lets programs learn of labels at once, or after the documented hours.",
  params: Schema.Struct({
    mode: Schema.Literals(["instant", "documented"]).annotate({ description: "At once, or later" }),
  }),
  facts: ["MIP-100"],
  decide: ({ now }: Call<MipWorld>, { mode }): Ruling<MipEvent> => ({
    decision: decideByGates([switched], { setting: `replication ${mode}` }),
    events: [{ _tag: "LabelingSwitched", changes: { replication: mode }, at: now }],
    output: Object.entries(replicationHours).map(
      ([consumer, { fresh, changed }]): OutputObject => ({
        Consumer: consumer,
        HoursNewLabel: mode === "instant" ? 0 : fresh,
        HoursChangedLabel: mode === "instant" ? 0 : changed,
      }),
    ),
  }),
})

export const setAutoLabelLimit = operation({
  name: "set-auto-label-limit",
  summary: "Sets how many files a day the service labels, instead of the number of the time.",
  params: Schema.Struct({
    filesPerDay: Schema.Int.check(Schema.isGreaterThan(0)).annotate({ description: "Files a day" }),
  }),
  facts: ["MIP-147"],
  decide: ({ now }: Call<MipWorld>, { filesPerDay }): Ruling<MipEvent> => ({
    decision: decideByGates([switched], { setting: "filesPerDay" }),
    events: [{ _tag: "LabelingSwitched", changes: { filesPerDay }, at: now }],
  }),
})
