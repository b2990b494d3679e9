import { Command } from "effect/cli"
import { lazily } from "../lazily.ts"
import { jsonFlag } from "./flags.ts"

export const list = Command.make("list", { json: jsonFlag("the list") }, ({ json }) =>
  lazily(
    () => import("../tasks/listScenarios.ts"),
    ({ printScenarios }) => printScenarios(json),
  ),
).pipe(
  Command.withDescription("Shows the scenarios with their length, level and claims"),
  Command.withExamples([
    { command: "twin list", description: "What can be played" },
    { command: "twin list --json", description: "The same for a program" },
  ]),
)
