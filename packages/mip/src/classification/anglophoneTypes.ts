import {
  alone,
  aloneAnyCase,
  anyDate,
  builtIn,
  element,
  passport,
  passportDates,
  words,
} from "./builtInType.ts"
import { australianTaxNumber, deaNumber, luhn, medicareNumber, nhsNumber } from "./checksums.ts"
import type { Evidence, SensitiveInformationType } from "./SensitiveInformationType.ts"

const ssnWords: Evidence = words(
  "ssn, ssn#, ss#, ssns, ssid, soc sec, social security, social security number",
  "social security no, social security#, socialsecurity, ssan, tax id, taxpayer id",
)

/** Area, group and serial as they were given out until 2011; what never was one is left out. */
const ssnParts = String.raw`(?!000|666|9\d\d)\d{3}`

const itinWords: Evidence = words(
  "itin, i.t.i.n., individual taxpayer, taxpayer, tax id, tax identification, taxpayer id",
  "taxid, itins, ssn, license",
)

const passportWords: Evidence = words(
  "passport, passport number, passport no, passport #, passport#, passportid, passportno",
  "passportnumber, passports, passeport, パスポート",
)

const deaWords: Evidence = words(
  "dea, dea#, dea number, dea no, drug enforcement administration",
  "drug enforcement agency",
)

const ninoWords: Evidence = words(
  "national insurance number, national insurance contributions, national insurance",
  "insurance number, insurance no, nino, ni number, ni no, insurance#",
  "social security number, protection act, health insurance, medical application",
)

const nhsWords: Evidence = words(
  "national health service, nhs, nhs number, nhs no, health services authority",
  "health authority, patient id, patient identification, patient no, patient number, gp",
  "dob, date of birth, birth date",
)

const drivingWords: Evidence = words(
  "driver's license, drivers license, driver licence, drivers licence, driving licence",
  "driving license, dlno, dl#, licence number, permit number, dvla",
)

const sinWords: Evidence = words(
  "sin, social insurance, social insurance number, numero d'assurance sociale",
  "numéro d'assurance sociale, sins, ssn, social insurance no, nas",
)

/** What stands on the same forms. */
const sinCompany: Evidence = words(
  "driver's license, drivers license, driver's licence, drivers licence, dob, birthdate",
  "birthday, date of birth",
)

const tfnWords: Evidence = words(
  "tax file number, tfn, australian business number, marginal tax rate, medicare levy",
  "portfolio number, service veterans, withholding tax, tax return",
)

const medicareWords: Evidence = words(
  "medicare, medicare number, medicare card, bank account details, medicare australia",
  "health insurance commission, department of human services, local service",
)

/** Numbers of the United States, the United Kingdom, Canada and Australia. */
export const anglophoneTypes: readonly SensitiveInformationType[] = [
  builtIn(
    "a44669fe-0d48-453d-a9b1-2cc83f2cba77",
    "U.S. Social Security Number (SSN)",
    [
      // MIP-153: never without a keyword; the way of writing decides how sure it is.
      element(alone(String.raw`${ssnParts}-(?!00)\d\d-(?!0000)\d{4}`), { keywords: ssnWords }),
      element(alone(String.raw`${ssnParts} (?!00)\d\d (?!0000)\d{4}`), { keywords: ssnWords }),
      element(alone(String.raw`${ssnParts}(?!00)\d\d(?!0000)\d{4}`), {
        keywords: ssnWords,
        with: 75,
      }),
      // Numbers of the randomised issue (from June 2011) need not keep to area and group.
      element(alone(String.raw`(?!000|666)\d{3}[- ](?!00)\d\d[- ](?!0000)\d{4}`), {
        keywords: ssnWords,
        with: 65,
      }),
      element(alone(String.raw`(?!000|666)\d{3}(?!00)\d\d(?!0000)\d{4}`), {
        keywords: ssnWords,
        with: 55,
      }),
    ],
    75,
  ),
  builtIn(
    "e55e2a32-f92d-4985-a35d-a0b269eb687b",
    "U.S. Individual Taxpayer Identification Number (ITIN)",
    [
      element(alone(String.raw`9\d\d[- ](?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])[- ]\d{4}`), {
        keywords: itinWords,
        without: 65,
      }),
      element(alone(String.raw`9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}`), {
        keywords: itinWords,
        with: 75,
        without: 65,
      }),
    ],
    75,
  ),
  builtIn(
    "178ec42a-18b4-47cc-85c7-d62c92fd67f8",
    "U.S. / U.K. Passport Number",
    [
      passport(alone(String.raw`\d{9}`), passportWords, passportDates),
      passport(alone(String.raw`[A-Z]\d{8}`), passportWords, passportDates),
    ],
    75,
  ),
  builtIn("9a5445ad-406e-43eb-8bd7-cac17ab6d0e4", "Drug Enforcement Agency (DEA) Number", [
    element(
      aloneAnyCase(String.raw`[ABFGMPR][A-Z9]\d{7}`),
      { keywords: deaWords, without: 75 },
      deaNumber,
    ),
  ]),
  builtIn(
    "16c07343-c26f-49d2-a987-3daf717e94cc",
    "U.K. National Insurance Number (NINO)",
    [
      element(
        aloneAnyCase(
          String.raw`(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[ -]?\d\d){3}[ -]?[A-D]`,
        ),
        { keywords: ninoWords, without: 75 },
      ),
    ],
    75,
  ),
  builtIn("3192014e-2a16-44e9-aa69-4b20375c9a78", "U.K. National Health Service Number", [
    element(alone(String.raw`\d{3}[ -]?\d{3}[ -]?\d{4}`), { keywords: nhsWords }, nhsNumber),
  ]),
  builtIn(
    "f93de4be-d94c-40df-a8be-461738047551",
    "U.K. Driver's License Number",
    [
      element(
        aloneAnyCase(
          String.raw`[A-Z9]{5}\d(?:[05][1-9]|[16][0-2])(?:[0-2]\d|3[01])\d[A-Z9]{2}[A-Z0-9][A-Z]{2}`,
        ),
        // Its two check signs are not public, so that only the shape tells.
        { keywords: drivingWords, with: 75, without: 65 },
      ),
    ],
    75,
  ),
  builtIn(
    "a2f29c85-ecb8-4514-a610-364790c0773e",
    "Canada Social Insurance Number",
    [
      {
        pattern: alone(String.raw`\d{3}[- ]\d{3}[- ]\d{3}`),
        checksum: luhn,
        levels: [{ confidence: 85, any: [{ of: [sinWords, sinCompany, anyDate], min: 2 }] }],
      },
      element(alone(String.raw`\d{9}`), { keywords: sinWords, with: 75 }, luhn),
    ],
    75,
  ),
  builtIn("e29bc95f-ff70-4a37-aa01-04d17360a4c5", "Australia Tax File Number", [
    element(
      alone(String.raw`\d{3}[ -]?\d{3}[ -]?\d{3}`),
      { keywords: tfnWords },
      australianTaxNumber,
    ),
  ]),
  builtIn("104a99a0-3d3b-4542-a40d-ab0b9e1efe63", "Australia Medical Account Number", [
    element(
      alone(String.raw`[2-6]\d{3}[ -]?\d{5}[ -]?\d(?:[ -/]?\d)?`),
      { keywords: medicareWords },
      medicareNumber,
    ),
  ]),
]
