import { Effect, Path } from "effect"
import { ExitWith } from "../exitCodes.ts"
import { print } from "../output.ts"
import { isInteractive } from "../terminal.ts"
import { line, textOf } from "../text/Span.ts"
import { workspaceFolder } from "../workspace.ts"
import { listScenarios } from "./listScenarios.ts"
import { loadScenario } from "./loadScenario.ts"
import { playPlainly } from "./playPlainly.ts"

/** The webinar that a newcomer sees first. */
const flagship = "scenarios/external-collaboration/secure-external-collaboration.yaml"

export const chooseOrPlayFlagship = Effect.fn("chooseOrPlayFlagship")(function* () {
  if (isInteractive()) {
    const { chooseAndPlay } = yield* Effect.promise(() => import("../player/main.tsx"))
    return yield* chooseAndPlay(yield* listScenarios(), loadScenario)
  }
  const { writeSuite } = yield* Effect.promise(() => import("./writeSuite.ts"))
  const path = yield* Path.Path
  const file = path.join(workspaceFolder(), flagship)
  const isGood = yield* playPlainly(file, "1", "plain")
  const { written } = yield* writeSuite({
    folder: path.join(workspaceFolder(), "reports"),
    formats: ["json", "html", "markdown"],
    seed: "1",
    files: [file],
    jobs: 1,
  })
  yield* print(`\nReports:\n${written.map((it) => `  ${textOf(line(it))}\n`).join("")}`)
  if (!isGood) return yield* new ExitWith({ code: 1 })
})
