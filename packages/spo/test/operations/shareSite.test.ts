import { assert, describe, it } from "@effect/vitest"
import { userOf } from "@twin/identity"
import { Effect } from "effect"
import {
  audited,
  finance,
  first,
  inTheDaysOfCodes,
  launch,
  makeLab,
  refusal,
  verdict,
} from "../world.ts"

const nina = "nina@fabrikam.com"

const withPlan = (options: Parameters<typeof makeLab>[0] = {}, site = launch) =>
  Effect.gen(function* () {
    const lab = yield* makeLab(options)
    yield* lab.does("alice", "upload-file", { site, file: "Plan.docx", content: "The plan" })
    const share = (params: object, who = "alice") =>
      lab.as(who, "share-file", { file: "Plan.docx", ...params })
    return { ...lab, share }
  })

describe("sharing a site", () => {
  it.effect("[SPO-105] [SPO-243] always makes guests, even in the days of codes", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab({ start: inTheDaysOfCodes })
      const shared = yield* lab.does("alice", "share-site", {
        site: launch,
        to: [nina],
        level: "Read",
      })
      assert.include(audited(shared), "SharingInvitationCreated")
      assert.isDefined(userOf(yield* lab.world, nina))
    }),
  )

  it.effect(
    "[SPO-242] gives a colleague the permission at once, and a guest within the level only",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan()
        const shared = yield* lab.does("alice", "share-site", {
          site: launch,
          to: ["mallory@contoso.com"],
          level: "Edit",
        })
        assert.deepStrictEqual(audited(shared), ["AddedToGroup", "SharingSet"])
        const edit = yield* lab.as("mallory", "edit-file", { file: "Plan.docx", content: "Better" })
        assert.strictEqual(verdict(edit), "allow")
        const closed = yield* lab.as("alice", "share-site", { site: finance, to: [nina] })
        assert.strictEqual(refusal(closed)?.code, "OSE204")
        const nowhere = yield* lab.as("alice", "share-site", {
          site: "https://x.example",
          to: [nina],
        })
        assert.strictEqual(verdict(nowhere), "deny at present")
      }),
  )

  it.effect("[SPO-070] the owner says what members may share", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      const set = (who: string) =>
        lab.as(who, "set-members-can-share", { site: launch, membersCanShare: "MemberShareNone" })
      assert.strictEqual(verdict(yield* set("bob")), "deny at permission")
      assert.deepStrictEqual(audited(yield* set("alice")), ["WebMembersCanShareModified"])
      const share = yield* lab.share({ to: ["erin@contoso.com"], scope: "users" }, "bob")
      assert.strictEqual(verdict(share), "deny at members-can-share")
    }),
  )
})

describe("taking access away", () => {
  it.effect("[SPO-029] [SPO-245] [SPO-303] a deleted link ends one way, not the others", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      const shared = yield* lab.share({
        to: ["mallory@contoso.com", "bob@contoso.com"],
        scope: "users",
      })
      const link = first(shared, "link")
      const removed = yield* lab.does("alice", "remove-access", { link })
      assert.deepStrictEqual(audited(removed), [
        "RemovedFromSecureLink",
        "RemovedFromSecureLink",
        "SecureLinkDeleted",
      ])
      const open = (who: string) => lab.as(who, "open-file", { file: "Plan.docx" })
      assert.strictEqual(verdict(yield* open("mallory")), "deny at link-or-grant")
      assert.strictEqual(verdict(yield* open("bob")), "allow")
    }),
  )

  it.effect("[SPO-303] one person comes off, the others stay", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      yield* lab.share({
        to: ["mallory@contoso.com", "erin@contoso.com"],
        scope: "users",
        role: "view",
      })
      const take = (who: string) =>
        lab.as(who, "remove-access", { file: "Plan.docx", who: "mallory@contoso.com" })
      assert.strictEqual(verdict(yield* take("mallory")), "deny at permission")
      assert.deepStrictEqual(audited(yield* take("alice")), ["RemovedFromSecureLink"])
      const open = (who: string) => lab.as(who, "open-file", { file: "Plan.docx" })
      assert.strictEqual(verdict(yield* open("mallory")), "deny at link-scope")
      assert.strictEqual(verdict(yield* open("erin")), "allow")
      const unknown = yield* lab.as("alice", "remove-access", { link: "made up" })
      assert.strictEqual(verdict(unknown), "deny at present")
    }),
  )
})
