import { Schema } from "effect"

export const GroupType = Schema.Literals(["Unified", "DynamicMembership"])
export const ProcessingState = Schema.Literals(["On", "Paused"])
export type ProcessingState = typeof ProcessingState.Type
export const GroupVisibility = Schema.Literals(["Public", "Private", "HiddenMembership"])

/** A group of this tenant. Its kind follows from the flags (IDN-188). */
export const Group = Schema.Struct({
  id: Schema.NonEmptyString,
  displayName: Schema.NonEmptyString,
  description: Schema.optionalKey(Schema.String),
  mailNickname: Schema.String,
  /** Lower case; only groups with an address can be named in a permission (IDN-225). */
  mail: Schema.optionalKey(Schema.String),
  /** Further addresses, lower case. */
  proxyAddresses: Schema.optionalKey(Schema.Array(Schema.String)),
  mailEnabled: Schema.Boolean,
  securityEnabled: Schema.Boolean,
  groupTypes: Schema.Array(GroupType),
  membershipRule: Schema.optionalKey(Schema.String),
  membershipRuleProcessingState: Schema.optionalKey(ProcessingState),
  visibility: Schema.optionalKey(GroupVisibility),
  isAssignableToRole: Schema.Boolean,
  onPremisesSyncEnabled: Schema.Boolean,
  /** False: the group admits no guests (IDN-106). */
  allowToAddGuests: Schema.Boolean,
  owners: Schema.Array(Schema.String),
  /** False: new members get no mail; only Microsoft 365 groups send one (IDN-192). */
  welcomeMessageEnabled: Schema.optionalKey(Schema.Boolean),
  /** Object id of a member without a role who made the group (IDN-193). */
  createdBy: Schema.optionalKey(Schema.String),
  createdAt: Schema.Number,
})
export type Group = typeof Group.Type

export const GroupChanges = Schema.Struct({
  displayName: Schema.optionalKey(Schema.NonEmptyString),
  description: Schema.optionalKey(Schema.String),
  membershipRule: Schema.optionalKey(Schema.String),
  membershipRuleProcessingState: Schema.optionalKey(ProcessingState),
  visibility: Schema.optionalKey(GroupVisibility),
  allowToAddGuests: Schema.optionalKey(Schema.Boolean),
  welcomeMessageEnabled: Schema.optionalKey(Schema.Boolean),
  mail: Schema.optionalKey(Schema.String),
  mailNickname: Schema.optionalKey(Schema.String),
  proxyAddresses: Schema.optionalKey(Schema.Array(Schema.String)),
  owners: Schema.optionalKey(Schema.Array(Schema.String)),
})
export type GroupChanges = typeof GroupChanges.Type

export type GroupKind = "security" | "mail-enabled-security" | "distribution" | "microsoft-365"

export const groupKindOf = (
  group: Pick<Group, "groupTypes" | "mailEnabled" | "securityEnabled">,
): GroupKind => {
  if (group.groupTypes.includes("Unified")) return "microsoft-365"
  if (!group.mailEnabled) return "security"
  return group.securityEnabled ? "mail-enabled-security" : "distribution"
}

export const isDynamic = (group: Pick<Group, "groupTypes">): boolean =>
  group.groupTypes.includes("DynamicMembership")

/** A group with sensible defaults: an assigned security group without an address. */
export const assignedGroup = (
  group: Pick<Group, "id" | "displayName"> & Partial<Group>,
): Group => ({
  mailNickname: group.displayName.replaceAll(/[^A-Za-z0-9]/g, ""),
  mailEnabled: group.mail !== undefined,
  securityEnabled: true,
  groupTypes: [],
  isAssignableToRole: false,
  onPremisesSyncEnabled: false,
  allowToAddGuests: true,
  owners: [],
  createdAt: 0,
  ...group,
})

/** A mail contact: an address in the directory without any way to sign in (IDN-230). */
export const Contact = Schema.Struct({
  id: Schema.NonEmptyString,
  displayName: Schema.String,
  mail: Schema.NonEmptyString,
})
export type Contact = typeof Contact.Type

/** One stretch of membership; open where it goes on. */
export const Membership = Schema.Struct({
  from: Schema.Number,
  until: Schema.optionalKey(Schema.Number),
})
export type Membership = typeof Membership.Type

/** Whether the membership held at a moment; `undefined` asks for now, whatever the clock says. */
export const heldAt = (stretches: readonly Membership[], asOf: number | undefined): boolean =>
  asOf === undefined
    ? stretches.at(-1) !== undefined && stretches.at(-1)?.until === undefined
    : stretches.some(({ from, until }) => from <= asOf && (until === undefined || asOf < until))
