import type { AuditRecord, Decision, Mail, Refusal } from "@twin/kernel"
import type { Judgement, Message, PollRound, StepError } from "@twin/scenario"

/** A decision as the stage shows it. */
export interface ShownDecision {
  readonly operation: string
  readonly decision: Decision
  readonly refusal: Refusal | undefined
}

/** One step as the stage shows it. */
export interface ShownStep {
  readonly section: number
  readonly step: number
  readonly title: string
  readonly say: string
  readonly actor: string
  readonly command: string
  readonly decisions: readonly ShownDecision[]
  readonly output: readonly string[]
  readonly warnings: readonly string[]
  readonly happened: readonly string[]
  readonly judgements: readonly Judgement[]
  readonly poll: PollRound | undefined
  readonly error: StepError | undefined
}

/** Everything that the messages so far say; the same messages give the same model. */
export interface StageModel {
  readonly title: string
  readonly abstract: string
  readonly head: string
  readonly agenda: readonly { readonly title: string; readonly steps: number }[]
  /** Number of the current section; -1 before the first. */
  readonly section: number
  readonly sectionTitle: string
  readonly talk: string
  readonly step: ShownStep | undefined
  readonly mails: readonly Mail[]
  readonly audit: readonly AuditRecord[]
  /** Epoch milliseconds of the tenant's clock. */
  readonly now: number
  readonly held: number
  readonly failed: number
  readonly isFinished: boolean
  readonly hasFailed: boolean
}

export const emptyStage: StageModel = {
  title: "",
  abstract: "",
  head: "",
  agenda: [],
  section: -1,
  sectionTitle: "",
  talk: "",
  step: undefined,
  mails: [],
  audit: [],
  now: 0,
  held: 0,
  failed: 0,
  isFinished: false,
  hasFailed: false,
}

const onStep = (model: StageModel, change: (step: ShownStep) => Partial<ShownStep>): StageModel =>
  model.step === undefined ? model : { ...model, step: { ...model.step, ...change(model.step) } }

/** Takes one message into the model. Pure: going back means folding fewer messages. */
export const showMessage = (model: StageModel, message: Message): StageModel => {
  switch (message._tag) {
    case "ScenarioStarted":
      return {
        ...emptyStage,
        title: message.title,
        abstract: message.abstract,
        head: `level ${message.level}, ${message.durationMinutes} minutes, seed ${message.seed}`,
        agenda: message.agenda,
        now: message.at,
      }
    case "SectionStarted":
      return {
        ...model,
        section: message.section,
        sectionTitle: message.title,
        talk: message.talk,
        step: undefined,
      }
    case "StepStarted": {
      const { section, step, title, say, actor, command } = message
      return {
        ...model,
        now: message.at,
        step: {
          section,
          step,
          title,
          say,
          actor,
          command: message.kind === "poll" ? "" : command,
          decisions: [],
          output: [],
          warnings: [],
          happened: [],
          judgements: [],
          poll: undefined,
          error: undefined,
        },
      }
    }
    case "DecisionMade": {
      const { operation, decision, refusal } = message
      return onStep(model, ({ decisions }) => ({
        decisions: [...decisions, { operation, decision, refusal }],
      }))
    }
    case "DeadlinePassed": {
      const { name, decision } = message
      return onStep(model, ({ decisions }) => ({
        decisions: [...decisions, { operation: name, decision, refusal: undefined }],
      }))
    }
    case "OutputPrinted":
      return onStep(model, ({ output }) => ({ output: [...output, message.text] }))
    case "WarningGiven":
      return onStep(model, ({ warnings }) => ({ warnings: [...warnings, message.text] }))
    case "MailSent":
      return onStep({ ...model, mails: [...model.mails, message.mail] }, ({ happened }) => ({
        happened: [...happened, `mail to ${message.mail.to}: ${message.mail.subject}`],
      }))
    case "AuditWritten":
      return onStep({ ...model, audit: [...model.audit, message.record] }, ({ happened }) => ({
        happened: [...happened, `audit: ${message.record.Operation} by ${message.record.UserId}`],
      }))
    case "ClockMoved":
      return { ...model, now: message.to }
    case "ExpectationJudged": {
      const { judgement } = message
      return onStep(
        {
          ...model,
          held: model.held + (judgement.held ? 1 : 0),
          failed: model.failed + (judgement.held ? 0 : 1),
        },
        ({ judgements }) => ({ judgements: [...judgements, judgement] }),
      )
    }
    case "PollAnswered":
      return onStep(model, () => ({ poll: message.round }))
    case "StepFailed":
      return onStep(model, () => ({ error: message.error }))
    case "StepFinished":
      return { ...model, now: message.at }
    case "ScenarioFinished":
      return {
        ...model,
        now: message.at,
        isFinished: true,
        hasFailed: message.failed > 0 || message.errors > 0,
      }
  }
}
