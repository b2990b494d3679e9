import { assert, describe, it } from "@effect/vitest"
import { makeLabelPolicy } from "@twin/mip"
import { Effect } from "effect"
import { siteOf } from "../../src/index.ts"
import { audited, guest, inTheDaysOfChoice, launch, makeLab, oneDrive, verdict } from "../world.ts"

describe("container labels", () => {
  const label = "Closed Site"

  it.effect("[SPO-130] [SPO-141] can be used only once the directory has them switched on", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      const set = lab.as("grace", "Set-SPOSite", { Identity: launch, SensitivityLabel: label })
      assert.strictEqual(verdict(yield* set), "deny at container-labels-enabled")
      yield* lab.does("ivan", "enable-container-labels")
      assert.strictEqual(verdict(yield* set), "allow")
      yield* lab.does("ivan", "enable-container-labels", { on: false })
      assert.strictEqual(verdict(yield* set), "deny at container-labels-enabled")
    }),
  )

  it.effect(
    "[SPO-131] [SPO-132] [SPO-148] [SPO-054] write their settings to the site, not to its files",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
        yield* lab.does("ivan", "enable-container-labels")
        const set = yield* lab.site(launch, { SensitivityLabel: label })
        assert.deepStrictEqual(audited(set), ["SensitivityLabelApplied"])
        assert.deepStrictEqual(set.record?.mail, [])
        const shown =
          (yield* lab.does("grace", "Get-SPOSite", { Identity: launch })).output[0] ?? {}
        assert.containsSubset(shown, {
          SharingCapability: "Disabled",
          ConditionalAccessPolicy: "AllowLimitedAccess",
          DefaultShareLinkScope: "SpecificPeople",
          MembersCanShare: "MemberShareNone",
          SensitivityLabel: "label-closed-site",
        })
        assert.strictEqual(siteOf(yield* lab.world, launch)?.privacy, "Private")
        const opened = yield* lab.does("bob", "open-file", { file: "Plan.docx" })
        assert.strictEqual(opened.output[0]?.["label"], null)
      }),
  )

  it.effect(
    "[SPO-134] [SPO-138] taken off, they leave what they have set; one label at a time",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab()
        yield* lab.does("ivan", "enable-container-labels")
        yield* lab.site(launch, { SensitivityLabel: label })
        const off = yield* lab.site(launch, { RemoveLabel: true })
        assert.deepStrictEqual(audited(off), ["SensitivityLabelRemoved"])
        const it = siteOf(yield* lab.world, launch)
        assert.isUndefined(it?.labelId)
        assert.strictEqual(it?.requested["SharingCapability"], "Disabled")
        assert.strictEqual(it?.privacy, "Private")
      }),
  )

  it.effect("[SPO-133] let an owner change sharing, which the owner could not directly", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* lab.does("ivan", "enable-container-labels")
      const put = (who: string, name = label) =>
        lab.as(who, "label-site", { site: launch, label: name })
      assert.strictEqual(verdict(yield* put("bob")), "deny at permission")
      assert.strictEqual(verdict(yield* put("alice", "Confidential")), "deny at label-scope")
      assert.strictEqual(verdict(yield* put("alice", "No such label")), "deny at label-scope")
      assert.strictEqual(verdict(yield* put("alice")), "allow")
      assert.strictEqual(
        siteOf(yield* lab.world, launch)?.requested["SharingCapability"],
        "Disabled",
      )
      const policy = makeLabelPolicy({ id: "few", name: "Global", labels: ["label-public"] })
      yield* lab.given({ _tag: "LabelPolicyChanged", policy })
      assert.strictEqual(verdict(yield* put("alice")), "deny at label-offered")
    }),
  )
})

describe("people of a site", () => {
  const nina = "nina@fabrikam.com"

  it.effect(
    "[SPO-094] [SPO-102] [SPO-104] external users are those with an object; a site also knows the others",
    () =>
      Effect.gen(function* () {
        const lab = yield* makeLab({ start: inTheDaysOfChoice, events: [guest(nina)] })
        yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
        yield* lab.does("alice", "share-file", {
          file: "Plan.docx",
          to: [nina, "pat@mailbox.example"],
          scope: "users",
          role: "view",
        })
        const list = (params: object) =>
          lab.does("grace", "Get-SPOExternalUser", { PageSize: 50, ...params })
        assert.deepStrictEqual(
          (yield* list({})).output.map((row) => row["Email"]),
          [nina],
        )
        const here = yield* list({ SiteUrl: launch })
        assert.deepStrictEqual(
          here.output.map((row) => [row["Email"], row["UniqueId"] !== ""]),
          [
            [nina, true],
            ["pat@mailbox.example", false],
          ],
        )
        assert.deepStrictEqual((yield* list({ SiteUrl: oneDrive })).output, [])
        assert.deepStrictEqual((yield* list({ Filter: "NIN" })).output.length, 1)
        assert.deepStrictEqual((yield* list({ Filter: "ina" })).output.length, 0)
        assert.deepStrictEqual((yield* lab.does("grace", "Get-SPOExternalUser")).output.length, 1)
      }),
  )

  it.effect("[SPO-094] a removed guest loses everything", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab({ events: [guest(nina)] })
      yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
      yield* lab.does("alice", "share-file", {
        file: "Plan.docx",
        to: [nina],
        scope: "users",
        role: "view",
      })
      const open = lab.as(nina, "open-file", { file: "Plan.docx" })
      assert.strictEqual(verdict(yield* open), "allow")
      const remove = (UniqueIDs: readonly string[], more: object = {}) =>
        lab.as("grace", "Remove-SPOExternalUser", { UniqueIDs, ...more })
      assert.strictEqual(verdict(yield* remove(["user-alice"])), "deny at external-users-known")
      yield* remove([`user-${nina}`], { WhatIf: true })
      assert.strictEqual(verdict(yield* open), "allow")
      yield* remove([`user-${nina}`])
      assert.strictEqual(verdict(yield* open), "deny at verification-code")
    }),
  )

  it.effect("[SPO-225] [SPO-233] are added to its groups, made admins and taken out again", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab({ events: [guest(nina)] })
      yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
      const Site = launch
      const edit = lab.as("mallory", "edit-file", { file: "Plan.docx" })
      const add = (LoginName: string, Group: string) =>
        lab.as("grace", "Add-SPOUser", { Site, LoginName, Group })
      assert.strictEqual(verdict(yield* add("mallory@contoso.com", "Launch Visitors")), "allow")
      assert.strictEqual(verdict(yield* edit), "deny at permission")
      yield* add("mallory@contoso.com", "Launch Members")
      assert.strictEqual(verdict(yield* edit), "allow")
      assert.strictEqual(verdict(yield* add("mallory@contoso.com", "Friends")), "deny at site-user")
      assert.strictEqual(
        verdict(yield* add("nobody@contoso.com", "Launch Members")),
        "deny at site-user",
      )
      const people = yield* lab.does("grace", "Get-SPOUser", { Site })
      assert.deepStrictEqual(
        people.output.map((row) => row["LoginName"]),
        ["alice@contoso.com", "mallory@contoso.com"],
      )
      assert.deepStrictEqual(
        people.output.map((row) => row["IsSiteAdmin"]),
        [true, false],
      )
      yield* lab.does("grace", "Remove-SPOUser", { Site, LoginName: "mallory@contoso.com" })
      assert.strictEqual(verdict(yield* edit), "deny at link-or-grant")
      const admin = (LoginName: string) =>
        lab.as("grace", "Set-SPOUser", { Site, LoginName, IsSiteCollectionAdmin: true })
      assert.deepStrictEqual(audited(yield* admin("mallory@contoso.com")), [
        "SiteCollectionAdminAdded",
      ])
      assert.strictEqual(verdict(yield* edit), "allow")
      assert.strictEqual(verdict(yield* admin(nina)), "allow")
      yield* lab.tenant({ CoreBlockGuestsAsSiteAdmin: "On" })
      assert.strictEqual(verdict(yield* admin(nina)), "deny at guest-site-admin")
      yield* lab.site(launch, { BlockGuestsAsSiteAdmin: "Off" })
      assert.strictEqual(verdict(yield* admin(nina)), "allow")
    }),
  )
})
