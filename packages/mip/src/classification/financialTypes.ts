import { alone, aloneAnyCase, builtIn, element, words } from "./builtInType.ts"
import { abaRouting, iban, ibanCountries, ibanLength, luhn } from "./checksums.ts"
import type { Element, Evidence, SensitiveInformationType } from "./SensitiveInformationType.ts"

const cardWords = words(
  "amex, american express, visa, mastercard, master card, mc, diners, dinersclub",
  "discover, jcb, maestro, credit card, creditcard, credit cards, debit card, card number",
  "card no, card #, cardnumber, cc#, ccn, card holder, cardholder, cvv, cvv2, cvc",
  "security code, card verification, expiration, expiry, expires, valid thru, valid until",
  "kreditkarte, carte bancaire, carte de crédit, tarjeta, tarjeta de crédito",
  "carta di credito, creditkaart, kartennummer, gültig bis",
)

/** Month and year on a card. */
const expiryDate = /(?<!\d)(?:0[1-9]|1[0-2])\s?[/-]\s?(?:20)?\d{2}(?!\d)/g

const cardPatterns = [
  String.raw`\d{14,19}`,
  String.raw`\d{4} \d{4} \d{4} \d{4}`,
  String.raw`\d{4}-\d{4}-\d{4}-\d{4}`,
  String.raw`\d{4} \d{4} \d{4} \d{4} \d{3}`,
  String.raw`\d{4}[ -]\d{6}[ -]\d{4,5}`,
]

/** Keyword or expiry date: either makes it sure (MIP-152). */
const card = (source: string, without: number | undefined): Element => ({
  pattern: alone(source),
  checksum: luhn,
  levels: [
    { confidence: 85, evidence: [cardWords] },
    { confidence: 85, evidence: [expiryDate] },
    ...(without === undefined ? [] : [{ confidence: without }]),
  ],
})

const swiftWords: Evidence = words(
  "swift, swift code, swiftcode, swift#, swift number, bic, bic code, bic#",
  "bank identifier code, bank identification code, iso 9362, iso9362, swiftroutingnumber",
  "international organization, organisation internationale, clabe, correspondent bank",
)

const abaWords: Evidence = words(
  "aba, aba number, aba#, abarouting#, abaroutingnumber, bank routing#",
  "american bank association routing #, routing number, routing no, routing#",
  "bank routing number, bank routing, routing transit number, rtn",
)

const bankWords: Evidence = words(
  "checking account number, checking account, savings account number, savings account",
  "bank account number, bank account #, bank account, bank acct, bank acct no",
  "debit account number, debit account, checking acct, savings acct, bank number",
)

/** Words of examples, which the service leaves out near a key. */
const exampleNames = String.raw`contoso|fabrikam|northwind|sandbox|onebox|localhost|127\.0\.0\.1|testacs\.com|s-int\.net`
const exampleWords: Evidence = new RegExp(exampleNames, "gi")
/** The key of the emulator, which everybody knows. */
const emulatorKey = String.raw`Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw`
const storageKey = new RegExp(
  String.raw`DefaultEndpointsProtocol\s{0,2}=\s{0,2}(?:(?!${exampleNames})[^\r\n]){1,200}?AccountKey\s{0,2}=\s{0,2}(?!${emulatorKey})[A-Za-z0-9+/]{86}==(?!=)`,
  "gi",
)

const ipWords: Evidence = words("ip address, ip addresses, internet protocol, IP-כתובת ה")
/** This one only in capitals. */
const ipCapitals: Evidence = alone("IP")

/** Codes of institutions name a country in the fifth and sixth place. */
const isSwift = (value: string): boolean =>
  ibanCountries.includes(value.slice(4, 6)) || swiftCountries.has(value.slice(4, 6))
const swiftCountries = new Set(
  "US CA AU NZ JP CN HK IN SG ZA MX AR CL CO PE KR TW TH MY PH VN ID KE NG MA DZ BM KY PA UY".split(
    " ",
  ),
)

/** Cards, accounts, and keys to them. */
export const financialTypes: readonly SensitiveInformationType[] = [
  builtIn(
    "50842eb7-edc8-4019-85dd-5a5c1f2bb085",
    "Credit Card Number",
    cardPatterns.map((source) => card(source, 65)),
  ),
  builtIn("0e9b3178-9678-47dd-a509-37222ca96b42", "EU Debit Card Number", [
    card(String.raw`\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}`, undefined),
  ]),
  builtIn("e7dc4711-11b7-4cb0-b88b-2c394a771f0e", "International Banking Account Number (IBAN)", [
    {
      // Written in one piece, or in blocks of four.
      pattern: alone(String.raw`[A-Z]{2}\d{2}(?:[A-Z0-9]{11,28}|(?: [A-Z0-9]{1,4}){3,8})`),
      length: ibanLength,
      checksum: iban,
      levels: [{ confidence: 85 }],
    },
  ]),
  builtIn(
    "cb353f78-2b72-4c3c-8827-92ebe4f69fdf",
    "ABA Routing Number",
    [
      element(
        alone(String.raw`(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d\d-?\d{4}-?\d`),
        { keywords: abaWords, with: 75, without: 65 },
        abaRouting,
      ),
    ],
    75,
  ),
  builtIn(
    "cb2ab58c-9cb8-4c81-baf8-a4e106791df4",
    "SWIFT Code",
    [
      element(
        alone("[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"),
        { keywords: swiftWords, with: 75 },
        isSwift,
      ),
    ],
    75,
  ),
  builtIn(
    "a2ce32a8-f935-4bb6-8e96-2a5157672e2c",
    "U.S. Bank Account Number",
    [element(alone(String.raw`\d{6,17}`), { keywords: bankWords, with: 75 })],
    75,
  ),
  builtIn("c7bc98e8-551a-4c35-a92d-d2c8cda714a7", "Azure Storage Account Key", [
    {
      pattern: storageKey,
      levels: [{ confidence: 85, any: [{ of: [exampleWords], min: 0, max: 0 }] }],
    },
  ]),
  builtIn(
    "1daa4ad5-e2dd-4ca4-a788-54722c09efb2",
    "IP Address",
    [
      {
        pattern:
          /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?![\d]|\.\d)/g,
        levels: [{ confidence: 95, any: [{ of: [ipWords, ipCapitals], min: 1 }] }],
      },
      {
        pattern: aloneAnyCase("(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}"),
        levels: [
          { confidence: 95, any: [{ of: [ipWords, ipCapitals], min: 1 }] },
          { confidence: 85 },
        ],
      },
    ],
    85,
  ),
]
