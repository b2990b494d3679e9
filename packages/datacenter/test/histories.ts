import { minutes } from "@twin/kernel"
import { Arbitrary, Effect, Schema } from "effect"
import {
  customerRequestsOf,
  elevationsOf,
  engineerActor,
  isLive,
  openElevationsOf,
} from "../src/index.ts"
import {
  attacker,
  contentRequest,
  fresh,
  member,
  operationsRequest,
  type TestSimulation,
  tenant,
} from "./setup.ts"

/** One of these, each as often as it is written. */
const pick = <const A>(choices: readonly [A, ...A[]]): Arbitrary.Arbitrary<A> =>
  Arbitrary.map(
    Arbitrary.schema(Schema.Literals(choices.map((_, index) => index))),
    (index) => choices[index] ?? choices[0],
  )

/** What may happen, the usual things more often. */
const kinds = [
  "elevate",
  "elevate",
  "elevate",
  "elevate content",
  "elevate content",
  "request",
  "request",
  "request content",
  "request content",
  "request keys",
  "approve",
  "approve",
  "approve",
  "approve",
  "approve",
  "approve",
  "deny",
  "cancel",
  "complete",
  "revoke",
  "tenant approves",
  "tenant approves",
  "tenant denies",
  "tenant cancels",
  "session",
  "session",
  "run",
  "run",
  "run",
  "run",
  "run",
  "run",
  "run",
  "run",
  "run",
  "run in session",
  "run in session",
  "end session",
  "steal",
  "replay",
  "move",
  "own approval",
  "role away",
  "role back",
  "role back",
  "terminate",
  "switch",
  "audit fault",
  "lockbox fault",
  "wait",
  "wait",
] as const
const engineers = ["ed", "ed", "ed", "ed", "ed", "ed", "ed", "ed", "eva", "nobody"] as const
const approvers = ["eva", "eva", "max", "max", "lea", "lou", "sam", "ed"] as const
const machines = [
  "exo-nam01-mbx01",
  "exo-nam01-mbx01",
  "exo-nam01-mbx01",
  "exo-nam01-mbx01",
  "exo-nam01-mbx01",
  "exo-nam01-mbx01",
  "exo-nam01-mbx01",
  "exo-nam01-mbx02",
  "exo-nam01-dkm",
  "exo-eur01-mbx01",
  "nowhere",
] as const
const actions = [
  "Restart-Service",
  "Get-Mailbox",
  "Get-Mailbox",
  "Get-ServerHealth",
  "Get-MailboxFolderStatistics",
  "Get-MailboxFolderStatistics",
  "Get-DkmKey",
  "New-InboxRule",
] as const

/** One thing somebody may do. Ids are picked by number among those that exist, so that they collide. */
export interface Step {
  readonly kind: (typeof kinds)[number]
  readonly engineer: (typeof engineers)[number]
  readonly approver: (typeof approvers)[number]
  /** Counted from the newest. */
  readonly target: number
  readonly machine: (typeof machines)[number]
  readonly action: (typeof actions)[number]
  readonly minutes: number
}

export const steps: Arbitrary.Arbitrary<readonly Step[]> = Arbitrary.array(
  Arbitrary.all({
    kind: pick(kinds),
    engineer: pick(engineers),
    approver: pick(approvers),
    target: pick([0, 0, 0, 1, 2]),
    machine: pick(machines),
    action: pick(actions),
    minutes: pick([5, 5, 10, 15, 30, 60, 60, 240, 720]),
  }),
  { minLength: 30, maxLength: 40 },
)

/** Does one step; refusals are fine, failures are not. */
const perform = Effect.fnUntraced(function* (it: TestSimulation, step: Step) {
  const world = yield* it.world
  const engineer = engineerActor(step.engineer)
  const approver = engineerActor(step.approver)
  // Mostly one that is open, and the machine that it is for; now and then any other.
  const isStray = step.target === 2
  const open = openElevationsOf(world).at(-1 - step.target)
  const request = (isStray ? elevationsOf(world).at(-3)?.id : open?.id) ?? "none"
  const machine = isStray ? step.machine : (open?.scope.components[0] ?? step.machine)
  const customer = customerRequestsOf(world).at(-1 - step.target)?.id ?? "EXSR000000"
  const session = world.datacenter.openSessions.at(-1 - step.target) ?? "none"
  const live = openElevationsOf(world).findLast(({ state }) => isLive(state))
  const usable = isStray ? request : (live?.id ?? request)
  const line = {
    component: isStray ? machine : (live?.scope.components[0] ?? machine),
    action: step.action,
  }
  const all = ["network", "workstation", "smart-card"]
  const { role, container, serviceRequest } = contentRequest
  const content = { role, tenant, container, serviceRequest }
  const asked = { ...operationsRequest, components: [step.machine], durationMinutes: step.minutes }
  switch (step.kind) {
    case "elevate":
    case "elevate content": {
      const params = step.kind === "elevate" ? asked : { ...asked, ...content }
      const { output } = yield* it.call(engineer, "request-elevation", params)
      return yield* it.call(engineerActor("eva"), "approve-elevation", {
        request: output[0]?.["request"] ?? request,
      })
    }
    case "request":
      return yield* it.call(engineer, "request-elevation", asked)
    case "request content":
      return yield* it.call(engineer, "request-elevation", {
        ...asked,
        ...content,
      })
    case "request keys":
      return yield* it.call(engineer, "request-elevation", { ...asked, role: "DkmKeyAccess" })
    case "approve":
      return yield* it.call(approver, "approve-elevation", { request })
    case "deny":
      return yield* it.call(approver, "deny-elevation", { request })
    case "cancel":
      return yield* it.call(engineer, "cancel-elevation", { request })
    case "complete":
      return yield* it.call(engineer, "complete-elevation", { request: usable })
    case "revoke":
      return yield* it.call(approver, "revoke-elevation", { request })
    case "tenant approves":
      return yield* it.call(member("judy"), "approve-lockbox", { request: customer })
    case "tenant denies":
      return yield* it.call(member("ivan"), "deny-lockbox", { request: customer })
    case "tenant cancels":
      return yield* it.call(member("judy"), "cancel-lockbox", { request: customer })
    case "session":
      return yield* it.call(engineer, "start-session", {
        request: usable,
        component: line.component,
      })
    case "run":
      return yield* it.call(engineer, "run-as-engineer", { ...line, request: usable, tenant })
    case "run in session":
      return yield* it.call(engineer, "run-as-engineer", { ...line, session })
    case "end session":
      return yield* it.call(engineer, "end-session", { session })
    case "steal":
      return yield* it.call(attacker, "attempt-standing-access", {
        ...line,
        stolenFrom: step.engineer,
        defeated: all,
      })
    case "replay":
      return yield* it.call(attacker, "replay-expired-credential", {
        ...line,
        request,
        defeated: all,
      })
    case "move":
      // Rarely: both machines are isolated afterwards.
      return isStray
        ? yield* it.call(attacker, "attempt-lateral-movement", {
            from: "exo-nam01-mbx02",
            component: step.machine,
            request,
          })
        : undefined
    case "own approval":
      return yield* it.call(attacker, "attempt-approve-own-request", { request })
    case "role away":
      return isStray
        ? yield* it.call(engineerActor("max"), "remove-lockbox-role", {
            engineer: step.engineer,
            role: "ServiceEngineerOperations",
          })
        : undefined
    case "role back":
      return yield* it.call(engineerActor("max"), "assign-lockbox-role", {
        engineer: step.engineer,
        role: "ServiceEngineerOperations",
      })
    case "terminate":
      return isStray
        ? yield* it.call(engineerActor("max"), "terminate-engineer", { engineer: step.engineer })
        : undefined
    case "switch":
      return yield* it.call(member("ivan"), "set-customer-lockbox", { on: !isStray })
    case "audit fault":
      return yield* it.call(engineer, "switch-fault", {
        fault: "audit-unavailable",
        on: isStray,
      })
    case "lockbox fault":
      return yield* it.call(engineer, "switch-fault", {
        fault: "lockbox-unavailable",
        on: isStray,
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
