/**
 * Check digits of numbers that people and institutions carry. All take the number without separators,
 * letters in upper case, and answer for well-formed numbers only: the pattern has been matched before.
 */
export type Checksum = (value: string) => boolean

const digitsOf = (value: string): readonly number[] => Array.from(value, Number)

const at = (digits: readonly number[], index: number): number => digits[index] ?? 0

/** Sum of digits, each with its weight. */
const weighted = (digits: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * at(digits, index), 0)

/** Remainder of a decimal number of any length. */
const modulo = (decimal: string, divisor: number): number => {
  let rest = 0
  for (const digit of decimal) rest = (rest * 10 + Number(digit)) % divisor
  return rest
}

/** ISO/IEC 7812: payment cards, and many national numbers. */
export const luhn: Checksum = (value) => {
  const digits = digitsOf(value)
  const sum = digits.reduce((total, digit, index) => {
    if ((digits.length - index) % 2 === 1) return total + digit
    return total + (digit > 4 ? digit * 2 - 9 : digit * 2)
  }, 0)
  return sum % 10 === 0
}

/** Lengths of account numbers by country, of the registry of ISO 13616. */
const ibanLengths: Readonly<Record<string, number>> = Object.fromEntries(
  [
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18",
    "DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23",
    "IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27",
    "MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27",
    "ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20",
  ]
    .join(" ")
    .split(" ")
    .map((it) => [it.slice(0, 2), Number(it.slice(2))]),
)

/** Countries whose account numbers are recognised (MIP-154). */
export const ibanCountries: readonly string[] = Object.keys(ibanLengths)

/** How long an account number of its country is: words may follow it in capitals. */
export const ibanLength = (value: string): number | undefined => ibanLengths[value.slice(0, 2)]

/** ISO 13616: the right length for the country, and modulo 97. */
export const iban: Checksum = (value) => {
  if (value.length !== ibanLength(value)) return false
  const moved = value.slice(4) + value.slice(0, 4)
  const decimal = Array.from(moved, (sign) =>
    sign >= "A" ? String(sign.charCodeAt(0) - 55) : sign,
  ).join("")
  return modulo(decimal, 97) === 1
}

/** Routing number of the American Bankers Association. */
export const abaRouting: Checksum = (value) =>
  value !== "000000000" && weighted(digitsOf(value), [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0

/** Registration number of the Drug Enforcement Agency: two letters and seven digits. */
export const deaNumber: Checksum = (value) => {
  const digits = digitsOf(value.slice(2))
  return weighted(digits, [1, 2, 1, 2, 1, 2]) % 10 === at(digits, 6)
}

/** National Provider Identifier: Luhn with the issuer's prefix in front. */
export const npi: Checksum = (value) => luhn(`80840${value}`)

/** National Health Service of the United Kingdom: modulo 11, and ten is never a check digit. */
export const nhsNumber: Checksum = (value) => {
  const digits = digitsOf(value)
  const check = (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11
  return check === at(digits, 9)
}

/** ICAO 9303: letters count from ten, weights 7, 3, 1. */
export const icao: Checksum = (value) => {
  const sum = Array.from(value.slice(0, -1)).reduce((total, sign, index) => {
    const number = sign >= "A" ? sign.charCodeAt(0) - 55 : Number(sign)
    return total + number * ([7, 3, 1][index % 3] ?? 1)
  }, 0)
  return sum % 10 === Number(value.at(-1))
}

/** ISO 7064, modulo 11,10: German tax numbers and the Croatian personal number. */
export const iso7064Mod11Ten: Checksum = (value) => {
  const digits = digitsOf(value)
  let product = 10
  for (const digit of digits.slice(0, -1)) {
    const sum = (digit + product) % 10 || 10
    product = (sum * 2) % 11
  }
  return (11 - product) % 10 === digits.at(-1)
}

/** German tax number: of the first ten digits one stands twice or three times, and not all differ. */
export const germanTaxNumber: Checksum = (value) => {
  const counts = new Map<string, number>()
  for (const digit of value.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1)
  const repeated = [...counts.values()].filter((count) => count > 1)
  return repeated.length === 1 && (repeated[0] ?? 0) <= 3 && iso7064Mod11Ten(value)
}

/** French social security number; the two departments of Corsica are letters. */
export const inseeNumber: Checksum = (value) => {
  const decimal = value.slice(0, 13).replace("2A", "19").replace("2B", "18")
  return 97 - modulo(decimal, 97) === Number(value.slice(13))
}

/** Dutch citizen service number: the eleven test; eight digits have a zero in front. */
export const bsn: Checksum = (value) => {
  const digits = digitsOf(value.padStart(9, "0"))
  return value !== "000000000" && weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0
}

/** Belgian national number: modulo 97, with a 2 in front for those born from 2000 on. */
export const belgianNumber: Checksum = (value) => {
  const check = Number(value.slice(9))
  const before = value.slice(0, 9)
  return 97 - modulo(before, 97) === check || 97 - modulo(`2${before}`, 97) === check
}

/** Australian tax file number. */
export const australianTaxNumber: Checksum = (value) =>
  weighted(digitsOf(value), [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0

/** Australian Medicare: the ninth digit checks the first eight. */
export const medicareNumber: Checksum = (value) => {
  const digits = digitsOf(value)
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === at(digits, 8)
}

/** Polish PESEL. */
export const pesel: Checksum = (value) => {
  const digits = digitsOf(value)
  return (10 - (weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === at(digits, 10)
}

/** Swedish number: Luhn over the last ten digits. */
export const swedishNumber: Checksum = (value) => luhn(value.slice(-10))

/** Finnish number: date and serial modulo 31 give the last sign. */
export const finnishNumber: Checksum = (value) => {
  const number = Number(value.slice(0, 6) + value.slice(7, 10))
  return "0123456789ABCDEFHJKLMNPRSTUVWXY".charAt(number % 31) === value.charAt(10)
}

/** Norwegian number: two check digits, modulo 11 each. */
export const norwegianNumber: Checksum = (value) => {
  const digits = digitsOf(value)
  const first = (11 - (weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11
  const second = (11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11
  return first === at(digits, 9) && second === at(digits, 10)
}

/** Danish number: modulo 11. */
export const danishNumber: Checksum = (value) =>
  weighted(digitsOf(value), [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0

const brazilianDigit = (digits: readonly number[], weights: readonly number[]): number => {
  const rest = weighted(digits, weights) % 11
  return rest < 2 ? 0 : 11 - rest
}

/** Brazilian person; eleven times one digit is not one. */
export const cpf: Checksum = (value) => {
  const digits = digitsOf(value)
  return (
    new Set(value).size > 1 &&
    brazilianDigit(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) === at(digits, 9) &&
    brazilianDigit(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) === at(digits, 10)
  )
}

/** Brazilian company. */
export const cnpj: Checksum = (value) => {
  const digits = digitsOf(value)
  return (
    new Set(value).size > 1 &&
    brazilianDigit(digits, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === at(digits, 12) &&
    brazilianDigit(digits, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === at(digits, 13)
  )
}

/** Multiplication in the dihedral group of the pentagon: digits below five turn, others mirror. */
const dihedral = (a: number, b: number): number => {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b - 5) % 5)
  return b < 5 ? 5 + ((a - 5 - b + 5) % 5) : (a - b + 5) % 5
}

const verhoeffPermutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]

const permuted = (digit: number, times: number): number => {
  let it = digit
  for (let turn = 0; turn < times; turn++) it = verhoeffPermutation[it] ?? 0
  return it
}

/** Verhoeff: Indian Aadhaar. */
export const verhoeff: Checksum = (value) =>
  digitsOf(value)
    .toReversed()
    .reduce((check, digit, index) => dihedral(check, permuted(digit, index % 8)), 0) === 0

/** Resident card of China: ISO 7064, modulo 11-2. */
export const chineseNumber: Checksum = (value) => {
  const sum = weighted(digitsOf(value), [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
  return "10X98765432".charAt(sum % 11) === value.charAt(17)
}

/** Singapore's card: the first letter shifts the sum and chooses the letters of the check. */
export const nric: Checksum = (value) => {
  const sum = weighted(digitsOf(value.slice(1, 8)), [2, 7, 6, 5, 4, 3, 2])
  const first = value.charAt(0)
  const letters = first === "S" || first === "T" ? "JZIHGFEDCBA" : "XWUTRQPNMLK"
  return letters.charAt((sum + (first === "T" || first === "G" ? 4 : 0)) % 11) === value.at(-1)
}

/** Spanish social security number: modulo 97. */
export const spanishSocialSecurity: Checksum = (value) => {
  const number = Number(value.slice(2, 10))
  const body =
    number < 10_000_000 ? value.slice(0, 2) + String(number).padStart(7, "0") : value.slice(0, 10)
  return modulo(body, 97) === Number(value.slice(10))
}

/** Spanish identity: the number modulo 23 gives the letter; foreigners' X, Y, Z count 0, 1, 2. */
export const dni: Checksum = (value) => {
  const first = "XYZ".indexOf(value.charAt(0))
  const number = first < 0 ? value.slice(0, -1) : `${first}${value.slice(1, -1)}`
  return "TRWAGMYFPDXBNJZSQVHLCKE".charAt(Number(number) % 23) === value.at(-1)
}

/** Austrian insurance number: the fourth digit checks the others. */
export const austrianInsurance: Checksum = (value) => {
  const digits = digitsOf(value)
  const [a = 0, b = 0, c = 0, check = 0, ...birth] = digits
  return weighted([a, b, c, ...birth], [3, 7, 9, 5, 8, 4, 2, 1, 6]) % 11 === check
}

/** German driving licence: the tenth sign, from nine before it, letters counted from ten on. */
export const germanLicence: Checksum = (value) => {
  const signs = Array.from(value, (sign) => Number.parseInt(sign, 36))
  return weighted(signs, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === at(signs, 9)
}
