import { type Call, type OutputObject, operation, type Ruling } from "@twin/kernel"
import { HashMap, Schema } from "effect"
import type { AdministrativeUnit } from "../AdministrativeUnit.ts"
import { unitMemberIds, unitOf, unitsOf } from "../administration.ts"
import { evaluateDirectoryRead } from "../decisions/evaluateDirectoryRead.ts"
import { evaluateUnitChange } from "../decisions/evaluateUnitChange.ts"
import { groupOf, userOf } from "../directory.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"

export const unitAdministrators: readonly string[] = [
  roles.privilegedRoleAdministrator,
  roles.globalAdministrator,
]

const AdministrativeUnitId = Schema.NonEmptyString.annotate({
  description: "Id of the administrative unit",
})
const text = (description: string) => Schema.optionalKey(Schema.String.annotate({ description }))

const params = {
  DisplayName: text("Name of the unit"),
  Description: text("What it is for"),
  Visibility: text("Public, or HiddenMembership"),
  MembershipType: text("Assigned, or Dynamic"),
  MembershipRule: text("Rule over users or devices, for a dynamic unit"),
  MembershipRuleProcessingState: text("On"),
  IsMemberManagementRestricted: Schema.optionalKey(
    Schema.Boolean.annotate({
      description: "Only administrators of the unit change what is in it; switch",
    }),
  ),
}

const bodyFields = {
  displayName: Schema.optionalKey(Schema.NonEmptyString),
  description: Schema.optionalKey(Schema.String),
  visibility: Schema.optionalKey(Schema.Literals(["Public", "HiddenMembership"])),
  membershipType: Schema.optionalKey(Schema.Literals(["Assigned", "Dynamic"])),
  membershipRule: Schema.optionalKey(Schema.NonEmptyString),
  membershipRuleProcessingState: Schema.optionalKey(Schema.Literals(["On"])),
  isMemberManagementRestricted: Schema.optionalKey(Schema.Boolean),
}

const row = (it: AdministrativeUnit): OutputObject => ({
  Id: it.id,
  DisplayName: it.displayName,
  Description: it.description ?? null,
  Visibility: it.visibility,
  MembershipType: it.membershipRule === undefined ? "Assigned" : "Dynamic",
  MembershipRule: it.membershipRule ?? null,
  IsMemberManagementRestricted: it.isMemberManagementRestricted,
})

export const newAdministrativeUnit = graphCmdlet({
  name: "New-MgDirectoryAdministrativeUnit",
  summary: "Makes a part of the directory that roles can be limited to.",
  params,
  body: Schema.Struct({ ...bodyFields, displayName: Schema.NonEmptyString }),
  binding: { switches: ["IsMemberManagementRestricted"] },
  roles: unitAdministrators,
  facts: ["IDN-242", "IDN-195"],
  decide: ({ world, now, draw }, body): Ruling<IdentityEvent> => {
    const { membershipRule } = body.membershipType === "Assigned" ? {} : body
    const next = {
      displayName: body.displayName,
      ...(membershipRule === undefined ? {} : { membershipRule }),
    }
    const decision = evaluateUnitChange({ world, wants: "create", unit: undefined, next })
    if (decision.outcome !== "allow") return { decision }
    const unit: AdministrativeUnit = {
      id: draw.guid(`administrative unit ${body.displayName}`),
      ...next,
      ...(body.description === undefined ? {} : { description: body.description }),
      visibility: body.visibility ?? "Public",
      isMemberManagementRestricted: body.isMemberManagementRestricted ?? false,
      memberIds: [],
      createdAt: now,
    }
    return {
      decision,
      events: [{ _tag: "AdministrativeUnitSet", unit, at: now }],
      audit: [auditLine("Add administrative unit", unit.displayName)],
      output: [row(unit)],
    }
  },
})

export const updateAdministrativeUnit = graphCmdlet({
  name: "Update-MgDirectoryAdministrativeUnit",
  summary: "Changes a unit: its name, or the rule that fills it.",
  params: { AdministrativeUnitId, ...params },
  path: ["AdministrativeUnitId"],
  body: Schema.Struct(bodyFields),
  binding: { switches: ["IsMemberManagementRestricted"] },
  roles: unitAdministrators,
  facts: ["IDN-242", "IDN-195"],
  decide: ({ world, now }, body, given): Ruling<IdentityEvent> => {
    const unit = unitOf(world, given.AdministrativeUnitId)
    const rule = body.membershipRule ?? unit?.membershipRule
    const isByRule = body.membershipType !== "Assigned" && rule !== undefined
    const next = {
      displayName: body.displayName ?? unit?.displayName ?? "",
      ...(isByRule ? { membershipRule: rule } : {}),
    }
    const decision = evaluateUnitChange({
      world,
      wants: "update",
      unit,
      next,
      changesRestriction:
        body.isMemberManagementRestricted !== undefined &&
        body.isMemberManagementRestricted !== unit?.isMemberManagementRestricted,
    })
    if (decision.outcome !== "allow" || unit === undefined) return { decision }
    const { membershipRule: _rule, ...rest } = unit
    const changed: AdministrativeUnit = {
      ...rest,
      ...next,
      ...(body.description === undefined ? {} : { description: body.description }),
      visibility: body.visibility ?? unit.visibility,
      memberIds: isByRule ? [] : unit.memberIds,
    }
    return {
      decision,
      events: [{ _tag: "AdministrativeUnitSet", unit: changed, at: now }],
      audit: [auditLine("Update administrative unit", changed.displayName)],
    }
  },
})

export const removeAdministrativeUnit = graphCmdlet({
  name: "Remove-MgDirectoryAdministrativeUnit",
  summary: "Removes a unit and the roles over it; what was in it stays in the directory.",
  params: { AdministrativeUnitId },
  path: ["AdministrativeUnitId"],
  body: Schema.Struct({}),
  roles: unitAdministrators,
  facts: ["IDN-242"],
  decide: ({ world, now }, _body, given): Ruling<IdentityEvent> => {
    const unit = unitOf(world, given.AdministrativeUnitId)
    const decision = evaluateUnitChange({ world, wants: "remove", unit })
    if (unit === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "AdministrativeUnitRemoved", unitId: unit.id, at: now }],
      audit: [auditLine("Delete administrative unit", unit.displayName)],
    }
  },
})

const readable = (call: Call<IdentityWorld>, isList: boolean, isFound: boolean) =>
  evaluateDirectoryRead({
    world: call.world,
    actor: call.actor,
    now: call.now,
    wants: isList ? "list" : "object",
    isOwn: false,
    isFound,
    isFilterReadable: true,
  })

export const getAdministrativeUnit = operation({
  name: "Get-MgDirectoryAdministrativeUnit",
  summary: "Shows administrative units.",
  params: Schema.Struct({
    AdministrativeUnitId: Schema.optionalKey(AdministrativeUnitId),
    All: Schema.optionalKey(Schema.Boolean.annotate({ description: "All pages; switch" })),
  }),
  binding: { switches: ["All"] },
  facts: ["IDN-242"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, given): Ruling<IdentityEvent> => {
    const { AdministrativeUnitId: wanted } = given
    const one = wanted === undefined ? undefined : unitOf(call.world, wanted)
    const decision = readable(call, wanted === undefined, wanted === undefined || one !== undefined)
    if (decision.outcome !== "allow") return { decision }
    return { decision, output: (one === undefined ? unitsOf(call.world) : [one]).map(row) }
  },
})

/** The object id behind a reference such as `https://graph.microsoft.com/v1.0/users/<id>`. */
const objectIdOf = (world: IdentityWorld, reference: string): string | undefined => {
  const name = reference.slice(reference.lastIndexOf("/") + 1)
  return (
    userOf(world, name)?.id ??
    groupOf(world, name)?.id ??
    (HashMap.has(world.identity.devices, name) ? name : undefined)
  )
}

const changeMembers = (
  { world, now }: Call<IdentityWorld>,
  wants: "add-member" | "remove-member",
  ids: { readonly unit: string; readonly object: string },
): Ruling<IdentityEvent> => {
  const unit = unitOf(world, ids.unit)
  const objectId = objectIdOf(world, ids.object)
  const before = unit?.memberIds ?? []
  const decision = evaluateUnitChange({
    world,
    wants,
    unit,
    isObjectKnown: objectId !== undefined,
    isMember: objectId !== undefined && before.includes(objectId),
  })
  if (decision.outcome !== "allow" || unit === undefined || objectId === undefined) {
    return { decision }
  }
  const isAdded = wants === "add-member"
  const memberIds = isAdded ? [...before, objectId] : before.filter((it) => it !== objectId)
  return {
    decision,
    events: [{ _tag: "AdministrativeUnitMembersSet", unitId: unit.id, memberIds, at: now }],
    audit: [
      auditLine(
        isAdded ? "Add member to administrative unit" : "Remove member from administrative unit",
        unit.displayName,
        { Member: objectId },
      ),
    ],
  }
}

export const newUnitMember = operation({
  name: "New-MgDirectoryAdministrativeUnitMemberByRef",
  summary:
    "Puts a user, a group or a device into a unit; the members of a group do not come with it.",
  params: Schema.Struct({
    AdministrativeUnitId,
    OdataId: text("Address of the object, e.g. https://graph.microsoft.com/v1.0/users/<id>"),
    BodyParameter: Schema.optionalKey(
      hashtable.annotate({ description: "The same as @odata.id in a hashtable" }),
    ),
  }),
  roles: unitAdministrators,
  roleRefusal: requestDenied,
  facts: ["IDN-242"],
  decide: (call: Call<IdentityWorld>, given): Ruling<IdentityEvent> => {
    const inBody = given.BodyParameter?.["@odata.id"]
    return changeMembers(call, "add-member", {
      unit: given.AdministrativeUnitId,
      object: given.OdataId ?? (typeof inBody === "string" ? inBody : ""),
    })
  },
})

export const removeUnitMember = operation({
  name: "Remove-MgDirectoryAdministrativeUnitMemberByRef",
  summary: "Takes an object out of a unit.",
  params: Schema.Struct({
    AdministrativeUnitId,
    DirectoryObjectId: Schema.NonEmptyString.annotate({ description: "Id of the object" }),
  }),
  roles: unitAdministrators,
  roleRefusal: requestDenied,
  facts: ["IDN-242"],
  decide: (call: Call<IdentityWorld>, given): Ruling<IdentityEvent> =>
    changeMembers(call, "remove-member", {
      unit: given.AdministrativeUnitId,
      object: given.DirectoryObjectId,
    }),
})

export const getUnitMember = operation({
  name: "Get-MgDirectoryAdministrativeUnitMember",
  summary: "Shows what is in a unit.",
  params: Schema.Struct({
    AdministrativeUnitId,
    All: Schema.optionalKey(Schema.Boolean.annotate({ description: "All pages; switch" })),
  }),
  binding: { switches: ["All"] },
  facts: ["IDN-242"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, given): Ruling<IdentityEvent> => {
    const { world, now } = call
    const unit = unitOf(world, given.AdministrativeUnitId)
    const decision = readable(call, true, unit !== undefined)
    if (decision.outcome !== "allow" || unit === undefined) return { decision }
    return {
      decision,
      output: unitMemberIds(world, unit, now).map((id) => ({
        Id: id,
        DisplayName: (userOf(world, id) ?? groupOf(world, id))?.displayName ?? id,
      })),
    }
  },
})
