/** A sensitive information type as the twin recognises it: by pattern and checksum, nothing learnt. */
interface InfoType {
  readonly name: string
  readonly isIn: (text: string) => boolean
}

/** Luhn's checksum, over digits only. */
const isLuhn = (digits: string): boolean => {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits.charAt(digits.length - 1 - index))
    const doubled = digit * 2
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** ISO 13616: the account number moved before the country, letters as numbers, modulo 97. */
const isIban = (text: string): boolean => {
  const moved = text.slice(4) + text.slice(0, 4)
  let rest = 0
  for (const sign of moved) {
    const value = /\d/.test(sign) ? sign : String(sign.charCodeAt(0) - 55)
    for (const digit of value) rest = (rest * 10 + Number(digit)) % 97
  }
  return rest === 1
}

const matches = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([found]) => found)

const types: readonly InfoType[] = [
  {
    name: "Credit Card Number",
    isIn: (text) =>
      matches(text, /\b(?:\d[ -]?){13,18}\d\b/g)
        .map((it) => it.replaceAll(/\D/g, ""))
        .some((it) => it.length >= 14 && it.length <= 16 && isLuhn(it)),
  },
  {
    name: "U.S. Social Security Number (SSN)",
    isIn: (text) => /\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b/.test(text),
  },
  {
    name: "International Banking Account Number (IBAN)",
    isIn: (text) =>
      matches(text, /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g).some((it) =>
        isIban(it.replaceAll(" ", "")),
      ),
  },
]

/** Names of the types that the twin recognises, as the service spells them. */
export const infoTypeNames: readonly string[] = types.map(({ name }) => name)

/** The types found in a text, sorted; of a text only the names leave this function. */
export const infoTypesIn = (text: string): readonly string[] =>
  types
    .filter(({ isIn }) => isIn(text))
    .map(({ name }) => name)
    .toSorted()
