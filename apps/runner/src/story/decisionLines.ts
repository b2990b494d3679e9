import { type Decision, type Gate, isoOf, type Refusal } from "@twin/kernel"
import { type Line, line, span, type Tone } from "../text/Span.ts"
import { cutLine, fit, textWidth } from "../text/textWidth.ts"
import { hanging, textLines } from "../text/wrap.ts"

/** `2026-09-01 08:00:00`, UTC. */
export const timeText = (epochMillis: number): string =>
  isoOf(epochMillis).slice(0, 19).replace("T", " ")

const gateMarks: Record<Gate["verdict"], readonly [mark: string, tone: Tone]> = {
  pass: ["✓", "good"],
  deny: ["✗", "bad"],
  challenge: ["?", "ask"],
  unknown: ["~", "ask"],
}

export const outcomeWords: Record<Decision["outcome"], readonly [words: string, tone: Tone]> = {
  allow: ["ALLOWED", "good"],
  deny: ["REFUSED", "bad"],
  challenge: ["ASKED FOR MORE", "ask"],
  unknown: ["NOT MODELLED", "ask"],
}

export interface DecisionView {
  readonly columns: number
  /** Every gate with its settings and facts; otherwise what passed is told in short. */
  readonly hasDetails: boolean
}

const widestName = 34
/** A reason that has less room than this stands under the name of its gate. */
const leastReason = 34

/** More gates than this that passed one after the other are told in one line. */
const longestRun = 3

/** The chain of gates in the order in which they were asked; the last one decided. */
export const gateChain = (decision: Decision, view: DecisionView): readonly Line[] => {
  const links = linksOf(decision.gates, view.hasDetails)
  const widths = links.map((it) => textWidth(nameOf(it)))
  const names = Math.min(widestName, Math.max(...widths))
  const isBeside = view.columns - names - 6 >= leastReason
  return links.flatMap((it, index): readonly Line[] => {
    const isLast = index === links.length - 1
    const [mark, tone] = gateMarks[it[0].verdict]
    const name = isBeside ? `${fit(nameOf(it), names)}  ` : nameOf(it)
    const head: Line = [
      span(isLast ? "└ " : "├ ", "soft"),
      span(`${mark} `, tone),
      span(name, it[0].verdict === "pass" ? "plain" : tone),
    ]
    const left = isBeside ? names + 6 : 4
    const inset: Line = [span(isLast ? " " : "│", "soft"), span(" ".repeat(left - 1))]
    const texts = linkTexts(it, { ...view, columns: view.columns - left }, isBeside)
    return isBeside
      ? texts.map((text, at) => [...(at === 0 ? head : inset), ...text])
      : [head, ...texts.map((text) => [...inset, ...text])]
  })
}

/** One gate, or several that passed one after the other. */
type ChainLink = readonly [Gate, ...Gate[]]

/** The last gate always stands alone: it is the one that decided. */
const linksOf = (gates: readonly Gate[], hasDetails: boolean): readonly ChainLink[] => {
  if (hasDetails) return gates.map((gate): ChainLink => [gate])
  const links: ChainLink[] = []
  let run: Gate[] = []
  const flush = () => {
    const [first, ...rest] = run
    if (first !== undefined && run.length > longestRun) links.push([first, ...rest])
    else links.push(...run.map((gate): ChainLink => [gate]))
    run = []
  }
  for (const [index, gate] of gates.entries()) {
    if (gate.verdict === "pass" && index < gates.length - 1) {
      run.push(gate)
    } else {
      flush()
      links.push([gate])
    }
  }
  return links
}

const nameOf = ([gate, ...others]: ChainLink): string =>
  others.length === 0 ? gate.name : `${others.length + 1} gates passed`

/** Why. What passed says so in one line, unless somebody wants to know more. */
const linkTexts = (
  [gate, ...others]: ChainLink,
  { columns, hasDetails }: DecisionView,
  isBeside: boolean,
): readonly Line[] => {
  const reason = gate.route === undefined ? gate.reason : `${gate.route}: ${gate.reason}`
  if (gate.verdict === "pass" && !hasDetails) {
    const names = [gate, ...others].map(({ name }) => name).join(", ")
    const text = others.length > 0 ? names : reason
    return isBeside ? [cutLine(line(text, "soft"), columns)] : []
  }
  const why = textLines(reason, columns, gate.verdict === "pass" ? "soft" : "plain")
  return hasDetails ? [...why, ...textLines(evidenceText(gate), columns, "soft")] : why
}

/** The settings and numbers behind a gate, and the facts. */
const evidenceText = ({ details, facts }: Gate): string => {
  const settings = Object.entries(details).map(([name, value]) => `${name}: ${value}`)
  return [...settings, facts.join(" ")].join(" · ")
}

/** A decision as a whole: what was decided, why, what the service says, which rights there are. */
export const decisionLines = (
  operation: string,
  decision: Decision,
  refusal: Refusal | undefined,
  view: DecisionView,
): readonly Line[] => {
  const [words, tone] = outcomeWords[decision.outcome]
  const said = refusal?.code === undefined ? "" : `${refusal.code}  `
  return [
    ...hanging(line(`${words}  `, tone), operation, view.columns, "soft"),
    ...gateChain(decision, view),
    ...(refusal === undefined
      ? []
      : hanging(line("  says    ", "soft"), `${said}${refusal.message}`, view.columns, tone)),
    ...rightsLines(decision, view.columns),
  ]
}

/** The usage rights, where the question was about content. */
export const rightsLines = ({ rights }: Decision, columns: number): readonly Line[] =>
  rights === undefined
    ? []
    : hanging(line("  rights  ", "soft"), rights.join(" ") || "none", columns, "accent")
