import { createInterface } from "node:readline"
import { Effect, Queue } from "effect"
import type { Completion } from "./completeLine.ts"

/** What comes from the keyboard or from a pipe. */
export type Typed =
  | { readonly kind: "line"; readonly text: string }
  /** Ctrl-C: what has been typed so far is not meant. */
  | { readonly kind: "abandoned" }
  | { readonly kind: "end" }

export interface LineSource {
  readonly next: Effect.Effect<Typed>
  /** Shows that the next line may be typed. Nothing where nobody sees it. */
  readonly prompt: (text: string) => Effect.Effect<void>
}

/** Reads lines until the surrounding scope closes; the terminal is then as it was. */
export const makeLineSource = Effect.fnUntraced(function* (options: {
  /** Somebody types: a prompt is wanted. */
  readonly isPerson: boolean
  /** The line can be edited where it stands. */
  readonly isTerminal: boolean
  readonly complete: (line: string) => Completion
}) {
  const typed = yield* Queue.unbounded<Typed>()
  const offer = (it: Typed) => {
    Queue.offerUnsafe(typed, it)
  }
  const completer = (line: string): [string[], string] => {
    const { candidates, replaced } = options.complete(line)
    return [[...candidates], replaced]
  }
  const reader = yield* Effect.acquireRelease(
    Effect.sync(() =>
      createInterface({
        input: process.stdin,
        terminal: options.isTerminal,
        ...(options.isPerson ? { output: process.stdout } : {}),
        ...(options.isTerminal
          ? { completer, historySize: 1_000, removeHistoryDuplicates: true }
          : {}),
      }),
    ),
    (it) => Effect.sync(() => it.close()),
  )
  reader.on("line", (text) => offer({ kind: "line", text }))
  reader.on("SIGINT", () => offer({ kind: "abandoned" }))
  reader.on("close", () => offer({ kind: "end" }))
  const source: LineSource = {
    next: Queue.take(typed),
    prompt: (text) =>
      Effect.sync(() => {
        if (!options.isPerson) return
        reader.setPrompt(text)
        reader.prompt()
      }),
  }
  return source
})
