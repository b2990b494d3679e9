import { Result, Schema } from "effect"
import { type ScriptText, type Source, spanOf } from "./Source.ts"
import type { Span } from "./Syntax.ts"

/** The kinds of error that PowerShell names in `CategoryInfo`, as far as the twin has them. */
export const ErrorCategory = Schema.Literals([
  "ParserError",
  "LimitsExceeded",
  "NotImplemented",
  "ObjectNotFound",
  "InvalidArgument",
  "InvalidData",
  "InvalidOperation",
  "InvalidType",
  "InvalidResult",
  "PermissionDenied",
  "ResourceUnavailable",
  "NotSpecified",
])
export type ErrorCategory = typeof ErrorCategory.Type

const Place = Schema.Struct({
  offset: Schema.Int,
  length: Schema.Int,
  line: Schema.Int,
  column: Schema.Int,
})

/** One error of a script, with all that PowerShell prints about one. See `renderError`. */
export class ScriptError extends Schema.TaggedError<ScriptError>()("ScriptError", {
  /** PowerShell's `FullyQualifiedErrorId`, the real one where there is one. */
  errorId: Schema.NonEmptyString,
  category: ErrorCategory,
  /** The exception class that PowerShell names after the category. */
  exception: Schema.NonEmptyString,
  message: Schema.NonEmptyString,
  /** What to do next, where the twin knows more than PowerShell says. */
  hint: Schema.optionalKey(Schema.NonEmptyString),
  /** The command that failed; absent while parsing. */
  command: Schema.optionalKey(Schema.String),
  /** What `CategoryInfo` shows in parentheses; `:` where there is nothing. */
  target: Schema.optionalKey(Schema.String),
  span: Place,
  /** The line of the script, cut to the width of a terminal; `column` from 0. */
  excerpt: Schema.Struct({ text: Schema.String, column: Schema.Int, length: Schema.Int }),
}) {}

/** What a parsing function answers. */
export type Parsed<A> = Result.Result<A, ScriptError>

const widest = 69

/** The line that the span begins in, shortened around the span as PowerShell does it. */
const excerptOf = ({ text, lineStarts }: ScriptText, span: Span): ScriptError["excerpt"] => {
  const lineStart = lineStarts[span.line - 1] ?? 0
  const next = lineStarts[span.line] ?? text.length
  const lineEnd = next > lineStart && /[\r\n]/.test(text.charAt(next - 1)) ? next - 1 : next
  const line = text.slice(lineStart, lineEnd).replace(/\r$/, "")
  const before = Math.min(span.column - 1, line.length)
  const length = Math.min(span.length, line.length - before)
  if (line.length <= widest) return { text: line, column: before, length: Math.max(1, length) }
  const lead = Math.min(before, Math.max(12, widest - length - 8))
  const start = Math.min(before - lead, line.length - widest)
  const [prefix, suffix] = [start > 0 ? "... " : "", start + widest < line.length ? " ..." : ""]
  const column = before - start
  return {
    text: `${prefix}${line.slice(start, start + widest)}${suffix}`,
    column: prefix.length + column,
    length: Math.max(1, Math.min(length, widest - column)),
  }
}

/** The parts of an error that its place does not decide. */
export interface Complaint {
  readonly errorId: string
  readonly message: string
  readonly category?: ErrorCategory
  readonly exception?: string
  readonly hint?: string
  readonly command?: string
  readonly target?: string
}

/** An error at a span of a script. */
export const scriptError = (script: ScriptText, span: Span, complaint: Complaint): ScriptError =>
  new ScriptError({
    category: "ParserError",
    exception: "ParentContainsErrorRecordException",
    ...complaint,
    span,
    excerpt: excerptOf(script, span),
  })

/** A failure between two positions of a source. */
export const failAt = (
  source: Source,
  start: number,
  end: number,
  complaint: Complaint,
): Result.Result<never, ScriptError> =>
  Result.fail(scriptError(source.script, spanOf(source, start, end), complaint))

/** A failure that says: real PowerShell would take this, the twin does not. */
export const outsideSubset = (
  source: Source,
  start: number,
  end: number,
  construct: string,
): Result.Result<never, ScriptError> => failAt(source, start, end, beyond(construct))

/** The complaint about a construct that the twin leaves out. */
export const beyond = (construct: string): Complaint => ({
  errorId: "OutsideSubset",
  category: "NotImplemented",
  exception: "NotSupportedException",
  message: `${construct} is outside the subset the twin runs.`,
})
