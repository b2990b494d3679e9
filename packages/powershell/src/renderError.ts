import { visibleLines, visibleText } from "@twin/kernel"
import type { ScriptError } from "./ScriptError.ts"

/**
 * The error as Windows PowerShell prints it: the position comes first for what cannot be parsed, and
 * after the message for what failed while running. Safe for a terminal.
 */
export const renderError = (error: ScriptError): string => {
  const { command, excerpt, hint, span } = error
  const position = [
    `At line:${span.line} char:${span.column}`,
    `+ ${visibleText(excerpt.text)}`,
    `+ ${" ".repeat(excerpt.column)}${"~".repeat(excerpt.length)}`,
  ]
  const text = visibleLines(error.message)
  const message = [
    command === undefined || command === "" ? text : `${visibleText(command)} : ${text}`,
    ...(hint === undefined ? [] : [visibleLines(hint)]),
  ]
  const target = visibleText(error.target ?? ":")
  const activity = visibleText(command ?? "")
  return [
    ...(command === undefined ? [...position, ...message] : [...message, ...position]),
    `    + CategoryInfo          : ${error.category}: (${target}) [${activity}], ${error.exception}`,
    `    + FullyQualifiedErrorId : ${visibleText(error.errorId)}`,
  ].join("\n")
}
