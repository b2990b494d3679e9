import { Argument, Command } from "effect/cli"
import { lazily } from "../lazily.ts"

export const check = Command.make(
  "check",
  {
    files: Argument.String("file").pipe(
      Argument.withDescription("Scenario files, or a pattern such as 'scenarios/**/*.yaml'"),
      Argument.atLeast(1),
    ),
  },
  ({ files }) =>
    lazily(
      () => import("../tasks/checkFiles.ts"),
      ({ checkFiles }) => checkFiles(files),
    ),
).pipe(
  Command.withDescription("Validates scenario files without playing them"),
  Command.withExamples([
    { command: "twin check my.yaml", description: "Every problem with its line and column" },
    { command: "twin check 'scenarios/**/*.yaml'", description: "All scenarios of the checkout" },
  ]),
)
