import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateSubmission, RejectionReason, type SubmissionFacets } from "../../src/index.ts"

const complete: SubmissionFacets = {
  isLockboxAvailable: true,
  accountState: "Active",
  disabledBecause: "",
  isScreeningValid: true,
  isTrainingValid: true,
  eligibility: "held",
  role: "AccessToCustomerData",
  roleMembership: "held",
  actionOutsideRole: "",
  scope: "inside",
  partitions: 1,
  durationMinutes: 240,
  maximumMinutes: 240,
  hasReason: true,
  touchesCustomerContent: true,
  hasServiceRequest: true,
  hasTenant: true,
}

/** What breaks each check of DCO-062, in its order; several ways where there are several. */
const breaks: Readonly<Record<RejectionReason, readonly Partial<SubmissionFacets>[]>> = {
  AccountDisabled: [
    { accountState: "Disabled", disabledBecause: "Inactive" },
    { accountState: "Locked" },
    { accountState: "Removed" },
  ],
  ScreeningExpired: [{ isScreeningValid: false }],
  TrainingExpired: [{ isTrainingValid: false }],
  NotEligible: [{ eligibility: "none" }, { eligibility: "screening-kind-missing" }],
  NoLockboxRole: [{ roleMembership: "not-held" }, { roleMembership: "no-role-named", role: "" }],
  ActionNotInRole: [{ actionOutsideRole: "Get-AvailabilityKey" }],
  ResourceOutOfScope: [
    { scope: "none-named" },
    { scope: "unknown-component" },
    { scope: "outside-work-scope" },
    { scope: "unknown-tenant" },
  ],
  PartitionBoundary: [{ partitions: 2 }],
  DurationExceedsMaximum: [
    { durationMinutes: 241 },
    { durationMinutes: 0 },
    { durationMinutes: -5 },
    { maximumMinutes: 0 },
  ],
  JustificationMissing: [{ hasReason: false }],
  ServiceRequestMissing: [{ hasServiceRequest: false }, { hasTenant: false }],
}
const reasons = RejectionReason.literals

const codeOf = (facets: SubmissionFacets) => decidingGate(evaluateSubmission(facets)).refusal?.code

describe("submission of an elevation request", () => {
  it("[DCO-042] [DCO-043] a complete request is accepted, and every check is named", () => {
    const decision = evaluateSubmission(complete)
    assert.strictEqual(decision.outcome, "allow")
    assert.strictEqual(decision.gates.length, reasons.length + 1)
  })

  for (const reason of reasons) {
    it(`[DCO-062] [DCO-044] rejects with ${reason}`, () => {
      for (const broken of breaks[reason]) {
        assert.strictEqual(codeOf({ ...complete, ...broken }), reason, JSON.stringify(broken))
      }
    })
  }

  it.prop(
    "[DCO-062] the first failing check in the documented order gives the reason",
    [Schema.Array(Schema.Literals(reasons))],
    ([failing]) => {
      const facets = Object.assign({}, complete, ...failing.map((reason) => breaks[reason][0]))
      const first = reasons.find((it) => failing.includes(it))
      assert.strictEqual(codeOf(facets), first)
    },
  )

  it("[DCO-045] [DCO-046] the longest time of the role is granted, a minute more is rejected", () => {
    assert.strictEqual(evaluateSubmission({ ...complete, durationMinutes: 1 }).outcome, "allow")
    assert.strictEqual(codeOf({ ...complete, durationMinutes: 241 }), "DurationExceedsMaximum")
  })

  it("[DCO-113] only roles that touch content need a service request and a tenant", () => {
    const plain = { ...complete, hasServiceRequest: false, hasTenant: false }
    assert.strictEqual(codeOf(plain), "ServiceRequestMissing")
    assert.strictEqual(
      evaluateSubmission({ ...plain, touchesCustomerContent: false }).outcome,
      "allow",
    )
  })

  it("[DCO-027] somebody without a service team account is not eligible", () => {
    assert.strictEqual(codeOf({ ...complete, accountState: "None" }), "NotEligible")
  })

  it("[DCO-309] without the Lockbox system nothing is accepted", () => {
    assert.strictEqual(codeOf({ ...complete, isLockboxAvailable: false }), "LockboxUnavailable")
  })
})
