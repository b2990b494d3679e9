import { canonicalJsonPretty, type Decision, visibleText } from "@twin/kernel"
import { ClientOverride, makePlay } from "@twin/scenario"
import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { ExitWith, InputUnusable } from "../exitCodes.ts"
import { print } from "../output.ts"
import { gateLines } from "../plainText.ts"
import { loadScenario, vocabulary } from "../scenarioFiles.ts"
import { plainColumns } from "../wrap.ts"

const apps = ClientOverride.fields.app.schema.literals

const outcomeSentence: Record<Decision["outcome"], string> = {
  allow: "Yes",
  deny: "No",
  challenge: "Not yet: more is asked for",
  unknown: "The twin does not model what decides this",
}

export const explain = Command.make(
  "explain",
  {
    scenario: Flag.String("scenario").pipe(
      Flag.withDescription("Scenario file; the question is asked at its end"),
    ),
    as: Flag.String("as").pipe(Flag.withDescription("Who: a name, an address, or anonymous")),
    can: Flag.String("can").pipe(Flag.withDescription("The action: open, edit, share, read, ...")),
    on: Flag.String("on").pipe(Flag.withDescription("The thing: a file, a message, ...")),
    app: Flag.Literals("app", apps).pipe(
      Flag.withDescription("Through which software"),
      Flag.optional,
    ),
    device: Flag.Literals("device", ["managed", "unmanaged"]).pipe(
      Flag.withDescription("On which kind of device"),
      Flag.optional,
    ),
    seed: Flag.String("seed").pipe(
      Flag.withDescription("Seed of people, ids and codes"),
      Flag.withDefault("1"),
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print the decision as JSON"),
      Flag.withDefault(false),
    ),
  },
  Effect.fn(function* ({ scenario, as: who, can: action, on, app, device, seed, json }) {
    const loaded = yield* loadScenario(scenario, vocabulary())
    const unusable = (error: { readonly message: string }) =>
      new InputUnusable({ problem: error.message })
    const decision = yield* Effect.gen(function* () {
      const play = yield* makePlay(loaded, { seed })
      for (let step = 0; step < play.steps.length; step++) yield* play.forward()
      const tenant = yield* play.tenant
      const using = {
        ...(Option.isSome(app) ? { app: app.value } : {}),
        ...(Option.isSome(device) ? { device: device.value } : {}),
      }
      return yield* tenant.explain({ who, action, on, using })
    }).pipe(Effect.mapError(unusable))
    yield* print(
      json
        ? canonicalJsonPretty(decision)
        : [
            `${who}, ${action}, ${on}: ${outcomeSentence[decision.outcome]}`,
            ...gateLines(decision, plainColumns),
            ...(decision.rights === undefined
              ? []
              : [`rights: ${decision.rights.join(", ") || "none"}`]),
            "",
          ]
            .map((line) => visibleText(line))
            .join("\n"),
    )
    if (decision.outcome !== "allow") return yield* new ExitWith({ code: 3 })
  }),
).pipe(
  Command.withDescription("The gates of one question, asked at the end of a scenario"),
  Command.withExamples([
    {
      command: "twin explain --scenario my.yaml --as pat --can open --on 'Launch Plan.docx'",
      description: "Exit code 0: allowed, 3: not",
    },
  ]),
)
