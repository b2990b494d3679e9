import type { AuditEntry, Workload } from "@twin/kernel"
import type { Schema } from "effect"
import { type DriveItem, extensionOf, nameOf } from "./DriveItem.ts"
import type { Site } from "./Site.ts"
import { webUrlOf } from "./State.ts"

/** Record types of the Office 365 Management Activity schema that this domain writes (SPO-240). */
export const recordTypes = {
  sharePoint: 4,
  fileOperation: 6,
  dlp: 11,
  sharing: 14,
  sensitivityLabel: 83,
} as const

/** ItemType of the schema (SPO-240). */
const itemTypes = { file: 1, folder: 5, web: 6, site: 7, tenant: 8 } as const

type Details = Readonly<Record<string, Schema.Json>>

export const workloadOf = (site: Site): Workload =>
  site.kind === "OneDrive" ? "OneDrive" : "SharePoint"

const itemDetails = (site: Site, item: DriveItem | undefined): Details =>
  item === undefined
    ? { ItemType: itemTypes.site, SiteUrl: site.url }
    : {
        ItemType: itemTypes[item.kind],
        SiteUrl: site.url,
        SourceRelativeUrl: item.path.slice(0, Math.max(0, item.path.lastIndexOf("/"))),
        SourceFileName: nameOf(item),
        SourceFileExtension: extensionOf(nameOf(item)),
        ListItemUniqueId: item.id,
      }

/** Somebody did something with a file: open, change, download, delete. */
export const fileLine = (
  operation: string,
  site: Site,
  item: DriveItem,
  details: Details = {},
): AuditEntry => ({
  operation,
  recordType: recordTypes.fileOperation,
  workload: workloadOf(site),
  objectId: webUrlOf(item),
  details: { ...itemDetails(site, item), ...details },
})

/** To whom a sharing record points (SPO-241). */
export interface SharingTarget {
  readonly name: string
  readonly type: "Member" | "Guest" | "SharePointGroup" | "SecurityGroup"
}

/** Something about sharing: who was let in, by what link (SPO-241). */
export const sharingLine = (
  operation: string,
  site: Site,
  item: DriveItem | undefined,
  options: {
    readonly target?: SharingTarget
    readonly linkId?: string
    readonly eventData?: string
  } = {},
): AuditEntry => ({
  operation,
  recordType: recordTypes.sharing,
  workload: workloadOf(site),
  objectId: item === undefined ? site.url : webUrlOf(item),
  details: {
    ...itemDetails(site, item),
    ...(options.target === undefined
      ? {}
      : {
          TargetUserOrGroupName: options.target.name,
          TargetUserOrGroupType: options.target.type,
        }),
    ...(options.linkId === undefined ? {} : { UniqueSharingId: options.linkId }),
    ...(options.eventData === undefined ? {} : { EventData: options.eventData }),
  },
})

/** Something about a site or the tenant: settings, admins, life cycle (SPO-245). */
export const siteLine = (
  operation: string,
  objectId: string,
  details: Details = {},
): AuditEntry => ({
  operation,
  recordType: recordTypes.sharePoint,
  workload: "SharePoint",
  objectId,
  details,
})

/** A setting before and after, as `ModifiedProperties` has it. */
export const modified = (name: string, before: Schema.Json, after: Schema.Json): Schema.Json => ({
  Name: name,
  OldValue: before,
  NewValue: after,
})

/** Data loss prevention speaks as its own agent (SPO-206). */
export const dlpLine = (
  operation: "DlpRuleMatch" | "DlpRuleUndo" | "DlpInfo",
  site: Site,
  item: DriveItem,
  rules: readonly string[],
): AuditEntry => ({
  operation,
  recordType: recordTypes.dlp,
  workload: workloadOf(site),
  objectId: webUrlOf(item),
  userId: "DlpAgent",
  userKey: "DlpAgent",
  userType: 4,
  details: {
    SharePointMetaData: {
      FileOwner: item.createdBy,
      DocumentLastModifier: item.modifiedBy,
      SiteCollectionUrl: site.url,
      FileName: nameOf(item),
    },
    PolicyDetails: rules.map((it) => ({ RuleName: it })),
  },
})
