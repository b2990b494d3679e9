import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, assert, beforeAll, it } from "vitest"
import { fixture } from "../fixtures/scenario.ts"
import { bundle, twin } from "./run.ts"

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "twin-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What betrays each of the heavy parts in the bundle. */
const signs = {
  React: "react.transitional.element",
  Ink: "ink-root",
  faker: "Zboncak",
  catalogue: '\\"confidence\\"',
  markdown: "blockquote",
  "the domains": "Set-SPOTenant",
} as const

interface Coverage {
  readonly result: readonly {
    readonly url: string
    readonly functions: readonly {
      readonly ranges: readonly {
        readonly startOffset: number
        readonly endOffset: number
        readonly count: number
      }[]
    }[]
  }[]
}

const offsetsOf = (source: string, sign: string): readonly number[] => {
  const found: number[] = []
  for (let at = source.indexOf(sign); at !== -1; at = source.indexOf(sign, at + 1)) found.push(at)
  return found
}

/** The heavy parts that a call runs, as Node's own coverage sees it; reading is not running. */
const heavyIn = (args: readonly string[], input = ""): readonly string[] => {
  const reports = mkdtempSync(path.join(folder, "coverage-"))
  const { code, err } = twin(args, { input, env: { NODE_V8_COVERAGE: reports } })
  assert.strictEqual(code, 0, err)
  const [file = ""] = readdirSync(reports)
  const coverage: Coverage = JSON.parse(readFileSync(path.join(reports, file), "utf8"))
  const ranges = coverage.result
    .filter(({ url }) => url === pathToFileURL(bundle).href)
    .flatMap(({ functions }) => functions)
    .flatMap((it) => it.ranges)
  const isRun = (offset: number): boolean => {
    const around = ranges.filter((it) => it.startOffset <= offset && offset < it.endOffset)
    const innermost = around.toSorted(
      (a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset),
    )[0]
    return (innermost?.count ?? 0) > 0
  }
  const source = readFileSync(bundle, "utf8")
  return Object.entries(signs).flatMap(([name, sign]) => {
    const offsets = offsetsOf(source, sign)
    assert.isAbove(offsets.length, 0, `${name} is not in the bundle`)
    return offsets.some(isRun) ? [name] : []
  })
}

it.each([["--help"], ["play", "--help"], ["list"]])("runs nothing heavy for twin %s", (...args) => {
  assert.deepStrictEqual(heavyIn(args), [])
})

it("runs neither screen nor catalogue for a plain play", () => {
  const heavy = heavyIn(["play", fixture("seat"), "--plain"])
  assert.deepStrictEqual(heavy, ["faker", "markdown", "the domains"])
})

it("runs neither screen nor catalogue for the shell", () => {
  const heavy = heavyIn(["shell"], "whoami")
  for (const name of ["React", "Ink", "catalogue"]) assert.notInclude(heavy, name)
})
