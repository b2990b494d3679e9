import { canonicalJsonPretty } from "@twin/kernel"
import { Effect, FileSystem, Option, Path, Schema } from "effect"
import { ConformanceReport, type RunHeader, TrendLine } from "./ConformanceReport.ts"
import { changesSince } from "./makeReport.ts"
import { renderHtml } from "./render/renderHtml.ts"
import { renderJunit } from "./render/renderJunit.ts"
import { renderMarkdown } from "./render/renderMarkdown.ts"

/** The formats that can be written, and the file of each. */
export const reportFormats = {
  json: "conformance.json",
  junit: "conformance.xml",
  html: "conformance.html",
  markdown: "conformance.md",
} as const
export type ReportFormat = keyof typeof reportFormats

const renderings: Record<ReportFormat, (report: ConformanceReport) => string> = {
  json: canonicalJsonPretty,
  junit: renderJunit,
  html: renderHtml,
  markdown: renderMarkdown,
}

const trendFile = "trend.ndjson"
/** Runs that a folder remembers. */
const trendLimit = 400

const decodeTrendLine = Schema.decodeUnknownOption(Schema.fromJsonString(TrendLine))
const decodeReport = Schema.decodeUnknownOption(Schema.fromJsonString(ConformanceReport))

/** What the run header says besides its earlier runs. */
export type RunFacts = Omit<RunHeader, "changes" | "trend">

/**
 * Adds what earlier runs in the folder tell (trend, changes), writes the formats, and returns the
 * whole report and the files. Writing JSON is what lets the next run see changes.
 */
export const writeReports = Effect.fn("writeReports")(function* (options: {
  readonly folder: string
  readonly formats: readonly ReportFormat[]
  readonly facts: RunFacts
  readonly result: Omit<ConformanceReport, "run">
}) {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const { folder, formats, facts, result } = options
  yield* files.makeDirectory(folder, { recursive: true })
  const read = (name: string) => files.readFileString(path.join(folder, name)).pipe(Effect.option)
  const before = Option.flatMap(yield* read(reportFormats.json), (text) => decodeReport(text))
  const lines = Option.getOrElse(yield* read(trendFile), () => "")
  const trend = [
    ...lines.split("\n").flatMap((line) => Option.toArray(decodeTrendLine(line))),
    { startedAt: facts.startedAt, seed: result.seed, ...result.summary.claims },
  ].slice(-trendLimit)
  const report: ConformanceReport = {
    ...result,
    run: {
      ...facts,
      trend,
      ...(Option.isNone(before)
        ? {}
        : {
            changes: {
              since: before.value.run.startedAt,
              claims: changesSince(before.value, result),
            },
          }),
    },
  }
  const written = yield* Effect.forEach(formats, (format) => {
    const file = path.join(folder, reportFormats[format])
    return Effect.as(files.writeFileString(file, renderings[format](report)), file)
  })
  yield* files.writeFileString(
    path.join(folder, trendFile),
    trend.map((line) => `${JSON.stringify(line)}\n`).join(""),
  )
  return { report, written }
})
