import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { runScript } from "../src/run.ts"
import { errorsOf, printedText } from "../src/Shell.ts"
import { makeSampleTenant } from "./sampleTenant.ts"

const template = `$template = [pscustomobject]@{
  Id = "08d5"; DisplayName = "Group.Unified.Guest"
  Values = @([pscustomobject]@{ Name = "AllowToAddGuests"; DefaultValue = "true" })
}
`

const ran = Effect.fnUntraced(function* (lines: string) {
  const run = yield* runScript(template + lines, makeSampleTenant().host)
  const errors = errorsOf(run).map(({ errorId, message }) => `${errorId}: ${message}`)
  return errors.length > 0 ? errors.join("\n") : printedText(run)
})

describe("settings of the directory", () => {
  // The module's class has a method and an indexer; objects of the twin that look like it have both.
  it.effect("a template makes a setting, whose values are set by their names", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* ran(`$setting = $template.CreateDirectorySetting()
$setting["allowToAddGuests"] = $False
"$($setting.TemplateId) $($setting.Values[0].Name) $($setting["AllowToAddGuests"])"`),
        "08d5 AllowToAddGuests False",
      )
    }),
  )

  it.effect("a value that the template lacks cannot be set, and reads as nothing", () =>
    Effect.gen(function* () {
      const make = "$s = $template.CreateDirectorySetting()\n"
      assert.match(yield* ran(`${make}$s["AllowGuests"] = $false`), /^ExceptionWhenSetting: /)
      assert.strictEqual(yield* ran(`${make}"<$($s["AllowGuests"])>"`), "<>")
    }),
  )

  it.effect("nothing else has the method or the indexer", () =>
    Effect.gen(function* () {
      assert.match(
        yield* ran(`([pscustomobject]@{ Id = "x" }).CreateDirectorySetting()`),
        /^MethodNotFound: .*CreateDirectorySetting/,
      )
      assert.match(yield* ran(`$template["AllowToAddGuests"]`), /^CannotIndex: /)
      assert.match(yield* ran(`$template["AllowToAddGuests"] = 1`), /^PropertyNotFound: /)
    }),
  )
})
