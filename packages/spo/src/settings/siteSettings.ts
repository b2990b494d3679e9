import {
  booleanRow,
  choiceRow,
  integerRow,
  listRow,
  notModelled,
  textRow,
  type ValueOf,
} from "./SettingRow.ts"

/** Parameters of Set-SPOSite that stay with the site. Requested values: what is in force is computed. */
export const siteSettings = {
  SharingCapability: choiceRow(
    [
      "Disabled",
      "ExistingExternalUserSharingOnly",
      "ExternalUserSharingOnly",
      "ExternalUserAndGuestSharing",
    ],
    // Only where no site type gives another default (SPO-011).
    "Disabled",
    "How far sharing may go on this site",
    ["SPO-005", "SPO-007", "SPO-306"],
  ),
  OverrideSharingCapability: booleanRow(false, "The level of the partition does not count here", [
    "SPO-006",
  ]),
  DefaultSharingLinkType: choiceRow(
    ["None", "Direct", "Internal", "AnonymousAccess"],
    "None",
    "The kind of link that the Share dialog preselects; None inherits",
    ["SPO-051", "SPO-053"],
  ),
  DefaultLinkPermission: choiceRow(
    ["None", "View", "Edit"],
    "None",
    "The preselected permission; None inherits",
    ["SPO-053"],
  ),
  DefaultShareLinkScope: choiceRow(
    ["Anyone", "Organization", "SpecificPeople", "Uninitialized"],
    "Uninitialized",
    "The preselected scope; wins over the older property",
    ["SPO-053"],
  ),
  DefaultShareLinkRole: choiceRow(
    ["None", "View", "Edit", "Review", "RestrictedView"],
    "None",
    "The preselected role; wins over the older property",
    ["SPO-053"],
  ),
  DefaultLinkToExistingAccess: booleanRow(false, "Preselect people with existing access", [
    "SPO-053",
  ]),
  LoopDefaultSharingLinkScope: notModelled(
    choiceRow(
      ["Anyone", "Organization", "SpecificPeople", "Uninitialized"],
      "Uninitialized",
      "Scope for Loop",
      ["SPO-062"],
    ),
  ),
  LoopDefaultSharingLinkRole: notModelled(
    choiceRow(["None", "View", "Edit", "Review", "RestrictedView"], "None", "Role for Loop", [
      "SPO-062",
    ]),
  ),
  DefaultMainLinkScope: notModelled(
    choiceRow(
      ["OnlyPeopleAdded", "Organization", "Anyone"],
      "OnlyPeopleAdded",
      "Audience of the main link",
      ["SPO-063"],
    ),
  ),
  DisableCompanyWideSharingLinks: choiceRow(
    ["NotDisabled", "Disabled"],
    "NotDisabled",
    "Whether organization links exist on this site",
    ["SPO-030"],
  ),
  BlockDownloadLinksFileType: choiceRow(
    ["WebPreviewableFiles", "ServerRenderedFilesOnly"],
    "WebPreviewableFiles",
    "Which files a link that blocks download may open",
    ["SPO-026"],
  ),
  OverrideTenantAnonymousLinkExpirationPolicy: booleanRow(
    false,
    "The site has its own life of Anyone links",
    ["SPO-038"],
  ),
  AnonymousLinkExpirationInDays: integerRow(
    { from: 0, to: 730 },
    0,
    "Longest life of Anyone links here",
    ["SPO-038"],
  ),
  AnyoneSharingLinkRecommendedExpirationInDays: integerRow(
    { from: 0, to: 730 },
    0,
    "Preselected life of Anyone links here",
    ["SPO-038"],
  ),
  OverrideTenantExternalUserExpirationPolicy: booleanRow(
    false,
    "The site has its own guest expiration",
    ["SPO-090"],
  ),
  ExternalUserExpirationInDays: integerRow(
    { from: 0, to: 730 },
    0,
    "Days until a guest's access expires here",
    ["SPO-090"],
  ),
  OverrideTenantOrganizationSharingLinkExpirationPolicy: booleanRow(
    false,
    "The site has its own life of organization links",
    ["SPO-031"],
  ),
  OrganizationSharingLinkMaxExpirationInDays: integerRow(
    { from: 7, to: 720, zeroOr: true },
    0,
    "Longest life of organization links here",
    ["SPO-031"],
  ),
  OrganizationSharingLinkRecommendedExpirationInDays: integerRow(
    { from: 7, to: 720, zeroOr: true },
    0,
    "Preselected life of organization links here",
    ["SPO-031"],
  ),
  MembersCanShare: choiceRow(
    ["MemberShareAll", "MemberShareFileAndFolder", "MemberShareNone"],
    "MemberShareAll",
    "What members may share (a page of the site, not a parameter of the real cmdlet)",
    ["SPO-070"],
  ),
  SharingDomainRestrictionMode: choiceRow(
    ["None", "AllowList", "BlockList"],
    "None",
    "Limit by domain on this site",
    ["SPO-077"],
  ),
  SharingAllowedDomainList: textRow("", "Domains that may be shared with, separated by spaces", [
    "SPO-077",
  ]),
  SharingBlockedDomainList: textRow(
    "",
    "Domains that may not be shared with, separated by spaces",
    ["SPO-077"],
  ),
  ConditionalAccessPolicy: choiceRow(
    ["AllowFullAccess", "AllowLimitedAccess", "BlockAccess", "AuthenticationContext"],
    "AllowFullAccess",
    "What unmanaged devices may do here",
    ["SPO-210", "SPO-212"],
  ),
  AuthenticationContextName: textRow("", "The authentication context that people must have met", [
    "SPO-137",
    "SPO-210",
  ]),
  LimitedAccessFileType: choiceRow(
    ["OfficeOnlineFilesOnly", "WebPreviewableFiles", "OtherFiles"],
    "WebPreviewableFiles",
    "Which files limited access may open here",
    ["SPO-212"],
  ),
  AllowEditing: booleanRow(true, "Editing in the browser under limited access", ["SPO-212"]),
  ReadOnlyForUnmanagedDevices: booleanRow(false, "Unmanaged devices may only read", ["SPO-212"]),
  BlockDownloadPolicy: booleanRow(false, "Browser only, for everybody", ["SPO-215"]),
  ReadOnlyForBlockDownloadPolicy: booleanRow(false, "No editing under the block download policy", [
    "SPO-215",
  ]),
  ExcludeBlockDownloadPolicySiteOwners: booleanRow(false, "Site owners may download all the same", [
    "SPO-215",
  ]),
  ExcludedBlockDownloadGroupIds: listRow([], "Groups that may download all the same", ["SPO-215"]),
  ExcludeBlockDownloadSharePointGroups: notModelled(
    listRow([], "SharePoint groups that may download all the same", ["SPO-215"]),
  ),
  RestrictedAccessControl: booleanRow(false, "Only members of the listed groups reach the site", [
    "SPO-216",
  ]),
  RestrictedAccessControlGroups: listRow([], "The groups that reach a restricted site", [
    "SPO-216",
  ]),
  InformationBarriersMode: choiceRow(
    ["Open", "OwnerModerated", "Implicit", "Explicit", "Mixed"],
    "Open",
    "How information barriers bind this site",
    ["SPO-218"],
  ),
  BlockGuestsAsSiteAdmin: choiceRow(
    ["On", "Off", "Unspecified"],
    "Unspecified",
    "Guests cannot be site admins",
    ["SPO-233"],
  ),
  RequestFilesLinkEnabled: booleanRow(false, "Request-files links on this site", ["SPO-016"]),
  RequestFilesLinkExpirationInDays: notModelled(
    integerRow({ from: 0, to: 730 }, -1, "Life of request-files links here", ["SPO-016"]),
  ),
  ShowPeoplePickerSuggestionsForGuestUsers: booleanRow(
    false,
    "The people picker suggests existing guests",
    ["SPO-081", "IDN-088"],
  ),
  LockState: choiceRow(["Unlock", "ReadOnly", "NoAccess"], "Unlock", "Whether the site is open", [
    "SPO-283",
  ]),
}

export type SiteSettingName = keyof typeof siteSettings
export type SiteSettings = { readonly [K in SiteSettingName]: ValueOf<(typeof siteSettings)[K]> }
