import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { datacenterDomain, datacenterFaults } from "../src/index.ts"

const folder = join(import.meta.dirname, "..")
const readme = readFileSync(join(folder, "README.md"), "utf8")

describe("the README", () => {
  it.each(readdirSync(join(folder, "examples")))("shows %s and what it prints", (name) => {
    const file = join(folder, "examples", name)
    assert.include(readme, readFileSync(file, "utf8").trim())
    assert.include(readme, execFileSync(process.execPath, [file], { encoding: "utf8" }).trim())
  })

  it("names every operation and every fault", () => {
    for (const { name } of [...datacenterDomain.operations, ...datacenterFaults]) {
      const noun = name.replace(/^(Get|Set)-/, "")
      assert.isTrue(readme.includes(`\`${name}\``) || readme.includes(`${noun}\``), name)
    }
  })
})
