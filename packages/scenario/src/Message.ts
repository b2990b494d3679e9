import { AuditRecord, Decision, FactId, Mail, Refusal } from "@twin/kernel"
import { Schema } from "effect"

const StepRef = {
  section: Schema.Int,
  /** Number of the step within its section, from 0. */
  step: Schema.Int,
}

/** One expectation as it was judged. */
export const Judgement = Schema.Struct({
  /** In words for the audience. */
  that: Schema.String,
  held: Schema.Boolean,
  /** What was found, in a sentence: the reason of a failure, the evidence of a success. */
  found: Schema.String,
  claims: Schema.Array(FactId),
  /** Steps marked as decisive by the author. */
  decisiveSteps: Schema.Array(Schema.String),
})
export type Judgement = typeof Judgement.Type

/** A question to the audience, with the answer that the twin gave. */
export const PollRound = Schema.Struct({
  question: Schema.String,
  choices: Schema.Array(Schema.String),
  /** Index of the choice that the twin's answer makes right. */
  right: Schema.Int,
  decision: Decision,
})
export type PollRound = typeof PollRound.Type

/** What ended a step early, as a person reads it. */
export const StepError = Schema.Struct({
  id: Schema.String,
  message: Schema.String,
})
export type StepError = typeof StepError.Type

/**
 * The one ordered stream that a play emits. The player, the plain printer and the reports read it;
 * nothing about a play is known from elsewhere. Times are epoch milliseconds of the tenant's clock.
 */
export const Message = Schema.TaggedUnion({
  ScenarioStarted: {
    id: Schema.String,
    title: Schema.String,
    abstract: Schema.String,
    level: Schema.Int,
    durationMinutes: Schema.Int,
    file: Schema.String,
    seed: Schema.String,
    at: Schema.Finite,
    agenda: Schema.Array(Schema.Struct({ title: Schema.String, steps: Schema.Int })),
    claims: Schema.Array(FactId),
    sources: Schema.Array(Schema.String),
  },
  SectionStarted: { section: Schema.Int, title: Schema.String, talk: Schema.String },
  StepStarted: {
    ...StepRef,
    id: Schema.optionalKey(Schema.String),
    kind: Schema.Literals(["powershell", "do", "wait", "fault", "attack", "expect", "poll"]),
    title: Schema.String,
    say: Schema.String,
    /** Who acts, by address; empty where nobody does. */
    actor: Schema.String,
    /** What is done, one line or several: cmdlet lines, or the action with its parameters. */
    command: Schema.String,
    line: Schema.Int,
    at: Schema.Finite,
  },
  DecisionMade: {
    ...StepRef,
    /** Operation or cmdlet that was decided. */
    operation: Schema.String,
    actor: Schema.String,
    decision: Decision,
    refusal: Schema.optionalKey(Refusal),
  },
  OutputPrinted: { ...StepRef, text: Schema.String },
  WarningGiven: { ...StepRef, text: Schema.String },
  MailSent: { ...StepRef, mail: Mail },
  AuditWritten: { ...StepRef, record: AuditRecord },
  /** Something fell due by the clock alone. */
  DeadlinePassed: { ...StepRef, name: Schema.String, at: Schema.Finite, decision: Decision },
  ClockMoved: { ...StepRef, from: Schema.Finite, to: Schema.Finite },
  ExpectationJudged: { ...StepRef, index: Schema.Int, judgement: Judgement },
  PollAnswered: { ...StepRef, round: PollRound },
  StepFailed: { ...StepRef, error: StepError },
  StepFinished: { ...StepRef, at: Schema.Finite },
  ScenarioFinished: {
    held: Schema.Int,
    failed: Schema.Int,
    /** Steps that ended with an error which nothing expected. */
    errors: Schema.Int,
    at: Schema.Finite,
  },
})
export type Message = typeof Message.Type
