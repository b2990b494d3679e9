/** A word of a shell command, with its quotes taken away. */
export interface Word {
  readonly text: string
  /** Where it begins in the line, its quote included. */
  readonly start: number
  /** The quote it began with; empty where there was none. */
  readonly quote: string
  readonly isClosed: boolean
}

const pattern = /"([^"]*)("?)|'((?:[^']|'')*)('?)|([^\s"']+)/g

/** Words between spaces; quoted ones may have spaces inside. */
export const splitWords = (line: string): readonly Word[] =>
  [...line.matchAll(pattern)].map(({ index, 1: double, 2: end, 3: single, 4: close, 5: bare }) => ({
    text: double ?? single?.replaceAll("''", "'") ?? bare ?? "",
    start: index,
    quote: double !== undefined ? '"' : single !== undefined ? "'" : "",
    isClosed: bare !== undefined || end === '"' || close === "'",
  }))
