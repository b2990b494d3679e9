import {
  type Actor,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
  type Refusal,
} from "@twin/kernel"
import { HashMap, Result } from "effect"
import { policyAsSet } from "../CollaborationSettings.ts"
import { contactOf, groupOf, isDirectMember, userOf } from "../directory.ts"
import { type Group, type GroupKind, groupKindOf, isDynamic } from "../Group.ts"
import { requestDenied, resourceNotFound } from "../graphRefusals.ts"
import { roles } from "../Role.ts"
import { parseRule } from "../rules/parseRule.ts"
import type { IdentityWorld } from "../State.ts"
import { securityGroupsByMembers } from "./securityGroupsByMembers.ts"

/** Somebody changes a group: the thing itself, its rule, or who is in it. */
export interface GroupChangeQuestion {
  readonly world: IdentityWorld
  readonly actor: Actor
  readonly change: "create" | "update" | "delete" | "add-member" | "remove-member"
  /** The group as it would be (create) or as it is. */
  readonly group: Group | undefined
  /** Only where it is set or changed. */
  readonly membershipRule?: string
  /** The change pauses or resumes the processing of the rule. */
  readonly changesProcessing?: boolean
  readonly memberId?: string
  /** Only where it changes. */
  readonly visibility?: Group["visibility"]
}

export interface GroupChangeFacets {
  readonly change: GroupChangeQuestion["change"]
  readonly isPresent: boolean
  readonly kind: GroupKind | "none"
  readonly manager: "administrator" | "owner" | "member" | "nobody"
  readonly isDynamic: boolean
  readonly isSynced: boolean
  readonly changesProcessing: boolean
  readonly hasRule: boolean
  readonly ruleProblem: string
  readonly ruleAt: number
  readonly hasRequiredFlags: boolean
  readonly member: "member" | "guest" | "group" | "contact" | "device" | "missing"
  readonly visibility: string
  readonly visibilityWanted: string
  readonly hasDeviceRule: boolean
  readonly isMember: boolean
  readonly allowToAddGuests: boolean
  /** The authorization policy lets members without a role make security groups. */
  readonly mayMembersCreate: boolean
}

const groupGate = gate<GroupChangeFacets>()

const badRequest = (message: string): Refusal => ({ code: "Request_BadRequest", message })

const groupPresent = groupGate({
  name: "group-present",
  facts: ["IDN-188"],
  reads: ["isPresent"],
  check: ({ isPresent }) =>
    isPresent
      ? pass("The directory has the group.")
      : deny("The directory has no such group.", {}, resourceNotFound()),
})

const groupManager = groupGate({
  name: "group-manager",
  facts: ["IDN-104", "IDN-221", "IDN-242"],
  reads: ["change", "manager", "isDynamic", "changesProcessing"],
  check: ({ change, manager, isDynamic: isRuled, changesProcessing }) => {
    const details = { change, manager, isDynamic: isRuled, changesProcessing }
    if (manager === "administrator") return pass("The role manages every group.", details)
    if (isRuled || changesProcessing) {
      return deny("Only a groups administrator manages groups with a rule.", details, requestDenied)
    }
    if (manager === "owner") return pass("The owner manages the group.", details)
    return manager === "member" && change === "create"
      ? pass("Members may create groups of their own.", details)
      : deny("Only an administrator or an owner of the group may do this.", details, requestDenied)
  },
})

const entraGroup = groupGate({
  name: "group-kind",
  facts: ["IDN-188", "IDN-189"],
  reads: ["kind", "isDynamic", "hasRequiredFlags"],
  check: ({ kind, isDynamic: isRuled, hasRequiredFlags }) => {
    const details = { kind, isDynamic: isRuled }
    if (kind === "mail-enabled-security" || kind === "distribution") {
      return deny(
        "Groups of this kind are made in Exchange, not in the directory.",
        details,
        badRequest(
          "The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.",
        ),
      )
    }
    return hasRequiredFlags
      ? pass("The directory can hold a group of this kind.", details)
      : deny(
          "The flags of the group contradict its type.",
          details,
          badRequest("A value specified for property groupTypes or mailEnabled is invalid."),
        )
  },
})

const ruleFits = groupGate({
  name: "membership-rule",
  facts: ["IDN-194", "IDN-202", "IDN-205", "IDN-207", "IDN-213", "IDN-215"],
  reads: ["isDynamic", "hasRule", "ruleProblem", "ruleAt"],
  check: ({ isDynamic: isRuled, hasRule, ruleProblem, ruleAt }) => {
    const details = { isDynamic: isRuled, hasRule }
    if (isRuled !== hasRule) {
      return deny(
        "A membership rule and a dynamic group belong together, and one of them is missing.",
        details,
        badRequest("A value is required for property 'membershipRule' of a dynamic group only."),
      )
    }
    if (!hasRule) return pass("The group has no membership rule.", details)
    return ruleProblem === ""
      ? pass("The membership rule can be read.", details)
      : deny(
          "The membership rule cannot be saved: it does not make sense to the rule engine.",
          { ...details, ruleProblem, position: ruleAt },
          badRequest(`Dynamic membership rule validation error: ${ruleProblem}`),
        )
  },
})

const deviceRule = groupGate({
  name: "device-rule",
  facts: ["IDN-190", "IDN-216"],
  reads: ["kind", "hasDeviceRule"],
  check: ({ kind, hasDeviceRule }) =>
    hasDeviceRule && kind !== "security"
      ? deny(
          "Only a security group can have a rule about devices.",
          { kind },
          badRequest("Dynamic membership rule validation error: Wrong property applied."),
        )
      : pass("A group of this kind may have this rule.", { kind }),
})

const isHidden = (it: string): boolean => it === "HiddenMembership"

const visibilityFits = groupGate({
  name: "group-visibility",
  facts: ["IDN-191"],
  reads: ["kind", "visibility", "visibilityWanted", "change"],
  check: ({ kind, visibility, visibilityWanted, change }) => {
    const details = { kind, visibility, visibilityWanted }
    if (visibilityWanted === "none") return pass("The visibility stays as it is.", details)
    const isChanged = change === "update" && visibility !== visibilityWanted
    if (isChanged && (isHidden(visibility) || isHidden(visibilityWanted))) {
      return deny(
        "Whether the membership is hidden is settled when the group is made.",
        details,
        badRequest("The visibility of a group with hidden membership cannot be changed."),
      )
    }
    return isHidden(visibilityWanted) && kind !== "microsoft-365"
      ? deny(
          "Only a Microsoft 365 group can hide its members.",
          details,
          badRequest("HiddenMembership can be set only for Microsoft 365 groups."),
        )
      : pass("The visibility is one that the group can have.", details)
  },
})

const notSynced = groupGate({
  name: "group-mastered-here",
  facts: ["IDN-032"],
  reads: ["isSynced"],
  check: ({ isSynced }) =>
    isSynced
      ? deny(
          "The group is mastered on premises and cannot be changed in the cloud.",
          { isSynced },
          badRequest(
            "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.",
          ),
        )
      : pass("The group is managed in the cloud.", { isSynced }),
})

const notDynamic = groupGate({
  name: "group-assigned",
  facts: ["IDN-194"],
  reads: ["isDynamic"],
  check: ({ isDynamic: isRuled }) =>
    isRuled
      ? deny(
          "The rule alone decides who is in a dynamic group.",
          { isDynamic: isRuled },
          requestDenied,
        )
      : pass("Members of this group are assigned.", { isDynamic: isRuled }),
})

const memberKind = groupGate({
  name: "member-kind",
  facts: ["IDN-032", "IDN-190"],
  reads: ["member", "kind"],
  check: ({ member, kind }) => {
    const details = { member, kind }
    if (member === "missing") {
      return deny("The directory has nobody of this id.", details, resourceNotFound())
    }
    const isPerson = member === "member" || member === "guest"
    return kind === "microsoft-365" && !isPerson
      ? deny(
          "A Microsoft 365 group holds users only.",
          details,
          badRequest(
            "An invalid operation was included in the following modified references: 'members'.",
          ),
        )
      : pass("The group can hold a member of this kind.", details)
  },
})

const guestsAdmitted = groupGate({
  name: "group-guests",
  facts: ["IDN-106"],
  reads: ["member", "allowToAddGuests"],
  check: ({ member, allowToAddGuests }) =>
    member !== "guest" || allowToAddGuests
      ? pass("The group's settings admit this member.", { member, allowToAddGuests })
      : deny(
          "The group's settings admit no guests.",
          { member, allowToAddGuests },
          badRequest("The group does not allow guests to be added."),
        ),
})

const membershipChanges = groupGate({
  name: "membership",
  facts: ["IDN-188"],
  reads: ["change", "isMember"],
  check: ({ change, isMember }) => {
    if (change === "add-member" && isMember) {
      return deny(
        "The object is a member already.",
        { isMember },
        badRequest(
          "One or more added object references already exist for the following modified properties: 'members'.",
        ),
      )
    }
    return change === "remove-member" && !isMember
      ? deny("The object is not a member.", { isMember }, resourceNotFound())
      : pass("The membership changes by this.", { isMember })
  },
})

/** Who manages the members; that a rule decides about them is told by the next gate. */
const memberManager = groupGate({
  name: "group-manager",
  facts: ["IDN-242"],
  reads: ["manager"],
  check: ({ manager }) =>
    manager === "administrator" || manager === "owner"
      ? pass("This person manages the members of the group.", { manager })
      : deny(
          "Only an administrator or an owner of the group may do this.",
          { manager },
          requestDenied,
        ),
})

const gatesOf: Record<GroupChangeQuestion["change"], GateRules<GroupChangeFacets>> = {
  create: [groupManager, securityGroupsByMembers, entraGroup, visibilityFits, ruleFits, deviceRule],
  update: [groupPresent, groupManager, notSynced, visibilityFits, ruleFits, deviceRule],
  delete: [groupPresent, groupManager, notSynced],
  "add-member": [
    groupPresent,
    memberManager,
    notSynced,
    notDynamic,
    memberKind,
    guestsAdmitted,
    membershipChanges,
  ],
  "remove-member": [groupPresent, memberManager, notSynced, notDynamic, membershipChanges],
}

/** Roles that manage every group (IDN-242). */
export const groupAdministrators: readonly string[] = [
  roles.globalAdministrator,
  roles.groupsAdministrator,
  roles.userAdministrator,
]

const managerOf = ({ world, actor, group }: GroupChangeQuestion): GroupChangeFacets["manager"] => {
  if (actor.roles.some((role) => groupAdministrators.includes(role))) return "administrator"
  const id = userOf(world, actor.id)?.id
  if (id !== undefined && group?.owners.includes(id) === true) return "owner"
  return actor.kind === "member" ? "member" : "nobody"
}

const memberFacets = ({
  world,
  group,
  memberId,
}: GroupChangeQuestion): Pick<GroupChangeFacets, "member" | "isMember"> => {
  if (memberId === undefined) return { member: "missing", isMember: false }
  const user = userOf(world, memberId)
  const isContact = contactOf(world, memberId) !== undefined
  return {
    member:
      user !== undefined
        ? user.userType === "Guest"
          ? "guest"
          : "member"
        : groupOf(world, memberId) !== undefined
          ? "group"
          : isContact
            ? "contact"
            : HashMap.has(world.identity.devices, memberId)
              ? "device"
              : "missing",
    isMember: group !== undefined && isDirectMember(world, group.id, user?.id ?? memberId),
  }
}

export const groupChangeFacets = (question: GroupChangeQuestion): GroupChangeFacets => {
  const { change, group, membershipRule, changesProcessing = false } = question
  const parsed = parseRule(membershipRule ?? group?.membershipRule ?? "")
  const hasRule = (membershipRule ?? group?.membershipRule ?? "") !== ""
  const problem = hasRule && Result.isFailure(parsed) ? parsed.failure : undefined
  return {
    change,
    isPresent: group !== undefined,
    kind: group === undefined ? "none" : groupKindOf(group),
    manager: managerOf(question),
    isDynamic: group !== undefined && isDynamic(group),
    isSynced: group?.onPremisesSyncEnabled === true,
    changesProcessing,
    hasRule,
    ruleProblem: problem?.message ?? "",
    ruleAt: problem?.at ?? 0,
    hasRequiredFlags:
      group !== undefined &&
      (group.groupTypes.includes("Unified")
        ? group.mailEnabled
        : group.securityEnabled && !group.mailEnabled),
    ...memberFacets(question),
    allowToAddGuests: group?.allowToAddGuests ?? true,
    mayMembersCreate: policyAsSet(question.world.identity.settings).defaultUserRolePermissions
      .allowedToCreateSecurityGroups,
    visibility: group?.visibility ?? "none",
    visibilityWanted:
      question.visibility ?? (change === "create" ? group?.visibility : "none") ?? "none",
    hasDeviceRule: hasRule && Result.isSuccess(parsed) && parsed.success.scope === "device",
  }
}

/** Whether a group may be changed like this. */
export const evaluateGroupChange = (question: GroupChangeQuestion): Decision =>
  decideByGates(gatesOf[question.change], groupChangeFacets(question))
