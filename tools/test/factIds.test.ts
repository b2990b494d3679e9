import { assert, it } from "vitest"
import { allFiles, read } from "../tidy/sources.ts"

const catalogue = "packages/conformance/catalogue/"
const factId = /\b(?:IDN|SPO|MIP|EXO|CRY|DCO)-\d{3}[a-z]?\b/g

const catalogueFiles = allFiles.filter(
  (file) => file.startsWith(catalogue) && file.endsWith(".json"),
)

const known = new Set(
  catalogueFiles.flatMap((file) => {
    const claims: ReadonlyArray<{ readonly id: string }> = JSON.parse(read(file))
    return claims.map(({ id }) => id)
  }),
)

it("has a catalogue of claims", () => {
  assert.isAbove(known.size, 0, `no claims in ${catalogue}*.json`)
})

it("names no fact that the catalogue does not know, in code, tests, scenarios and documents", () => {
  const wrong = allFiles
    .filter((file) => !file.startsWith(catalogue) && /\.(ts|tsx|mjs|md|ya?ml|json)$/.test(file))
    .flatMap((file) =>
      Array.from(new Set(read(file).match(factId)))
        .filter((id) => !known.has(id))
        .map((id) => `${file}: ${id}`),
    )
  assert.deepStrictEqual(wrong, [])
})
