import { assert, describe, it } from "@effect/vitest"
import { readPublishingPolicy } from "@twin/crypto"
import { days } from "@twin/kernel"
import { Effect, Schema } from "effect"
import {
  allRights,
  contentActions,
  effectiveRights,
  type Grant,
  type GrantPath,
  grantsReaching,
  type MipWorld,
  openContent,
  policyInForce,
  protectContent,
  protectionOf,
  UsageRight,
  useLicenceOf,
  userDefined,
} from "../src/index.ts"
import { adHoc, asks, contentId, withContent } from "./asking.ts"
import { makeStage } from "./makeStage.ts"
import {
  baseline,
  client,
  evolveAll,
  group,
  groupIdOf,
  joins,
  leaves,
  plaintext,
  start,
  userIdOf,
  type WorldEvent,
} from "./world.ts"

const whos = [
  "bob@contoso.com",
  "nina@fabrikam.com",
  "finance@contoso.com",
  "nested@contoso.com",
  "contoso.com",
  "fabrikam.com",
  "AuthenticatedUsers",
] as const
const readers = [
  "bob@contoso.com",
  "carol@contoso.com",
  "nina@fabrikam.com",
  "zoe@outlook.com",
  "gus@gmail.com",
  "nobody@nowhere.example",
] as const
const apps = ["office-desktop", "office-mobile", "office-web", "pdf-reader"] as const
const Grants = Schema.Array(
  Schema.Struct({ who: Schema.Literals(whos), rights: Schema.NonEmptyArray(UsageRight) }),
)

/** Carol is in Nested, which is in Finance. */
const nested: readonly WorldEvent[] = [
  group("Nested"),
  joins("Nested", userIdOf("carol")),
  joins("Finance", groupIdOf("Nested")),
]
const world = evolveAll(baseline, nested)
const issuedBy = { issuer: "dave@contoso.com", owner: "dave@contoso.com" }
const withGrants = (grants: readonly Grant[], more: object = {}): MipWorld =>
  withContent(adHoc(grants, { ...issuedBy, ...more }), world)
const rightsOf = (it: MipWorld, reader: string, now = start) =>
  effectiveRights(it, contentId, reader, now).rights

describe("taking away", () => {
  it.prop(
    "[MIP-050] removing a grant never adds a right, and leaves what other grants give",
    { grants: Grants, index: Schema.Literals([0, 1, 2, 3]), reader: Schema.Literals(readers) },
    ({ grants, index, reader }) => {
      const before = rightsOf(withGrants(grants), reader)
      const fewer = grants.filter((_, at) => at !== index)
      const after = rightsOf(withGrants(fewer), reader)
      for (const right of after) assert.include(before, right)
    },
  )

  it.prop(
    "[MIP-224] revoking, expiry and leaving a group never add a right or open what was shut",
    {
      grants: Grants,
      reader: Schema.Literals(readers),
      app: Schema.Literals(apps),
      change: Schema.Literals(["revoked", "expired", "left"]),
    },
    ({ grants, reader, app, change }) => {
      const before = withGrants(grants)
      const after =
        change === "revoked"
          ? evolveAll(before, [
              { _tag: "ContentRevoked", contentId, by: "dave@contoso.com", at: start },
            ])
          : change === "expired"
            ? withGrants(grants, { contentExpiresAt: start - 1 })
            : evolveAll(before, [leaves("Nested", userIdOf("carol"))])
      const was = asks(before, reader, { app })
      const is = asks(after, reader, { app })
      for (const right of is.rights ?? []) assert.include(was.rights ?? [], right)
      if (is.outcome === "allow") assert.strictEqual(was.outcome, "allow")
    },
  )
})

describe("through what", () => {
  it.prop(
    "[MIP-050] the rights are the union of the ways that are shown, each of which reaches",
    { grants: Grants, reader: Schema.Literals(readers) },
    ({ grants, reader }) => {
      const it = withGrants(grants)
      const ways = grantsReaching(it, contentId, { address: reader, now: start })
      const united = new Set(ways.flatMap(({ rights }) => rights))
      const expected = united.has("OWNER") ? allRights : allRights.filter((r) => united.has(r))
      assert.deepStrictEqual(rightsOf(it, reader), expected)
      for (const { who } of ways) assert.include<unknown>(whos, who)
    },
  )

  const ways: readonly (readonly [string, string, GrantPath | undefined])[] = [
    ["bob@contoso.com", "bob@contoso.com", "named"],
    ["carol@contoso.com", "nested@contoso.com", "group"],
    ["carol@contoso.com", "finance@contoso.com", "group"],
    ["bob@contoso.com", "finance@contoso.com", undefined],
    ["bob@contoso.com", "contoso.com", "organization"],
    ["nina@fabrikam.com", "contoso.com", undefined],
    ["nina@fabrikam.com", "fabrikam.com", "domain"],
    ["oscar@fabrikam.co.uk", "fabrikam.com", "domain"],
    ["zoe@outlook.com", "fabrikam.com", undefined],
    ["zoe@outlook.com", "AuthenticatedUsers", "any-authenticated"],
    ["nobody@nowhere.example", "AuthenticatedUsers", undefined],
  ]
  it.each(ways)(
    "[MIP-038] [MIP-043] [MIP-044] [MIP-046] %s through %s: %s, with and without expiry and offline access",
    (reader, who, path) => {
      const grants: Grant[] = [{ who, rights: ["VIEW", "PRINT"] }]
      for (const contentExpiresAt of [undefined, start + days(10)]) {
        for (const offlineAccessDays of [undefined, 0, 3]) {
          const it = withGrants(grants, {
            ...(contentExpiresAt === undefined ? {} : { contentExpiresAt }),
            ...(offlineAccessDays === undefined ? {} : { offlineAccessDays }),
          })
          const held = effectiveRights(it, contentId, reader, start)
          assert.deepStrictEqual(held.paths, path === undefined ? [] : [path])
          assert.deepStrictEqual(held.rights, path === undefined ? [] : ["VIEW", "PRINT"])
          assert.strictEqual(held.offlineAccessDays, offlineAccessDays ?? -1)
          assert.strictEqual(held.contentExpiresAt, contentExpiresAt)
          const late = start + days(10)
          const outcome = asks(it, reader, { now: late, app: "office-desktop" }).outcome
          const isOpen = path !== undefined && contentExpiresAt === undefined
          assert.strictEqual(outcome === "allow", isOpen)
        }
      }
    },
  )
})

describe("licences and bytes", () => {
  it.effect.prop(
    "[MIP-028] [MIP-078] a licence never allows more, nor longer, than policy and tenant at that moment",
    {
      grants: Grants,
      reader: Schema.Literals(readers),
      app: Schema.Literals(apps),
      expires: Schema.Literals([0, 2, 40]),
      offline: Schema.Literals([-1, 0, 5]),
      wait: Schema.Literals([0, 1, 3]),
    },
    ({ grants, reader, app, expires, offline, wait }) =>
      Effect.gen(function* () {
        const stage = yield* makeStage(world)
        const made = yield* stage.run("dave@contoso.com", (call) =>
          protectContent(call, {
            content: plaintext,
            form: "document",
            name: app === "pdf-reader" ? "offer.pdf" : "offer.docx",
            client: client("pdf-reader"),
            custom: userDefined(
              grants.length === 0 ? [{ who: "AuthenticatedUsers", rights: ["VIEW"] }] : grants,
              {
                ...(expires === 0 ? {} : { contentExpiresAt: start + days(expires) }),
                offlineAccessDays: offline,
              },
            ),
          }),
        )
        const { bytes = new Uint8Array(), contentId: made_ = "" } = made
        stage.wait(days(wait))
        const opened = yield* stage.run({ ...reading(reader), client: client(app) }, (call) =>
          openContent(call, { bytes }),
        )
        const protection = protectionOf(stage.world, made_)
        assert.isDefined(protection)
        const ways = grantsReaching(stage.world, made_, { address: reader, now: stage.now })
        const granted = new Set(ways.flatMap(({ rights }) => rights))
        const policy = policyInForce(stage.world, protection)
        const published = yield* stage.run("system", (call) =>
          Effect.map(Effect.orDie(readPublishingPolicy(call.world, bytes)), (it) => ({
            ...it,
            events: [],
          })),
        )
        if (opened.plaintext !== undefined) {
          assert.isTrue(granted.has("VIEW") || granted.has("OWNER"), "no byte without a way")
          assert.deepStrictEqual(opened.plaintext, Uint8Array.from(plaintext))
        }
        const { useLicence } = opened
        if (useLicence === undefined) {
          assert.isUndefined(opened.plaintext)
          assert.isUndefined(useLicenceOf(stage.world, made_, reader))
          return
        }
        const most = new Set(
          published.grants
            .filter(({ who }) => ways.some((way) => way.who === who))
            .flatMap(({ rights }) => rights),
        )
        for (const right of useLicence.rights) {
          assert.isTrue(most.has(right) || most.has("OWNER"), right)
        }
        const limit = offline < 0 ? 30 : Math.min(30, offline)
        assert.isAtMost(useLicence.validUntil, stage.now + days(limit))
        if (policy.contentExpiresAt !== undefined) {
          assert.isAtMost(useLicence.validUntil, Math.max(policy.contentExpiresAt, stage.now))
        }
        const kept = useLicenceOf(stage.world, made_, reader)
        if (app === "office-mobile" || app === "office-web" || limit === 0) {
          assert.isUndefined(kept, "nothing stays there")
        }
      }),
    { arbitrary: { runs: 60 } },
  )

  it.effect.prop(
    "[MIP-032] an action that the application enforces gives no bytes without its right",
    {
      rights: Schema.Array(UsageRight),
      action: Schema.Literals(["edit", "save", "print", "copy", "export", "run-macro"]),
    },
    ({ rights, action }) =>
      Effect.gen(function* () {
        const stage = yield* makeStage(world)
        const { bytes = new Uint8Array() } = yield* stage.run("dave@contoso.com", (call) =>
          protectContent(call, {
            content: plaintext,
            form: "document",
            name: "offer.docx",
            custom: userDefined([{ who: "bob@contoso.com", rights: ["VIEW", ...rights] }]),
          }),
        )
        const opened = yield* stage.run("bob@contoso.com", (call) =>
          openContent(call, { bytes, requested: action }),
        )
        const isHeld =
          rights.includes("OWNER") ||
          contentActions[action].needs.some((set) => set.every((it) => rights.includes(it)))
        assert.strictEqual(opened.plaintext !== undefined, isHeld)
      }),
    { arbitrary: { runs: 30 } },
  )
})

const reading = (id: string) => ({
  id,
  kind: id.endsWith("@contoso.com") ? ("member" as const) : ("external" as const),
  roles: [],
})
