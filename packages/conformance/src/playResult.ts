import { isoOf } from "@twin/kernel"
import type { Message } from "@twin/scenario"
import type { ExpectationResult, ScenarioResult, StepResult } from "./ConformanceReport.ts"

type Writable<A> = { -readonly [K in keyof A]: A[K] }
type Part<A> = A extends readonly (infer Item)[] ? Item[] : never

interface OpenStep extends Omit<Writable<StepResult>, "decisions" | "expectations"> {
  decisions: Part<StepResult["decisions"]>
  expectations: ExpectationResult[]
}

/** The place of an expectation, the same in every play of a scenario. */
export const expectationKey = (section: number, step: number, index: number): string =>
  `${section}/${step}/${index}`

/** Folds the messages of one play into its result; what could shake it is not known yet. */
export const playResult = (messages: Iterable<Message>): ScenarioResult => {
  let head: Extract<Message, { readonly _tag: "ScenarioStarted" }> | undefined
  let end = { held: 0, failed: 0, errors: 0 }
  const sections: { title: string; steps: OpenStep[] }[] = []
  const stepAt = (at: { readonly section: number; readonly step: number }) =>
    sections[at.section]?.steps.at(-1)
  for (const message of messages) {
    switch (message._tag) {
      case "ScenarioStarted":
        head = message
        break
      case "SectionStarted":
        sections[message.section] = { title: message.title, steps: [] }
        break
      case "StepStarted":
        sections[message.section]?.steps.push({
          ...(message.id === undefined ? {} : { id: message.id }),
          kind: message.kind,
          title: message.title,
          actor: message.actor,
          command: message.command,
          line: message.line,
          at: isoOf(message.at),
          decisions: [],
          expectations: [],
        })
        break
      case "DecisionMade": {
        const { operation, actor, decision } = message
        stepAt(message)?.decisions.push({ operation, actor, decision })
        break
      }
      case "DeadlinePassed": {
        const { name, decision } = message
        stepAt(message)?.decisions.push({ operation: name, actor: "system", decision })
        break
      }
      case "ExpectationJudged": {
        const { that, held, found, claims } = message.judgement
        stepAt(message)?.expectations.push({
          that,
          held,
          found,
          claims,
          shaken: "none",
          isVacuous: false,
        })
        break
      }
      case "PollAnswered": {
        const step = stepAt(message)
        const { question, choices, right } = message.round
        if (step !== undefined) step.poll = { question, choices, right }
        break
      }
      case "StepFailed": {
        const step = stepAt(message)
        if (step !== undefined) step.error = message.error
        break
      }
      case "ScenarioFinished":
        end = message
        break
      case "OutputPrinted":
      case "WarningGiven":
      case "MailSent":
      case "AuditWritten":
      case "ClockMoved":
      case "StepFinished":
        break
    }
  }
  return {
    id: head?.id ?? "",
    title: head?.title ?? "",
    file: head?.file ?? "",
    level: head?.level ?? 0,
    durationMinutes: head?.durationMinutes ?? 0,
    sources: head?.sources ?? [],
    state: end.failed === 0 && end.errors === 0 ? "held" : "failed",
    held: end.held,
    failed: end.failed,
    errors: end.errors,
    problems: [],
    sections,
  }
}
