import { ContentCondition } from "@twin/mip"
import { Schema } from "effect"
import { BlockAccessScope } from "./DriveItem.ts"

/** A rule of data loss prevention, as far as it acts on stored files (SPO-200, SPO-201). */
export const DlpRule = Schema.Struct({
  name: Schema.NonEmptyString,
  policy: Schema.NonEmptyString,
  /** Lower is asked earlier (SPO-204). */
  priority: Schema.Int,
  isEnabled: Schema.Boolean,
  /** Any one of these; empty: no such condition. */
  infoTypes: Schema.Array(Schema.String),
  /** The same with counts and confidence, where the rule was given any (MIP-155). */
  condition: Schema.optionalKey(ContentCondition),
  /** Ids of labels; any one of these; empty: no such condition. */
  labels: Schema.Array(Schema.String),
  /** Content contains anything at all: the catch-all of SPO-195. */
  isCatchAll: Schema.Boolean,
  accessScope: Schema.Literals(["InOrganization", "NotInOrganization", "None"]),
  blockAccess: Schema.Boolean,
  blockAccessScope: BlockAccessScope,
  stopPolicyProcessing: Schema.Boolean,
  notifyUser: Schema.Array(Schema.String),
  /** Whom a match alerts. */
  generateAlert: Schema.optionalKey(Schema.Array(Schema.String)),
  notifyAllowOverride: Schema.Array(
    Schema.Literals(["FalsePositive", "WithoutJustification", "WithJustification"]),
  ),
})
export type DlpRule = typeof DlpRule.Type

/** Where rules apply. `All`, or addresses of sites. */
export const DlpPolicy = Schema.Struct({
  name: Schema.NonEmptyString,
  mode: Schema.Literals(["Enable", "TestWithNotifications", "TestWithoutNotifications", "Disable"]),
  sharePointLocation: Schema.Array(Schema.String),
  oneDriveLocation: Schema.Array(Schema.String),
  priority: Schema.Int,
  createdAt: Schema.Number,
})
export type DlpPolicy = typeof DlpPolicy.Type

/** A rule that looks at content: only such a policy opens a sensitive new file (SPO-191). */
export const isContentBased = (rule: DlpRule): boolean =>
  rule.isCatchAll ||
  rule.infoTypes.length > 0 ||
  rule.labels.length > 0 ||
  rule.condition !== undefined
