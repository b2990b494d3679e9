import { Effect } from "effect"
import { ExitWith } from "../exitCodes.ts"
import { isInteractive } from "../terminal.ts"
import { loadScenario } from "./loadScenario.ts"
import { type PlainForm, playPlainly } from "./playPlainly.ts"
import { filesOf } from "./scenarioFiles.ts"

export interface PlayRequest {
  readonly files: readonly string[]
  /** How it is printed; undefined for the player, where there is a terminal. */
  readonly form: PlainForm | undefined
  readonly seed: string
  /** Folder for the reports; none are written if absent. */
  readonly report: string | undefined
}

/** Plays files one after the other; in the player where somebody sits in front of a terminal. */
export const playFiles = Effect.fn("playFiles")(function* (request: PlayRequest) {
  const { form, seed, report } = request
  const files = yield* filesOf(request.files)
  const isPlayer = form === undefined && isInteractive()
  let isGood = true
  for (const file of files) {
    const held = isPlayer
      ? yield* playOnScreen(file, seed)
      : yield* playPlainly(file, seed, form ?? "plain")
    isGood &&= held
  }
  if (report !== undefined) {
    const { writeSuite } = yield* Effect.promise(() => import("./writeSuite.ts"))
    const formats = ["json", "junit", "html", "markdown"] as const
    yield* writeSuite({ folder: report, formats, seed, files, jobs: 1 })
  }
  if (!isGood) return yield* new ExitWith({ code: 1 })
})

const playOnScreen = Effect.fnUntraced(function* (file: string, seed: string) {
  const loaded = yield* loadScenario(file)
  const { playInteractively } = yield* Effect.promise(() => import("../player/main.tsx"))
  const { hasFailed } = yield* playInteractively(loaded, seed)
  return !hasFailed
})
