import { Schema } from "effect"
import type { SharingCapability } from "./SharingCapability.ts"
import { StoredValue } from "./settings/SettingRow.ts"

/** What a site collection is; it decides the level it starts with (SPO-011) and its partition. */
export const SiteKind = Schema.Literals([
  "Classic",
  "GroupConnected",
  "TeamNoGroup",
  "Communication",
  "ChannelPrivate",
  "ChannelShared",
  "OneDrive",
  "Root",
])
export type SiteKind = typeof SiteKind.Type

/** Permission levels that the twin gives (SPO-225). */
export const PermissionLevel = Schema.Literals([
  "Full Control",
  "Edit",
  "Contribute",
  "Read",
  "View Only",
])
export type PermissionLevel = typeof PermissionLevel.Type

/** `everyone-except-external-users` is a claim: all members of the directory (SPO-082). */
export const PrincipalKind = Schema.Literals(["person", "group", "everyone-except-external-users"])

/** Somebody's permission on a whole site, through one of its SharePoint groups. */
export const SiteAssignment = Schema.Struct({
  kind: PrincipalKind,
  /** A lower-case address, or the object id of a group; empty for a claim. */
  principal: Schema.String,
  level: PermissionLevel,
})
export type SiteAssignment = typeof SiteAssignment.Type

/** A site collection. Settings are kept as requested; what is in force is computed (SPO-007). */
export const Site = Schema.Struct({
  /** Lower case, no slash at the end. */
  url: Schema.NonEmptyString,
  title: Schema.String,
  kind: SiteKind,
  /** Lower-case address of the primary site admin; in a OneDrive, its owner. */
  owner: Schema.NonEmptyString,
  admins: Schema.Array(Schema.String),
  /** Object id of the connected Microsoft 365 group. */
  groupId: Schema.optionalKey(Schema.NonEmptyString),
  requested: Schema.Record(Schema.String, StoredValue),
  assignments: Schema.Array(SiteAssignment),
  /** Id of the container label. */
  labelId: Schema.optionalKey(Schema.NonEmptyString),
  privacy: Schema.optionalKey(Schema.Literals(["Public", "Private"])),
  createdAt: Schema.Number,
  /** In the bin of sites since then. */
  recycledAt: Schema.optionalKey(Schema.Number),
})
export type Site = typeof Site.Type

/** Half of a tenant that some settings exist for: all sites, or every OneDrive. */
export type Partition = "Core" | "OneDrive"

export const partitionOf = (kind: SiteKind): Partition =>
  kind === "OneDrive" ? "OneDrive" : "Core"

/** The level a new site starts with (SPO-011). */
export const startingLevel = (kind: SiteKind, mayOwnersAddGuests: boolean): SharingCapability => {
  switch (kind) {
    case "OneDrive":
    case "Root":
      return "ExternalUserAndGuestSharing"
    case "GroupConnected":
      return mayOwnersAddGuests ? "ExternalUserSharingOnly" : "ExistingExternalUserSharingOnly"
    // Channel sites start like their team.
    case "ChannelPrivate":
    case "ChannelShared":
      return mayOwnersAddGuests ? "ExternalUserSharingOnly" : "ExistingExternalUserSharingOnly"
    case "Classic":
    case "Communication":
    case "TeamNoGroup":
      return "Disabled"
  }
}

/** Web templates by kind, as the cmdlets print and take them. */
export const templateOf: Readonly<Record<SiteKind, string>> = {
  Classic: "STS#0",
  GroupConnected: "GROUP#0",
  TeamNoGroup: "STS#3",
  Communication: "SITEPAGEPUBLISHING#0",
  ChannelPrivate: "TEAMCHANNEL#0",
  ChannelShared: "TEAMCHANNEL#1",
  OneDrive: "SPSPERS#10",
  Root: "SITEPAGEPUBLISHING#0",
}

/** The same address always spelt the same way. */
export const normalUrl = (url: string): string => url.trim().toLowerCase().replace(/\/+$/, "")
