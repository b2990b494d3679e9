import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Result, Schema } from "effect"
import { parseWithCost } from "../src/parse.ts"
import { print } from "../src/print.ts"
import { renderError } from "../src/renderError.ts"
import { ScriptError } from "../src/ScriptError.ts"
import { limits } from "../src/Source.ts"
import { scripts } from "./arbitraries.ts"
import { documentedForms } from "./documentedForms.ts"

/** Whatever the text: a tree or one typed error at a place of the script, in linear time. */
const survives = (text: string): string => {
  const { script, cost } = parseWithCost(text)
  // A character is looked at once in each mode; strings in strings once more per level.
  const bound = 6 * (text.length + 10) * (1 + nestedStrings(text))
  assert.isAtMost(cost.steps, bound, "characters looked at")
  if (Result.isSuccess(script)) {
    assert.isString(print(script.success))
    return "none"
  }
  const error = script.failure
  assert.instanceOf(error, ScriptError)
  assert.isAtLeast(error.span.offset, 0)
  assert.isAtMost(error.span.offset, text.length)
  const shown = renderError(error)
  assert.notMatch(shown.replaceAll("\n", ""), /[\p{Cc}\p{Cs}\u200b\u202a-\u202e\u2066-\u2069]/u)
  assert.isAtMost(Math.max(...shown.split("\n").map((line) => line.length)), 1_000)
  return error.errorId
}

const nestedStrings = (text: string): number =>
  Math.min(limits.stringDepth, text.split("$(").length - 1)

const pieces = [
  ...Array.from("(){}[]@$\"'`,;|&<>#=-+*/%!?.:\\ \t\n\r\0"),
  "@'\n",
  "\n'@",
  '@"\n',
  '\n"@',
  "$(",
  "@(",
  "@{",
  "<#",
  "#>",
  "-eq",
  "-Name",
  "-Name:",
  "$x",
  "${",
  "word",
  "1kb",
  "0x",
  "if",
  "else",
  "foreach",
  "in",
  "[string]",
  "::",
  "..",
  "&&",
  "\u2013",
  "\u201c",
  "\u2019",
  "\u00a0",
  "\u200b",
  "\ud800",
  "\udc00",
  "\u{1f600}",
  "\ufeff",
  "caf\u00e9",
  "`u{",
  "--%",
]

const soup = Arbitrary.array(
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: pieces.length - 1 }))),
  { minLength: 1, maxLength: 60 },
).pipe(Arbitrary.map((list) => list.map((index) => pieces[index] ?? "").join("")))

const Cut = Schema.Struct({
  line: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: documentedForms.length - 1 })),
  at: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 200 })),
  piece: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: pieces.length - 1 })),
  removed: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 })),
})

describe("any text gives a script or one typed error", () => {
  it.prop("random text", [Schema.String], ([text]) => survives(text))

  it.prop("soup of tokens", [soup], ([text]) => survives(text))

  it.prop(
    "documented lines with something cut out and something put in",
    [Cut],
    ([{ line, at, piece, removed }]) => {
      const text = documentedForms[line] ?? ""
      survives(`${text.slice(0, at)}${pieces[piece]}${text.slice(at + removed)}`)
    },
  )

  it.prop("generated scripts cut short", [scripts, Schema.Int], ([script, cut]) => {
    const text = print(script)
    survives(text.slice(0, Math.abs(cut) % (text.length + 1)))
  })
})

describe("depth has a limit that is an error, not a crash", () => {
  const openings = [
    "(",
    "$(",
    "@(",
    "@{a=",
    "{",
    "$x[",
    "-not ",
    "- ",
    ",",
    "[int]",
    "$x=",
    "if($x){",
    "if(",
    "foreach($x in $y){",
    "Get-X -A (",
    "$x.Trim(",
    "Get-X $(",
  ]
  it.each(openings)("100,000 times %j", (opening) => {
    assert.strictEqual(survives(opening.repeat(100_000 / opening.length)), "ScriptTooComplicated")
  })

  it("100,000 strings in strings", () => {
    const text = `${'"$('.repeat(30_000)}${')"'.repeat(30_000)}`
    assert.strictEqual(survives(text), "ScriptTooComplicated")
  })

  it("as deep as the limit allows is read and printed", () => {
    const depth = limits.depth - 2
    const text = `${"(".repeat(depth)}1${")".repeat(depth)}`
    assert.strictEqual(survives(text), "none")
  })

  it("every construct at the limit leaves room on the stack", () => {
    const layers = ['Get-X -A @{ k = @(if ($x) { "$(', ')" }) }'] as const
    const text = `${layers[0].repeat(7)}1${layers[1].repeat(7)}`
    assert.strictEqual(survives(text), "none")
    const blocks = "if ($x) { foreach ($y in $z) { (".repeat(30)
    assert.strictEqual(survives(`${blocks}1${")}}".repeat(30)}`), "none")
  })

  it("chains as long as the script are no nesting", () => {
    for (const text of [
      `$x = 1${" + 1".repeat(20_000)}`,
      `$x${".a".repeat(20_000)}`,
      `$x${"[0]".repeat(10_000)}`,
      `Get-X${" | Get-X".repeat(10_000)}`,
      `Get-X -A a${",a".repeat(20_000)}`,
      `if($x){}${"elseif($x){}".repeat(3_000)}`,
      `Get-X ${"\n;".repeat(20_000)}`,
    ]) {
      assert.strictEqual(survives(text), "none", text.slice(0, 20))
    }
  })
})

describe("size", () => {
  it("refuses 50 million characters at once", () => {
    assert.strictEqual(survives("a".repeat(50_000_000)), "ScriptTooComplicated")
  })

  it("refuses more tokens than a script can need", () => {
    assert.strictEqual(survives("a;".repeat(limits.tokens / 2 + 1)), "ScriptTooComplicated")
  })

  it("shows one screen line of a line that is as long as the limit", () => {
    const text = `Get-X ${"a".repeat(900_000)} "`
    assert.strictEqual(survives(text), "TerminatorExpectedAtEndOfString")
  })

  it.each([
    "'",
    '"',
    "@'\n",
    '@"\n ',
    "<#",
    "${",
    '"${',
    '"$(',
    '"$((',
    "`",
    "0x",
    "\0",
    "\ud800",
    "1",
    "-",
    "\u2013",
    "$",
    "[a",
    "[",
    "#",
    "\r",
    "\u00a0",
    "e\u0301",
    "|",
    "| ",
    "a\n|",
    "a\n\n",
    "`\n",
    "$x:",
    "'a'",
    '""',
    "''",
    "a''",
    '$"',
    "1..",
    "@x ",
    "1gb ",
  ])("%j, a hundred thousand times, costs a hundred thousand times as much", (piece) => {
    assert.isString(survives(piece.repeat(100_000 / piece.length)))
  })
})
