import { groupOf, organizationOf, userOf } from "@twin/identity"
import {
  andThen,
  type Call,
  decideByGates,
  deny,
  gate,
  operation,
  pass,
  type Refusal,
} from "@twin/kernel"
import { Schema } from "effect"
import { siteLine } from "../auditLines.ts"
import { normalUrl, type Site, type SiteKind, startingLevel, templateOf } from "../Site.ts"
import type { SpoEvent } from "../SpoEvent.ts"
import { type SpoWorld, siteOf, tenantSetting } from "../State.ts"
import { visitorOf } from "../Visitor.ts"
import { cmdlet, type SpoOperation, type SpoRuling } from "./SpoOperation.ts"

interface NewSiteFacets {
  readonly isUrlFree: boolean
  readonly isUrlValid: boolean
  readonly kind: SiteKind | "unknown"
  readonly isOwnerKnown: boolean
}

const error = (message: string): Refusal => ({ message })

const address = gate<NewSiteFacets>()({
  name: "site-address",
  facts: ["SPO-281"],
  reads: ["isUrlFree", "isUrlValid"],
  check: ({ isUrlFree, isUrlValid }) => {
    if (!isUrlValid)
      return deny("The address is not one of a site.", {}, error("The URL is not valid."))
    return isUrlFree
      ? pass("The address is free.")
      : deny(
          "A site has this address, maybe a deleted one.",
          {},
          error("A site already exists at this URL."),
        )
  },
})

const template = gate<NewSiteFacets>()({
  name: "web-template",
  facts: ["SPO-011"],
  reads: ["kind"],
  check: ({ kind }) =>
    kind === "unknown" || kind === "GroupConnected" || kind === "OneDrive"
      ? deny(
          "Sites of this template are not created like this.",
          { kind },
          error("The web template is not available for sites on this tenant."),
        )
      : pass("The template can be used.", { kind }),
})

const owner = gate<NewSiteFacets>()({
  name: "site-owner",
  facts: ["SPO-233"],
  reads: ["isOwnerKnown"],
  check: ({ isOwnerKnown }) =>
    isOwnerKnown
      ? pass("The owner is in the directory.")
      : deny(
          "The owner is not in the directory.",
          {},
          error("The user does not exist or is not unique."),
        ),
})

/** A site as it starts: with the level of its kind (SPO-011). */
const newSite = (
  call: Call<SpoWorld>,
  o: {
    readonly url: string
    readonly title: string
    readonly kind: SiteKind
    readonly owner: string
    readonly groupId?: string
    readonly mayOwnersAddGuests?: boolean
  },
): Site => ({
  url: normalUrl(o.url),
  title: o.title,
  kind: o.kind,
  owner: o.owner.toLowerCase(),
  admins: [o.owner.toLowerCase()],
  ...(o.groupId === undefined ? {} : { groupId: o.groupId }),
  requested: {
    SharingCapability: startingLevel(o.kind, o.mayOwnersAddGuests ?? true),
    // The tenant's value counts for sites made from now on, never for those that exist (IDN-088).
    ...(tenantSetting(call.world, "ShowPeoplePickerSuggestionsForGuestUsers")
      ? { ShowPeoplePickerSuggestionsForGuestUsers: true }
      : {}),
  },
  assignments: [],
  createdAt: call.now,
})

const created = (site: Site): Pick<SpoRuling, "events" | "audit" | "output"> => ({
  events: [{ _tag: "SiteCreated", site }],
  audit: [siteLine("SiteCollectionCreated", site.url)],
  output: [
    {
      id: site.url,
      site: site.url,
      SharingCapability: String(site.requested["SharingCapability"]),
    },
  ],
})

const kindOfTemplate = (name: string): SiteKind | "unknown" => {
  const kinds: readonly SiteKind[] = [
    "Classic",
    "TeamNoGroup",
    "Communication",
    "GroupConnected",
    "OneDrive",
    "ChannelPrivate",
    "ChannelShared",
  ]
  return kinds.find((it) => templateOf[it].toLowerCase() === name.toLowerCase()) ?? "unknown"
}

const isSiteUrl = (url: string): boolean =>
  /^https:\/\/[^/\s]+(\/(sites|teams)\/[^/\s]+)?$/i.test(url)

export const newSpoSite: SpoOperation = cmdlet({
  name: "New-SPOSite",
  summary: "Creates a site that is not connected to a Microsoft 365 group.",
  params: Schema.Struct({
    Url: Schema.NonEmptyString.annotate({ description: "Address of the new site" }),
    Owner: Schema.NonEmptyString.annotate({ description: "Primary site admin" }),
    StorageQuota: Schema.optionalKey(Schema.Number.annotate({ description: "Megabytes" })),
    Title: Schema.optionalKey(Schema.String.annotate({ description: "Title of the site" })),
    Template: Schema.optionalKey(
      Schema.String.annotate({ description: "Web template; STS#3 unless given" }),
    ),
    LocaleId: Schema.optionalKey(Schema.Number),
    TimeZoneId: Schema.optionalKey(Schema.Number),
    NoWait: Schema.optionalKey(Schema.Boolean),
  }),
  binding: { positional: ["Url"], switches: ["NoWait"] },
  facts: ["SPO-011"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const url = normalUrl(given.Url)
    const isRoot = /^https:\/\/[^/]+$/.test(url)
    const asked = kindOfTemplate(given.Template ?? templateOf.TeamNoGroup)
    const kind = isRoot && asked === "Communication" ? "Root" : asked
    const user = userOf(call.world, given.Owner)
    const decision = decideByGates<NewSiteFacets>([address, template, owner], {
      isUrlFree: siteOf(call.world, url)?.url !== url,
      isUrlValid: isSiteUrl(url),
      kind,
      isOwnerKnown: user !== undefined,
    })
    if (decision.outcome !== "allow" || kind === "unknown") return { decision }
    const title = given.Title ?? url.slice(url.lastIndexOf("/") + 1)
    const admin = user?.mail ?? given.Owner
    return { decision, ...created(newSite(call, { url, title, kind, owner: admin })) }
  },
})

/** The OneDrive of a member: `https://contoso-my.sharepoint.com/personal/alice_contoso_com`. */
const personalSiteUrl = (world: SpoWorld, principalName: string): string => {
  const host = (organizationOf(world)?.initialDomain ?? "tenant.onmicrosoft.com").split(".")[0]
  return `https://${host}-my.sharepoint.com/personal/${principalName.toLowerCase().replaceAll(/[@.]/g, "_")}`
}

export const requestSpoPersonalSite: SpoOperation = cmdlet({
  name: "Request-SPOPersonalSite",
  summary: "Creates the OneDrive of members.",
  params: Schema.Struct({
    UserEmails: Schema.Array(Schema.NonEmptyString).annotate({
      description: "Addresses of members",
    }),
    NoWait: Schema.optionalKey(Schema.Boolean),
  }),
  binding: { positional: ["UserEmails"], switches: ["NoWait"] },
  facts: ["SPO-011"],
  decide: (call: Call<SpoWorld>, { UserEmails: emails }): SpoRuling => {
    const users = emails.map((it) => userOf(call.world, it))
    const decision = decideByGates([owner], { isOwnerKnown: users.every((it) => it !== undefined) })
    if (decision.outcome !== "allow") return { decision }
    const events = users.flatMap((user): readonly SpoEvent[] => {
      if (user === undefined) return []
      const url = personalSiteUrl(call.world, user.userPrincipalName)
      const admin = user.mail ?? user.userPrincipalName
      if (siteOf(call.world, url) !== undefined) return []
      const title = user.displayName
      return [
        {
          _tag: "SiteCreated",
          site: newSite(call, { url, title, kind: "OneDrive", owner: admin }),
        },
      ]
    })
    return { decision, events }
  },
})

interface TeamFacets {
  readonly isGroupKnown: boolean
  readonly isMember: boolean
}

const groupIsThere = gate<TeamFacets>()({
  name: "microsoft-365-group",
  facts: ["SPO-011"],
  reads: ["isGroupKnown", "isMember"],
  check: ({ isGroupKnown, isMember }) => {
    if (!isGroupKnown) return deny("There is no such Microsoft 365 group.")
    return isMember
      ? pass("The person belongs to the group.")
      : deny("Only people of the group create its site.")
  },
})

/** The site of a Microsoft 365 group: Teams and Outlook make it with the group. */
export const createTeamSite: SpoOperation = operation({
  name: "create-team-site",
  summary: "Creates the site of a Microsoft 365 group.",
  params: Schema.Struct({
    site: Schema.NonEmptyString.annotate({ description: "Address of the new site" }),
    group: Schema.NonEmptyString.annotate({ description: "The group, by id, name or address" }),
    title: Schema.optionalKey(Schema.String.annotate({ description: "Title of the site" })),
  }),
  facts: ["SPO-011"],
  decide: (call: Call<SpoWorld>, { site: given, group: name, title }): SpoRuling => {
    const { world, actor } = call
    const url = normalUrl(given)
    const group = groupOf(world, name)
    const visitor = visitorOf(world, actor)
    const isOwner = visitor.user !== undefined && group?.owners.includes(visitor.user.id) === true
    const decision = andThen(
      decideByGates([groupIsThere], {
        isGroupKnown: group?.groupTypes.includes("Unified") === true,
        isMember: isOwner || visitor.groupIds.has(group?.id ?? ""),
      }),
      () =>
        decideByGates([address], {
          isUrlFree: siteOf(world, url)?.url !== url,
          isUrlValid: isSiteUrl(url),
        }),
    )
    if (decision.outcome !== "allow" || group === undefined) return { decision }
    const site = newSite(call, {
      url,
      title: title ?? group.displayName,
      kind: "GroupConnected",
      owner: visitor.address,
      groupId: group.id,
      mayOwnersAddGuests: group.allowToAddGuests,
    })
    return { decision, ...created(site) }
  },
})
