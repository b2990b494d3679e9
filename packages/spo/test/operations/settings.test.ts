import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { effectiveCapability, siteOf, siteSettings, tenantSettings } from "../../src/index.ts"
import {
  audited,
  finance,
  first,
  group,
  groupId,
  guest,
  inTheDaysOfChoice,
  launch,
  makeLab,
  oneDrive,
  refusal,
  site,
  verdict,
} from "../world.ts"

/** The configuration surface of the facts, by name. Flat on purpose: the table must not lose a row. */
const documentedForTenant = `SharingCapability CoreSharingCapability OneDriveSharingCapability
DefaultSharingLinkType DefaultLinkPermission CoreDefaultShareLinkScope OneDriveDefaultShareLinkScope
CoreDefaultShareLinkRole OneDriveDefaultShareLinkRole CoreDefaultLinkToExistingAccess
OneDriveDefaultLinkToExistingAccess CoreLoopDefaultSharingLinkScope CoreLoopDefaultSharingLinkRole
OneDriveLoopDefaultSharingLinkScope OneDriveLoopDefaultSharingLinkRole RequireAnonymousLinksExpireInDays
CoreAnyoneSharingLinkMaxExpirationInDays OneDriveAnyoneSharingLinkMaxExpirationInDays
CoreAnyoneSharingLinkRecommendedExpirationInDays OneDriveAnyoneSharingLinkRecommendedExpirationInDays
CoreOrganizationSharingLinkMaxExpirationInDays OneDriveOrganizationSharingLinkMaxExpirationInDays
CoreOrganizationSharingLinkRecommendedExpirationInDays
OneDriveOrganizationSharingLinkRecommendedExpirationInDays FileAnonymousLinkType FolderAnonymousLinkType
AnyoneLinkTrackUsers OwnerAnonymousNotification BlockDownloadLinksFileType CoreRequestFilesLinkEnabled
OneDriveRequestFilesLinkEnabled CoreRequestFilesLinkExpirationInDays
OneDriveRequestFilesLinkExpirationInDays EmailAttestationRequired EmailAttestationReAuthDays
EnableAzureADB2BIntegration SyncAadB2BManagementPolicy ExternalUserExpirationRequired
ExternalUserExpireInDays PreventExternalUsersFromResharing RequireAcceptingAccountMatchInvitedAccount
AllowGuestUserShareToUsersNotInSiteCollection ShowPeoplePickerSuggestionsForGuestUsers
SearchResolveExactEmailOrUPN ShowEveryoneClaim ShowEveryoneExceptExternalUsersClaim ShowAllUsersClaim
AllowEveryoneExceptExternalUsersClaimInPrivateSite WhoCanShareAuthenticatedGuestAllowList
WhoCanShareAnonymousAllowList SharingDomainRestrictionMode SharingAllowedDomainList
SharingBlockedDomainList ODBMembersCanShare ODBAccessRequests NotifyOwnersWhenItemsReshared
NotifyOwnersWhenInvitationsAccepted BccExternalSharingInvitations BccExternalSharingInvitationsList
NotificationsInSharePointEnabled NotificationsInOneDriveForBusinessEnabled
CustomizedExternalSharingServiceUrl CoreBlockGuestsAsSiteAdmin OneDriveBlockGuestsAsSiteAdmin
OneDriveForGuestsEnabled RestrictExternalSharingForAgents RestrictExternalSharing
MarkNewFilesSensitiveByDefault EnableAIPIntegration EnableSensitivityLabelforPDF
EnableSensitivityLabelforOneNote EnableSensitivityLabelforVideoFiles DisableDocumentLibraryDefaultLabeling
ExtendPermissionsToUnprotectedFiles AllowSensitivityLabelOnRecords BlockSendLabelMismatchEmail
LabelMismatchEmailHelpLink ConditionalAccessPolicy LimitedAccessFileType AllowEditing
ApplyAppEnforcedRestrictionsToAdHocRecipients ConditionalAccessPolicyErrorHelpLink IPAddressAllowList
IPAddressEnforcement IPAddressWACTokenLifetime ReduceTempTokenLifetimeEnabled ReduceTempTokenLifetimeValue
EnableRestrictedAccessControl AllowSharingOutsideRestrictedAccessControlGroups
InformationBarriersSuspension LegacyAuthProtocolsEnabled DisallowInfectedFileDownload NoAccessRedirectUrl
OrphanedPersonalSitesRetentionPeriod RecycleBinRetentionPeriod`.split(/\s+/)

/** Defaults that facts state, as an untouched tenant prints them. */
const untouched = {
  SharingCapability: "ExternalUserAndGuestSharing",
  OneDriveSharingCapability: "ExternalUserAndGuestSharing",
  DefaultSharingLinkType: "Internal",
  DefaultLinkPermission: "Edit",
  CoreDefaultShareLinkScope: "Uninitialized",
  RequireAnonymousLinksExpireInDays: -1,
  FileAnonymousLinkType: "Edit",
  EmailAttestationRequired: false,
  EmailAttestationReAuthDays: 30,
  EnableAzureADB2BIntegration: false,
  ExternalUserExpirationRequired: false,
  ExternalUserExpireInDays: 60,
  PreventExternalUsersFromResharing: false,
  SharingDomainRestrictionMode: "None",
  MarkNewFilesSensitiveByDefault: "AllowExternalSharing",
  EnableAIPIntegration: false,
  ConditionalAccessPolicy: "AllowFullAccess",
  InformationBarriersSuspension: true,
  RecycleBinRetentionPeriod: 93,
} as const

describe("Get-SPOTenant and Set-SPOTenant", () => {
  it("[SPO-001] [SPO-190] know every documented parameter, each with a description and facts", () => {
    assert.deepStrictEqual(Object.keys(tenantSettings).toSorted(), documentedForTenant.toSorted())
    for (const row of [...Object.values(tenantSettings), ...Object.values(siteSettings)]) {
      assert.isNotEmpty(row.description)
    }
  })

  it.effect(
    "[SPO-010] [SPO-035] [SPO-050] [SPO-090] [SPO-099] [SPO-117] an untouched tenant shows its defaults",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        const { output, record } = yield* lab.does("grace", "Get-SPOTenant")
        assert.isUndefined(record)
        assert.containsSubset(output[0] ?? {}, untouched)
        assert.deepStrictEqual(
          Object.keys(output[0] ?? {}).toSorted(),
          documentedForTenant.filter((it) => it !== "SyncAadB2BManagementPolicy").toSorted(),
        )
      }),
  )

  it.effect("[SPO-113] runs the seed's pair of commands; the second leaves nothing to read", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab({ start: inTheDaysOfChoice })
      const on = yield* lab.tenant({ EnableAzureADB2BIntegration: true })
      assert.deepStrictEqual(on.output, [])
      const synced = yield* lab.tenant({ SyncAadB2BManagementPolicy: true })
      assert.deepStrictEqual(
        synced.record?.events.map(({ _tag }) => _tag),
        ["EntraPolicySynced"],
      )
      const shown = (yield* lab.does("grace", "Get-SPOTenant")).output[0] ?? {}
      assert.strictEqual(shown["EnableAzureADB2BIntegration"], true)
      assert.notProperty(shown, "SyncAadB2BManagementPolicy")
    }),
  )

  it.effect("[SPO-012] are for SharePoint and global administrators only", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      for (const who of ["alice", "judy"]) {
        const refused = yield* lab.as(who, "Set-SPOTenant", { SharingCapability: "Disabled" })
        assert.strictEqual(verdict(refused), "deny at role")
      }
      assert.strictEqual(verdict(yield* lab.as("ivan", "Get-SPOTenant")), "allow")
      assert.strictEqual(
        verdict(
          yield* lab.as("alice", "Set-SPOSite", {
            Identity: launch,
            SharingCapability: "Disabled",
          }),
        ),
        "deny at role",
      )
    }),
  )

  it.effect(
    "[SPO-245] the log shows what changed, from what to what, under the name of the policy",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        const changed = yield* lab.tenant({
          SharingCapability: "ExternalUserSharingOnly",
          ConditionalAccessPolicy: "BlockAccess",
          IPAddressEnforcement: true,
        })
        assert.deepStrictEqual(audited(changed), [
          "DeviceAccessPolicyChanged",
          "NetworkAccessPolicyChanged",
          "SharingPolicyChanged",
        ])
        assert.deepStrictEqual(changed.record?.audit[2]?.["ModifiedProperties"], [
          {
            Name: "SharingCapability",
            OldValue: "ExternalUserAndGuestSharing",
            NewValue: "ExternalUserSharingOnly",
          },
        ])
      }),
  )

  it.effect(
    "[SPO-010] OneDrive is never looser than SharePoint: nothing changes, not even the rest",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* lab.tenant({ SharingCapability: "ExternalUserSharingOnly" })
        const before = yield* lab.world
        const looser = yield* lab.as("grace", "Set-SPOTenant", {
          OneDriveSharingCapability: "ExternalUserAndGuestSharing",
          EmailAttestationRequired: true,
        })
        assert.strictEqual(verdict(looser), "deny at onedrive-not-looser")
        assert.strictEqual(yield* lab.world, before)
        const equal = yield* lab.as("grace", "Set-SPOTenant", {
          OneDriveSharingCapability: "ExternalUserSharingOnly",
        })
        assert.strictEqual(verdict(equal), "allow")
      }),
  )

  it.effect.each([
    [{ RequireAnonymousLinksExpireInDays: 731 }],
    [{ RequireAnonymousLinksExpireInDays: -1 }],
    [{ EmailAttestationReAuthDays: 0 }],
    [{ EmailAttestationReAuthDays: 366 }],
    [{ ExternalUserExpireInDays: 29 }],
    [{ ExternalUserExpireInDays: 731 }],
    [{ CoreOrganizationSharingLinkMaxExpirationInDays: 6 }],
    [{ CoreAnyoneSharingLinkMaxExpirationInDays: 731 }],
    [{ SharingCapability: "Anyone" }],
    [{ MarkNewFilesSensitiveByDefault: true }],
    [{ NoSuchParameter: 1 }],
  ])("[SPO-035] [SPO-090] [SPO-099] %o is a parameter error, and nothing changes", ([params]) =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      const before = yield* lab.world
      const failed = yield* Effect.exit(lab.as("grace", "Set-SPOTenant", params))
      assert.strictEqual(failed._tag, "Failure")
      assert.strictEqual(yield* lab.world, before)
    }),
  )

  it.effect.each([
    [{ RequireAnonymousLinksExpireInDays: 0 }],
    [{ RequireAnonymousLinksExpireInDays: 730 }],
    [{ CoreOrganizationSharingLinkMaxExpirationInDays: 0 }],
    [{ CoreOrganizationSharingLinkMaxExpirationInDays: 7 }],
    [{ ExternalUserExpireInDays: 30 }],
    [{ EmailAttestationReAuthDays: 365 }],
  ])("[SPO-031] [SPO-038] %o is within the range", ([params]) =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      assert.strictEqual(verdict(yield* lab.as("grace", "Set-SPOTenant", params)), "allow")
    }),
  )

  it.effect.each([
    [
      {
        CoreAnyoneSharingLinkMaxExpirationInDays: 10,
        CoreAnyoneSharingLinkRecommendedExpirationInDays: 11,
      },
      "deny at recommended-expiration",
    ],
    [{ SharingAllowedDomainList: "*.fabrikam.com" }, "deny at domain-list"],
    [{ SharingBlockedDomainList: "fabrikam.com example.org" }, "allow"],
    [{ WhoCanShareAnonymousAllowList: ["no-such-group"] }, "deny at security-groups"],
    [{ WhoCanShareAnonymousAllowList: [groupId("Launch")] }, "deny at security-groups"],
    [{ WhoCanShareAnonymousAllowList: [groupId("Finance")] }, "allow"],
    [{ WhoCanShareAnonymousAllowList: [] }, "allow"],
    [{ IPAddressAllowList: "203.0.113.0/24,203.0.113.1" }, "deny at ip-allow-list"],
    [{ BccExternalSharingInvitationsList: "a@b.c, d@e.f" }, "deny at bcc-list"],
  ] as const)(
    "[SPO-031] [SPO-038] [SPO-073] [SPO-076] [SPO-085] [SPO-217] %o: %s",
    ([params, expected]) =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        assert.strictEqual(verdict(yield* lab.as("grace", "Set-SPOTenant", params)), expected)
      }),
  )

  it.effect("[SPO-076] a list of domains has at most 5000 names", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      const names = (count: number) =>
        Array.from({ length: count }, (_, index) => `d${index}.example`).join(" ")
      const set = (count: number) =>
        lab.as("grace", "Set-SPOTenant", { SharingAllowedDomainList: names(count) })
      assert.strictEqual(verdict(yield* set(5000)), "allow")
      assert.strictEqual(verdict(yield* set(5001)), "deny at domain-list")
    }),
  )

  it.effect(
    "[SPO-083] [SPO-118] [SPO-080] says what has no effect, and what the twin leaves out",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        const warned = (params: object) =>
          Effect.map(lab.tenant({ ...params }), ({ warnings }) => warnings.join("\n"))
        assert.match(
          yield* warned({ EnableAzureADB2BIntegration: false }),
          /no longer changes anything/,
        )
        assert.match(
          yield* warned({ RequireAcceptingAccountMatchInvitedAccount: true }),
          /deprecated/,
        )
        assert.match(yield* warned({ ShowEveryoneClaim: true }), /does not model/)
        assert.strictEqual(yield* warned({ EmailAttestationRequired: true }), "")
        assert.strictEqual(
          first(yield* lab.does("grace", "Get-SPOTenant"), "ShowEveryoneClaim"),
          "true",
        )
      }),
  )

  it.effect("[SPO-089] [SPO-138] sends settings and labels to the sites it names", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* lab.does("ivan", "enable-container-labels")
      const sent = yield* lab.tenant({
        Sites: [launch, finance],
        ConditionalAccessPolicy: "BlockAccess",
        SensitivityLabel: "label-closed-site",
      })
      assert.include(audited(sent), "SensitivityLabelApplied")
      for (const url of [launch, finance]) {
        assert.strictEqual(siteOf(yield* lab.world, url)?.labelId, "label-closed-site")
      }
      assert.strictEqual(
        first(yield* lab.does("grace", "Get-SPOTenant"), "ConditionalAccessPolicy"),
        "AllowFullAccess",
      )
      const unknown = yield* lab.as("grace", "Set-SPOTenant", { Sites: ["https://no.where"] })
      assert.strictEqual(verdict(unknown), "deny at present")
    }),
  )
})

describe("Get-SPOSite and Set-SPOSite", () => {
  it.effect(
    "[SPO-306] [SPO-007] a level above the tenant's is stored, warned about and clamped",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* lab.tenant({ SharingCapability: "ExistingExternalUserSharingOnly" })
        const set = yield* lab.site(finance, { SharingCapability: "ExternalUserSharingOnly" })
        assert.match(set.warnings[0] ?? "", /more permissive/)
        const shown = yield* lab.does("grace", "Get-SPOSite", { Identity: finance })
        assert.strictEqual(first(shown, "SharingCapability"), "ExternalUserSharingOnly")
        const world = yield* lab.world
        const it = siteOf(world, finance)
        assert.strictEqual(
          it && effectiveCapability(world, it).level,
          "ExistingExternalUserSharingOnly",
        )
        yield* lab.tenant({ SharingCapability: "ExternalUserAndGuestSharing" })
        const later = yield* lab.world
        assert.strictEqual(it && effectiveCapability(later, it).level, "ExternalUserSharingOnly")
        const fine = yield* lab.site(finance, { SharingCapability: "Disabled" })
        assert.deepStrictEqual(fine.warnings, [])
      }),
  )

  it.effect.each([
    [launch, { ConditionalAccessPolicy: "AllowFullAccess" }, "deny at device-policy-not-looser"],
    [launch, { ConditionalAccessPolicy: "BlockAccess" }, "allow"],
    [
      launch,
      { ConditionalAccessPolicy: "AuthenticationContext" },
      "deny at authentication-context",
    ],
    [
      launch,
      { ConditionalAccessPolicy: "AuthenticationContext", AuthenticationContextName: "Strong" },
      "allow",
    ],
    [
      launch,
      { AnonymousLinkExpirationInDays: 5, AnyoneSharingLinkRecommendedExpirationInDays: 6 },
      "deny at values-fit",
    ],
    [
      launch,
      { SharingDomainRestrictionMode: "AllowList", SharingAllowedDomainList: "other.com" },
      "deny at values-fit",
    ],
    [
      launch,
      { SharingDomainRestrictionMode: "AllowList", SharingAllowedDomainList: "fabrikam.com" },
      "allow",
    ],
    [
      launch,
      { SharingDomainRestrictionMode: "BlockList", SharingBlockedDomainList: "other.com" },
      "allow",
    ],
    [launch, { RestrictedAccessControl: true }, "deny at restricted-access-control"],
    [oneDrive, { BlockDownloadPolicy: true }, "deny at parameters-for-site-kind"],
    [oneDrive, { SharingCapability: "Disabled" }, "allow"],
    ["https://contoso.sharepoint.com", { LockState: "NoAccess" }, "deny at root-site-lock"],
    [
      "https://contoso.sharepoint.com",
      { ConditionalAccessPolicy: "AuthenticationContext", AuthenticationContextName: "Strong" },
      "deny at authentication-context",
    ],
    ["https://contoso.sharepoint.com/sites/none", { LockState: "NoAccess" }, "deny at present"],
  ] as const)(
    "[SPO-077] [SPO-137] [SPO-210] [SPO-216] [SPO-283] %s %o: %s",
    ([Identity, params, expected]) =>
      Effect.gen(function* () {
        const lab = yield* makeLab({ events: [site("https://contoso.sharepoint.com", "Root")] })
        yield* lab.tenant({
          ConditionalAccessPolicy: "AllowLimitedAccess",
          SharingDomainRestrictionMode: "AllowList",
          SharingAllowedDomainList: "fabrikam.com",
        })
        const set = yield* lab.as("grace", "Set-SPOSite", { Identity, ...params })
        assert.strictEqual(verdict(set), expected)
      }),
  )

  it.effect("[SPO-070] [SPO-053] [SPO-216] has switches that stand for other settings", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      const requested = Effect.map(lab.world, (world) => siteOf(world, launch)?.requested ?? {})
      yield* lab.site(launch, { DisableSharingForNonOwners: true })
      assert.strictEqual((yield* requested)["MembersCanShare"], "MemberShareFileAndFolder")
      yield* lab.site(launch, { DefaultLinkToExistingAccess: true })
      yield* lab.site(launch, { DefaultLinkToExistingAccessReset: true })
      assert.strictEqual((yield* requested)["DefaultLinkToExistingAccess"], false)
      yield* lab.tenant({ EnableRestrictedAccessControl: true })
      yield* lab.site(launch, {
        RestrictedAccessControl: true,
        AddRestrictedAccessControlGroups: ["a", "b"],
      })
      yield* lab.site(launch, { RemoveRestrictedAccessControlGroups: ["a"] })
      assert.deepStrictEqual((yield* requested)["RestrictedAccessControlGroups"], ["b"])
      yield* lab.site(launch, { ClearRestrictedAccessControl: true })
      assert.strictEqual((yield* requested)["RestrictedAccessControl"], false)
    }),
  )

  it.effect(
    "[SPO-007] lists come back without what only a single site shows, and without OneDrives",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* lab.site(launch, { SharingCapability: "ExternalUserSharingOnly" })
        const all = yield* lab.does("grace", "Get-SPOSite", { Limit: "ALL" })
        assert.deepStrictEqual(
          all.output.map((row) => row["Url"]),
          [finance, launch],
        )
        assert.deepStrictEqual(
          all.output.map((row) => row["SharingCapability"]),
          ["Disabled", "Disabled"],
        )
        const personal = yield* lab.does("grace", "Get-SPOSite", {
          IncludePersonalSite: true,
          Filter: "Url -like '-my.'",
        })
        assert.deepStrictEqual(
          personal.output.map((row) => row["Url"]),
          [oneDrive],
        )
        const short = yield* lab.does("grace", "Get-SPOSite", { Limit: 1 })
        assert.strictEqual(short.output.length, 1)
        assert.match(short.warnings[0] ?? "", /Limit ALL/)
      }),
  )

  it.effect.each([
    ["STS#3", "Disabled"],
    ["STS#0", "Disabled"],
    ["SITEPAGEPUBLISHING#0", "Disabled"],
  ] as const)("[SPO-011] a new site of %s starts with %s", ([Template, level]) =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      const url = "https://contoso.sharepoint.com/sites/new"
      const made = yield* lab.does("grace", "New-SPOSite", {
        Url: url,
        Owner: "alice@contoso.com",
        Template,
      })
      assert.strictEqual(first(made, "SharingCapability"), level)
      const again = yield* lab.as("grace", "New-SPOSite", { Url: url, Owner: "alice@contoso.com" })
      assert.strictEqual(verdict(again), "deny at site-address")
    }),
  )

  it.effect("[SPO-011] other kinds of site start with their own level", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab({
        events: [
          group("Open", { groupTypes: ["Unified"], owners: ["user-alice"] }),
          group("Closed", {
            groupTypes: ["Unified"],
            owners: ["user-alice"],
            allowToAddGuests: false,
          }),
        ],
      })
      const level = Effect.fnUntraced(function* (url: string) {
        return siteOf(yield* lab.world, url)?.requested["SharingCapability"]
      })
      const root = "https://contoso.sharepoint.com"
      yield* lab.does("grace", "New-SPOSite", {
        Url: root,
        Owner: "alice@contoso.com",
        Template: "SITEPAGEPUBLISHING#0",
      })
      assert.strictEqual(yield* level(root), "ExternalUserAndGuestSharing")
      yield* lab.does("grace", "Request-SPOPersonalSite", { UserEmails: ["bob@contoso.com"] })
      assert.strictEqual(
        yield* level("https://contoso-my.sharepoint.com/personal/bob_contoso_com"),
        "ExternalUserAndGuestSharing",
      )
      yield* lab.does("alice", "create-team-site", { site: `${root}/sites/open`, group: "Open" })
      assert.strictEqual(yield* level(`${root}/sites/open`), "ExternalUserSharingOnly")
      yield* lab.does("alice", "create-team-site", {
        site: `${root}/sites/closed`,
        group: "Closed",
      })
      assert.strictEqual(yield* level(`${root}/sites/closed`), "ExistingExternalUserSharingOnly")
      const stranger = yield* lab.as("mallory", "create-team-site", {
        site: `${root}/sites/x`,
        group: "Open",
      })
      assert.strictEqual(verdict(stranger), "deny at microsoft-365-group")
      const grouped = yield* lab.as("grace", "New-SPOSite", {
        Url: `${root}/sites/g`,
        Owner: "alice@contoso.com",
        Template: "GROUP#0",
      })
      assert.strictEqual(verdict(grouped), "deny at web-template")
      const nobody = yield* lab.as("grace", "New-SPOSite", {
        Url: `${root}/sites/n`,
        Owner: "nobody@contoso.com",
      })
      assert.strictEqual(verdict(nobody), "deny at site-owner")
    }),
  )

  it.effect(
    "[SPO-281] a deleted site is gone for everybody and comes back whole, for 93 days",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
        const open = lab.as("bob", "open-file", { file: "Plan.docx" })
        yield* lab.does("grace", "Remove-SPOSite", { Identity: launch })
        assert.strictEqual(verdict(yield* open), "deny at item-present")
        assert.strictEqual(
          verdict(yield* lab.as("grace", "Get-SPOSite", { Identity: launch })),
          "deny at present",
        )
        const bin = yield* lab.does("grace", "Get-SPODeletedSite")
        assert.strictEqual(first(bin, "DaysRemaining"), "93")
        yield* lab.does("grace", "Restore-SPODeletedSite", { Identity: launch })
        assert.strictEqual(verdict(yield* open), "allow")
        assert.strictEqual(
          verdict(yield* lab.as("grace", "Restore-SPODeletedSite", { Identity: launch })),
          "deny at site-state",
        )
        yield* lab.does("grace", "Remove-SPOSite", { Identity: launch })
        yield* lab.wait(93 * 86_400_000)
        assert.strictEqual(
          verdict(yield* lab.as("grace", "Restore-SPODeletedSite", { Identity: launch })),
          "deny at site-state",
        )
        yield* lab.does("grace", "Remove-SPOSite", { Identity: finance })
        yield* lab.does("grace", "Remove-SPODeletedSite", { Identity: finance })
        assert.isUndefined(siteOf(yield* lab.world, finance))
      }),
  )
})

describe("container labels", () => {
  const label = "Closed Site"

  it.effect("[SPO-130] [SPO-141] can be used only once the directory has them switched on", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      const set = lab.as("grace", "Set-SPOSite", { Identity: launch, SensitivityLabel: label })
      assert.strictEqual(verdict(yield* set), "deny at container-labels-enabled")
      yield* lab.does("ivan", "enable-container-labels")
      assert.strictEqual(verdict(yield* set), "allow")
      yield* lab.does("ivan", "enable-container-labels", { on: false })
      assert.strictEqual(verdict(yield* set), "deny at container-labels-enabled")
    }),
  )

  it.effect(
    "[SPO-131] [SPO-132] [SPO-140] [SPO-054] write their settings to the site, not to its files",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
        yield* lab.does("ivan", "enable-container-labels")
        const set = yield* lab.site(launch, { SensitivityLabel: label })
        assert.deepStrictEqual(audited(set), ["SensitivityLabelApplied"])
        assert.deepStrictEqual(set.record?.mail, [])
        const shown =
          (yield* lab.does("grace", "Get-SPOSite", { Identity: launch })).output[0] ?? {}
        assert.containsSubset(shown, {
          SharingCapability: "Disabled",
          ConditionalAccessPolicy: "AllowLimitedAccess",
          DefaultShareLinkScope: "SpecificPeople",
          MembersCanShare: "MemberShareNone",
          SensitivityLabel: "label-closed-site",
        })
        assert.strictEqual(siteOf(yield* lab.world, launch)?.privacy, "Private")
        const opened = yield* lab.does("bob", "open-file", { file: "Plan.docx" })
        assert.strictEqual(opened.output[0]?.["label"], null)
      }),
  )

  it.effect(
    "[SPO-134] [SPO-138] taken off, they leave what they have set; one label at a time",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* lab.does("ivan", "enable-container-labels")
        yield* lab.site(launch, { SensitivityLabel: label })
        const off = yield* lab.site(launch, { RemoveLabel: true })
        assert.deepStrictEqual(audited(off), ["SensitivityLabelRemoved"])
        const it = siteOf(yield* lab.world, launch)
        assert.isUndefined(it?.labelId)
        assert.strictEqual(it?.requested["SharingCapability"], "Disabled")
        assert.strictEqual(it?.privacy, "Private")
      }),
  )

  it.effect("[SPO-133] let an owner change sharing, which the owner could not directly", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* lab.does("ivan", "enable-container-labels")
      const put = (who: string, name = label) =>
        lab.as(who, "label-site", { site: launch, label: name })
      assert.strictEqual(verdict(yield* put("bob")), "deny at permission")
      assert.strictEqual(verdict(yield* put("alice", "Confidential")), "deny at label-scope")
      assert.strictEqual(verdict(yield* put("alice", "No such label")), "deny at label-scope")
      assert.strictEqual(verdict(yield* put("alice")), "allow")
      assert.strictEqual(
        siteOf(yield* lab.world, launch)?.requested["SharingCapability"],
        "Disabled",
      )
      yield* lab.given({ _tag: "LabelPolicyRemoved", name: "Global", at: 0 })
      assert.strictEqual(verdict(yield* put("alice")), "deny at label-offered")
    }),
  )
})

describe("people of a site", () => {
  const nina = "nina@fabrikam.com"

  it.effect(
    "[SPO-094] [SPO-102] [SPO-104] external users are those with an object; a site also knows the others",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab({ start: inTheDaysOfChoice, events: [guest(nina)] })
        yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
        yield* lab.does("alice", "share-file", {
          file: "Plan.docx",
          to: [nina, "pat@mailbox.example"],
          scope: "users",
          role: "view",
        })
        const list = (params: object) =>
          lab.does("grace", "Get-SPOExternalUser", { PageSize: 50, ...params })
        assert.deepStrictEqual(
          (yield* list({})).output.map((row) => row["Email"]),
          [nina],
        )
        const here = yield* list({ SiteUrl: launch })
        assert.deepStrictEqual(
          here.output.map((row) => [row["Email"], row["UniqueId"] !== ""]),
          [
            [nina, true],
            ["pat@mailbox.example", false],
          ],
        )
        assert.deepStrictEqual((yield* list({ Filter: "NIN" })).output.length, 1)
        assert.deepStrictEqual((yield* list({ Filter: "ina" })).output.length, 0)
        assert.deepStrictEqual((yield* lab.does("grace", "Get-SPOExternalUser")).output.length, 1)
      }),
  )

  it.effect("[SPO-094] a removed guest loses everything", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab({ events: [guest(nina)] })
      yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
      yield* lab.does("alice", "share-file", {
        file: "Plan.docx",
        to: [nina],
        scope: "users",
        role: "view",
      })
      const open = lab.as(nina, "open-file", { file: "Plan.docx" })
      assert.strictEqual(verdict(yield* open), "allow")
      const remove = (UniqueIDs: readonly string[], more: object = {}) =>
        lab.as("grace", "Remove-SPOExternalUser", { UniqueIDs, ...more })
      assert.strictEqual(verdict(yield* remove(["user-alice"])), "deny at external-users-known")
      yield* remove([`user-${nina}`], { WhatIf: true })
      assert.strictEqual(verdict(yield* open), "allow")
      yield* remove([`user-${nina}`])
      assert.strictEqual(verdict(yield* open), "deny at verification-code")
    }),
  )

  it.effect("[SPO-225] [SPO-233] are added to its groups, made admins and taken out again", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab({ events: [guest(nina)] })
      yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
      const Site = launch
      const edit = lab.as("mallory", "edit-file", { file: "Plan.docx" })
      const add = (LoginName: string, Group: string) =>
        lab.as("grace", "Add-SPOUser", { Site, LoginName, Group })
      assert.strictEqual(verdict(yield* add("mallory@contoso.com", "Launch Visitors")), "allow")
      assert.strictEqual(verdict(yield* edit), "deny at permission")
      yield* add("mallory@contoso.com", "Launch Members")
      assert.strictEqual(verdict(yield* edit), "allow")
      assert.strictEqual(verdict(yield* add("mallory@contoso.com", "Friends")), "deny at site-user")
      assert.strictEqual(
        verdict(yield* add("nobody@contoso.com", "Launch Members")),
        "deny at site-user",
      )
      const people = yield* lab.does("grace", "Get-SPOUser", { Site })
      assert.deepStrictEqual(
        people.output.map((row) => row["LoginName"]),
        ["alice@contoso.com", "mallory@contoso.com"],
      )
      yield* lab.does("grace", "Remove-SPOUser", { Site, LoginName: "mallory@contoso.com" })
      assert.strictEqual(verdict(yield* edit), "deny at link-or-grant")
      const admin = (LoginName: string) =>
        lab.as("grace", "Set-SPOUser", { Site, LoginName, IsSiteCollectionAdmin: true })
      assert.deepStrictEqual(audited(yield* admin("mallory@contoso.com")), [
        "SiteCollectionAdminAdded",
      ])
      assert.strictEqual(verdict(yield* edit), "allow")
      assert.strictEqual(verdict(yield* admin(nina)), "allow")
      yield* lab.tenant({ CoreBlockGuestsAsSiteAdmin: "On" })
      assert.strictEqual(verdict(yield* admin(nina)), "deny at guest-site-admin")
      yield* lab.site(launch, { BlockGuestsAsSiteAdmin: "Off" })
      assert.strictEqual(verdict(yield* admin(nina)), "allow")
    }),
  )
})
