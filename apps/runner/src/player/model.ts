import type { AuditRecord, Mail } from "@twin/kernel"
import type { Judgement, Message } from "@twin/scenario"

/** How a step ended. */
export type StepMark = "done" | "held" | "failed"

/** Everything that the messages so far say; the same messages give the same model. */
export interface StageModel {
  /** The messages of what is on stage now: the opening, a section's talk, or a step. */
  readonly shown: readonly Message[]
  readonly sectionTitle: string
  /** By `section.step`. */
  readonly marks: Readonly<Record<string, StepMark>>
  readonly mails: readonly Mail[]
  readonly audit: readonly AuditRecord[]
  /** Epoch milliseconds of the tenant's clock. */
  readonly now: number
  readonly held: number
  /** What did not hold. */
  readonly failures: readonly Judgement[]
  /** Claims that something has proven. */
  readonly proven: readonly string[]
  readonly isFinished: boolean
  readonly hasFailed: boolean
}

export const emptyStage: StageModel = {
  shown: [],
  sectionTitle: "",
  marks: {},
  mails: [],
  audit: [],
  now: 0,
  held: 0,
  failures: [],
  proven: [],
  isFinished: false,
  hasFailed: false,
}

const marked = (
  model: StageModel,
  { section, step }: { readonly section: number; readonly step: number },
  mark: StepMark,
): StageModel => {
  const key = `${section}.${step}`
  // What has failed stays failed, whatever holds besides.
  if (model.marks[key] === "failed") return model
  return { ...model, marks: { ...model.marks, [key]: mark } }
}

const judged = (model: StageModel, it: Judgement): StageModel =>
  it.held
    ? {
        ...model,
        held: model.held + 1,
        proven: [...new Set([...model.proven, ...it.claims])].toSorted(),
      }
    : { ...model, failures: [...model.failures, it] }

/** Takes one message into the model. Pure: going back means folding fewer messages. */
export const showMessage = (before: StageModel, message: Message): StageModel => {
  const model = { ...before, shown: [...before.shown, message] }
  switch (message._tag) {
    case "ScenarioStarted":
      return { ...emptyStage, shown: [message], now: message.at }
    case "SectionStarted":
      return { ...before, shown: [message], sectionTitle: message.title }
    case "StepStarted":
      return marked({ ...before, shown: [message], now: message.at }, message, "done")
    case "MailSent":
      return { ...model, mails: [...model.mails, message.mail] }
    case "AuditWritten":
      return { ...model, audit: [...model.audit, message.record] }
    case "ClockMoved":
      return { ...model, now: message.to }
    case "ExpectationJudged": {
      const { held } = message.judgement
      return marked(judged(model, message.judgement), message, held ? "held" : "failed")
    }
    case "StepFinished":
      return { ...model, now: message.at }
    case "ScenarioFinished":
      return {
        ...before,
        shown: [message],
        now: message.at,
        isFinished: true,
        hasFailed: message.failed > 0 || message.errors > 0,
      }
    case "DecisionMade":
    case "DeadlinePassed":
    case "OutputPrinted":
    case "WarningGiven":
    case "PollAnswered":
    // An error may be what the story is about: whether it was expected shows at the end.
    case "StepFailed":
      return model
  }
}
