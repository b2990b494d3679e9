import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll } from "vitest"

/** A folder for the tests of a file, gone after them; with a space in its name, as people have. */
export const scratchFolder = () => {
  let folder = ""
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "twin "))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const at = (...names: readonly string[]) => path.join(folder, ...names)
  return {
    at,
    written: (name: string, text: string | Uint8Array): string => {
      writeFileSync(at(name), text)
      return at(name)
    },
  }
}
