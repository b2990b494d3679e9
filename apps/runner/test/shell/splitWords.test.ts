import { assert, it } from "@effect/vitest"
import { splitWords } from "../../src/shell/splitWords.ts"

it.each([
  ["explain pat open 'Launch Plan.docx'", ["explain", "pat", "open", "Launch Plan.docx"]],
  ['as  "somebody else"  ', ["as", "somebody else"]],
  ["say 'it''s'", ["say", "it's"]],
  ["open 'not closed", ["open", "not closed"]],
  ["", []],
])("splits %j", (line, expected) => {
  assert.deepStrictEqual(
    splitWords(line).map(({ text }) => text),
    expected,
  )
})

it("knows where each word begins and whether its quote is closed", () => {
  assert.deepStrictEqual(splitWords("a 'b c")[1], {
    text: "b c",
    start: 2,
    quote: "'",
    isClosed: false,
  })
})
