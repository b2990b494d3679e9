import { assert, describe, it } from "@effect/vitest"
import { KeyVault, memoryServices } from "@twin/crypto"
import { hours, isoOf, mailboxOf, makeSimulation, minutes } from "@twin/kernel"
import { Context, Effect } from "effect"
import {
  alertsOf,
  datacenterBaseline,
  elevationOf,
  engineerActor,
  jitAccountsOf,
  liveAccountsOf,
} from "../../src/index.ts"
import {
  ask,
  composition,
  ed,
  elevated,
  eva,
  fresh,
  lea,
  lou,
  max,
  operationsRequest,
  restart,
  start,
  value,
  verdict,
} from "../setup.ts"

describe("asking for an elevation", () => {
  it.effect("[DCO-042] [DCO-046] [DCO-061] waits for a decision, and tells every approver", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const result = yield* it.call(ed, "request-elevation", operationsRequest)
      assert.strictEqual(verdict(result), "allow")
      assert.strictEqual(value(result, "state"), "PendingManager")
      assert.strictEqual(value(result, "dueAt"), isoOf(start + hours(12)))
      const mails = yield* it.mails
      for (const who of ["eva", "max"]) {
        const [mail] = mailboxOf(mails, who, start)
        assert.strictEqual(mail?.kind, "approval-request")
        assert.strictEqual(mail?.link, value(result, "request"))
      }
      assert.strictEqual(mailboxOf(mails, "lea", start).length, 0)
      assert.strictEqual(liveAccountsOf(yield* it.world, "ed", start).length, 0)
    }),
  )

  const rejected: readonly (readonly [reason: string, changed: object])[] = [
    ["NoLockboxRole", { role: "NoSuchRole" }],
    ["NoLockboxRole", { role: undefined }],
    ["ActionNotInRole", { actions: ["Get-AvailabilityKey"] }],
    ["ActionNotInRole", { actions: ["Restart-Service", "Set-Mailbox"] }],
    ["ResourceOutOfScope", { components: [] }],
    ["ResourceOutOfScope", { components: undefined }],
    ["ResourceOutOfScope", { components: ["no-such-machine"] }],
    ["NotEligible", { components: ["exo-gcc01-mbx01"] }],
    ["PartitionBoundary", { components: ["exo-nam01-mbx01", "exo-eur01-mbx01"] }],
    ["DurationExceedsMaximum", { durationMinutes: 481 }],
    ["DurationExceedsMaximum", { durationMinutes: undefined }],
    ["JustificationMissing", { reason: "  " }],
    ["JustificationMissing", { reason: undefined }],
    ["ServiceRequestMissing", { role: "AccessToCustomerData" }],
    ["ResourceOutOfScope", { tenant: "fabrikam.com" }],
  ]
  for (const [reason, changed] of rejected) {
    it.effect(
      `[DCO-042] [DCO-044] [DCO-062] [DCO-199] is rejected with ${reason} for ${JSON.stringify(changed)}, unseen by approvers`,
      () =>
        Effect.gen(function* () {
          const it = yield* fresh()
          const params = Object.fromEntries(
            Object.entries({ ...operationsRequest, ...changed }).filter(
              ([, given]) => given !== undefined,
            ),
          )
          const result = yield* it.call(ed, "request-elevation", params)
          assert.strictEqual(result.decision.outcome, "deny")
          assert.strictEqual(value(result, "reason"), reason)
          const world = yield* it.world
          assert.strictEqual(elevationOf(world, value(result, "request"))?.state, "Rejected")
          assert.deepStrictEqual(yield* it.mails, [])
        }),
    )
  }

  it.effect("[DCO-040] an engineer names only machines of services in their scope of work", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      yield* it.call(max, "onboard-engineer", {
        engineer: "ben",
        displayName: "Ben",
        team: "SharePoint operations",
        services: ["SharePoint"],
        screenings: [
          "identity",
          "criminal-history",
          "education",
          "employment-history",
          "sanctions-lists",
        ],
        backgroundCheck: true,
        training: true,
      })
      yield* it.call(max, "assign-lockbox-role", { engineer: "ben", role: "ReadOnlyDebug" })
      const ben = engineerActor("ben")
      const request = { ...operationsRequest, role: "ReadOnlyDebug" }
      const outside = yield* it.call(ben, "request-elevation", request)
      assert.strictEqual(verdict(outside), "deny at resource-scope: ResourceOutOfScope")
      const inside = yield* it.call(ben, "request-elevation", {
        ...request,
        components: ["spo-nam01-web01"],
      })
      assert.strictEqual(verdict(inside), "allow")
    }),
  )

  it.effect("[DCO-011] [DCO-064] only people of the service can ask at all", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      for (const kind of ["member", "guest", "attacker", "service-account"] as const) {
        const result = yield* it.call({ ...ed, kind }, "request-elevation", operationsRequest)
        assert.strictEqual(verdict(result), "deny at service-team-account: NotEligible", kind)
      }
    }),
  )
})

describe("deciding on an elevation", () => {
  it.effect("[DCO-012] [DCO-050] [DCO-013] the approval makes one bounded account", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* ask(it, { ...operationsRequest, actions: ["Restart-Service"] })
      const approved = yield* it.call(eva, "approve-elevation", { request })
      assert.strictEqual(value(approved, "state"), "Provisioned")
      const [account] = liveAccountsOf(yield* it.world, "ed", start)
      assert.deepInclude(account, {
        owner: "ed",
        request,
        notBefore: start,
        notAfter: start + hours(1),
      })
      assert.deepStrictEqual(
        account?.capability.map(({ name }) => name),
        ["Restart-Service"],
      )
      assert.deepStrictEqual(account?.scope.components, ["exo-nam01-mbx01"])
    }),
  )

  it.effect("[DCO-047] nobody approves their own request, and the request stays pending", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* ask(it, operationsRequest)
      const own = yield* it.call(ed, "approve-elevation", { request })
      assert.strictEqual(verdict(own), "deny at separation-of-duties: SelfApprovalForbidden")
      const world = yield* it.world
      assert.strictEqual(elevationOf(world, request)?.state, "PendingManager")
      assert.deepStrictEqual(
        alertsOf(world).map(({ rule, severity }) => [rule, severity]),
        [["DR-05", "Medium"]],
      )
      assert.strictEqual(verdict(yield* it.call(eva, "approve-elevation", { request })), "allow")
    }),
  )

  it.effect("[DCO-061] somebody without the designation cannot decide, and it is noticed", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* ask(it, operationsRequest)
      for (const operation of ["approve-elevation", "deny-elevation"]) {
        const refused = yield* it.call(lea, operation, { request })
        assert.strictEqual(verdict(refused), "deny at approver-designation: ApproverNotDesignated")
      }
      assert.deepStrictEqual(
        alertsOf(yield* it.world).map(({ rule }) => rule),
        ["DR-05", "DR-05"],
      )
    }),
  )

  it.effect("[DCO-061] the requester is never asked to decide, even with a designation", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      yield* it.call(max, "introduce-drift", { kind: "request-and-approve-pair", engineer: "ed" })
      yield* ask(it, operationsRequest)
      const asked = (yield* it.mails).filter(({ kind }) => kind === "approval-request")
      assert.deepStrictEqual(
        asked.map(({ to }) => to),
        ["eva", "max"],
      )
    }),
  )

  it.effect("[DCO-048] [DCO-114] a no is final", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* ask(it, operationsRequest)
      const denied = yield* it.call(max, "deny-elevation", { request, comment: "Not now" })
      assert.strictEqual(value(denied, "state"), "Denied")
      const late = yield* it.call(eva, "approve-elevation", { request })
      assert.strictEqual(verdict(late), "deny at request-state: RequestClosed")
      assert.strictEqual(jitAccountsOf(yield* it.world).length, 0)
    }),
  )

  it.effect("[DCO-048] [DCO-049] without a decision the request lapses, at its own moment", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* ask(it, operationsRequest)
      assert.deepStrictEqual(yield* it.advance(hours(12) - 1), [])
      const [record] = yield* it.advance(1)
      assert.strictEqual(record?.operation, "elevation-request-expired")
      assert.strictEqual(record?.at, start + hours(12))
      assert.strictEqual(record?.audit.length, 1)
      assert.strictEqual(elevationOf(yield* it.world, request)?.state, "Expired")
      const late = yield* it.call(eva, "approve-elevation", { request })
      assert.strictEqual(verdict(late), "deny at request-state: RequestClosed")
    }),
  )

  it.effect(
    "[DCO-193] [CRY-021] keys of the directory need the manager and two of the legal team",
    () =>
      Effect.gen(function* () {
        const it = yield* fresh()
        const request = yield* ask(it, {
          ...operationsRequest,
          role: "DkmKeyAccess",
          components: ["exo-nam01-dkm"],
        })
        const early = yield* it.call(lea, "approve-elevation", { request })
        assert.strictEqual(verdict(early), "deny at approver-designation: ApproverNotDesignated")
        const first = yield* it.call(eva, "approve-elevation", { request })
        assert.strictEqual(value(first, "state"), "PendingManager")
        yield* it.call(lea, "approve-elevation", { request })
        const twice = yield* it.call(lea, "approve-elevation", { request })
        assert.strictEqual(verdict(twice), "deny at approver-designation: ApproverNotDesignated")
        assert.strictEqual(jitAccountsOf(yield* it.world).length, 0)
        const last = yield* it.call(lou, "approve-elevation", { request })
        assert.strictEqual(value(last, "state"), "Provisioned")
        const run = yield* it.call(ed, "run-as-engineer", {
          component: "exo-nam01-dkm",
          action: "Get-DkmKey",
          request,
        })
        assert.strictEqual(verdict(run), "allow")
      }),
  )

  it.effect("[DCO-193] one no of the legal team ends it", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* ask(it, {
        ...operationsRequest,
        role: "DkmKeyAccess",
        components: ["exo-nam01-dkm"],
      })
      yield* it.call(eva, "approve-elevation", { request })
      yield* it.call(lou, "deny-elevation", { request })
      assert.strictEqual(elevationOf(yield* it.world, request)?.state, "Denied")
    }),
  )
})

describe("the end of an elevation", () => {
  it.effect("[DCO-052] [DCO-053] comes by itself, to the millisecond, with its own record", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const request = yield* elevated(it)
      yield* it.advance(hours(1) - 1)
      const last = yield* it.call(ed, "run-as-engineer", { ...restart, request })
      assert.strictEqual(verdict(last), "allow")
      const [record] = yield* it.advance(1)
      assert.strictEqual(record?.operation, "jit-account-expired")
      assert.strictEqual(record?.at, start + hours(1))
      assert.strictEqual(record?.audit[0]?.["Operation"], "jit-account-expired")
      const late = yield* it.call(ed, "run-as-engineer", { ...restart, request })
      assert.strictEqual(verdict(late), "deny at grant-window: ElevationExpired")
      assert.strictEqual(elevationOf(yield* it.world, request)?.state, "Elapsed")
    }),
  )

  it.effect("[DCO-052] cuts the open session, but not sessions of other elevations", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const short = yield* elevated(it, { ...operationsRequest, durationMinutes: 10 })
      const long = yield* elevated(it, { ...operationsRequest, components: ["exo-nam01-mbx02"] })
      yield* it.call(ed, "start-session", { request: short, component: "exo-nam01-mbx01" })
      yield* it.call(ed, "start-session", { request: long, component: "exo-nam01-mbx02" })
      yield* it.advance(minutes(10))
      const { openSessions } = (yield* it.world).datacenter
      assert.strictEqual(openSessions.length, 1)
      const other = yield* it.call(ed, "run-as-engineer", {
        ...restart,
        component: "exo-nam01-mbx02",
      })
      assert.strictEqual(verdict(other), "allow")
    }),
  )

  it.effect("[DCO-054] more time needs a new request, a new approval, account and password", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      yield* elevated(it)
      yield* elevated(it)
      const [first, second] = jitAccountsOf(yield* it.world)
      assert.notStrictEqual(first?.id, second?.id)
      assert.notStrictEqual(first?.credential, second?.credential)
    }),
  )

  it.effect("[DCO-058] several elevations of one person are never merged", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const nam = yield* elevated(it)
      const eur = yield* elevated(it, {
        ...operationsRequest,
        role: "ReadOnlyDebug",
        components: ["exo-eur01-mbx01"],
      })
      const mixed = { ...restart, component: "exo-eur01-mbx01" }
      assert.strictEqual(
        verdict(yield* it.call(ed, "run-as-engineer", { ...mixed, request: eur })),
        "deny at just-enough-access: CmdletNotInRole",
      )
      assert.strictEqual(
        verdict(yield* it.call(ed, "run-as-engineer", { ...mixed, request: nam })),
        "deny at partition-boundary: PartitionBoundary",
      )
    }),
  )

  it.effect("[DCO-050] its password is new each time and gone from the safe with the account", () =>
    Effect.gen(function* () {
      const services = yield* memoryServices
      const it = yield* makeSimulation({ composition, seed: "s", services, start })
      yield* it.establish("establish-datacenter", datacenterBaseline(start))
      const vault = Context.get(services.context, KeyVault)
      const first = yield* elevated(it)
      const second = yield* elevated(it)
      const passwords = yield* Effect.forEach(jitAccountsOf(yield* it.world), ({ credential }) =>
        vault.symmetricKey(credential),
      )
      assert.strictEqual(passwords.length, 2)
      assert.notDeepEqual(passwords[0], passwords[1])
      const journal = JSON.stringify(yield* it.records)
      for (const password of passwords) {
        assert.notInclude(journal, Buffer.from(password).toString("base64"))
        assert.notInclude(journal, Buffer.from(password).toString("hex"))
      }
      const kept = Effect.fnUntraced(function* () {
        return yield* Effect.filter(jitAccountsOf(yield* it.world), ({ credential }) =>
          vault.has(credential),
        )
      })
      assert.strictEqual((yield* kept()).length, 2)
      yield* it.call(ed, "complete-elevation", { request: first })
      assert.deepStrictEqual(
        (yield* kept()).map(({ request }) => request),
        [second],
      )
      yield* it.call(eva, "revoke-elevation", { request: second })
      assert.deepStrictEqual(yield* kept(), [])
    }),
  )

  it.effect("[DCO-050] a session needs the password: without it in the safe there is none", () =>
    Effect.gen(function* () {
      const services = yield* memoryServices
      const it = yield* makeSimulation({ composition, seed: "s", services, start })
      yield* it.establish("establish-datacenter", datacenterBaseline(start))
      const request = yield* elevated(it)
      const [account] = jitAccountsOf(yield* it.world)
      yield* Context.get(services.context, KeyVault).destroyKey(account?.credential ?? "")
      const refused = yield* it.call(ed, "start-session", {
        request,
        component: "exo-nam01-mbx01",
      })
      assert.strictEqual(verdict(refused), "deny at one-time-password: NoStandingAccess")
    }),
  )
})
