import { type Call, operation, type Ruling } from "@twin/kernel"
import { HashMap, Schema } from "effect"
import { evaluateDirectoryRead } from "../decisions/evaluateDirectoryRead.ts"
import { evaluateGroupChange } from "../decisions/evaluateGroupChange.ts"
import { allGroups, contactOf, groupOf, memberIdsOf, userOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"
import { welcomeMail } from "../welcomeMail.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet } from "./graphCmdlet.ts"
import { graphList, listBinding, listParams } from "./graphList.ts"
import { groupRow } from "./groups.ts"

const GroupId = Schema.NonEmptyString.annotate({ description: "Object id of the group" })
const DirectoryObjectId = Schema.NonEmptyString.annotate({
  description: "Object id of the user, contact or group",
})

/** A member by object id, principal name or address, as the object id that the group keeps. */
const memberIdOf = (world: IdentityWorld, given: string): string =>
  (userOf(world, given) ?? contactOf(world, given) ?? groupOf(world, given))?.id ?? given

const changeMembers = (
  call: Call<IdentityWorld>,
  change: "add-member" | "remove-member",
  ids: { readonly GroupId: string; readonly DirectoryObjectId: string },
): Ruling<IdentityEvent> => {
  const { world, actor, now } = call
  const group = groupOf(world, ids.GroupId)
  const memberId = memberIdOf(world, ids.DirectoryObjectId)
  const decision = evaluateGroupChange({ world, actor, change, group, memberId })
  if (decision.outcome !== "allow" || group === undefined) return { decision }
  const isAdded = change === "add-member"
  return {
    decision,
    events: [
      {
        _tag: isAdded ? "GroupMemberAdded" : "GroupMemberRemoved",
        groupId: group.id,
        memberId,
        at: now,
      },
    ],
    mail: isAdded ? welcomeMail(world, group, memberId) : [],
    audit: [
      auditLine(isAdded ? "Add member to group" : "Remove member from group", group.displayName, {
        Member: memberId,
      }),
    ],
  }
}

export const newMgGroupMember = graphCmdlet({
  name: "New-MgGroupMember",
  summary: "Adds a user, a contact, a device or a group to a group.",
  params: { GroupId, DirectoryObjectId },
  path: ["GroupId", "DirectoryObjectId"],
  body: Schema.Struct({}),
  facts: ["IDN-032", "IDN-106", "IDN-190", "IDN-192", "IDN-194"],
  decide: (call, _body, params) => changeMembers(call, "add-member", params),
})

export const removeMgGroupMember = graphCmdlet({
  name: "Remove-MgGroupMemberByRef",
  summary: "Removes a member from a group.",
  params: { GroupId, DirectoryObjectId },
  path: ["GroupId", "DirectoryObjectId"],
  body: Schema.Struct({}),
  facts: ["IDN-032", "IDN-194"],
  decide: (call, _body, params) => changeMembers(call, "remove-member", params),
})

const all = Schema.optionalKey(Schema.Boolean.annotate({ description: "All pages; switch" }))
export const getMgGroup = operation({
  name: "Get-MgGroup",
  summary: "Shows groups of the directory.",
  params: Schema.Struct({ GroupId: Schema.optionalKey(GroupId), ...listParams }),
  binding: listBinding,
  facts: ["IDN-100", "IDN-188"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { GroupId: wanted } = params
    const found = wanted === undefined ? undefined : groupOf(call.world, wanted)
    return graphList(call, params, {
      resource: "Group",
      rows: () => allGroups(call.world).map(groupRow),
      one: wanted === undefined ? "all" : found === undefined ? undefined : groupRow(found),
    })
  },
})

/** Prints the kind of each member, which is how mail contacts in a group are found (IDN-230). */
export const getMgGroupMember = operation({
  name: "Get-MgGroupMember",
  summary: "Shows the direct members of a group and what each of them is.",
  params: Schema.Struct({ GroupId, All: all }),
  binding: { switches: ["All"] },
  facts: ["IDN-100", "IDN-230"],
  isReadOnly: true,
  decide: ({ world, actor, now }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const group = groupOf(world, params.GroupId)
    const decision = evaluateDirectoryRead({
      world,
      actor,
      now,
      wants: "list",
      isOwn: false,
      isFound: group !== undefined,
      isFilterReadable: true,
    })
    if (decision.outcome !== "allow" || group === undefined) return { decision }
    const ids = memberIdsOf(world, group.id)
    return {
      decision,
      output: ids.map((id) => {
        const user = userOf(world, id)
        const contact = contactOf(world, id)
        return {
          Id: id,
          "@odata.type": HashMap.has(world.identity.devices, id)
            ? "#microsoft.graph.device"
            : user !== undefined
              ? "#microsoft.graph.user"
              : contact !== undefined
                ? "#microsoft.graph.orgContact"
                : "#microsoft.graph.group",
          DisplayName: (user ?? contact ?? groupOf(world, id))?.displayName ?? id,
          Mail: (user ?? contact ?? groupOf(world, id))?.mail ?? null,
        }
      }),
    }
  },
})
