import { assert, describe, it } from "@effect/vitest"
import { hours, mailboxOf, minutes } from "@twin/kernel"
import { Effect } from "effect"
import {
  alertsOf,
  elevationOf,
  engineerOf,
  internalLogOf,
  operatorActionsOf,
  type Severity,
} from "../../src/index.ts"
import {
  ask,
  attacker,
  contentRequest,
  ed,
  elevated,
  folderCounts,
  fresh,
  operationsRequest,
  restart,
  type TestSimulation,
  verdict,
} from "../setup.ts"

const raised = Effect.fnUntraced(function* (it: TestSimulation) {
  return alertsOf(yield* it.world).map(({ rule, severity }): [string, Severity] => [rule, severity])
})
const stolen = { stolenFrom: "ed", ...restart }

describe("a stolen operator account", () => {
  it.effect("[DCO-021] [DCO-011] gives nothing, however many other controls are beaten", () =>
    Effect.gen(function* () {
      const steps = [
        [[], "deny at network-path: NetworkDenied"],
        [["network"], "deny at secure-workstation: SawRequired"],
        [["network", "workstation"], "deny at smart-card: MfaRequired"],
        [["network", "workstation", "smart-card"], "deny at no-standing-access: NoStandingAccess"],
      ] as const
      for (const [defeated, expected] of steps) {
        const it = yield* fresh()
        const tried = yield* it.call(attacker, "attempt-standing-access", { ...stolen, defeated })
        assert.strictEqual(verdict(tried), expected)
        assert.deepStrictEqual(yield* raised(it), [["DR-03", "High"]])
        assert.strictEqual(operatorActionsOf(yield* it.world).length, 0)
        assert.strictEqual(mailboxOf(yield* it.mails, "sam", yield* it.now)[0]?.kind, "alert")
      }
    }),
  )

  it.effect("[DCO-298] is judged by the very gates that judge its owner", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const defeated = ["network", "workstation", "smart-card"]
      const owner = yield* it.call(ed, "run-as-engineer", restart)
      const thief = yield* it.call(attacker, "attempt-standing-access", { ...stolen, defeated })
      assert.deepStrictEqual(thief.decision, owner.decision)
    }),
  )

  it.effect("[DCO-012] an owner's live elevation does not help the thief of the account", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      yield* elevated(it)
      const defeated = ["network", "workstation", "smart-card"]
      const thief = yield* it.call(attacker, "attempt-standing-access", { ...stolen, defeated })
      assert.strictEqual(verdict(thief), "deny at no-standing-access: NoStandingAccess")
    }),
  )

  it.effect("[DCO-047] cannot approve its own request", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* ask(it, operationsRequest)
      const tried = yield* it.call(attacker, "attempt-approve-own-request", { request })
      assert.strictEqual(verdict(tried), "deny at separation-of-duties: SelfApprovalForbidden")
      assert.deepStrictEqual(yield* raised(it), [["DR-05", "Medium"]])
      assert.strictEqual(elevationOf(yield* it.world, request)?.state, "PendingManager")
      const nothing = yield* it.call(attacker, "attempt-approve-own-request", { request: "none" })
      assert.strictEqual(verdict(nothing), "deny at request-state: RequestUnknown")
    }),
  )

  it.effect("[DCO-035] cannot join a role past the identity tool", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const join = { stolenFrom: "lea", role: "AccessToCustomerData" }
      const tried = yield* it.call(attacker, "attempt-join-role-group", join)
      assert.strictEqual(verdict(tried), "deny at change-record: NoChangeRecord")
      assert.deepStrictEqual(yield* raised(it), [["DR-06", "High"]])
      assert.deepStrictEqual(engineerOf(yield* it.world, "lea")?.lockboxRoles, [])
    }),
  )
})

describe("a stolen elevation", () => {
  const all = ["network", "workstation", "smart-card"]

  it.effect("[DCO-053] [DCO-052] is worth nothing after its end", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it)
      const replay = { request, ...restart, defeated: all }
      yield* it.advance(hours(1))
      const late = yield* it.call(attacker, "replay-expired-credential", replay)
      assert.strictEqual(verdict(late), "deny at grant-window: ElevationExpired")
      assert.deepStrictEqual(yield* raised(it), [["DR-04", "High"]])
    }),
  )

  it.effect(
    "[DCO-051] [DCO-244] is useless without the workstation, and revoked at the attempt",
    () =>
      Effect.gen(function* () {
        const it = yield* fresh()
        const request = yield* elevated(it)
        const replay = { request, ...restart }
        const tried = yield* it.call(attacker, "replay-expired-credential", replay)
        assert.strictEqual(verdict(tried), "deny at network-path: NetworkDenied")
        assert.deepStrictEqual(yield* raised(it), [["DR-04", "High"]])
        assert.strictEqual(elevationOf(yield* it.world, request)?.state, "Revoked")
        const owner = yield* it.call(ed, "run-as-engineer", { ...restart, request })
        assert.strictEqual(verdict(owner), "deny at no-standing-access: NoStandingAccess")
      }),
  )

  it.effect("[DCO-050] a request without an account has no credential to replay", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* ask(it, operationsRequest)
      const replay = { request, ...restart, defeated: [...all] }
      const tried = yield* it.call(attacker, "replay-expired-credential", replay)
      assert.strictEqual(verdict(tried), "deny at no-standing-access: NoStandingAccess")
    }),
  )
})

describe("from machine to machine", () => {
  const move = { from: "exo-nam01-mbx01", component: "exo-eur01-mbx01" }

  it.effect("[DCO-089] [DCO-087] there is no way on, and both machines are isolated", () =>
    Effect.gen(function* () {
      for (const protocol of ["WinRM", "RDP", "SMB", "PowerShell", "HTTPS"]) {
        const it = yield* fresh()
        const tried = yield* it.call(attacker, "attempt-lateral-movement", { ...move, protocol })
        assert.strictEqual(verdict(tried), "deny at network-path: NetworkDenied", protocol)
        assert.deepStrictEqual(yield* raised(it), [["DR-09", "High"]])
        assert.deepStrictEqual((yield* it.world).datacenter.isolated, [
          "exo-nam01-mbx01",
          "exo-eur01-mbx01",
        ])
      }
    }),
  )

  it.effect("[DCO-067] an open path for mail is no way in for people", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const tried = yield* it.call(attacker, "attempt-lateral-movement", {
        ...move,
        protocol: "SMTP",
      })
      assert.strictEqual(verdict(tried), "deny at secure-workstation: SawRequired")
    }),
  )

  it.effect("[DCO-087] nobody reaches an isolated machine, not even inside an elevation", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it)
      yield* it.call(attacker, "attempt-lateral-movement", move)
      const run = yield* it.call(ed, "run-as-engineer", { ...restart, request })
      assert.strictEqual(verdict(run), "deny at network-path: NetworkDenied")
      assert.strictEqual(elevationOf(yield* it.world, request)?.state, "Provisioned")
    }),
  )

  it.effect(
    "[DCO-087] [DCO-207] twenty denied connections block the host, whoever sits there",
    () =>
      Effect.gen(function* () {
        const mallory = { ...attacker, id: "mallory@contoso.com", kind: "member" } as const
        for (const who of [attacker, mallory]) {
          const it = yield* fresh()
          const probe = { ...stolen, stolenFrom: "nobody", action: "Get-ServerHealth" }
          for (let count = 0; count < 19; count++) {
            yield* it.call(who, "attempt-standing-access", probe)
          }
          assert.deepStrictEqual((yield* it.world).datacenter.blockedSources, [])
          yield* it.call(who, "attempt-standing-access", probe)
          const world = yield* it.world
          assert.deepStrictEqual(world.datacenter.blockedSources, [attacker.client.ipAddress])
          assert.deepStrictEqual(yield* raised(it), [["DR-21", "Medium"]])
          assert.notInclude(JSON.stringify(internalLogOf(world)), "mallory")
        }
      }),
  )

  it.effect("[DCO-087] a blocked host reaches nothing, not even from the operators' network", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      yield* it.establish("block", [{ _tag: "SourceBlocked", ipAddress: ed.client.ipAddress }])
      const health = { component: restart.component, action: "Get-ServerHealth" }
      const refused = yield* it.call(ed, "run-as-engineer", health)
      assert.strictEqual(verdict(refused), "deny at network-path: NetworkDenied")
    }),
  )
})

describe("accounts and factors", () => {
  it.effect(
    "[DCO-018] a service account serves no person, and is switched off at the attempt",
    () =>
      Effect.gen(function* () {
        const it = yield* fresh()
        const use = {
          serviceAccount: "svc-exchange-transport",
          component: "exo-nam01-dkm",
          action: "Get-DkmKey",
          defeated: ["network"],
        }
        const tried = yield* it.call(attacker, "attempt-service-account-use", use)
        assert.strictEqual(verdict(tried), "deny at no-standing-access: NoStandingAccess")
        assert.deepInclude(yield* raised(it), ["DR-07", "High"])
        const service = {
          ...attacker,
          id: "svc-exchange-transport",
          kind: "service-account",
        } as const
        const later = yield* it.call(service, "run-as-service", {
          component: "exo-nam01-dkm",
          action: "Get-DkmKey",
        })
        assert.strictEqual(verdict(later), "deny at no-standing-access: NoStandingAccess")
      }),
  )

  it.effect("[DCO-196] asking for keys without an elevation is noticed as such", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      yield* it.call(ed, "run-as-engineer", {
        component: "exo-nam01-safe",
        action: "Get-BitLockerVolume",
      })
      assert.deepStrictEqual(yield* raised(it), [
        ["DR-03", "High"],
        ["DR-11", "High"],
      ])
    }),
  )

  it.effect("[DCO-075] three failed second factors in ten minutes lock the account", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const session = { component: restart.component, smartCard: "None" }
      for (let count = 0; count < 3; count++) yield* it.call(ed, "start-session", session)
      assert.deepStrictEqual(yield* raised(it), [["DR-22", "Medium"]])
      assert.strictEqual(engineerOf(yield* it.world, "ed")?.state, "Locked")
    }),
  )

  it.effect("[DCO-243] failed sign-ins on ten accounts from one source block the source", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      for (let count = 0; count < 10; count++) {
        yield* it.call(attacker, "attempt-sign-in", {
          stolenFrom: `person-${count}`,
          component: restart.component,
        })
        yield* it.advance(minutes(0.5))
      }
      assert.deepStrictEqual(yield* raised(it), [["DR-02", "High"]])
      assert.deepStrictEqual((yield* it.world).datacenter.blockedSources, [
        attacker.client.ipAddress,
      ])
    }),
  )

  it.effect("[DCO-095] content of another tenant: refused, noticed twice over, revoked", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it, contentRequest)
      const foreign = { ...folderCounts, request, tenant: "fabrikam.com" }
      const tried = yield* it.call(ed, "run-as-engineer", foreign)
      assert.strictEqual(verdict(tried), "deny at resource-scope: OutOfScope")
      assert.deepStrictEqual(yield* raised(it), [
        ["DR-04", "High"],
        ["DR-14", "High"],
      ])
      assert.strictEqual(elevationOf(yield* it.world, request)?.state, "Revoked")
    }),
  )

  it.effect("[DCO-244] a forwarding rule tried by an operator costs the elevation", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it, contentRequest)
      const rule = { ...folderCounts, action: "New-InboxRule", request }
      const tried = yield* it.call(ed, "run-as-engineer", rule)
      assert.strictEqual(verdict(tried), "deny at just-enough-access: CmdletNotInRole")
      assert.deepStrictEqual(yield* raised(it), [["DR-20", "High"]])
      assert.strictEqual(elevationOf(yield* it.world, request)?.state, "Revoked")
    }),
  )

  // Alerts on ordinary work would make every alert worthless.
  it.effect("ordinary work inside an elevation raises nothing", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it)
      yield* it.call(ed, "start-session", { request, component: restart.component })
      yield* it.call(ed, "run-as-engineer", restart)
      yield* it.call(ed, "run-as-engineer", { ...restart, action: "Set-Mailbox" })
      yield* it.call(ed, "complete-elevation", { request })
      assert.deepStrictEqual(yield* raised(it), [])
    }),
  )
})
