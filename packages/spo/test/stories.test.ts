import { assert, describe, it } from "@effect/vitest"
import { userOf } from "@twin/identity"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import { effectiveCapability, itemOf, siteOf } from "../src/index.ts"
import {
  finance,
  first,
  groupId,
  inTheDaysOfChoice,
  lastMail,
  launch,
  makeLab,
  refusal,
  today,
  userId,
  verdict,
} from "./world.ts"

const nina = "nina@fabrikam.com"
const pat = "pat@mailbox.example"

const withPlan = (options: Parameters<typeof makeLab>[0] = {}, more: object = {}) =>
  Effect.gen(function* () {
    const lab = yield* makeLab(options)
    yield* lab.does("alice", "upload-file", {
      site: launch,
      file: "Plan.docx",
      content: "Plan",
      ...more,
    })
    const share = (params: object) =>
      lab.as("alice", "share-file", { file: "Plan.docx", ...params })
    return { ...lab, share }
  })

describe("stories that people ask about", () => {
  it.effect(
    "[SPO-121] [SPO-108] today a bare mailbox gets in by Entra's passcode, as a guest",
    () =>
      Effect.gen(function* () {
        const lab = yield* withPlan()
        const link = first(yield* lab.share({ to: [pat], scope: "users", role: "view" }), "link")
        const open = lab.as(pat, "open-file", { link })
        assert.strictEqual(verdict(yield* open), "challenge at first-factor")
        yield* lab.does(pat, "request-passcode")
        const code = lastMail(yield* lab.mailbox(pat), "one-time-passcode")?.code
        yield* lab.does(pat, "enter-passcode", { code })
        assert.strictEqual(verdict(yield* open), "challenge at invitation-redeemed")
        yield* lab.does(pat, "redeem-invitation")
        assert.strictEqual(first(yield* open, "text"), "Plan")
        yield* lab.wait(days(1))
        assert.strictEqual(verdict(yield* open), "challenge at first-factor")
      }),
  )

  it.effect("[SPO-116] switched off again, the integration leaves guests what they are", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan({ start: inTheDaysOfChoice })
      yield* lab.tenant({ EnableAzureADB2BIntegration: true })
      const old = first(yield* lab.share({ to: [nina], scope: "users", role: "view" }), "link")
      yield* lab.does(nina, "redeem-invitation")
      yield* lab.tenant({ EnableAzureADB2BIntegration: false })
      const link = first(yield* lab.share({ to: [nina], scope: "users", role: "view" }), "link")
      assert.strictEqual(verdict(yield* lab.as(nina, "open-file", { link })), "allow")
      const guest = userOf(yield* lab.world, nina)?.id
      yield* lab.does("grace", "Remove-SPOExternalUser", { UniqueIDs: [guest] })
      assert.strictEqual(
        verdict(yield* lab.as(nina, "open-file", { link: old })),
        "deny at verification-code",
      )
      const again = first(yield* lab.share({ to: [nina], scope: "users", role: "view" }), "link")
      assert.strictEqual(
        verdict(yield* lab.as(nina, "open-file", { link: again })),
        "challenge at verification-code",
      )
    }),
  )

  it.effect("[SPO-110] switching the integration on changes no sharing level", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab({ start: inTheDaysOfChoice })
      const level = Effect.map(lab.world, (world) => {
        const site = siteOf(world, finance)
        return site && effectiveCapability(world, site).level
      })
      const before = yield* level
      yield* lab.tenant({ EnableAzureADB2BIntegration: true })
      assert.strictEqual(yield* level, before)
      assert.strictEqual(before, "Disabled")
    }),
  )

  it.effect("[SPO-230] people who join the site later reach what was shared on its own", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      yield* lab.share({ to: [nina], scope: "users", role: "view" })
      assert.isTrue(itemOf(yield* lab.world, "Plan.docx")?.hasUniquePermissions)
      const open = lab.as("mallory", "open-file", { file: "Plan.docx" })
      assert.strictEqual(verdict(yield* open), "deny at link-or-grant")
      yield* lab.given({
        _tag: "GroupMemberAdded",
        groupId: groupId("Launch"),
        memberId: userId("mallory"),
        at: today,
      })
      assert.strictEqual(verdict(yield* open), "allow")
    }),
  )

  it.effect("[SPO-142] a container label can block download", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      yield* lab.does("ivan", "enable-container-labels")
      yield* lab.site(launch, { SensitivityLabel: "Closed Site" })
      assert.strictEqual(verdict(yield* lab.as("bob", "open-file", { file: "Plan.docx" })), "allow")
      assert.strictEqual(
        verdict(yield* lab.as("bob", "download-file", { file: "Plan.docx" })),
        "deny at block-download-policy",
      )
    }),
  )

  it.effect(
    "[SPO-154] permissions that people chose are processed since the service learnt to",
    () =>
      Effect.gen(function* () {
        const chosen = { label: "Personal", to: ["bob@contoso.com"], level: "Editor" }
        const opened = (start: number) =>
          Effect.gen(function* () {
            const lab = yield* makeLab({ start })
            yield* lab.tenant({ EnableAIPIntegration: true })
            yield* lab.does("alice", "upload-file", {
              site: launch,
              file: "Plan.docx",
              content: "Plan",
              ...chosen,
            })
            return verdict(yield* lab.as("bob", "open-file", { file: "Plan.docx" }))
          })
        assert.strictEqual(yield* opened(Date.UTC(2022, 0, 1)), "deny at web-processing")
        assert.strictEqual(yield* opened(today), "allow")
      }),
  )

  it.effect("[SPO-155] what the uploader cannot view, SharePoint does not recognise", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* lab.tenant({ EnableAIPIntegration: true })
      const desktop = { app: "office-desktop" } as const
      const put = (to: readonly string[], file: string) =>
        Effect.gen(function* () {
          const document = yield* lab.does(
            "alice",
            "protect-document",
            { file, label: "Personal", to, level: "Editor" },
            desktop,
          )
          yield* lab.does("bob", "upload-file", {
            site: launch,
            file,
            document: first(document, "id"),
          })
          return itemOf(yield* lab.world, file)?.content?.processing
        })
      assert.strictEqual(yield* put(["carol@contoso.com"], "Theirs.docx"), "opaque-encryption")
      assert.strictEqual(yield* put(["bob@contoso.com"], "Ours.docx"), "readable")
    }),
  )
})

describe("an Anyone link that asks for a login", () => {
  const anyone = { scope: "anonymous", role: "view" }
  const story = (more: object = {}) =>
    Effect.gen(function* () {
      const lab = yield* withPlan({}, more)
      const link = first(yield* lab.share(anyone), "link")
      return { ...lab, open: lab.as("anonymous", "open-file", { link }) }
    })

  it.effect("[SPO-042] was never one: the default fell back to the organization", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      yield* lab.tenant({ DefaultSharingLinkType: "AnonymousAccess" })
      yield* lab.site(launch, { SharingCapability: "ExternalUserSharingOnly" })
      const shared = yield* lab.share({ to: [] })
      assert.strictEqual(first(shared, "scope"), "organization")
      const open = yield* lab.as("anonymous", "open-file", { link: first(shared, "link") })
      assert.strictEqual(verdict(open), "challenge at link-scope")
    }),
  )

  it.effect.each([
    [
      "the level is below Anyone",
      { SharingCapability: "ExternalUserSharingOnly" },
      "deny at external-sharing-level",
    ],
    ["users are tracked", { AnyoneLinkTrackUsers: true }, "challenge at verification-code"],
  ] as const)("[SPO-042] because %s", ([, setting, expected]) =>
    Effect.gen(function* () {
      const lab = yield* story()
      assert.strictEqual(verdict(yield* lab.open), "allow")
      yield* lab.tenant(setting)
      assert.strictEqual(verdict(yield* lab.open), expected)
    }),
  )

  it.effect("[SPO-042] because it has expired", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      yield* lab.tenant({ RequireAnonymousLinksExpireInDays: 1 })
      const link = first(yield* lab.share(anyone), "link")
      yield* lab.wait(days(1))
      assert.strictEqual(
        verdict(yield* lab.as("anonymous", "open-file", { link })),
        "deny at link-or-grant",
      )
    }),
  )

  it.effect("[SPO-042] because the sharer may not make any", () =>
    Effect.gen(function* () {
      const lab = yield* withPlan()
      yield* lab.tenant({ WhoCanShareAuthenticatedGuestAllowList: [groupId("Finance")] })
      assert.strictEqual(refusal(yield* lab.share(anyone))?.code, "OSE303")
      assert.strictEqual(verdict(yield* lab.share({ to: [nina], scope: "users" })), "allow")
    }),
  )

  it.effect("[SPO-042] because the content is encrypted, or new and not yet scanned", () =>
    Effect.gen(function* () {
      const encrypted = yield* story({ label: "Confidential" })
      assert.strictEqual(verdict(yield* encrypted.open), "deny at content-identity")
      const lab = yield* makeLab()
      yield* lab.tenant({ MarkNewFilesSensitiveByDefault: "BlockExternalSharing" })
      yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
      const shared = yield* lab.does("alice", "share-file", { file: "Plan.docx", ...anyone })
      const open = yield* lab.as("anonymous", "open-file", { link: first(shared, "link") })
      assert.strictEqual(verdict(open), "deny at sensitive-by-default")
    }),
  )
})
