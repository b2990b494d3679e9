import { Schema } from "effect"

/** Publishes labels to people and carries settings (MIP-128). */
export const LabelPolicy = Schema.Struct({
  name: Schema.NonEmptyString,
  /** GUID, lower case. */
  id: Schema.NonEmptyString,
  /** Label GUIDs. */
  labels: Schema.Array(Schema.String),
  /** `All`, or addresses of people and mail-enabled groups. */
  exchangeLocation: Schema.Array(Schema.String),
  /** Addresses of Microsoft 365 groups. */
  modernGroupLocation: Schema.Array(Schema.String),
  comment: Schema.String,
  /** Keys in lower case (MIP-137). */
  settings: Schema.Record(Schema.String, Schema.String),
  createdAt: Schema.Finite,
  changedAt: Schema.Finite,
})
export type LabelPolicy = typeof LabelPolicy.Type

/** A policy with sensible defaults: published to everybody, no settings. */
export const makeLabelPolicy = (
  policy: Pick<LabelPolicy, "id" | "name" | "labels"> & Partial<LabelPolicy>,
): LabelPolicy => ({
  exchangeLocation: ["All"],
  modernGroupLocation: [],
  comment: "",
  settings: {},
  createdAt: 0,
  changedAt: 0,
  ...policy,
})

/** Names of the settings a policy can carry, in lower case, by what they are for. */
export const policySettings = {
  defaultLabel: "defaultlabelid",
  outlookDefaultLabel: "outlookdefaultlabel",
  teamworkDefaultLabel: "teamworkdefaultlabelid",
  siteAndGroupDefaultLabel: "siteandgroupdefaultlabelid",
  mandatory: "mandatory",
  disableMandatoryInOutlook: "disablemandatoryinoutlook",
  teamworkMandatory: "teamworkmandatory",
  requireJustification: "requiredowngradejustification",
  attachmentAction: "attachmentaction",
  customUrl: "customurl",
  enableRevoke: "enablerevokeguisupport",
  enableAudit: "enableaudit",
  disableShowSensitiveContent: "disableshowsensitivecontent",
  hideBarByDefault: "hidebarbydefault",
  powerBiMandatory: "powerbimandatory",
  powerBiDefaultLabel: "powerbidefaultlabelid",
} as const
