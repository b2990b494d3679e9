import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Schema } from "effect"
import { gatesAfterEntra, gatesBeforeEntra } from "../../src/decisions/evaluateShare.ts"
import { rankOf, type Share, SharingCapability } from "../../src/index.ts"
import {
  asked,
  file,
  finance,
  folder,
  guest,
  launch,
  linkTo,
  oneDrive,
  refusal,
  settings,
  shares,
  siteSettings,
  today,
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
          recipients[recipient],
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
    const site = worldWith(plan, events, siteSettings(oneDrive, { RequestFilesLinkEnabled: false }))
    assert.strictEqual(verdict(shares(site, "alice", box)), "deny at role-cap")
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
