import { assert, describe, it } from "@effect/vitest"
import { memberUser } from "@twin/identity"
import type { CallResult } from "@twin/kernel"
import { Effect } from "effect"
import {
  finance,
  first,
  guest,
  inTheDaysOfChoice,
  type Lab,
  launch,
  makeLab,
  oneDrive,
  outsider,
  refusal,
  verdict,
  type WorldEvent,
} from "../world.ts"

const nina = "nina@fabrikam.com"
const pia = "pia@fabrikam.com"
const annex = "https://contoso.sharepoint.com/sites/annex"
const suggest = "ShowPeoplePickerSuggestionsForGuestUsers"

const withGuest = (...events: readonly WorldEvent[]) =>
  makeLab({ events: [guest(nina), ...events] })

const cell = (value: unknown): string => (typeof value === "string" ? value : "")

const typed = (lab: Lab, text: string, site = launch, who = "alice") =>
  Effect.map(lab.does(who, "search-people", { site, text }), ({ output }) =>
    output.map((row) => `${cell(row["kind"])} ${cell(row["address"]) || cell(row["name"])}`),
  )

const aboutGuests = ({ decision }: CallResult) =>
  decision.gates.find(({ name }) => name === "people-picker-guests")?.details

describe("the people picker", () => {
  it.effect("[IDN-088] a guest is found by the exact address and not by its beginning", () =>
    Effect.gen(function* () {
      const lab = yield* withGuest()
      assert.deepStrictEqual(yield* typed(lab, "bo"), ["member bob@contoso.com"])
      assert.deepStrictEqual(yield* typed(lab, "nin"), [])
      assert.deepStrictEqual(yield* typed(lab, ` ${nina.toUpperCase()} `), [`guest ${nina}`])
    }),
  )

  it.effect(
    "[IDN-088] [SPO-081] a site that says so suggests guests, whatever the tenant says",
    () =>
      Effect.gen(function* () {
        const lab = yield* withGuest()
        yield* lab.site(launch, { [suggest]: true })
        assert.deepStrictEqual(yield* typed(lab, "nin"), [`guest ${nina}`])
        assert.deepStrictEqual(yield* typed(lab, "nin", finance), [])
        const row = (yield* lab.does("grace", "Get-SPOSite", { Identity: launch })).output[0]
        assert.isTrue(row?.[suggest])
        yield* lab.site(launch, { [suggest]: false })
        assert.deepStrictEqual(yield* typed(lab, "nin"), [])
      }),
  )

  it.effect("[IDN-088] the tenant's value reaches new sites, and none that is there already", () =>
    Effect.gen(function* () {
      const lab = yield* withGuest()
      const shown = yield* lab.tenant({ [suggest]: true })
      assert.isEmpty(shown.warnings)
      assert.isTrue((yield* lab.does("grace", "Get-SPOTenant")).output[0]?.[suggest])
      const old = yield* lab.does("alice", "search-people", { site: launch, text: "nin" })
      assert.isEmpty(old.output)
      assert.deepStrictEqual(aboutGuests(old), { siteValue: "false", tenantValue: "true" })
      yield* lab.does("grace", "New-SPOSite", {
        Url: annex,
        Owner: "alice@contoso.com",
        StorageQuota: 1024,
      })
      assert.deepStrictEqual(yield* typed(lab, "nin", annex), [`guest ${nina}`])
      yield* lab.tenant({ [suggest]: false })
      // The site keeps what it was made with.
      assert.deepStrictEqual(yield* typed(lab, "nin", annex), [`guest ${nina}`])
    }),
  )

  it.effect(
    "[IDN-088] an address that nobody has is taken as it stands; nothing is made of it",
    () =>
      Effect.gen(function* () {
        const lab = yield* withGuest()
        assert.deepStrictEqual(yield* typed(lab, pia), [`new-guest ${pia}`])
        assert.deepStrictEqual(yield* typed(lab, "nobody@contoso.com"), [])
        assert.deepStrictEqual(yield* typed(lab, "nobody@"), [])
        const answer = yield* lab.does("alice", "search-people", { site: launch, text: pia })
        assert.isUndefined(answer.record)
      }),
  )

  it.effect("[IDN-088] whoever has no permission on the site sees no picker", () =>
    Effect.gen(function* () {
      const lab = yield* withGuest()
      const answer = yield* lab.as("mallory", "search-people", { site: finance, text: "bo" })
      assert.strictEqual(verdict(answer), "deny at people-picker")
      assert.strictEqual(refusal(answer)?.code, "accessDenied")
      const unknown = yield* lab.as("alice", "search-people", { site: "/sites/none", text: "bo" })
      assert.include(verdict(unknown), "deny")
      const own = yield* lab.as("mallory", "search-people", { site: oneDrive, text: "bo" })
      assert.strictEqual(verdict(own), "deny at people-picker")
    }),
  )

  it.effect("[IDN-088] who may only reach a file gets the picker of the file", () =>
    Effect.gen(function* () {
      const lab = yield* withGuest()
      yield* lab.does("alice", "upload-file", { site: finance, file: "Plan.docx", content: "Plan" })
      yield* lab.does("alice", "share-file", {
        file: "Plan.docx",
        to: ["erin@contoso.com"],
        scope: "users",
        role: "edit",
      })
      const on = (params: object) =>
        lab.as("erin", "search-people", { site: finance, text: "bo", ...params })
      assert.strictEqual(verdict(yield* on({})), "deny at people-picker")
      assert.strictEqual(first(yield* on({ file: "Plan.docx" }), "address"), "bob@contoso.com")
      assert.include(verdict(yield* on({ file: "None.docx" })), "deny")
    }),
  )

  it.effect(
    "[SPO-081] exact search finds no beginnings and no groups, except for administrators",
    () =>
      Effect.gen(function* () {
        const lab = yield* withGuest({
          _tag: "SiteAssignmentAdded",
          url: launch,
          assignment: { kind: "person", principal: "grace@contoso.com", level: "Edit" },
          at: 0,
        })
        assert.deepStrictEqual(yield* typed(lab, "fin"), ["group finance@contoso.com"])
        yield* lab.tenant({ SearchResolveExactEmailOrUPN: true })
        assert.deepStrictEqual(yield* typed(lab, "fin"), [])
        assert.deepStrictEqual(yield* typed(lab, "bo"), [])
        assert.deepStrictEqual(yield* typed(lab, "bob@contoso.com"), ["member bob@contoso.com"])
        assert.deepStrictEqual(yield* typed(lab, "fin", launch, "grace"), [
          "group finance@contoso.com",
        ])
      }),
  )

  it.effect(
    "[SPO-080] a guest who shares finds people of the site, and others only on demand",
    () =>
      Effect.gen(function* () {
        const lab = yield* withGuest({
          _tag: "SiteAssignmentAdded",
          url: launch,
          assignment: { kind: "person", principal: nina, level: "Edit" },
          at: 0,
        })
        const asNina = (text: string) => typed(lab, text, launch, nina)
        assert.deepStrictEqual(yield* asNina("bo"), ["member bob@contoso.com"])
        assert.deepStrictEqual(yield* asNina("erin@contoso.com"), [])
        assert.deepStrictEqual(yield* asNina(pia), [])
        assert.deepStrictEqual(yield* asNina("fin"), [])
        yield* lab.tenant({ AllowGuestUserShareToUsersNotInSiteCollection: true })
        assert.deepStrictEqual(yield* asNina("erin@contoso.com"), ["member erin@contoso.com"])
        assert.deepStrictEqual(yield* asNina("eri"), [])
      }),
  )

  it.effect("[SPO-080] without the integration that permission of guests does nothing", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab({
        start: inTheDaysOfChoice,
        events: [
          guest(nina),
          {
            _tag: "SiteAssignmentAdded",
            url: launch,
            assignment: { kind: "person", principal: nina, level: "Edit" },
            at: 0,
          },
        ],
      })
      yield* lab.tenant({
        AllowGuestUserShareToUsersNotInSiteCollection: true,
        EnableAzureADB2BIntegration: false,
      })
      assert.deepStrictEqual(yield* typed(lab, "erin@contoso.com", launch, nina), [])
    }),
  )

  it.effect("[SPO-082] each name for everybody stands behind its switch", () =>
    Effect.gen(function* () {
      const lab = yield* withGuest()
      assert.deepStrictEqual(yield* typed(lab, "every"), ["claim Everyone except external users"])
      assert.deepStrictEqual(yield* typed(lab, "all u"), ["claim All Users"])
      yield* lab.tenant({
        ShowEveryoneClaim: true,
        ShowEveryoneExceptExternalUsersClaim: false,
        ShowAllUsersClaim: false,
      })
      assert.deepStrictEqual(yield* typed(lab, "every"), ["claim Everyone"])
      assert.deepStrictEqual(yield* typed(lab, "all u"), [])
    }),
  )

  it.effect(
    "[SPO-082] a private site does not offer everybody inside, unless the tenant lets it",
    () =>
      Effect.gen(function* () {
        const lab = yield* withGuest({
          _tag: "SiteCreated",
          site: {
            url: annex,
            title: "annex",
            kind: "TeamNoGroup",
            owner: "alice@contoso.com",
            admins: ["alice@contoso.com"],
            assignments: [],
            requested: {},
            privacy: "Private",
            createdAt: 0,
          },
        })
        assert.deepStrictEqual(yield* typed(lab, "everyone", annex), [])
        yield* lab.tenant({ AllowEveryoneExceptExternalUsersClaimInPrivateSite: true })
        assert.deepStrictEqual(yield* typed(lab, "everyone", annex), [
          "claim Everyone except external users",
        ])
      }),
  )

  it.effect("[IDN-088] the list ends after thirty lines", () =>
    Effect.gen(function* () {
      const crowd = Array.from(
        { length: 40 },
        (_, index): WorldEvent => ({
          _tag: "UserCreated",
          user: memberUser({
            id: `crowd-${index}`,
            userPrincipalName: `zed${index}@contoso.com`,
            displayName: `Zed ${index}`,
          }),
        }),
      )
      const lab = yield* withGuest(outsider(pia, "entra"), ...crowd)
      assert.strictEqual((yield* typed(lab, "zed")).length, 30)
    }),
  )
})
