import { Result } from "effect"
import { type Document, isNode, Lexer, LineCounter, parseDocument } from "yaml"
import { ScenarioInvalid, type ScenarioIssue } from "./ScenarioInvalid.ts"

/** What one file may cost before anything in it is believed. */
export const limits = {
  bytes: 1_048_576,
  depth: 40,
  aliases: 50,
  issues: 40,
} as const

/** A YAML text as plain data, with the way back from a path in it to line and column. */
export interface YamlSource {
  readonly value: unknown
  readonly at: (path: readonly PropertyKey[]) => { readonly line: number; readonly column: number }
}

const whole = (file: string, message: string) =>
  Result.fail(new ScenarioInvalid({ file, issues: [{ line: 0, column: 0, path: "", message }] }))

/** Bytes to data, within the limits. Never throws: whatever is wrong is said with its place. */
export const readYaml = (
  file: string,
  bytes: Uint8Array,
): Result.Result<YamlSource, ScenarioInvalid> => {
  if (bytes.length > limits.bytes) {
    const mib = (bytes.length / limits.bytes).toFixed(1)
    return whole(file, `the file is ${mib} MiB; a scenario has at most 1 MiB: split it`)
  }
  const text = decodeText(bytes)
  if (typeof text !== "string") return whole(file, text.problem)
  const lines = new LineCounter()
  const tooDeep = depthProblem(text)
  if (tooDeep !== undefined) {
    lines.addNewLine(0)
    for (let index = text.indexOf("\n"); index !== -1; index = text.indexOf("\n", index + 1)) {
      lines.addNewLine(index + 1)
    }
    const { line, col } = linePos(lines, tooDeep)
    const message = `nested more than ${limits.depth} levels deep`
    const issue = { line, column: col, path: "", message }
    return Result.fail(new ScenarioInvalid({ file, issues: [issue] }))
  }
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  if (document.errors.length > 0) {
    return Result.fail(
      new ScenarioInvalid({
        file,
        issues: document.errors.slice(0, limits.issues).map((error) => ({
          line: error.linePos?.[0].line ?? 1,
          column: error.linePos?.[0].col ?? 1,
          path: "",
          message: firstLine(error.message),
        })),
      }),
    )
  }
  return Result.map(plainData(file, document), (value) => ({
    value,
    at: (path) => placeOf(document, lines, path),
  }))
}

const firstLine = (message: string): string =>
  (message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:?$/, "")

const decodeText = (bytes: Uint8Array): string | { readonly problem: string } => {
  if (bytes.length === 0) return { problem: "the file is empty" }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes)
    return text.includes("\u0000") ? { problem: "the file is binary, not text" } : text
  } catch {
    return { problem: "the file is not UTF-8 text" }
  }
}

/**
 * The offset at which brackets, dashes on one line or indentation go too deep; found without
 * recursion, because the parser itself would run out of stack on hostile files.
 */
const depthProblem = (text: string): number | undefined => {
  let flow = 0
  let marks = 0
  let offset = 0
  for (const token of new Lexer().lex(text)) {
    if (token === "[" || token === "{") flow += 1
    else if (token === "]" || token === "}") flow -= 1
    else if (token === "-" || token === "?" || token === ":") marks += 1
    else if (token.startsWith("\n") || token.startsWith("\r")) marks = 0
    const indent = /^ *$/.test(token) ? token.length : 0
    if (flow > limits.depth || marks > limits.depth || indent > limits.depth * 10) return offset
    if (!isMark(token)) offset += token.length
  }
  return undefined
}

/** The lexer puts control characters between its tokens that do not stand in the text. */
const isMark = (token: string): boolean =>
  token === "\u0002" || token === "\u0018" || token === "\u001f"

const plainData = (
  file: string,
  document: Document.Parsed,
): Result.Result<unknown, ScenarioInvalid> => {
  try {
    return Result.succeed(document.toJS({ maxAliasCount: limits.aliases }))
  } catch (cause) {
    const detail = cause instanceof Error ? firstLine(cause.message) : String(cause)
    return whole(
      file,
      detail.includes("alias") ? "aliases (&, *) multiply too far: write the values out" : detail,
    )
  }
}

const linePos = (lines: LineCounter, offset: number) => {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), col: Math.max(1, col) }
}

/** The node at the path, or the nearest one above it that stands in the file. */
const placeOf = (
  document: Document.Parsed,
  lines: LineCounter,
  path: readonly PropertyKey[],
): { readonly line: number; readonly column: number } => {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : nodeAt(document, path.slice(0, length))
    const start = isNode(node) ? node.range?.[0] : undefined
    if (start !== undefined) {
      const { line, col } = linePos(lines, start)
      return { line, column: col }
    }
  }
  return { line: 1, column: 1 }
}

const nodeAt = (document: Document.Parsed, path: readonly PropertyKey[]): unknown => {
  try {
    return document.getIn(path, true)
  } catch {
    return undefined
  }
}

/** An issue at the place of its path. */
export const issueAt = (
  source: YamlSource,
  path: readonly PropertyKey[],
  message: string,
): ScenarioIssue => ({ ...source.at(path), path: path.map(String).join("."), message })
