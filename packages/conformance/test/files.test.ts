import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Path, PlatformError } from "effect"
import {
  type ConformanceReport,
  makeReport,
  type ReportFormat,
  readTestEvidence,
  reportFormats,
  writeReports,
} from "../src/index.ts"
import { catalogue, result, scenario, tests } from "./sampleReport.ts"
import { schemaProblems } from "./schemaProblems.ts"

const attempt = <A>(method: string, run: () => A) =>
  Effect.try({
    try: run,
    catch: (cause) =>
      PlatformError.systemError({
        _tag: "NotFound",
        module: "FileSystem",
        method,
        description: String(cause),
      }),
  })

/** Real files, by node itself: the package needs no platform. */
const files = Layer.mergeAll(
  Path.layer,
  FileSystem.layerNoop({
    readDirectory: (path) => attempt("readDirectory", () => readdirSync(path)),
    readFileString: (path) => attempt("readFileString", () => readFileSync(path, "utf8")),
    writeFileString: (path, text) => attempt("writeFileString", () => writeFileSync(path, text)),
    makeDirectory: (path) =>
      attempt("makeDirectory", () => {
        mkdirSync(path, { recursive: true })
      }),
  }),
)

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "reports "))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true })),
)

const titled = (title: string, status: string, file = "/x/packages/spo/test/a.test.ts") => ({
  name: file,
  assertionResults: [{ ancestorTitles: ["sharing"], title, status }],
})

describe("readTestEvidence", () => {
  it.effect("a folder that is not there is no evidence, and says so by having no time", () =>
    Effect.gen(function* () {
      const evidence = yield* readTestEvidence(join(yield* folder, "gone"))
      assert.deepStrictEqual([evidence.byClaim.size, evidence.from], [0, undefined])
    }).pipe(Effect.provide(files)),
  )

  it.effect("reads passed and failed; skipped, untitled and broken ones are no evidence", () =>
    Effect.gen(function* () {
      const path = yield* folder
      const testResults = [
        titled("[SPO-003] holds", "passed"),
        titled("[SPO-005] [SPO-003] fails", "failed"),
        titled("[SPO-007] is skipped", "skipped"),
        titled("[SPO-008] is to do", "todo"),
        titled("without an id", "passed"),
      ]
      writeFileSync(join(path, "spo.json"), JSON.stringify({ startTime: 1000, testResults }))
      writeFileSync(join(path, "broken.json"), '{ "startTime": 5, "testResults": [')
      writeFileSync(join(path, "other.json"), '{ "something": "else" }')
      writeFileSync(join(path, "notes.txt"), "[SPO-009]")
      const evidence = yield* readTestEvidence(path)
      assert.deepStrictEqual([...evidence.byClaim.keys()].toSorted(), ["SPO-003", "SPO-005"])
      assert.deepStrictEqual([evidence.passed, evidence.failed], [1, 1])
      assert.strictEqual(evidence.from, "1970-01-01T00:00:01.000Z")
      assert.deepStrictEqual(
        evidence.byClaim.get("SPO-003")?.map(({ where, what, passed }) => [where, what, passed]),
        [
          ["packages/spo/test/a.test.ts", "sharing > [SPO-003] holds", true],
          ["packages/spo/test/a.test.ts", "sharing > [SPO-005] [SPO-003] fails", false],
        ],
      )
    }).pipe(Effect.provide(files)),
  )
})

const allFormats = Object.keys(reportFormats) as ReportFormat[]

const write = (path: string, startedAt: string, parts: Omit<ConformanceReport, "run">) =>
  writeReports({
    folder: path,
    formats: allFormats,
    facts: { startedAt, durationMillis: 5, host: "host", versions: { twin: "0" } },
    result: parts,
  })

const nothing = makeReport({
  seed: "1",
  catalogue,
  scenarios: [],
  tests: { byClaim: new Map(), passed: 0, failed: 0 },
})

const readJson = (path: string) =>
  JSON.parse(readFileSync(join(path, "conformance.json"), "utf8")) as ConformanceReport

describe("writeReports", () => {
  it.effect("three runs into one folder: a trend of three, and changes since the last one", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "new", "folder")
      const first = yield* write(path, "2026-09-01T00:00:00.000Z", nothing)
      assert.isUndefined(first.report.run.changes)
      const second = yield* write(path, "2026-09-02T00:00:00.000Z", result)
      assert.deepStrictEqual(second.report.run.changes, {
        since: "2026-09-01T00:00:00.000Z",
        claims: result.claims.map(({ id, state }) => ({
          id,
          before: "unproven" as const,
          now: state,
        })),
      })
      const third = yield* write(path, "2026-09-03T00:00:00.000Z", result)
      assert.deepStrictEqual(third.report.run.changes?.claims, [])
      assert.deepStrictEqual(
        third.report.run.trend.map(({ startedAt, proven }) => [startedAt.slice(8, 10), proven]),
        [
          ["01", 0],
          ["02", 2],
          ["03", 2],
        ],
      )
      assert.deepStrictEqual(readJson(path).run.trend, third.report.run.trend)
      assert.lengthOf(third.written, 4)
    }).pipe(Effect.provide(files)),
  )

  it.effect("two runs with the same seed differ in `run` only", () =>
    Effect.gen(function* () {
      const path = yield* folder
      const again = makeReport({ seed: "1", catalogue, scenarios: [scenario], tests })
      yield* write(join(path, "a"), "2026-09-01T00:00:00.000Z", result)
      yield* write(join(path, "b"), "2026-10-01T00:00:00.000Z", again)
      const rest = (name: string) => {
        const { run, ...others } = readJson(join(path, name))
        assert.isObject(run)
        return JSON.stringify(others)
      }
      assert.strictEqual(rest("a"), rest("b"))
    }).pipe(Effect.provide(files)),
  )

  it.effect("a damaged trend or report of an earlier run is left behind, not fatal", () =>
    Effect.gen(function* () {
      const path = yield* folder
      writeFileSync(join(path, "trend.ndjson"), '{"startedAt": 1}\nnot json\n')
      writeFileSync(join(path, "conformance.json"), "{")
      const { report } = yield* write(path, "2026-09-01T00:00:00.000Z", result)
      assert.lengthOf(report.run.trend, 1)
      assert.isUndefined(report.run.changes)
    }).pipe(Effect.provide(files)),
  )

  it.effect("the JSON fits the published schema, and the schema does not fit everything", () =>
    Effect.gen(function* () {
      const path = yield* folder
      yield* write(path, "2026-09-01T00:00:00.000Z", nothing)
      yield* write(path, "2026-09-02T00:00:00.000Z", result)
      const schema = JSON.parse(
        readFileSync(join(import.meta.dirname, "../conformance.schema.json"), "utf8"),
      ) as Readonly<Record<string, unknown>>
      const json = readJson(path)
      assert.deepStrictEqual(schemaProblems(schema, json), [])
      const { summary, ...without } = json
      assert.isAbove(schemaProblems(schema, without).length, 0)
      const wrong = { ...json, claims: [{ ...json.claims[0], state: "true" }] }
      assert.isAbove(schemaProblems(schema, { ...wrong, summary }).length, 0)
      assert.isAbove(schemaProblems(schema, { ...json, more: 1 }).length, 0)
    }).pipe(Effect.provide(files)),
  )
})
