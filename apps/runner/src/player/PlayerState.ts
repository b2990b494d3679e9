import { emptyStage, type StageModel } from "./model.ts"

export const panes = ["stage", "mailboxes", "audit", "settings", "matrix"] as const
export type Pane = (typeof panes)[number]

/** A line that is being typed at the bottom of the screen. */
export type Prompt =
  | { readonly kind: "none" }
  | { readonly kind: "cmdlet" | "search"; readonly text: string }
  /** The recipient's seat: the presenter types the parameter, e.g. the code from the mailbox. */
  | { readonly kind: "typed"; readonly parameter: string; readonly text: string }

/** What the screen shows besides the play itself. */
export interface PlayerState {
  readonly stage: StageModel
  readonly position: number
  readonly steps: number
  readonly pane: Pane
  readonly isHelpShown: boolean
  readonly hasDetails: boolean
  readonly scroll: number
  readonly prompt: Prompt
  /** Words that were searched for; empty when nothing is. */
  readonly search: string
  /** The choice of the audience; the right one shows from then on. */
  readonly answer: number | undefined
  /** Something is being worked out. */
  readonly isBusy: boolean
  /** Lines of a pane that had to be asked for: settings, matrix, result of a cmdlet on a fork. */
  readonly asked: readonly string[]
  /** Result of the last cmdlet on a fork; shown over the pane until a key is pressed. */
  readonly forkResult: readonly string[] | undefined
  readonly notice: string
  readonly isLeaving: boolean
}

export const initialPlayerState: PlayerState = {
  stage: emptyStage,
  position: 0,
  steps: 0,
  pane: "stage",
  isHelpShown: false,
  hasDetails: false,
  scroll: 0,
  prompt: { kind: "none" },
  search: "",
  answer: undefined,
  isBusy: false,
  asked: [],
  forkResult: undefined,
  notice: "",
  isLeaving: false,
}

/** Whether a poll waits for the audience. */
export const isPollOpen = ({ stage, answer }: PlayerState): boolean =>
  stage.step?.poll !== undefined && answer === undefined
