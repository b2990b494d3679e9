import { hostname } from "node:os"
import {
  isGreen,
  loadCatalogue,
  makeReport,
  readTestEvidence,
  type ReportFormat,
  reportFormats,
  runScenario,
  type ScenarioFile,
  type ScenarioResult,
  verdictOf,
  writeReports,
} from "@twin/conformance"
import { isoOf } from "@twin/kernel"
import { Clock, Effect, Path } from "effect"
import { Command, Flag } from "effect/cli"
import { ExitWith, InputUnusable } from "../exitCodes.ts"
import { print, say } from "../output.ts"
import { ownScenarioFiles, readScenarioFile, vocabulary } from "../scenarioFiles.ts"
import { versions } from "../versions.ts"
import { workspaceFolder } from "../workspace.ts"

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

/** Plays the scenarios, weighs the evidence and writes the reports; whether all is well. */
export const conformWith = Effect.fn("conformWith")(function* (options: {
  readonly folder: string
  readonly formats: readonly ReportFormat[]
  readonly seed: string
  readonly files: readonly string[]
}) {
  const path = yield* Path.Path
  const started = yield* Clock.currentTimeMillis
  const words = vocabulary()
  const scenarios: ScenarioResult[] = []
  for (const [index, name] of options.files.entries()) {
    yield* say(`${index + 1}/${options.files.length} ${name}`)
    const file: ScenarioFile = yield* readScenarioFile(name)
    scenarios.push(yield* runScenario(file, options.seed, words))
  }
  const tests = yield* readTestEvidence(path.join(workspaceFolder(), "reports", "tests"))
  const result = makeReport({
    seed: options.seed,
    catalogue: loadCatalogue(),
    scenarios,
    tests,
  })
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
  }).pipe(
    Effect.mapError(
      (error) =>
        new InputUnusable({
          problem: `${options.folder}: the reports cannot be written (${error.message}); choose another folder with --out`,
        }),
    ),
  )
})

export const conform = Command.make(
  "conform",
  {
    out: Flag.String("out").pipe(
      Flag.withDescription("Folder for the reports"),
      Flag.withDefault("reports"),
    ),
    format: Flag.String("format").pipe(
      Flag.withDescription("Formats, joined by commas: json, junit, html, markdown"),
      Flag.withDefault("json,html,markdown"),
    ),
    seed: Flag.String("seed").pipe(
      Flag.withDescription("Seed of people, ids and codes"),
      Flag.withDefault("1"),
    ),
  },
  Effect.fn(function* ({ out, format, seed }) {
    const formats = yield* formatsOf(format)
    const { report, written } = yield* conformWith({
      folder: out,
      formats,
      seed,
      files: ownScenarioFiles(),
    })
    yield* print(`${verdictOf(report)}\n`)
    for (const file of written) yield* print(`${file}\n`)
    if (!isGreen(report)) return yield* new ExitWith({ code: 1 })
  }),
).pipe(
  Command.withDescription("Runs the whole suite: every scenario, every claim; writes the reports"),
  Command.withExamples([
    {
      command: "twin conform --out reports/nightly --format json,junit,html,markdown",
      description: "What the nightly run does",
    },
  ]),
)
