import { endsNumber, endsWord, isDash } from "./characters.ts"

/** Longer digit strings are words: nobody types them, and big integers cost more than linear time. */
const longest = 64

const shape =
  /([+\-\u2013-\u2015]?)(?:0x([0-9a-f]+)|0b([01]+)|((?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:e[+\-\u2013-\u2015]?\d+)?))(u?[lsy]|[udn])?(?:([kmgtp])b)?/iy

const multipliers: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4, p: 5 }

/** Hexadecimal and binary digits of full width are read as signed, as PowerShell does (`0xFFFFFFFF` is -1). */
const wholeNumber = (digits: string, prefix: "0x" | "0b"): number => {
  const value = BigInt(`${prefix}${digits}`)
  const bits = prefix === "0x" ? digits.length * 4 : digits.length
  return Number(bits === 32 || bits === 64 ? BigInt.asIntN(bits, value) : value)
}

export interface ScannedNumber {
  readonly value: number
  readonly text: string
}

/**
 * The number that begins here and ends where a word (or, in an expression, an operator) begins.
 * Undefined where the characters are no number: `7z`, `00:30:00`, `10.0.0.1`.
 */
export const scanNumber = (
  text: string,
  start: number,
  isExpression: boolean,
): ScannedNumber | undefined => {
  shape.lastIndex = start
  const match = shape.exec(text)
  if (match === null) return undefined
  const [whole, sign = "", hex, binary, decimal, , unit] = match
  if (whole.length > longest) return undefined
  const next = start + whole.length
  const follows = next < text.length ? text.charCodeAt(next) : -1
  if (!(isExpression ? endsNumber(follows) : endsWord(follows))) return undefined
  const magnitude =
    hex !== undefined
      ? wholeNumber(hex, "0x")
      : binary !== undefined
        ? wholeNumber(binary, "0b")
        : Number((decimal ?? "0").replace(/[\u2013-\u2015]/, "-"))
  const scale = unit === undefined ? 1 : 1024 ** (multipliers[unit.toLowerCase()] ?? 0)
  const value = magnitude * scale * (sign !== "" && isDash(sign.charCodeAt(0)) ? -1 : 1)
  return Number.isFinite(value) ? { value, text: whole } : undefined
}
