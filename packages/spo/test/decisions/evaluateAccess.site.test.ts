import { assert, describe, it } from "@effect/vitest"
import type { Client } from "@twin/kernel"
import type { SharingLink, SpoEvent } from "../../src/index.ts"
import {
  asks,
  file,
  finance,
  groupId,
  inTheDaysOfCodes,
  joins,
  launch,
  linkTo,
  refusal,
  settings,
  siteSettings,
  userId,
  verdict,
  type WorldEvent,
  worldWith,
} from "../world.ts"

const plan = file("Plan.docx")

const pat = "pat@mailbox.example"

const users = (
  addedAs: "member" | "guest" | "ad-hoc",
  address: string,
  more: Partial<SharingLink> = {},
): SpoEvent => linkTo("Plan.docx", "users", { members: [{ address, addedAs }], ...more })

/** Pat has proven the mailbox in the days of codes. */
const verified = (at = inTheDaysOfCodes, isKept = true): SpoEvent => ({
  _tag: "AddressVerified",
  address: pat,
  isKept,
  at,
})

const anyone = linkTo("Plan.docx", "anonymous")

const holding = { token: "link-anonymous" }

const opens = (
  who: string,
  events: readonly (WorldEvent | readonly WorldEvent[])[],
  o: Parameters<typeof asks>[2] = {},
) => verdict(asks(worldWith(plan, ...events), who, o))

const redirected = (url: string) =>
  refusal(
    asks(
      worldWith(
        plan,
        siteSettings(launch, { LockState: "NoAccess" }),
        settings({ NoAccessRedirectUrl: url }),
      ),
      "bob",
    ),
  )?.message

const barrier = (mode: string) => [
  settings({ InformationBarriersSuspension: false }),
  siteSettings(launch, { InformationBarriersMode: mode }),
]

const enforcing = {
  _tag: "ConditionalAccessPolicyAdded",
  policy: {
    id: "app-enforced",
    displayName: "Use app enforced restrictions",
    state: "enabled",
    createdAt: 0,
    conditions: {
      users: {
        includeUsers: ["All"],
        excludeUsers: [],
        includeGroups: [],
        excludeGroups: [],
        includeRoles: [],
        excludeRoles: [],
      },
      applications: {
        includeApplications: ["00000003-0000-0ff1-ce00-000000000000"],
        excludeApplications: [],
        includeUserActions: [],
      },
      clientAppTypes: ["all"],
      signInRiskLevels: [],
      userRiskLevels: [],
    },
    sessionControls: { applicationEnforcedRestrictions: true },
  },
} as const
const unmanaged: Partial<Client> = { device: "unmanaged" }
const limited = settings({ ConditionalAccessPolicy: "AllowLimitedAccess" })

const opensPdf = (tenant: string, own: string) =>
  verdict(
    asks(
      worldWith(
        file("Plan.pdf"),
        limited,
        enforcing,
        settings({ LimitedAccessFileType: tenant }),
        siteSettings(launch, { LimitedAccessFileType: own }),
      ),
      "bob",
      { file: "Plan.pdf", client: unmanaged },
    ),
  )

describe("what the site asks", () => {
  it("[SPO-217] outside the allowed networks nobody gets in, not even by an Anyone link", () => {
    const enforced = settings({ IPAddressEnforcement: true, IPAddressAllowList: "198.51.100.0/24" })
    assert.strictEqual(opens("alice", [enforced]), "deny at network-location")
    assert.strictEqual(opens("anonymous", [enforced, anyone], holding), "deny at network-location")
    assert.strictEqual(
      opens("alice", [enforced], { client: { ipAddress: "198.51.100.9" } }),
      "allow",
    )
  })

  it.each([
    ["open", {}, "allow"],
    ["edit", {}, "allow"],
    ["download", {}, "deny at device-policy"],
    ["print", {}, "deny at device-policy"],
    ["open", { app: "office-desktop" }, "deny at device-policy"],
  ] as const)(
    "[SPO-212] limited access on an unmanaged device, %s %o: %s",
    (action, client, expected) => {
      const o = { action, client: { ...unmanaged, ...client } }
      assert.strictEqual(opens("bob", [limited, enforcing], o), expected)
      assert.strictEqual(opens("bob", [limited, enforcing], { action, client }), "allow")
    },
  )

  it("[SPO-212] editing under limited access can be switched off, by tenant or site", () => {
    const o = { action: "edit", client: unmanaged } as const
    for (const off of [
      settings({ AllowEditing: false }),
      siteSettings(launch, { AllowEditing: false }),
      siteSettings(launch, { ReadOnlyForUnmanagedDevices: true }),
    ]) {
      assert.strictEqual(opens("bob", [limited, enforcing, off], o), "deny at device-policy")
    }
  })

  it.each([
    ["Plan.docx", "OfficeOnlineFilesOnly", "open", "allow"],
    ["Plan.pdf", "OfficeOnlineFilesOnly", "open", "deny at device-policy"],
    ["Plan.pdf", "WebPreviewableFiles", "open", "allow"],
    ["Plan.bin", "WebPreviewableFiles", "open", "deny at device-policy"],
    ["Plan.bin", "OtherFiles", "download", "allow"],
    ["Plan.docx", "OtherFiles", "download", "deny at device-policy"],
  ] as const)("[SPO-212] limited access to %s with %s, %s: %s", (name, type, action, expected) => {
    const o = { file: name, action, client: unmanaged }
    const world = worldWith(
      file(name),
      limited,
      enforcing,
      settings({ LimitedAccessFileType: type }),
    )
    assert.strictEqual(verdict(asks(world, "bob", o)), expected)
  })

  it("[SPO-212] of the limited types of tenant and site the stricter counts", () => {
    assert.strictEqual(opensPdf("OtherFiles", "OfficeOnlineFilesOnly"), "deny at device-policy")
    assert.strictEqual(opensPdf("OfficeOnlineFilesOnly", "OtherFiles"), "deny at device-policy")
    assert.strictEqual(opensPdf("OtherFiles", "WebPreviewableFiles"), "allow")
  })

  it("[SPO-211] [SPO-136] without a Conditional Access policy the setting has no effect", () => {
    const block = settings({ ConditionalAccessPolicy: "BlockAccess" })
    assert.strictEqual(opens("bob", [block], { client: unmanaged }), "allow")
    assert.strictEqual(
      opens("bob", [block, enforcing], { client: unmanaged }),
      "deny at device-policy",
    )
    const reportOnly = {
      ...enforcing,
      policy: { ...enforcing.policy, state: "enabledForReportingButNotEnforced" },
    } as const
    assert.strictEqual(opens("bob", [block, reportOnly], { client: unmanaged }), "allow")
  })

  it("[SPO-210] [SPO-136] the stricter of tenant and site counts", () => {
    const own = siteSettings(launch, { ConditionalAccessPolicy: "BlockAccess" })
    assert.strictEqual(
      opens("bob", [limited, own, enforcing], { client: unmanaged }),
      "deny at device-policy",
    )
    const looser = siteSettings(launch, { ConditionalAccessPolicy: "AllowFullAccess" })
    const o = { action: "download", client: unmanaged } as const
    assert.strictEqual(opens("bob", [limited, looser, enforcing], o), "deny at device-policy")
  })

  it("[SPO-043] holders of Anyone links are outside of device limits", () => {
    const block = settings({ ConditionalAccessPolicy: "BlockAccess" })
    const o = { ...holding, action: "download", client: unmanaged } as const
    assert.strictEqual(opens("anonymous", [block, enforcing, anyone], o), "allow")
  })

  it("[SPO-214] code recipients are limited unless they are exempt", () => {
    const events = [users("ad-hoc", pat), verified(), limited]
    const o = { action: "download", client: unmanaged, now: inTheDaysOfCodes } as const
    assert.strictEqual(opens(pat, events, o), "deny at device-policy")
    const exempt = settings({ ApplyAppEnforcedRestrictionsToAdHocRecipients: false })
    assert.strictEqual(opens(pat, [...events, exempt], o), "allow")
  })

  it("[SPO-137] an authentication context is not modelled, and the answer says so", () => {
    const context = siteSettings(launch, {
      ConditionalAccessPolicy: "AuthenticationContext",
      AuthenticationContextName: "Strong",
    })
    assert.strictEqual(opens("alice", [context]), "unknown at authentication-context")
  })

  it("[SPO-216] a restricted site admits its groups and nobody else, whatever was granted", () => {
    const events = [
      settings({ EnableRestrictedAccessControl: true }),
      siteSettings(launch, { RestrictedAccessControl: true }),
      users("member", "erin@contoso.com"),
    ]
    assert.strictEqual(opens("bob", events), "allow")
    assert.strictEqual(opens("erin", events), "deny at restricted-access-control")
    const off = settings({ EnableRestrictedAccessControl: false })
    assert.strictEqual(opens("erin", [...events, off]), "allow")
  })

  it("[SPO-216] a site without a group is restricted to the groups it lists", () => {
    const restricted = worldWith(
      file("Forecast.xlsx", { site: finance }),
      settings({ EnableRestrictedAccessControl: true }),
      siteSettings(finance, {
        RestrictedAccessControl: true,
        RestrictedAccessControlGroups: [groupId("Launch")],
      }),
      joins("Finance", userId("erin")),
    )
    assert.strictEqual(verdict(asks(restricted, "alice", { file: "Forecast.xlsx" })), "allow")
    assert.strictEqual(
      verdict(asks(restricted, "erin", { file: "Forecast.xlsx" })),
      "deny at restricted-access-control",
    )
  })

  it("[SPO-218] barriers: wide links are off, the connected group gets in, segments are not modelled", () => {
    assert.strictEqual(opens("bob", barrier("Implicit")), "allow")
    assert.strictEqual(
      opens("erin", [...barrier("Implicit"), users("member", "erin@contoso.com")]),
      "deny at information-barriers",
    )
    assert.strictEqual(opens("bob", barrier("Explicit")), "unknown at information-barriers")
    assert.strictEqual(
      opens("anonymous", [...barrier("Explicit"), anyone], holding),
      "deny at information-barriers",
    )
    assert.strictEqual(opens("bob", barrier("Open")), "allow")
  })

  it.each([
    ["NoAccess", "open", "deny at lock-state"],
    ["ReadOnly", "edit", "deny at lock-state"],
    ["ReadOnly", "open", "allow"],
    ["Unlock", "edit", "allow"],
  ] as const)("[SPO-283] a site that is %s and %s: %s", (LockState, action, expected) => {
    assert.strictEqual(opens("bob", [siteSettings(launch, { LockState })], { action }), expected)
  })

  it("[SPO-283] a locked site redirects where the tenant says so", () => {
    assert.strictEqual(redirected(""), "403 FORBIDDEN")
    assert.strictEqual(redirected("https://moved.example"), "Redirected to https://moved.example")
  })

  it("[SPO-280] [SPO-281] what is deleted is there for nobody", () => {
    const gone = worldWith(file("Plan.docx", { recycledAt: 1 }))
    assert.strictEqual(verdict(asks(gone, "alice")), "deny at item-present")
    const closed = { _tag: "SiteRecycled", url: launch, at: 1 } as const
    assert.strictEqual(opens("alice", [closed]), "deny at item-present")
    assert.strictEqual(verdict(asks(worldWith(), "alice")), "deny at present")
  })

  it("[SPO-215] the download policy keeps files in the browser, for everybody but the exempt", () => {
    const blocked = siteSettings(launch, { BlockDownloadPolicy: true })
    assert.strictEqual(opens("bob", [blocked]), "allow")
    assert.strictEqual(
      opens("bob", [blocked], { action: "download" }),
      "deny at block-download-policy",
    )
    assert.strictEqual(
      opens("bob", [blocked], { client: { app: "office-desktop" } }),
      "deny at block-download-policy",
    )
    assert.strictEqual(opens("bob", [blocked], { action: "edit" }), "allow")
    assert.strictEqual(
      opens("alice", [blocked], { action: "download" }),
      "deny at block-download-policy",
    )
    const owners = siteSettings(launch, { ExcludeBlockDownloadPolicySiteOwners: true })
    assert.strictEqual(opens("alice", [blocked, owners], { action: "download" }), "allow")
    assert.strictEqual(
      opens("bob", [blocked, owners], { action: "download" }),
      "deny at block-download-policy",
    )
    const groups = siteSettings(launch, { ExcludedBlockDownloadGroupIds: [groupId("Launch")] })
    assert.strictEqual(opens("bob", [blocked, groups], { action: "download" }), "allow")
    const read = siteSettings(launch, { ReadOnlyForBlockDownloadPolicy: true })
    assert.strictEqual(
      opens("bob", [blocked, read], { action: "edit" }),
      "deny at block-download-policy",
    )
  })
})
