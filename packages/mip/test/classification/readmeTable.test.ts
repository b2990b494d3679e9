import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { builtInTypes } from "../../src/index.ts"
import { readmeTable } from "./readmeTable.ts"

/** Cells of a row, whatever the width of the columns. */
const bare = (row: string): string => row.replaceAll(/\s+/g, " ").trim()

describe("the README", () => {
  it("lists every built-in type with its checksum and confidence", () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8")
    const rows = new Set(readme.split("\n").map(bare))
    const missing = readmeTable(builtInTypes).filter((row) => !rows.has(bare(row)))
    assert.deepStrictEqual(missing, [])
  })
})
