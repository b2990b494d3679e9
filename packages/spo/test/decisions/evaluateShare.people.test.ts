import { assert, describe, it } from "@effect/vitest"
import { instant } from "@twin/kernel"
import type { Share } from "../../src/index.ts"
import {
  file,
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

  it("[SPO-020] [SPO-070] holding an Anyone link that edits is no permission to share", () => {
    const link = linkTo("Plan.docx", "anonymous", { role: "edit", sentTo: ["mallory@contoso.com"] })
    const share = shares(worldWith(plan, link), "mallory", { to: ["erin@contoso.com"] })
    assert.strictEqual(verdict(share), "deny at members-can-share")
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

const result = (share: Share): string | undefined =>
  share.decision.outcome === "allow" ? "allow" : code(share)

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

describe("the lists of security groups", () => {
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
    const limited = worldWith(
      plan,
      settings({ ...blocked, WhoCanShareAuthenticatedGuestAllowList: ["nobody"] }),
    )
    assert.strictEqual(code(shares(limited, "alice", { to: [nina] })), "OSE304")
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
    assert.strictEqual(verdict(now), "deny at copied-invite-policy")
    assert.match(
      refusal(now)?.message ?? "",
      /^At least one invitation failed\. Error: ResponseStatusNotOK, message: Guest invitations/,
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
    assert.strictEqual(
      verdict(shares(world, "alice", { to: [nina] })),
      "deny at copied-domain-list",
    )
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

const barrier = (mode: string) => [
  settings({ InformationBarriersSuspension: false }),
  siteSettings(launch, { InformationBarriersMode: mode }),
]

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
