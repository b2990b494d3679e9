import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { siteOf, siteSettings, tenantSettings } from "../../src/index.ts"
import {
  audited,
  finance,
  first,
  groupId,
  inTheDaysOfChoice,
  launch,
  makeLab,
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
  ShowEveryoneClaim: false,
  ShowEveryoneExceptExternalUsersClaim: true,
  ShowAllUsersClaim: true,
  CoreLoopDefaultSharingLinkScope: "Uninitialized",
  BlockSendLabelMismatchEmail: false,
  InformationBarriersSuspension: true,
  RecycleBinRetentionPeriod: 93,
} as const

const names = (count: number) =>
  Array.from({ length: count }, (_, index) => `d${index}.example`).join(" ")

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

  it.effect(
    "[SPO-217] the shell is bound to the allowed networks, too: one can lock oneself out",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* lab.tenant({ IPAddressAllowList: "198.51.100.0/24", IPAddressEnforcement: true })
        const undo = (client: object) =>
          lab.as("grace", "Set-SPOTenant", { IPAddressEnforcement: false }, client)
        assert.strictEqual(verdict(yield* undo({})), "deny at network-location")
        const share = { site: launch, file: "Plan.docx", content: "x" }
        assert.strictEqual(
          verdict(yield* lab.as("alice", "upload-file", share)),
          "deny at network-location",
        )
        assert.strictEqual(verdict(yield* undo({ ipAddress: "198.51.100.7" })), "allow")
      }),
  )

  it.effect("[SPO-076] a list of domains has at most 5000 names", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      const set = (count: number) =>
        lab.as("grace", "Set-SPOTenant", { SharingAllowedDomainList: names(count) })
      assert.strictEqual(verdict(yield* set(5000)), "allow")
      assert.strictEqual(verdict(yield* set(5001)), "deny at domain-list")
    }),
  )

  it.effect("[SPO-083] [SPO-118] says what has no effect, and what the twin leaves out", () =>
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
      assert.match(yield* warned({ OneDriveForGuestsEnabled: true }), /does not model/)
      assert.strictEqual(yield* warned({ EmailAttestationRequired: true }), "")
      assert.strictEqual(
        first(yield* lab.does("grace", "Get-SPOTenant"), "OneDriveForGuestsEnabled"),
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
        const it = siteOf(yield* lab.world, url)
        assert.strictEqual(it?.labelId, "label-closed-site")
        assert.strictEqual(it?.requested["ConditionalAccessPolicy"], "BlockAccess")
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
