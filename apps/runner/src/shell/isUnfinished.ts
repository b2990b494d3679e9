import { parse } from "@twin/powershell"
import { Result } from "effect"

/** Errors that are none while somebody is still typing: something was opened and not closed. */
const openAtTheEnd = new Set([
  "TerminatorExpectedAtEndOfString",
  "MissingEndCurlyBrace",
  "MissingTerminatorMultiLineComment",
  "IncompleteDollarSubexpressionReference",
])

/** Whether the next line belongs to these: an open quote or bracket, a backtick or a pipe at the end. */
export const isUnfinished = (text: string): boolean => {
  if (/`[ \t]*$/.test(text)) return true
  const parsed = parse(text)
  if (Result.isSuccess(parsed)) return false
  const { errorId, span } = parsed.failure
  return openAtTheEnd.has(errorId) || (span.length === 0 && span.offset >= text.trimEnd().length)
}
