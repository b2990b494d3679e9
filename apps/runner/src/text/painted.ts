import { type Line, textOf, type Tone } from "./Span.ts"

/** Select Graphic Rendition codes: how each tone begins and ends. */
const codes: Partial<Record<Tone, readonly [on: number, off: number]>> = {
  soft: [2, 22],
  strong: [1, 22],
  emphasis: [3, 23],
  good: [32, 39],
  bad: [31, 39],
  ask: [33, 39],
  accent: [36, 39],
  code: [36, 39],
  bar: [7, 27],
  match: [7, 27],
}

/** A line for a terminal that scrolls; without colour, nothing but its words. */
export const painted = (it: Line, hasColour: boolean): string => {
  if (!hasColour) return textOf(it).trimEnd()
  return it
    .map(({ text, tone }) => {
      const code = codes[tone]
      return code === undefined ? text : `\u001b[${code[0]}m${text}\u001b[${code[1]}m`
    })
    .join("")
}
