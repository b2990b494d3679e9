import { assert, describe, it } from "@effect/vitest"
import { days, hours, mailboxOf, minutes } from "@twin/kernel"
import { Effect } from "effect"
import {
  calendarLater,
  elevationOf,
  engineerActor,
  engineerOf,
  ScreeningKind,
} from "../../src/index.ts"
import {
  ask,
  attacker,
  ed,
  elevated,
  eva,
  fresh,
  max,
  operationsRequest,
  restart,
  sam,
  start,
  type TestSimulation,
  verdict,
} from "../setup.ts"

const newcomer = {
  engineer: "Ben",
  displayName: "Ben New",
  team: "Exchange operations",
  services: ["Exchange"],
  screenings: ScreeningKind.literals.filter((it) => it !== "citizenship"),
  backgroundCheck: true,
  training: true,
}
const stateOf = Effect.fnUntraced(function* (it: TestSimulation, request: string) {
  const found = elevationOf(yield* it.world, request)
  return [found?.state, found?.rejectedBecause]
})

describe("a service team account", () => {
  it.effect(
    "[DCO-027] [DCO-015] needs screening, check, training and a manager, in that order",
    () =>
      Effect.gen(function* () {
        const it = yield* fresh()
        const missing = [
          ["personnel-screening", { screenings: [], backgroundCheck: false, training: false }],
          ["background-check", { backgroundCheck: false, training: false }],
          ["training", { training: false }],
        ] as const
        for (const [gate, changed] of missing) {
          const refused = yield* it.call(ed, "onboard-engineer", { ...newcomer, ...changed })
          assert.strictEqual(verdict(refused), `deny at ${gate}: NotEligible`)
        }
        const noManager = yield* it.call(ed, "onboard-engineer", newcomer)
        assert.strictEqual(verdict(noManager), "deny at authorised-manager: NotEligible")
        assert.isUndefined(engineerOf(yield* it.world, "ben"))
        assert.strictEqual(verdict(yield* it.call(max, "onboard-engineer", newcomer)), "allow")
        assert.deepInclude(engineerOf(yield* it.world, "BEN"), {
          id: "ben",
          lockboxRoles: [],
          approverFor: [],
          standingPrivileges: [],
          screeningValidUntil: calendarLater(start, { years: 2 }),
          trainingValidUntil: calendarLater(start, { months: 12 }),
        })
        const refused = yield* it.call(engineerActor("ben"), "request-elevation", operationsRequest)
        assert.strictEqual(verdict(refused), "deny at lockbox-role: NoLockboxRole")
      }),
  )

  it.effect("[DCO-037] a government environment demands its own screening", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const government = { ...newcomer, environment: "us-government" }
      const refused = yield* it.call(max, "onboard-engineer", government)
      assert.strictEqual(verdict(refused), "deny at personnel-screening: NotEligible")
      const screenings = ScreeningKind.literals
      const allowed = yield* it.call(max, "onboard-engineer", { ...government, screenings })
      assert.strictEqual(verdict(allowed), "allow")
      yield* it.call(max, "assign-lockbox-role", { engineer: "ben", role: "ReadOnlyDebug" })
      const request = { ...operationsRequest, role: "ReadOnlyDebug" }
      const ben = engineerActor("ben")
      const gcc = { ...request, components: ["exo-gcc01-mbx01"] }
      assert.strictEqual(verdict(yield* it.call(ben, "request-elevation", gcc)), "allow")
      const worldwide = yield* it.call(ben, "request-elevation", request)
      assert.strictEqual(verdict(worldwide), "deny at resource-scope: ResourceOutOfScope")
    }),
  )

  it.effect("[DCO-017] nobody gets both sides of a role, whichever comes first", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const role = "ReadOnlyDebug"
      const designate = yield* it.call(max, "designate-approver", { engineer: "ed", role })
      assert.strictEqual(verdict(designate), "deny at separation-of-duties: SeparationOfDuties")
      const assign = yield* it.call(max, "assign-lockbox-role", { engineer: "eva", role })
      assert.strictEqual(verdict(assign), "deny at separation-of-duties: SeparationOfDuties")
      yield* it.call(max, "remove-lockbox-role", { engineer: "ed", role })
      const later = yield* it.call(max, "designate-approver", { engineer: "ed", role })
      assert.strictEqual(verdict(later), "allow")
    }),
  )

  it.effect("[DCO-035] roles change by an authorised manager about somebody else only", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const change = { engineer: "lea", role: "ReadOnlyDebug" }
      assert.strictEqual(
        verdict(yield* it.call(ed, "assign-lockbox-role", change)),
        "deny at authorised-manager: ManagerApprovalRequired",
      )
      assert.strictEqual(
        verdict(yield* it.call(max, "assign-lockbox-role", { ...change, engineer: "max" })),
        "deny at authorised-manager: ManagerApprovalRequired",
      )
      assert.strictEqual(
        verdict(yield* it.call(max, "assign-lockbox-role", { ...change, role: "Root" })),
        "deny at lockbox-role: NoLockboxRole",
      )
      assert.strictEqual(
        verdict(yield* it.call(max, "assign-lockbox-role", { ...change, engineer: "nobody" })),
        "deny at service-team-account: NotEligible",
      )
      assert.strictEqual(verdict(yield* it.call(max, "assign-lockbox-role", change)), "allow")
    }),
  )

  it.effect("[DCO-041] every change leaves a record and tells the manager", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const result = yield* it.call(eva, "renew-training", { engineer: "ed" })
      assert.strictEqual(result.record?.audit.length, 1)
      assert.strictEqual(mailboxOf(yield* it.mails, "max", yield* it.now).length, 1)
    }),
  )
})

describe("what the clock takes away", () => {
  const expiries = [
    ["[DCO-028]", "background check", "ScreeningRenewed", "ScreeningExpired"],
    ["[DCO-029]", "training", "TrainingRenewed", "TrainingExpired"],
  ] as const
  for (const [fact, name, _tag, because] of expiries) {
    it.effect(`${fact} [DCO-036] an old ${name}: account off, what hangs on it over`, () =>
      Effect.gen(function* () {
        const it = yield* fresh()
        yield* it.establish("shorten", [{ _tag, engineer: "ed", validUntil: start + hours(1) }])
        const live = yield* elevated(it, { ...operationsRequest, durationMinutes: 480 })
        const pending = yield* ask(it, operationsRequest)
        assert.deepStrictEqual(yield* it.advance(hours(1) - 1), [])
        const [record] = yield* it.advance(1)
        assert.strictEqual(record?.operation, "service-team-account-disabled")
        assert.strictEqual(record?.at, start + hours(1))
        // One record each: the account, the live elevation, the pending request.
        assert.strictEqual(record?.audit.length, 3)
        assert.deepInclude(engineerOf(yield* it.world, "ed"), {
          state: "Disabled",
          disabledBecause: because,
        })
        assert.deepStrictEqual(yield* stateOf(it, live), ["Revoked", undefined])
        assert.deepStrictEqual(yield* stateOf(it, pending), ["Rejected", because])
        const late = yield* it.call(eva, "approve-elevation", { request: pending })
        assert.strictEqual(verdict(late), "deny at request-state: RequestClosed")
        const again = yield* it.call(ed, "request-elevation", operationsRequest)
        assert.strictEqual(verdict(again), "deny at service-team-account: AccountDisabled")
        assert.isAbove(mailboxOf(yield* it.mails, "max", yield* it.now).length, 0)
      }),
    )
  }

  it.effect("[DCO-029] the way back: cause cured, then a manager's approval", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      yield* it.establish("miss-training", [
        { _tag: "TrainingRenewed", engineer: "ed", validUntil: start },
        { _tag: "EngineerDisabled", engineer: "ed", because: "TrainingExpired", at: start },
      ])
      const early = yield* it.call(max, "re-enable-engineer", { engineer: "ed" })
      assert.strictEqual(verdict(early), "deny at cause-cured: TrainingExpired")
      yield* it.call(max, "renew-training", { engineer: "ed" })
      const back = yield* it.call(max, "re-enable-engineer", { engineer: "ed" })
      assert.strictEqual(verdict(back), "allow")
      assert.strictEqual(engineerOf(yield* it.world, "ed")?.state, "Active")
    }),
  )

  it.effect("[DCO-030] ninety days without use", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      // The last use was a day before the start.
      yield* it.advance(days(89) - 1)
      assert.strictEqual(engineerOf(yield* it.world, "ed")?.state, "Active")
      yield* it.advance(1)
      assert.deepInclude(engineerOf(yield* it.world, "ed"), {
        state: "Disabled",
        disabledBecause: "Inactive",
      })
    }),
  )

  it.effect("[DCO-033] a transfer: eligibilities lapse unless the new manager confirms them", () =>
    Effect.gen(function* () {
      const lapse = Effect.fnUntraced(function* (isConfirmed: boolean) {
        const it = yield* fresh()
        yield* it.call(max, "transfer-engineer", { engineer: "ed", manager: "eva" })
        const wrong = yield* it.call(max, "confirm-transfer", { engineer: "ed" })
        assert.strictEqual(verdict(wrong), "deny at own-manager: ManagerApprovalRequired")
        if (isConfirmed) yield* it.call(eva, "confirm-transfer", { engineer: "ed" })
        yield* it.advance(days(14) - minutes(30))
        const request = yield* elevated(it)
        yield* it.advance(minutes(30))
        const again = yield* it.call(ed, "request-elevation", operationsRequest)
        return [(yield* stateOf(it, request))[0], verdict(again)]
      })
      assert.deepStrictEqual(yield* lapse(true), ["Provisioned", "allow"])
      assert.deepStrictEqual(yield* lapse(false), ["Revoked", "deny at eligibility: NotEligible"])
    }),
  )
})

describe("what people take away", () => {
  const losses = [
    ["role", "NoLockboxRole", "remove-lockbox-role", { role: "ServiceEngineerOperations" }],
    ["employment", "AccountDisabled", "terminate-engineer", {}],
  ] as const
  for (const [name, reason, operation, params] of losses) {
    it.effect(`[DCO-034] [DCO-036] losing the ${name} ends what hangs on it at once`, () =>
      Effect.gen(function* () {
        const it = yield* fresh()
        const live = yield* elevated(it)
        yield* it.call(ed, "start-session", { request: live, component: restart.component })
        const pending = yield* ask(it, operationsRequest)
        yield* it.call(max, operation, { engineer: "ed", ...params })
        assert.deepStrictEqual(yield* stateOf(it, live), ["Revoked", undefined])
        assert.deepStrictEqual(yield* stateOf(it, pending), ["Rejected", reason])
        assert.strictEqual((yield* it.world).datacenter.openSessions.length, 0)
      }),
    )
  }

  it.effect("[DCO-060] the security response throws an account out", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const live = yield* elevated(it)
      const evict = { engineer: "ed", reason: "Credential found on a forum" }
      const refused = yield* it.call(eva, "evict-engineer", evict)
      assert.strictEqual(verdict(refused), "deny at security-response: RevocationNotAllowed")
      assert.strictEqual(verdict(yield* it.call(sam, "evict-engineer", evict)), "allow")
      assert.deepStrictEqual(yield* stateOf(it, live), ["Revoked", undefined])
      const again = yield* it.call(ed, "request-elevation", operationsRequest)
      assert.strictEqual(verdict(again), "deny at service-team-account: AccountDisabled")
    }),
  )

  it.effect("[DCO-032] [DCO-243] failed sign-ins lock an account; a manager unlocks it", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const live = yield* elevated(it)
      const guess = () =>
        it.call(attacker, "attempt-sign-in", { stolenFrom: "ed", component: restart.component })
      for (let round = 0; round < 4; round++) yield* guess()
      assert.strictEqual(engineerOf(yield* it.world, "ed")?.state, "Active")
      yield* guess()
      assert.strictEqual(engineerOf(yield* it.world, "ed")?.state, "Locked")
      assert.deepStrictEqual(yield* stateOf(it, live), ["Revoked", undefined])
      const asked = yield* it.call(ed, "request-elevation", operationsRequest)
      assert.strictEqual(verdict(asked), "deny at service-team-account: AccountDisabled")
      yield* it.call(max, "unlock-engineer", { engineer: "ed" })
      assert.strictEqual(engineerOf(yield* it.world, "ed")?.state, "Active")
    }),
  )

  it.effect("[DCO-032] five failures spread over more than ten minutes lock nothing", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      for (let round = 0; round < 8; round++) {
        yield* it.call(attacker, "attempt-sign-in", {
          stolenFrom: "ed",
          component: restart.component,
        })
        yield* it.advance(minutes(2.5))
      }
      assert.strictEqual(engineerOf(yield* it.world, "ed")?.state, "Active")
    }),
  )
})
