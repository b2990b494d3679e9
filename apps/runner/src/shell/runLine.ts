import { Effect } from "effect"
import { line } from "../text/Span.ts"
import { textLines } from "../text/wrap.ts"
import { shellCommandOf } from "./commands.ts"
import { runScriptLine } from "./runScriptLine.ts"
import type { ShellAnswer, ShellSession } from "./ShellSession.ts"
import { splitWords } from "./splitWords.ts"

/** Runs what was typed. Whatever is wrong with it is an answer, too: the session goes on. */
export const runLine = Effect.fnUntraced(function* (
  before: ShellSession,
  text: string,
  columns: number,
): Effect.fn.Return<ShellAnswer> {
  const typed = text.trim()
  if (typed === "") return { session: before, lines: [] }
  const session = { ...before, history: [...before.history, typed] }
  const [name, ...words] = splitWords(typed).map((it) => it.text)
  const command = typed.includes("\n") ? undefined : shellCommandOf(name ?? "")
  const answered =
    command === undefined
      ? runScriptLine(session, text, columns)
      : command.run(words, session, columns)
  return yield* answered.pipe(
    Effect.catch(({ message }) =>
      Effect.succeed({ session, lines: textLines(message, columns, "bad") }),
    ),
  )
})

/** What stands before the cursor: who types. */
export const promptOf = ({ who }: ShellSession): string => `${who.split("@")[0] ?? who}> `

/** Before the cursor when a line goes on. */
export const continuationPrompt = ">> "

export const greeting = (who: string) => [
  line(`Contoso, as ${who}. help shows what can be typed, exit leaves.`, "soft"),
]
