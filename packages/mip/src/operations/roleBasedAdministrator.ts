import { allGroups, groupKindOf, groupOf, userOf } from "@twin/identity"
import { decideByGates, deny, gate, type OutputObject, pass } from "@twin/kernel"
import { Schema } from "effect"
import type { RoleBasedAdministrator, ServiceRole } from "../ServiceLedger.ts"
import { ledgerOf, type MipWorld } from "../State.ts"
import { aipCmdlet, says } from "./aipCmdlet.ts"

interface AdministratorFacets {
  /** How many of the three ways to name somebody are used. */
  readonly named: number
  readonly found: "user" | "group" | "distribution" | "nobody" | "several"
  readonly isListed: boolean
}

const namedOnce = gate<AdministratorFacets>()({
  name: "administrator-named",
  facts: ["MIP-010"],
  reads: ["named"],
  check: ({ named }) =>
    named === 1
      ? pass("One account or group is named.", { named })
      : deny(
          "Exactly one of object id, group name and address has to be given.",
          { named },
          {
            code: "AmbiguousParameterSet",
            message: "Parameter set cannot be resolved using the specified named parameters.",
          },
        ),
})

const accountOrGroup = gate<AdministratorFacets>()({
  name: "administrator-known",
  facts: ["MIP-010"],
  reads: ["found"],
  check: ({ found }) => {
    const details = { found }
    switch (found) {
      case "user":
        return pass("The account is one of this organization.", details)
      case "group":
        return pass("The group is a security group; it needs no address.", details)
      case "several":
        return deny("Several groups have this name.", details, {
          code: "MultipleMatches",
          message: "More than one group has this display name. Specify ObjectId instead.",
        })
      case "distribution":
        return deny("The group is no security group.", details, notFound)
      case "nobody":
        return deny("There is no such account or group.", details, notFound)
    }
  },
})

const notFound = {
  code: "ObjectNotFound",
  message: "The user or security group could not be found in this organization.",
}

const listed = gate<AdministratorFacets>()({
  name: "administrator-listed",
  facts: ["MIP-010"],
  reads: ["isListed"],
  check: ({ isListed }) =>
    isListed
      ? pass("The service has given this role to the account or group.")
      : deny(
          "The service has not given this role to the account or group.",
          {},
          {
            code: "ObjectNotFound",
            message: "The specified administrator was not found.",
          },
        ),
})

const whoParams = {
  ObjectId: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Object id of a user or security group" }),
  ),
  SecurityGroupDisplayName: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Name of a security group" }),
  ),
  EmailAddress: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Address of a user or security group" }),
  ),
  Role: Schema.optionalKey(
    Schema.Literals(["GlobalAdministrator", "ConnectorAdministrator"]).annotate({
      description: "GlobalAdministrator unless given",
    }),
  ),
}

interface Who {
  readonly ObjectId?: string
  readonly SecurityGroupDisplayName?: string
  readonly EmailAddress?: string
  readonly Role?: ServiceRole
}

interface Found {
  readonly found: AdministratorFacets["found"]
  readonly administrator?: Omit<RoleBasedAdministrator, "role">
}

const findIn = (world: MipWorld, who: Who): Found => {
  if (who.SecurityGroupDisplayName !== undefined) {
    const wanted = who.SecurityGroupDisplayName.trim().toLowerCase()
    const [first, ...others] = allGroups(world).filter(
      ({ displayName }) => displayName.toLowerCase() === wanted,
    )
    return others.length > 0 ? { found: "several" } : groupFound(first)
  }
  const wanted = (who.ObjectId ?? who.EmailAddress ?? "").trim().toLowerCase()
  const user = userOf(world, wanted)
  const isUser = user !== undefined && (who.ObjectId === undefined || user.id === wanted)
  if (isUser) {
    const { id, displayName, mail } = user
    const address = mail === undefined ? {} : { emailAddress: mail }
    return { found: "user", administrator: { objectId: id, displayName, ...address } }
  }
  const group = groupOf(world, wanted)
  const isNamed =
    who.ObjectId === undefined ? group?.mail?.toLowerCase() === wanted : group?.id === wanted
  return groupFound(isNamed ? group : undefined)
}

const groupFound = (group: ReturnType<typeof groupOf>): Found => {
  if (group === undefined) return { found: "nobody" }
  const kind = groupKindOf(group)
  if (kind === "distribution" || (kind === "microsoft-365" && !group.securityEnabled)) {
    return { found: "distribution" }
  }
  const { id, displayName, mail } = group
  const address = mail === undefined || mail === "" ? {} : { emailAddress: mail }
  return { found: "group", administrator: { objectId: id, displayName, ...address } }
}

const namesIn = (who: Who): number =>
  [who.ObjectId, who.SecurityGroupDisplayName, who.EmailAddress].filter((it) => it !== undefined)
    .length

const facetsOf = (world: MipWorld, who: Who, { found, administrator }: Found) => ({
  named: namesIn(who),
  found,
  isListed: ledgerOf(world).administrators.some(
    ({ objectId, role }) =>
      objectId === administrator?.objectId && role === (who.Role ?? "GlobalAdministrator"),
  ),
})

const parametersOf = ({ administrator }: Found, role: ServiceRole): string =>
  `-role ${role} -objectId ${administrator?.objectId ?? ""}`

export const addRoleBasedAdministrator = aipCmdlet({
  name: "Add-AipServiceRoleBasedAdministrator",
  summary: "Lets an account or the members of a group administer the protection service.",
  params: Schema.Struct(whoParams),
  facts: ["MIP-010"],
  binding: { pipeline: "EmailAddress" },
  decide: ({ world, now }, params) => {
    const found = findIn(world, params)
    const role = params.Role ?? "GlobalAdministrator"
    const { administrator } = found
    return {
      decision: decideByGates([namedOnce, accountOrGroup], facetsOf(world, params, found)),
      events:
        administrator === undefined
          ? []
          : [
              {
                _tag: "RoleBasedAdministratorAdded",
                administrator: { ...administrator, role },
                at: now,
              },
            ],
      logged: { command: "AddRoleBasedAdministrator", parameters: parametersOf(found, role) },
      output: says("The administrator was added to the protection service."),
    }
  },
})

export const removeRoleBasedAdministrator = aipCmdlet({
  name: "Remove-AipServiceRoleBasedAdministrator",
  summary: "Takes the administration of the protection service away from an account or group.",
  params: Schema.Struct(whoParams),
  facts: ["MIP-010"],
  binding: { pipeline: "EmailAddress" },
  decide: ({ world, now }, params) => {
    const found = findIn(world, params)
    const role = params.Role ?? "GlobalAdministrator"
    const objectId = found.administrator?.objectId
    return {
      decision: decideByGates([namedOnce, accountOrGroup, listed], facetsOf(world, params, found)),
      events:
        objectId === undefined
          ? []
          : [{ _tag: "RoleBasedAdministratorRemoved", objectId, role, at: now }],
      logged: { command: "RemoveRoleBasedAdministrator", parameters: parametersOf(found, role) },
    }
  },
})

export const getRoleBasedAdministrator = aipCmdlet({
  name: "Get-AipServiceRoleBasedAdministrator",
  summary: "Shows to whom the protection service itself has given a role.",
  params: Schema.Struct({ Role: whoParams.Role }),
  facts: ["MIP-010"],
  isReadOnly: true,
  decide: ({ world }, { Role }) => ({
    output: ledgerOf(world)
      .administrators.filter(({ role }) => Role === undefined || role === Role)
      .map(shown),
  }),
})

export const clearRoleBasedAdministrator = aipCmdlet({
  name: "Clear-AipServiceRoleBasedAdministrator",
  summary: "Takes every role away that the protection service itself has given.",
  params: Schema.Struct({
    Force: Schema.optionalKey(Schema.Boolean.annotate({ description: "Does not ask" })),
  }),
  facts: ["MIP-010"],
  binding: { switches: ["Force"] },
  decide: ({ now }) => ({
    events: [{ _tag: "RoleBasedAdministratorsCleared", at: now }],
    logged: { command: "ClearRoleBasedAdministratorList" },
  }),
})

const shown = ({
  objectId,
  displayName,
  emailAddress,
  role,
}: RoleBasedAdministrator): OutputObject => ({
  ObjectId: objectId,
  DisplayName: displayName,
  EmailAddress: emailAddress ?? null,
  Role: role,
})
