import type { Draw } from "@twin/kernel"

/**
 * Makes valid numbers out of the public descriptions of their check digits, in another way than the
 * source checks them: by appending what is missing, with tables or whole numbers.
 */
export interface Maker {
  /** Of the built-in type. */
  readonly type: string
  readonly keyword: string
  readonly make: (draw: Draw, index: number) => string
  /** The same shape that is no such number; absent where only the keyword tells. */
  readonly spoil?: (value: string) => string
  /** Whether a checksum decides, so that nothing may be missed or invented. */
  readonly hasChecksum: boolean
  /** Sure enough without a keyword (the number is then found without one as well). */
  readonly isSureAlone?: boolean
}

export const digits = (draw: Draw, index: number, count: number, purpose = "digits"): string =>
  draw.digits(`${purpose} ${index}`, count)
export const pick = <A>(list: readonly A[], draw: Draw, index: number): A =>
  list[Number(draw.digits(`pick ${index}`, 6)) % list.length] as A
export const two = (value: number): string => String(value).padStart(2, "0")
export const dayOf = (draw: Draw, index: number): string =>
  two((Number(draw.digits(`day ${index}`, 4)) % 28) + 1)
export const monthOf = (draw: Draw, index: number): string =>
  two((Number(draw.digits(`month ${index}`, 4)) % 12) + 1)
export const numbers = (text: string): readonly number[] => Array.from(text, Number)
export const sum = (text: string, weights: readonly number[]): number =>
  numbers(text).reduce((total, digit, index) => total + digit * (weights[index] ?? 0), 0)

/** The last digit one higher: no scheme with one check digit accepts both. */
export const lastDigitUp = (value: string): string => {
  const at = value.search(/\d(?=\D*$)/)
  return `${value.slice(0, at)}${(Number(value[at]) + 1) % 10}${value.slice(at + 1)}`
}

export const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]
export const withLuhn = (body: string): string => {
  const total = Array.from(body)
    .toReversed()
    .reduce(
      (all, digit, index) =>
        all + (index % 2 === 0 ? (doubled[Number(digit)] ?? 0) : Number(digit)),
      0,
    )
  return `${body}${(10 - (total % 10)) % 10}`
}
export const mod97 = (decimal: string): number => Number(BigInt(decimal) % 97n)
export const letters = (text: string): string =>
  text.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
export const withIban = (country: string, account: string): string =>
  `${country}${two(98 - mod97(letters(`${account}${country}00`)))}${account}`

/** Tries until the last digit fits; some bodies have none. */
export const until = (tries: (attempt: number) => string | undefined): string => {
  for (let attempt = 0; attempt < 500; attempt++) {
    const value = tries(attempt)
    if (value !== undefined) return value
  }
  throw new Error("no number found")
}

export const mod11Ten = (body: string): string => {
  const product = numbers(body).reduce((p, digit) => {
    const s = (digit + p) % 10
    return ((s === 0 ? 10 : s) * 2) % 11
  }, 10)
  return `${body}${(11 - product) % 10}`
}

export const verhoeffTable = [
  "0123456789",
  "1234067895",
  "2340178956",
  "3401289567",
  "4012395678",
  "5987604321",
  "6598710432",
  "7659821043",
  "8765932104",
  "9876543210",
]
export const verhoeffTurns = [
  "0123456789",
  "1576283094",
  "5803796142",
  "8916043527",
  "9453126870",
  "4286573901",
  "2793806415",
  "7046913258",
]
export const withVerhoeff = (body: string): string => {
  const value = Array.from(body)
    .toReversed()
    .reduce((check, digit, index) => {
      const turned = Number(verhoeffTurns[(index + 1) % 8]?.[Number(digit)])
      return Number(verhoeffTable[check]?.[turned])
    }, 0)
  return `${body}${verhoeffTable[value]?.indexOf("0")}`
}

export const by = (
  type: string,
  keyword: string,
  make: Maker["make"],
  more: Partial<Maker> = {},
): Maker => ({
  type,
  keyword,
  make,
  spoil: lastDigitUp,
  hasChecksum: true,
  ...more,
})

/** Letters count from ten, digits as they are. */
export const letters13 = (text: string): readonly number[] =>
  Array.from(text, (sign) => (sign >= "A" ? sign.charCodeAt(0) - 55 : Number(sign)))
