import type { PollAnswer } from "../story/messageLines.ts"
import type { Asked, ForkResult } from "./Asked.ts"
import { emptyStage, type StageModel } from "./model.ts"
import type { Beat, Seat, Story } from "./Story.ts"

/** What can be looked at, in the order in which tab walks through it. */
export const panes = [
  "stage",
  "agenda",
  "mailboxes",
  "audit",
  "settings",
  "matrix",
  "notes",
] as const
export type Pane = (typeof panes)[number]

/** Panes whose content has to be asked of the tenant of this moment. */
export type AskedPane = "settings" | "matrix"

/** A line that is being typed at the bottom of the screen. */
export type Prompt =
  | { readonly kind: "none" }
  | { readonly kind: "cmdlet"; readonly text: string }
  | { readonly kind: "search"; readonly text: string }
  /** The recipient's seat: the presenter types what the person would type, e.g. a code. */
  | { readonly kind: "seat"; readonly seat: Seat; readonly text: string }

/** Something that lies over the pane until a key is pressed. */
export type Overlay =
  | { readonly kind: "help" }
  /** What a cmdlet did on a fork. */
  | { readonly kind: "fork"; readonly result: ForkResult }

/** Everything that the screen shows. */
export interface PlayerState {
  readonly story: Story
  /** Which beat of the story is on. */
  readonly beat: number
  readonly stage: StageModel
  readonly pane: Pane
  readonly overlay: Overlay | undefined
  readonly prompt: Prompt
  /** Reasons in full, settings and facts behind each gate, all properties of audit records. */
  readonly hasDetails: boolean
  /** Lines above the pane. */
  readonly scroll: number
  /** Words that were searched for; empty when nothing is. */
  readonly search: string
  /** What the audience said to the poll on stage; the right choice shows from then on. */
  readonly answer: PollAnswer | undefined
  /** Content of the pane that had to be asked for; undefined while it is being worked out. */
  readonly asked: Asked | undefined
  /** Something is being worked out. */
  readonly isBusy: boolean
  /** One line for the presenter; goes away with the next key. */
  readonly notice: string
}

export const initialState = (story: Story, stage: StageModel = emptyStage): PlayerState => ({
  story,
  beat: 0,
  stage,
  pane: "stage",
  overlay: undefined,
  prompt: { kind: "none" },
  hasDetails: false,
  scroll: 0,
  search: "",
  answer: undefined,
  asked: undefined,
  isBusy: false,
  notice: "",
})

export const beatOf = ({ story, beat }: PlayerState): Beat =>
  story.beats[beat] ?? { kind: "opening", position: 0 }

export const lastBeat = ({ story }: PlayerState): number => story.beats.length - 1

/** Number of steps that have been played by now, and of all. */
export const progressOf = (
  state: PlayerState,
): { readonly done: number; readonly all: number } => ({
  done: beatOf(state).position,
  all: state.story.beats.at(-1)?.position ?? 0,
})

/** The choices of a poll that waits for the audience; none when no poll does. */
export const openChoices = ({ stage, answer, pane }: PlayerState): number => {
  if (answer !== undefined || pane !== "stage") return 0
  const poll = stage.shown.find((it) => it._tag === "PollAnswered")
  return poll === undefined ? 0 : poll.round.choices.length
}
