import { groupOf, userOf } from "@twin/identity"
import { type Call, decideByGates, deny, gate, type OutputObject, pass } from "@twin/kernel"
import { Schema } from "effect"
import { sharingLine, siteLine } from "../auditLines.ts"
import { missing } from "../decisions/missing.ts"
import { type PermissionLevel, partitionOf, type Site } from "../Site.ts"
import {
  type SpoWorld,
  siteGuestOf,
  siteGuestsOf,
  siteOf,
  siteSetting,
  tenantSetting,
} from "../State.ts"
import { reading } from "./getSpoTenant.ts"
import { cmdlet, type SpoOperation, type SpoRuling } from "./SpoOperation.ts"

const site = Schema.NonEmptyString.annotate({ description: "Address of the site" })
const login = Schema.NonEmptyString.annotate({ description: "Address or principal name" })

/** The three groups that every site has, by the end of their names (SPO-225). */
const levelOfGroup = (name: string): PermissionLevel | undefined => {
  const wanted = name.trim().toLowerCase()
  if (wanted.endsWith("owners")) return "Full Control"
  if (wanted.endsWith("members")) return "Edit"
  return wanted.endsWith("visitors") ? "Read" : undefined
}

interface SiteUserFacets {
  readonly isUserKnown: boolean
  readonly isGroupKnown: boolean
  readonly isGuest: boolean
  readonly areGuestAdminsBlocked: boolean
}

const userKnown = gate<SiteUserFacets>()({
  name: "site-user",
  facts: ["SPO-094", "SPO-225"],
  reads: ["isUserKnown", "isGroupKnown"],
  check: ({ isUserKnown, isGroupKnown }) => {
    if (!isUserKnown) {
      return deny(
        "The directory does not know this user.",
        {},
        { message: "The user does not exist or is not unique." },
      )
    }
    return isGroupKnown
      ? pass("User and group are known.")
      : deny("The site has no such group.", {}, { message: "Group cannot be found." })
  },
})

const userOfSite = gate<Pick<SiteUserFacets, "isUserKnown" | "isGroupKnown">>()({
  name: "user-of-site",
  facts: ["SPO-094"],
  reads: ["isUserKnown", "isGroupKnown"],
  check: ({ isUserKnown, isGroupKnown }) => {
    if (!isUserKnown) {
      return deny("Nobody of the site is called so.", {}, { message: "User cannot be found." })
    }
    return isGroupKnown
      ? pass("The site has whom and what was named.")
      : deny("The site has no such group.", {}, { message: "Group cannot be found." })
  },
})

const adminAllowed = gate<SiteUserFacets>()({
  name: "guest-site-admin",
  facts: ["SPO-233"],
  reads: ["isGuest", "areGuestAdminsBlocked"],
  check: ({ isGuest, areGuestAdminsBlocked }) =>
    isGuest && areGuestAdminsBlocked
      ? deny(
          "Guests cannot be admins of sites.",
          {},
          {
            message: "Guests can't be site admins in this organization.",
          },
        )
      : pass("This user may be an admin of the site."),
})

const areGuestAdminsBlocked = (world: SpoWorld, it: Site): boolean => {
  const own = siteSetting(it, "BlockGuestsAsSiteAdmin")
  const name =
    partitionOf(it.kind) === "OneDrive"
      ? "OneDriveBlockGuestsAsSiteAdmin"
      : "CoreBlockGuestsAsSiteAdmin"
  return (own === "Unspecified" ? tenantSetting(world, name) : own) === "On"
}

export const addSpoUser: SpoOperation = cmdlet({
  name: "Add-SPOUser",
  summary: "Adds somebody of the directory to a group of a site.",
  params: Schema.Struct({ Site: site, LoginName: login, Group: Schema.NonEmptyString }),
  facts: ["SPO-225", "SPO-242"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const it = siteOf(call.world, given.Site)
    if (it === undefined) return { decision: missing("site") }
    const user = userOf(call.world, given.LoginName)
    const group = user === undefined ? groupOf(call.world, given.LoginName) : undefined
    const level = levelOfGroup(given.Group)
    const decision = decideByGates([userKnown], {
      isUserKnown: user !== undefined || group !== undefined,
      isGroupKnown: level !== undefined,
    })
    if (decision.outcome !== "allow" || level === undefined) return { decision }
    const principal = group?.id ?? user?.mail?.toLowerCase() ?? given.LoginName.toLowerCase()
    const kind = group === undefined ? ("person" as const) : ("group" as const)
    return {
      decision,
      events: [
        {
          _tag: "SiteAssignmentAdded",
          url: it.url,
          assignment: { kind, principal, level },
          at: call.now,
        },
      ],
      audit: [
        sharingLine("AddedToGroup", it, undefined, {
          target: { name: principal, type: user?.userType === "Guest" ? "Guest" : "Member" },
        }),
      ],
    }
  },
})

/** Without a group the user leaves the site: stale entries of deleted accounts, too (SPO-094). */
export const removeSpoUser: SpoOperation = cmdlet({
  name: "Remove-SPOUser",
  summary: "Takes somebody out of a group of a site, or out of the site.",
  params: Schema.Struct({
    Site: site,
    LoginName: login,
    Group: Schema.optionalKey(Schema.NonEmptyString),
  }),
  facts: ["SPO-094"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const { world, now } = call
    const it = siteOf(world, given.Site)
    if (it === undefined) return { decision: missing("site") }
    const address =
      userOf(world, given.LoginName)?.mail?.toLowerCase() ?? given.LoginName.toLowerCase()
    const stay = siteGuestOf(world, it.url, address)
    return {
      decision: reading,
      events: [
        { _tag: "SiteAssignmentRemoved", url: it.url, principal: address, at: now },
        ...(given.Group === undefined && stay !== undefined
          ? [{ _tag: "GuestRemovedFromSite" as const, url: it.url, address, at: now }]
          : []),
      ],
      audit: [
        sharingLine("RemovedFromGroup", it, undefined, {
          target: { name: address, type: "Member" },
        }),
      ],
    }
  },
})

const userRow = (
  world: SpoWorld,
  it: Site,
  address: string,
  groups: readonly string[],
): OutputObject => {
  const user = userOf(world, address)
  return {
    DisplayName: user?.displayName ?? address,
    LoginName: address,
    Groups: [...groups],
    UserType: user?.userType ?? "Guest",
    IsSiteAdmin: it.owner === address || it.admins.includes(address),
  }
}

export const getSpoUser: SpoOperation = cmdlet({
  name: "Get-SPOUser",
  summary: "Shows the people of a site.",
  params: Schema.Struct({
    Site: site,
    LoginName: Schema.optionalKey(login),
    Group: Schema.optionalKey(Schema.NonEmptyString),
    Limit: Schema.optionalKey(Schema.Union([Schema.Number, Schema.String])),
  }),
  facts: ["SPO-094", "SPO-233"],
  isReadOnly: true,
  decide: ({ world }: Call<SpoWorld>, given): SpoRuling => {
    const it = siteOf(world, given.Site)
    if (it === undefined) return { decision: missing("site") }
    const groups = new Map<string, string[]>()
    const add = (address: string, group?: string): void => {
      groups.set(address, [...(groups.get(address) ?? []), ...(group === undefined ? [] : [group])])
    }
    for (const admin of [it.owner, ...it.admins]) add(admin)
    for (const { principal, level, kind } of it.assignments) {
      if (kind === "person") add(principal, `${it.title} ${level}`)
    }
    for (const { address, isRemoved } of siteGuestsOf(world, it.url)) if (!isRemoved) add(address)
    const { LoginName, Group } = given
    const level = Group === undefined ? undefined : levelOfGroup(Group)
    const wanted =
      LoginName === undefined
        ? undefined
        : (userOf(world, LoginName)?.mail?.toLowerCase() ?? LoginName.toLowerCase())
    const decision = decideByGates<Pick<SiteUserFacets, "isUserKnown" | "isGroupKnown">>(
      [userOfSite],
      {
        isUserKnown: wanted === undefined || groups.has(wanted),
        isGroupKnown: Group === undefined || level !== undefined,
      },
    )
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      output: [...groups]
        .filter(([address]) => wanted === undefined || address === wanted)
        .filter(([, names]) => level === undefined || names.includes(`${it.title} ${level}`))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([address, names]) => userRow(world, it, address, [...new Set(names)])),
    }
  },
})

export const setSpoUser: SpoOperation = cmdlet({
  name: "Set-SPOUser",
  summary: "Makes somebody an admin of a site, or takes that away.",
  params: Schema.Struct({ Site: site, LoginName: login, IsSiteCollectionAdmin: Schema.Boolean }),
  facts: ["SPO-233", "SPO-245"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const { world, now } = call
    const it = siteOf(world, given.Site)
    if (it === undefined) return { decision: missing("site") }
    const user = userOf(world, given.LoginName)
    const isAdmin = given.IsSiteCollectionAdmin
    const decision = decideByGates<SiteUserFacets>([userKnown, adminAllowed], {
      isUserKnown: user !== undefined,
      isGroupKnown: true,
      isGuest: isAdmin && user?.userType === "Guest",
      areGuestAdminsBlocked: areGuestAdminsBlocked(world, it),
    })
    if (decision.outcome !== "allow") return { decision }
    const address = user?.mail?.toLowerCase() ?? given.LoginName.toLowerCase()
    return {
      decision,
      events: [{ _tag: "SiteAdminChanged", url: it.url, address, isAdmin, at: now }],
      audit: [
        siteLine(isAdmin ? "SiteCollectionAdminAdded" : "SiteCollectionAdminRemoved", it.url),
      ],
    }
  },
})
