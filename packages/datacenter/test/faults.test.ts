import { assert, describe, it } from "@effect/vitest"
import { hours } from "@twin/kernel"
import { Effect } from "effect"
import { customerRequestOf, elevationOf, internalLogOf, jitAccountsOf } from "../src/index.ts"
import {
  ask,
  contentRequest,
  ed,
  elevated,
  eva,
  folderCounts,
  fresh,
  max,
  member,
  operationsRequest,
  restart,
  type TestSimulation,
  value,
  verdict,
  withCustomerLockbox,
} from "./setup.ts"

const fault = (it: TestSimulation, name: string, on = true) =>
  it.call(max, "switch-fault", { fault: name, on })

describe("faults fail closed", () => {
  it.effect("[DCO-309] lockbox-unavailable: nobody asks, nobody is approved, nothing is left", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* ask(it, operationsRequest)
      yield* fault(it, "lockbox-unavailable")
      const asked = yield* it.call(ed, "request-elevation", operationsRequest)
      assert.strictEqual(verdict(asked), "deny at lockbox-available: LockboxUnavailable")
      assert.deepStrictEqual(asked.output, [])
      const approved = yield* it.call(eva, "approve-elevation", { request })
      assert.strictEqual(verdict(approved), "deny at lockbox-available: LockboxUnavailable")
      assert.strictEqual(jitAccountsOf(yield* it.world).length, 0)
      yield* fault(it, "lockbox-unavailable", false)
      assert.strictEqual(verdict(yield* it.call(eva, "approve-elevation", { request })), "allow")
    }),
  )

  it.effect("[DCO-309] [DCO-052] while Lockbox is down, elevations still end on time", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it)
      yield* fault(it, "lockbox-unavailable")
      yield* it.advance(hours(1))
      assert.strictEqual(elevationOf(yield* it.world, request)?.state, "Elapsed")
    }),
  )

  it.effect("[DCO-309] while Lockbox is down, the tenant's yes makes no account either", () =>
    Effect.gen(function* () {
      const it = yield* withCustomerLockbox()
      const request = yield* ask(it, contentRequest)
      const approved = yield* it.call(eva, "approve-elevation", { request })
      const customer = { request: value(approved, "customerRequest") }
      yield* fault(it, "lockbox-unavailable")
      const yes = yield* it.call(member("judy"), "approve-lockbox", customer)
      assert.strictEqual(verdict(yes), "deny at lockbox-available: LockboxUnavailable")
      assert.strictEqual(elevationOf(yield* it.world, request)?.state, "PendingCustomer")
    }),
  )

  it.effect(
    "[DCO-211] audit-unavailable: no record, no action; the attempt waits at its source",
    () =>
      Effect.gen(function* () {
        const it = yield* fresh()
        const request = yield* elevated(it)
        yield* fault(it, "audit-unavailable")
        const run = yield* it.call(ed, "run-as-engineer", { ...restart, request })
        assert.strictEqual(verdict(run), "deny at audit-sink: AuditUnavailable")
        const session = yield* it.call(ed, "start-session", {
          request,
          component: restart.component,
        })
        assert.strictEqual(verdict(session), "deny at audit-sink: AuditUnavailable")
        const another = yield* ask(it, operationsRequest)
        const approved = yield* it.call(eva, "approve-elevation", { request: another })
        assert.strictEqual(verdict(approved), "deny at audit-sink: AuditUnavailable")
        const buffered = internalLogOf(yield* it.world).filter(({ isBuffered }) => isBuffered)
        assert.strictEqual(buffered.length, 4)
        yield* fault(it, "audit-unavailable", false)
        const again = yield* it.call(ed, "run-as-engineer", { ...restart, request })
        assert.strictEqual(verdict(again), "allow")
      }),
  )

  it.effect(
    "[DCO-309] [DCO-120] approval-channel-unavailable: no mail, no decision, it lapses",
    () =>
      Effect.gen(function* () {
        const it = yield* withCustomerLockbox()
        yield* fault(it, "approval-channel-unavailable")
        const request = yield* ask(it, contentRequest)
        const approved = yield* it.call(eva, "approve-elevation", { request })
        const customer = value(approved, "customerRequest")
        assert.isFalse((yield* it.mails).some(({ to }) => to.endsWith("@contoso.com")))
        for (const operation of ["approve-lockbox", "deny-lockbox", "cancel-lockbox"]) {
          const tried = yield* it.call(member("ivan"), operation, { request: customer })
          assert.strictEqual(verdict(tried), "deny at approval-channel: ApprovalChannelUnavailable")
        }
        yield* it.advance(hours(12))
        assert.strictEqual(customerRequestOf(yield* it.world, customer)?.status, "Expired")
        assert.strictEqual(elevationOf(yield* it.world, request)?.state, "Expired")
        const run = yield* it.call(ed, "run-as-engineer", { ...folderCounts, request })
        assert.strictEqual(run.decision.outcome, "deny")
      }),
  )
})
