import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { evaluateApproval, evaluateDenial, LockboxState } from "../../src/index.ts"

const fit: Parameters<typeof evaluateApproval>[0] = {
  requestState: "PendingManager",
  isLockboxAvailable: true,
  isAuditAvailable: true,
  isSelf: false,
  approverState: "Active",
  isDesignated: true,
  hasApprovedBefore: false,
  step: "Manager",
  isBeforeDue: true,
  requesterProblem: "",
}
const codeOf = (changed: Partial<typeof fit>) =>
  decidingGate(evaluateApproval({ ...fit, ...changed })).refusal?.code

describe("approval inside Microsoft", () => {
  it("[DCO-047] [DCO-063] a designated second person decides in time", () => {
    assert.strictEqual(evaluateApproval(fit).outcome, "allow")
    assert.strictEqual(evaluateDenial(fit).outcome, "allow")
  })

  it("[DCO-047] [DCO-061] refuses the requester, the undesignated, the disabled, the same twice", () => {
    assert.strictEqual(codeOf({ isSelf: true }), "SelfApprovalForbidden")
    assert.strictEqual(codeOf({ isDesignated: false }), "ApproverNotDesignated")
    assert.strictEqual(codeOf({ approverState: "Disabled" }), "ApproverNotDesignated")
    assert.strictEqual(codeOf({ approverState: "None" }), "ApproverNotDesignated")
    assert.strictEqual(codeOf({ hasApprovedBefore: true }), "ApproverNotDesignated")
  })

  it("[DCO-017] designation does not help the requester", () => {
    assert.strictEqual(codeOf({ isSelf: true, isDesignated: true }), "SelfApprovalForbidden")
  })

  it("[DCO-036] a requester who lost the right to ask gets nothing", () => {
    assert.strictEqual(codeOf({ requesterProblem: "NoLockboxRole" }), "NoLockboxRole")
  })

  it("[DCO-211] [DCO-309] without a record or the Lockbox system nobody is elevated", () => {
    assert.strictEqual(codeOf({ isAuditAvailable: false }), "AuditUnavailable")
    assert.strictEqual(codeOf({ isLockboxAvailable: false }), "LockboxUnavailable")
    assert.strictEqual(
      evaluateDenial({ ...fit, isAuditAvailable: false, isLockboxAvailable: false }).outcome,
      "allow",
    )
  })

  it("[DCO-048] [DCO-055] decides only what waits for this decision", () => {
    const codes = Object.fromEntries(
      [...LockboxState.literals, "Unknown" as const].map((requestState) => [
        requestState,
        codeOf({ requestState }),
      ]),
    )
    const closed = "RequestClosed"
    assert.deepStrictEqual(codes, {
      PendingManager: undefined,
      PendingCustomer: "AlreadyDecided",
      Approved: "AlreadyDecided",
      Provisioned: "AlreadyDecided",
      Active: "AlreadyDecided",
      Rejected: closed,
      Denied: closed,
      CustomerDenied: closed,
      Expired: closed,
      Cancelled: closed,
      Elapsed: closed,
      Completed: closed,
      Revoked: closed,
      Unknown: "RequestUnknown",
    })
    assert.strictEqual(codeOf({ isBeforeDue: false }), closed)
  })
})
