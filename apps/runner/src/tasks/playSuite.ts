import { fileURLToPath } from "node:url"
import { Worker } from "node:worker_threads"
import { runScenario, type ScenarioResult } from "@twin/conformance"
import { Effect, Pool } from "effect"
import { say } from "../output.ts"
import { checkVocabulary } from "./checkVocabulary.ts"
import { readScenarioFile } from "./scenarioFiles.ts"

export interface SuiteItems {
  readonly files: readonly string[]
  readonly seed: string
  /** How many are played at the same time. */
  readonly jobs: number
}

/** One scenario to play: all that a worker needs. */
export interface WorkItem {
  readonly path: string
  readonly seed: string
}

/** What a worker answers. */
export type WorkAnswer =
  | { readonly kind: "result"; readonly result: ScenarioResult }
  | { readonly kind: "unusable"; readonly problem: string }

/** Plays every file; the results stand in the order of the files, whoever was ready first. */
export const playSuite = Effect.fn("playSuite")(function* ({ files, seed, jobs }: SuiteItems) {
  const size = Math.min(jobs, files.length)
  const tell = (index: number, file: string) => say(`${index + 1}/${files.length} ${file}`)
  if (size <= 1) {
    const words = checkVocabulary()
    return yield* Effect.forEach(files, (path, index) =>
      Effect.gen(function* () {
        const file = yield* readScenarioFile(path)
        yield* tell(index, file.file)
        return yield* runScenario(file, seed, words)
      }),
    )
  }
  return yield* Effect.scoped(
    Effect.gen(function* () {
      const workers = yield* Pool.make({ acquire: worker, size })
      return yield* Effect.forEach(
        files,
        (path, index) =>
          Effect.scoped(
            Effect.gen(function* () {
              // Read here first, so that what is wrong with a file is told as everywhere.
              const { file } = yield* readScenarioFile(path)
              const free = yield* Pool.get(workers)
              yield* tell(index, file)
              return yield* playedBy(free, { path, seed })
            }),
          ),
        { concurrency: size },
      )
    }),
  )
})

/** This program once more, in a thread of its own: see `suiteWorker.ts`. */
const worker = Effect.acquireRelease(
  Effect.sync(() => new Worker(fileURLToPath(import.meta.url))),
  (it) => Effect.promise(() => it.terminate()),
)

const playedBy = (player: Worker, item: WorkItem): Effect.Effect<ScenarioResult> =>
  Effect.callback<ScenarioResult>((resume) => {
    const onAnswer = (answer: WorkAnswer) =>
      resume(
        answer.kind === "result"
          ? Effect.succeed(answer.result)
          : Effect.die(new Error(answer.problem)),
      )
    const onError = (error: unknown) => resume(Effect.die(error))
    player.once("message", onAnswer).once("error", onError)
    // Between threads of one process there is no origin.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    player.postMessage(item)
    return Effect.sync(() => {
      player.off("message", onAnswer).off("error", onError)
    })
  })
