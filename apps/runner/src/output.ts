import { visibleLines } from "@twin/kernel"
import { Effect } from "effect"

/** Text that has been cleaned already, such as a rendering. */
export const print = (text: string): Effect.Effect<void> =>
  Effect.sync(() => {
    process.stdout.write(text)
  })

/** What a terminal could take for a command even inside JSON: the rest, JSON itself escapes. */
const leftByJson = /[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu

/** JSON for a program; what it says is the same, and a terminal that shows it is safe. */
export const printJson = (json: string): Effect.Effect<void> =>
  print(
    json.replace(leftByJson, (character) =>
      Array.from(
        { length: character.length },
        (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
      ).join(""),
    ),
  )

/** A line for people who watch; standard output stays clean for programs. */
export const say = (line: string): Effect.Effect<void> =>
  Effect.sync(() => {
    process.stderr.write(`${visibleLines(line)}\n`)
  })
