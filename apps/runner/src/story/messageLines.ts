import type { Judgement, Message, PollRound } from "@twin/scenario"
import { markdownLines } from "../text/markdownLines.ts"
import { emptyLine, type Line, line, span, type Tone } from "../text/Span.ts"
import { behind, hanging, textLines } from "../text/wrap.ts"
import { type DecisionView, decisionLines, gateChain, timeText } from "./decisionLines.ts"
import { mailNotice } from "./mailLines.ts"

/** How a message is to be shown. */
export interface MessageView extends DecisionView {
  /** What the audience said to a poll; undefined while it has not: the right choice stays hidden. */
  readonly answer?: PollAnswer | undefined
  /** Whose output this is: what a cmdlet prints, what a look shows, what an act hands on. */
  readonly origin: OutputOrigin
}

/**
 * A cmdlet prints for people. An action that leaves a trace hands its output on to later steps; one
 * that leaves none was for the sake of its output.
 */
export type OutputOrigin = "cmdlet" | "look" | "act"

const isTrace = ({ _tag }: Message): boolean => _tag === "MailSent" || _tag === "AuditWritten"

/** The origin of the output of the step that these messages are of. */
export const originOf = (messages: readonly Message[]): OutputOrigin => {
  const start = messages.find((it) => it._tag === "StepStarted")
  if (start?.kind !== "do" && start?.kind !== "attack") return "cmdlet"
  return messages.some(isTrace) ? "act" : "look"
}

/** The index of a choice, or that nobody was asked. */
export type PollAnswer = number | "revealed"

/** One message as lines: what the player and the plain printer both show. */
export const messageLines = (message: Message, view: MessageView): readonly Line[] => {
  const { columns } = view
  switch (message._tag) {
    case "ScenarioStarted":
      return openingLines(message, columns)
    case "SectionStarted":
      return blocks(
        hanging(line(`${message.section + 1}  `, "accent"), message.title, columns, "strong"),
        markdownLines(message.talk, columns),
      )
    case "StepStarted":
      return stepLines(message, columns)
    case "DecisionMade":
      return decisionLines(message.operation, message.decision, message.refusal, view)
    case "DeadlinePassed": {
      const what = `${message.name}, ${timeText(message.at)} UTC`
      return decisionLines(what, message.decision, undefined, view)
    }
    case "OutputPrinted":
      return outputLines(message.text.replace(/\s+$/, ""), view)
    case "WarningGiven":
      return textLines(`WARNING: ${message.text}`, columns, "ask")
    case "MailSent":
      return mailNotice(message.mail, columns)
    case "AuditWritten": {
      const { Operation, UserId, Workload } = message.record
      const text = `${Operation} by ${UserId} (${Workload})`
      return hanging(line("audit  ", "accent"), text, columns, "soft")
    }
    case "ClockMoved":
      return hanging(
        line("clock  ", "accent"),
        `from ${timeText(message.from)} to ${timeText(message.to)} UTC`,
        columns,
        "soft",
      )
    case "ExpectationJudged":
      return judgementLines(message.judgement, columns)
    case "PollAnswered":
      return pollLines(message.round, view)
    case "StepFailed":
      return hanging(
        line("ERROR  ", "bad"),
        `${message.error.message} (${message.error.id})`,
        columns,
        "bad",
      )
    case "StepFinished":
      return []
    case "ScenarioFinished":
      return closingLines(message, columns)
  }
}

/** Blocks with an empty line between them; empty ones fall away. */
export const blocks = (...parts: readonly (readonly Line[])[]): readonly Line[] =>
  parts
    .filter((part) => part.length > 0)
    .flatMap((part, index) => (index === 0 ? part : [emptyLine, ...part]))

type MessageOf<Tag extends Message["_tag"]> = Extract<Message, { readonly _tag: Tag }>

const outputLines = (text: string, { columns, hasDetails, origin }: MessageView) => {
  if (origin === "cmdlet") return textLines(text, columns)
  if (origin === "act" && !hasDetails) return []
  return [...textLines(text, columns, origin === "act" ? "soft" : "plain"), emptyLine]
}

const openingLines = (
  { title, abstract, level, durationMinutes, seed, at, sources }: MessageOf<"ScenarioStarted">,
  columns: number,
): readonly Line[] =>
  blocks(
    [
      ...textLines(title, columns, "strong"),
      ...textLines(
        `level ${level} · ${durationMinutes} minutes · seed ${seed} · begins ${timeText(at)} UTC`,
        columns,
        "soft",
      ),
    ],
    markdownLines(abstract, columns),
    sources.flatMap((source) => hanging(line("drawn from  ", "soft"), source, columns, "soft")),
  )

const stepLines = (
  { section, step, title, actor, say, kind, command }: MessageOf<"StepStarted">,
  columns: number,
): readonly Line[] =>
  blocks(
    [
      ...hanging(line(`${section + 1}.${step + 1}  `, "accent"), title, columns, "strong"),
      ...(actor === "" ? [] : textLines(actor, columns, "soft")),
    ],
    markdownLines(say, columns),
    // The question of a poll comes with its choices.
    kind === "poll" || command === ""
      ? []
      : command.split("\n").flatMap((it) => hanging(line("› ", "soft"), it, columns, "code")),
  )

const judgementLines = ({ held, that, found, claims }: Judgement, columns: number) => [
  ...hanging(line(held ? "HOLDS  " : "FAILS  ", held ? "good" : "bad"), that, columns),
  ...hanging(
    line("       "),
    claims.length === 0 ? found : `${found} · ${claims.join(" ")}`,
    columns,
    "soft",
  ),
]

const pollLines = (
  { question, choices, right, decision }: PollRound,
  { columns, hasDetails, answer }: MessageView,
): readonly Line[] =>
  blocks(
    hanging(line("POLL   ", "ask"), question, columns, "strong"),
    choices.flatMap((choice, index) => {
      const tone = choiceTone(index, right, answer)
      const mark = answer === undefined || index !== right ? " " : "✓"
      const head = `${index === answer ? "▶" : " "} ${mark} ${index + 1}  `
      return hanging(line(head, tone), choice, columns, tone)
    }),
    answer === undefined
      ? []
      : [
          ...(answer === "revealed" ? [] : [verdictOn(answer === right)]),
          ...gateChain(decision, { columns, hasDetails }),
        ],
  )

const choiceTone = (index: number, right: number, answer: PollAnswer | undefined): Tone => {
  if (answer === undefined) return "plain"
  return index === right ? "good" : index === answer ? "bad" : "soft"
}

const verdictOn = (isRight: boolean): Line =>
  isRight ? line("The twin agrees.", "good") : line("The twin says otherwise.", "bad")

const closingLines = (
  { held, failed, errors }: MessageOf<"ScenarioFinished">,
  columns: number,
): readonly Line[] => {
  const isGood = failed === 0 && errors === 0
  const unexpected =
    errors === 0 ? "" : `, ${errors} unexpected ${errors === 1 ? "error" : "errors"}`
  return behind(
    [span(isGood ? "✓ " : "✗ ", isGood ? "good" : "bad")],
    textLines(
      `${isGood ? "Everything held" : "Not everything held"}: ${held} held, ${failed} failed${unexpected}.`,
      columns - 2,
      isGood ? "good" : "bad",
    ),
  )
}
