import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { itemOf, linksOfItem } from "@twin/spo"
import { Effect, Schema } from "effect"
import { type AccessQuestion, makeTenant, type Tenant } from "../src/index.ts"

const act = Effect.fnUntraced(function* (
  tenant: Tenant,
  who: string,
  operation: string,
  params: object,
) {
  return yield* tenant.call(yield* tenant.actor(who), operation, params)
})

/** A tenant in which several kinds of people hold several kinds of ways to several files. */
const shared = Effect.runSync(
  Effect.gen(function* () {
    const tenant = yield* makeTenant({ seed: "1", people: 2 })
    const site = "https://contoso.sharepoint.com/sites/launch"
    yield* act(tenant, "alice", "upload-file", {
      site,
      file: "Brief.docx",
      content: "Partner brief. The price is 49 and stays secret.",
      label: "Confidential",
    })
    const share = (who: string, file: string, params: object) =>
      act(tenant, who, "share-file", { file, ...params })
    yield* share("alice", "Brief.docx", { to: ["nina@fabrikam.com"], scope: "users", role: "edit" })
    yield* share("alice", "Press Kit.docx", {
      to: ["zoe@outlook.com"],
      scope: "users",
      role: "view",
    })
    yield* share("frank", "Press Kit.docx", { scope: "organization", role: "edit" })
    yield* share("alice", "Launch Plan.docx", { scope: "anonymous", role: "view" })
    yield* act(tenant, "nina", "redeem-invitation", {})
    return tenant
  }),
)

const people = [
  "alice",
  "bob",
  "dave",
  "judy",
  "mallory",
  "nina",
  "oscar",
  "zoe",
  "pat",
  "anonymous",
  "ed",
] as const
const actions = ["open", "edit", "download", "print", "copy"] as const
const operationOf = {
  open: "open-file",
  edit: "edit-file",
  download: "download-file",
  print: "print-file",
  copy: "copy-file",
} as const

/** Parameters of Set-SPOTenant, one change at a time. */
const settings = {
  none: {},
  closed: { SharingCapability: "Disabled" },
  existing: { SharingCapability: "ExistingExternalUserSharingOnly" },
  unmanaged: { ConditionalAccessPolicy: "AllowLimitedAccess" },
  blocked: { ConditionalAccessPolicy: "BlockAccess" },
  b2b: { EnableAzureADB2BIntegration: true },
  network: { IPAddressAllowList: "203.0.113.0/24", IPAddressEnforcement: true },
  labels: { EnableAIPIntegration: true },
} as const
const settingNames = [
  "none",
  "closed",
  "existing",
  "unmanaged",
  "blocked",
  "b2b",
  "network",
  "labels",
] as const

const files = [
  "Brief.docx",
  "Press Kit.docx",
  "Launch Plan.docx",
  "Forecast.xlsx",
  "Handbook.docx",
] as const

/** Whoever holds nothing but a link names it; everybody else names the file. */
const wayTo = Effect.fnUntraced(function* (tenant: Tenant, who: string, file: string) {
  const world = yield* tenant.world
  const item = itemOf(world, file)
  const held = item === undefined ? undefined : linksOfItem(world, item.id)
  const link = held?.findLast(({ scope }) => scope === "anonymous")?.token
  return who === "anonymous" && link !== undefined ? { file, link } : { file }
})

const failed = (question: AccessQuestion) => Effect.flip(shared.explain(question))

describe("explain", () => {
  it.effect("[SPO-301] says who may, and by which gate", () =>
    Effect.gen(function* () {
      const decision = yield* shared.explain({
        who: "alice",
        action: "edit",
        on: "Launch Plan.docx",
      })
      assert.strictEqual(decision.outcome, "allow")
      assert.isAbove(decision.gates.length, 3)
    }),
  )

  it.effect("[SPO-301] says who may not, with the gate that decided and why", () =>
    Effect.gen(function* () {
      const decision = yield* shared.explain({
        who: "mallory",
        action: "open",
        on: "Forecast.xlsx",
      })
      assert.strictEqual(decision.outcome, "deny")
      assert.strictEqual(decidingGate(decision).name, "link-or-grant")
      assert.match(decidingGate(decision).reason, /^[A-Z].*\.$/)
    }),
  )

  it.effect("takes the client into account that it is asked about", () =>
    Effect.gen(function* () {
      const tenant = yield* shared.copy
      yield* act(tenant, "ivan", "Set-SPOTenant", settings.network)
      const ask = (ipAddress: string) =>
        tenant.explain({
          who: "alice",
          action: "open",
          on: "Launch Plan.docx",
          using: { ipAddress },
        })
      assert.strictEqual((yield* ask("203.0.113.10")).outcome, "allow")
      assert.strictEqual((yield* ask("198.51.100.7")).outcome, "deny")
    }),
  )

  it.effect("names what can be asked when the action, the thing or the person is unknown", () =>
    Effect.gen(function* () {
      const action = yield* failed({ who: "alice", action: "opne", on: "Launch Plan.docx" })
      assert.include(action.message, "It knows: ")
      assert.include(action.message, "open")
      const thing = yield* failed({ who: "alice", action: "open", on: "Lunch Plan.docx" })
      assert.include(thing.message, "There is no 'Lunch Plan.docx' to ask about")
      assert.include(thing.message, "Launch Plan.docx")
      const person = yield* failed({ who: "alicce", action: "open", on: "Launch Plan.docx" })
      assert.include(person.message, "Did you mean alice?")
    }),
  )

  it.effect.prop(
    "leaves no trace, and answers the same when asked again",
    { who: Schema.Literals(people), on: Schema.Literals(files), action: Schema.Literals(actions) },
    ({ who, on, action }) =>
      Effect.gen(function* () {
        const before = yield* shared.checkpoint
        const first = yield* shared.explain({ who, action, on })
        assert.deepStrictEqual(yield* shared.explain({ who, action, on }), first)
        const after = yield* shared.checkpoint
        assert.strictEqual(after.world, before.world)
        assert.strictEqual(after.ordinal, before.ordinal)
        assert.lengthOf(after.records, before.records.length)
      }),
  )

  it.effect.prop(
    "agrees with the operation of the same purpose: outcome and deciding gate",
    {
      who: Schema.Literals(people),
      on: Schema.Literals(files),
      action: Schema.Literals(actions),
      app: Schema.Literals(["browser", "office-desktop", "office-mobile", "pdf-reader"]),
      device: Schema.Literals(["managed", "unmanaged"]),
      ipAddress: Schema.Literals(["203.0.113.10", "198.51.100.7"]),
      setting: Schema.Literals(settingNames),
    },
    ({ who, on, action, app, device, ipAddress, setting }) =>
      Effect.gen(function* () {
        const tenant = yield* shared.copy
        yield* act(tenant, "ivan", "Set-SPOTenant", settings[setting])
        const using = { app, device, ipAddress }
        const told = yield* tenant.explain({ who, action, on, using })
        const actor = yield* tenant.actor(who, using)
        const done = yield* tenant.call(actor, operationOf[action], yield* wayTo(tenant, who, on))
        assert.strictEqual(done.decision.outcome, told.outcome)
        // Whoever may goes on to the stored bytes, which have gates of their own.
        if (told.outcome === "allow") assert.deepStrictEqual(done.decision.rights, told.rights)
        else assert.deepStrictEqual(decidingGate(done.decision), decidingGate(told))
      }),
    { arbitrary: { runs: 200 }, timeout: 60_000 },
  )
})
