import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { groupOf } from "../../src/index.ts"
import { type Lab, lab, verdict } from "../world.ts"

const make = (it: Lab, params: object = {}, who = "ivan") =>
  it.as(who, "New-UnifiedGroup", { DisplayName: "Launch", Alias: "launch", ...params })
const set = (it: Lab, params: object, who = "ivan") =>
  Effect.map(it.as(who, "Set-UnifiedGroup", { Identity: "Launch", ...params }), verdict)
const shown = (it: Lab) =>
  Effect.map(it.as("ivan", "Get-UnifiedGroup", { Identity: "Launch" }), ({ output }) => output[0])

describe("addresses of Microsoft 365 groups", () => {
  it.effect("[IDN-189] [IDN-225] every address of the list finds the group", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const EmailAddresses = ["go@contoso.com", "SMTP:Launch@contoso.com", "smtp:start@contoso.com"]
      assert.strictEqual(verdict(yield* make(it, { EmailAddresses })), "allow")
      assert.deepInclude(yield* shown(it), {
        PrimarySmtpAddress: "launch@contoso.com",
        EmailAddresses: [
          "SMTP:launch@contoso.com",
          "smtp:go@contoso.com",
          "smtp:start@contoso.com",
        ],
      })
      const world = yield* it.world
      for (const address of ["launch", "go", "START"]) {
        assert.strictEqual(groupOf(world, `${address}@contoso.com`)?.displayName, "Launch", address)
      }
    }),
  )

  it.effect("[IDN-225] a new primary address keeps the former one, a new list replaces all", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* make(it)
      assert.strictEqual(yield* set(it, { PrimarySmtpAddress: "go@contoso.com" }), "allow")
      assert.deepStrictEqual((yield* shown(it))?.["EmailAddresses"], [
        "SMTP:go@contoso.com",
        "smtp:launch@contoso.com",
      ])
      assert.strictEqual(yield* set(it, { EmailAddresses: ["start@contoso.com"] }), "allow")
      assert.deepStrictEqual((yield* shown(it))?.["EmailAddresses"], ["SMTP:start@contoso.com"])
      assert.isUndefined(groupOf(yield* it.world, "go@contoso.com"))
      assert.strictEqual(yield* set(it, { Alias: "kick off" }), "allow")
      assert.deepInclude(yield* shown(it), {
        Alias: "kickoff",
        PrimarySmtpAddress: "start@contoso.com",
      })
    }),
  )

  it.effect("[IDN-012] [IDN-225] an address of somebody else, or elsewhere, changes nothing", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* make(it)
      const before = groupOf(yield* it.world, "launch@contoso.com")
      const list = (...EmailAddresses: string[]) => set(it, { EmailAddresses })
      assert.strictEqual(
        yield* list("launch@contoso.com", "alice@contoso.com"),
        "deny group-address-free",
      )
      assert.strictEqual(yield* list("launch@fabrikam.com"), "deny group-domain")
      assert.strictEqual(
        yield* list("SMTP:a@contoso.com", "SMTP:b@contoso.com"),
        "deny group-primary-address",
      )
      assert.strictEqual(
        yield* set(it, {
          EmailAddresses: ["a@contoso.com"],
          PrimarySmtpAddress: "b@contoso.com",
        }),
        "deny group-primary-address",
      )
      assert.strictEqual(
        verdict(
          yield* make(it, {
            Alias: "other",
            EmailAddresses: ["other@contoso.com", "partners@contoso.com"],
          }),
        ),
        "deny group-address-free",
      )
      assert.strictEqual(yield* set(it, { Alias: "x" }, "alice"), "deny role")
      assert.deepStrictEqual(groupOf(yield* it.world, "launch@contoso.com"), before)
    }),
  )

  it.effect("[IDN-191] a group is public unless made private, and can change", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* make(it)
      assert.strictEqual((yield* shown(it))?.["AccessType"], "Public")
      assert.strictEqual(yield* set(it, { AccessType: "Private" }), "allow")
      assert.strictEqual((yield* shown(it))?.["AccessType"], "Private")
    }),
  )
})
