import { assert, describe, it } from "@effect/vitest"
import { type Client, days, type Decision, instant } from "@twin/kernel"
import { Schema } from "effect"
import { gatesInside, gatesToTheDoor } from "../../src/decisions/evaluateAccess.ts"
import { rankOf, SharingCapability, type SharingLink, type SpoEvent } from "../../src/index.ts"
import {
  asked,
  asks,
  file,
  finance,
  folder,
  group,
  groupId,
  guest,
  inTheDaysOfChoice,
  inTheDaysOfCodes,
  joins,
  launch,
  linkTo,
  oneDrive,
  refusal,
  settings,
  siteSettings,
  today,
  userId,
  verdict,
  type WorldEvent,
  worldWith,
} from "../world.ts"

const plan = file("Plan.docx")
const nina = "nina@fabrikam.com"
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
const byLink = { token: "link-users" }
const opens = (
  who: string,
  events: readonly (WorldEvent | readonly WorldEvent[])[],
  o: Parameters<typeof asks>[2] = {},
) => verdict(asks(worldWith(plan, ...events), who, o))

describe("routes", () => {
  it("[SPO-301] [SPO-303] nobody without a link or permission gets in", () => {
    for (const who of ["mallory", nina, "anonymous", "nobody@nowhere.example"]) {
      assert.strictEqual(opens(who, []), "deny at link-or-grant")
    }
  })

  it("[SPO-233] administrators of SharePoint have no access by their role", () => {
    assert.strictEqual(opens("grace", []), "deny at link-or-grant")
    assert.strictEqual(opens("ivan", []), "deny at link-or-grant")
    assert.strictEqual(opens("alice", []), "allow")
  })

  it("[SPO-225] [SPO-234] members of the group edit, a public group admits every member", () => {
    assert.strictEqual(opens("bob", [], { action: "edit" }), "allow")
    const open = {
      _tag: "GroupUpdated",
      groupId: groupId("Launch"),
      changes: { visibility: "Public" },
      at: 0,
    } as const
    assert.strictEqual(opens("mallory", [open], { action: "edit" }), "allow")
    assert.strictEqual(opens(nina, [open, guest(nina)]), "deny at link-or-grant")
  })

  it.each([
    ["Read", "open", "allow"],
    ["Read", "download", "allow"],
    ["Read", "edit", "deny at permission"],
    ["View Only", "open", "allow"],
    ["View Only", "download", "deny at permission"],
    ["Contribute", "edit", "allow"],
    ["Full Control", "edit", "allow"],
  ] as const)("[SPO-226] %s on the site and %s: %s", (level, action, expected) => {
    const assignment = { kind: "person", principal: "mallory@contoso.com", level } as const
    assert.strictEqual(
      opens("mallory", [{ _tag: "SiteAssignmentAdded", url: launch, assignment, at: 0 }], {
        action,
      }),
      expected,
    )
  })

  it("[SPO-226] View Only downloads what the browser cannot show", () => {
    const assignment = {
      kind: "person",
      principal: "mallory@contoso.com",
      level: "View Only",
    } as const
    const world = worldWith(file("Data.bin"), {
      _tag: "SiteAssignmentAdded",
      url: launch,
      assignment,
      at: 0,
    })
    assert.strictEqual(
      verdict(asks(world, "mallory", { file: "Data.bin", action: "download" })),
      "allow",
    )
  })

  it("[SPO-082] the claim for everyone except external users means members", () => {
    const assignment = {
      kind: "everyone-except-external-users",
      principal: "",
      level: "Read",
    } as const
    const everyone = { _tag: "SiteAssignmentAdded", url: launch, assignment, at: 0 } as const
    assert.strictEqual(opens("mallory", [everyone]), "allow")
    assert.strictEqual(opens(nina, [everyone, guest(nina)]), "deny at link-or-grant")
  })

  it("[SPO-229] a link to a folder opens what lies in it, and nothing beside", () => {
    const world = worldWith(
      folder("Shared Documents/Box"),
      file("Shared Documents/Box/Inner.docx", { id: "inner" }),
      file("Shared Documents/Boxed.docx", { id: "outer" }),
      linkTo("Shared Documents/Box", "users", {
        members: [{ address: "erin@contoso.com", addedAs: "member" }],
      }),
    )
    assert.strictEqual(verdict(asks(world, "erin", { file: "inner" })), "allow")
    assert.strictEqual(verdict(asks(world, "erin", { file: "outer" })), "deny at link-or-grant")
  })
})

describe("links", () => {
  it("[SPO-020] an Anyone link opens for whoever holds it, without any sign-in", () => {
    assert.strictEqual(opens("anonymous", [anyone], holding), "allow")
    assert.strictEqual(opens("anonymous", [anyone]), "deny at link-or-grant")
    const { decision } = asks(worldWith(plan, anyone), "anonymous", holding)
    assert.notInclude(asked(decision), "account-enabled")
  })

  it("[SPO-021] [SPO-022] an organization link opens for members who have it or have redeemed it", () => {
    const link = linkTo("Plan.docx", "organization")
    const token = { token: "link-organization" }
    assert.strictEqual(opens("mallory", [link]), "deny at link-or-grant")
    assert.strictEqual(opens("mallory", [link], token), "allow")
    const redeemed = linkTo("Plan.docx", "organization", { redeemedBy: ["mallory@contoso.com"] })
    assert.strictEqual(opens("mallory", [redeemed]), "allow")
    assert.strictEqual(opens(nina, [link, guest(nina)], token), "deny at link-scope")
    assert.strictEqual(opens("anonymous", [link], token), "challenge at link-scope")
  })

  it("[SPO-030] no organization link opens where they are switched off", () => {
    const off = siteSettings(launch, { DisableCompanyWideSharingLinks: "Disabled" })
    const link = linkTo("Plan.docx", "organization")
    assert.strictEqual(
      opens("mallory", [link, off], { token: "link-organization" }),
      "deny at organization-links",
    )
  })

  it("[SPO-023] a Specific people link opens for those it names, by any of their addresses", () => {
    const link = users("member", "mallory@contoso.com")
    assert.strictEqual(opens("mallory", [link]), "allow")
    assert.strictEqual(opens("erin", [link], byLink), "deny at link-scope")
    assert.strictEqual(opens("anonymous", [link], byLink), "challenge at link-scope")
  })

  it("[SPO-023] a Specific people link may name a group", () => {
    const events = [
      group("Readers"),
      joins("Readers", userId("erin")),
      users("member", "readers@contoso.com"),
    ]
    assert.strictEqual(opens("erin", events), "allow")
    assert.strictEqual(opens("mallory", events), "deny at link-or-grant")
  })

  it("[SPO-028] [SPO-029] each link has a life of its own", () => {
    const two = [
      users("member", "mallory@contoso.com", { id: "first" }),
      users("member", "mallory@contoso.com", { id: "second" }),
    ]
    const without = (linkId: string) => ({ _tag: "LinkRemoved", linkId, at: 1 }) as const
    assert.strictEqual(opens("mallory", [...two, without("first")]), "allow")
    assert.strictEqual(
      opens("mallory", [...two, without("first"), without("second")]),
      "deny at link-or-grant",
    )
    assert.strictEqual(
      opens("erin", [anyone, without("link-anonymous")], holding),
      "deny at link-or-grant",
    )
  })

  it("[SPO-037] [SPO-308] an expired link is dead from the instant it names", () => {
    const until = (expiresAt: number) => [linkTo("Plan.docx", "anonymous", { expiresAt })]
    assert.strictEqual(opens("anonymous", until(today + 1), holding), "allow")
    assert.strictEqual(opens("anonymous", until(today), holding), "deny at link-or-grant")
  })

  it("[SPO-027] a link with a password asks for it", () => {
    const link = linkTo("Plan.docx", "anonymous", {
      // SHA-256 of ["link-anonymous","open sesame"].
      passwordDigest: "6c7fa2aaa4bc6dce2b7a4ad3b38c7f3dce46cfb5d8d8a1c2d4b2a3c7a6a8b9f0",
    })
    assert.strictEqual(opens("anonymous", [link], holding), "challenge at link-or-grant")
    assert.strictEqual(
      opens("anonymous", [link], { ...holding, password: "guess" }),
      "deny at link-or-grant",
    )
  })

  it("a link that nobody knows opens nothing, and does not close what is open", () => {
    assert.strictEqual(opens("mallory", [], { token: "made up" }), "deny at link-or-grant")
    assert.strictEqual(opens("alice", [], { token: "made up" }), "allow")
  })

  it("[SPO-022] a link for one item does not open another", () => {
    const world = worldWith(plan, file("Other.docx"), anyone)
    assert.strictEqual(
      verdict(asks(world, "anonymous", { file: "Other.docx", ...holding })),
      "deny at link-or-grant",
    )
  })

  it.each([
    ["view", "open", "allow"],
    ["view", "download", "allow"],
    ["view", "edit", "deny at permission"],
    ["review", "edit", "deny at permission"],
    ["restrictedView", "open", "allow"],
    ["restrictedView", "download", "deny at permission"],
    ["restrictedView", "print", "deny at permission"],
    ["edit", "edit", "allow"],
  ] as const)("[SPO-025] [SPO-026] %s grants %s: %s", (role, action, expected) => {
    assert.strictEqual(
      opens("erin", [users("member", "erin@contoso.com", { role })], { action }),
      expected,
    )
  })

  it.each([
    ["Plan.pdf", "WebPreviewableFiles", "WebPreviewableFiles", "allow"],
    ["Plan.pdf", "ServerRenderedFilesOnly", "WebPreviewableFiles", "deny at permission"],
    ["Plan.pdf", "WebPreviewableFiles", "ServerRenderedFilesOnly", "deny at permission"],
    ["Plan.docx", "ServerRenderedFilesOnly", "ServerRenderedFilesOnly", "allow"],
    ["Plan.bin", "WebPreviewableFiles", "WebPreviewableFiles", "deny at permission"],
  ])(
    "[SPO-026] a link that blocks download opens %s with %s and %s: %s",
    (name, tenant, own, expected) => {
      const world = worldWith(
        file(name),
        linkTo(name, "users", {
          role: "restrictedView",
          members: [{ address: "erin@contoso.com", addedAs: "member" }],
        }),
        settings({ BlockDownloadLinksFileType: tenant }),
        siteSettings(launch, { BlockDownloadLinksFileType: own }),
      )
      assert.strictEqual(verdict(asks(world, "erin", { file: name })), expected)
    },
  )
})

describe("the level in force", () => {
  const ways = {
    member: { who: "bob", events: [] as readonly WorldEvent[], o: {} },
    guest: { who: nina, events: [guest(nina), users("guest", nina)], o: {} },
    "code recipient": {
      who: pat,
      events: [users("ad-hoc", pat), verified()],
      o: { now: inTheDaysOfCodes },
    },
    "Anyone link": { who: "anonymous", events: [anyone], o: holding },
  } as const
  const needed = {
    member: 0,
    guest: 1,
    "code recipient": 2,
    "Anyone link": 3,
  } as const

  it.prop(
    "[SPO-003] [SPO-029] [SPO-304] [SPO-305] decides who still gets in, by rank",
    {
      level: SharingCapability,
      way: Schema.Literals(["member", "guest", "code recipient", "Anyone link"]),
    },
    ({ level, way }) => {
      const { who, events, o } = ways[way]
      const result = opens(who, [...events, siteSettings(launch, { SharingCapability: level })], o)
      assert.strictEqual(
        result,
        rankOf(level) >= needed[way] ? "allow" : "deny at external-sharing-level",
      )
    },
  )

  it("[SPO-304] refuses guests of the connected group, too; the membership stays", () => {
    const events = [guest(nina), joins("Launch", userId(nina))]
    assert.strictEqual(opens(nina, events), "allow")
    const off = siteSettings(launch, { SharingCapability: "Disabled" })
    assert.strictEqual(opens(nina, [...events, off]), "deny at external-sharing-level")
  })

  it.prop(
    "[SPO-007] [SPO-029] lowering and raising again revives every link",
    { lowered: SharingCapability, way: Schema.Literals(["guest", "Anyone link"]) },
    ({ lowered, way }) => {
      const { who, events, o } = ways[way]
      const back = [
        settings({ SharingCapability: lowered }),
        settings({ SharingCapability: "ExternalUserAndGuestSharing" }),
      ]
      assert.strictEqual(opens(who, [...events, ...back], o), "allow")
    },
  )

  it("[SPO-078] [SPO-079] a domain that may not be shared with stops people who are known already", () => {
    const events = [guest(nina), users("guest", nina)]
    const blocked = (changes: Readonly<Record<string, string>>) => [
      settings(changes),
      siteSettings(launch, changes),
    ]
    for (const [index, limit] of [
      ...blocked({
        SharingDomainRestrictionMode: "BlockList",
        SharingBlockedDomainList: "fabrikam.com",
      }),
      ...blocked({
        SharingDomainRestrictionMode: "AllowList",
        SharingAllowedDomainList: "example.com",
      }),
    ].entries()) {
      assert.strictEqual(opens(nina, [...events, limit]), "deny at domain-limit", String(index))
    }
    const other = settings({
      SharingDomainRestrictionMode: "AllowList",
      SharingAllowedDomainList: "fabrikam.com",
    })
    assert.strictEqual(opens(nina, [...events, other]), "allow")
    assert.strictEqual(
      opens("bob", [settings({ SharingDomainRestrictionMode: "AllowList" })]),
      "allow",
    )
  })
})

describe("proving who one is", () => {
  it("[SPO-108] [SPO-112] a guest signs in to Entra, with everything that demands", () => {
    const events = [guest(nina), users("guest", nina)]
    const { decision } = asks(worldWith(plan, ...events), nina)
    assert.include(asked(decision), "invitation-redeemed")
    const disabled = {
      _tag: "UserUpdated",
      userId: userId(nina),
      changes: { accountEnabled: false },
      at: 0,
    } as const
    assert.strictEqual(opens(nina, [...events, disabled]), "deny at account-enabled")
  })

  it("[SPO-094] the deleted guest gets in by no link that was made for a guest", () => {
    for (const now of [inTheDaysOfCodes, today]) {
      assert.strictEqual(opens(nina, [users("guest", nina)], { now }), "deny at verification-code")
    }
  })

  it("[SPO-096] [SPO-099] [SPO-102] a recipient without an account proves the mailbox by a code", () => {
    const events = [users("ad-hoc", pat)]
    const at = { now: inTheDaysOfCodes }
    assert.strictEqual(opens(pat, events, at), "challenge at verification-code")
    assert.strictEqual(opens(pat, [...events, verified()], at), "allow")
    const { decision } = asks(worldWith(plan, ...events, verified()), pat, at)
    assert.notInclude(asked(decision), "account-enabled")
    assert.strictEqual(
      opens(pat, [...events, verified()], { ...at, action: "edit" }),
      "deny at permission",
    )
  })

  it("[SPO-102] even an edit link lets a code recipient only view", () => {
    const events = [users("ad-hoc", pat, { role: "edit" }), verified()]
    assert.strictEqual(
      opens(pat, events, { now: inTheDaysOfCodes, action: "edit" }),
      "deny at permission",
    )
  })

  it("[SPO-099] a kept session lasts until reauthentication is required, and then for its days", () => {
    const events = [users("ad-hoc", pat), verified()]
    const after = (count: number) => ({ now: inTheDaysOfCodes + days(count) })
    assert.strictEqual(opens(pat, events, after(300)), "allow")
    const required = settings({ EmailAttestationRequired: true })
    assert.strictEqual(opens(pat, [...events, required], after(29.9)), "allow")
    assert.strictEqual(
      opens(pat, [...events, required], after(30)),
      "challenge at verification-code",
    )
    const seven = settings({ EmailAttestationRequired: true, EmailAttestationReAuthDays: 7 })
    assert.strictEqual(opens(pat, [...events, seven], after(8)), "challenge at verification-code")
  })

  it("[SPO-099] a session that was not kept ends with the browser", () => {
    const events = [users("ad-hoc", pat), verified(inTheDaysOfCodes, false)]
    const at = { now: inTheDaysOfCodes }
    assert.strictEqual(opens(pat, events, at), "allow")
    const closed = { _tag: "BrowserClosed", address: pat, at: 0 } as const
    assert.strictEqual(opens(pat, [...events, closed], at), "challenge at verification-code")
    assert.strictEqual(opens(pat, [users("ad-hoc", pat), verified(), closed], at), "allow")
  })

  it("[SPO-118] [SPO-119] once codes are retired a code recipient is told to ask for a new share", () => {
    const access = asks(worldWith(plan, users("ad-hoc", pat), verified(today)), pat)
    assert.strictEqual(verdict(access), "deny at verification-code")
    assert.match(refusal(access)?.message ?? "", /updated its guest access settings/)
  })

  it("[SPO-120] a guest object is enough to revive the old links", () => {
    assert.strictEqual(opens(nina, [users("ad-hoc", nina), guest(nina)]), "allow")
  })

  it("[SPO-111] an older link makes a guest on behalf of its maker, while the maker can share", () => {
    const events = [users("ad-hoc", nina), settings({ EnableAzureADB2BIntegration: true })]
    const at = { now: inTheDaysOfChoice }
    assert.strictEqual(opens(nina, events, at), "challenge at verification-code")
    const left = {
      _tag: "UserUpdated",
      userId: userId("alice"),
      changes: { accountEnabled: false },
      at: 0,
    } as const
    assert.strictEqual(opens(nina, [...events, left], at), "deny at verification-code")
    const gone = { _tag: "UserDeleted", userId: userId("alice"), at: 0 } as const
    assert.strictEqual(opens(nina, [...events, gone], at), "deny at verification-code")
  })

  it("[SPO-115] an alias that was shared with is not what signing in compares", () => {
    const alias = "zoe.alias@outlook.com"
    const events = [guest(alias), users("guest", alias)]
    assert.strictEqual(opens("zoe@outlook.com", events, byLink), "deny at link-scope")
    const codes = [users("ad-hoc", alias)]
    assert.strictEqual(
      opens("zoe@outlook.com", codes, { ...byLink, now: inTheDaysOfCodes }),
      "challenge at verification-code",
    )
  })

  it("[SPO-041] holders of Anyone links verify an address where that is asked for", () => {
    const tracked = [anyone, settings({ AnyoneLinkTrackUsers: true })]
    assert.strictEqual(opens("anonymous", tracked, holding), "challenge at verification-code")
    assert.strictEqual(opens(pat, tracked, holding), "challenge at verification-code")
    assert.strictEqual(opens(pat, [...tracked, verified(today)], holding), "allow")
    assert.strictEqual(opens("bob", tracked, holding), "allow")
  })
})

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
    const barrier = (mode: string) => [
      settings({ InformationBarriersSuspension: false }),
      siteSettings(launch, { InformationBarriersMode: mode }),
    ]
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
    const access = (url: string) =>
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
    assert.strictEqual(access(""), "403 FORBIDDEN")
    assert.strictEqual(access("https://moved.example"), "Redirected to https://moved.example")
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

describe("a guest's stay", () => {
  const stay = (more: { readonly expiresAt?: number } = {}) =>
    ({ _tag: "GuestJoinedSite", url: launch, address: nina, at: 0, ...more }) as const
  const events = [guest(nina), users("guest", nina)]

  it("[SPO-091] ends at its date, for links and grants on that site", () => {
    assert.strictEqual(opens(nina, [...events, stay({ expiresAt: today + 1 })]), "allow")
    assert.strictEqual(
      opens(nina, [...events, stay({ expiresAt: today })]),
      "deny at guest-expiration",
    )
    assert.strictEqual(opens(nina, [...events, stay()]), "allow")
    const removed = { _tag: "GuestRemovedFromSite", url: launch, address: nina, at: 1 } as const
    assert.strictEqual(opens(nina, [...events, stay(), removed]), "deny at guest-expiration")
  })

  it("[SPO-091] does not end access through a group, nor that of a site admin", () => {
    const over = [guest(nina), stay({ expiresAt: today })]
    assert.strictEqual(opens(nina, [...over, joins("Launch", userId(nina))]), "allow")
    const admin = {
      _tag: "SiteAdminChanged",
      url: launch,
      address: nina,
      isAdmin: true,
      at: 0,
    } as const
    assert.strictEqual(opens(nina, [...over, admin]), "allow")
  })

  it("[SPO-091] ends on one site only", () => {
    const world = worldWith(
      file("Note.docx", { site: oneDrive }),
      guest(nina),
      linkTo("Note.docx", "users", { members: [{ address: nina, addedAs: "guest" }] }),
      stay({ expiresAt: today }),
    )
    assert.strictEqual(verdict(asks(world, nina, { file: "Note.docx" })), "allow")
  })
})

describe("scanning and data loss prevention", () => {
  const sensitive = settings({ MarkNewFilesSensitiveByDefault: "BlockExternalSharing" })
  const scan = { isNewAndSensitive: true, matches: [], isOverridden: false }
  const withScan = (more: object) => file("Plan.docx", { scan: { ...scan, ...more } })
  const guestLink = [guest(nina), users("guest", nina)]
  const seen = (who: string, its: ReturnType<typeof file>, events: readonly WorldEvent[], o = {}) =>
    verdict(asks(worldWith(its, sensitive, ...events), who, o))

  it("[SPO-191] [SPO-192] [SPO-197] a new file is closed to outsiders until it is scanned", () => {
    const waiting = withScan({ dueAt: today + 1 })
    assert.strictEqual(seen(nina, waiting, guestLink), "deny at sensitive-by-default")
    assert.strictEqual(
      seen("anonymous", waiting, [anyone], holding),
      "deny at sensitive-by-default",
    )
    assert.strictEqual(seen("bob", waiting, []), "allow")
    assert.strictEqual(seen(nina, withScan({ scannedAt: 1 }), guestLink), "allow")
  })

  it("[SPO-194] a file that nothing will ever scan stays closed", () => {
    const access = asks(worldWith(withScan({}), sensitive, ...guestLink), nina)
    assert.strictEqual(verdict(access), "deny at sensitive-by-default")
    assert.match(JSON.stringify(access.decision), /never-scanned/)
  })

  it("[SPO-196] a file that was there before stays open", () => {
    assert.strictEqual(seen(nina, withScan({ isNewAndSensitive: false }), guestLink), "allow")
  })

  it("[SPO-190] nothing is closed once the setting is off", () => {
    const off = settings({ MarkNewFilesSensitiveByDefault: "AllowExternalSharing" })
    assert.strictEqual(seen(nina, withScan({}), [...guestLink, off]), "allow")
  })

  it("[SPO-197] a guest who became a member of type is inside", () => {
    const member = {
      _tag: "UserUpdated",
      userId: userId(nina),
      changes: { userType: "Member" },
      at: 0,
    } as const
    assert.strictEqual(seen(nina, withScan({}), [...guestLink, member]), "allow")
  })

  it.each([
    ["All", "allow", "deny at dlp-block", "deny at dlp-block", "deny at dlp-block"],
    ["PerUser", "allow", "allow", "deny at dlp-block", "deny at dlp-block"],
    ["PerAnonymousUser", "allow", "allow", "allow", "deny at dlp-block"],
    [undefined, "allow", "allow", "allow", "allow"],
  ] as const)(
    "[SPO-201] a match that blocks %s: owner %s, member %s, guest %s, Anyone %s",
    (block, owner, member, guestOutcome, anyoneOutcome) => {
      const match = { policy: "p", rule: "r", ...(block === undefined ? {} : { block }) }
      const its = withScan({ scannedAt: 1, matches: [match] })
      assert.strictEqual(seen("alice", its, []), owner)
      assert.strictEqual(seen("bob", its, []), member)
      assert.strictEqual(seen(nina, its, guestLink), guestOutcome)
      assert.strictEqual(seen("anonymous", its, [anyone], holding), anyoneOutcome)
    },
  )

  it("[SPO-204] of several matches the most restrictive counts", () => {
    const matches = [
      { policy: "p", rule: "a", block: "PerAnonymousUser" },
      { policy: "p", rule: "b", block: "All" },
    ]
    assert.strictEqual(seen("bob", withScan({ scannedAt: 1, matches }), []), "deny at dlp-block")
  })

  it("[SPO-205] [SPO-207] an override lifts the block, and the links work again", () => {
    const matches = [{ policy: "p", rule: "r", block: "PerUser" }]
    const its = withScan({ scannedAt: 1, matches })
    const override = {
      _tag: "DlpOverridden",
      itemId: "Plan.docx",
      by: "alice",
      justification: "",
      at: 1,
    } as const
    assert.strictEqual(seen(nina, its, guestLink), "deny at dlp-block")
    assert.strictEqual(seen(nina, its, [...guestLink, override]), "allow")
  })
})

describe("the whole question", () => {
  it("[SPO-301] asks in the documented order", () => {
    const { decision } = asks(worldWith(plan, guest(nina), users("guest", nina)), nina)
    const expected = [...gatesToTheDoor, ...gatesInside].map(({ name }) => name)
    const names = asked(decision)
    assert.deepStrictEqual(
      names.filter((it) => expected.includes(it)),
      expected,
    )
    // Between the link and the site stands Entra.
    const signIn = names.indexOf("account-enabled")
    assert.isAbove(signIn, names.indexOf("verification-code"))
    assert.isBelow(signIn, names.indexOf("network-location"))
  })

  it("[SPO-303] is answered by the best route, and shows why the others failed", () => {
    const events = [
      guest(nina),
      users("guest", nina, { id: "old", expiresAt: today - 1 }),
      users("guest", nina, { id: "new", role: "edit" }),
    ]
    const { decision, route } = asks(worldWith(plan, ...events), nina, { action: "edit" })
    assert.strictEqual(decision.outcome, "allow")
    assert.strictEqual(route?.link?.id, "new")
    assert.isTrue(decision.gates.some(({ verdict: it }) => it === "deny"))
  })

  const grants = {
    group: joins("Launch", userId(nina)),
    link: users("guest", nina),
    direct: {
      _tag: "DirectGrantAdded",
      itemId: "Plan.docx",
      grant: { address: nina, role: "view", grantedBy: "alice", grantedAt: 0 },
    },
    site: {
      _tag: "SiteAssignmentAdded",
      url: launch,
      assignment: { kind: "person", principal: nina, level: "Read" },
      at: 0,
    },
  } as const
  const GrantName = Schema.Literals(["group", "link", "direct", "site"])

  it.prop(
    "[SPO-303] one route is enough, and taking one away never adds access",
    { held: Schema.Array(GrantName), removed: GrantName },
    ({ held, removed }) => {
      const outcome = (names: readonly (typeof GrantName.Type)[]): Decision["outcome"] =>
        asks(worldWith(plan, guest(nina), ...names.map((it) => grants[it])), nina).decision.outcome
      const before = outcome(held)
      assert.strictEqual(before, held.length > 0 ? "allow" : "deny")
      const after = outcome(held.filter((it) => it !== removed))
      if (before !== "allow") assert.notStrictEqual(after, "allow")
    },
  )

  it("[SPO-166] [SPO-025] tells the rights that the route is worth", () => {
    const rights = (who: string, events: readonly WorldEvent[], o = {}) =>
      asks(worldWith(plan, ...events), who, o).decision.rights?.join(" ")
    assert.strictEqual(rights("bob", []), "VIEW COMMENT DOCEDIT EDIT EXPORT PRINT EXTRACT")
    assert.strictEqual(rights("anonymous", [anyone], holding), "VIEW EXPORT PRINT EXTRACT")
    const restricted = users("member", "erin@contoso.com", { role: "restrictedView" })
    assert.strictEqual(rights("erin", [restricted]), "VIEW EXTRACT")
  })

  it("[SPO-284] deleting the maker of a link does not delete the link", () => {
    const gone = { _tag: "UserDeleted", userId: userId("bob"), at: 0 } as const
    const link = users("member", "erin@contoso.com", { createdBy: "bob@contoso.com" })
    assert.strictEqual(opens("erin", [link, gone]), "allow")
  })

  it("an era before codes existed has no other rule than the one after", () => {
    assert.strictEqual(
      opens(pat, [users("ad-hoc", pat)], { now: instant("2018-01-01") }),
      "challenge at verification-code",
    )
  })
})
