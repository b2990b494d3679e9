import { assert, it } from "@effect/vitest"
import { pressInList } from "../../src/player/chooser.ts"

const choice = { file: "a", title: "A", level: 100, durationMinutes: 1, steps: 1 }
const choices = [choice, choice, choice]

it.each([
  ["down", 0, { do: "stay", at: 1 }],
  ["down", 2, { do: "stay", at: 2 }],
  ["up", 0, { do: "stay", at: 0 }],
  ["end", 0, { do: "stay", at: 2 }],
  ["home", 2, { do: "stay", at: 0 }],
  ["return", 1, { do: "choose", at: 1 }],
  ["space", 1, { do: "choose", at: 1 }],
  ["3", 0, { do: "choose", at: 2 }],
  ["9", 0, { do: "stay", at: 0 }],
  ["x", 1, { do: "stay", at: 1 }],
  ["q", 1, { do: "leave" }],
  ["escape", 1, { do: "leave" }],
  ["ctrl-c", 1, { do: "leave" }],
] as const)("%s at %d", (key, at, expected) => {
  assert.deepStrictEqual(pressInList({ choices, at }, key), expected)
})

it("chooses nothing from nothing", () => {
  for (const key of ["return", "1", "down", "end"]) {
    assert.strictEqual(pressInList({ choices: [], at: 0 }, key).do, "stay")
  }
})
