import type { Decision } from "@twin/kernel"
import { blocks } from "../story/messageLines.ts"
import { emptyLine, type Line, line, span, type Tone } from "../text/Span.ts"
import { cut, fit, textWidth } from "../text/textWidth.ts"
import { hanging, textLines } from "../text/wrap.ts"
import type { AccessChange, Answer, Asked, ForkResult, Setting } from "./Asked.ts"

/** What the tenant has answered, as lines of a pane. */
export const askedLines = (asked: Asked | undefined, columns: number): readonly Line[] => {
  switch (asked?.kind) {
    case undefined:
      return [line("Asking the twin …", "soft")]
    case "settings":
      return settingLines(asked.sections, columns)
    case "matrix":
      return matrixLines(asked, columns)
    case "unable":
      return textLines(`This cannot be shown now: ${asked.reason}`, columns, "bad")
  }
}

type Sections = Extract<Asked, { readonly kind: "settings" }>["sections"]

/** What the story has changed comes first. */
const settingLines = (sections: Sections, columns: number): readonly Line[] => {
  const changed = sections.flatMap(({ settings }) => settings).filter((it) => it.was !== undefined)
  return blocks(
    changed.length === 0
      ? [line("Nothing has been changed since the story began.", "soft")]
      : [
          line("Changed since the story began", "ask"),
          ...changed.flatMap((it) => settingLine(it, columns)),
        ],
    ...sections.map(({ title, settings }): readonly Line[] => [
      ...textLines(title, columns, "strong"),
      ...settings.flatMap((it) => settingLine(it, columns)),
    ]),
  )
}

const settingLine = ({ name, value, was }: Setting, columns: number): readonly Line[] => {
  const width = Math.min(48, Math.floor(columns / 2))
  const head = line(`  ${fit(name, width)}  `, was === undefined ? "plain" : "ask")
  const before = was === undefined ? "" : `  (was ${was === "" ? "empty" : was})`
  return hanging(head, `${value}${before}`, columns, was === undefined ? "soft" : "ask")
}

const answerMarks: Record<Answer, readonly [mark: string, tone: Tone]> = {
  allow: ["✓", "good"],
  deny: ["✗", "bad"],
  challenge: ["?", "ask"],
  unknown: ["~", "soft"],
}

const nameWidth = 8

/** Things down, people across; as many blocks one under the other as the width needs. */
const matrixLines = (
  { people, rows }: Extract<Asked, { readonly kind: "matrix" }>,
  columns: number,
): readonly Line[] => {
  if (rows.length === 0) return [line("There is nothing to open yet.", "soft")]
  const wanted = Math.max(...rows.map(({ thing }) => textWidth(thing)))
  const first = Math.max(8, Math.min(wanted, Math.floor(columns * 0.45)))
  const perBlock = Math.max(1, Math.floor((columns - first - 2) / (nameWidth + 1)))
  const parts = Array.from({ length: Math.ceil(people.length / perBlock) }, (_, index) => {
    const from = index * perBlock
    const to = from + perBlock
    return [
      [
        span(" ".repeat(first + 2)),
        ...people.slice(from, to).map((who) => span(`${fit(who, nameWidth)} `, "strong")),
      ],
      ...rows.map(
        ({ thing, answers }): Line => [
          span(`${fit(thing, first)}  `),
          ...answers.slice(from, to).map((answer) => {
            const [mark, tone] =
              answer === undefined ? ([" ", "soft"] as const) : answerMarks[answer]
            return span(fit(mark, nameWidth + 1), tone)
          }),
        ],
      ),
    ]
  })
  return blocks(
    ...parts,
    textLines("✓ opens now   ? is asked for more   ✗ is refused   ~ not modelled", columns, "soft"),
  )
}

/** What a cmdlet did on a fork. */
export const forkLines = (
  { script, printed, changes, questions }: ForkResult,
  columns: number,
): readonly Line[] =>
  blocks(
    [
      line("What if, on a fork of this moment", "ask"),
      ...hanging(line("PS> ", "soft"), script, columns, "code"),
    ],
    printed.trim() === "" ? [] : textLines(printed.trimEnd(), columns),
    changes.length === 0
      ? [line(`Nobody's access changes (${questions} questions asked).`, "good")]
      : [
          line(`${changedAnswers(changes)} of ${questions} answers change:`, "ask"),
          emptyLine,
          ...changes.flatMap((it) => changeLines(it, columns)),
        ],
  )

const outcomeNames: Record<Decision["outcome"], string> = {
  allow: "allowed",
  deny: "refused",
  challenge: "asked for more",
  unknown: "not modelled",
}

const changedAnswers = (changes: readonly AccessChange[]): number =>
  changes.reduce((sum, { actions }) => sum + actions.length, 0)

const changeLines = (
  { who, actions, on, before, after }: AccessChange,
  columns: number,
): readonly Line[] => {
  const isGain = after.outcome === "allow"
  const head = [span(isGain ? "+ " : "- ", isGain ? "good" : "bad"), span(cut(who, 24), "strong")]
  const was = `${outcomeNames[before.outcome]} by ${before.gate}`
  const is = `${outcomeNames[after.outcome]} by ${after.gate}`
  return [
    ...hanging(head, `  ${actions.join(", ")}  ${on}`, columns),
    ...hanging(line("    "), `${was} → ${is}`, columns, "soft"),
  ]
}
