import { Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { lazily } from "../lazily.ts"
import { jsonFlag, seedFlag } from "./flags.ts"

export const play = Command.make(
  "play",
  {
    files: Argument.String("file").pipe(
      Argument.withDescription("Scenario files, or a pattern"),
      Argument.atLeast(1),
    ),
    plain: Flag.Boolean("plain").pipe(
      Flag.withDescription("Print text, also on a terminal"),
      Flag.withDefault(false),
    ),
    details: Flag.Boolean("details").pipe(
      Flag.withDescription("Print text with every gate, its settings and facts"),
      Flag.withDefault(false),
    ),
    json: jsonFlag("the messages, one a line,"),
    seed: seedFlag,
    report: Flag.String("report").pipe(
      Flag.withDescription("Also write the reports of these scenarios into this folder"),
      Flag.withMetavar("folder"),
      Flag.optional,
    ),
  },
  ({ files, plain, details, json, seed, report }) =>
    lazily(
      () => import("../tasks/playFiles.ts"),
      ({ playFiles }) =>
        playFiles({
          files,
          form: json ? "json" : details ? "details" : plain ? "plain" : undefined,
          seed,
          report: Option.getOrUndefined(report),
        }),
    ),
).pipe(
  Command.withDescription(
    "Plays scenarios: on a terminal in the player, otherwise as text. Ends with 0 when everything held, 1 when something did not",
  ),
  Command.withShortDescription("Plays scenarios"),
  Command.withExamples([
    {
      command: "twin play scenarios/external-collaboration/secure-external-collaboration.yaml",
      description: "On stage",
    },
    {
      command: "twin play my.yaml --plain --seed 7",
      description: "As text, with other people and codes",
    },
    { command: "twin play my.yaml --json", description: "The message stream, for a program" },
  ]),
)
