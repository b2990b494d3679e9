import { assert, describe, it } from "@effect/vitest"
import type { OperationFailure } from "@twin/kernel"
import { Effect } from "effect"
import {
  type DatacenterEvent,
  elevationsOf,
  internalLogOf,
  type OperatorAction,
  validateInvariants,
} from "../../src/index.ts"
import {
  ask,
  contentRequest,
  ed,
  elevated,
  folderCounts,
  fresh,
  operationsRequest,
  restart,
  sam,
  start,
  type TestSimulation,
  verdict,
} from "../setup.ts"

const failed = Effect.fnUntraced(function* (it: TestSimulation) {
  const { output } = yield* it.call(sam, "validate-datacenter", {})
  return output.filter(({ status }) => status === "fail").map(({ id }) => id)
})

describe("continuous validation", () => {
  it.effect("[DCO-273] [DCO-275] reports every promise: held, broken, or not checked", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it)
      yield* it.call(ed, "run-as-engineer", { ...restart, request })
      const result = yield* it.call(sam, "validate-datacenter", {})
      assert.strictEqual(verdict(result), "allow")
      assert.deepStrictEqual(
        new Set(result.output.map(({ id }) => id)),
        new Set(Array.from({ length: 18 }, (_, it) => `INV-${String(it + 1).padStart(2, "0")}`)),
      )
      for (const row of result.output) {
        assert.include(["pass", "unknown"], row["status"])
        assert.isArray(row["facts"])
      }
      assert.deepStrictEqual((yield* it.world).datacenter.lastValidation, {
        at: start,
        failed: [],
      })
    }),
  )

  const drifts = [
    ["[DCO-011] [DCO-283]", "INV-01", { kind: "standing-privilege", engineer: "ed" }],
    ["[DCO-017]", "INV-04", { kind: "request-and-approve-pair", engineer: "lea" }],
    ["[DCO-088]", "INV-06", { kind: "unapproved-network-rule" }],
    ["[DCO-100]", "INV-12", { kind: "physical-access", engineer: "ed" }],
  ] as const
  for (const [facts, invariant, drift] of drifts) {
    it.effect(`${facts} [DCO-274] finds ${drift.kind}, which no gate had trusted anyway`, () =>
      Effect.gen(function* () {
        const it = yield* fresh()
        assert.deepStrictEqual(yield* failed(it), [])
        yield* it.call(sam, "introduce-drift", drift)
        assert.deepStrictEqual(yield* failed(it), [invariant])
        const tried = yield* it.call(ed, "run-as-engineer", restart)
        assert.strictEqual(verdict(tried), "deny at no-standing-access: NoStandingAccess")
        const moved = yield* it.call({ ...ed, kind: "attacker" }, "attempt-lateral-movement", {
          from: "exo-nam01-mbx01",
          component: "spo-nam01-web01",
        })
        assert.strictEqual(verdict(moved), "deny at network-path: NetworkDenied")
      }),
    )
  }

  it.effect("[DCO-017] a pair that slipped in still cannot approve itself", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      yield* it.call(sam, "introduce-drift", { kind: "request-and-approve-pair", engineer: "ed" })
      const request = yield* ask(it, operationsRequest)
      const own = yield* it.call(ed, "approve-elevation", { request })
      assert.strictEqual(verdict(own), "deny at separation-of-duties: SelfApprovalForbidden")
    }),
  )

  it.effect("[DCO-274] drift about nobody is no drift", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const refused = yield* it.call(sam, "introduce-drift", { kind: "standing-privilege" })
      assert.strictEqual(verdict(refused), "deny at drift: NotEligible")
    }),
  )
})

const action = (changed: Partial<OperatorAction>): DatacenterEvent => ({
  _tag: "OperatorActionTaken",
  action: {
    id: "a",
    at: start,
    owner: "ed",
    principal: "service-team-account",
    component: "exo-nam01-mbx01",
    partition: "exchange-nam-01",
    command: "Restart-Service",
    touches: "configuration",
    isPrivileged: true,
    isOpaque: false,
    ...changed,
  },
})

/** Events that no operation emits: what a broken gate or an edited record would leave behind. */
describe("each checked promise can be broken", () => {
  const broken = Effect.fnUntraced(function* (
    make: (it: TestSimulation) => Effect.Effect<readonly DatacenterEvent[], OperationFailure>,
  ) {
    const it = yield* fresh()
    const events = yield* Effect.orDie(make(it))
    yield* it.establish("break", events)
    return validateInvariants(yield* it.world, yield* it.now)
      .filter(({ status }) => status === "fail")
      .map(({ id }) => id)
  })

  it.effect("[DCO-011] [DCO-079] INV-05: an operation without an elevation", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* broken(() => Effect.succeed([action({})])), ["INV-05"])
    }),
  )

  it.effect("[DCO-196] INV-16: a key read without an elevation", () =>
    Effect.gen(function* () {
      const read = action({ command: "Get-DkmKey", touches: "access-control-data" })
      assert.deepStrictEqual(yield* broken(() => Effect.succeed([read])), ["INV-05", "INV-16"])
    }),
  )

  it.effect("[DCO-005] INV-06: an account outside its partition", () =>
    Effect.gen(function* () {
      const ids = yield* broken(
        Effect.fnUntraced(function* (it) {
          const request = yield* elevated(it)
          const account = elevationsOf(yield* it.world).find(({ id }) => id === request)?.account
          const used = account === undefined ? {} : { account, request }
          return [action({ ...used, principal: "jit-account", partition: "exchange-eur-01" })]
        }),
      )
      assert.deepStrictEqual(ids, ["INV-06"])
    }),
  )

  it.effect("[DCO-047] INV-03: an approval by the requester", () =>
    Effect.gen(function* () {
      const ids = yield* broken(
        Effect.fnUntraced(function* (it) {
          const request = yield* ask(it, operationsRequest)
          return [
            {
              _tag: "ElevationStepApproved",
              request,
              approval: { by: "ed", step: "Manager", at: start },
            },
          ]
        }),
      )
      assert.deepStrictEqual(ids, ["INV-03"])
    }),
  )

  it.effect("[DCO-022] INV-02: an account whose elevation is over", () =>
    Effect.gen(function* () {
      const ids = yield* broken(
        Effect.fnUntraced(function* (it) {
          yield* elevated(it)
          yield* it.advance(3_600_000)
          const found = [...(yield* it.world).datacenter.accounts].map(([, account]) => account)
          const second = yield* ask(it, operationsRequest)
          const approval = { by: "eva", step: "Manager", at: start } as const
          return [
            { _tag: "ElevationApproved", request: second, approval, at: start },
            ...found.map(
              (account) =>
                ({
                  _tag: "JitAccountProvisioned",
                  account: { ...account, id: "jit-forged", request: second, state: "Enabled" },
                }) as const,
            ),
          ]
        }),
      )
      assert.deepStrictEqual(ids, ["INV-02"])
    }),
  )

  it.effect("[DCO-107] INV-08: content touched before the tenant said yes", () =>
    Effect.gen(function* () {
      const ids = yield* broken(
        Effect.fnUntraced(function* (it) {
          yield* it.establish("on", [{ _tag: "CustomerLockboxSwitched", isOn: true }])
          const request = yield* elevated(it, contentRequest)
          return [
            action({
              principal: "jit-account",
              request,
              command: folderCounts.action,
              touches: "customer-content",
            }),
          ]
        }),
      )
      assert.deepStrictEqual(ids, ["INV-05", "INV-08"])
    }),
  )

  it.effect("[DCO-028] INV-13: somebody elevated without a valid check", () =>
    Effect.gen(function* () {
      const ids = yield* broken(
        Effect.fnUntraced(function* (it) {
          yield* elevated(it)
          return [{ _tag: "ScreeningRenewed", engineer: "ed", validUntil: start }]
        }),
      )
      assert.deepStrictEqual(ids, ["INV-13"])
    }),
  )

  it.effect("[DCO-208] INV-10: an edited record", () =>
    Effect.gen(function* () {
      const ids = yield* broken(
        Effect.fnUntraced(function* (it) {
          yield* it.call(ed, "run-as-engineer", restart)
          const [record] = internalLogOf(yield* it.world)
          return record === undefined
            ? []
            : [{ _tag: "InternalRecordWritten", record: { ...record, outcome: "Succeeded" } }]
        }),
      )
      assert.deepStrictEqual(ids, ["INV-10"])
    }),
  )

  it.effect("[DCO-048] [DCO-120] INV-09 and INV-18: a request that waits past its deadline", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      yield* it.establish("on", [{ _tag: "CustomerLockboxSwitched", isOn: true }])
      yield* ask(it, operationsRequest)
      yield* elevated(it, contentRequest)
      const late = validateInvariants(yield* it.world, start + 12 * 3_600_000)
      const ids = late.filter(({ status }) => status === "fail").map(({ id }) => id)
      assert.deepStrictEqual(ids, ["INV-09", "INV-18"])
    }),
  )
})
