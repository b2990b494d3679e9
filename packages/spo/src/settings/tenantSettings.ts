import type { FactId } from "@twin/kernel"
import {
  action,
  booleanRow,
  choiceRow,
  integerRow,
  listRow,
  notModelled,
  textRow,
  type ValueOf,
} from "./SettingRow.ts"

type Facts = readonly [FactId, ...FactId[]]

const levels = [
  "Disabled",
  "ExistingExternalUserSharingOnly",
  "ExternalUserSharingOnly",
  "ExternalUserAndGuestSharing",
] as const
const scopes = ["Anyone", "Organization", "SpecificPeople", "Uninitialized"] as const
const roles = ["None", "View", "Edit", "Review", "RestrictedView"] as const
const threeWay = ["On", "Off", "Unspecified"] as const

const level = (description: string, facts: Facts) =>
  choiceRow(levels, "ExternalUserAndGuestSharing", description, facts)
const anyoneDays = (description: string) =>
  integerRow({ from: 1, to: 730, zeroOr: true }, 0, description, ["SPO-038"])
const organizationDays = (description: string) =>
  integerRow({ from: 7, to: 720, zeroOr: true }, 0, description, ["SPO-031"])
const linkScope = (description: string, facts: Facts) =>
  choiceRow(scopes, "Uninitialized", description, facts)
const linkRole = (description: string, facts: Facts) => choiceRow(roles, "None", description, facts)

/** Parameters of Set-SPOTenant that say who may be reached, by what kind of link. */
const links = {
  SharingCapability: level("How far sharing may go in the whole tenant", ["SPO-001", "SPO-005"]),
  CoreSharingCapability: level("How far sharing may go on SharePoint sites", ["SPO-006"]),
  OneDriveSharingCapability: level(
    "How far sharing may go in OneDrive; never looser than the tenant",
    ["SPO-006", "SPO-010"],
  ),
  DefaultSharingLinkType: choiceRow(
    ["None", "Direct", "Internal", "AnonymousAccess"],
    "Internal",
    "The kind of link that the Share dialog preselects",
    ["SPO-050", "SPO-051"],
  ),
  DefaultLinkPermission: choiceRow(
    ["None", "View", "Edit"],
    "Edit",
    "The permission that the Share dialog preselects",
    ["SPO-050"],
  ),
  CoreDefaultShareLinkScope: linkScope("Preselected scope on SharePoint sites; wins when set", [
    "SPO-052",
  ]),
  OneDriveDefaultShareLinkScope: linkScope("Preselected scope in OneDrive; wins when set", [
    "SPO-052",
  ]),
  CoreDefaultShareLinkRole: linkRole("Preselected role on SharePoint sites; wins when set", [
    "SPO-052",
  ]),
  OneDriveDefaultShareLinkRole: linkRole("Preselected role in OneDrive; wins when set", [
    "SPO-052",
  ]),
  CoreDefaultLinkToExistingAccess: booleanRow(
    false,
    "Preselect people with existing access on sites",
    ["SPO-052"],
  ),
  OneDriveDefaultLinkToExistingAccess: booleanRow(
    false,
    "Preselect people with existing access in OneDrive",
    ["SPO-052"],
  ),
  CoreLoopDefaultSharingLinkScope: notModelled(
    linkScope("Preselected scope for Loop on sites", ["SPO-062"]),
  ),
  CoreLoopDefaultSharingLinkRole: notModelled(
    linkRole("Preselected role for Loop on sites", ["SPO-062"]),
  ),
  OneDriveLoopDefaultSharingLinkScope: notModelled(
    linkScope("Preselected scope for Loop in OneDrive", ["SPO-062"]),
  ),
  OneDriveLoopDefaultSharingLinkRole: notModelled(
    linkRole("Preselected role for Loop in OneDrive", ["SPO-062"]),
  ),
  RequireAnonymousLinksExpireInDays: integerRow(
    { from: 0, to: 730 },
    -1,
    "Days after which every Anyone link must expire; 0 removes the requirement",
    ["SPO-035", "SPO-036"],
  ),
  CoreAnyoneSharingLinkMaxExpirationInDays: anyoneDays("Longest life of Anyone links on sites"),
  CoreAnyoneSharingLinkRecommendedExpirationInDays: anyoneDays(
    "Preselected life of Anyone links on sites",
  ),
  OneDriveAnyoneSharingLinkMaxExpirationInDays: anyoneDays(
    "Longest life of Anyone links in OneDrive",
  ),
  OneDriveAnyoneSharingLinkRecommendedExpirationInDays: anyoneDays(
    "Preselected life of Anyone links in OneDrive",
  ),
  CoreOrganizationSharingLinkMaxExpirationInDays: organizationDays(
    "Longest life of organization links on sites",
  ),
  CoreOrganizationSharingLinkRecommendedExpirationInDays: organizationDays(
    "Preselected life of organization links on sites",
  ),
  OneDriveOrganizationSharingLinkMaxExpirationInDays: organizationDays(
    "Longest life of organization links in OneDrive",
  ),
  OneDriveOrganizationSharingLinkRecommendedExpirationInDays: organizationDays(
    "Preselected life of organization links in OneDrive",
  ),
  FileAnonymousLinkType: choiceRow(
    ["View", "Edit"],
    "Edit",
    "The most that Anyone links to files may grant",
    ["SPO-039"],
  ),
  FolderAnonymousLinkType: choiceRow(
    ["View", "ViewUpload", "Edit"],
    "Edit",
    "The most that Anyone links to folders may grant",
    ["SPO-039", "SPO-016"],
  ),
  AnyoneLinkTrackUsers: booleanRow(false, "Holders of Anyone links must verify an e-mail address", [
    "SPO-041",
  ]),
  OwnerAnonymousNotification: booleanRow(true, "Tell the OneDrive owner about new Anyone links", [
    "SPO-040",
  ]),
  BlockDownloadLinksFileType: choiceRow(
    ["WebPreviewableFiles", "ServerRenderedFilesOnly"],
    "WebPreviewableFiles",
    "Which files a link that blocks download may open",
    ["SPO-026"],
  ),
  CoreRequestFilesLinkEnabled: booleanRow(false, "Request-files links on sites", ["SPO-016"]),
  OneDriveRequestFilesLinkEnabled: booleanRow(false, "Request-files links in OneDrive", [
    "SPO-016",
  ]),
  CoreRequestFilesLinkExpirationInDays: notModelled(
    integerRow({ from: 0, to: 730 }, -1, "Life of request-files links on sites", ["SPO-016"]),
  ),
  OneDriveRequestFilesLinkExpirationInDays: notModelled(
    integerRow({ from: 0, to: 730 }, -1, "Life of request-files links in OneDrive", ["SPO-016"]),
  ),
}

/** Parameters about people: verification, guests, who may share with whom. */
const people = {
  EmailAttestationRequired: booleanRow(
    false,
    "People who use a verification code must reauthenticate",
    ["SPO-099"],
  ),
  EmailAttestationReAuthDays: integerRow(
    { from: 1, to: 365 },
    30,
    "Days until a new verification code is due",
    ["SPO-099"],
  ),
  EnableAzureADB2BIntegration: booleanRow(false, "External people become guests in the directory", [
    "SPO-105",
    "SPO-117",
  ]),
  SyncAadB2BManagementPolicy: action(
    booleanRow(false, "Copies the Entra invitation restrictions to SharePoint now", ["SPO-113"]),
  ),
  ExternalUserExpirationRequired: booleanRow(false, "The access of guests to a site expires", [
    "SPO-090",
  ]),
  ExternalUserExpireInDays: integerRow(
    { from: 30, to: 730 },
    60,
    "Days until a guest's access to a site expires",
    ["SPO-090"],
  ),
  PreventExternalUsersFromResharing: booleanRow(
    false,
    "Guests cannot share items they do not own",
    ["SPO-072"],
  ),
  RequireAcceptingAccountMatchInvitedAccount: booleanRow(
    false,
    "Legacy invitations only: the accepting account must be the invited one",
    ["SPO-083"],
  ),
  AllowGuestUserShareToUsersNotInSiteCollection: booleanRow(
    false,
    "Guests may resolve people who are not in the site",
    ["SPO-080"],
  ),
  ShowPeoplePickerSuggestionsForGuestUsers: booleanRow(
    false,
    "The people picker suggests existing guests",
    ["SPO-081", "IDN-088"],
  ),
  SearchResolveExactEmailOrUPN: booleanRow(false, "The people picker wants exact addresses", [
    "SPO-081",
  ]),
  ShowEveryoneClaim: booleanRow(false, "The picker offers Everyone", ["SPO-082"]),
  ShowEveryoneExceptExternalUsersClaim: booleanRow(
    true,
    "The picker offers Everyone except external users",
    ["SPO-082"],
  ),
  ShowAllUsersClaim: booleanRow(true, "The picker offers All Users", ["SPO-082"]),
  AllowEveryoneExceptExternalUsersClaimInPrivateSite: booleanRow(
    false,
    "Everyone except external users may be added to private sites",
    ["SPO-082"],
  ),
  WhoCanShareAuthenticatedGuestAllowList: listRow(
    [],
    "Security groups whose members may share with guests",
    ["SPO-073", "SPO-074"],
  ),
  WhoCanShareAnonymousAllowList: listRow(
    [],
    "Security groups whose members may share with guests and make Anyone links",
    ["SPO-073", "SPO-074"],
  ),
  SharingDomainRestrictionMode: choiceRow(
    ["None", "AllowList", "BlockList"],
    "None",
    "Whether sharing is limited by domain",
    ["SPO-076"],
  ),
  SharingAllowedDomainList: textRow("", "Domains that may be shared with, separated by spaces", [
    "SPO-076",
  ]),
  SharingBlockedDomainList: textRow(
    "",
    "Domains that may not be shared with, separated by spaces",
    ["SPO-076"],
  ),
  ODBMembersCanShare: choiceRow(
    threeWay,
    "Unspecified",
    "People with edit may share from a OneDrive",
    ["SPO-071"],
  ),
  ODBAccessRequests: choiceRow(
    threeWay,
    "Unspecified",
    "The OneDrive owner gets requests for sharing",
    ["SPO-071"],
  ),
  NotifyOwnersWhenItemsReshared: booleanRow(true, "Tell the OneDrive owner about resharing", [
    "SPO-085",
  ]),
  NotifyOwnersWhenInvitationsAccepted: notModelled(
    booleanRow(true, "Tell the OneDrive owner about accepted invitations (deprecated)", [
      "SPO-085",
    ]),
  ),
  BccExternalSharingInvitations: booleanRow(
    false,
    "Send blind copies of sharing mail to outsiders",
    ["SPO-085"],
  ),
  BccExternalSharingInvitationsList: textRow("", "Who gets the blind copies, separated by commas", [
    "SPO-085",
  ]),
  NotificationsInSharePointEnabled: notModelled(
    booleanRow(true, "Notifications in SharePoint", ["SPO-085"]),
  ),
  NotificationsInOneDriveForBusinessEnabled: notModelled(
    booleanRow(true, "Notifications in OneDrive", ["SPO-085"]),
  ),
  CustomizedExternalSharingServiceUrl: textRow("", "Address appended to the refusal of a share", [
    "SPO-086",
    "SPO-271",
  ]),
  CoreBlockGuestsAsSiteAdmin: choiceRow(
    threeWay,
    "Unspecified",
    "Guests cannot be admins of sites",
    ["SPO-233"],
  ),
  OneDriveBlockGuestsAsSiteAdmin: choiceRow(
    threeWay,
    "Unspecified",
    "Guests cannot be admins of a OneDrive",
    ["SPO-233"],
  ),
  OneDriveForGuestsEnabled: notModelled(
    booleanRow(false, "Administrator-managed guests with a licence may get a OneDrive", [
      "SPO-233",
    ]),
  ),
  RestrictExternalSharingForAgents: notModelled(
    booleanRow(false, "Agents cannot share outside", ["SPO-088"]),
  ),
  RestrictExternalSharing: notModelled(
    listRow([], "Agent parents that cannot share outside", ["SPO-088"]),
  ),
}

/** Parameters about labels, scanning, devices, networks and retention. */
const protection = {
  MarkNewFilesSensitiveByDefault: choiceRow(
    ["AllowExternalSharing", "BlockExternalSharing"],
    "AllowExternalSharing",
    "New files stay closed to outsiders until data loss prevention has scanned them",
    ["SPO-190"],
  ),
  EnableAIPIntegration: booleanRow(false, "SharePoint processes labels and label-encrypted files", [
    "SPO-150",
  ]),
  EnableSensitivityLabelforPDF: booleanRow(false, "Labels for PDF files", ["SPO-152"]),
  EnableSensitivityLabelforOneNote: booleanRow(false, "Labels for OneNote sections", ["SPO-152"]),
  EnableSensitivityLabelforVideoFiles: booleanRow(false, "Labels for video files", ["SPO-152"]),
  DisableDocumentLibraryDefaultLabeling: notModelled(
    booleanRow(false, "Library default labels are switched off", ["SPO-163"]),
  ),
  ExtendPermissionsToUnprotectedFiles: notModelled(
    booleanRow(false, "Downloaded copies keep SharePoint permissions", ["SPO-164"]),
  ),
  AllowSensitivityLabelOnRecords: notModelled(
    booleanRow(false, "Labels may be applied to records", ["SPO-163"]),
  ),
  BlockSendLabelMismatchEmail: booleanRow(false, "No mail about a label mismatch", ["SPO-147"]),
  LabelMismatchEmailHelpLink: textRow("", "Address behind the help link of the mismatch mail", [
    "SPO-147",
  ]),
  ConditionalAccessPolicy: choiceRow(
    ["AllowFullAccess", "AllowLimitedAccess", "BlockAccess"],
    "AllowFullAccess",
    "What unmanaged devices may do",
    ["SPO-210", "SPO-212"],
  ),
  LimitedAccessFileType: choiceRow(
    ["OfficeOnlineFilesOnly", "WebPreviewableFiles", "OtherFiles"],
    "WebPreviewableFiles",
    "Which files limited access may open",
    ["SPO-212"],
  ),
  AllowEditing: booleanRow(true, "Editing in the browser under limited access", ["SPO-212"]),
  ApplyAppEnforcedRestrictionsToAdHocRecipients: booleanRow(
    true,
    "Device limits bind people with a code",
    ["SPO-214"],
  ),
  ConditionalAccessPolicyErrorHelpLink: notModelled(
    textRow("", "Help link on the block page", ["SPO-210"]),
  ),
  IPAddressAllowList: textRow(
    "",
    "Addresses and ranges that may reach SharePoint, separated by commas",
    ["SPO-217"],
  ),
  IPAddressEnforcement: booleanRow(false, "Only the allowed addresses reach SharePoint", [
    "SPO-217",
  ]),
  IPAddressWACTokenLifetime: notModelled(
    integerRow({ from: 1, to: 1440 }, 15, "Minutes of a web app token", ["SPO-217"]),
  ),
  ReduceTempTokenLifetimeEnabled: notModelled(
    booleanRow(false, "Shorter life of download addresses", ["SPO-217"]),
  ),
  ReduceTempTokenLifetimeValue: notModelled(
    integerRow({ from: 5, to: 15 }, 15, "Minutes of a download address", ["SPO-217"]),
  ),
  EnableRestrictedAccessControl: booleanRow(false, "Sites may be restricted to groups", [
    "SPO-216",
  ]),
  AllowSharingOutsideRestrictedAccessControlGroups: booleanRow(
    true,
    "Sharing beyond the groups of a restricted site",
    ["SPO-216"],
  ),
  InformationBarriersSuspension: booleanRow(true, "Information barriers are off", ["SPO-218"]),
  LegacyAuthProtocolsEnabled: notModelled(booleanRow(true, "Old clients may sign in", ["SPO-290"])),
  DisallowInfectedFileDownload: notModelled(
    booleanRow(false, "No download of infected files", ["SPO-280"]),
  ),
  NoAccessRedirectUrl: textRow("", "Where visitors of a locked site are sent", ["SPO-283"]),
  OrphanedPersonalSitesRetentionPeriod: notModelled(
    integerRow({ from: 30, to: 3650 }, 30, "Days a deleted user's OneDrive is kept", ["SPO-282"]),
  ),
  RecycleBinRetentionPeriod: integerRow(
    { from: 14, to: 93 },
    93,
    "Days a deleted file can be restored",
    ["SPO-280"],
  ),
}

/** The whole configuration surface of `Set-SPOTenant`, as data. */
export const tenantSettings = { ...links, ...people, ...protection }

export type TenantSettingName = keyof typeof tenantSettings
export type TenantSettings = {
  readonly [K in TenantSettingName]: ValueOf<(typeof tenantSettings)[K]>
}
