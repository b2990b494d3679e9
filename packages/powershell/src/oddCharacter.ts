import { visibleText } from "@twin/kernel"
import { isDash, isWhiteSpace } from "./characters.ts"
import { failAt, type Parsed } from "./ScriptError.ts"
import type { Source } from "./Source.ts"

/** The odd characters that pasted text brings along most often. */
const names: Readonly<Record<number, string>> = {
  0: "NULL",
  0x1b: "ESCAPE",
  0xad: "SOFT HYPHEN",
  0xb7: "MIDDLE DOT",
  0xbd7: "TAMIL AU LENGTH MARK",
  0x200b: "ZERO WIDTH SPACE",
  0x200c: "ZERO WIDTH NON-JOINER",
  0x200d: "ZERO WIDTH JOINER",
  0x200e: "LEFT-TO-RIGHT MARK",
  0x200f: "RIGHT-TO-LEFT MARK",
  0x2010: "HYPHEN",
  0x2011: "NON-BREAKING HYPHEN",
  0x2012: "FIGURE DASH",
  0x2022: "BULLET",
  0x202a: "LEFT-TO-RIGHT EMBEDDING",
  0x202c: "POP DIRECTIONAL FORMATTING",
  0x202e: "RIGHT-TO-LEFT OVERRIDE",
  0x2060: "WORD JOINER",
  0x2212: "MINUS SIGN",
  0x25aa: "BLACK SMALL SQUARE",
  0x25cf: "BLACK CIRCLE",
  0xfeff: "ZERO WIDTH NO-BREAK SPACE",
  0xff0d: "FULLWIDTH HYPHEN-MINUS",
  0xfffd: "REPLACEMENT CHARACTER",
}

const isDashLookalike = (unit: number): boolean =>
  (unit >= 0x2010 && unit <= 0x2012) ||
  unit === 0x2212 ||
  unit === 0xfe58 ||
  unit === 0xfe63 ||
  unit === 0xff0d

/** Where a word stands decides how much it may contain. */
export type WordPlace = "name" | "argument"

/**
 * Whether a character can only have come into a bare word by accident. Control, invisible, private
 * and unassigned characters, halves of pairs, and a vowel sign that hangs on a Latin letter. In the
 * name of a command or parameter: everything beyond ASCII that is no letter, digit or mark.
 */
const isOdd = (text: string, index: number, place: WordPlace): boolean => {
  const unit = text.charCodeAt(index)
  if (unit < 0x80) return unit < 0x20 || unit === 0x7f
  const character = String.fromCodePoint(text.codePointAt(index) ?? unit)
  if (/^[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\ufffd]$/u.test(character)) return true
  if (/^\p{M}$/u.test(character)) {
    const isAtStart = index === 0 || text.charCodeAt(index - 1) < 0x80
    return isAtStart && !/^[\p{Script=Inherited}\p{Script=Common}]$/u.test(character)
  }
  if (place === "name") return !/^[\p{L}\p{Nd}\p{Pc}]$/u.test(character) && !isDash(unit)
  return isDashLookalike(unit) && /^[A-Za-z]$/.test(text.charAt(index + 1))
}

const plain = /^[ -~]*$/

/** Position of the first odd character between two positions, or -1. */
export const findOdd = (text: string, start: number, end: number, place: WordPlace): number => {
  if (plain.test(text.slice(start, end))) return -1
  for (let index = start; index < end; index++) {
    const isWordStart = index === start
    if (place === "argument" && isDashLookalike(text.charCodeAt(index)) && !isWordStart) continue
    if (isOdd(text, index, place)) return index
    if ((text.codePointAt(index) ?? 0) > 0xffff) index += 1
  }
  return -1
}

/** `U+0BD7 (TAMIL AU LENGTH MARK)`; the character itself is not printed. */
const nameOf = (codePoint: number): string => {
  const hex = codePoint.toString(16).toUpperCase().padStart(4, "0")
  const name = names[codePoint]
  return name === undefined ? `U+${hex}` : `U+${hex} (${name})`
}

const endOfLine = (text: string, start: number): number => {
  const found = text.slice(start, start + 200).search(/[\r\n]/)
  return found < 0 ? Math.min(text.length, start + 200) : start + found
}

/** The failure about an odd character: its position, its code point and what the line should be. */
export const oddCharacter = (source: Source, index: number, wordStart: number): Parsed<never> => {
  const { text } = source
  const codePoint = text.codePointAt(index) ?? 0
  const next = index + (codePoint > 0xffff ? 2 : 1)
  const before = text.slice(wordStart, index)
  const follows = text.charCodeAt(next)
  const joinsDash = isDash(follows) || isDashLookalike(follows)
  const [advice, instead] = isDashLookalike(codePoint)
    ? ["PowerShell does not take it for a dash; type '-'", "-"]
    : index > wordStart && joinsDash
      ? ["it is not a space, though it may look like one; type a space", " "]
      : ["it cannot be part of a bare word; delete it, or put the word in quotes", ""]
  const repaired = `${before}${instead}${text.slice(next, endOfLine(text, next))}`
  const shown = visibleText(skipSpace(repaired)).trimEnd()
  return failAt(source, index, next, {
    errorId: "UnrecognizedToken",
    message: `Unrecognized token in source text: the character ${nameOf(codePoint)}: ${advice}.`,
    ...(shown === "" ? {} : { hint: `Did you mean: ${shown}` }),
  })
}

const skipSpace = (text: string): string => {
  let start = 0
  while (start < text.length && isWhiteSpace(text.charCodeAt(start))) start += 1
  return text.slice(start)
}
