import { assert, describe, it } from "@effect/vitest"
import { canonicalJson } from "@twin/kernel"
import { Arbitrary, HashMap, Schema } from "effect"
import {
  DatacenterEvent,
  type DatacenterState,
  elevationOf,
  evolveDatacenter,
  initialDatacenterState,
  isFinal,
  type LockboxRequest,
  LockboxState,
  liveAccountsOf,
  lockboxInputs,
  lockboxTransition,
  standingPrivilegesOf,
} from "../src/index.ts"
import { start } from "./setup.ts"

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
    assert.deepStrictEqual(liveAccountsOf(world, "ed", start), [])
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

  it("[DCO-122] [DCO-048] an event moves a request only along the documented transitions", () => {
    const at = 1
    const approval = { by: "eva", step: "Manager", at } as const
    const moves: Readonly<Record<string, DatacenterEvent>> = {
      approve: { _tag: "ElevationApproved", request: "r", approval, at },
      deny: { _tag: "ElevationDenied", request: "r", by: "eva", at },
      "time-out": { _tag: "ElevationRequestLapsed", request: "r", at },
      cancel: { _tag: "ElevationCancelled", request: "r", at },
      "first-use": { _tag: "ElevationActivated", request: "r", at },
      elapse: { _tag: "ElevationElapsed", request: "r", at },
      complete: { _tag: "ElevationCompleted", request: "r", at },
      revoke: { _tag: "ElevationRevoked", request: "r", because: "x", at },
      "lose-eligibility": {
        _tag: "ElevationEligibilityLost",
        request: "r",
        reason: "NotEligible",
        at,
      },
    }
    for (const state of LockboxState.literals) {
      const before: DatacenterState = {
        ...initialDatacenterState,
        requests: HashMap.make(["r", { ...request, state }]),
        openRequests: isFinal(state) ? [] : ["r"],
      }
      for (const input of lockboxInputs) {
        const event = moves[input]
        if (event === undefined) continue
        const after = evolveDatacenter(before, event)
        const to = lockboxTransition(state, input)?.to
        assert.strictEqual(elevationOf({ datacenter: after }, "r")?.state, to ?? state)
        if (to === undefined) assert.strictEqual(after, before, `${state}, ${input}`)
        assert.strictEqual(after.openRequests.length, isFinal(to ?? state) ? 0 : 1)
      }
    }
  })
})

const request: LockboxRequest = {
  id: "r",
  requester: "ed",
  role: "ReadOnlyDebug",
  actions: [],
  scope: { partition: "p", components: ["m"] },
  touchesCustomerContent: false,
  durationMinutes: 60,
  reason: "r",
  mode: "Workflow",
  state: "PendingManager",
  submittedAt: 0,
  dueAt: 10,
  approvals: [],
}
