import { assert, describe, it } from "@effect/vitest"
import { userOf } from "@twin/identity"
import { days, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { linksOf } from "../../src/index.ts"
import {
  audited,
  finance,
  first,
  guest,
  inTheDaysOfCodes,
  lastMail,
  launch,
  makeLab,
  oneDrive,
  refusal,
  today,
  verdict,
} from "../world.ts"

const nina = "nina@fabrikam.com"

const pat = "pat@mailbox.example"

const withPlan = (options: Parameters<typeof makeLab>[0] = {}, site = launch) =>
  Effect.gen(function* () {
    const lab = yield* makeLab(options)
    yield* lab.does("alice", "upload-file", { site, file: "Plan.docx", content: "The plan" })
    const share = (params: object, who = "alice") =>
      lab.as(who, "share-file", { file: "Plan.docx", ...params })
    return { ...lab, share }
  })

describe("sharing a file", () => {
  it.effect(
    "[SPO-242] [SPO-228] [SPO-232] with a colleague gives permission at once, writes it down and sends a mail",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan()
        const shared = yield* lab.share({
          to: ["Mallory@contoso.com"],
          scope: "users",
          role: "view",
        })
        assert.deepStrictEqual(audited(shared), [
          "GroupAdded",
          "SharingInheritanceBroken",
          "AddedToGroup",
          "SharingSet",
        ])
        const mail = lastMail(yield* lab.mailbox("mallory"), "sharing-notification")
        assert.strictEqual(mail?.link, first(shared, "link"))
        assert.strictEqual(
          verdict(yield* lab.as("mallory", "open-file", { link: mail?.link })),
          "allow",
        )
      }),
  )

  it.effect("[SPO-105] [SPO-243] [SPO-241] with somebody new makes a guest and a secure link", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      const shared = yield* lab.share({ to: [nina], scope: "users", role: "view" })
      const names = audited(shared)
      assert.isBelow(names.indexOf("SecureLinkCreated"), names.indexOf("AddedToSecureLink"))
      assert.include(names, "Invite external user")
      const [created, added] = (shared.record?.audit ?? []).filter(({ Operation }) =>
        ["SecureLinkCreated", "AddedToSecureLink"].includes(Operation),
      )
      assert.strictEqual(created?.["UniqueSharingId"], added?.["UniqueSharingId"])
      assert.strictEqual(added?.["TargetUserOrGroupName"], nina)
      assert.strictEqual(added?.["TargetUserOrGroupType"], "Guest")
      assert.strictEqual(added?.RecordType, 14)
      assert.strictEqual(added?.["SourceFileName"], "Plan.docx")
      assert.strictEqual(userOf(yield* lab.world, nina)?.externalUserState, "PendingAcceptance")
    }),
  )

  it.effect("[SPO-109] [SPO-108] the guest accepts once, then the link opens", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      const link = first(yield* lab.share({ to: [nina], scope: "users", role: "view" }), "link")
      const before = yield* lab.as(nina, "open-file", { link })
      assert.strictEqual(verdict(before), "challenge at invitation-redeemed")
      yield* lab.does(nina, "redeem-invitation", {})
      const opened = yield* lab.does(nina, "open-file", { link })
      assert.strictEqual(first(opened, "text"), "The plan")
      assert.deepStrictEqual(audited(opened), ["SecureLinkUsed", "FileAccessed"])
      assert.deepStrictEqual(opened.record?.events, [])
      assert.strictEqual(opened.record?.audit[0]?.UserType, 10)
      const again = yield* lab.share({ to: [nina], scope: "users", role: "edit" })
      assert.notInclude(audited(again), "Invite external user")
      assert.strictEqual(
        verdict(yield* lab.as(nina, "open-file", { link: first(again, "link") })),
        "allow",
      )
    }),
  )

  it.effect(
    "[SPO-302] refused creates no link, no guest and no mail; a refused domain leaves one record",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan()
        yield* lab.tenant({
          SharingDomainRestrictionMode: "BlockList",
          SharingBlockedDomainList: "fabrikam.com",
        })
        const before = yield* lab.world
        const refused = yield* lab.share({ to: [nina, "bob@contoso.com"], scope: "users" })
        assert.strictEqual(refusal(refused)?.code, "OSE402")
        assert.deepStrictEqual(audited(refused), ["SharingInvitationBlocked"])
        assert.deepStrictEqual(refused.record?.events, [])
        assert.deepStrictEqual(refused.record?.mail, [])
        assert.strictEqual(yield* lab.world, before)
        yield* lab.tenant({ SharingCapability: "Disabled" })
        const off = yield* lab.share({ to: [nina], scope: "users" })
        assert.deepStrictEqual(audited(off), [])
        assert.deepStrictEqual(off.record?.mail, [])
      }),
  )

  it.effect(
    "[SPO-058] takes the default link where nothing else is asked for, and lets people choose",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan()
        const standard = yield* lab.share({ to: ["bob@contoso.com"] })
        assert.strictEqual(first(standard, "scope"), "organization")
        assert.strictEqual(first(standard, "role"), "edit")
        yield* lab.tenant({ DefaultSharingLinkType: "Direct", DefaultLinkPermission: "View" })
        const direct = yield* lab.share({ to: ["bob@contoso.com"] })
        assert.strictEqual(first(direct, "scope"), "users")
        assert.strictEqual(first(direct, "role"), "view")
        const chosen = yield* lab.share({ scope: "anonymous", role: "edit" })
        assert.strictEqual(first(chosen, "scope"), "anonymous")
      }),
  )

  it.effect(
    "[SPO-022] an organization link that is sent is redeemed for those it was sent to",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan()
        yield* lab.share({ to: ["mallory@contoso.com"], scope: "organization", role: "view" })
        assert.strictEqual(
          verdict(yield* lab.as("mallory", "open-file", { file: "Plan.docx" })),
          "allow",
        )
        assert.strictEqual(
          verdict(yield* lab.as("erin", "open-file", { file: "Plan.docx" })),
          "deny at link-or-grant",
        )
      }),
  )

  it.effect("[SPO-022] [SPO-244] opening an organization link redeems it", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      const link = first(yield* lab.share({ scope: "organization", role: "view" }), "link")
      const opened = yield* lab.does("erin", "open-file", { link })
      assert.deepStrictEqual(audited(opened), ["CompanyLinkUsed", "FileAccessed"])
      assert.strictEqual(
        verdict(yield* lab.as("erin", "open-file", { file: "Plan.docx" })),
        "allow",
      )
    }),
  )

  it.effect(
    "[SPO-246] [SPO-244] the holder of an Anyone link stays without a name in the log",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan()
        const shared = yield* lab.share({ scope: "anonymous", role: "view" })
        assert.include(audited(shared), "AnonymousLinkCreated")
        const opened = yield* lab.does("anonymous", "open-file", { link: first(shared, "link") })
        assert.deepStrictEqual(audited(opened), ["AnonymousLinkUsed", "FileAccessed"])
        assert.strictEqual(opened.record?.audit[0]?.UserId, "anonymous")
      }),
  )

  it.effect("[SPO-027] a password opens the Anyone link, and never enters the journal", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      const password = "correct horse battery"
      const link = first(yield* lab.share({ scope: "anonymous", role: "view", password }), "link")
      const open = (given: object) => lab.as("anonymous", "open-file", { link, ...given })
      assert.strictEqual(verdict(yield* open({})), "challenge at link-or-grant")
      assert.strictEqual(verdict(yield* open({ password: "wrong horse" })), "deny at link-or-grant")
      assert.strictEqual(verdict(yield* open({ password })), "allow")
      assert.notInclude(JSON.stringify(yield* lab.records), password)
    }),
  )

  it.effect(
    "[SPO-035] [SPO-037] an Anyone link gets the date that is required, and dies on it",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan()
        yield* lab.tenant({ RequireAnonymousLinksExpireInDays: 30 })
        const link = first(yield* lab.share({ scope: "anonymous", role: "view" }), "link")
        yield* lab.wait(days(30) - 1)
        assert.strictEqual(verdict(yield* lab.as("anonymous", "open-file", { link })), "allow")
        yield* lab.wait(1)
        assert.strictEqual(
          verdict(yield* lab.as("anonymous", "open-file", { link })),
          "deny at link-or-grant",
        )
      }),
  )

  it.effect("[SPO-036] a shorter limit reaches links that exist, a longer one does not", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      const expiry = Effect.map(lab.world, (world) => linksOf(world)[0]?.expiresAt)
      yield* lab.share({ scope: "anonymous", role: "view" })
      assert.isUndefined(yield* expiry)
      yield* lab.tenant({ RequireAnonymousLinksExpireInDays: 30 })
      assert.strictEqual(yield* expiry, today + days(30))
      yield* lab.wait(days(1))
      yield* lab.tenant({ RequireAnonymousLinksExpireInDays: 60 })
      assert.strictEqual(yield* expiry, today + days(30))
      yield* lab.tenant({ RequireAnonymousLinksExpireInDays: 7 })
      assert.strictEqual(yield* expiry, today + days(8))
      yield* lab.site(launch, {
        OverrideTenantAnonymousLinkExpirationPolicy: true,
        AnonymousLinkExpirationInDays: 2,
      })
      assert.strictEqual(yield* expiry, today + days(3))
      const early = today + days(2)
      yield* lab.share({ scope: "anonymous", role: "view", expiration: "2026-09-03T08:00:00Z" })
      assert.strictEqual(linksOf(yield* lab.world)[1]?.expiresAt, early)
      yield* lab.site(launch, { AnonymousLinkExpirationInDays: 1 })
      assert.strictEqual(linksOf(yield* lab.world)[1]?.expiresAt, early)
    }),
  )

  it.effect("[SPO-087] the mail may come late, the permission does not", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      yield* lab.fault("sharing-mail-delayed")
      const shared = yield* lab.share({ to: ["mallory@contoso.com"], scope: "users" })
      assert.isUndefined(lastMail(yield* lab.mailbox("mallory"), "sharing-notification"))
      const link = first(shared, "link")
      assert.strictEqual(verdict(yield* lab.as("mallory", "open-file", { link })), "allow")
      yield* lab.wait(minutes(15))
      assert.isDefined(lastMail(yield* lab.mailbox("mallory"), "sharing-notification"))
    }),
  )

  it.effect(
    "[SPO-085] [SPO-040] owners and administrators are told what they asked to be told",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan({}, oneDrive)
        yield* lab.share({ scope: "anonymous", role: "view" })
        assert.strictEqual(
          lastMail(yield* lab.mailbox("alice"), "notification")?.subject,
          "An Anyone link was created in your OneDrive",
        )
        yield* lab.share({ to: ["bob@contoso.com"], scope: "users", role: "edit" })
        yield* lab.share({ to: ["erin@contoso.com"], scope: "users" }, "bob")
        assert.strictEqual(
          lastMail(yield* lab.mailbox("alice"), "notification")?.subject,
          "An item in your OneDrive was shared on",
        )
        yield* lab.tenant({
          BccExternalSharingInvitations: true,
          BccExternalSharingInvitationsList: "judy@contoso.com,ivan@contoso.com",
          OwnerAnonymousNotification: false,
        })
        yield* lab.share({ to: [nina], scope: "users" })
        const copy = lastMail(yield* lab.mailbox("judy"), "notification")
        assert.match(copy?.text ?? "", /nina@fabrikam.com/)
        assert.isUndefined(copy?.link)
        const before = (yield* lab.mailbox("alice")).length
        yield* lab.share({ scope: "anonymous", role: "view" })
        assert.strictEqual((yield* lab.mailbox("alice")).length, before)
      }),
  )

  it.effect(
    "[SPO-090] [SPO-091] [SPO-092] a guest who joins under a policy gets a date, nobody else does",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan({ events: [guest(nina), guest("oscar@fabrikam.com")] })
        const early = first(
          yield* lab.share({ to: ["oscar@fabrikam.com"], scope: "users" }),
          "link",
        )
        yield* lab.tenant({ ExternalUserExpirationRequired: true, ExternalUserExpireInDays: 30 })
        const late = first(yield* lab.share({ to: [nina], scope: "users" }), "link")
        yield* lab.wait(days(30))
        const open = (who: string, link: string) => lab.as(who, "open-file", { link })
        assert.strictEqual(verdict(yield* open("oscar@fabrikam.com", early)), "allow")
        assert.strictEqual(verdict(yield* open(nina, late)), "deny at guest-expiration")
        const again = yield* lab.share({ to: [nina], scope: "users" })
        assert.strictEqual(verdict(yield* open(nina, first(again, "link"))), "allow")
      }),
  )

  it.effect("[SPO-093] a site admin extends a stay from today, or ends it at once", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan({ events: [guest(nina)] })
      yield* lab.tenant({ ExternalUserExpirationRequired: true, ExternalUserExpireInDays: 30 })
      const link = first(yield* lab.share({ to: [nina], scope: "users" }), "link")
      yield* lab.wait(days(20))
      const review = (answer: string, who = "alice") =>
        lab.as(who, "review-guest-expiration", { site: launch, who: nina, answer })
      assert.strictEqual(verdict(yield* review("extend", "bob")), "deny at permission")
      assert.strictEqual(verdict(yield* review("extend")), "allow")
      yield* lab.wait(days(29))
      assert.strictEqual(verdict(yield* lab.as(nina, "open-file", { link })), "allow")
      yield* review("remove")
      assert.strictEqual(
        verdict(yield* lab.as(nina, "open-file", { link })),
        "deny at guest-expiration",
      )
    }),
  )

  it.effect(
    "[SPO-255] [SPO-256] Graph gives back the link it has, adds people to it, and tells nobody",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan()
        const create = (params: object) =>
          lab.does("alice", "create-link", {
            file: "Plan.docx",
            scope: "users",
            role: "view",
            ...params,
          })
        const one = yield* create({ to: ["mallory@contoso.com"] })
        assert.strictEqual(first(one, "status"), "201")
        assert.deepStrictEqual(one.record?.mail, [])
        const two = yield* create({ to: ["erin@contoso.com", "mallory@contoso.com"] })
        assert.strictEqual(first(two, "status"), "200")
        assert.strictEqual(first(two, "id"), first(one, "id"))
        assert.deepStrictEqual(audited(two), ["AddedToGroup", "SharingSet"])
        const three = yield* create({ to: [nina] })
        assert.include(audited(three), "AddedToSecureLink")
        assert.deepStrictEqual(
          linksOf(yield* lab.world)[0]?.members.map(({ address }) => address),
          ["mallory@contoso.com", "erin@contoso.com", nina],
        )
        assert.strictEqual(
          verdict(yield* lab.as("erin", "open-file", { link: first(one, "link") })),
          "allow",
        )
        const other = yield* create({ role: "edit" })
        assert.notStrictEqual(first(other, "id"), first(one, "id"))
        const default_ = yield* lab.does("alice", "create-link", { file: "Plan.docx" })
        assert.strictEqual(first(default_, "scope"), "organization")
        const same = yield* lab.does("alice", "create-link", { file: "Plan.docx" })
        assert.deepStrictEqual([same.record?.events, audited(same)], [[], []])
      }),
  )

  it.effect("[SPO-096] in the days of codes nobody gets a guest object by it", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan({ start: inTheDaysOfCodes })
      yield* lab.share({ to: [pat, nina], scope: "users", role: "view" })
      const world = yield* lab.world
      assert.isUndefined(userOf(world, pat))
      assert.isUndefined(userOf(world, nina))
      const refused = yield* lab.as("alice", "upload-file", {
        site: finance,
        file: "F.docx",
        content: "",
      })
      assert.strictEqual(verdict(refused), "allow")
    }),
  )
})
