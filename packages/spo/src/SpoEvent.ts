import { InvitationRestrictions, OneTimeCode } from "@twin/identity"
import { Schema } from "effect"
import { DlpPolicy, DlpRule } from "./DlpPolicy.ts"
import { DirectGrant, DlpMatch, DriveItem, ScanState, StoredContent } from "./DriveItem.ts"
import { labelEvents } from "./labelEvents.ts"
import { LinkMember, SharingLink } from "./SharingLink.ts"
import { Site, SiteAssignment } from "./Site.ts"
import { syncEvents } from "./SyncRelation.ts"
import { StoredValue } from "./settings/SettingRow.ts"

const id = Schema.NonEmptyString
/** Epoch milliseconds. */
const at = Schema.Number
const changes = Schema.Record(Schema.String, StoredValue)

/** Everything that changes the SharePoint slice. A tenant's baseline is a list of these. */
export const SpoEvent = Schema.TaggedUnion({
  TenantSettingsChanged: { changes, at },
  /** SharePoint has copied the invitation restrictions of Entra (SPO-113). */
  EntraPolicySynced: { restrictions: Schema.optionalKey(InvitationRestrictions), at },
  /** The directory setting `EnableMIPLabels` (SPO-130). */
  ContainerLabelsSwitched: { isOn: Schema.Boolean, at },

  SiteCreated: { site: Site },
  SiteSettingsChanged: { url: id, changes, at },
  /** Without a label: it was taken off. */
  SiteLabelChanged: {
    url: id,
    labelId: Schema.optionalKey(id),
    privacy: Schema.optionalKey(Schema.Literals(["Public", "Private"])),
    at,
  },
  SiteAdminChanged: { url: id, address: id, isAdmin: Schema.Boolean, at },
  SiteAssignmentAdded: { url: id, assignment: SiteAssignment, at },
  SiteAssignmentRemoved: { url: id, principal: Schema.String, at },
  SiteRecycled: { url: id, at },
  SiteRestored: { url: id, at },
  SitePurged: { url: id, at },

  /** The guest's stay on this site begins; the date is fixed now or never (SPO-091). */
  GuestJoinedSite: { url: id, address: id, at, expiresAt: Schema.optionalKey(Schema.Number) },
  GuestExpirationChanged: {
    url: id,
    address: id,
    expiresAt: Schema.optionalKey(Schema.Number),
    at,
  },
  GuestRemovedFromSite: { url: id, address: id, at },

  ...labelEvents,
  ...syncEvents,
  ItemCreated: { item: DriveItem },
  FileContentReplaced: { itemId: id, content: StoredContent, by: id, scan: ScanState, at },
  /** Crawl and evaluation of these files are due (again): a policy has changed. */
  ScansScheduled: { itemIds: Schema.Array(id), dueAt: Schema.Number, at },
  FileScanned: { itemId: id, matches: Schema.Array(DlpMatch), at },
  DlpOverridden: { itemId: id, by: id, justification: Schema.String, at },
  ItemRecycled: { itemId: id, by: id, at },
  ItemRestored: { itemId: id, by: id, at },

  LinkCreated: { link: SharingLink },
  LinkMembersAdded: {
    linkId: id,
    members: Schema.Array(LinkMember),
    sentTo: Schema.Array(Schema.String),
    at,
  },
  LinkMemberRemoved: { linkId: id, address: id, at },
  LinkRedeemed: { linkId: id, address: id, at },
  LinkExpirationChanged: { linkId: id, expiresAt: Schema.Number, at },
  LinkRemoved: { linkId: id, at },
  DirectGrantAdded: { itemId: id, grant: DirectGrant },
  DirectGrantRemoved: { itemId: id, address: id, at },
  InheritanceBroken: { itemId: id, at },

  VerificationCodeIssued: { linkId: id, code: OneTimeCode },
  VerificationCodeMissed: { linkId: id, address: id, at },
  VerificationCodeUsed: { linkId: id, address: id, at },
  /** The address was proven; `isKept` where the person ticked "stay signed in" (SPO-099). */
  AddressVerified: { address: id, isKept: Schema.Boolean, at },
  BrowserClosed: { address: id, at },

  DlpPolicyCreated: { policy: DlpPolicy },
  DlpPolicyChanged: { policy: DlpPolicy, at },
  DlpPolicyRemoved: { name: id, at },
  DlpRuleCreated: { rule: DlpRule, at },
  DlpRuleChanged: { rule: DlpRule, at },
  DlpRuleRemoved: { name: id, at },
})
export type SpoEvent = typeof SpoEvent.Type
