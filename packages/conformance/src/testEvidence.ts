import { type FactId, factIdsIn, isoOf } from "@twin/kernel"
import { Effect, FileSystem, Path, Schema } from "effect"
import type { Evidence } from "./ConformanceReport.ts"

/** Evidence from the result files that the last test run left, by claim. */
export interface TestEvidence {
  readonly byClaim: ReadonlyMap<FactId, readonly Evidence[]>
  readonly passed: number
  readonly failed: number
  /** ISO instant of the newest result file; absent where there is none. */
  readonly from?: string
}

/** The part of vitest's JSON result that is read here. */
const VitestResult = Schema.Struct({
  startTime: Schema.Finite,
  testResults: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      assertionResults: Schema.Array(
        Schema.Struct({
          ancestorTitles: Schema.Array(Schema.String),
          title: Schema.String,
          status: Schema.String,
        }),
      ),
    }),
  ),
})

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(VitestResult))

/**
 * Reads `<folder>/*.json`. A title counts for the ids in it and in the titles above it; a skipped
 * test is no evidence. A file that is not a result is left out.
 */
export const readTestEvidence = Effect.fn("readTestEvidence")(function* (folder: string) {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = yield* files.readDirectory(folder).pipe(Effect.orElseSucceed(() => []))
  const byClaim = new Map<FactId, Evidence[]>()
  let passed = 0
  let failed = 0
  let newest = 0
  for (const name of names.filter((it) => it.endsWith(".json")).toSorted()) {
    const result = yield* files
      .readFileString(path.join(folder, name))
      .pipe(Effect.flatMap(decode), Effect.option)
    if (result._tag === "None") continue
    newest = Math.max(newest, result.value.startTime)
    for (const { name: file, assertionResults } of result.value.testResults) {
      for (const { ancestorTitles, title, status } of assertionResults) {
        const what = [...ancestorTitles, title].join(" > ")
        const ids = factIdsIn(what)
        if (ids.length === 0 || (status !== "passed" && status !== "failed")) continue
        const evidence: Evidence = {
          kind: "test",
          where: shortPath(file),
          what,
          passed: status === "passed",
        }
        if (evidence.passed) passed += 1
        else failed += 1
        for (const id of ids) byClaim.set(id, [...(byClaim.get(id) ?? []), evidence])
      }
    }
  }
  const evidence: TestEvidence = {
    byClaim,
    passed,
    failed,
    ...(newest === 0 ? {} : { from: isoOf(newest) }),
  }
  return evidence
})

/** From the workspace folder on: a report names no folder of a machine. */
const shortPath = (file: string): string => {
  const parts = file.replaceAll("\\", "/").split("/")
  const at = parts.findLastIndex((part) => part === "packages" || part === "apps")
  return at === -1 ? (parts.at(-1) ?? file) : parts.slice(at).join("/")
}
