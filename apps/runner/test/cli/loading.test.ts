import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { afterAll, assert, beforeAll, it } from "vitest"
import { fixture } from "../fixtures/scenario.ts"
import { twin } from "./run.ts"

let folder = ""
let logger = ""

/** Notes every file of the bundle that is loaded. */
const hooks = (log: string) => `
import { appendFileSync } from "node:fs"
import { registerHooks } from "node:module"
registerHooks({
  load: (url, context, next) => {
    if (url.startsWith("file:")) appendFileSync(${JSON.stringify(log)}, url + "\\n")
    return next(url, context)
  },
})
`

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "twin-"))
  logger = path.join(folder, "hooks.mjs")
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The source of everything that a call loads. */
const loadedBy = (args: readonly string[], input = ""): string => {
  const log = path.join(folder, "log")
  writeFileSync(log, "")
  writeFileSync(logger, hooks(log))
  const { code, err } = twin(args, { node: ["--import", pathToFileURL(logger).href], input })
  assert.strictEqual(code, 0, err)
  const files = new Set(readFileSync(log, "utf8").trim().split("\n"))
  return [...files].map((url) => readFileSync(fileURLToPath(url), "utf8")).join("\n")
}

/** What betrays each of the heavy parts. */
const signs = {
  React: "react.transitional.element",
  Ink: "ink-root",
  faker: "Zboncak",
  catalogue: '\\"confidence\\"',
  markdown: "blockquote",
  "the domains": "Set-SPOTenant",
  sqlite: "node:sqlite",
} as const

const heavyIn = (source: string): readonly string[] =>
  Object.entries(signs).flatMap(([name, sign]) => (source.includes(sign) ? [name] : []))

it("loads nothing heavy for help and for the list", () => {
  assert.deepStrictEqual(heavyIn(loadedBy(["--help"])), [])
  assert.deepStrictEqual(heavyIn(loadedBy(["play", "--help"])), [])
  assert.deepStrictEqual(heavyIn(loadedBy(["list"])), [])
})

it("loads neither screen nor catalogue for a plain play", () => {
  const heavy = heavyIn(loadedBy(["play", fixture("seat"), "--plain"]))
  for (const name of ["React", "Ink", "catalogue", "sqlite"]) assert.notInclude(heavy, name)
  assert.include(heavy, "the domains")
})

it("loads no screen for the shell", () => {
  const heavy = heavyIn(loadedBy(["shell"], "whoami"))
  for (const name of ["React", "Ink", "catalogue", "sqlite"]) assert.notInclude(heavy, name)
})
