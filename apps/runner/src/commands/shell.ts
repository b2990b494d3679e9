import { Option } from "effect"
import { Command, Flag } from "effect/cli"
import { lazily } from "../lazily.ts"
import { seedFlag } from "./flags.ts"

export const shell = Command.make(
  "shell",
  {
    scenario: Flag.String("scenario").pipe(
      Flag.withDescription("Begin where this scenario ends; otherwise with a fresh tenant"),
      Flag.withMetavar("file"),
      Flag.optional,
    ),
    journal: Flag.String("journal").pipe(
      Flag.withDescription("Keep everything that happens in this new SQLite file"),
      Flag.withMetavar("file"),
      Flag.optional,
    ),
    seed: seedFlag,
  },
  ({ scenario, journal, seed }) =>
    lazily(
      () => import("../shell/main.ts"),
      ({ runShell }) =>
        runShell({
          scenario: Option.getOrUndefined(scenario),
          journal: Option.getOrUndefined(journal),
          seed,
        }),
    ),
).pipe(
  Command.withDescription(
    "Cmdlets and actions typed against a live tenant, with history and completion. From a pipe it runs the lines and prints plainly",
  ),
  Command.withShortDescription("Cmdlets and actions against a live tenant"),
  Command.withExamples([
    { command: "twin shell", description: "Type help there" },
    { command: "twin shell --scenario my.yaml", description: "Where that story ends" },
    { command: "echo Get-SPOTenant | twin shell", description: "From a pipe" },
  ]),
)
