import { problems, RuleProblem } from "./MembershipRule.ts"

export interface RuleToken {
  readonly kind: "(" | ")" | "[" | "]" | "," | "text" | "word"
  readonly text: string
  /** Position in the rule. */
  readonly at: number
}

const isSpace = (char: string): boolean => /\s/.test(char)
const isWordChar = (char: string): boolean => /[\w.$:+\-\u2013]/.test(char)

interface Scanned {
  readonly text: string
  readonly next: number
}

/**
 * A quoted value from the character after the quote. A double quote inside is escaped by a backtick
 * or a backslash, a single quote is doubled (IDN-200); every other backslash belongs to the value,
 * as regular expressions need it. Undefined where the quote is not closed.
 */
const scanQuoted = (rule: string, start: number, quote: string): Scanned | undefined => {
  let text = ""
  for (let at = start; at < rule.length; at++) {
    const char = rule.charAt(at)
    const following = rule.charAt(at + 1)
    const isEscape = quote === '"' && (char === "`" || char === "\\")
    if ((isEscape && following === quote) || (char === "'" && following === "'")) {
      text += following
      at += 1
    } else if (char === quote) {
      return { text, next: at + 1 }
    } else {
      text += char
    }
  }
  return undefined
}

/** Splits a rule into tokens; an en dash counts as a hyphen (IDN-197). */
export const tokenizeRule = (rule: string): readonly RuleToken[] | RuleProblem => {
  const tokens: RuleToken[] = []
  let at = 0
  while (at < rule.length) {
    const char = rule.charAt(at)
    if (isSpace(char)) {
      at += 1
    } else if (char === "(" || char === ")" || char === "[" || char === "]" || char === ",") {
      tokens.push({ kind: char, text: char, at })
      at += 1
    } else if (char === '"' || char === "'") {
      const quoted = scanQuoted(rule, at + 1, char)
      if (quoted === undefined) return new RuleProblem(problems.compilation, at)
      tokens.push({ kind: "text", text: quoted.text, at })
      at = quoted.next
    } else if (isWordChar(char)) {
      const start = at
      while (at < rule.length && isWordChar(rule.charAt(at))) at += 1
      tokens.push({ kind: "word", text: rule.slice(start, at).replace(/^\u2013/, "-"), at: start })
    } else {
      return new RuleProblem(problems.compilation, at)
    }
  }
  return tokens
}
