import { Context, Effect } from "effect"
import { type CliError, CliOutput } from "effect/cli"
import { print, say } from "./output.ts"
import { paintOf } from "./terminal.ts"

/** Colour only where somebody looks at it: a pipe gets none, whatever the environment says. */
const formatter = CliOutput.defaultFormatter({ colors: paintOf() === "colour" })

/** Help goes to who asked for it; a command line that is wrong gets two lines and no help text. */
export const presenter: Context.Service.Shape<typeof CliOutput.Presenter> = {
  present: (event) => {
    switch (event._tag) {
      case "Help":
        return print(`${formatter.formatHelpDoc(event.helpDoc)}\n`)
      case "Version":
        return print(`${event.name} ${event.version}\n`)
      case "InvalidInvocation":
        return Effect.andThen(
          Effect.forEach(event.errors, (error) => say(problemOf(error)), { discard: true }),
          say(`'${event.commandPath.join(" ")} --help' shows how to call it.`),
        )
    }
  },
}

/** One line, also where several were meant. */
const problemOf = (error: CliError.NonShowHelpErrors): string => {
  const [first = "", ...rest] = formatter
    .formatCliError(error)
    .split("\n")
    .map((it) => it.trim())
    .filter((it) => it !== "")
  return rest.length === 0 ? first : `${first}. ${rest.join(" ")}`
}
