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
  readonly isTerminal: boolean
  readonly complete: (line: string) => Completion
}) {
  const typed = yield* Queue.unbounded<Typed>()
  const offer = (it: Typed) => {
    Queue.offerUnsafe(typed, it)
  }
  const reader = yield* Effect.acquireRelease(
    Effect.sync(() =>
      createInterface({
        input: process.stdin,
        ...(options.isTerminal
          ? {
              output: process.stdout,
              terminal: true,
              historySize: 1_000,
              removeHistoryDuplicates: true,
              completer: (line: string): [string[], string] => {
                const { candidates, replaced } = options.complete(line)
                return [[...candidates], replaced]
              },
            }
          : { terminal: false }),
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
        if (!options.isTerminal) return
        reader.setPrompt(text)
        reader.prompt()
      }),
  }
  return source
})
