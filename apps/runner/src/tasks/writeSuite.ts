import { availableParallelism, hostname } from "node:os"
import {
  isGreen,
  loadCatalogue,
  makeReport,
  type ReportFormat,
  readTestEvidence,
  reportFormats,
  verdictOf,
  writeReports,
} from "@twin/conformance"
import { isoOf } from "@twin/kernel"
import { Clock, Effect, FileSystem, Path } from "effect"
import { ExitWith, InputUnusable } from "../exitCodes.ts"
import { print } from "../output.ts"
import { versions } from "../versions.ts"
import { workspaceFolder } from "../workspace.ts"
import { playSuite, type SuiteItems } from "./playSuite.ts"
import { ownScenarioFiles } from "./scenarioFiles.ts"

interface SuiteOptions extends SuiteItems {
  readonly folder: string
  readonly formats: readonly ReportFormat[]
}

/** Plays the scenarios, weighs the evidence and writes the reports. */
export const writeSuite = Effect.fn("writeSuite")(function* (options: SuiteOptions) {
  const path = yield* Path.Path
  // Before the suite, which takes its time, and not after it.
  yield* makeFolder(options.folder)
  const started = yield* Clock.currentTimeMillis
  const scenarios = yield* playSuite(options)
  const tests = yield* readTestEvidence(path.join(workspaceFolder(), "reports", "tests"))
  const result = makeReport({ seed: options.seed, catalogue: loadCatalogue(), scenarios, tests })
  const ended = yield* Clock.currentTimeMillis
  return yield* writeReports({
    folder: options.folder,
    formats: options.formats,
    facts: {
      startedAt: isoOf(started),
      durationMillis: ended - started,
      host: hostname(),
      versions: versions(),
      ...(tests.from === undefined ? {} : { testsFrom: tests.from }),
    },
    result,
  }).pipe(Effect.mapError(({ message }) => unwritable(options.folder, message)))
})

const makeFolder = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  yield* fs
    .makeDirectory(folder, { recursive: true })
    .pipe(Effect.mapError(({ message }) => unwritable(folder, message)))
})

const unwritable = (folder: string, why: string) =>
  new InputUnusable({
    problem: `${folder}: the reports cannot be written (${why}); choose another folder`,
  })

const isFormat = (name: string): name is ReportFormat => Object.hasOwn(reportFormats, name)

const formatsOf = Effect.fnUntraced(function* (text: string) {
  const names = text.split(",").map((it) => it.trim().toLowerCase())
  const wrong = names.find((name) => !isFormat(name))
  if (wrong !== undefined) {
    const known = Object.keys(reportFormats).join(", ")
    return yield* new InputUnusable({
      problem: `--format: there is no format '${wrong}'; choose among ${known}`,
    })
  }
  return names.filter(isFormat)
})

/** A worker takes as long to start as a few scenarios take to play. */
const worthwhileJobs = (files: number): number =>
  Math.max(1, Math.min(availableParallelism(), Math.floor(files / 4)))

/** The whole suite: every scenario, every claim. */
export const runSuite = Effect.fn("runSuite")(function* (options: {
  readonly out: string
  readonly format: string
  readonly seed: string
  readonly jobs: number | undefined
}) {
  const files = ownScenarioFiles()
  const { report, written } = yield* writeSuite({
    folder: options.out,
    formats: yield* formatsOf(options.format),
    seed: options.seed,
    jobs: options.jobs ?? worthwhileJobs(files.length),
    files,
  })
  yield* print(`${verdictOf(report)}\n`)
  for (const file of written) yield* print(`${file}\n`)
  if (!isGreen(report)) return yield* new ExitWith({ code: 1 })
})
