import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { colorNames, colorOf } from "../../src/backgroundColors.ts"
import { heidi, makeTenant } from "../tenant.ts"

const set = "Set-OMEConfiguration"
const standard = "OME Configuration"

describe("branding by cmdlet", () => {
  it.effect(
    "[EXO-153] [EXO-158] [EXO-160] the default one is there, and a wrong name shows all",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        assert.include(yield* it.admin("Get-OMEConfiguration", { Identity: standard }), {
          TemplateName: standard,
          OTPEnabled: true,
          SocialIdSignIn: true,
          ExternalMailExpiryInterval: "0.00:00:00",
          PrivacyStatementUrl: "https://privacy.microsoft.com/privacystatement",
        })
        yield* it.admin("New-OMEConfiguration", { Identity: "Brand" })
        for (const Identity of ["nothing", ""]) {
          const { output } = yield* it.call(heidi, "Get-OMEConfiguration", { Identity })
          assert.strictEqual(output.length, 2)
        }
        const one = yield* it.call(heidi, "Get-OMEConfiguration", { Identity: "brand" })
        assert.strictEqual(one.output.length, 1)
      }),
  )

  it.effect("[EXO-153] [EXO-154] it stays; templates of one's own come and go", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const remove = "Remove-OMEConfiguration"
      assert.strictEqual(
        (yield* it.refuse(heidi, remove, { Identity: standard })).name,
        "template-name",
      )
      yield* it.admin("New-OMEConfiguration", { Identity: "Brand" })
      const twice = yield* it.refuse(heidi, "New-OMEConfiguration", { Identity: "BRAND" })
      assert.strictEqual(twice.name, "template-name")
      yield* it.admin(remove, { Identity: "Brand" })
      yield* it.refuse(heidi, set, { Identity: "Brand", PortalText: "x" })
      const long = { Identity: "x".repeat(65) }
      assert.strictEqual(
        (yield* Effect.exit(it.call(heidi, "New-OMEConfiguration", long)))._tag,
        "Failure",
      )
    }),
  )

  it.effect("[EXO-153] [EXO-155] texts have limits and go back to the built-in ones", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const limits = [
        ["DisclaimerText", 1024],
        ["EmailText", 1024],
        ["PortalText", 128],
      ] as const
      for (const [name, limit] of limits) {
        yield* it.admin(set, { Identity: standard, [name]: "x".repeat(limit) })
        assert.strictEqual(
          (yield* it.refuse(heidi, set, { Identity: standard, [name]: "x".repeat(limit + 1) }))
            .name,
          "branding-texts",
        )
        yield* it.admin(set, { Identity: standard, [name]: null })
        const row = yield* it.admin("Get-OMEConfiguration", { Identity: standard })
        assert.strictEqual(row[name], "")
      }
    }),
  )

  it.effect("[EXO-157] a colour is a value or a name of the list", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      for (const BackgroundColor of ["#ffffff", "CornflowerBlue", null]) {
        yield* it.admin(set, { Identity: standard, BackgroundColor })
      }
      for (const BackgroundColor of ["#fff", "contosoblue"]) {
        assert.strictEqual(
          (yield* it.refuse(heidi, set, { Identity: standard, BackgroundColor })).name,
          "background-color",
        )
      }
      assert.strictEqual(colorOf("seagreen"), "#00ff00")
      assert.strictEqual(colorOf("lightgrey"), colorOf("lightgray"))
      assert.isUndefined(colorOf("constructor"))
      assert.isAbove(colorNames.length, 135)
    }),
  )

  it.effect("[EXO-159] days are 0 to 730, on templates of one's own only", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("New-OMEConfiguration", { Identity: "Brand", ExternalMailExpiryInDays: 730 })
      yield* it.admin(set, { Identity: "Brand", ExternalMailExpiryInDays: 0 })
      for (const ExternalMailExpiryInDays of [-1, 731]) {
        assert.strictEqual(
          (yield* it.refuse(heidi, set, { Identity: "Brand", ExternalMailExpiryInDays })).name,
          "mail-expiry",
        )
      }
      for (const ExternalMailExpiryInDays of [0, 7]) {
        assert.strictEqual(
          (yield* it.refuse(heidi, set, { Identity: standard, ExternalMailExpiryInDays })).name,
          "mail-expiry",
        )
      }
    }),
  )

  it.effect("[EXO-156] a picture is stored by its size, and nothing takes it away", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin(set, { Identity: standard, Image: [137, 80, 78, 71] })
      const image = Effect.map(
        it.admin("Get-OMEConfiguration", { Identity: standard }),
        (row) => row["Image"],
      )
      assert.strictEqual(yield* image, "{4 bytes}")
      yield* it.admin(set, { Identity: standard, Image: null })
      assert.strictEqual(yield* image, "")
    }),
  )

  it.effect("[EXO-161] changing and removing ask first", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const asked = yield* it.call(heidi, set, { Identity: standard, PortalText: "a" })
      assert.match(asked.warnings[0] ?? "", /confirmation/)
      const quiet = { Identity: standard, PortalText: "b", Confirm: false }
      assert.deepStrictEqual((yield* it.call(heidi, set, quiet)).warnings, [])
    }),
  )
})
