import { readFileSync } from "node:fs"
import { cpus, release, totalmem } from "node:os"
import { at } from "../setup/checkout.mjs"

/** One benchmark. `ratio` compares it with the first one of the same test, measured in the same run. */
export interface Row {
  readonly package: string
  readonly test: string
  readonly name: string
  readonly meanMs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly errorPercent: number
  readonly samples: number
  readonly ratio: number
  readonly perSecond: number
  /** Where the title says how many MiB one run handles, in millions of bytes. */
  readonly megabytesPerSecond?: number
}

export interface BenchReport {
  readonly machine: {
    readonly platform: string
    readonly release: string
    readonly arch: string
    readonly cpu: string
    readonly cores: number
    readonly memoryGiB: number
  }
  readonly versions: Record<string, string>
  readonly measuredAt: string
  readonly benchmarks: ReadonlyArray<Row>
}

/** The part of vitest's JSON report that holds measurements; times are in milliseconds. */
export interface VitestBenchReport {
  readonly testResults: ReadonlyArray<{
    readonly assertionResults: ReadonlyArray<{
      readonly fullName: string
      readonly benchmarks?: ReadonlyArray<{ readonly tasks: ReadonlyArray<Task> }>
    }>
  }>
}

interface Task {
  readonly name: string
  readonly latency: {
    readonly mean: number
    readonly p50: number
    readonly p99: number
    readonly rme: number
    readonly samplesCount: number
  }
}

export const measured = (packageName: string, report: VitestBenchReport): ReadonlyArray<Row> =>
  report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .flatMap(({ fullName, benchmarks = [] }) =>
      benchmarks.flatMap(({ tasks }) =>
        tasks.map(({ name, latency }) => ({
          package: packageName,
          test: fullName,
          name,
          meanMs: latency.mean,
          p50Ms: latency.p50,
          p99Ms: latency.p99,
          errorPercent: latency.rme,
          samples: latency.samplesCount,
          ratio: latency.mean / (tasks[0]?.latency.mean ?? latency.mean),
          perSecond: 1_000 / latency.mean,
          ...throughput(fullName, latency.mean),
        })),
      ),
    )

/** `4 MiB through service encryption` says what one run handles. */
const throughput = (title: string, meanMs: number): Pick<Row, "megabytesPerSecond"> => {
  const size = /(\d+) MiB/.exec(title)?.[1]
  return size === undefined
    ? {}
    : { megabytesPerSecond: (Number(size) * 2 ** 20) / 1e6 / (meanMs / 1_000) }
}

export const measuredOn = (): Omit<BenchReport, "benchmarks"> => ({
  machine: {
    platform: process.platform,
    release: release(),
    arch: process.arch,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  },
  versions: {
    node: process.versions.node,
    ...catalogVersions(["effect", "vitest", "react", "ink"]),
  },
  measuredAt: new Date().toISOString(),
})

/** The catalog pins exact versions, one a line, so that no parser is needed to read them. */
const catalogVersions = (names: ReadonlyArray<string>): Record<string, string> => {
  const catalog = readFileSync(at("pnpm-workspace.yaml"), "utf8")
  return Object.fromEntries(
    names.map((name) => [name, new RegExp(`^  ${name}: (\\S+)$`, "m").exec(catalog)?.[1] ?? "?"]),
  )
}

export const tableOf = (rows: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const cells = [
    ["package", "benchmark", "mean", "p99", "error", "samples", "ratio", "per second", "MB/s"],
    ...rows.map((row) => [
      row.package,
      row.test === row.name ? row.name : `${row.test}: ${row.name}`,
      duration(row.meanMs),
      duration(row.p99Ms),
      `${row.errorPercent.toFixed(1)} %`,
      String(row.samples),
      row.ratio.toFixed(2),
      row.perSecond.toFixed(row.perSecond < 100 ? 1 : 0),
      row.megabytesPerSecond?.toFixed(0) ?? "",
    ]),
  ]
  const widths = cells[0]?.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  )
  return cells.map((row) =>
    row
      .map((cell, column) => {
        const width = widths?.[column] ?? 0
        return column < 2 ? cell.padEnd(width) : cell.padStart(width)
      })
      .join("  ")
      .trimEnd(),
  )
}

const duration = (ms: number) =>
  ms >= 1
    ? `${ms.toFixed(1)} ms`
    : ms >= 0.001
      ? `${(ms * 1e3).toFixed(1)} us`
      : `${(ms * 1e6).toFixed(0)} ns`
