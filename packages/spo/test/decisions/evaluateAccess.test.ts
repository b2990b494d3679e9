import { assert, describe, it } from "@effect/vitest"
import { type Decision, instant } from "@twin/kernel"
import { Schema } from "effect"
import { gatesInside, gatesToTheDoor } from "../../src/decisions/evaluateAccess.ts"
import type { SharingLink, SpoEvent } from "../../src/index.ts"
import {
  asked,
  asks,
  file,
  folder,
  group,
  groupId,
  guest,
  joins,
  launch,
  linkTo,
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

  it("the claim for everyone except external users means members", () => {
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

const until = (expiresAt: number) => [linkTo("Plan.docx", "anonymous", { expiresAt })]

const without = (linkId: string) => ({ _tag: "LinkRemoved", linkId, at: 1 }) as const

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

const rights = (who: string, events: readonly WorldEvent[], o = {}) =>
  asks(worldWith(plan, ...events), who, o).decision.rights?.join(" ")

const outcome = (names: readonly (typeof GrantName.Type)[]): Decision["outcome"] =>
  asks(worldWith(plan, guest(nina), ...names.map((it) => grants[it])), nina).decision.outcome

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

  it.prop(
    "[SPO-303] one route is enough, and taking one away never adds access",
    { held: Schema.Array(GrantName), removed: GrantName },
    ({ held, removed }) => {
      const before = outcome(held)
      assert.strictEqual(before, held.length > 0 ? "allow" : "deny")
      const after = outcome(held.filter((it) => it !== removed))
      if (before !== "allow") assert.notStrictEqual(after, "allow")
    },
  )

  it("[SPO-166] [SPO-025] tells the rights that the route is worth", () => {
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
