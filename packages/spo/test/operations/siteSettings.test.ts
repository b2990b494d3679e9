import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { effectiveCapability, siteOf } from "../../src/index.ts"
import { finance, first, group, launch, makeLab, oneDrive, site, verdict } from "../world.ts"

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
