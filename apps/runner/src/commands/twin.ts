import { Effect, Path } from "effect"
import { Command } from "effect/cli"
import { ExitWith } from "../exitCodes.ts"
import { print } from "../output.ts"
import { loadScenario, vocabulary } from "../scenarioFiles.ts"
import { isInteractive } from "../terminal.ts"
import { workspaceFolder } from "../workspace.ts"
import { conformWith } from "./conform.ts"
import { listScenarios } from "./list.ts"
import { playPlainly } from "./play.ts"

/** The webinar that a newcomer sees first. */
export const flagship = "scenarios/external-collaboration/secure-external-collaboration.yaml"

/** Without a subcommand: choose and play on a terminal, otherwise play the flagship and report. */
export const twin = Command.make(
  "twin",
  {},
  Effect.fn(function* () {
    if (isInteractive()) {
      const { chooseAndPlay } = yield* Effect.promise(() => import("../player/main.tsx"))
      const listed = yield* listScenarios()
      return yield* chooseAndPlay(listed, (file) => loadScenario(file, vocabulary()))
    }
    const path = yield* Path.Path
    const file = path.join(workspaceFolder(), flagship)
    const isGood = yield* playPlainly(file, "1", false)
    const { written } = yield* conformWith({
      folder: path.join(workspaceFolder(), "reports"),
      formats: ["json", "html", "markdown"],
      seed: "1",
      files: [file],
    })
    yield* print(`\nReports:\n${written.map((it) => `  ${it}\n`).join("")}`)
    if (!isGood) return yield* new ExitWith({ code: 1 })
  }),
).pipe(
  Command.withDescription("A digital twin of a Microsoft 365 tenant, played as webinars"),
  Command.withExamples([
    { command: "twin", description: "Choose a scenario and play it" },
    { command: "twin list", description: "What there is" },
    { command: "twin shell", description: "Cmdlets and actions against a live tenant" },
  ]),
)
