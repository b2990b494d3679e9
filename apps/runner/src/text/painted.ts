import { type Line, type Tone, textOf } from "./Span.ts"

/** What a terminal may be asked for: colour, weight alone (no-color.org), or nothing but text. */
export type Paint = "colour" | "weight" | "none"

interface Style {
  /** Select Graphic Rendition codes that begin and end a colour. */
  readonly colour?: readonly [on: number, off: number]
  /** The same for weight: bold, dim, italic, inverse. */
  readonly weight?: readonly [on: number, off: number]
}

const bold = [1, 22] as const
const inverse = [7, 27] as const

/** How each tone looks; the only place that knows. */
const styles: Record<Tone, Style> = {
  plain: {},
  soft: { weight: [2, 22] },
  strong: { weight: bold },
  emphasis: { weight: [3, 23] },
  good: { colour: [32, 39] },
  bad: { colour: [31, 39], weight: bold },
  ask: { colour: [33, 39] },
  accent: { colour: [36, 39] },
  code: { colour: [36, 39], weight: bold },
  bar: { weight: inverse },
  match: { colour: [33, 39], weight: inverse },
}

/** A line for a terminal. */
export const painted = (it: Line, paint: Paint): string => {
  if (paint === "none") return textOf(it).trimEnd()
  return it
    .map(({ text, tone }) => {
      if (text === "") return ""
      const { colour, weight } = styles[tone]
      const codes = [weight, paint === "colour" ? colour : undefined].filter(
        (code) => code !== undefined,
      )
      return codes.reduce((inner, [on, off]) => `\u001b[${on}m${inner}\u001b[${off}m`, text)
    })
    .join("")
}
