import { assert, describe, it } from "@effect/vitest"
import * as checksum from "../../src/classification/checksums.ts"
import { lastDigitUp } from "./numberMaker.ts"

/** Numbers that authorities and standards print as examples. */
const published: readonly (readonly [string, checksum.Checksum, readonly string[]])[] = [
  [
    "cards",
    checksum.luhn,
    ["4111111111111111", "5555555555554444", "378282246310005", "30569309025904", "79927398713"],
  ],
  [
    "IBAN",
    checksum.iban,
    [
      "GB82WEST12345698765432",
      "DE89370400440532013000",
      "FR1420041010050500013M02606",
      "NO9386011117947",
      "BE68539007547034",
      "NL91ABNA0417164300",
    ],
  ],
  ["ABA", checksum.abaRouting, ["021000021", "111000025", "122105155"]],
  ["NPI", checksum.npi, ["1234567893"]],
  ["NHS", checksum.nhsNumber, ["9434765919", "4010232137"]],
  ["DEA", checksum.deaNumber, ["AB1234563"]],
  ["travel documents", checksum.icao, ["L898902C36", "D231458907"]],
  ["BSN", checksum.bsn, ["111222333", "123456782"]],
  ["OIB", checksum.iso7064Mod11Ten, ["94577403194"]],
  ["German tax", checksum.germanTaxNumber, ["86095742719", "65929970489"]],
  ["TFN", checksum.australianTaxNumber, ["123456782"]],
  ["PESEL", checksum.pesel, ["44051401359", "02070803628"]],
  ["Sweden", checksum.swedishNumber, ["8112189876", "6403273813"]],
  ["Brazil", checksum.cpf, ["52998224725", "11144477735"]],
  ["CNPJ", checksum.cnpj, ["11222333000181"]],
  ["Aadhaar", checksum.verhoeff, ["2363", "999941057058"]],
  ["Norway", checksum.norwegianNumber, ["01010750160"]],
  ["Denmark", checksum.danishNumber, ["0707614285"]],
]
const withLetters: readonly (readonly [
  string,
  checksum.Checksum,
  readonly string[],
  readonly string[],
])[] = [
  ["DNI", checksum.dni, ["12345678Z", "X1234567L"], ["12345678A", "X1234567A"]],
  ["Finland", checksum.finnishNumber, ["131052-308T"], ["131052-308U"]],
  [
    "China",
    checksum.chineseNumber,
    ["11010519491231002X", "440524188001010014"],
    ["110105194912310021"],
  ],
  ["NRIC", checksum.nric, ["S1234567D", "F1234567N"], ["S1234567A"]],
  ["INSEE", checksum.inseeNumber, ["255081416802538", "180126955222380"], ["255081416802539"]],
  ["Belgium", checksum.belgianNumber, ["85073003328", "17073003384"], ["85073003329"]],
  ["Austria", checksum.austrianInsurance, ["1237010180"], ["1238010180"]],
  ["Medicare", checksum.medicareNumber, ["2123456701"], ["2123456711"]],
]

describe("check digits", () => {
  it.each(published)(
    "%s: accepts what is published, and no other last digit",
    (_, accepts, numbers) => {
      for (const number of numbers) {
        assert.isTrue(accepts(number), number)
        assert.isFalse(accepts(lastDigitUp(number)), lastDigitUp(number))
      }
    },
  )

  it.each(withLetters)("%s: accepts what is published", (_, accepts, good, bad) => {
    for (const number of good) assert.isTrue(accepts(number), number)
    for (const number of bad) assert.isFalse(accepts(number), number)
  })

  it("[MIP-154] knows the lengths of about sixty countries and more", () => {
    assert.isAtLeast(checksum.ibanCountries.length, 60)
    assert.isFalse(checksum.iban("GB82WEST1234569876543"))
  })
})
