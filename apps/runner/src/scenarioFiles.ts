import { claimIds, type ScenarioFile } from "@twin/conformance"
import { decodeScenario, type LoadedScenario, limits, type Vocabulary } from "@twin/scenario"
import { tenantComposition } from "@twin/tenant"
import { Effect, FileSystem, Path, type Result } from "effect"
import type { ScenarioInvalid } from "@twin/scenario"
import { globSync } from "node:fs"
import { InputUnusable } from "./exitCodes.ts"
import { workspaceFolder } from "./workspace.ts"

/** What scenario files may name, derived from the tenant and the catalogue. */
export const vocabulary = (): Vocabulary => {
  const claims = claimIds()
  return {
    operations: tenantComposition.operations,
    questions: new Set(tenantComposition.questions.map(({ action }) => action)),
    faults: new Set(tenantComposition.faults.map(({ name }) => name)),
    isClaim: (id) => claims.has(id),
  }
}

/** All scenario files that come with the twin, sorted. */
export const ownScenarioFiles = (): readonly string[] => {
  const root = workspaceFolder()
  return globSync("scenarios/**/*.{yaml,yml}", { cwd: root })
    .map((file) => file.replaceAll("\\", "/"))
    .toSorted()
}

/**
 * The files that arguments mean. A shell that does not expand patterns hands them over as they are;
 * a pattern that matches nothing is an error, like a file that does not exist.
 */
export const filesOf = (
  given: readonly string[],
): Effect.Effect<readonly string[], InputUnusable, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const files = yield* Effect.forEach(given, (argument) =>
      Effect.gen(function* () {
        if (yield* Effect.orElseSucceed(fs.exists(argument), () => false)) return [argument]
        const matches = /[*?[{]/.test(argument) ? globSync(argument).toSorted() : []
        if (matches.length > 0) return matches
        return yield* new InputUnusable({
          problem: `${argument}: there is no such file. 'twin list' shows the scenarios that come with the twin.`,
        })
      }),
    )
    return [...new Set(files.flat())]
  })

/** Reads a file, but never more than a scenario may have. */
export const readScenarioFile = (
  file: string,
): Effect.Effect<ScenarioFile, InputUnusable, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const full = path.resolve(file)
    const info = yield* Effect.orElseSucceed(fs.stat(full), () => undefined)
    if (info === undefined) {
      const inside = path.join(workspaceFolder(), file)
      const other = yield* Effect.orElseSucceed(fs.exists(inside), () => false)
      if (other && inside !== full) return yield* readScenarioFile(inside)
      return yield* new InputUnusable({ problem: `${file}: there is no such file` })
    }
    if (info.type !== "File") {
      return yield* new InputUnusable({ problem: `${file}: this is not a file` })
    }
    if (Number(info.size) > limits.bytes) {
      const mib = (Number(info.size) / limits.bytes).toFixed(1)
      return yield* new InputUnusable({
        problem: `${file}: the file is ${mib} MiB; a scenario has at most 1 MiB: split it`,
      })
    }
    const bytes = yield* fs
      .readFile(full)
      .pipe(
        Effect.mapError(
          () =>
            new InputUnusable({ problem: `${file}: the file cannot be read; check its rights` }),
        ),
      )
    return { file: shortName(path.relative(workspaceFolder(), full), file), bytes }
  })

/** From the checkout on where the file belongs to it, otherwise as it was given. */
const shortName = (relative: string, given: string): string =>
  relative.startsWith("..") || relative === "" ? given : relative.replaceAll("\\", "/")

export const decodeFile = (
  { file, bytes }: ScenarioFile,
  words: Vocabulary,
): Result.Result<LoadedScenario, ScenarioInvalid> => decodeScenario(file, bytes, words)

/** A scenario to play, or its problems as one error. */
export const loadScenario = (file: string, words: Vocabulary) =>
  Effect.gen(function* () {
    const decoded = decodeFile(yield* readScenarioFile(file), words)
    if (decoded._tag === "Failure") {
      return yield* new InputUnusable({ problem: decoded.failure.message })
    }
    return decoded.success
  })
