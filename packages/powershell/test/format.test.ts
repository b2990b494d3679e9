import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import { formatList, formatOutput, formatTable } from "../src/format.ts"
import { fromJson, fromOutput, toJson, type Value } from "../src/Value.ts"

const row = fromOutput({
  Name: "Encrypt",
  IsOn: true,
  Days: 30,
  Words: ["a", "b", "c", "d", "e"],
  Nothing: null,
  Changed: "2026-12-31T00:05:09.000Z",
  Nested: { a: 1, b: [2, 3] },
  Text: "two\nlines",
})

describe("Format-List", () => {
  it("aligns names, shows lists in braces, dates as the console does, nothing for null", () => {
    assert.strictEqual(
      formatList([row]),
      [
        "Name    : Encrypt",
        "IsOn    : True",
        "Days    : 30",
        "Words   : {a, b, c, d...}",
        "Nothing : ",
        "Changed : 12/31/2026 12:05:09 AM",
        "Nested  : @{a=1; b=2 3}",
        "Text    : two",
        "          lines",
      ].join("\n"),
    )
  })

  it("shows lists whole where the session wants it", () => {
    assert.include(formatList([row], -1), "{a, b, c, d, e}")
  })

  it("puts a blank line between objects and none between texts", () => {
    const one = fromOutput({ A: 1 })
    assert.strictEqual(formatOutput([one, one, "x", "y", one]), "A : 1\n\nA : 1\n\nx\ny\n\nA : 1")
  })
})

describe("Format-Table", () => {
  it("cuts what does not fit and leaves out columns that do not", () => {
    const wide = fromOutput({ Id: 1, Text: "x".repeat(50), Other: "y".repeat(50) })
    const lines = formatTable([wide], 40).split("\n")
    assert.strictEqual(lines[0], "Id Text")
    assert.isAtMost(Math.max(...lines.map(({ length }) => length)), 40)
    assert.isTrue(lines[2]?.endsWith("..."))
  })
})

const json = Arbitrary.schema(Schema.Record(Schema.String, Schema.Json))

describe("any output", () => {
  it.prop("is printed without control characters", [json], ([output]) => {
    const values: readonly Value[] = [fromOutput(output)]
    for (const text of [formatList(values), formatTable(values), formatOutput(values)]) {
      assert.notMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cf}\p{Cs}]/u)
    }
  })

  it.each(["2026-02-28T23:59:59.999Z", "2026-02-30T00:00:00.000Z", "9999-99-99T99:99:99.999Z"])(
    "%s is a date or stays text, and comes back",
    (text) => {
      assert.strictEqual(toJson(fromJson(text)), text)
    },
  )

  it.prop("comes back as it was", [Schema.Json], ([value]) => {
    assert.deepStrictEqual(toJson(fromJson(withoutTwins(value))), withoutTwins(value))
  })
})

/** Keys that differ in case only are one key in PowerShell. */
const withoutTwins = (value: Schema.Json): Schema.Json => {
  if (Array.isArray(value)) return value.map(withoutTwins)
  if (typeof value !== "object" || value === null) return value
  const kept = new Map<string, readonly [string, Schema.Json]>()
  for (const [key, item] of Object.entries(value)) {
    if (!kept.has(key.toLowerCase())) kept.set(key.toLowerCase(), [key, withoutTwins(item)])
  }
  return Object.fromEntries(kept.values())
}
