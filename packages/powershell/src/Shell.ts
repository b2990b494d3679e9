import type { Decision, OperationFailure, OperationInfo, OutputObject } from "@twin/kernel"
import type { Effect, Schema } from "effect"
import type { ScriptError } from "./ScriptError.ts"
import type { Span } from "./Syntax.ts"
import { type Entries, entriesOf, type Value } from "./Value.ts"

/** What an operation answers; the kernel's `CallResult` is one. */
export interface Outcome {
  readonly decision: Decision
  readonly output: readonly OutputObject[]
  readonly warnings: readonly string[]
  /** Variables that the call leaves behind, by name. */
  readonly variables?: OutputObject
}

/** What a script can reach: the operations of the twin, its clock, and files that somebody offers. */
export interface Host<R = never> {
  /** By name in lower case, as a composition has them. Only cmdlets can be called. */
  readonly operations: ReadonlyMap<string, OperationInfo>
  readonly call: (
    operation: string,
    params: Readonly<Record<string, Schema.Json>>,
  ) => Effect.Effect<Outcome, OperationFailure, R>
  /** Epoch milliseconds of the tenant's clock. */
  readonly now: Effect.Effect<number, never, R>
  /** The content of a file that a script names; absent where there are no files. */
  readonly readFile?: (path: string) => Effect.Effect<Uint8Array | undefined, never, R>
  /** Columns of a table; 120 unless given. */
  readonly width?: number
}

/** What lasts from line to line. A value: keep it, fork it, take it up again. */
export interface Session {
  readonly variables: Entries
  /** GUIDs drawn so far, so that no two are the same. */
  readonly draws: number
}

export const newSession: Session = { variables: entriesOf([]), draws: 0 }

/** What happened, in order. `text` is what the console shows, without control characters. */
export type ShellMessage =
  | {
      readonly _tag: "Called"
      readonly operation: string
      /** What was bound; values that the operation keeps secret are stars. */
      readonly params: Readonly<Record<string, Schema.Json>>
      readonly decision: Decision
      readonly output: readonly OutputObject[]
      readonly span: Span
    }
  | { readonly _tag: "Printed"; readonly text: string }
  | { readonly _tag: "Warned"; readonly text: string }
  | { readonly _tag: "Failed"; readonly error: ScriptError; readonly text: string }

/** A script that has run, or as far as it got. */
export interface ScriptRun {
  readonly messages: readonly ShellMessage[]
  /** What the statements handed out and nothing took up, in order. */
  readonly output: readonly Value[]
  readonly session: Session
  /** The script could not be read, or an error with `-ErrorAction Stop` ended it. */
  readonly isStopped: boolean
}

/** All that the console shows of a run. */
export const printedText = (run: ScriptRun): string =>
  run.messages.flatMap((it) => (it._tag === "Called" || it.text === "" ? [] : [it.text])).join("\n")

/** The errors of a run, in order. */
export const errorsOf = (run: ScriptRun): readonly ScriptError[] =>
  run.messages.flatMap((it) => (it._tag === "Failed" ? [it.error] : []))
