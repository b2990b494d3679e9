import { assert, describe, it } from "@effect/vitest"
import {
  CustomerLockboxStatus,
  customerLockboxInputs,
  customerLockboxTransition,
} from "../src/index.ts"

/** SM-2 as the facts write it. */
const documented: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  None: { "manager-approve": "Pending" },
  Pending: {
    approve: "Approved",
    deny: "Denied",
    cancel: "Canceled",
    "time-out": "Expired",
  },
  Approved: { cancel: "Canceled", "access-ends": "Completed" },
}

describe("Customer Lockbox requests as a state machine", () => {
  for (const from of ["None", ...CustomerLockboxStatus.literals] as const) {
    it(`[DCO-120] [DCO-122] [DCO-126] [DCO-129] goes from ${from} exactly where the facts say`, () => {
      for (const input of customerLockboxInputs) {
        assert.strictEqual(
          customerLockboxTransition(from, input)?.to,
          documented[from]?.[input],
          `${from}, ${input}`,
        )
      }
    })
  }
})
