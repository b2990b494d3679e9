import { alone, aloneAnyCase, builtIn, element, words } from "./builtInType.ts"
import { chineseNumber, cnpj, cpf, luhn, nric, verhoeff } from "./checksums.ts"
import type { Evidence, SensitiveInformationType } from "./SensitiveInformationType.ts"

const brazilPerson: Evidence = words(
  "cpf, cadastro de pessoas físicas, registo de contribuinte, inscrição, contribuinte",
  "identificação, receita federal, tax",
)
const brazilCompany: Evidence = words(
  "cnpj, cadastro nacional da pessoa jurídica, cnpj nº, taxpayers registry, empresa",
  "legal entity, cgc, cadastro geral de contribuintes, pessoas jurídicas",
)
const aadhaar: Evidence = words(
  "aadhar, aadhaar, uid, uidai, आधार, unique identification, aadhaar number",
)
const pan: Evidence = words("permanent account number, pan, income tax, pan card, pan number")
const china: Evidence = words(
  "resident identity card, prc, national identification card, 身份证, 居民, 居民身份证, 鉴定, 身分證",
  "resident card",
)
const israel: Evidence = words(
  "israel identity number, national id, identity card number, מספר זהות, תעודת זהות",
  "teudat zehut, id number",
)
const southAfrica: Evidence = words(
  "identity card, id, identification, south african id, identity number, rsa id",
)
const singapore: Evidence = words(
  "national registration identity card, identity card number, nric, ic, fin",
  "foreign identification number, 身份证, 身份證",
)

/** Numbers of other countries. */
export const worldTypes: readonly SensitiveInformationType[] = [
  builtIn("78e09124-f2c3-4656-b32a-c1a132cd2711", "Brazil CPF Number", [
    element(
      alone(String.raw`\d{3}[.]\d{3}[.]\d{3}-\d\d|\d{11}`),
      { keywords: brazilPerson, without: 75 },
      cpf,
    ),
  ]),
  builtIn("9b58b5cd-5e90-4df6-b34f-1ebcc88ceae4", "Brazil Legal Entity Number (CNPJ)", [
    element(
      alone(String.raw`\d\d[.]\d{3}[.]\d{3}/\d{4}-\d\d|\d{14}`),
      { keywords: brazilCompany, without: 75 },
      cnpj,
    ),
  ]),
  builtIn("1ca46b29-76f5-4f46-9383-cfa15e91048f", "India Unique Identification (Aadhaar) Number", [
    element(
      alone(String.raw`[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}`),
      { keywords: aadhaar, without: 75 },
      verhoeff,
    ),
  ]),
  builtIn("2602bfee-9bb0-47a5-a7a6-2bf3053e2804", "India Permanent Account Number (PAN)", [
    element(aloneAnyCase(String.raw`[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]`), {
      keywords: pan,
      without: 65,
    }),
  ]),
  builtIn("c92daa86-2d16-4871-901f-816b3f554fc1", "China Resident Identity Card (PRC) Number", [
    element(
      aloneAnyCase(
        String.raw`[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]`,
      ),
      { keywords: china, without: 75 },
      chineseNumber,
    ),
  ]),
  builtIn(
    "e05881f5-1db1-418c-89aa-a3ac5c5277ee",
    "Israel National Identification Number",
    [element(alone(String.raw`\d{9}`), { keywords: israel, with: 75 }, luhn)],
    75,
  ),
  builtIn("e2adf7cb-8ea6-4048-a2ed-d89eb65f2780", "South Africa Identification Number", [
    element(
      alone(String.raw`\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]) ?\d{4} ?[0-2][089]\d`),
      { keywords: southAfrica },
      luhn,
    ),
  ]),
  builtIn(
    "cead390a-dd83-4856-9751-fb6dc98c34da",
    "Singapore National Registration Identity Card (NRIC) Number",
    [
      element(
        aloneAnyCase(String.raw`[FGST]\d{7}[A-Z]`),
        { keywords: singapore, without: 75 },
        nric,
      ),
    ],
    75,
  ),
]
