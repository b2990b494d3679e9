import { assert, describe, it } from "@effect/vitest"
import {
  isFinal,
  LockboxState,
  lockboxInputs,
  lockboxTransition,
  lockboxTransitions,
} from "../src/index.ts"

/** SM-1 as the facts write it: from each state, what each input leads to. Only this test reads it. */
const documented: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  None: { reject: "Rejected", submit: "PendingManager" },
  PendingManager: {
    approve: "Approved",
    "approve-step": "PendingManager",
    "approve-for-customer": "PendingCustomer",
    deny: "Denied",
    "time-out": "Expired",
    cancel: "Cancelled",
    "lose-eligibility": "Rejected",
  },
  PendingCustomer: {
    cancel: "Cancelled",
    "customer-approve": "Approved",
    "customer-deny": "CustomerDenied",
    "customer-time-out": "Expired",
    "customer-cancel": "Cancelled",
    "lose-eligibility": "Rejected",
  },
  Approved: { provision: "Provisioned" },
  Provisioned: {
    "first-use": "Active",
    elapse: "Elapsed",
    complete: "Completed",
    revoke: "Revoked",
  },
  Active: { elapse: "Elapsed", complete: "Completed", revoke: "Revoked" },
}

const before = (to: string) =>
  lockboxTransitions.filter((it) => it.to === to).flatMap(({ from }) => from)

describe("elevation requests as a state machine", () => {
  for (const from of ["None", ...LockboxState.literals] as const) {
    it(`[DCO-048] [DCO-052] [DCO-059] goes from ${from} exactly where the facts say`, () => {
      for (const input of lockboxInputs) {
        assert.strictEqual(
          lockboxTransition(from, input)?.to,
          documented[from]?.[input],
          `${from}, ${input}`,
        )
      }
    })
  }

  it("[DCO-122] leads nowhere from a final state", () => {
    for (const state of LockboxState.literals.filter(isFinal)) {
      for (const input of lockboxInputs) assert.isUndefined(lockboxTransition(state, input))
    }
  })

  it("[DCO-055] reaches an account only over an approval", () => {
    assert.deepStrictEqual(before("Active"), ["Provisioned"])
    assert.deepStrictEqual(before("Provisioned"), ["Approved"])
    assert.deepStrictEqual(before("Approved"), ["PendingManager", "PendingCustomer"])
  })
})
