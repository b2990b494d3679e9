import { assert, it } from "vitest"
import { bannedGlobalsIn } from "../tidy/bannedGlobals.ts"
import { isBesideTheCode, read, scripts } from "../tidy/sources.ts"

/** Where the outside is let in on purpose: file, and what it may use. */
const allowed: Record<string, ReadonlyArray<string>> = {
  // Graphemes and their width are the same in every locale.
  "apps/runner/src/text/textWidth.ts": ["Intl"],
  // What the terminal can show is known to nobody else.
  "apps/runner/src/terminal.ts": ["process.env"],
  // Real keys must not come out of a seed. Another test sees that no simulation imports it.
  "packages/crypto/src/SystemKeySource.ts": ["randomBytes"],
}

it("takes time, chance, environment and locale from no global", () => {
  const wrong = scripts
    .filter((file) => !isBesideTheCode(file))
    .flatMap((file) =>
      bannedGlobalsIn(file, read(file))
        .filter((name) => !(allowed[file] ?? []).includes(name))
        .map((name) => `${file}: ${name}`),
    )
  assert.deepStrictEqual(wrong, [])
})

it.each([
  ["const now = Date.now()", ["Date"]],
  ["const at = new Date(0)", ["Date"]],
  ["setTimeout(go, 1)", ["setTimeout"]],
  ["globalThis.setTimeout(go, 1)", ["setTimeout"]],
  ["const x = Math.random() + Math.floor(1)", ["Math.random"]],
  ["const home = process.env.HOME", ["process.env"]],
  ['import { randomUUID } from "node:crypto"', ["randomUUID"]],
  ["crypto.randomUUID()", ["randomUUID"]],
  ['import * as native from "node:crypto"; native.randomBytes(1)', ["randomBytes"]],
  ["const random = SecureRandom.make(); random.randomBytes(32)", []],
  ["names.sort((a, b) => a.localeCompare(b))", ["localeCompare"]],
  ["const headers = { Date: sent }; read(mail.Date)", []],
  ["interface Mail { readonly Date: string }", []],
  ["const text = 'Date.now() and setTimeout' // Math.random", []],
])("finds what is banned in: %s", (text, expected) => {
  assert.deepStrictEqual(bannedGlobalsIn("a.ts", text), expected)
})
