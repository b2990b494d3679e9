import {
  type Actor,
  type CallResult,
  type Decision,
  type JournalRecord,
  type JournalUnusable,
  type OperationUnknown,
  type ParametersInvalid,
  refusalOf,
} from "@twin/kernel"
import type { QuestionUnanswerable, WhoUnknown } from "@twin/tenant"
import { Effect } from "effect"
import type { Memory } from "./Memory.ts"
import type { Message, StepError } from "./Message.ts"

/** Collects what happens in one step, in order. */
export interface Recorder {
  readonly at: { readonly section: number; readonly step: number }
  readonly messages: Message[]
  memory: Memory
  /** Id under which decisions and errors of this step are remembered. */
  readonly id: string | undefined
}

/** What a call to the tenant may fail with. */
export type CallFailure =
  | WhoUnknown
  | QuestionUnanswerable
  | JournalUnusable
  | OperationUnknown
  | ParametersInvalid

/** A failure inside a step is shown and remembered; one of the journal ends the play. */
export const failWith = (
  recorder: Recorder,
  failure: CallFailure,
): Effect.Effect<void, JournalUnusable> =>
  failure._tag === "JournalUnusable"
    ? Effect.fail(failure)
    : Effect.sync(() => fail(recorder, { id: failure._tag, message: failure.message }))

export const fail = (recorder: Recorder, error: StepError): void => {
  const { memory, id } = recorder
  recorder.memory = {
    ...memory,
    errors: id === undefined ? memory.errors : { ...memory.errors, [id]: error },
    lastError: error,
    openErrors: [...memory.openErrors, error],
  }
  recorder.messages.push({ _tag: "StepFailed", ...recorder.at, error })
}

/** Notes what a call was answered and everything that followed from it. */
export const record = (
  recorder: Recorder,
  call: { readonly operation: string; readonly actor: Actor; readonly answer: CallResult },
): void => {
  const { decision, warnings } = call.answer
  const refusal = refusalOf(decision)
  recorder.messages.push({
    _tag: "DecisionMade",
    ...recorder.at,
    operation: call.operation,
    actor: call.actor.id,
    decision,
    ...(refusal === undefined ? {} : { refusal }),
  })
  for (const text of warnings) {
    recorder.messages.push({ _tag: "WarningGiven", ...recorder.at, text })
  }
  if (call.answer.record !== undefined) pushTrace(recorder, call.answer.record)
  remember(recorder, decision)
}

const remember = (recorder: Recorder, decision: Decision): void => {
  const { memory, id } = recorder
  recorder.memory = {
    ...memory,
    decisions: id === undefined ? memory.decisions : { ...memory.decisions, [id]: decision },
    lastDecision: decision,
  }
}

/** Mail and audit records of a journal record, in their order. */
export const pushTrace = (recorder: Recorder, { mail, audit }: JournalRecord): void => {
  for (const it of mail) recorder.messages.push({ _tag: "MailSent", ...recorder.at, mail: it })
  for (const it of audit) {
    recorder.messages.push({ _tag: "AuditWritten", ...recorder.at, record: it })
  }
}
