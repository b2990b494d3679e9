import { assert, describe, it } from "@effect/vitest"
import { hours } from "@twin/kernel"
import { Effect } from "effect"
import { elevationOf, internalLogOf, LockboxState } from "../../src/index.ts"
import {
  ask,
  contentRequest,
  ed,
  eva,
  folderCounts,
  max,
  member,
  type TestSimulation,
  value,
  verdict,
  withCustomerLockbox,
} from "../setup.ts"

/** Leads a request into a state through the public operations. */
const reach = Effect.fnUntraced(function* (it: TestSimulation, state: LockboxState) {
  if (state === "Rejected") {
    const late = { ...contentRequest, durationMinutes: 999 }
    return { request: yield* ask(it, late), customer: "EXSR000000" }
  }
  const request = yield* ask(it, contentRequest)
  const none = { request, customer: "EXSR000000" }
  if (state === "PendingManager") return none
  if (state === "Denied") {
    yield* it.call(eva, "deny-elevation", { request })
    return none
  }
  if (state === "Expired") {
    yield* it.advance(hours(12))
    return none
  }
  if (state === "Cancelled") {
    yield* it.call(ed, "cancel-elevation", { request })
    return none
  }
  const approved = yield* it.call(eva, "approve-elevation", { request })
  const customer = value(approved, "customerRequest")
  const here = { request, customer }
  if (state === "PendingCustomer") return here
  if (state === "CustomerDenied") {
    yield* it.call(member("judy"), "deny-lockbox", { request: customer })
    return here
  }
  yield* it.call(member("judy"), "approve-lockbox", { request: customer })
  if (state === "Active") {
    yield* it.call(ed, "run-as-engineer", { ...folderCounts, request })
  }
  if (state === "Completed") yield* it.call(ed, "complete-elevation", { request })
  if (state === "Revoked") yield* it.call(eva, "revoke-elevation", { request })
  if (state === "Elapsed") yield* it.advance(hours(1))
  return here
})

const closed = "RequestClosed"

/**
 * SM-1 at its surface: what each person's action does in each state. `-> State`: allowed and where
 * it leads; a code: refused with it, and nothing moved.
 */
const table: Readonly<
  Record<
    Exclude<LockboxState, "Approved">,
    Readonly<
      Record<
        "approve" | "self" | "deny" | "cancel" | "complete" | "revoke" | "tenant" | "run",
        string
      >
    >
  >
> = {
  PendingManager: {
    approve: "-> PendingCustomer",
    self: "SelfApprovalForbidden",
    deny: "-> Denied",
    cancel: "-> Cancelled",
    complete: "NotElevated",
    revoke: "RevocationNotAllowed",
    tenant: "RequestNotFound",
    run: "NoStandingAccess",
  },
  PendingCustomer: {
    approve: "AlreadyDecided",
    self: "AlreadyDecided",
    deny: "AlreadyDecided",
    cancel: "-> Cancelled",
    complete: "NotElevated",
    revoke: "NotElevated",
    tenant: "-> Provisioned",
    run: "NoStandingAccess",
  },
  Provisioned: {
    approve: "AlreadyDecided",
    self: "AlreadyDecided",
    deny: "AlreadyDecided",
    cancel: "AlreadyDecided",
    complete: "-> Completed",
    revoke: "-> Revoked",
    tenant: "RequestNotPending",
    run: "-> Active",
  },
  Active: {
    approve: "AlreadyDecided",
    self: "AlreadyDecided",
    deny: "AlreadyDecided",
    cancel: "AlreadyDecided",
    complete: "-> Completed",
    revoke: "-> Revoked",
    tenant: "RequestNotPending",
    run: "-> Active",
  },
  Rejected: finalRow({ revoke: "RevocationNotAllowed", tenant: "RequestNotFound" }),
  Denied: finalRow({ revoke: "RevocationNotAllowed", tenant: "RequestNotFound" }),
  CustomerDenied: finalRow({}),
  Expired: finalRow({ revoke: "RevocationNotAllowed", tenant: "RequestNotFound" }),
  Cancelled: finalRow({ revoke: "RevocationNotAllowed", tenant: "RequestNotFound" }),
  Elapsed: finalRow({ run: "ElevationExpired" }),
  Completed: finalRow({}),
  Revoked: finalRow({}),
}

/** LBX-17: a closed request says that it is closed, to everybody who may ask. */
function finalRow(changed: {
  readonly revoke?: string
  readonly tenant?: string
  readonly run?: string
}) {
  return {
    approve: closed,
    self: closed,
    deny: closed,
    cancel: closed,
    complete: closed,
    revoke: changed.revoke ?? closed,
    tenant: changed.tenant ?? "RequestNotPending",
    run: changed.run ?? "NoStandingAccess",
  }
}

const act = (it: TestSimulation, action: string, request: string, customer: string) => {
  switch (action) {
    case "approve":
      return it.call(eva, "approve-elevation", { request })
    case "self":
      return it.call(ed, "approve-elevation", { request })
    case "deny":
      return it.call(max, "deny-elevation", { request })
    case "cancel":
      return it.call(ed, "cancel-elevation", { request })
    case "complete":
      return it.call(ed, "complete-elevation", { request })
    case "revoke":
      return it.call(eva, "revoke-elevation", { request })
    case "tenant":
      return it.call(member("judy"), "approve-lockbox", { request: customer })
    default:
      return it.call(ed, "run-as-engineer", { ...folderCounts, request })
  }
}

describe("every action in every state of a request", () => {
  for (const [state, row] of Object.entries(table)) {
    it.effect(
      `[DCO-047] [DCO-048] [DCO-055] [DCO-059] [DCO-060] [DCO-122] in ${state} each action does what SM-1 says`,
      () =>
        Effect.gen(function* () {
          for (const [action, expected] of Object.entries(row)) {
            const it = yield* withCustomerLockbox()
            const { request, customer } = yield* reach(it, state as LockboxState)
            const before = yield* it.world
            assert.strictEqual(elevationOf(before, request)?.state, state)
            const result = yield* act(it, action, request, customer)
            const after = yield* it.world
            const now = elevationOf(after, request)?.state ?? ""
            if (expected.startsWith("-> ")) {
              assert.strictEqual(verdict(result), "allow", `${state}, ${action}`)
              assert.strictEqual(now, expected.slice(3), `${state}, ${action}`)
            } else {
              assert.include(verdict(result), `: ${expected}`, `${state}, ${action}`)
              assert.strictEqual(now, state, `${state}, ${action}`)
            }
            assert.isAbove(internalLogOf(after).length, internalLogOf(before).length)
          }
        }),
    )
  }

  it.effect("[DCO-056] every transition names itself in exactly one record", () =>
    Effect.gen(function* () {
      const it = yield* withCustomerLockbox()
      const { request } = yield* reach(it, "Active")
      yield* it.advance(hours(1))
      const named = internalLogOf(yield* it.world)
        .filter((record) => record.request === request)
        .flatMap(({ transitions }) => transitions ?? [])
      assert.deepStrictEqual(named, [
        "LBX-02",
        "LBX-04",
        "CLB-01",
        "CLB-02",
        "LBX-09",
        "LBX-11",
        "LBX-12",
        "CLB-07",
        "LBX-13",
      ])
    }),
  )
})
