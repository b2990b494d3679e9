import { assert, describe, expect, it } from "@effect/vitest"
import { canonicalJson, firstBreak } from "@twin/kernel"
import { Effect } from "effect"
import { type Message, makePlay } from "../src/index.ts"
import { judgements, load, playedMessages } from "./story.ts"

const sharing = `
- id: share
  as: alice
  do: share-file
  with: { file: Press Kit.docx, to: [nina@fabrikam.com], scope: users }
  save: link
  expect: { decision: { outcome: allow } }
- id: close
  powershell: Set-SPOTenant -SharingCapability Disabled
- id: again
  as: alice
  do: share-file
  with: { file: Launch Plan.docx, to: [zoe@outlook.com], scope: users }
- expect:
    - { decision: { of: again, outcome: deny, gate: external-sharing-level, code: OSE201 } }
    - { mail: { to: zoe, count: 0 } }
    - { mail: { to: nina, kind: sharing-notification, count: 1 } }
`

const verdicts = (seed: string) =>
  Effect.map(playedMessages(load(sharing), seed), (messages) =>
    judgements(messages).map(({ that, held }) => [that, held]),
  )

/** How many errors were left over at the end. */
const leftErrors = (text: string) =>
  Effect.map(playedMessages(load(text)), (messages) => {
    const last = messages.at(-1)
    return last?._tag === "ScenarioFinished" ? last.errors : -1
  })

const poll = (no: string) => `
- poll: Can Pat open it?
  asks: { who: pat, do: open, on: Press Kit.docx }
  choices:
    - { text: Yes, when: { outcome: allow } }
    - { text: No, when: { outcome: ${no} } }
`

const links = (messages: readonly Message[]) =>
  messages.flatMap((it) => (it._tag === "MailSent" ? [it.mail.link ?? "none"] : []))

describe("Play", () => {
  it.effect("emits the same stream for the same seed, byte for byte", () =>
    Effect.gen(function* () {
      const first = canonicalJson(yield* playedMessages(load(sharing)))
      assert.strictEqual(canonicalJson(yield* playedMessages(load(sharing))), first)
      assert.notStrictEqual(canonicalJson(yield* playedMessages(load(sharing), "2")), first)
    }),
  )

  it.effect("emits what its readers know, in order", () =>
    Effect.gen(function* () {
      const messages = yield* playedMessages(load(sharing))
      const lines = messages.map((it) =>
        it._tag === "DecisionMade"
          ? `${it._tag} ${it.operation} ${it.decision.outcome} ${it.decision.gates.at(-1)?.name ?? ""}`
          : it._tag === "ExpectationJudged"
            ? `${it._tag} ${it.judgement.held} ${it.judgement.that}`
            : it._tag === "AuditWritten"
              ? `${it._tag} ${it.record.Operation}`
              : it._tag === "MailSent"
                ? `${it._tag} ${it.mail.kind} to ${it.mail.to}`
                : it._tag,
      )
      yield* Effect.promise(() =>
        expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("golden/sharing.txt"),
      )
    }),
  )

  it.effect("another seed gives other ids and the same verdicts", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* verdicts("1"), yield* verdicts("other"))
    }),
  )

  it.effect("goes back in time, state and all, and forward again to the same place", () =>
    Effect.gen(function* () {
      const play = yield* makePlay(load(sharing), { seed: "1" })
      for (const _ of play.steps) yield* play.forward()
      const end = canonicalJson(yield* (yield* play.tenant).records)
      yield* play.goTo(1)
      assert.strictEqual(yield* play.position, 1)
      const tenant = yield* play.tenant
      const open = yield* tenant.explain({ who: "alice", action: "share", on: "Launch Plan.docx" })
      assert.strictEqual(open.outcome, "allow")
      for (let step = 1; step < play.steps.length; step++) yield* play.forward()
      const records = yield* (yield* play.tenant).records
      assert.strictEqual(canonicalJson(records), end)
      assert.isUndefined(firstBreak(records))
    }),
  )

  it.effect("a fork leaves the play alone", () =>
    Effect.gen(function* () {
      const play = yield* makePlay(load(sharing), { seed: "1" })
      yield* play.forward()
      const before = canonicalJson(yield* (yield* play.tenant).records)
      const { tenant } = yield* play.fork
      const grace = yield* tenant.actor("grace")
      yield* tenant.call(grace, "Set-SPOTenant", { SharingCapability: "Disabled" })
      assert.strictEqual(canonicalJson(yield* (yield* play.tenant).records), before)
    }),
  )

  it.effect("without a step, what depends on it turns false, and the play does not notice", () =>
    Effect.gen(function* () {
      const play = yield* makePlay(load(sharing), { seed: "1" })
      for (const _ of play.steps) yield* play.forward()
      const without = judgements(yield* play.without(new Set([1])))
      assert.deepStrictEqual(
        without.map(({ held }) => held),
        [false, false, true],
      )
      assert.strictEqual((yield* play.memory).failed, 0)
    }),
  )

  it.effect("without a step, later steps have the chance that they had: the same links", () =>
    Effect.gen(function* () {
      const steps = `
- { powershell: "Set-SPOTenant -DefaultSharingLinkType Direct" }
- { as: alice, do: share-file, with: { file: Press Kit.docx, to: [nina@fabrikam.com], scope: users } }
`
      const play = yield* makePlay(load(steps), { seed: "1" })
      yield* play.forward()
      const as = links(yield* play.forward())
      assert.lengthOf(as, 1)
      assert.deepStrictEqual(links(yield* play.without(new Set([0]))), as)
    }),
  )

  it.effect(
    "an error inside a step is a message, counts when nothing expects it, and play goes on",
    () =>
      Effect.gen(function* () {
        const steps = `
- id: nobody
  as: nobody-of-that-name
  do: open-file
  with: { file: Launch Plan.docx }
- { id: wrong, powershell: Set-SPOTenant -SharingCapability Everything }
- { wait: 1 hour }
`
        assert.strictEqual(yield* leftErrors(steps), 2)
        const expected = `${steps}- expect:
    - { error: { of: nobody, id: WhoUnknown, message: nobody-of-that-name } }
    - { error: { of: wrong, message: Everything } }
`
        assert.strictEqual(yield* leftErrors(expected), 0)
      }),
  )

  it.effect(
    "a poll is answered by the twin; one without exactly one right choice is an error",
    () =>
      Effect.gen(function* () {
        const good = yield* playedMessages(load(poll("deny")))
        const round = good.find((it) => it._tag === "PollAnswered")
        assert.strictEqual(round?._tag === "PollAnswered" ? round.round.right : -1, 1)
        const bad = yield* playedMessages(load(poll("unknown")))
        const failed = bad.find((it) => it._tag === "StepFailed")
        assert.strictEqual(failed?._tag === "StepFailed" ? failed.error.id : "", "PollUndecided")
      }),
  )

  it.effect("what the presenter types replaces the marked parameter", () =>
    Effect.gen(function* () {
      const steps = `
- { as: alice, do: share-file, with: { file: Press Kit.docx, to: [pat@mailbox.example], scope: users }, save: kit }
- { as: pat, do: request-code, with: { link: "{{ kit.link }}" } }
- id: enter
  as: pat
  do: enter-code
  with: { link: "{{ kit.link }}", code: "{{ mail.pat.code }}" }
  typed: code
`
      const story = load(steps)
      const early = {
        ...story,
        scenario: { ...story.scenario, tenant: { baseline: "contoso" as const, at: "2021-06-15" } },
      }
      const outcome = Effect.fnUntraced(function* (typed: string | undefined) {
        const play = yield* makePlay(early, { seed: "1" })
        yield* play.forward()
        yield* play.forward()
        assert.strictEqual(yield* play.asks, "code")
        yield* play.forward(typed)
        return (yield* play.memory).decisions["enter"]?.outcome
      })
      assert.strictEqual(yield* outcome(undefined), "allow")
      assert.strictEqual(yield* outcome("00000000"), "deny")
    }),
  )
})
