import { readdirSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"

const folder = new URL("../../src/primitives/", import.meta.url)
const vectors = new URL("../vectors/", import.meta.url)
const here = new URL("./", import.meta.url)

const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(/from "([^"]+)"/g)].map(([, name = ""]) => name)

describe("what the primitives are made of", () => {
  it("[CRY-218] Node's own crypto is enough for every one of them", () => {
    const files = readdirSync(folder)
    assert.isAbove(files.length, 6)
    for (const file of files) {
      const names = importsOf(readFileSync(new URL(file, folder), "utf8"))
      const others = names.filter((it) => !it.startsWith(".") && it !== "effect")
      assert.deepStrictEqual([...new Set(others)], others.length > 0 ? ["node:crypto"] : [], file)
    }
  })

  it("[CRY-213] no published file that lies here is left unread", () => {
    const tests = readdirSync(here).map((file) => readFileSync(new URL(file, here), "utf8"))
    const read = tests.join("\n")
    for (const file of readdirSync(vectors).filter((it) => it.endsWith(".json"))) {
      const name = file.replace(/^jose_cookbook_/, "").replace(/\.json$/, "")
      assert.include(read, name, file)
    }
  })
})
