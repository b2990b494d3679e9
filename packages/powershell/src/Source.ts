import type { Span } from "./Syntax.ts"

/** What the parser takes. Hostile input meets these before it meets the machine's limits. */
export const limits = {
  /** UTF-16 units of a script. */
  characters: 1_000_000,
  tokens: 100_000,
  /** Brackets, blocks and operators inside one another. */
  depth: 100,
  /** Strings with `$( )` inside `$( )` of other strings: each level is read once more. */
  stringDepth: 8,
} as const

/** A script and where its lines begin. */
export interface ScriptText {
  readonly text: string
  readonly lineStarts: readonly number[]
}

/**
 * What is being read: the script, or the inside of one `$( )` in a string, from which PowerShell
 * takes the doubled quotes out before it reads it.
 */
export interface Source {
  readonly text: string
  readonly script: ScriptText
  readonly stringDepth: number
  /** Absent for the script itself. */
  readonly within?: {
    readonly source: Source
    /** Where the text begins in `source`. */
    readonly base: number
    /** Positions in `text` before which one character of `source` was left out, ascending. */
    readonly gaps: readonly number[]
  }
}

export const scriptSource = (text: string): Source => {
  const lineStarts = [0]
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 0x0a || (unit === 0x0d && text.charCodeAt(index + 1) !== 0x0a)) {
      lineStarts.push(index + 1)
    }
  }
  return { text, script: { text, lineStarts }, stringDepth: 0 }
}

/** The number of values in an ascending list that are not above `limit`. */
const countUpTo = (ascending: readonly number[], limit: number): number => {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] ?? Number.POSITIVE_INFINITY) <= limit) low = middle + 1
    else high = middle
  }
  return low
}

/** Where a position of the source stands in the script. */
export const offsetInScript = (source: Source, index: number): number => {
  let offset = index
  for (let level = source; level.within !== undefined; level = level.within.source) {
    offset = level.within.base + offset + countUpTo(level.within.gaps, offset)
  }
  return offset
}

/** The span of the script from one position of the source to another. */
export const spanOf = (source: Source, start: number, end: number): Span => {
  const offset = offsetInScript(source, start)
  const { lineStarts } = source.script
  const line = countUpTo(lineStarts, offset)
  return {
    offset,
    length: Math.max(0, offsetInScript(source, end) - offset),
    line,
    column: offset - (lineStarts[line - 1] ?? 0) + 1,
  }
}

/** From the beginning of the first span to the end of the second. */
export const joined = (first: Span, last: Span): Span => ({
  ...first,
  length: Math.max(first.length, last.offset + last.length - first.offset),
})
