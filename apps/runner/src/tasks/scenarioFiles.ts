import { globSync } from "node:fs"
import { join } from "node:path"
import type { ScenarioFile } from "@twin/conformance"
import { limits } from "@twin/scenario/outline"
import { Effect, FileSystem, Path } from "effect"
import { InputUnusable } from "../exitCodes.ts"
import { workspaceFolder } from "../workspace.ts"

/** The paths of all scenario files that come with the twin, sorted. */
export const ownScenarioFiles = (): readonly string[] => {
  const root = workspaceFolder()
  return globSync("scenarios/**/*.{yaml,yml}", { cwd: root })
    .map((file) => join(root, file))
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
        return [yield* inCheckout(argument)]
      }),
    )
    return [...new Set(files.flat())]
  })

/** A name as `twin list` shows it works from every folder. */
const inCheckout = (name: string) => {
  const path = join(workspaceFolder(), name)
  return ownScenarioFiles().includes(path)
    ? Effect.succeed(path)
    : Effect.fail(new InputUnusable({ problem: missing(name) }))
}

const missing = (name: string): string =>
  `${name}: there is no such file. 'twin list' shows the scenarios that come with the twin.`

/** Reads a file, but never more than a scenario may have. */
export const readScenarioFile = (
  file: string,
): Effect.Effect<ScenarioFile, InputUnusable, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const full = path.resolve(file)
    const unusable = (problem: string) => new InputUnusable({ problem: `${file}: ${problem}` })
    const info = yield* fs
      .stat(full)
      .pipe(Effect.mapError(() => new InputUnusable({ problem: missing(file) })))
    if (info.type !== "File") return yield* unusable("this is not a file")
    if (Number(info.size) > limits.bytes) {
      const mib = (Number(info.size) / limits.bytes).toFixed(1)
      return yield* unusable(`the file is ${mib} MiB; a scenario has at most 1 MiB: split it`)
    }
    const bytes = yield* fs
      .readFile(full)
      .pipe(Effect.mapError(() => unusable("the file cannot be read; check its rights")))
    return { file: shortName(path.relative(workspaceFolder(), full), file), bytes }
  })

/** From the checkout on where the file belongs to it, otherwise as it was given. */
const shortName = (relative: string, given: string): string =>
  relative.startsWith("..") || relative === "" ? given : relative.replaceAll("\\", "/")
