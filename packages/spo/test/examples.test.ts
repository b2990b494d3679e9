import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { siteSettings, tenantSettings } from "../src/index.ts"

const folder = join(import.meta.dirname, "..")
const readme = readFileSync(join(folder, "README.md"), "utf8")

describe("the README", () => {
  it.each(readdirSync(join(folder, "examples")))("shows %s and what it prints", (name) => {
    const file = join(folder, "examples", name)
    assert.include(readme, readFileSync(file, "utf8").trim())
    assert.include(readme, execFileSync(process.execPath, [file], { encoding: "utf8" }).trim())
  })

  it("names every setting that is stored and printed, but not modelled", () => {
    const missing = [...Object.entries(tenantSettings), ...Object.entries(siteSettings)]
      .filter(([name, { isModelled }]) => !isModelled && !readme.includes(`\`${name}\``))
      .map(([name]) => name)
    assert.deepStrictEqual(missing, [])
  })
})
