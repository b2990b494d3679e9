import { type Decision, decidingGate } from "@twin/kernel"
import type { Tenant } from "@twin/tenant"
import { Effect, Result } from "effect"
import { lookupFor } from "./lookup.ts"
import { fail, failWith, type Recorder } from "./recorder.ts"
import { resolveReferences } from "./references.ts"
import type { PollChoice, PollStep } from "./Scenario.ts"

type Choice = typeof PollChoice.Type

/** Asks the twin, not the author, which choice is right. Exactly one has to be. */
export const answerPoll = Effect.fnUntraced(function* (
  tenant: Tenant,
  body: typeof PollStep.Type,
  recorder: Recorder,
) {
  const lookup = yield* lookupFor(tenant, recorder.memory, body.asks)
  const asks = resolveReferences(body.asks, lookup)
  if (Result.isFailure(asks)) {
    return fail(recorder, { id: "ReferenceEmpty", message: `${asks.failure} leads to nothing` })
  }
  const { who, do: action, on, using } = asks.success as (typeof body)["asks"]
  const answered = yield* Effect.result(
    tenant.explain({ who, action, on, ...(using === undefined ? {} : { using }) }),
  )
  if (Result.isFailure(answered)) return yield* failWith(recorder, answered.failure)
  const decision = answered.success
  const right = body.choices.flatMap((choice, index) => (isRight(choice, decision) ? [index] : []))
  const [only, another] = right
  if (only === undefined || another !== undefined) {
    const found = `${decision.outcome} by ${decidingGate(decision).name}`
    return fail(recorder, {
      id: "PollUndecided",
      message: `${right.length} choices fit the twin's answer (${found}); exactly one must`,
    })
  }
  recorder.messages.push({
    _tag: "PollAnswered",
    ...recorder.at,
    round: {
      question: body.poll,
      choices: body.choices.map(({ text }) => text),
      right: only,
      decision,
    },
  })
})

const isRight = ({ when }: Choice, decision: Decision): boolean => {
  const rights = new Set(decision.rights ?? [])
  return (
    (when.outcome === undefined || when.outcome === decision.outcome) &&
    (when.gate === undefined || when.gate === decidingGate(decision).name) &&
    (when.has ?? []).every((right) => rights.has(right)) &&
    !(when.lacks ?? []).some((right) => rights.has(right))
  )
}
