import { assert, it } from "@effect/vitest"
import { Result } from "effect"
import { parse } from "../src/parse.ts"
import { print } from "../src/print.ts"
import { renderError } from "../src/renderError.ts"
import { scripts, withoutPositions } from "./arbitraries.ts"

it.prop("a printed script parses to the same tree", [scripts], ([script]) => {
  const text = print(script)
  const again = parse(text)
  if (Result.isFailure(again)) assert.fail(`${text}\n${renderError(again.failure)}`)
  assert.deepStrictEqual(withoutPositions(again.success), withoutPositions(script), text)
})
