import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"

const folder = join(import.meta.dirname, "..")
const readme = readFileSync(join(folder, "README.md"), "utf8")

describe("examples", () => {
  it.each(readdirSync(join(folder, "examples")))(
    "%s runs with plain node and stands in the README",
    (name) => {
      const file = join(folder, "examples", name)
      assert.include(readme, readFileSync(file, "utf8").trim())
      assert.include(readme, execFileSync(process.execPath, [file], { encoding: "utf8" }).trim())
    },
    // A process of its own, on a machine that may be busy.
    60_000,
  )
})
