import path from "node:path"
import { assert, describe, it } from "vitest"
import { allFiles, read, scripts } from "../tidy/sources.ts"

const mostLines = 400

/** Generated files, and tables that have no better place to be cut. */
const longByNature: ReadonlyArray<string> = []

/** Folders that say nothing about what is in them. */
const emptyNames = new Set(["common", "helpers", "managers", "misc", "types", "utils"])

/** This test has to spell out what it looks for. */
const self = "tools/test/files.test.ts"

const strayPaths = [
  /\/work\/(?:main|shared|\.)/,
  /\/root\//,
  /(?<![\w.])\/tmp\//,
  /\/home\/\w+\//,
  /\/Users\/\w+\//,
  /\b[A-Z]:\\+Users\\/,
]

const registries = [
  /registry\.(?:npmjs\.org|yarnpkg\.com|npmmirror\.com)/,
  /\bnpm\.pkg\.github\.com/,
  /\bnpm\.jsr\.io/,
]

const isText = (file: string) => !/\.(png|jpe?g|gif|ico|woff2?|zip|pdf|sqlite)$/.test(file)

describe("files", () => {
  it("stay short enough to have one subject", () => {
    const wrong = scripts
      .filter((file) => !longByNature.includes(file))
      .map((file) => ({ file, lines: read(file).split("\n").length - 1 }))
      .filter(({ lines }) => lines > mostLines)
      .map(({ file, lines }) => `${file}: ${lines} lines`)
    assert.deepStrictEqual(wrong, [])
  })

  it("lie in folders that are named after a subject", () => {
    const wrong = allFiles.filter((file) =>
      path.posix
        .dirname(file)
        .split("/")
        .some((name) => emptyNames.has(name)),
    )
    assert.deepStrictEqual(wrong, [])
  })

  it("name no path of somebody's machine and no package registry", () => {
    const wrong = allFiles
      .filter((file) => isText(file) && file !== self)
      .flatMap((file) => {
        const text = read(file)
        return [...strayPaths, ...registries]
          .filter((pattern) => pattern.test(text))
          .map((pattern) => `${file}: ${pattern.exec(text)?.[0]}`)
      })
    assert.deepStrictEqual(wrong, [])
  })

  it("end their lines in LF, also when they were written on Windows", () => {
    assert.deepStrictEqual(
      allFiles.filter((file) => isText(file) && read(file).includes("\r\n")),
      [],
    )
  })
})
