import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readAppSettings } from "../../src/index.ts"
import { ask, entry, get, host, privatePem, serviceOf, settingsText } from "./keyService.ts"

const messages = (text: string) =>
  Effect.map(Effect.flip(readAppSettings(text)), ({ issues }) => issues.map((it) => it.message))
const without = (...names: readonly string[]) =>
  Object.fromEntries(Object.entries(entry()).filter(([name]) => !names.includes(name)))

describe("appsettings.json", () => {
  it.effect("[CRY-157] both authorizers on one key do not start", () =>
    Effect.gen(function* () {
      const both = entry({ AuthorizedRoles: ["Board"] })
      assert.deepStrictEqual(yield* messages(settingsText([both])), [
        "Both role and email authorizers cannot be used on the same test key",
      ])
    }),
  )

  it.effect("[CRY-157] an entry with neither takes over the one before it, the first cannot", () =>
    Effect.gen(function* () {
      const roles = { ...without("AuthorizedEmailAddress"), AuthorizedRoles: ["Board"] }
      const neither = without("AuthorizedEmailAddress")
      const settings = yield* readAppSettings(
        settingsText([
          entry({ Id: "1" }),
          { ...neither, Id: "2" },
          { ...roles, Id: "3" },
          { ...neither, Id: "4", AuthorizedEmailAddress: [] },
        ]),
      )
      assert.deepStrictEqual(
        settings.keys.map(({ authorization }) => authorization._tag),
        ["Email", "Email", "Role", "Role"],
      )
      assert.deepStrictEqual(settings.keys[1]?.authorization, settings.keys[0]?.authorization)
      assert.deepStrictEqual(yield* messages(settingsText([neither, entry()])), [
        "Value cannot be null. (Parameter 'keyAuth')",
      ])
    }),
  )

  it.effect("[CRY-158] each missing setting has its words", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* messages("{}"), ["TestKeys section does not exist"])
      assert.deepStrictEqual(yield* messages(settingsText([])), ["TestKeys section does not exist"])
      const rows = {
        Name: "The key must have a name",
        Id: "The key must have an id",
        PublicPem: "The key must have a publicPem",
        PrivatePem: "The key must have a privatePem",
      }
      for (const [name, message] of Object.entries(rows)) {
        assert.deepStrictEqual(yield* messages(settingsText([without(name)])), [message])
      }
      const all = yield* messages(settingsText([without(...Object.keys(rows))]))
      assert.deepStrictEqual(all, Object.values(rows))
    }),
  )

  it.effect("every problem has its place, and no problem shows a key", () =>
    Effect.gen(function* () {
      const text = `{
  // comments and trailing commas are allowed
  "JwtAudience": 7,
  "TestKeys": [
    { "Name": "Secret", "Id": 4, "PrivatePem": "${privatePem("Secret-1")}",
      "CacheExpirationInDays": 1.5, },
  ],
}`
      const error = yield* Effect.flip(readAppSettings(text))
      assert.deepStrictEqual(
        error.issues.map(({ line, column, path }) => [line, column, path]),
        [
          [3, 18, "JwtAudience"],
          [5, 31, "TestKeys.0.Id"],
          [6, 32, "TestKeys.0.CacheExpirationInDays"],
        ],
      )
      assert.match(error.message, /^appsettings\.json:3:18: JwtAudience: /)
      assert.notInclude(error.message, privatePem("Secret-1").slice(0, 20))
      const wrongType = yield* messages(settingsText([entry({ PrivatePem: ["SECRETSECRET"] })]))
      assert.notInclude(wrongType.join(), "SECRETSECRET")
    }),
  )

  it.effect("hostile files get one clear error", () =>
    Effect.gen(function* () {
      for (const text of [
        "",
        "{",
        "nonsense",
        "[]",
        "null",
        '{"TestKeys": {}}',
        "[".repeat(5000),
      ]) {
        const error = yield* Effect.flip(readAppSettings(text))
        assert.isAtLeast(error.issues.length, 1, text)
        assert.match(error.message, /^appsettings\.json:\d+:\d+: /)
      }
      const large = yield* messages(`{"x": "${"y".repeat(1_100_000)}"}`)
      assert.deepStrictEqual(large, ["The file has more than 1 MiB"])
    }),
  )

  it.effect("[CRY-159] two entries with one id: the later one has replaced the earlier one", () =>
    Effect.gen(function* () {
      const later = entry({ PrivatePem: "broken" })
      const settings = yield* readAppSettings(settingsText([entry(), later]))
      const response = yield* ask(serviceOf(settings), get(`${host}/Secret`))
      assert.strictEqual(response.status, 500)
    }),
  )
})
