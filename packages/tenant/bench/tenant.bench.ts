import { Effect } from "effect"
import { test } from "vitest"
import { makeTenant } from "../src/index.ts"

const small = await Effect.runPromise(makeTenant({ seed: "1" }))
const large = await Effect.runPromise(makeTenant({ seed: "1", people: 2_000 }))
const question = { who: "bob", action: "open", on: "Press Kit.docx" }
const outsider = { who: "pat@mailbox.example", action: "open", on: "Press Kit.docx" }

test("explain", async ({ bench }) => {
  await bench.compare(
    bench("a member, 12 people", () => {
      Effect.runSync(small.explain(question))
    }),
    bench("a member, 2,012 people", () => {
      Effect.runSync(large.explain(question))
    }),
    bench("somebody outside by address, 2,012 people", () => {
      Effect.runSync(large.explain(outsider))
    }),
  )
})

test("makeTenant", { timeout: 120_000 }, async ({ bench }) => {
  await bench.compare(
    bench("baseline", async () => {
      await Effect.runPromise(makeTenant({ seed: "1" }))
    }),
    bench("with 500 made-up people", async () => {
      await Effect.runPromise(makeTenant({ seed: "1", people: 500 }))
    }),
  )
})
