import { type Decision, type Gate, visibleText } from "@twin/kernel"
import type { Judgement, PollRound } from "@twin/scenario"
import { markdownText } from "../markdownText.ts"
import { wrap } from "../wrap.ts"
import type { ShownDecision, ShownStep, StageModel } from "./model.ts"
import type { PlayerState } from "./PlayerState.ts"
import { emptyLine, type Line, line, span, type Tone } from "./Span.ts"

/** Text of any origin as lines of a pane: cleaned first, then wrapped. */
export const textLines = (text: string, columns: number, tone: Tone = "plain"): Line[] =>
  text
    .split(/\r\n|\r|\n/)
    .flatMap((part) => wrapHard(visibleText(part), columns))
    .map((part) => line(part, tone))

/** Wraps at spaces, and breaks words that are longer than the pane. */
const wrapHard = (text: string, columns: number): readonly string[] =>
  wrap(text, columns).flatMap((part) => {
    const pieces: string[] = []
    for (let at = 0; at < part.length; at += columns) pieces.push(part.slice(at, at + columns))
    return pieces.length === 0 ? [""] : pieces
  })

const markdownLines = (markdown: string, columns: number): Line[] =>
  markdown === "" ? [] : markdownText(markdown, columns).flatMap((part) => textLines(part, columns))

const behind = (head: readonly ReturnType<typeof span>[], width: number, lines: Line[]): Line[] =>
  lines.map((it, index) => [...(index === 0 ? head : [span(" ".repeat(width))]), ...it])

const verdictMark: Record<Gate["verdict"], readonly [string, Tone]> = {
  pass: ["✓", "good"],
  deny: ["✗", "bad"],
  challenge: ["?", "ask"],
  unknown: ["~", "soft"],
}

const outcomeWords: Record<Decision["outcome"], readonly [string, Tone]> = {
  allow: ["ALLOWED", "good"],
  deny: ["REFUSED", "bad"],
  challenge: ["ASKED FOR MORE", "ask"],
  unknown: ["NOT MODELLED", "soft"],
}

/** The chain of gates; settings and facts behind each where details are wanted. */
export const gateChain = (decision: Decision, columns: number, hasDetails: boolean): Line[] =>
  decision.gates.flatMap((gate, index) => {
    const [mark, tone] = verdictMark[gate.verdict]
    const isLast = index === decision.gates.length - 1
    const route = gate.route === undefined ? "" : `${gate.route}: `
    const rail = isLast ? "  " : "│ "
    const head = line(`${mark} ${visibleText(gate.name)}`, tone)
    const reason = textLines(
      `${route}${gate.reason}`,
      columns - 4,
      gate.verdict === "pass" && !hasDetails ? "soft" : "plain",
    )
    const facts = [
      ...Object.entries(gate.details).map(([key, value]) => `${key}: ${value}`),
      gate.facts.join(" "),
    ]
    const details = hasDetails ? facts.flatMap((text) => textLines(text, columns - 6, "soft")) : []
    return [
      head,
      ...reason.map((it) => [span(`${rail}  `, "soft"), ...it]),
      ...details.map((it) => [span(`${rail}    `, "soft"), ...it]),
    ]
  })

const decisionLines = (
  { operation, decision, refusal }: ShownDecision,
  columns: number,
  hasDetails: boolean,
): Line[] => {
  const [words, tone] = outcomeWords[decision.outcome]
  return [
    [span(words, tone), span(`  ${visibleText(operation)}`, "soft")],
    ...gateChain(decision, columns, hasDetails),
    ...(refusal === undefined
      ? []
      : behind(
          [span("says ", "soft")],
          5,
          textLines(
            `${refusal.code === undefined ? "" : `${refusal.code} `}${refusal.message}`,
            columns - 5,
            "bad",
          ),
        )),
    ...(decision.rights === undefined
      ? []
      : behind(
          [span("rights ", "soft")],
          7,
          textLines(decision.rights.join(" ") || "none", columns - 7, "accent"),
        )),
  ]
}

const judgementLines = ({ held, that, found, claims }: Judgement, columns: number): Line[] => [
  ...behind(
    [span(held ? "HOLDS " : "FAILS ", held ? "good" : "bad")],
    6,
    textLines(that, columns - 6, "strong"),
  ),
  ...behind(
    [span("      ")],
    6,
    textLines(claims.length === 0 ? found : `${found} · ${claims.join(" ")}`, columns - 6, "soft"),
  ),
]

const pollLines = (
  { question, choices, right, decision }: PollRound,
  { answer, hasDetails }: PlayerState,
  columns: number,
): Line[] => [
  ...textLines(question, columns, "strong"),
  emptyLine,
  ...choices.flatMap((choice, index) => {
    const tone: Tone =
      answer === undefined ? "plain" : index === right ? "good" : index === answer ? "bad" : "soft"
    const mark = answer !== undefined && index === right ? "✓" : " "
    return behind([span(` ${mark} ${index + 1} `, tone)], 5, textLines(choice, columns - 5, tone))
  }),
  emptyLine,
  ...(answer === undefined
    ? [line(`Press 1 to ${choices.length}: what does the audience say?`, "ask")]
    : [
        line(answer === right ? "The twin agrees." : "The twin says otherwise:", "accent"),
        ...gateChain(decision, columns, hasDetails),
      ]),
]

const stepLines = (step: ShownStep, state: PlayerState, columns: number): Line[] => {
  const blocks: Line[][] = [
    [
      [
        span(`${step.section + 1}.${step.step + 1} `, "accent"),
        span(visibleText(step.title), "strong"),
      ],
      ...(step.actor === "" ? [] : [line(visibleText(step.actor), "soft")]),
    ],
    markdownLines(step.say, columns),
    step.command === ""
      ? []
      : step.command
          .split("\n")
          .flatMap((it) => textLines(it, columns - 2, "command"))
          .map((it) => [span("› ", "soft"), ...it]),
    ...step.decisions.map((it) => decisionLines(it, columns, state.hasDetails)),
    step.output.flatMap((it) => textLines(it, columns)),
    step.warnings.flatMap((it) => textLines(`WARNING: ${it}`, columns, "ask")),
    step.happened.flatMap((it) => textLines(it, columns, "soft")),
    step.error === undefined
      ? []
      : textLines(`${step.error.id}: ${step.error.message}`, columns, "bad"),
    step.poll === undefined ? [] : pollLines(step.poll, state, columns),
    ...step.judgements.map((it) => judgementLines(it, columns)),
  ]
  return spaced(blocks)
}

const spaced = (blocks: readonly Line[][]): Line[] =>
  blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : [emptyLine, ...block]))

const closing = (stage: StageModel): Line[] => [
  emptyLine,
  line(
    stage.hasFailed ? "Not everything held." : "Everything held.",
    stage.hasFailed ? "bad" : "good",
  ),
  line(`${stage.held} held, ${stage.failed} failed. Press q to leave, ← to go back.`, "soft"),
]

/** The stage: the first slide, the talk of a section, or the step with what the twin answered. */
export const stageLines = (state: PlayerState, columns: number): Line[] => {
  const { stage } = state
  if (stage.section === -1) {
    return [
      ...textLines(stage.title, columns, "strong"),
      line(stage.head, "soft"),
      emptyLine,
      ...markdownLines(stage.abstract, columns),
      emptyLine,
      line("Space or → goes on, ? shows the keys.", "ask"),
    ]
  }
  const talk = spaced([
    textLines(stage.sectionTitle, columns, "strong"),
    markdownLines(stage.talk, columns),
  ])
  if (stage.step === undefined) return talk
  const isFirst = stage.step.step === 0
  return [
    ...(isFirst && stage.talk !== "" ? [...talk, emptyLine] : []),
    ...stepLines(stage.step, state, columns),
    ...(stage.isFinished ? closing(stage) : []),
  ]
}
