import { ClientApp } from "@twin/kernel"
import { Option } from "effect"
import { Command, Flag } from "effect/cli"
import { lazily } from "../lazily.ts"
import { jsonFlag, seedFlag } from "./flags.ts"

export const explain = Command.make(
  "explain",
  {
    scenario: Flag.String("scenario").pipe(
      Flag.withDescription("Scenario file; the question is asked at its end"),
      Flag.withMetavar("file"),
    ),
    as: Flag.String("as").pipe(
      Flag.withDescription("Who: a name, an address, or anonymous"),
      Flag.withMetavar("who"),
    ),
    can: Flag.String("can").pipe(
      Flag.withDescription("The action: open, edit, share, read, ..."),
      Flag.withMetavar("action"),
    ),
    on: Flag.String("on").pipe(
      Flag.withDescription("The thing: a file, a message, ..."),
      Flag.withMetavar("what"),
    ),
    app: Flag.Literals("app", ClientApp.literals).pipe(
      Flag.withDescription("Through which software"),
      Flag.optional,
    ),
    device: Flag.Literals("device", ["managed", "unmanaged"]).pipe(
      Flag.withDescription("On which kind of device"),
      Flag.optional,
    ),
    seed: seedFlag,
    json: jsonFlag("the decision"),
  },
  ({ scenario, as: who, can: action, on, app, device, seed, json }) =>
    lazily(
      () => import("../tasks/explainQuestion.ts"),
      ({ explainQuestion }) =>
        explainQuestion({
          scenario,
          seed,
          who,
          action,
          on,
          using: {
            ...(Option.isSome(app) ? { app: app.value } : {}),
            ...(Option.isSome(device) ? { device: device.value } : {}),
          },
          isJson: json,
        }),
    ),
).pipe(
  Command.withDescription(
    "Answers one question, gate by gate, at the end of a scenario. Ends with 0 when allowed, 3 when not",
  ),
  Command.withShortDescription("Answers one question, gate by gate"),
  Command.withExamples([
    {
      command: "twin explain --scenario my.yaml --as pat --can open --on 'Launch Plan.docx'",
      description: "May Pat open it, and why?",
    },
  ]),
)
