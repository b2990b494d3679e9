import { licenceMakers } from "./licenceMakers.ts"
import {
  by,
  dayOf,
  digits,
  letters13,
  type Maker,
  mod11Ten,
  mod97,
  monthOf,
  numbers,
  pick,
  sum,
  two,
  until,
  withIban,
  withLuhn,
  withVerhoeff,
} from "./numberMaker.ts"
import { shapeMakers } from "./shapeMakers.ts"

const brazilian = (sum_: number): number => (sum_ % 11 < 2 ? 0 : 11 - (sum_ % 11))
const cpfDigit = (text: string): number =>
  brazilian(numbers(text).reduce((all, digit, index) => all + digit * (text.length + 1 - index), 0))
const cnpjDigit = (text: string): number =>
  brazilian(
    Array.from(text)
      .toReversed()
      .reduce((all, digit, index) => all + Number(digit) * (2 + (index % 8)), 0),
  )

/** Every type: those with a checksum first. */
export const makers: readonly Maker[] = [
  by("Credit Card Number", "credit card", (draw, i) => {
    const value = withLuhn(`4${digits(draw, i, 14)}`)
    return i % 2 === 0 ? value : (value.match(/.{4}/g) ?? []).join(i % 4 === 1 ? " " : "-")
  }),
  by(
    "International Banking Account Number (IBAN)",
    "transfer",
    (draw, i) => {
      const value = pick(
        [
          withIban("DE", digits(draw, i, 18)),
          withIban("GB", `WEST${digits(draw, i, 14)}`),
          withIban("NL", `ABNA0${digits(draw, i, 9)}`),
          withIban("FR", digits(draw, i, 23)),
          withIban("NO", digits(draw, i, 11)),
        ],
        draw,
        i,
      )
      return i % 2 === 0 ? value : (value.match(/.{1,4}/g) ?? []).join(" ")
    },
    { isSureAlone: true },
  ),
  by("ABA Routing Number", "routing number", (draw, i) => {
    const body = `0${1 + (i % 9)}${digits(draw, i, 6)}`
    return `${body}${(10 - (sum(body, [3, 7, 1, 3, 7, 1, 3, 7]) % 10)) % 10}`
  }),
  by("Drug Enforcement Agency (DEA) Number", "dea number", (draw, i) => {
    const body = digits(draw, i, 6)
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers(body)
    return `B${pick("ABCDMST".split(""), draw, i)}${body}${(a + c + e + 2 * (b + d + f)) % 10}`
  }),
  by("U.K. National Health Service Number", "nhs number", (draw, i) =>
    until((attempt) => {
      const body = digits(draw, i, 9, `nhs ${attempt}`)
      const check = 11 - (sum(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)
      if (check === 10) return undefined
      const value = `${body}${check === 11 ? 0 : check}`
      return i % 2 === 0 ? value : `${value.slice(0, 3)} ${value.slice(3, 6)} ${value.slice(6)}`
    }),
  ),
  by("Canada Social Insurance Number", "social insurance number (born 01/02/1990)", (draw, i) => {
    const value = withLuhn(`${1 + (i % 7)}${digits(draw, i, 7)}`)
    return `${value.slice(0, 3)}-${value.slice(3, 6)}-${value.slice(6)}`
  }),
  by(
    "Australia Tax File Number",
    "tax file number",
    (draw, i) =>
      until((attempt) => {
        const body = digits(draw, i, 8, `tfn ${attempt}`)
        const rest = sum(body, [1, 4, 3, 7, 5, 8, 6, 9]) % 11
        // 10 times the check digit is minus the check digit, modulo 11.
        return rest === 10 ? undefined : `${body}${rest}`
      }),
    { keyword: "tax file number" },
  ),
  by(
    "Australia Medical Account Number",
    "medicare",
    (draw, i) => {
      const body = `${2 + (i % 5)}${digits(draw, i, 7)}`
      return `${body}${sum(body, [1, 3, 7, 9, 1, 3, 7, 9]) % 10}1`
    },
    { spoil: (value) => `${value.slice(0, 8)}${(Number(value[8]) + 1) % 10}1` },
  ),
  by(
    "Germany Driver's License Number",
    "führerschein",
    (draw, i) =>
      until((attempt) => {
        const body = `B${digits(draw, i, 2, `a ${attempt}`)}${digits(draw, i, 1)}RRE${2 + (i % 8)}I`
        const check = letters13(body).reduce((all, value, at) => all + value * (9 - at), 0) % 11
        return check === 10 ? undefined : `${body}${check}5`
      }),
    { spoil: (value) => `${value.slice(0, 9)}${(Number(value[9]) + 1) % 10}5` },
  ),
  by("Germany Tax Identification Number", "steuernummer", (draw, i) =>
    until((attempt) => {
      // Ten digits of which exactly one stands twice.
      const order = Array.from(digits(draw, i, 30, `tax ${attempt}`)).filter(
        (it, at, all) => all.indexOf(it) === at,
      )
      if (order.length < 9) return undefined
      const nine = order.slice(0, 9)
      const body = [...nine, nine[3]].join("")
      return body.startsWith("0") ? undefined : mod11Ten(body)
    }),
  ),
  by("France Social Security Number (INSEE)", "sécurité sociale", (draw, i) => {
    const body = `${1 + (i % 2)}${digits(draw, i, 2)}${monthOf(draw, i)}75${digits(draw, i, 6, "commune")}`
    return `${body}${two(97 - mod97(body))}`
  }),
  by("Netherlands Citizen's Service (BSN) Number", "burgerservicenummer", (draw, i) =>
    until((attempt) => {
      const body = `1${digits(draw, i, 7, `bsn ${attempt}`)}`
      const rest = sum(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
      return rest === 10 ? undefined : `${body}${rest}`
    }),
  ),
  by("Belgium National Number", "rijksregisternummer", (draw, i) => {
    const body = `8${i % 10}${monthOf(draw, i)}${dayOf(draw, i)}${digits(draw, i, 3)}`
    const check = two(97 - mod97(body))
    return i % 2 === 0
      ? `${body}${check}`
      : `${body.slice(0, 2)}.${body.slice(2, 4)}.${body.slice(4, 6)}-${body.slice(6)}.${check}`
  }),
  by("Poland National ID (PESEL)", "pesel", (draw, i) => {
    const body = `7${i % 10}${monthOf(draw, i)}${dayOf(draw, i)}${digits(draw, i, 4)}`
    return `${body}${(10 - (sum(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10}`
  }),
  by("Sweden National ID", "personnummer", (draw, i) => {
    const value = withLuhn(`8${i % 10}${monthOf(draw, i)}${dayOf(draw, i)}${digits(draw, i, 3)}`)
    return i % 2 === 0 ? value : `19${value.slice(0, 6)}-${value.slice(6)}`
  }),
  by(
    "Finland National ID",
    "henkilötunnus",
    (draw, i) => {
      const date = `${dayOf(draw, i)}${monthOf(draw, i)}7${i % 10}`
      const serial = `1${digits(draw, i, 2)}`
      const sign = "0123456789ABCDEFHJKLMNPRSTUVWXY"[Number(BigInt(date + serial) % 31n)]
      return `${date}${i % 2 === 0 ? "-" : "A"}${serial}${sign}`
    },
    { spoil: (value) => `${value.slice(0, -1)}${value.endsWith("A") ? "B" : "A"}` },
  ),
  by("Norway Identification Number", "fødselsnummer", (draw, i) =>
    until((attempt) => {
      const body = `${dayOf(draw, i)}${monthOf(draw, i)}7${i % 10}${digits(draw, i, 3, `no ${attempt}`)}`
      const first = (11 - (sum(body, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11
      if (first === 10) return undefined
      const second = (11 - (sum(`${body}${first}`, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11
      return second === 10 ? undefined : `${body}${first}${second}`
    }),
  ),
  by("Denmark Personal Identification Number", "cpr nummer", (draw, i) =>
    until((attempt) => {
      const body = `${dayOf(draw, i)}${monthOf(draw, i)}7${i % 10}${digits(draw, i, 3, `dk ${attempt}`)}`
      const check = (11 - (sum(body, [4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11
      return check === 10 ? undefined : `${body.slice(0, 6)}-${body.slice(6)}${check}`
    }),
  ),
  by("Spain Social Security Number (SSN)", "seguridad social", (draw, i) => {
    const body = `28${1 + (i % 9)}${digits(draw, i, 7)}`
    return `28/${body.slice(2)}/${two(mod97(body))}`
  }),
  by(
    "Spain DNI",
    "dni",
    (draw, i) => {
      const number = digits(draw, i, 8)
      return `${number}${"TRWAGMYFPDXBNJZSQVHLCKE"[Number(BigInt(number) % 23n)]}`
    },
    { spoil: (value) => `${value.slice(0, -1)}${value.endsWith("T") ? "R" : "T"}` },
  ),
  by("Croatia Personal Identification (OIB) Number", "osobni identifikacijski broj", (draw, i) =>
    mod11Ten(digits(draw, i, 10)),
  ),
  by(
    "Austria Social Security Number",
    "sozialversicherungsnummer",
    (draw, i) =>
      until((attempt) => {
        const serial = `${1 + (i % 9)}${digits(draw, i, 2, `at ${attempt}`)}`
        const birth = `${dayOf(draw, i)}${monthOf(draw, i)}7${i % 10}`
        const check = (sum(serial, [3, 7, 9]) + sum(birth, [5, 8, 4, 2, 1, 6])) % 11
        return check === 10 ? undefined : `${serial}${check} ${birth}`
      }),
    { spoil: (value) => `${value.slice(0, 3)}${(Number(value[3]) + 1) % 10}${value.slice(4)}` },
  ),
  by("Brazil CPF Number", "cpf", (draw, i) => {
    const body = digits(draw, i, 9)
    const value = `${body}${cpfDigit(body)}${cpfDigit(`${body}${cpfDigit(body)}`)}`
    return `${value.slice(0, 3)}.${value.slice(3, 6)}.${value.slice(6, 9)}-${value.slice(9)}`
  }),
  by("Brazil Legal Entity Number (CNPJ)", "cnpj", (draw, i) => {
    const body = `${digits(draw, i, 8)}0001`
    const value = `${body}${cnpjDigit(body)}${cnpjDigit(`${body}${cnpjDigit(body)}`)}`
    return `${value.slice(0, 2)}.${value.slice(2, 5)}.${value.slice(5, 8)}/${value.slice(8, 12)}-${value.slice(12)}`
  }),
  by("India Unique Identification (Aadhaar) Number", "aadhaar", (draw, i) => {
    const value = withVerhoeff(`${2 + (i % 8)}${digits(draw, i, 10)}`)
    return (value.match(/.{4}/g) ?? []).join(" ")
  }),
  by(
    "China Resident Identity Card (PRC) Number",
    "居民身份证",
    (draw, i) => {
      const body = `110105197${i % 10}${monthOf(draw, i)}${dayOf(draw, i)}${digits(draw, i, 3)}`
      const total = sum(body, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
      return `${body}${["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][total % 11]}`
    },
    { spoil: (value) => `${value.slice(0, -1)}${value.endsWith("1") ? "2" : "1"}` },
  ),
  by("Israel National Identification Number", "teudat zehut", (draw, i) =>
    withLuhn(`${1 + (i % 9)}${digits(draw, i, 7)}`),
  ),
  by("South Africa Identification Number", "south african id", (draw, i) =>
    withLuhn(`8${i % 10}${monthOf(draw, i)}${dayOf(draw, i)}${digits(draw, i, 4)}08`),
  ),
  by(
    "Singapore National Registration Identity Card (NRIC) Number",
    "nric",
    (draw, i) => {
      const body = digits(draw, i, 7)
      const first = "STFG"[i % 4] ?? "S"
      const shift = first === "T" || first === "G" ? 4 : 0
      const list = first === "S" || first === "T" ? "JZIHGFEDCBA" : "XWUTRQPNMLK"
      return `${first}${body}${list[(sum(body, [2, 7, 6, 5, 4, 3, 2]) + shift) % 11]}`
    },
    { spoil: (value) => `${value.slice(0, -1)}Y` },
  ),
  by("EU Debit Card Number", "debit card", (draw, i) => withLuhn(`5${digits(draw, i, 14)}`)),
  ...shapeMakers,
  ...licenceMakers,
]
