import { assert, describe, it } from "@effect/vitest"
import { days, hours, minutes } from "@twin/kernel"
import { Effect } from "effect"
import {
  blastRadiusOf,
  elevationOf,
  engineerActor,
  engineersOf,
  jitAccountsOf,
  secureWorkstation,
  standingPrivilegesOf,
} from "../../src/index.ts"
import {
  contentRequest,
  ed,
  elevated,
  eva,
  folderCounts,
  fresh,
  max,
  operationsRequest,
  restart,
  start,
  value,
  verdict,
} from "../setup.ts"

const server = "exo-nam01-mbx01"

describe("without an elevation", () => {
  it.effect("[DCO-011] [DCO-016] nobody holds a privilege, whatever roles they may ask for", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const world = yield* it.world
      for (const { id } of engineersOf(world)) {
        assert.deepStrictEqual(standingPrivilegesOf(world, id), [])
        const tried = yield* it.call(engineerActor(id), "run-as-engineer", restart)
        assert.strictEqual(verdict(tried), "deny at no-standing-access: NoStandingAccess", id)
      }
      const rows = (yield* it.call(ed, "list-standing-access", {})).output
      assert.isAbove(rows.length, 5)
      for (const row of rows) assert.deepInclude(row, { standingPrivileges: [], liveElevations: 0 })
    }),
  )

  it.effect("[DCO-015] a service team account reads system metadata, and only that", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const health = { component: server, action: "Get-ServerHealth" }
      assert.strictEqual(verdict(yield* it.call(ed, "run-as-engineer", health)), "allow")
      for (const action of ["Get-Mailbox", "Get-MailboxFolderStatistics", "No-SuchCommand"]) {
        const refused = yield* it.call(ed, "run-as-engineer", { component: server, action })
        assert.strictEqual(verdict(refused), "deny at no-standing-access: NoStandingAccess")
      }
    }),
  )

  it.effect("[DCO-019] a corporate account gives nothing, from any device", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const corporate = { ...ed, kind: "member" } as const
      const refused = yield* it.call(corporate, "run-as-engineer", restart)
      assert.strictEqual(refused.decision.outcome, "deny")
    }),
  )
})

const from = (client: Partial<typeof secureWorkstation>) =>
  engineerActor("ed", { ...secureWorkstation, ...client })

describe("the way in", () => {
  const health = { component: server, action: "Get-ServerHealth" }

  it.effect("[DCO-087] [DCO-090] is closed from every network but the operators'", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      for (const ipAddress of ["203.0.113.10", "192.0.2.9", "10.0.0.1", ""]) {
        const refused = yield* it.call(from({ ipAddress }), "run-as-engineer", health)
        assert.strictEqual(verdict(refused), "deny at network-path: NetworkDenied", ipAddress)
      }
      const nowhere = yield* it.call(ed, "run-as-engineer", { ...health, component: "nowhere" })
      assert.strictEqual(verdict(nowhere), "deny at network-path: NetworkDenied")
    }),
  )

  it.effect("[DCO-067] [DCO-068] needs a secure workstation that passes its health check", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const laptop = yield* it.call(from({ app: "browser" }), "run-as-engineer", health)
      assert.strictEqual(verdict(laptop), "deny at secure-workstation: SawRequired")
      const unmanaged = yield* it.call(from({ device: "unmanaged" }), "run-as-engineer", health)
      assert.strictEqual(verdict(unmanaged), "deny at secure-workstation: SawNonCompliant")
      yield* it.call(max, "check-workstation", { engineer: "ed", compliant: false })
      const failed = yield* it.call(ed, "run-as-engineer", health)
      assert.strictEqual(verdict(failed), "deny at secure-workstation: SawNonCompliant")
      yield* it.call(max, "check-workstation", { engineer: "ed", compliant: true })
      assert.strictEqual(verdict(yield* it.call(ed, "run-as-engineer", health)), "allow")
    }),
  )

  it.effect("[DCO-075] [DCO-076] needs the smart card of this very platform", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      for (const smartCard of ["None", "SharePoint"]) {
        const refused = yield* it.call(ed, "run-as-engineer", { ...health, smartCard })
        assert.strictEqual(verdict(refused), "deny at smart-card: MfaRequired")
      }
      const given = yield* it.call(ed, "run-as-engineer", { ...health, smartCard: "Exchange" })
      assert.strictEqual(verdict(given), "allow")
    }),
  )

  it.effect(
    "[DCO-077] by remote PowerShell needs the operations role and debug authorisation",
    () =>
      Effect.gen(function* () {
        const it = yield* fresh()
        const remote = { ...health, interface: "RemotePowerShell" }
        assert.strictEqual(verdict(yield* it.call(ed, "run-as-engineer", remote)), "allow")
        yield* it.call(max, "remove-lockbox-role", { engineer: "ed", role: "ReadOnlyDebug" })
        const refused = yield* it.call(ed, "run-as-engineer", remote)
        assert.strictEqual(
          verdict(refused),
          "deny at secure-workstation: RemotePowerShellNotAuthorised",
        )
      }),
  )
})

describe("inside an elevation", () => {
  it.effect("[DCO-013] [DCO-079] [DCO-081] the approved actions work, and no others", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it)
      const run = (action: string, parameters = {}) =>
        it.call(ed, "run-as-engineer", { component: server, action, parameters, request })
      assert.strictEqual(verdict(yield* run("Restart-Service", { Name: "W3SVC" })), "allow")
      assert.strictEqual(verdict(yield* run("Get-Mailbox", { Identity: "x" })), "allow")
      assert.strictEqual(
        verdict(yield* run("Set-Mailbox", { Identity: "x" })),
        "deny at just-enough-access: CmdletNotInRole",
      )
      assert.strictEqual(
        verdict(yield* run("Restart-Service", { Name: "lsass" })),
        "deny at just-enough-access: ParameterNotAllowed",
      )
      assert.strictEqual(
        verdict(yield* run("Restart-Service", { Name: "W3SVC", ComputerName: "x" })),
        "deny at just-enough-access: ParameterNotAllowed",
      )
    }),
  )

  it.effect("[DCO-046] [DCO-062] fewer actions than the role holds stay fewer", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it, { ...operationsRequest, actions: ["get-queue"] })
      const queue = { component: server, action: "Get-Queue", request }
      assert.strictEqual(verdict(yield* it.call(ed, "run-as-engineer", queue)), "allow")
      const more = yield* it.call(ed, "run-as-engineer", { ...restart, request })
      assert.strictEqual(verdict(more), "deny at just-enough-access: CmdletNotInRole")
    }),
  )

  it.effect(
    "[DCO-096] [DCO-057] another machine is out of scope, another partition a boundary",
    () =>
      Effect.gen(function* () {
        const tried = Effect.fnUntraced(function* (component: string) {
          const it = yield* fresh()
          const request = yield* elevated(it)
          const result = yield* it.call(ed, "run-as-engineer", { ...restart, component, request })
          return [verdict(result), elevationOf(yield* it.world, request)?.state]
        })
        assert.deepStrictEqual(yield* tried("exo-nam01-mbx02"), [
          "deny at resource-scope: OutOfScope",
          "Revoked",
        ])
        assert.deepStrictEqual(yield* tried("exo-eur01-mbx01"), [
          "deny at partition-boundary: PartitionBoundary",
          "Revoked",
        ])
      }),
  )

  it.effect("[DCO-022] an account serves its owner only", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it)
      const borrowed = yield* it.call(eva, "run-as-engineer", { ...restart, request })
      assert.strictEqual(verdict(borrowed), "deny at no-standing-access: NoStandingAccess")
      const session = value(
        yield* it.call(ed, "start-session", { request, component: server }),
        "session",
      )
      const hijacked = yield* it.call(eva, "run-as-engineer", { ...restart, session })
      assert.strictEqual(verdict(hijacked), "deny at no-standing-access: NoStandingAccess")
      const ended = yield* it.call(eva, "end-session", { session })
      assert.strictEqual(verdict(ended), "deny at own-session: SessionNotFound")
    }),
  )

  it.effect("[DCO-201] [DCO-026] rights on the server are no rights on content", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it)
      const copy = yield* it.call(ed, "run-as-engineer", {
        component: server,
        action: "Copy-Item",
        parameters: { Path: "D:\\db1.edb", Destination: "E:\\" },
        request,
      })
      assert.strictEqual(verdict(copy), "deny at content-role: RoleLacksContentAccess")
    }),
  )

  it.effect("[DCO-057] [DCO-095] content of another mailbox or tenant is out of scope", () =>
    Effect.gen(function* () {
      const tried = Effect.fnUntraced(function* (more: object) {
        const it = yield* fresh()
        const request = yield* elevated(it, contentRequest)
        const result = yield* it.call(ed, "run-as-engineer", { ...folderCounts, request, ...more })
        return verdict(result)
      })
      assert.strictEqual(yield* tried({}), "allow")
      assert.strictEqual(yield* tried({ container: "ALICE@contoso.com" }), "allow")
      assert.strictEqual(
        yield* tried({ container: "bob@contoso.com" }),
        "deny at resource-scope: OutOfScope",
      )
      assert.strictEqual(
        yield* tried({ tenant: "fabrikam.com" }),
        "deny at resource-scope: OutOfScope",
      )
    }),
  )

  it.effect("[DCO-097] [DCO-021] reaches what was approved and nothing after its end", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      yield* elevated(it, { ...operationsRequest, actions: ["Restart-Service", "Get-Queue"] })
      const [account] = jitAccountsOf(yield* it.world)
      assert.deepStrictEqual(blastRadiusOf(yield* it.world, account?.id ?? "", start), {
        commands: 2,
        components: 1,
        partitions: 1,
        tenants: 0,
        minutesLeft: 60,
      })
      const nothing = { commands: 0, components: 0, partitions: 0, tenants: 0, minutesLeft: 0 }
      const end = start + hours(1)
      assert.deepStrictEqual(blastRadiusOf(yield* it.world, account?.id ?? "", end), nothing)
      assert.deepStrictEqual(blastRadiusOf(yield* it.world, "ed", start), nothing)
    }),
  )
})

describe("sessions", () => {
  it.effect("[DCO-073] one for each machine, through one gateway connection", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it, {
        ...operationsRequest,
        components: [server, "exo-nam01-mbx02"],
      })
      const open = (component: string, actor = ed) =>
        it.call(actor, "start-session", { request, component })
      const first = yield* open(server)
      assert.strictEqual(verdict(first), "allow")
      assert.strictEqual(verdict(yield* open(server)), "deny at session-rules: SessionLimitReached")
      const elsewhere = engineerActor("ed", { ...secureWorkstation, ipAddress: "198.51.100.21" })
      assert.strictEqual(
        verdict(yield* open("exo-nam01-mbx02", elsewhere)),
        "deny at session-rules: SessionLimitReached",
      )
      assert.strictEqual(verdict(yield* open("exo-nam01-mbx02")), "allow")
      yield* it.call(ed, "end-session", { session: value(first, "session") })
      assert.strictEqual(verdict(yield* open(server)), "allow")
    }),
  )

  it.effect("[DCO-071] idle for fifteen minutes, thirty where the scenario says so", () =>
    Effect.gen(function* () {
      for (const tsgIdleMinutes of [15, 30]) {
        const it = yield* fresh()
        yield* it.call(max, "set-datacenter-setting", { tsgIdleMinutes })
        const request = yield* elevated(it)
        const session = value(
          yield* it.call(ed, "start-session", { request, component: server }),
          "session",
        )
        yield* it.advance(minutes(tsgIdleMinutes) - 1)
        const used = yield* it.call(ed, "run-as-engineer", { ...restart, session })
        assert.strictEqual(verdict(used), "allow")
        const [record] = yield* it.advance(minutes(tsgIdleMinutes))
        assert.strictEqual(record?.operation, "operator-session-timed-out")
        const late = yield* it.call(ed, "run-as-engineer", { ...restart, session })
        assert.strictEqual(verdict(late), "deny at session-rules: SessionTimedOut")
      }
    }),
  )

  it.effect("[DCO-072] end after twenty-four hours, however busy", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const session = value(yield* it.call(ed, "start-session", { component: server }), "session")
      const health = { component: server, action: "Get-ServerHealth", session }
      const ends: number[] = []
      for (let at = 0; at < days(1); at += minutes(10)) {
        ends.push(...(yield* it.advance(minutes(10))).map((record) => record.at))
        if (at + minutes(10) < days(1)) {
          assert.strictEqual(verdict(yield* it.call(ed, "run-as-engineer", health)), "allow")
        }
      }
      assert.deepStrictEqual(ends, [start + days(1)])
      const late = yield* it.call(ed, "run-as-engineer", health)
      assert.strictEqual(verdict(late), "deny at session-rules: SessionTimedOut")
    }),
  )
})
