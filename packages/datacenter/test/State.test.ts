import { assert, describe, it } from "@effect/vitest"
import { canonicalJson } from "@twin/kernel"
import { Arbitrary, Schema } from "effect"
import "./setup.ts"
import {
  DatacenterEvent,
  evolveDatacenter,
  initialDatacenterState,
  liveAccountsOf,
  standingPrivilegesOf,
} from "../src/index.ts"

const histories = Arbitrary.array(Arbitrary.schema(DatacenterEvent), { maxLength: 30 })

describe("the datacenter's slice", () => {
  it.prop("a replay from any checkpoint ends where the history ends", [histories], ([events]) => {
    const middle = Math.floor(events.length / 2)
    const checkpoint = events.slice(0, middle).reduce(evolveDatacenter, initialDatacenterState)
    const resumed = events.slice(middle).reduce(evolveDatacenter, checkpoint)
    assert.deepStrictEqual(resumed, events.reduce(evolveDatacenter, initialDatacenterState))
  })

  it.prop("events survive the journal, which writes them as JSON", [DatacenterEvent], ([event]) => {
    const written = JSON.stringify(event)
    const read = Schema.decodeUnknownSync(DatacenterEvent)(JSON.parse(written))
    assert.strictEqual(canonicalJson(read), canonicalJson(event))
  })

  it("[DCO-011] begins with machines and roles, but nobody who could do anything", () => {
    const world = { datacenter: initialDatacenterState }
    assert.deepStrictEqual([...initialDatacenterState.engineers], [])
    assert.deepStrictEqual(standingPrivilegesOf(world, "ed"), [])
    assert.deepStrictEqual(liveAccountsOf(world, "ed", 0), [])
    assert.isFalse(initialDatacenterState.customerLockbox.isOn)
  })

  it("an event about something unknown leaves the state as it is", () => {
    const at = 0
    const approval = { by: "eva", step: "Manager", at } as const
    const events: readonly DatacenterEvent[] = [
      { _tag: "EngineerLocked", engineer: "x", at },
      { _tag: "ElevationApproved", request: "x", approval, at },
      { _tag: "ElevationDenied", request: "x", by: "eva", at },
      { _tag: "ElevationElapsed", request: "x", at },
      { _tag: "CustomerLockboxLapsed", customerRequest: "x", at },
      { _tag: "OperatorSessionEnded", session: "x", because: "ended", at },
    ]
    for (const event of events) {
      const { openSessions, ...next } = evolveDatacenter(initialDatacenterState, event)
      const { openSessions: before, ...rest } = initialDatacenterState
      assert.deepStrictEqual([next, [...openSessions]], [rest, [...before]], event._tag)
    }
  })
})
