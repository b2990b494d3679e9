import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect, Result, Stream } from "effect"
import { test } from "vitest"
import { decodeScenario, playAll } from "../src/index.ts"
import { vocabulary } from "../test/vocabulary.ts"

const read = (name: string) => readFileSync(join(import.meta.dirname, "../../../scenarios", name))

const file = "external-collaboration/secure-external-collaboration.yaml"
const bytes = read(file)
const flagship = Result.getOrThrow(decodeScenario(file, bytes, vocabulary))
const hello = "getting-started/hello-twin.yaml"
const small = Result.getOrThrow(decodeScenario(hello, read(hello), vocabulary))

const play = (loaded: typeof flagship) =>
  Effect.runPromise(Stream.runDrain(playAll(loaded, { seed: "1" })))

test("play", { timeout: 120_000 }, async ({ bench }) => {
  await bench.compare(
    bench("decode the flagship alone", () => {
      decodeScenario(file, bytes, vocabulary)
    }),
    bench("hello-twin", async () => {
      await play(small)
    }),
    bench("secure-external-collaboration", async () => {
      await play(flagship)
    }),
  )
})
