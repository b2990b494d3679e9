import { assert, it } from "@effect/vitest"
import { needsMoreInput } from "../src/needsMoreInput.ts"

it.each([
  "Get-SPOSite |",
  "Get-SPOSite | Where-Object {",
  "$x = @{ a = 1",
  "$x = @(1,",
  "(Get-SPOSite",
  'Write-Host "a',
  "$x = @'\nabc",
  "Set-SPOTenant `",
  "if ($x)",
  "if ($x) { 1 } else",
  "foreach ($x in $y)",
  "$x =",
  "$x -eq",
  "<# note",
  "Get-X -A a,",
  "$x[1",
  "$x.Trim('a'",
])("%j goes on", (text) => {
  assert.isTrue(needsMoreInput(text))
})

it.each([
  "",
  "Get-SPOSite",
  "Get-SPOSite }",
  "function f {",
  "$x = )",
  "Get-X 'a' | $x",
  "( | )",
  "5 = 3",
  "Get-X\u200b",
])("%j does not", (text) => {
  assert.isFalse(needsMoreInput(text))
})
