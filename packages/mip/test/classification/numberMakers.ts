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

const digits = (draw: Draw, index: number, count: number, purpose = "digits"): string =>
  draw.digits(`${purpose} ${index}`, count)
const pick = <A>(list: readonly A[], draw: Draw, index: number): A =>
  list[Number(draw.digits(`pick ${index}`, 6)) % list.length] as A
const two = (value: number): string => String(value).padStart(2, "0")
const dayOf = (draw: Draw, index: number): string =>
  two((Number(draw.digits(`day ${index}`, 4)) % 28) + 1)
const monthOf = (draw: Draw, index: number): string =>
  two((Number(draw.digits(`month ${index}`, 4)) % 12) + 1)
const numbers = (text: string): readonly number[] => [...text].map(Number)
const sum = (text: string, weights: readonly number[]): number =>
  numbers(text).reduce((total, digit, index) => total + digit * (weights[index] ?? 0), 0)

/** The last digit one higher: no scheme with one check digit accepts both. */
export const lastDigitUp = (value: string): string => {
  const at = value.search(/\d(?=\D*$)/)
  return `${value.slice(0, at)}${(Number(value[at]) + 1) % 10}${value.slice(at + 1)}`
}

const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]
const withLuhn = (body: string): string => {
  const total = [...body]
    .toReversed()
    .reduce(
      (all, digit, index) =>
        all + (index % 2 === 0 ? (doubled[Number(digit)] ?? 0) : Number(digit)),
      0,
    )
  return `${body}${(10 - (total % 10)) % 10}`
}
const mod97 = (decimal: string): number => Number(BigInt(decimal) % 97n)
const letters = (text: string): string =>
  text.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
const withIban = (country: string, account: string): string =>
  `${country}${two(98 - mod97(letters(`${account}${country}00`)))}${account}`

/** Tries until the last digit fits; some bodies have none. */
const until = (tries: (attempt: number) => string | undefined): string => {
  for (let attempt = 0; attempt < 500; attempt++) {
    const value = tries(attempt)
    if (value !== undefined) return value
  }
  throw new Error("no number found")
}

const mod11Ten = (body: string): string => {
  const product = numbers(body).reduce((p, digit) => {
    const s = (digit + p) % 10
    return ((s === 0 ? 10 : s) * 2) % 11
  }, 10)
  return `${body}${(11 - product) % 10}`
}

const verhoeffTable = [
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
const verhoeffTurns = [
  "0123456789",
  "1576283094",
  "5803796142",
  "8916043527",
  "9453126870",
  "4286573901",
  "2793806415",
  "7046913258",
]
const withVerhoeff = (body: string): string => {
  const value = [...body].toReversed().reduce((check, digit, index) => {
    const turned = Number(verhoeffTurns[(index + 1) % 8]?.[Number(digit)])
    return Number(verhoeffTable[check]?.[turned])
  }, 0)
  return `${body}${verhoeffTable[value]?.indexOf("0")}`
}

const by = (
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
    return `B${pick([..."ABCDMST"], draw, i)}${body}${(a + c + e + 2 * (b + d + f)) % 10}`
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
  by("Canada Social Insurance Number", "social insurance number", (draw, i) => {
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
  by("Germany Passport Number", "reisepass", (draw, i) => {
    const body = `C01X${digits(draw, i, 2)}${pick([..."CFGHJK"], draw, i)}${digits(draw, i, 2, "tail")}`
    const total = [...letters13(body)].reduce(
      (all, value, index) => all + value * ([7, 3, 1][index % 3] ?? 1),
      0,
    )
    return `${body}${total % 10}`
  }),
  by("Germany Tax Identification Number", "steuernummer", (draw, i) =>
    until((attempt) => {
      // Ten digits of which exactly one stands twice.
      const order = [...digits(draw, i, 30, `tax ${attempt}`)].filter(
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
    const check = (text: string): number => {
      const rest =
        numbers(text).reduce((all, digit, index) => all + digit * (text.length + 1 - index), 0) % 11
      return rest < 2 ? 0 : 11 - rest
    }
    const value = `${body}${check(body)}${check(`${body}${check(body)}`)}`
    return `${value.slice(0, 3)}.${value.slice(3, 6)}.${value.slice(6, 9)}-${value.slice(9)}`
  }),
  by("Brazil Legal Entity Number (CNPJ)", "cnpj", (draw, i) => {
    const body = `${digits(draw, i, 8)}0001`
    const check = (text: string): number => {
      const rest =
        [...text]
          .toReversed()
          .reduce((all, digit, index) => all + Number(digit) * (2 + (index % 8)), 0) % 11
      return rest < 2 ? 0 : 11 - rest
    }
    const value = `${body}${check(body)}${check(`${body}${check(body)}`)}`
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
  // Without a checksum the keyword decides, and what is spoilt is the shape.
  by(
    "U.S. Social Security Number (SSN)",
    "social security number",
    (draw, i) =>
      `${two(10 + (i % 80))}${1 + (i % 9)}-${two(1 + (i % 98))}-${1 + (i % 9)}${digits(draw, i, 3)}`,
    { hasChecksum: false, spoil: (value) => `${value.slice(0, 4)}00${value.slice(6)}` },
  ),
  by(
    "U.S. Individual Taxpayer Identification Number (ITIN)",
    "individual taxpayer",
    (draw, i) => `9${digits(draw, i, 2)}-7${i % 10}-${digits(draw, i, 4, "tail")}`,
    { hasChecksum: false, spoil: (value) => `8${value.slice(1)}` },
  ),
  by("U.S. / U.K. Passport Number", "passport number", (draw, i) => `5${digits(draw, i, 8)}`, {
    hasChecksum: false,
    spoil: (value) => value.slice(1),
  }),
  by(
    "U.K. National Insurance Number (NINO)",
    "national insurance",
    (draw, i) =>
      `AB ${digits(draw, i, 2)} ${digits(draw, i, 2, "b")} ${digits(draw, i, 2, "c")} ${"ABCD"[i % 4]}`,
    { hasChecksum: false, spoil: (value) => value.replace("AB", "BG") },
  ),
  by(
    "U.K. Driver's License Number",
    "driving licence",
    (draw, i) => `MORGA6${two(1 + (i % 12))}${dayOf(draw, i)}${i % 10}SM9IJ`,
    { hasChecksum: false, spoil: (value) => value.replace("MORGA6", "MORGA699") },
  ),
  by(
    "SWIFT Code",
    "swift code",
    (_draw, i) =>
      `${["DEUT", "BARC", "CHAS", "BNPA"][i % 4]}${["DE", "GB", "US", "FR"][i % 4]}${["FF", "22", "33", "PP"][i % 4]}`,
    { hasChecksum: false, spoil: (value) => `${value.slice(0, 4)}QQ${value.slice(6)}` },
  ),
  by("U.S. Bank Account Number", "checking account number", (draw, i) => `7${digits(draw, i, 9)}`, {
    hasChecksum: false,
    spoil: (value) => value.slice(0, 5),
  }),
  by("IP Address", "ip address", (_draw, i) => `203.0.113.${1 + (i % 250)}`, {
    hasChecksum: false,
    spoil: (value) => value.replace("203", "303"),
  }),
  by(
    "Azure Storage Account Key",
    "AccountKey",
    (draw, i) => `${draw.token(`key ${i}`, 86).replaceAll("-", "A").replaceAll("_", "B")}==`,
    { hasChecksum: false, spoil: (value) => value.slice(2) },
  ),
  by("Germany Identity Card Number", "personalausweis", (draw, i) => `L22N${digits(draw, i, 5)}`, {
    hasChecksum: false,
    spoil: (value) => value.slice(1),
  }),
  by(
    "Germany Driver's License Number",
    "führerschein",
    (draw, i) => `B${digits(draw, i, 2)}RRE2I${digits(draw, i, 2, "b")}${i % 10}`,
    { hasChecksum: false, spoil: (value) => value.slice(1) },
  ),
  by("France Passport Number", "passeport", (draw, i) => `1${i % 10}AF${digits(draw, i, 5)}`, {
    hasChecksum: false,
    spoil: (value) => value.slice(1),
  }),
  by(
    "France National ID Card (CNI)",
    "carte nationale d'identité",
    (draw, i) => `88${digits(draw, i, 10)}`,
    { hasChecksum: false, spoil: (value) => value.slice(1) },
  ),
  by(
    "India Permanent Account Number (PAN)",
    "permanent account number",
    (draw, i) => `ABCP${"KLMN"[i % 4]}${digits(draw, i, 4)}Z`,
    { hasChecksum: false, spoil: (value) => value.slice(1) },
  ),
  by("EU Debit Card Number", "debit card", (draw, i) => withLuhn(`5${digits(draw, i, 14)}`)),
]

/** Letters count from ten, digits as they are. */
function letters13(text: string): readonly number[] {
  return [...text].map((sign) => (sign >= "A" ? sign.charCodeAt(0) - 55 : Number(sign)))
}
