import { parentPort } from "node:worker_threads"
import { runScenario } from "@twin/conformance"
import { Cause, Effect, Exit, Queue, Stream } from "effect"
import { checkVocabulary } from "./checkVocabulary.ts"
import type { WorkAnswer, WorkItem } from "./playSuite.ts"
import { readScenarioFile } from "./scenarioFiles.ts"

/** A worker of the suite: plays what it is given, one after the other, until it is told to end. */
export const serveSuite = Effect.fn("serveSuite")(function* () {
  const words = checkVocabulary()
  yield* Stream.runForEach(workItems, ({ path, seed }) =>
    Effect.gen(function* () {
      const played = yield* Effect.exit(
        Effect.flatMap(readScenarioFile(path), (file) => runScenario(file, seed, words)),
      )
      const answer: WorkAnswer = Exit.isSuccess(played)
        ? { kind: "result", result: played.value }
        : { kind: "unusable", problem: Cause.pretty(played.cause) }
      // Between threads of one process there is no origin.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      parentPort?.postMessage(answer)
    }),
  )
})

const workItems: Stream.Stream<WorkItem> = Stream.callback((queue) =>
  Effect.sync(() => {
    parentPort?.on("message", (item: WorkItem) => {
      Queue.offerUnsafe(queue, item)
    })
  }),
)
