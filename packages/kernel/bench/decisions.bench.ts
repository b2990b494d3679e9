import { test } from "vitest"
import { decideByGates, decideForAll } from "../src/index.ts"
import { withinLimit } from "../test/counter.ts"

const population = Array.from({ length: 10_000 }, (_, index) => ({ by: index % 20, limit: 10 }))

test("10,000 decisions of one gate", async ({ bench }) => {
  await bench.compare(
    bench("one by one", () => {
      for (const facets of population) decideByGates([withinLimit], facets)
    }),
    bench("by distinct facets", () => {
      decideForAll([withinLimit], population, (facets) => facets)
    }),
  )
})
