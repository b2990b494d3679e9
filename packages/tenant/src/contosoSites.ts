import { groupOf, type IdentityWorld } from "@twin/identity"
import type { Site, SpoEvent } from "@twin/spo"
import { addressOf } from "./contosoPeople.ts"

interface BaselineSite {
  readonly path: string
  readonly title: string
  readonly kind: Site["kind"]
  readonly owner: string
  readonly group?: string
  readonly capability: string
  readonly assignments: Site["assignments"]
}

const sites: readonly BaselineSite[] = [
  {
    path: "https://contoso.sharepoint.com/sites/launch",
    title: "Launch",
    kind: "GroupConnected",
    owner: "Alice",
    group: "Launch Team",
    capability: "ExternalUserAndGuestSharing",
    assignments: [],
  },
  {
    path: "https://contoso.sharepoint.com/sites/finance",
    title: "Finance",
    kind: "TeamNoGroup",
    owner: "Alice",
    capability: "Disabled",
    assignments: [{ kind: "group", principal: "Finance Team", level: "Edit" }],
  },
  {
    path: "https://contoso.sharepoint.com/sites/hr",
    title: "HR",
    kind: "Communication",
    owner: "Dave",
    capability: "ExistingExternalUserSharingOnly",
    assignments: [{ kind: "everyone-except-external-users", principal: "", level: "Read" }],
  },
  {
    path: "https://contoso-my.sharepoint.com/personal/alice_contoso_com",
    title: "OneDrive of Alice",
    kind: "OneDrive",
    owner: "Alice",
    capability: "ExternalUserAndGuestSharing",
    assignments: [],
  },
]

/** The sites of contoso; groups are named by their object id in the directory. */
export const siteEvents = (world: IdentityWorld, now: number): SpoEvent[] =>
  sites.map((it): SpoEvent => {
    const groupId = it.group === undefined ? undefined : groupOf(world, it.group)?.id
    return {
      _tag: "SiteCreated",
      site: {
        url: it.path,
        title: it.title,
        kind: it.kind,
        owner: addressOf(it.owner),
        admins: [addressOf(it.owner)],
        requested: { SharingCapability: it.capability },
        assignments: it.assignments.map((assignment) => ({
          ...assignment,
          principal: groupOf(world, assignment.principal)?.id ?? assignment.principal,
        })),
        ...(groupId === undefined ? {} : { groupId }),
        createdAt: now,
      },
    }
  })

/** Documents that exist when a story begins: who put them where, with which text and label. */
export const documents = [
  {
    by: "Alice",
    site: "https://contoso.sharepoint.com/sites/launch",
    file: "Launch Plan.docx",
    content:
      "Launch plan. The product ships on the first of October; the price is announced the day before. Partners get the press kit under embargo.",
  },
  {
    by: "Frank",
    site: "https://contoso.sharepoint.com/sites/launch",
    file: "Press Kit.docx",
    content:
      "Press kit. Photographs, quotations and the fact sheet for journalists. Under embargo until the launch.",
  },
  {
    by: "Alice",
    site: "https://contoso.sharepoint.com/sites/finance",
    file: "Forecast.xlsx",
    content: "Forecast. Revenue of the third quarter, by region, before audit.",
    label: "Highly Confidential",
  },
  {
    by: "Dave",
    site: "https://contoso.sharepoint.com/sites/hr",
    file: "Handbook.docx",
    content: "Handbook. Working hours, holidays, travel, and whom to ask.",
  },
] as const
