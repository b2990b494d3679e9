import {
  type Derivation,
  decideByGates,
  deny,
  gate,
  type OutputObject,
  pass,
  printedParameter,
} from "@twin/kernel"
import { Schema } from "effect"
import { organizationOf } from "../directory.ts"
import { resourceNotFound } from "../graphRefusals.ts"
import type { IdentityWorld } from "../State.ts"
import { getAuthorizationPolicy, updateAuthorizationPolicy } from "./authorizationPolicy.ts"
import {
  getConditionalAccessPolicy,
  newConditionalAccessPolicy,
  removeConditionalAccessPolicy,
  updateConditionalAccessPolicy,
} from "./conditionalAccess.ts"
import { connectGraph, disconnectGraph } from "./graphSession.ts"
import {
  getMgGroup,
  getMgGroupMember,
  newMgGroupMember,
  removeMgGroupMember,
} from "./groupMembers.ts"
import { newMgGroup, removeMgGroup, updateMgGroup } from "./groups.ts"
import { newMgInvitation } from "./invitations.ts"
import type { IdentityOperation } from "./logged.ts"
import { profileParams } from "./userProfile.ts"
import { shownByDefault } from "./userRow.ts"
import { getMgUser, removeMgUser, updateMgUser } from "./users.ts"
import { derived } from "./withinUnits.ts"

type Own = Derivation<IdentityWorld>

/** The same names on both sides. */
export const sameNames = (...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, name]))

const text = (description: string) => Schema.optionalKey(Schema.String.annotate({ description }))
const names = (description: string) =>
  Schema.optionalKey(Schema.Array(Schema.String).annotate({ description }))
const count = Schema.optionalKey(Schema.Int.annotate({ description: "At most so many" }))

export const searchParam = { SearchString: text("Beginning of the name, the mail or the alias") }

const startsWith = (value: unknown, wanted: string): boolean =>
  typeof value === "string" && value.toLowerCase().startsWith(wanted)

/** What `-SearchString` finds: beginnings of names and addresses, in any case. */
export const searched = (
  rows: readonly OutputObject[],
  wanted: Schema.Json | undefined,
): readonly OutputObject[] => {
  if (typeof wanted !== "string" || wanted === "") return rows
  const prefix = wanted.toLowerCase()
  return rows.filter((row) =>
    ["DisplayName", "UserPrincipalName", "Mail", "MailNickname"].some((it) =>
      startsWith(row[it], prefix),
    ),
  )
}

/** The first so many rows, where a number is given. */
export const firstOf = (
  rows: readonly OutputObject[],
  top: Schema.Json | undefined,
): readonly OutputObject[] => (typeof top === "number" ? rows.slice(0, top) : rows)

/** The properties asked for; without asking all that the source prints. */
const chosen = (
  rows: readonly OutputObject[],
  wanted: Schema.Json | undefined,
): readonly OutputObject[] => {
  if (!Array.isArray(wanted)) return rows
  const properties = wanted.map((it: Schema.Json) => printedParameter(it).toLowerCase())
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(([name]) => properties.includes(name.toLowerCase())),
    ),
  )
}

const userKey = {
  ObjectId: "UserId",
  UPN: "UserId",
  Identity: "UserId",
  UserPrincipalName: "UserId",
}
const groupKey = { ObjectId: "GroupId" }

const ownTenant = gate<{ readonly tenant: string; readonly isOwn: boolean }>()({
  name: "tenant-connected",
  facts: ["IDN-020"],
  reads: ["tenant", "isOwn"],
  check: ({ tenant, isOwn }) =>
    isOwn
      ? pass("The session is one with this tenant.", { tenant })
      : deny(
          "The account has no session with that tenant.",
          { tenant },
          { code: "AADSTS90002", message: `AADSTS90002: Tenant '${tenant}' not found.` },
        ),
})

const connects: Own = {
  name: "Connect-Entra",
  summary: "Connects the Microsoft Entra module, with the permissions that are named.",
  params: sameNames("Scopes", "NoWelcome"),
  own: { TenantId: text("Id or domain of the tenant") },
  binding: {
    positional: ["Scopes"],
    switches: ["NoWelcome"],
    aliases: { Audience: "TenantId", Tenant: "TenantId" },
  },
  asks: ({ world }, { TenantId }) => {
    const tenant = typeof TenantId === "string" ? TenantId : ""
    const it = organizationOf(world)
    const own = [it?.tenantId, it?.initialDomain, ...(it?.verifiedDomains ?? [])]
    return decideByGates([ownTenant], {
      tenant,
      isOwn: tenant === "" || own.includes(tenant.toLowerCase()),
    })
  },
}

const onlyPolicy = gate<{ readonly id: string; readonly isFound: boolean }>()({
  name: "policy-found",
  facts: ["IDN-024"],
  reads: ["id", "isFound"],
  check: ({ id, isFound }) =>
    isFound
      ? pass("The tenant has one authorization policy.", { id })
      : deny("The tenant has no such policy.", { id }, resourceNotFound(id)),
})

const policyParams = ["DisplayName", "State", "Conditions", "GrantControls", "SessionControls"]

/**
 * Microsoft Entra PowerShell: the requests are those of Microsoft Graph, names and parameters are its
 * own. Boolean parameters need a value where the Graph module has switches.
 */
export const entraModule: readonly IdentityOperation[] = [
  derived(connectGraph, connects),
  derived(disconnectGraph, {
    name: "Disconnect-Entra",
    summary: "Ends the session of the Microsoft Entra module.",
    params: {},
  }),
  derived(newMgInvitation, {
    name: "New-EntraInvitation",
    summary: "Invites an external person as a guest, or resets how a guest signs in.",
    params: sameNames(
      "InvitedUserEmailAddress",
      "InviteRedirectUrl",
      "SendInvitationMessage",
      "InvitedUserDisplayName",
      "InvitedUserType",
      "InvitedUserMessageInfo",
      "InvitedUser",
      "ResetRedemption",
    ),
    mandatory: ["InvitedUserEmailAddress", "InviteRedirectUrl"],
    binding: { switches: ["ResetRedemption"] },
  }),
  derived(getMgUser, {
    name: "Get-EntraUser",
    summary: "Shows users of the directory, guests included.",
    params: sameNames("UserId", "Filter", "Property", "All", "Top"),
    own: searchParam,
    binding: {
      switches: ["All"],
      aliases: { ...userKey, Select: "Property", Limit: "Top" },
      pipeline: "UserId",
    },
    // The search looks at more than what is printed.
    request: (renamed, { SearchString }) =>
      SearchString === undefined ? renamed : { ...renamed, Property: ["*"] },
    output: (rows, { SearchString, Property }) =>
      SearchString === undefined
        ? rows
        : chosen(searched(rows, SearchString), Property ?? shownByDefault),
  }),
  derived(updateMgUser, {
    name: "Set-EntraUser",
    summary: "Changes a user, for instance blocks the sign-in of a guest.",
    params: sameNames(
      "UserId",
      "AccountEnabled",
      "UserType",
      "DisplayName",
      "OtherMails",
      "ShowInAddressList",
      ...Object.keys(profileParams),
    ),
    binding: { aliases: userKey, pipeline: "UserId" },
  }),
  derived(removeMgUser, {
    name: "Remove-EntraUser",
    summary: "Deletes a user; for thirty days the object can be restored.",
    params: sameNames("UserId"),
    binding: { aliases: userKey, pipeline: "UserId" },
  }),
  // A rule cannot be given, so that a dynamic group cannot be made: the service refuses the type.
  derived(newMgGroup, {
    name: "New-EntraGroup",
    summary: "Creates a security group or a Microsoft 365 group with assigned members.",
    params: sameNames(
      "DisplayName",
      "Description",
      "MailEnabled",
      "MailNickname",
      "SecurityEnabled",
      "GroupTypes",
      "Visibility",
      "IsAssignableToRole",
    ),
    mandatory: ["DisplayName", "MailEnabled", "MailNickname", "SecurityEnabled"],
  }),
  derived(updateMgGroup, {
    name: "Set-EntraGroup",
    summary: "Changes a group.",
    params: sameNames("GroupId", "DisplayName", "Description", "Visibility"),
    binding: { aliases: { Id: "GroupId" }, pipeline: "GroupId" },
  }),
  derived(removeMgGroup, {
    name: "Remove-EntraGroup",
    summary: "Deletes a group.",
    params: sameNames("GroupId"),
    binding: { aliases: groupKey, pipeline: "GroupId" },
  }),
  derived(getMgGroup, {
    name: "Get-EntraGroup",
    summary: "Shows groups of the directory.",
    params: sameNames("GroupId", "Filter", "All"),
    own: { ...searchParam, Top: count, Property: names("Properties to show") },
    binding: {
      switches: ["All"],
      aliases: { ...groupKey, Select: "Property", Limit: "Top" },
      pipeline: "GroupId",
    },
    output: (rows, { SearchString, Top, Property }) =>
      chosen(firstOf(searched(rows, SearchString), Top), Property),
  }),
  derived(getMgGroupMember, {
    name: "Get-EntraGroupMember",
    summary: "Shows the direct members of a group and what each of them is.",
    params: sameNames("GroupId", "All"),
    own: { Top: count, Property: names("Properties to show") },
    binding: {
      switches: ["All"],
      aliases: { ...groupKey, Select: "Property", Limit: "Top" },
      pipeline: "GroupId",
    },
    output: (rows, { Top, Property }) => chosen(firstOf(rows, Top), Property),
  }),
  derived(newMgGroupMember, {
    name: "Add-EntraGroupMember",
    summary: "Adds a user, a contact, a device or a group to a group.",
    params: { GroupId: "GroupId", MemberId: "DirectoryObjectId" },
    binding: { aliases: { ...groupKey, RefObjectId: "MemberId" }, pipeline: "GroupId" },
  }),
  derived(removeMgGroupMember, {
    name: "Remove-EntraGroupMember",
    summary: "Removes a member from a group.",
    params: { GroupId: "GroupId", MemberId: "DirectoryObjectId" },
    binding: { aliases: groupKey, pipeline: "MemberId" },
  }),
  derived(newConditionalAccessPolicy, {
    name: "New-EntraConditionalAccessPolicy",
    summary: "Creates a Conditional Access policy.",
    params: sameNames(...policyParams),
  }),
  derived(updateConditionalAccessPolicy, {
    name: "Set-EntraConditionalAccessPolicy",
    summary:
      "Changes a Conditional Access policy; conditions and controls are replaced as a whole.",
    params: { PolicyId: "ConditionalAccessPolicyId", ...sameNames(...policyParams) },
    binding: { pipeline: "PolicyId" },
  }),
  derived(removeConditionalAccessPolicy, {
    name: "Remove-EntraConditionalAccessPolicy",
    summary: "Deletes a Conditional Access policy.",
    params: { PolicyId: "ConditionalAccessPolicyId" },
    binding: { pipeline: "PolicyId" },
  }),
  derived(getConditionalAccessPolicy, {
    name: "Get-EntraConditionalAccessPolicy",
    summary: "Shows Conditional Access policies.",
    params: { PolicyId: "ConditionalAccessPolicyId" },
    own: { Property: names("Properties to show") },
    binding: { aliases: { Select: "Property" }, pipeline: "PolicyId" },
    output: (rows, { Property }) => chosen(rows, Property),
  }),
  // Its syntax lacks who may invite and what guests may see: these are set through Graph.
  derived(updateAuthorizationPolicy, {
    name: "Set-EntraAuthorizationPolicy",
    summary: "Changes the authorization policy, but not who may invite and what guests may see.",
    params: {
      ...sameNames(
        "AllowEmailVerifiedUsersToJoinOrganization",
        "BlockMsolPowerShell",
        "DefaultUserRolePermissions",
      ),
      AllowedToUseSSPR: "AllowedToUseSspr",
    },
  }),
  derived(getAuthorizationPolicy, {
    name: "Get-EntraAuthorizationPolicy",
    summary: "Shows who may invite guests and what guests may see.",
    params: {},
    own: { Id: text("authorizationPolicy"), Property: names("Properties to show") },
    binding: { aliases: { Select: "Property" } },
    asks: (_call, { Id = "authorizationPolicy" }) => {
      const id = printedParameter(Id)
      return decideByGates([onlyPolicy], {
        id,
        isFound: id.toLowerCase() === "authorizationpolicy",
      })
    },
    output: (rows, { Property }) => chosen(rows, Property),
  }),
]
