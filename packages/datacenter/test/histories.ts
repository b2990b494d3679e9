import { minutes } from "@twin/kernel"
import { Arbitrary, Effect, Schema } from "effect"
import { customerRequestsOf, elevationsOf, engineerActor } from "../src/index.ts"
import {
  attacker,
  contentRequest,
  fresh,
  member,
  operationsRequest,
  tenant,
  type TestSimulation,
} from "./setup.ts"

const pick = <const L extends readonly [string, ...string[]]>(literals: L) =>
  Arbitrary.schema(Schema.Literals(literals))
const index = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 })))

/** One thing somebody may do. Ids are picked by number among those that exist, so that they collide. */
export interface Step {
  readonly kind: (typeof kinds)[number]
  readonly who: (typeof people)[number]
  readonly target: number
  readonly machine: (typeof machines)[number]
  readonly action: (typeof actions)[number]
  readonly minutes: number
}

const kinds = [
  "request",
  "request content",
  "request keys",
  "approve",
  "approve",
  "deny",
  "cancel",
  "complete",
  "revoke",
  "tenant approves",
  "tenant denies",
  "tenant cancels",
  "session",
  "run",
  "run",
  "run in session",
  "end session",
  "steal",
  "replay",
  "move",
  "own approval",
  "role away",
  "role back",
  "terminate",
  "switch",
  "audit fault",
  "lockbox fault",
  "wait",
  "wait",
] as const
const people = ["ed", "eva", "max", "lea", "lou", "sam", "nobody"] as const
const machines = [
  "exo-nam01-mbx01",
  "exo-nam01-mbx02",
  "exo-nam01-dkm",
  "exo-eur01-mbx01",
  "nowhere",
] as const
const actions = [
  "Restart-Service",
  "Get-Mailbox",
  "Get-ServerHealth",
  "Get-MailboxFolderStatistics",
  "Get-DkmKey",
  "New-InboxRule",
] as const

export const steps: Arbitrary.Arbitrary<readonly Step[]> = Arbitrary.array(
  Arbitrary.all({
    kind: pick(kinds),
    who: pick(people),
    target: index,
    machine: pick(machines),
    action: pick(actions),
    minutes: Arbitrary.schema(Schema.Literals([1, 10, 15, 60, 240, 720])),
  }),
  { maxLength: 30 },
)

/** Does one step; refusals are fine, failures are not. */
const perform = Effect.fnUntraced(function* (it: TestSimulation, step: Step) {
  const world = yield* it.world
  const actor = engineerActor(step.who)
  const request = elevationsOf(world).at(-1 - step.target)?.id ?? "none"
  const customer = customerRequestsOf(world).at(-1 - step.target)?.id ?? "EXSR000000"
  const session = world.datacenter.openSessions.at(-1 - step.target) ?? "none"
  const line = { component: step.machine, action: step.action }
  const all = ["network", "workstation", "smart-card"]
  const asked = { ...operationsRequest, components: [step.machine], durationMinutes: step.minutes }
  switch (step.kind) {
    case "request":
      return yield* it.call(actor, "request-elevation", asked)
    case "request content":
      return yield* it.call(actor, "request-elevation", {
        ...contentRequest,
        components: [step.machine],
        durationMinutes: step.minutes,
      })
    case "request keys":
      return yield* it.call(actor, "request-elevation", { ...asked, role: "DkmKeyAccess" })
    case "approve":
      return yield* it.call(actor, "approve-elevation", { request })
    case "deny":
      return yield* it.call(actor, "deny-elevation", { request })
    case "cancel":
      return yield* it.call(actor, "cancel-elevation", { request })
    case "complete":
      return yield* it.call(actor, "complete-elevation", { request })
    case "revoke":
      return yield* it.call(actor, "revoke-elevation", { request })
    case "tenant approves":
      return yield* it.call(member("judy"), "approve-lockbox", { request: customer })
    case "tenant denies":
      return yield* it.call(member("ivan"), "deny-lockbox", { request: customer })
    case "tenant cancels":
      return yield* it.call(member("judy"), "cancel-lockbox", { request: customer })
    case "session":
      return yield* it.call(actor, "start-session", { request, component: step.machine })
    case "run":
      return yield* it.call(actor, "run-as-engineer", { ...line, request, tenant })
    case "run in session":
      return yield* it.call(actor, "run-as-engineer", { ...line, session })
    case "end session":
      return yield* it.call(actor, "end-session", { session })
    case "steal":
      return yield* it.call(attacker, "attempt-standing-access", {
        ...line,
        stolenFrom: step.who,
        defeated: all,
      })
    case "replay":
      return yield* it.call(attacker, "replay-expired-credential", {
        ...line,
        request,
        defeated: all,
      })
    case "move":
      return yield* it.call(attacker, "attempt-lateral-movement", {
        from: "exo-nam01-mbx02",
        component: step.machine,
        request,
      })
    case "own approval":
      return yield* it.call(attacker, "attempt-approve-own-request", { request })
    case "role away":
      return yield* it.call(engineerActor("max"), "remove-lockbox-role", {
        engineer: step.who,
        role: "ServiceEngineerOperations",
      })
    case "role back":
      return yield* it.call(engineerActor("max"), "assign-lockbox-role", {
        engineer: step.who,
        role: "ServiceEngineerOperations",
      })
    case "terminate":
      return step.target === 0
        ? yield* it.call(engineerActor("max"), "terminate-engineer", { engineer: step.who })
        : undefined
    case "switch":
      return yield* it.call(member("ivan"), "set-customer-lockbox", { on: step.target > 1 })
    case "audit fault":
      return yield* it.call(actor, "switch-fault", {
        fault: "audit-unavailable",
        on: step.target === 0,
      })
    case "lockbox fault":
      return yield* it.call(actor, "switch-fault", {
        fault: "lockbox-unavailable",
        on: step.target === 0,
      })
    case "wait":
      yield* it.advance(minutes(step.minutes))
      return undefined
  }
})

/** A world in which all of it happened, one thing after the other. */
export const lived = Effect.fnUntraced(function* (history: readonly Step[], seed = "history") {
  const it = yield* fresh(seed)
  for (const step of history) yield* perform(it, step)
  return it
})
