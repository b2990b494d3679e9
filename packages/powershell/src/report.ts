import { visibleLines } from "@twin/kernel"
import { Effect } from "effect"
import type { Assigned } from "./bind.ts"
import { getVariable, type Interpreter, ScriptStopped, setVariable } from "./Interpreter.ts"
import { renderError } from "./renderError.ts"
import type { ScriptError } from "./ScriptError.ts"
import { valueText } from "./valueText.ts"

/** What a command does about errors: its own parameter, else the session's variable. */
const preference = <R>(
  shell: Interpreter<R>,
  assigned: Assigned | undefined,
  parameter: string,
): string => {
  const own = assigned?.get(parameter)?.given.value
  return valueText(own ?? getVariable(shell, `${parameter}Preference`)).toLowerCase()
}

const isSilent = (choice: string): boolean => choice === "silentlycontinue" || choice === "ignore"

/**
 * An error that does not end the statement. It is shown and the script goes on; with
 * `-ErrorAction Stop` it ends the script, with `SilentlyContinue` nobody sees it.
 */
export const raise = <R>(
  shell: Interpreter<R>,
  error: ScriptError,
  assigned?: Assigned,
): Effect.Effect<void, ScriptStopped> => {
  const choice = preference(shell, assigned, "ErrorAction")
  const variable = assigned?.get("ErrorVariable")?.given.value
  if (variable !== undefined) setVariable(shell, valueText(variable), error.message)
  if (!isSilent(choice)) {
    shell.messages.push({ _tag: "Failed", error, text: renderError(error) })
  }
  return choice === "stop" || choice === "inquire" ? new ScriptStopped() : Effect.void
}

/** A warning, unless the command or the session wants none. */
export const warn = <R>(shell: Interpreter<R>, text: string, assigned?: Assigned): void => {
  if (isSilent(preference(shell, assigned, "WarningAction"))) return
  shell.messages.push({ _tag: "Warned", text: `WARNING: ${visibleLines(text)}` })
}

/** Text on the console. */
export const printText = <R>(shell: Interpreter<R>, text: string): void => {
  shell.messages.push({ _tag: "Printed", text: visibleLines(text) })
}
