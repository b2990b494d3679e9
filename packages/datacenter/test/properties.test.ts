import { assert, describe, it } from "@effect/vitest"
import {
  canonicalJson,
  firstBreak,
  type JournalRecord,
  replay,
  resumeSimulation,
} from "@twin/kernel"
import { Effect } from "effect"
import {
  DatacenterEvent,
  elevationsOf,
  engineersOf,
  firstLogBreak,
  internalLogOf,
  standingPrivilegesOf,
  validateInvariants,
} from "../src/index.ts"
import { lived, steps } from "./histories.ts"
import { composition } from "./setup.ts"

type Recorded = Extract<DatacenterEvent, { readonly _tag: string }>

/** The datacenter's events of a journal with the record that holds each, in order. */
const eventsOf = (records: readonly JournalRecord[]) =>
  records.flatMap((record) =>
    record.events
      .filter(({ _tag }) => Object.hasOwn(DatacenterEvent.cases, _tag))
      // The journal keeps events as JSON; their shape is what was appended.
      .map((event) => ({ event: event as unknown as Recorded, record })),
  )

/**
 * A second reading of the rules, from the journal alone and without any gate: which account could do
 * what, from when to when. Slow and obviously right.
 */
const checkJournal = (records: readonly JournalRecord[]): void => {
  const accounts = new Map<
    string,
    {
      owner: string
      request: string
      from: number
      to: number
      machines: readonly string[]
      commands: readonly string[]
    }
  >()
  const approvers = new Map<string, string[]>()
  const requesters = new Map<string, string>()
  const tenantYes = new Map<string, readonly [number, number]>()
  const asked = new Map<string, string>()
  for (const { event, record } of eventsOf(records)) {
    switch (event._tag) {
      case "ElevationRequested":
        requesters.set(event.request.id, event.request.requester)
        break
      case "ElevationSentToCustomer":
        asked.set(event.request, event.customerRequest.id)
        approvers.set(event.request, [...(approvers.get(event.request) ?? []), event.approval.by])
        break
      case "ElevationStepApproved":
      case "ElevationApproved":
        approvers.set(event.request, [...(approvers.get(event.request) ?? []), event.approval.by])
        break
      case "CustomerLockboxApproved":
        tenantYes.set(event.customerRequest, [event.at, event.accessUntil])
        break
      case "JitAccountProvisioned": {
        const { id, request, owner, notBefore, notAfter, scope, capability } = event.account
        accounts.set(id, {
          owner,
          request,
          from: notBefore,
          to: notAfter,
          machines: scope.components,
          commands: capability.map(({ name }) => name),
        })
        break
      }
      case "ElevationElapsed":
      case "ElevationCompleted":
      case "ElevationRevoked":
        for (const account of accounts.values()) {
          if (account.request === event.request) account.to = Math.min(account.to, event.at)
        }
        break
      case "OperatorActionTaken": {
        const { action } = event
        if (!action.isPrivileged) break
        const account = accounts.get(action.account ?? "")
        assert.isDefined(account, "acted without an account")
        assert.strictEqual(account?.owner, action.owner)
        assert.isTrue(account !== undefined && account.from <= record.at && record.at < account.to)
        assert.include(account?.machines, action.component)
        assert.include(account?.commands, action.command)
        const people = approvers.get(account?.request ?? "") ?? []
        assert.isAbove(people.length, 0)
        assert.notInclude(people, requesters.get(account?.request ?? ""))
        if (action.command === "Get-DkmKey") assert.strictEqual(new Set(people).size, 3)
        const customer = asked.get(account?.request ?? "")
        if (action.touches === "customer-content" && customer !== undefined) {
          const [from, to] = tenantYes.get(customer) ?? [0, 0]
          assert.isTrue(from <= record.at && record.at < to && to - from <= 14_400_000)
        }
        break
      }
      default:
        break
    }
  }
}

/** The common schema of audit records. */
const mandatory = [
  "Id",
  "RecordType",
  "CreationTime",
  "Operation",
  "OrganizationId",
  "UserType",
  "UserKey",
  "Workload",
  "UserId",
  "ClientIP",
]

describe("whatever people and attackers do, in whatever order", () => {
  it.effect.prop(
    "[DCO-011] [DCO-013] [DCO-047] [DCO-107] nobody acts without an approved, unexpired, fitting elevation",
    [steps],
    ([history]) =>
      Effect.gen(function* () {
        const it = yield* lived(history)
        checkJournal(yield* it.records)
        const world = yield* it.world
        for (const { id } of engineersOf(world)) {
          assert.deepStrictEqual(standingPrivilegesOf(world, id), [])
        }
        const broken = validateInvariants(world, yield* it.now)
          .filter(({ status }) => status === "fail")
          .map(({ id, violations }) => [id, ...violations])
        assert.deepStrictEqual(broken, [])
      }),
    { timeout: 120_000, arbitrary: { runs: 120 } },
  )

  it.effect.prop(
    "[DCO-204] [DCO-208] [DCO-212] [DCO-056] every attempt and transition leaves exactly one record",
    [steps],
    ([history]) =>
      Effect.gen(function* () {
        const it = yield* lived(history)
        const records = yield* it.records
        const log = internalLogOf(yield* it.world)
        assert.isUndefined(firstLogBreak(log))
        assert.isUndefined(firstBreak(records))
        for (const record of log) {
          // Who, where, what and how it ended; when is in the record as well.
          for (const text of [record.who, record.where, record.what, record.outcome]) {
            assert.isNotEmpty(text)
          }
        }
        for (const { events, audit, operation } of records) {
          for (const record of audit) for (const field of mandatory) assert.property(record, field)
          if (operation.startsWith("establish") || operation === "switch-fault") continue
          const written = events.filter(({ _tag }) => _tag === "InternalRecordWritten").length
          assert.isAbove(written, 0, operation)
          assert.strictEqual(audit.length, written, operation)
        }
        // Each request went through the machine from its first record to its present state.
        const named = log.flatMap(({ request, transitions }) =>
          (transitions ?? []).map((transition) => `${request} ${transition}`),
        )
        const once = named.filter((it) => !it.endsWith("LBX-03b") && !it.endsWith("LBX-05"))
        assert.strictEqual(new Set(once).size, once.length)
        const provisioned = elevationsOf(yield* it.world).filter(({ account }) => account)
        for (const { id } of provisioned) assert.include(named, `${id} LBX-11`)
      }),
    { timeout: 120_000, arbitrary: { runs: 60 } },
  )

  it.effect.prop(
    "a replay of the journal, and of any part of it, leads to the same state",
    [steps],
    ([history]) =>
      Effect.gen(function* () {
        const it = yield* lived(history)
        const records = yield* it.records
        assert.deepStrictEqual(replay(composition, records), yield* it.world)
        const middle = Math.floor(records.length / 2)
        const checkpoint = replay(composition, records.slice(0, middle))
        const resumed = records
          .slice(middle)
          .flatMap(({ events }) => events)
          .reduce(composition.evolve, checkpoint)
        assert.deepStrictEqual(resumed, yield* it.world)
      }),
    { timeout: 120_000, arbitrary: { runs: 30 } },
  )

  it.effect.prop(
    "the same seed and steps give the same journal, also after a fork",
    [steps, steps],
    ([before, after]) =>
      Effect.gen(function* () {
        const one = yield* lived([...before, ...after])
        const two = yield* lived([...before, ...after])
        const bytes = canonicalJson(yield* one.records)
        assert.strictEqual(canonicalJson(yield* two.records), bytes)
        const fork = yield* resumeSimulation(composition, "history", yield* one.checkpoint)
        yield* fork.advance(86_400_000)
        assert.strictEqual(canonicalJson(yield* one.records), bytes)
      }),
    { timeout: 120_000, arbitrary: { runs: 15 } },
  )
})
