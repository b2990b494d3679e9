import type { OutputObject } from "@twin/kernel"
import type { Tenant } from "@twin/tenant"
import { Effect, Result } from "effect"
import { durationMillis } from "./duration.ts"
import { judge } from "./judge.ts"
import { lookupFor } from "./lookup.ts"
import type { Memory, PlacedStep } from "./Memory.ts"
import type { Message } from "./Message.ts"
import { answerPoll } from "./poll.ts"
import { runPowershellStep } from "./powershellStep.ts"
import { fail, failWith, pushTrace, type Recorder, record } from "./recorder.ts"
import { resolveReferences } from "./references.ts"
import type { ActionStep, AttackStep, FaultStep, Step, WaitStep } from "./Scenario.ts"
import { expectationsOf, stepKindOf } from "./Scenario.ts"
import { commandOf, titleOf } from "./stepText.ts"

/** What a step needs: the tenant of the moment, what earlier steps left, and what was typed. */
export interface StepContext {
  readonly tenant: Tenant
  readonly memory: Memory
  readonly placed: PlacedStep
  /** Typed by the presenter in place of the parameter that the step marks. */
  readonly typed: string | undefined
  /** For a counterproof: nothing is done, but what the step expects is judged all the same. */
  readonly isLeftOut: boolean
}

/** What a step did, as messages, and what later steps can refer to. */
export interface StepResult {
  readonly messages: readonly Message[]
  readonly memory: Memory
}

/** Plays one step. Whatever goes wrong inside it is a message: a play always goes on. */
export const runStep = Effect.fn("runStep")(function* (context: StepContext) {
  const { tenant, memory, placed, isLeftOut } = context
  const { body, section, step, line } = placed
  const recorder: Recorder = { at: { section, step }, messages: [], memory, id: body.id }
  const params = yield* paramsOf(context)
  const actor = "as" in body && body.as !== undefined ? yield* addressOf(tenant, body.as) : ""
  recorder.messages.push({
    _tag: "StepStarted",
    ...recorder.at,
    ...(body.id === undefined ? {} : { id: body.id }),
    kind: stepKindOf(body) ?? "expect",
    title: titleOf(body),
    say: body.say ?? "",
    actor,
    command: commandOf(body, Result.getOrUndefined(params)),
    line,
    at: yield* tenant.now,
  })
  if (!isLeftOut) yield* act(tenant, body, params, recorder)
  for (const [index, expectation] of expectationsOf(body).entries()) {
    yield* judge(tenant, expectation, index, recorder)
  }
  recorder.messages.push({ _tag: "StepFinished", ...recorder.at, at: yield* tenant.now })
  const result: StepResult = { messages: recorder.messages, memory: recorder.memory }
  return result
})

type Params = Result.Result<Readonly<Record<string, unknown>>, string>

const act = Effect.fnUntraced(function* (
  tenant: Tenant,
  body: Step,
  params: Params,
  recorder: Recorder,
) {
  if ("powershell" in body) return yield* runPowershellStep(tenant, body, recorder)
  if ("do" in body) return yield* runCall(tenant, body, body.do, params, recorder)
  if ("attack" in body) return yield* runCall(tenant, body, body.attack, params, recorder)
  if ("wait" in body) return yield* runWait(tenant, body, recorder)
  if ("fault" in body) return yield* runFault(tenant, body, recorder)
  if ("poll" in body) return yield* answerPoll(tenant, body, recorder)
})

/** The parameters with references replaced, and with what the presenter typed. */
const paramsOf = Effect.fnUntraced(function* ({ tenant, memory, placed, typed }: StepContext) {
  const { body } = placed
  if (!("with" in body) || body.with === undefined) return Result.succeed({}) as Params
  const replaced =
    typed !== undefined && "typed" in body && body.typed !== undefined
      ? { ...body.with, [body.typed]: typed }
      : body.with
  const lookup = yield* lookupFor(tenant, memory, replaced)
  return resolveReferences(replaced, lookup) as Params
})

const addressOf = (tenant: Tenant, who: string): Effect.Effect<string> =>
  tenant.actor(who).pipe(
    Effect.map(({ id }) => id),
    Effect.catchTag("WhoUnknown", () => Effect.succeed(who)),
  )

const runCall = Effect.fnUntraced(function* (
  tenant: Tenant,
  body: typeof ActionStep.Type | typeof AttackStep.Type,
  operation: string,
  params: Params,
  recorder: Recorder,
) {
  if (Result.isFailure(params)) {
    const message = `${params.failure} leads to nothing: an earlier step did not give it`
    return fail(recorder, { id: "ReferenceEmpty", message })
  }
  const result = yield* Effect.result(
    Effect.gen(function* () {
      const actor = yield* tenant.actor(body.as, body.using)
      return { actor, answer: yield* tenant.call(actor, operation, params.success) }
    }),
  )
  if (Result.isFailure(result)) return yield* failWith(recorder, result.failure)
  const { actor, answer } = result.success
  record(recorder, { operation, actor, answer })
  const save = "save" in body ? body.save : undefined
  const [first] = answer.output
  if (save !== undefined && first !== undefined && answer.decision.outcome === "allow") {
    recorder.memory = {
      ...recorder.memory,
      saved: { ...recorder.memory.saved, [save]: first },
    }
  }
  for (const row of answer.output) {
    recorder.messages.push({ _tag: "OutputPrinted", ...recorder.at, text: outputText(row) })
  }
})

const outputText = (row: OutputObject): string =>
  Object.entries(row)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n")

const runWait = Effect.fnUntraced(function* (
  tenant: Tenant,
  body: typeof WaitStep.Type,
  recorder: Recorder,
) {
  const from = yield* tenant.now
  const passed = yield* tenant.advance(durationMillis(body.wait))
  for (const it of passed) {
    recorder.messages.push({
      _tag: "DeadlinePassed",
      ...recorder.at,
      name: it.operation,
      at: it.at,
      decision: it.decision,
    })
    pushTrace(recorder, it)
  }
  recorder.messages.push({ _tag: "ClockMoved", ...recorder.at, from, to: yield* tenant.now })
})

const runFault = Effect.fnUntraced(function* (
  tenant: Tenant,
  body: typeof FaultStep.Type,
  recorder: Recorder,
) {
  const result = yield* Effect.result(
    Effect.gen(function* () {
      const actor = yield* tenant.actor("system")
      const params = { fault: body.fault, on: body.on }
      return { actor, answer: yield* tenant.call(actor, "switch-fault", params) }
    }),
  )
  if (Result.isFailure(result)) return yield* failWith(recorder, result.failure)
  record(recorder, { operation: "switch-fault", ...result.success })
})
