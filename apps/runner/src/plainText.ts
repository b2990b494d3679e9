import { type Decision, type Gate, isoOf, visibleText } from "@twin/kernel"
import type { Judgement, Message, PollRound } from "@twin/scenario"
import { markdownText } from "./markdownText.ts"
import { hanging, plainColumns, wrap } from "./wrap.ts"

const indent = (lines: readonly string[], by: number): readonly string[] =>
  lines.map((line) => (line === "" ? "" : `${" ".repeat(by)}${line}`))

/** `2026-09-01 08:00:00`, UTC. */
export const timeText = (epochMillis: number): string =>
  isoOf(epochMillis).slice(0, 19).replace("T", " ")

const gateMark: Record<Gate["verdict"], string> = {
  pass: "ok ",
  deny: "NO ",
  challenge: "ASK",
  unknown: "?? ",
}

const outcomeMark: Record<Decision["outcome"], string> = {
  allow: "ALLOWED",
  deny: "REFUSED",
  challenge: "ASKED FOR MORE",
  unknown: "NOT MODELLED",
}

const detailText = (gate: Gate): string => {
  const details = Object.entries(gate.details).map(([key, value]) => `${key}=${value}`)
  const facts = gate.facts.join(" ")
  return details.length === 0 ? `[${facts}]` : `${details.join(", ")}  [${facts}]`
}

/** The gates of a decision, one line or two each, in the order in which they were asked. */
export const gateLines = (decision: Decision, columns: number): readonly string[] => {
  const width = Math.max(...decision.gates.map(({ name }) => name.length))
  return decision.gates.flatMap((gate) => {
    const route = gate.route === undefined ? "" : `(${gate.route}) `
    const head = `${gateMark[gate.verdict]} ${gate.name.padEnd(width)}  `
    return [
      ...hanging(head, `${route}${gate.reason}`, columns),
      ...hanging(" ".repeat(head.length), detailText(gate), columns),
    ]
  })
}

const decisionLines = (
  decision: Decision,
  refusal: { readonly code?: string; readonly message: string } | undefined,
): readonly string[] => [
  outcomeMark[decision.outcome],
  ...indent(gateLines(decision, plainColumns - 8), 2),
  ...(refusal === undefined
    ? []
    : hanging(
        "  says: ",
        `${refusal.code === undefined ? "" : `${refusal.code}  `}${refusal.message}`,
        plainColumns - 6,
      )),
  ...(decision.rights === undefined
    ? []
    : hanging("  rights: ", decision.rights.join(", ") || "none", plainColumns - 6)),
]

const judgementLines = ({ held, that, found, claims }: Judgement): readonly string[] => [
  ...hanging(
    held ? "HOLDS  " : "FAILS  ",
    `${that}${claims.length === 0 ? "" : `  [${claims.join(" ")}]`}`,
    plainColumns - 4,
  ),
  ...hanging("       ", found, plainColumns - 4),
]

const pollLines = ({ question, choices, right, decision }: PollRound): readonly string[] => [
  ...hanging("POLL   ", question, plainColumns - 4),
  ...choices.flatMap((choice, index) =>
    hanging(`       ${index === right ? "*" : " "} ${index + 1}. `, choice, plainColumns - 4),
  ),
  ...indent(gateLines(decision, plainColumns - 12), 9),
]

const linesOf = (message: Message): readonly string[] => {
  switch (message._tag) {
    case "ScenarioStarted":
      return [
        ...wrap(message.title, plainColumns),
        "=".repeat(Math.min(plainColumns, message.title.length)),
        `level ${message.level} | ${message.durationMinutes} minutes | seed ${message.seed} | starts ${timeText(message.at)} UTC`,
        "",
        ...markdownText(message.abstract, plainColumns),
      ]
    case "SectionStarted":
      return [
        "",
        ...hanging(`${message.section + 1}  `, message.title, plainColumns),
        "-".repeat(Math.min(plainColumns, message.title.length + 3)),
        ...markdownText(message.talk, plainColumns),
      ]
    case "StepStarted":
      return [
        "",
        ...hanging(
          `${message.section + 1}.${message.step + 1}  `,
          `${message.title}${message.actor === "" ? "" : `  (${message.actor})`}`,
          plainColumns,
        ),
        ...indent(markdownText(message.say, plainColumns - 4), 4),
        ...message.command
          .split("\n")
          .filter((line) => line !== "" && message.kind !== "poll")
          .map((line) => `    > ${line}`),
      ]
    case "DecisionMade":
      return indent(
        [
          ...(message.operation === "" ? [] : [message.operation]),
          ...decisionLines(message.decision, message.refusal),
        ],
        4,
      )
    case "OutputPrinted":
      return indent(message.text.split("\n"), 4)
    case "WarningGiven":
      return indent(hanging("WARNING: ", message.text, plainColumns - 4), 4)
    case "MailSent": {
      const { to, subject, code } = message.mail
      const extra = code === undefined ? "" : `  code ${code}`
      return indent(hanging("mail to ", `${to}: ${subject}${extra}`, plainColumns - 4), 4)
    }
    case "AuditWritten": {
      const { Operation, UserId, Workload } = message.record
      return [`    audit   ${Operation} by ${UserId} (${Workload})`]
    }
    case "DeadlinePassed":
      return [`    ${timeText(message.at)}  ${message.name}`]
    case "ClockMoved":
      return [`    the clock moves from ${timeText(message.from)} to ${timeText(message.to)} UTC`]
    case "ExpectationJudged":
      return indent(judgementLines(message.judgement), 4)
    case "PollAnswered":
      return indent(pollLines(message.round), 4)
    case "StepFailed":
      return indent(
        hanging("ERROR  ", `${message.error.id}: ${message.error.message}`, plainColumns - 4),
        4,
      )
    case "StepFinished":
      return []
    case "ScenarioFinished": {
      const { held, failed, errors } = message
      const verdict = failed === 0 && errors === 0 ? "Everything held" : "Not everything held"
      const unexpected = errors === 0 ? "" : `, ${errors} unexpected errors`
      return ["", `${verdict}: ${held} held, ${failed} failed${unexpected}.`]
    }
  }
}

/**
 * A message as lines of plain text: no control sequences, no more than about 100 columns, nothing
 * that a scenario, a mail or an import could use to move the cursor.
 */
export const plainText = (message: Message): string => {
  const lines = linesOf(message)
  return lines.length === 0 ? "" : `${lines.map((line) => visibleText(line)).join("\n")}\n`
}
