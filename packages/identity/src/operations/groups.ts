import { andThen, type Call, isoOf, type OutputObject, type Ruling } from "@twin/kernel"
import { Result, Schema } from "effect"
import { normalizeAddress } from "../Address.ts"
import { evaluateDirectoryQuota } from "../decisions/evaluateDirectoryQuota.ts"
import { evaluateGroupChange, groupAdministrators } from "../decisions/evaluateGroupChange.ts"
import { groupOf, organizationOf, userOf } from "../directory.ts"
import { assignedGroup, type Group, GroupType, GroupVisibility, ProcessingState } from "../Group.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { parseRule } from "../rules/parseRule.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet } from "./graphCmdlet.ts"

const text = (description: string) => Schema.optionalKey(Schema.String.annotate({ description }))
const flag = (description: string) => Schema.optionalKey(Schema.Boolean.annotate({ description }))

const groupId = Schema.NonEmptyString.annotate({ description: "Object id of the group" })

/** A group as the cmdlets print it. */
export const groupRow = (group: Group): OutputObject => ({
  Id: group.id,
  DisplayName: group.displayName,
  Description: group.description ?? null,
  Mail: group.mail ?? null,
  MailEnabled: group.mailEnabled,
  MailNickname: group.mailNickname,
  SecurityEnabled: group.securityEnabled,
  GroupTypes: group.groupTypes,
  MembershipRule: group.membershipRule ?? null,
  MembershipRuleProcessingState: group.membershipRuleProcessingState ?? null,
  Visibility: group.visibility ?? null,
  IsAssignableToRole: group.isAssignableToRole,
  CreatedDateTime: isoOf(group.createdAt),
})

const NewGroup = Schema.Struct({
  displayName: Schema.NonEmptyString,
  description: Schema.optionalKey(Schema.String),
  mailEnabled: Schema.Boolean,
  mailNickname: Schema.NonEmptyString,
  securityEnabled: Schema.Boolean,
  groupTypes: Schema.optionalKey(Schema.Array(GroupType)),
  membershipRule: Schema.optionalKey(Schema.String),
  membershipRuleProcessingState: Schema.optionalKey(ProcessingState),
  visibility: Schema.optionalKey(GroupVisibility),
  isAssignableToRole: Schema.optionalKey(Schema.Boolean),
})

/** The address of a Microsoft 365 group: its nickname in the tenant's default domain. */
export const addressFor = (world: IdentityWorld, nickname: string): string => {
  const organization = organizationOf(world)
  const domain = organization?.verifiedDomains[0] ?? organization?.initialDomain ?? ""
  return normalizeAddress(`${nickname}@${domain}`)
}

const groupFrom = (call: Call<IdentityWorld>, body: typeof NewGroup.Type): Group => {
  const groupTypes = body.groupTypes ?? []
  const isUnified = groupTypes.includes("Unified")
  const isRuled = groupTypes.includes("DynamicMembership")
  const owner = userOf(call.world, call.actor.id)?.id
  return assignedGroup({
    ...body,
    id: call.draw.guid(`group ${body.mailNickname}`),
    groupTypes,
    isAssignableToRole: body.isAssignableToRole ?? false,
    owners: owner === undefined ? [] : [owner],
    createdAt: call.now,
    ...(owner === undefined || call.actor.roles.some((it) => groupAdministrators.includes(it))
      ? {}
      : { createdBy: owner }),
    ...(isUnified
      ? { mail: addressFor(call.world, body.mailNickname), visibility: body.visibility ?? "Public" }
      : {}),
    ...(isRuled
      ? { membershipRuleProcessingState: body.membershipRuleProcessingState ?? "Paused" }
      : {}),
  })
}

const ruleWarnings = (rule: string | undefined): readonly string[] => {
  const parsed = parseRule(rule ?? "")
  return rule !== undefined && Result.isSuccess(parsed) ? parsed.success.warnings : []
}

export const newMgGroup = graphCmdlet({
  name: "New-MgGroup",
  summary: "Creates a security group or a Microsoft 365 group, assigned or dynamic.",
  params: {
    DisplayName: text("Name of the group"),
    Description: text("What the group is for"),
    MailEnabled: flag("Whether the group has a mail address; switch"),
    MailNickname: text("Alias, required for every group"),
    SecurityEnabled: flag("Whether the group can be given permissions; switch"),
    GroupTypes: Schema.optionalKey(
      Schema.Array(GroupType).annotate({ description: "Unified, DynamicMembership, both or none" }),
    ),
    MembershipRule: text("Rule of a dynamic group"),
    MembershipRuleProcessingState: Schema.optionalKey(
      ProcessingState.annotate({ description: "On or Paused" }),
    ),
    Visibility: Schema.optionalKey(
      GroupVisibility.annotate({ description: "Public, Private or HiddenMembership" }),
    ),
    IsAssignableToRole: flag("Whether directory roles can be assigned to the group; switch"),
  },
  body: NewGroup,
  facts: ["IDN-188", "IDN-189", "IDN-191", "IDN-193", "IDN-194", "IDN-215", "IDN-217", "IDN-242"],
  binding: { switches: ["MailEnabled", "SecurityEnabled", "IsAssignableToRole"] },
  decide: (call, body): Ruling<IdentityEvent> => {
    const group = groupFrom(call, body)
    const asked = { world: call.world, actor: call.actor, change: "create", group } as const
    const decision = andThen(evaluateGroupChange(asked), () =>
      evaluateDirectoryQuota({ world: call.world, group, isNew: true }),
    )
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "GroupCreated", group }],
      audit: [auditLine("Add group", group.displayName, { GroupId: group.id })],
      output: [groupRow(group)],
      warnings: ruleWarnings(group.membershipRule),
    }
  },
})

const GroupPatch = Schema.Struct({
  displayName: Schema.optionalKey(Schema.NonEmptyString),
  description: Schema.optionalKey(Schema.String),
  membershipRule: Schema.optionalKey(Schema.String),
  membershipRuleProcessingState: Schema.optionalKey(ProcessingState),
  visibility: Schema.optionalKey(GroupVisibility),
})

export const updateMgGroup = graphCmdlet({
  name: "Update-MgGroup",
  summary: "Changes a group, its membership rule, or whether the rule is processed.",
  params: {
    GroupId: groupId,
    DisplayName: text("New name"),
    Description: text("New description"),
    MembershipRule: text("New rule; saving it evaluates the membership again"),
    MembershipRuleProcessingState: Schema.optionalKey(
      ProcessingState.annotate({ description: "On or Paused" }),
    ),
    Visibility: Schema.optionalKey(GroupVisibility.annotate({ description: "Public or Private" })),
  },
  path: ["GroupId"],
  body: GroupPatch,
  facts: ["IDN-191", "IDN-194", "IDN-215", "IDN-221", "IDN-222", "IDN-223"],
  decide: (call, changes, { GroupId }): Ruling<IdentityEvent> => {
    const group = groupOf(call.world, GroupId)
    const { membershipRule } = changes
    const changed = evaluateGroupChange({
      world: call.world,
      actor: call.actor,
      change: "update",
      group,
      changesProcessing: changes.membershipRuleProcessingState !== undefined,
      ...(membershipRule === undefined ? {} : { membershipRule }),
      ...(changes.visibility === undefined ? {} : { visibility: changes.visibility }),
    })
    const decision = andThen(changed, () =>
      evaluateDirectoryQuota({
        world: call.world,
        isNew: false,
        ...(group === undefined ? {} : { group: { ...group, ...changes } }),
      }),
    )
    if (decision.outcome !== "allow" || group === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "GroupUpdated", groupId: group.id, changes, at: call.now }],
      audit: [auditLine("Update group", group.displayName, { GroupId: group.id })],
      warnings: ruleWarnings(membershipRule),
    }
  },
})

export const removeMgGroup = graphCmdlet({
  name: "Remove-MgGroup",
  summary: "Deletes a group.",
  params: { GroupId: groupId },
  path: ["GroupId"],
  body: Schema.Struct({}),
  facts: ["IDN-242"],
  decide: (call, _body, { GroupId }): Ruling<IdentityEvent> => {
    const group = groupOf(call.world, GroupId)
    const decision = evaluateGroupChange({
      world: call.world,
      actor: call.actor,
      change: "delete",
      group,
    })
    if (decision.outcome !== "allow" || group === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "GroupDeleted", groupId: group.id, at: call.now }],
      audit: [auditLine("Delete group", group.displayName, { GroupId: group.id })],
    }
  },
})
