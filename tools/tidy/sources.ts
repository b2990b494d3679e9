import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { at } from "../setup/checkout.mjs"

const notOurs = new Set([
  ".git",
  ".nx",
  ".tools",
  ".tsc",
  "coverage",
  "dist",
  "node_modules",
  "reports",
])

/** Every file of the repository, relative to the checkout; without asking git, so that an unpacked archive will do. */
export const allFiles: ReadonlyArray<string> = readdirSync(at(""), { withFileTypes: true })
  .filter((entry) => !notOurs.has(entry.name))
  .flatMap((entry) => (entry.isDirectory() ? filesUnder(entry.name) : [entry.name]))
  .toSorted()

function filesUnder(folder: string): Array<string> {
  return readdirSync(at(folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name)
    if (notOurs.has(entry.name)) return []
    if (entry.isDirectory()) return filesUnder(file)
    return entry.isFile() && !entry.name.endsWith(".log") ? [file] : []
  })
}

export const read = (file: string) => readFileSync(at(file), "utf8")

export const scripts = allFiles.filter((file) => /\.(ts|tsx|mjs)$/.test(file))

/** `packages/spo` of `packages/spo/src/State.ts`. */
export const packageOf = (file: string) =>
  /^(?:packages|apps)\/[^/]+|^(?:tools|bench)(?=\/)/.exec(file)?.[0]

/** What is not shipped: it may read the clock and import development dependencies. */
export const isBesideTheCode = (file: string) =>
  /^(tools|bench)\//.test(file) || /\/(test|bench|examples)\/|\.config\.ts$/.test(file)
