import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, HashMap } from "effect"
import { ExchangeEvent, evolve, initialState } from "../src/State.ts"

const histories = Arbitrary.array(Arbitrary.schema(ExchangeEvent), { maxLength: 30 })

describe("the slice", () => {
  it.prop("a replay from any checkpoint ends where the history ends", [histories], ([events]) => {
    const middle = Math.floor(events.length / 2)
    const checkpoint = events.slice(0, middle).reduce(evolve, initialState)
    const resumed = events.slice(middle).reduce(evolve, checkpoint)
    assert.deepStrictEqual(resumed, events.reduce(evolve, initialState))
  })

  it.prop(
    "events survive the journal: as plain JSON they lead to the same state",
    [histories],
    ([events]) => {
      const stored = JSON.parse(JSON.stringify(events)) as typeof events
      const direct = events.reduce(evolve, initialState)
      const replayed = stored.reduce(evolve, initialState)
      assert.strictEqual(HashMap.size(replayed.messages), HashMap.size(direct.messages))
      assert.strictEqual(JSON.stringify(replayed.rules), JSON.stringify(direct.rules))
    },
  )

  it.prop(
    "[EXO-153] the default template never goes, whatever happens",
    [histories],
    ([events]) => {
      const { templates } = events.reduce(evolve, initialState)
      assert.strictEqual(templates[0]?.name, "OME Configuration")
    },
  )

  it.prop("[EXO-105] no rule stands in the list twice", [histories], ([events]) => {
    const ids = events.reduce(evolve, initialState).rules.map(({ id }) => id)
    assert.strictEqual(new Set(ids).size, ids.length)
  })

  it("an event about something unknown leaves the state as it is", () => {
    const events: readonly ExchangeEvent[] = [
      { _tag: "OmeConfigurationChanged", name: "none", changes: { PortalText: "x" }, at: 1 },
      { _tag: "OmeConfigurationRemoved", name: "none", at: 1 },
    ]
    for (const event of events) {
      assert.deepStrictEqual(evolve(initialState, event), initialState)
    }
  })
})
