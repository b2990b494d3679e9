import { visibleLines } from "@twin/kernel"
import { Effect } from "effect"

/** Text that has been cleaned already, such as a rendering. */
export const print = (text: string): Effect.Effect<void> =>
  Effect.sync(() => {
    process.stdout.write(text)
  })

/** A line for people who watch; standard output stays clean for programs. */
export const say = (line: string): Effect.Effect<void> =>
  Effect.sync(() => {
    process.stderr.write(`${visibleLines(line)}\n`)
  })
