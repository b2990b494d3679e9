import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { canonicalJson } from "@twin/kernel"
import { tenantComposition } from "@twin/tenant"
import { Effect, Result, Schema } from "effect"
import { decodeScenario, makePlay } from "../src/index.ts"
import { judgements, load, playedMessages } from "./story.ts"
import { vocabulary } from "./vocabulary.ts"

const early = (steps: string) => {
  const loaded = load(steps)
  const tenant = { baseline: "contoso" as const, at: "2021-06-15" }
  return { ...loaded, scenario: { ...loaded.scenario, tenant } }
}

/** Whether the last expectation holds as written, and without the step of that number. */
const heldWithAndWithout = Effect.fnUntraced(function* (
  loaded: ReturnType<typeof load>,
  leftOut: number,
) {
  const play = yield* makePlay(loaded, { seed: "1" })
  const messages = []
  for (const _ of play.steps) messages.push(...(yield* play.forward()))
  const without = yield* play.without(new Set([leftOut]))
  return [judgements(messages).at(-1)?.held, judgements(without).at(-1)?.held]
})

const codeFor = (between: string) => `
- { as: alice, do: share-file, with: { file: Press Kit.docx, to: [pat@mailbox.example], scope: users }, save: kit }
${between}
- { as: pat, do: request-code, with: { link: "{{ kit.link }}" } }
`

describe("leaving out", () => {
  it.effect("a wait: the code is still good", () =>
    Effect.gen(function* () {
      const steps = `${codeFor("- { wait: 1 minute }")}
- { wait: 2 hours }
- { id: enter, as: pat, do: enter-code, with: { link: "{{ kit.link }}", code: "{{ mail.pat.code }}" } }
- expect: { decision: { of: enter, outcome: deny } }`
      assert.deepStrictEqual(yield* heldWithAndWithout(early(steps), 3), [true, false])
    }),
  )

  it.effect("a fault: the code arrives", () =>
    Effect.gen(function* () {
      const steps = `${codeFor("- { fault: verification-code-mail-unavailable, on: true }")}
- expect: { mail: { to: pat, hasCode: true, count: 0 } }`
      assert.deepStrictEqual(yield* heldWithAndWithout(early(steps), 1), [true, false])
    }),
  )

  it.effect("an attack: the log is empty", () =>
    Effect.gen(function* () {
      const steps = `
- { id: theft, attack: attempt-sign-in, as: mallory, with: { stolenFrom: ed, component: exo-nam01-mbx01 } }
- expect: { decision: { of: theft, outcome: deny } }`
      assert.deepStrictEqual(yield* heldWithAndWithout(load(steps), 0), [true, false])
    }),
  )
})

const hostile = "\\e[2J<script>alert(1)</script>\\u202E"

describe("hostile text", () => {
  it.effect("in names, titles and talk is carried, not obeyed: readers get it as it is", () =>
    Effect.gen(function* () {
      const loaded = load(`
- { title: "${hostile}", say: "${hostile}", as: "${hostile}", do: open-file, with: { file: "${hostile}" } }
- expect: { that: "${hostile}", can: { who: "${hostile}", do: open, on: x, outcome: deny } }`)
      const messages = yield* playedMessages(loaded)
      const failed = messages.find((it) => it._tag === "StepFailed")
      assert.strictEqual(failed?._tag === "StepFailed" ? failed.error.id : "", "WhoUnknown")
      // What the twin itself says about a name moves no cursor, whoever prints it.
      const found = judgements(messages)[0]?.found ?? ""
      for (const said of [found, failed?._tag === "StepFailed" ? failed.error.message : ""]) {
        assert.include(said, "script")
        assert.notMatch(said, /[\p{Cc}\p{Cf}]/u)
      }
    }),
  )
})

const flagships = [
  "external-collaboration/secure-external-collaboration.yaml",
  "datacenter/no-standing-access.yaml",
]

describe("events", () => {
  const schemas = new Map(
    tenantComposition.domains.flatMap(({ tags, events }) =>
      tags.map((tag) => [tag, events as unknown as Schema.Codec<unknown>] as const),
    ),
  )

  it.effect.each(flagships)(
    "of %s all belong to a domain, decode through its schema, and survive as JSON",
    (name) =>
      Effect.gen(function* () {
        const file = join(import.meta.dirname, "../../../scenarios", name)
        const loaded = Result.getOrThrow(decodeScenario(name, readFileSync(file), vocabulary))
        const play = yield* makePlay(loaded, { seed: "1" })
        for (const _ of play.steps) yield* play.forward()
        const records = yield* (yield* play.tenant).records
        const events = records.flatMap((record) => record.events)
        assert.isAbove(events.length, 50)
        for (const event of events) {
          const schema = schemas.get(event._tag)
          assert.isDefined(schema, event._tag)
          if (schema === undefined) continue
          const again: unknown = JSON.parse(canonicalJson(event))
          const decoded = Schema.decodeUnknownResult(schema)(again, { onExcessProperty: "error" })
          assert.isTrue(Result.isSuccess(decoded), `${event._tag}: ${JSON.stringify(again)}`)
          assert.strictEqual(canonicalJson(Result.getOrThrow(decoded)), canonicalJson(event))
        }
      }),
    60_000,
  )
})
