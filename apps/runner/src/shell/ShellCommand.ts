import type { JournalUnusable, OperationFailure } from "@twin/kernel"
import type { QuestionUnanswerable, WhoUnknown } from "@twin/tenant"
import type { Effect } from "effect"
import type { LineRefused, ShellAnswer, ShellSession } from "./ShellSession.ts"

/** Why a line cannot be done. */
export type LineFailure =
  | LineRefused
  | WhoUnknown
  | QuestionUnanswerable
  | JournalUnusable
  | OperationFailure

/** What may stand at a place behind a command's name, for completion. */
export type WordKind = "person" | "action" | "thing" | "fault" | "switch" | "name"

/** One of the shell's own words. */
export interface ShellCommand {
  readonly name: string
  readonly usage: string
  readonly summary: string
  /** What its words are, in order. */
  readonly takes: readonly WordKind[]
  readonly run: (
    words: readonly string[],
    session: ShellSession,
    columns: number,
  ) => Effect.Effect<ShellAnswer, LineFailure>
}
