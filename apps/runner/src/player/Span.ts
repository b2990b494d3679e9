/** What a piece of text is, not how it looks: colours are chosen in one place. */
export type Tone =
  | "plain"
  | "soft"
  | "strong"
  | "good"
  | "bad"
  | "ask"
  | "accent"
  | "command"
  | "inverse"

export interface Span {
  readonly text: string
  readonly tone: Tone
}

/** One line of the screen: never wider than the pane it was made for. */
export type Line = readonly Span[]

export const span = (text: string, tone: Tone = "plain"): Span => ({ text, tone })
export const line = (text: string, tone: Tone = "plain"): Line => [span(text, tone)]
export const emptyLine: Line = []
