import { assert, it } from "@effect/vitest"
import { isUnfinished } from "../../src/shell/isUnfinished.ts"

it.each([
  "Get-SPOTenant |",
  "Get-SPOTenant `",
  "Set-X -A 'open",
  'Set-X -A "open',
  "if ($true) {",
  "@{ a = 1",
  "$x = @(1,",
  "foreach ($a in",
  "$x = @'\nhere",
  "$x =",
  "(Get-X",
  "Get-X -A 1,",
  "<# comment",
  '"$(Get-X',
])("goes on after %j", (text) => {
  assert.isTrue(isUnfinished(text))
})

it.each([
  "",
  "Get-SPOTenant",
  "Get-SPOTenant | Format-List",
  "Set-X -A 'closed'",
  "if ($true) { 1 }",
  "$x = @'\nhere\n'@",
  "}",
  "Set-X )",
  "while (1) {}",
])("is done after %j", (text) => {
  assert.isFalse(isUnfinished(text))
})
