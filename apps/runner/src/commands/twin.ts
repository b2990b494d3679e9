import { Command } from "effect/cli"
import { lazily } from "../lazily.ts"
import { check } from "./check.ts"
import { conform } from "./conform.ts"
import { explain } from "./explain.ts"
import { debugFlag } from "./flags.ts"
import { list } from "./list.ts"
import { play } from "./play.ts"
import { shell } from "./shell.ts"

/** Without a subcommand: choose and play on a terminal, otherwise play the flagship and report. */
export const twin = Command.make("twin", {}, () =>
  lazily(
    () => import("../tasks/playFlagship.ts"),
    ({ chooseOrPlayFlagship }) => chooseOrPlayFlagship(),
  ),
).pipe(
  Command.withDescription(
    "A digital twin of a Microsoft 365 tenant, played as webinars. Without a subcommand: choose a scenario and play it; away from a terminal, play the first one as text and write its report",
  ),
  Command.withExamples([
    { command: "twin", description: "Choose a scenario and play it" },
    { command: "twin list", description: "What there is" },
    { command: "twin shell", description: "Cmdlets and actions against a live tenant" },
  ]),
  Command.withSubcommands([list, play, check, explain, shell, conform]),
  Command.withGlobalFlags([debugFlag]),
)
