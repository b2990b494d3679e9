import { assert, it } from "@effect/vitest"
import { Result } from "effect"
import { commandsOf } from "../src/commandsOf.ts"
import { parse } from "../src/parse.ts"

const names = (text: string): readonly string[] =>
  commandsOf(Result.getOrThrow(parse(text))).map(({ name }) => name)

it("finds commands wherever they stand, in the order of the text", () => {
  assert.deepStrictEqual(
    names(
      `A -X (B).Y "z $(C -D @{ k = E })" | F { if (G) { H } else { $i = J } }
foreach ($k in L) { [string](M) + (N)[(O)].Trim((Q)), @(R) }`,
    ),
    ["A", "B", "C", "E", "F", "G", "H", "J", "L", "M", "N", "O", "Q", "R"],
  )
})

it("takes scripts as long as the parser does", () => {
  assert.lengthOf(names(`A${" | A".repeat(20_000)}`), 20_001)
  assert.lengthOf(names(`$x = (A)${" + (A)".repeat(10_000)}`), 10_001)
})
