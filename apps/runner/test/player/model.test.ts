import { assert, describe, it } from "@effect/vitest"
import { emptyStage, showMessage } from "../../src/player/model.ts"
import { messagesAt } from "../../src/player/telling.ts"
import { closingBeat, mailTo, opening, refused, steps, story } from "./messages.ts"

const fold = (beat: number) => {
  const here = story.beats[beat]
  assert.isDefined(here)
  return messagesAt(here, story, { opening, steps }).reduce(showMessage, emptyStage)
}

const tags = (beat: number) => fold(beat).shown.map((it) => it._tag)

describe("what is on stage", () => {
  it("is the opening, then a talk, then a step alone", () => {
    assert.deepStrictEqual(tags(0), ["ScenarioStarted"])
    assert.deepStrictEqual(tags(1), ["SectionStarted"])
    assert.deepStrictEqual(tags(2), [
      "StepStarted",
      "DecisionMade",
      "MailSent",
      "AuditWritten",
      "OutputPrinted",
      "StepFinished",
    ])
    assert.deepStrictEqual(tags(closingBeat), ["ScenarioFinished"])
  })

  it("does not tell the end with the last step", () => {
    const last = fold(closingBeat - 1)
    assert.isFalse(last.isFinished)
    assert.isTrue(fold(closingBeat).isFinished)
    assert.isTrue(fold(closingBeat).hasFailed)
  })

  it("gathers mail, audit, judgements and claims", () => {
    const { mails, audit, held, failures, proven } = fold(closingBeat)
    assert.deepStrictEqual(
      mails.map(({ to }) => to),
      ["pat@mailbox.example"],
    )
    assert.deepStrictEqual(
      audit.map((it) => it.Operation),
      ["SharingSet"],
    )
    assert.strictEqual(held, 1)
    assert.deepStrictEqual(
      failures.map(({ that }) => that),
      ["Alice is told"],
    )
    assert.deepStrictEqual(proven, ["SPO-003"])
  })

  it("marks each step by how it went; one that failed stays failed", () => {
    assert.deepStrictEqual(fold(closingBeat).marks, {
      "0.0": "done",
      "0.1": "done",
      "1.0": "failed",
    })
  })

  it("is the same for the same messages, and less for fewer: going back cannot go wrong", () => {
    for (const beat of story.beats.keys()) assert.deepStrictEqual(fold(beat), fold(beat))
    assert.deepStrictEqual(fold(1).mails, [])
    assert.deepStrictEqual(fold(1).marks, {})
  })

  it("follows the clock of the tenant", () => {
    const moved = showMessage(fold(2), { _tag: "ClockMoved", section: 0, step: 0, from: 0, to: 9 })
    assert.strictEqual(moved.now, 9)
  })

  it("takes thousands of mails within a step", () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({
      _tag: "MailSent" as const,
      section: 0,
      step: 0,
      mail: mailTo(`p${index}@contoso.com`),
    }))
    assert.strictEqual(many.reduce(showMessage, fold(2)).mails.length, 5_001)
  })

  it("says nothing of decisions outside a step", () => {
    const lone = showMessage(emptyStage, {
      _tag: "DecisionMade",
      section: 0,
      step: 0,
      operation: "x",
      actor: "y",
      decision: refused,
    })
    assert.deepStrictEqual(lone.marks, {})
  })
})
