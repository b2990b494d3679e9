import { assert, describe, it } from "@effect/vitest"
import { timeOf } from "../src/timeText.ts"

describe("dates of cmdlets", () => {
  it.each([
    ["2026-09-10", Date.UTC(2026, 8, 10)],
    ["2026-09-10T14:30", Date.UTC(2026, 8, 10, 14, 30)],
    ["2026-09-10 14:30:05", Date.UTC(2026, 8, 10, 14, 30, 5)],
    ["2026-09-10T14:30:00+02:00", Date.UTC(2026, 8, 10, 12, 30)],
    ["9/10/2026", Date.UTC(2026, 8, 10)],
    ["9/10/2026 2:30 PM", Date.UTC(2026, 8, 10, 14, 30)],
    ["9/10/2026 12:00 AM", Date.UTC(2026, 8, 10)],
    ["soon", undefined],
    ["2026-13-40", undefined],
    ["", undefined],
  ])("%s", (text, expected) => {
    assert.strictEqual(timeOf(text), expected)
  })
})
