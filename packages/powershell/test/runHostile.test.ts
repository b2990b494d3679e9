import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { print } from "../src/print.ts"
import { runScript } from "../src/run.ts"
import { printedText } from "../src/Shell.ts"
import { scripts } from "./arbitraries.ts"
import { documentedForms } from "./documentedForms.ts"
import { makeSampleTenant } from "./sampleTenant.ts"

/** Runs to an end: no defect, nothing on the console that moves a cursor. */
const ends = Effect.fnUntraced(function* (script: string) {
  const { host } = makeSampleTenant()
  const run = yield* runScript(script, host)
  assert.notMatch(printedText(run).replaceAll("\n", ""), /[\p{Cc}\p{Cs}\u200b\u202a-\u202e]/u)
  return run
})

/** Fragments that meet each other in unexpected types. */
const values = [
  "$null",
  "$x",
  "1",
  "-1.5",
  "'a'",
  "''",
  "@()",
  "@(1,2)",
  "@{a=1}",
  "(Get-Date)",
  "(New-TimeSpan -Days 1)",
  "(Get-SPOSite)",
  "(Get-SPOTenant)",
  "{ $_ }",
  "1gb",
  "[guid]::Empty",
  "'8/1/2026'",
  "9999999999999999",
  "[IO.File]::ReadAllBytes('C:\\logo.png')",
] as const
const operators = [
  "+",
  "-",
  "*",
  "/",
  "%",
  "..",
  "-f",
  "-join",
  "-eq",
  "-lt",
  "-like",
  "-match",
  "-contains",
  "-in",
  "-and",
] as const
const tails = [
  "",
  ".Count",
  ".a",
  "[0]",
  "['a']",
  "[$x]",
  ".AddDays(1)",
  ".Split('a')",
  ".Substring(1)",
  ".ToString('yyyy')",
  ".Trim()",
] as const
const pipes = [
  "",
  " | % { $_.a }",
  " | ? { $_ -gt 0 }",
  " | select a, *b*, @{n='z';e={$_}}",
  " | sort a",
  " | group",
  " | measure -Sum",
  " | fl",
  " | ft",
  " | ConvertTo-Json",
  " | Set-SPOSite -LockState Unlock",
  " | select -First 1 -ExpandProperty a",
  " | Out-String",
  " | Get-Date",
] as const
const casts = [
  "",
  "[int]",
  "[string]",
  "[string[]]",
  "[datetime]",
  "[timespan]",
  "[guid]",
  "[bool]",
  "[hashtable]",
  "[pscustomobject]",
  "-not ",
  "-",
  ",",
] as const

const Mix = Schema.Struct({
  left: Schema.Literals(values),
  tail: Schema.Literals(tails),
  operator: Schema.Literals(operators),
  right: Schema.Literals(values),
  cast: Schema.Literals(casts),
  pipe: Schema.Literals(pipes),
})

describe("any script that can be read runs to an end", () => {
  it.effect.prop("generated scripts", [scripts], ([script]) => ends(print(script)))

  it.effect.prop(
    "values of every kind under every operator, member and pipe",
    [Arbitrary.schema(Mix)],
    ([{ left, tail, operator, right, cast, pipe }]) =>
      ends(
        `$x = ${cast}(${left})${tail}; $y = $x ${operator} (${right})\n$y${tail}${pipe}\n$x${pipe}\n$x.a = $y; $x[0] = $y; $y += $x; "$x $y"`,
      ),
  )

  it.effect("documented lines", () =>
    Effect.gen(function* () {
      for (const line of documentedForms) yield* ends(line)
    }),
  )

  it.effect.each([
    { what: "a loop that appends to nothing", script: "foreach ($i in 1..100000) { $s += $i }" },
    {
      what: "a loop that appends to a list",
      script: "$s = @(); foreach ($i in 1..100000) { $s += $i }",
    },
    {
      what: "a loop that fills a hashtable",
      script: "$h = @{}; foreach ($i in 1..100000) { $h[$i] = 1 }",
    },
    { what: "a string that doubles", script: "$s = 'ab'; foreach ($i in 1..100) { $s += $s }" },
    { what: "a list that doubles", script: "$a = 1,2; foreach ($i in 1..100) { $a += $a }" },
    { what: "a pipe of long lists", script: "1..100000 | % { 1..100000 }" },
    { what: "a long list sorted and grouped", script: "1..100000 | sort | group | measure" },
    {
      what: "a search in a long list, often",
      script: "1..100000 | ? { (1..100000) -contains $_ }",
    },
    { what: "a long sum", script: `$x = 1${" + 1".repeat(20_000)}` },
    { what: "a long path", script: `$x${".a".repeat(20_000)}` },
    { what: "a long path to set", script: `$x${".a".repeat(20_000)} = 1` },
    { what: "deep parentheses", script: `$x = ${"(".repeat(90)}1${")".repeat(90)}` },
    {
      what: "deep blocks",
      script: `if ($true) { ${"if ($true) { ".repeat(40)}1${" }".repeat(41)}`,
    },
    { what: "a slow pattern", script: "'a' * 1000000 -match '(a*)*b'" },
    { what: "a slow wildcard", script: "'a' * 900000 -like '*a*a*a*a*b'" },
    {
      what: "a long argument",
      script: `Set-SPOSite @(${"'x',".repeat(5_000)}'x') -LockState Unlock`,
    },
    {
      what: "a deep value",
      script: '$x = @{ a = 1 }; 1..50 | % { $x = @{ a = $x } }; $x; $x | ConvertTo-Json; "$x"',
    },
    {
      what: "dates beyond the calendar",
      script:
        "(Get-Date).AddYears(9999); (Get-Date).AddDays(1e300); (Get-Date) + [timespan]'99999999'",
    },
  ])("$what", ({ script }) => ends(script))
})
