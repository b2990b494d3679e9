import type { TextProps } from "ink"
import type { Tone } from "../text/Span.ts"

type Look = Omit<TextProps, "children">

const coloured: Record<Tone, Look> = {
  plain: {},
  soft: { dimColor: true },
  strong: { bold: true },
  emphasis: { italic: true },
  good: { color: "green" },
  bad: { color: "red" },
  ask: { color: "yellow" },
  accent: { color: "cyan" },
  code: { color: "cyan", bold: true },
  bar: { inverse: true },
  match: { inverse: true, bold: true },
}

/** Without colour, weight says what colour would. */
const uncoloured: Record<Tone, Look> = {
  ...coloured,
  good: {},
  bad: { bold: true },
  ask: { bold: true },
  accent: { bold: true },
  code: { bold: true },
}

/** How each tone looks; the only place that knows colours. */
export const looksOf = (hasColour: boolean): Record<Tone, Look> =>
  hasColour ? coloured : uncoloured
