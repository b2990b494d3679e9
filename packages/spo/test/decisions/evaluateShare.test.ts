import { assert, describe, it } from "@effect/vitest"
import { decidingGate, instant } from "@twin/kernel"
import { Schema } from "effect"
import { gatesAfterEntra, gatesBeforeEntra } from "../../src/decisions/evaluateShare.ts"
import { rankOf, type Share, SharingCapability } from "../../src/index.ts"
import {
  asked,
  file,
  finance,
  folder,
  group,
  groupId,
  guest,
  inTheDaysOfCodes,
  joins,
  launch,
  linkTo,
  oneDrive,
  refusal,
  settings,
  shares,
  siteSettings,
  today,
  userId,
  verdict,
  worldWith,
} from "../world.ts"

const plan = file("Plan.docx")
const nina = "nina@fabrikam.com"
const code = (share: Share): string | undefined => refusal(share)?.code

/** SPO-003 as a table: flat, slow, obviously right. Only these tests read it. */
const admitted = {
  Disabled: ["member"],
  ExistingExternalUserSharingOnly: ["member", "guest"],
  ExternalUserSharingOnly: ["member", "guest", "new-guest"],
  ExternalUserAndGuestSharing: ["member", "guest", "new-guest", "anyone"],
} as const

const recipients = {
  member: { to: ["erin@contoso.com"], scope: "users" },
  guest: { to: ["oscar@fabrikam.com"], scope: "users" },
  "new-guest": { to: [nina], scope: "users" },
  anyone: { to: [], scope: "anonymous" },
} as const
type Recipient = keyof typeof recipients

describe("sharing by level", () => {
  it.prop(
    "[SPO-003] [SPO-300] agrees with the documented table, whoever sets the level",
    {
      level: SharingCapability,
      recipient: Schema.Literals(["member", "guest", "new-guest", "anyone"]),
      setBy: Schema.Literals(["tenant", "partition", "site"]),
    },
    ({ level, recipient, setBy }) => {
      const world = worldWith(
        plan,
        guest("oscar@fabrikam.com"),
        setBy === "tenant"
          ? settings({ SharingCapability: level })
          : setBy === "partition"
            ? settings({ CoreSharingCapability: level })
            : siteSettings(launch, { SharingCapability: level }),
      )
      const { decision } = shares(world, "alice", recipients[recipient])
      const isAdmitted = (admitted[level] as readonly string[]).includes(recipient)
      assert.strictEqual(decision.outcome, isAdmitted ? "allow" : "deny")
    },
  )

  it.prop(
    "a lower level never admits more than a higher one",
    {
      levels: Schema.Tuple([SharingCapability, SharingCapability]),
      recipient: Schema.Literals(["member", "guest", "new-guest", "anyone"]),
    },
    ({ levels, recipient }) => {
      const [low, high] = levels.toSorted((a, b) => rankOf(a) - rankOf(b))
      const outcome = (level: SharingCapability | undefined): string =>
        shares(
          worldWith(
            plan,
            guest("oscar@fabrikam.com"),
            settings({ SharingCapability: level ?? "Disabled" }),
          ),
          "alice",
          recipients[recipient as Recipient],
        ).decision.outcome
      if (outcome(low) === "allow") assert.strictEqual(outcome(high), "allow")
    },
  )

  it.each([
    ["SharingCapability", "Disabled", launch, "OSE201"],
    ["SharingCapability", "ExistingExternalUserSharingOnly", launch, "OSE202"],
    ["SharingCapability", "Disabled", oneDrive, "OSE201"],
    ["OneDriveSharingCapability", "Disabled", oneDrive, "OSE207"],
    ["OneDriveSharingCapability", "ExistingExternalUserSharingOnly", oneDrive, "OSE208"],
  ])("[SPO-270] %s %s on %s refuses with %s", (name, level, url, expected) => {
    const world = worldWith(file("Plan.docx", { site: url }), settings({ [name]: level }))
    assert.strictEqual(code(shares(world, "alice", { to: [nina] })), expected)
  })

  it.each([
    ["Disabled", launch, "OSE204"],
    ["ExistingExternalUserSharingOnly", launch, "OSE205"],
    ["Disabled", oneDrive, "OSE207"],
    ["ExistingExternalUserSharingOnly", oneDrive, "OSE208"],
  ])("[SPO-270] the site's own level %s on %s refuses with %s", (level, url, expected) => {
    const world = worldWith(
      file("Plan.docx", { site: url }),
      siteSettings(url, { SharingCapability: level }),
    )
    assert.strictEqual(code(shares(world, "alice", { to: [nina] })), expected)
  })

  it("[SPO-272] reports the tenant before the site", () => {
    const world = worldWith(
      plan,
      settings({ SharingCapability: "Disabled" }),
      siteSettings(launch, { SharingCapability: "Disabled" }),
    )
    assert.strictEqual(code(shares(world, "alice", { to: [nina] })), "OSE201")
  })

  it("[SPO-271] [SPO-086] says why in the service's words, with the address for help when set", () => {
    const off = settings({ SharingCapability: "Disabled" })
    const text = "Your organization's policies don't allow you to share with these users."
    assert.strictEqual(
      refusal(shares(worldWith(plan, off), "alice", { to: [nina] }))?.message,
      text,
    )
    const help = settings({ CustomizedExternalSharingServiceUrl: "https://help.contoso.com" })
    assert.strictEqual(
      refusal(shares(worldWith(plan, off, help), "alice", { to: [nina] }))?.message,
      `${text} https://help.contoso.com`,
    )
  })
})

describe("kinds of link", () => {
  it("[SPO-264] an Anyone link below the level Anyone is refused with the service's error", () => {
    const world = worldWith(plan, settings({ SharingCapability: "ExternalUserSharingOnly" }))
    const share = shares(world, "alice", { scope: "anonymous" })
    assert.strictEqual(verdict(share), "deny at link-kind")
    assert.deepStrictEqual(refusal(share), {
      code: "accessDenied",
      message: "Sharing by link is not enabled on the web, site, or tenant.",
    })
  })

  it("[SPO-020] Anyone links do not exist in a shared channel", () => {
    const channel = "https://contoso.sharepoint.com/sites/channel"
    const world = worldWith(file("Plan.docx", { site: channel }), {
      _tag: "SiteCreated",
      site: {
        url: channel,
        title: "channel",
        kind: "ChannelShared",
        owner: "alice@contoso.com",
        admins: [],
        assignments: [],
        requested: { SharingCapability: "ExternalUserAndGuestSharing" },
        createdAt: 0,
      },
    })
    assert.strictEqual(verdict(shares(world, "alice", { scope: "anonymous" })), "deny at link-kind")
  })

  it("[SPO-004] a site is shared with people who authenticate, at the level Anyone too", () => {
    const world = worldWith(plan)
    const { decision } = shares(world, "alice", { scope: "site", to: [nina] })
    assert.strictEqual(decision.outcome, "allow")
  })

  it("[SPO-030] organization links can be switched off on a site", () => {
    assert.strictEqual(
      verdict(shares(worldWith(plan), "alice", { scope: "organization" })),
      "allow",
    )
    const off = siteSettings(launch, { DisableCompanyWideSharingLinks: "Disabled" })
    assert.strictEqual(
      verdict(shares(worldWith(plan, off), "alice", { scope: "organization" })),
      "deny at link-kind",
    )
  })

  it("[SPO-021] [SPO-055] an organization link is not for people outside", () => {
    const share = shares(worldWith(plan), "alice", { scope: "organization", to: [nina] })
    assert.strictEqual(verdict(share), "deny at link-kind")
  })

  it("[SPO-024] a link for people with existing access needs no permission to share", () => {
    const view = siteSettings(launch, {})
    const world = worldWith(
      plan,
      view,
      linkTo("Plan.docx", "users", {
        members: [{ address: "erin@contoso.com", addedAs: "member" }],
      }),
    )
    assert.strictEqual(verdict(shares(world, "erin", { scope: "existingAccess" })), "allow")
    assert.strictEqual(
      verdict(shares(world, "erin", { scope: "users" })),
      "deny at members-can-share",
    )
  })
})

describe("who may share", () => {
  it("[SPO-300] only people with an account, who can sign in", () => {
    const world = worldWith(plan)
    assert.strictEqual(verdict(shares(world, "anonymous")), "deny at caller-authenticated")
    assert.strictEqual(verdict(shares(world, nina)), "deny at caller-authenticated")
    const disabled = worldWith(plan, {
      _tag: "UserUpdated",
      userId: userId("alice"),
      changes: { accountEnabled: false },
      at: today,
    })
    assert.strictEqual(verdict(shares(disabled, "alice")), "deny at account-enabled")
  })

  it("[SPO-300] nothing that is deleted, nothing on a locked site", () => {
    const gone = worldWith(file("Plan.docx", { recycledAt: 1 }))
    assert.strictEqual(verdict(shares(gone, "alice")), "deny at item-present")
    for (const LockState of ["ReadOnly", "NoAccess"]) {
      const locked = worldWith(plan, siteSettings(launch, { LockState }))
      assert.strictEqual(verdict(shares(locked, "alice")), "deny at lock-state")
    }
  })

  it.each([
    ["MemberShareAll", "users", "allow"],
    ["MemberShareAll", "site", "allow"],
    ["MemberShareFileAndFolder", "users", "allow"],
    ["MemberShareFileAndFolder", "site", "deny at members-can-share"],
    ["MemberShareNone", "users", "deny at members-can-share"],
    ["MemberShareNone", "site", "deny at members-can-share"],
  ] as const)("[SPO-070] with %s a member shares %s: %s", (membersCanShare, scope, expected) => {
    const world = worldWith(plan, siteSettings(launch, { MembersCanShare: membersCanShare }))
    const share = shares(world, "bob", { scope, to: ["erin@contoso.com"] })
    assert.strictEqual(verdict(share), expected)
    assert.strictEqual(
      verdict(shares(world, "alice", { scope: "users", to: ["erin@contoso.com"] })),
      "allow",
    )
  })

  it("[SPO-070] somebody without permission shares nothing", () => {
    assert.strictEqual(
      verdict(shares(worldWith(plan), "mallory", { to: ["erin@contoso.com"] })),
      "deny at members-can-share",
    )
  })

  it("[SPO-071] in a OneDrive people with edit share unless the tenant says Off", () => {
    const edit = linkTo("Plan.docx", "users", {
      role: "edit",
      members: [{ address: "bob@contoso.com", addedAs: "member" }],
    })
    const share = (setting: string) =>
      verdict(
        shares(
          worldWith(
            file("Plan.docx", { site: oneDrive }),
            edit,
            settings({ ODBMembersCanShare: setting }),
          ),
          "bob",
          { to: ["erin@contoso.com"] },
        ),
      )
    assert.strictEqual(share("Unspecified"), "allow")
    assert.strictEqual(share("On"), "allow")
    assert.strictEqual(share("Off"), "deny at members-can-share")
    const off = worldWith(
      file("Plan.docx", { site: oneDrive }),
      settings({ ODBMembersCanShare: "Off" }),
    )
    assert.strictEqual(verdict(shares(off, "alice", { to: ["erin@contoso.com"] })), "allow")
  })

  it("[SPO-072] guests share on unless that is prevented, and always what they own", () => {
    const events = [
      guest("oscar@fabrikam.com"),
      linkTo("Plan.docx", "users", {
        role: "edit",
        members: [{ address: "oscar@fabrikam.com", addedAs: "guest" }],
      }),
    ] as const
    const prevented = settings({ PreventExternalUsersFromResharing: true })
    const to = { to: ["erin@contoso.com"] }
    assert.strictEqual(
      verdict(shares(worldWith(plan, ...events), "oscar@fabrikam.com", to)),
      "allow",
    )
    assert.strictEqual(
      verdict(shares(worldWith(plan, ...events, prevented), "oscar@fabrikam.com", to)),
      "deny at guest-resharing",
    )
    const own = file("Plan.docx", { createdBy: "oscar@fabrikam.com" })
    assert.strictEqual(
      verdict(shares(worldWith(own, ...events, prevented), "oscar@fabrikam.com", to)),
      "allow",
    )
  })
})

describe("the lists of security groups", () => {
  const lists = (guests: readonly string[], anyone: readonly string[]) => [
    group("Sharers"),
    group("Anyones"),
    joins("Sharers", userId("bob")),
    joins("Anyones", userId("carol")),
    joins("Launch", userId("carol")),
    settings({
      WhoCanShareAuthenticatedGuestAllowList: guests,
      WhoCanShareAnonymousAllowList: anyone,
    }),
  ]
  const sharers = groupId("Sharers")
  const anyones = groupId("Anyones")

  it.each([
    ["nobody limits", [], [], "alice", "allow", "allow"],
    ["only guests, in", [sharers], [], "bob", "allow", "OSE303"],
    ["only guests, out", [sharers], [], "alice", "OSE304", "OSE303"],
    ["both, in the guest list", [sharers], [anyones], "bob", "allow", "OSE303"],
    ["both, in the Anyone list", [sharers], [anyones], "carol", "allow", "allow"],
    ["both, in neither", [sharers], [anyones], "alice", "OSE303", "OSE303"],
    ["only Anyone, in", [], [anyones], "carol", "allow", "allow"],
  ] as const)("[SPO-073] [SPO-074] %s", (_, guests, anyone, who, toGuest, toAnyone) => {
    const world = worldWith(plan, ...lists(guests, anyone))
    const result = (share: Share): string | undefined =>
      share.decision.outcome === "allow" ? "allow" : code(share)
    assert.strictEqual(result(shares(world, who, { to: [nina] })), toGuest)
    assert.strictEqual(result(shares(world, who, { scope: "anonymous" })), toAnyone)
    assert.strictEqual(result(shares(world, who, { to: ["erin@contoso.com"] })), "allow")
  })

  it("[SPO-073] nested groups count", () => {
    const world = worldWith(
      plan,
      ...lists([sharers], []),
      group("Inner"),
      joins("Inner", userId("alice")),
      joins("Sharers", groupId("Inner")),
    )
    assert.strictEqual(verdict(shares(world, "alice", { to: [nina] })), "allow")
  })
})

describe("limits by domain", () => {
  it.each([
    ["tenant", "AllowList", "fabrikam.com", "allow"],
    ["tenant", "AllowList", "example.com", "OSE401"],
    ["tenant", "BlockList", "fabrikam.com", "OSE402"],
    ["tenant", "BlockList", "example.com", "allow"],
    ["site", "AllowList", "example.com other.com", "OSE403"],
    ["site", "BlockList", "example.com fabrikam.com", "OSE404"],
    ["site", "None", "fabrikam.com", "allow"],
  ])("[SPO-076] [SPO-077] [SPO-079] %s %s %s: %s", (where, mode, domains, expected) => {
    const changes = {
      SharingDomainRestrictionMode: mode,
      ...(mode === "BlockList"
        ? { SharingBlockedDomainList: domains }
        : { SharingAllowedDomainList: domains }),
    }
    const world = worldWith(
      plan,
      where === "tenant" ? settings(changes) : siteSettings(launch, changes),
    )
    const share = shares(world, "alice", { to: [nina] })
    assert.strictEqual(share.decision.outcome === "allow" ? "allow" : code(share), expected)
  })

  it("[SPO-272] reports the group before the domain, and the tenant's domain before the site's", () => {
    const blocked = {
      SharingDomainRestrictionMode: "BlockList",
      SharingBlockedDomainList: "fabrikam.com",
    }
    const both = worldWith(plan, settings(blocked), siteSettings(launch, blocked))
    assert.strictEqual(code(shares(both, "alice", { to: [nina] })), "OSE402")
    const group = worldWith(
      plan,
      settings({ ...blocked, WhoCanShareAuthenticatedGuestAllowList: ["nobody"] }),
    )
    assert.strictEqual(code(shares(group, "alice", { to: [nina] })), "OSE304")
  })

  it("[SPO-078] somebody who is in the directory already passes here, and is stopped at the door", () => {
    const world = worldWith(
      plan,
      guest(nina),
      settings({
        SharingDomainRestrictionMode: "BlockList",
        SharingBlockedDomainList: "fabrikam.com",
      }),
    )
    assert.strictEqual(verdict(shares(world, "alice", { to: [nina] })), "allow")
  })
})

describe("Entra's own word", () => {
  const nobodyInvites = {
    _tag: "AuthorizationPolicyUpdated",
    changes: { allowInvitesFrom: "none" },
    at: 0,
  } as const

  it("[SPO-105] is asked for files only while the integration is in force", () => {
    const world = worldWith(plan, nobodyInvites)
    const now = shares(world, "alice", { to: [nina] })
    assert.strictEqual(verdict(now), "deny at invite-policy")
    assert.match(
      refusal(now)?.message ?? "",
      /^Error: ResponseStatusNotOK, message: Guest invitations/,
    )
    const then = shares(world, "alice", { to: [nina], now: inTheDaysOfCodes })
    assert.strictEqual(verdict(then), "allow")
    assert.strictEqual(then.recipients[0]?.addedAs, "ad-hoc")
  })

  it("[SPO-105] is asked for sites always", () => {
    const world = worldWith(plan, nobodyInvites)
    const share = shares(world, "alice", { scope: "site", to: [nina], now: inTheDaysOfCodes })
    assert.strictEqual(verdict(share), "deny at invite-policy")
  })

  it("[SPO-123] has a list of domains of its own", () => {
    const world = worldWith(plan, {
      _tag: "InvitationDomainListSet",
      list: { kind: "block", domains: ["fabrikam.com"] },
      at: 0,
    })
    assert.strictEqual(verdict(shares(world, "alice", { to: [nina] })), "deny at domain-list")
  })

  it("[SPO-106] is not asked about somebody who has a guest object: it is used, in either mode", () => {
    const world = worldWith(plan, guest(nina), nobodyInvites)
    for (const now of [today, inTheDaysOfCodes]) {
      const share = shares(world, "alice", { to: [nina], now })
      assert.strictEqual(verdict(share), "allow")
      assert.deepStrictEqual(
        share.recipients.map(({ addedAs, invitation }) => [addedAs, invitation]),
        [["guest", undefined]],
      )
    }
  })

  it("[SPO-114] the defect of 2020 gave people with a Microsoft account a code all the same", () => {
    const on = settings({ EnableAzureADB2BIntegration: true })
    const at2020 = { to: ["zoe@outlook.com"], now: instant("2020-07-01") }
    const otp = { _tag: "EmailOtpSet", state: "enabled", at: 0 } as const
    const healthy = shares(worldWith(plan, on, otp), "alice", at2020)
    assert.strictEqual(healthy.recipients[0]?.addedAs, "guest")
    const broken = worldWith(plan, on, otp, {
      _tag: "FaultSwitched",
      fault: "b2b-integration-ignores-microsoft-accounts",
      isOn: true,
      at: 0,
    })
    assert.strictEqual(shares(broken, "alice", at2020).recipients[0]?.addedAs, "ad-hoc")
    const other = shares(broken, "alice", { ...at2020, to: [nina] })
    assert.strictEqual(other.recipients[0]?.addedAs, "guest")
  })
})

describe("restricted sites and barriers", () => {
  const restricted = [
    settings({ EnableRestrictedAccessControl: true }),
    siteSettings(launch, { RestrictedAccessControl: true }),
  ]

  it("[SPO-216] sharing beyond the groups is free until it is switched off", () => {
    const to = { to: ["erin@contoso.com"] }
    assert.strictEqual(verdict(shares(worldWith(plan, ...restricted), "alice", to)), "allow")
    const closed = settings({ AllowSharingOutsideRestrictedAccessControlGroups: false })
    const world = worldWith(plan, ...restricted, closed)
    assert.strictEqual(
      verdict(shares(world, "alice", to)),
      "deny at restricted-access-control-sharing",
    )
    assert.strictEqual(verdict(shares(world, "alice", { to: ["bob@contoso.com"] })), "allow")
    const tenantOff = worldWith(
      plan,
      ...restricted,
      closed,
      settings({ EnableRestrictedAccessControl: false }),
    )
    assert.strictEqual(verdict(shares(tenantOff, "alice", to)), "allow")
  })

  it("[SPO-218] barriers switch wide links off and, where segments decide, say so", () => {
    const barrier = (mode: string) => [
      settings({ InformationBarriersSuspension: false }),
      siteSettings(launch, { InformationBarriersMode: mode }),
    ]
    const explicit = worldWith(plan, ...barrier("Explicit"))
    assert.strictEqual(
      verdict(shares(explicit, "alice", { scope: "anonymous" })),
      "deny at information-barriers",
    )
    assert.strictEqual(
      verdict(shares(explicit, "alice", { to: ["erin@contoso.com"] })),
      "unknown at information-barriers",
    )
    const open = worldWith(plan, ...barrier("Open"))
    assert.strictEqual(verdict(shares(open, "alice", { scope: "anonymous" })), "allow")
    const suspended = worldWith(
      plan,
      ...barrier("Explicit"),
      settings({ InformationBarriersSuspension: true }),
    )
    assert.strictEqual(verdict(shares(suspended, "alice", { to: ["erin@contoso.com"] })), "allow")
  })
})

describe("role and expiry", () => {
  it.each([
    ["FileAnonymousLinkType", "View", "edit", "deny at role-cap"],
    ["FileAnonymousLinkType", "View", "view", "allow"],
    ["FileAnonymousLinkType", "View", "restrictedView", "allow"],
    ["FileAnonymousLinkType", "Edit", "edit", "allow"],
    ["FolderAnonymousLinkType", "View", "edit", "allow"],
  ] as const)(
    "[SPO-039] %s %s and an Anyone link to a file that may %s: %s",
    (name, cap, role, expected) => {
      const world = worldWith(plan, settings({ [name]: cap }))
      assert.strictEqual(verdict(shares(world, "alice", { scope: "anonymous", role })), expected)
      assert.strictEqual(verdict(shares(world, "alice", { role, to: [nina] })), "allow")
    },
  )

  it("[SPO-025] [SPO-016] review is for files, upload-only for folders and anyone", () => {
    const events = folder("Documents/Box", oneDrive)
    const world = worldWith(plan, events)
    const box = { file: "Documents/Box", scope: "anonymous", role: "createOnly" } as const
    assert.strictEqual(
      verdict(
        shares(world, "alice", { file: "Documents/Box", role: "review", scope: "anonymous" }),
      ),
      "deny at role-cap",
    )
    assert.strictEqual(
      verdict(shares(world, "alice", { role: "createOnly", scope: "anonymous" })),
      "deny at role-cap",
    )
    assert.strictEqual(verdict(shares(world, "alice", box)), "allow")
    const capped = worldWith(plan, events, settings({ FolderAnonymousLinkType: "View" }))
    assert.strictEqual(verdict(shares(capped, "alice", box)), "deny at role-cap")
    const off = worldWith(plan, events, settings({ OneDriveRequestFilesLinkEnabled: false }))
    assert.strictEqual(verdict(shares(off, "alice", box)), "deny at role-cap")
  })

  it("[SPO-027] a password is for Anyone links of the dialog, not for Graph", () => {
    const world = worldWith(plan)
    const anyone = { scope: "anonymous", hasPassword: true } as const
    assert.strictEqual(verdict(shares(world, "alice", anyone)), "allow")
    assert.strictEqual(code(shares(world, "alice", { ...anyone, isGraph: true })), "invalidRequest")
    assert.strictEqual(
      verdict(shares(world, "alice", { hasPassword: true, to: [nina] })),
      "deny at link-password",
    )
  })

  it("[SPO-035] a link may end earlier than required, never later, never in the past", () => {
    const world = worldWith(plan, settings({ RequireAnonymousLinksExpireInDays: 30 }))
    const day = 86_400_000
    const ends = (expiresAt: number, scope: "anonymous" | "users" = "anonymous") =>
      verdict(shares(world, "alice", { scope, expiresAt }))
    assert.strictEqual(ends(today + 30 * day), "allow")
    assert.strictEqual(ends(today + 30 * day + 1), "deny at expiry-cap")
    assert.strictEqual(ends(today), "deny at expiry-cap")
    assert.strictEqual(ends(today + 400 * day, "users"), "allow")
  })
})

describe("the whole gesture", () => {
  it("[SPO-300] asks in the documented order", () => {
    const { decision } = shares(worldWith(plan), "alice", { to: ["erin@contoso.com"] })
    const names = asked(decision)
    const expected = [
      "caller-authenticated",
      ...gatesBeforeEntra.map(({ name }) => name),
      ...gatesAfterEntra.map(({ name }) => name),
    ]
    assert.deepStrictEqual(
      names.filter((it) => expected.includes(it)),
      expected,
    )
  })

  it("[SPO-307] one refused recipient stops all of them", () => {
    const world = worldWith(
      plan,
      settings({
        SharingDomainRestrictionMode: "BlockList",
        SharingBlockedDomainList: "outlook.com",
      }),
    )
    const share = shares(world, "alice", { to: ["erin@contoso.com", "Zoe@Outlook.com", nina] })
    assert.strictEqual(verdict(share), "deny at tenant-domain-limit")
    assert.strictEqual(share.refusedAt, "zoe@outlook.com")
    assert.deepStrictEqual(share.recipients, [])
  })

  it("[SPO-005] a file on a site that shares with nobody goes to nobody outside", () => {
    const world = worldWith(file("Forecast.xlsx", { site: finance }))
    const share = shares(world, "alice", { file: "Forecast.xlsx", to: [nina] })
    assert.strictEqual(decidingGate(share.decision).name, "external-sharing-level")
  })
})
