import { type LoadedScenario, placedSteps, type Step, titleOf } from "@twin/scenario"

/** Something that stands on the stage for a while, until the presenter goes on. */
export type Beat =
  | { readonly kind: "opening"; readonly position: number }
  | { readonly kind: "closing"; readonly position: number }
  /** The talk track of a section, before its first step. */
  | { readonly kind: "talk"; readonly position: number; readonly section: number }
  | {
      readonly kind: "step"
      readonly position: number
      readonly section: number
      readonly step: number
      /** Somebody types something in this step: the presenter takes that person's seat. */
      readonly seat?: Seat
    }

/** Where the presenter sits to type: whose seat, and which parameter is typed. */
export interface Seat {
  readonly who: string
  readonly parameter: string
}

interface StorySection {
  readonly title: string
  readonly talk: string
  /** Titles of the steps. */
  readonly steps: readonly string[]
}

/** What is known of a play before it is played: its order, and what only the presenter sees. */
export interface Story {
  readonly title: string
  readonly sections: readonly StorySection[]
  /** In the order in which they come; `position` is the number of steps that have been played by then. */
  readonly beats: readonly Beat[]
  /** For the presenter, in Markdown. */
  readonly notes: string
  readonly sources: readonly string[]
}

/** How a scenario is told: the first slide, each section's talk and steps, the last slide. */
export const storyOf = (loaded: LoadedScenario): Story => {
  const { title, presenter = "", sources, agenda } = loaded.scenario
  const steps = placedSteps(loaded)
  const beats: Beat[] = [{ kind: "opening", position: 0 }]
  let position = 0
  for (const [section, { talk = "", steps: own }] of agenda.entries()) {
    if (talk.trim() !== "") beats.push({ kind: "talk", position, section })
    for (const [step, body] of own.entries()) {
      position += 1
      const seat = seatOf(body)
      beats.push({ kind: "step", position, section, step, ...(seat === undefined ? {} : { seat }) })
    }
  }
  return {
    title,
    sections: agenda.map((it, at) => ({
      title: it.title,
      talk: it.talk ?? "",
      steps: steps.filter(({ section }) => section === at).map(({ body }) => titleOf(body)),
    })),
    beats: [...beats, { kind: "closing", position }],
    notes: presenter,
    sources,
  }
}

const seatOf = (step: Step): Seat | undefined =>
  "typed" in step && step.typed !== undefined ? { who: step.as, parameter: step.typed } : undefined
