import { type Line, textOf } from "../text/Span.ts"

/** Lines with every place marked where the words occur, in any case. */
export const highlighted = (lines: readonly Line[], words: string): readonly Line[] => {
  const pattern = patternOf(words)
  return pattern === undefined ? lines : lines.map((it) => markedIn(it, pattern))
}

/** Whether the words occur in a line, also across pieces of different tones. */
export const occursIn = (it: Line, words: string): boolean => {
  const pattern = patternOf(words)
  return pattern !== undefined && textOf(it).search(pattern) !== -1
}

const patternOf = (words: string): RegExp | undefined =>
  words === "" ? undefined : new RegExp(RegExp.escape(words), "giu")

const markedIn = (it: Line, pattern: RegExp): Line => {
  const hits = [...textOf(it).matchAll(pattern)].map((hit) => ({
    from: hit.index,
    to: hit.index + hit[0].length,
  }))
  if (hits.length === 0) return it
  let at = 0
  return it.flatMap(({ text, tone }) => {
    const start = at
    at += text.length
    const cuts = hits
      .flatMap(({ from, to }) => [from, to])
      .filter((place) => place > start && place < at)
    return [start, ...cuts, at].slice(0, -1).map((from, index) => {
      const to = cuts[index] ?? at
      const isHit = hits.some((hit) => hit.from <= from && to <= hit.to)
      return { text: text.slice(from - start, to - start), tone: isHit ? "match" : tone } as const
    })
  })
}

/** The first line from a place on that holds the words, or from the top again; -1 for none. */
export const findLine = (lines: readonly Line[], words: string, from: number): number => {
  const hits = lines.flatMap((it, index) => (occursIn(it, words) ? [index] : []))
  return hits.find((index) => index >= from) ?? hits[0] ?? -1
}
