import { sum, type Tally } from "./Tally.ts"

/** One part of the gate. It prints while it works, and answers with what it counted. */
export interface Section {
  readonly title: string
  readonly run: () => Promise<Tally>
}

interface Outcome {
  readonly title: string
  readonly tally: Tally
  readonly seconds: number
}

/** Runs all sections, also after one has failed: a developer wants to see everything that is wrong at once. */
export const runSections = async (
  sections: ReadonlyArray<Section>,
  announce: (title: string) => void,
) => {
  const outcomes: Array<Outcome> = []
  for (const { title, run } of sections) {
    announce(title)
    const began = Date.now()
    // One after the other, so that their output does not mix.
    const tally = await run()
    outcomes.push({ title, tally, seconds: (Date.now() - began) / 1000 })
  }
  return outcomes
}

export const summaryLines = (outcomes: ReadonlyArray<Outcome>): ReadonlyArray<string> => {
  const widest = Math.max(...outcomes.map(({ title }) => title.length))
  return outcomes.map(({ title, tally, seconds }) => {
    const word = tally.failed > 0 ? "FAILED" : tally.passed > 0 ? "ok" : "skipped"
    const counts = `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`
    return `${title.padEnd(widest)}  ${word.padEnd(7)}  ${seconds.toFixed(1).padStart(6)} s  ${counts}`
  })
}

export const total = (outcomes: ReadonlyArray<Outcome>): Tally =>
  sum(outcomes.map(({ tally }) => tally))
