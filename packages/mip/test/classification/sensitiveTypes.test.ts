import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  builtInTypeOf,
  builtInTypes,
  countOf,
  findSensitiveInformation,
  type SitFinding,
} from "../../src/index.ts"

const find = (text: string, name: string): SitFinding | undefined => {
  const type = builtInTypeOf(name)
  return type === undefined ? undefined : findSensitiveInformation(text, [type])[0]
}
const levelOf = (text: string, name: string): number =>
  find(text, name)?.matches.reduce((best, { confidence }) => Math.max(best, confidence), 0) ?? 0

const card = "Credit Card Number"
const ssn = "U.S. Social Security Number (SSN)"
const iban = "International Banking Account Number (IBAN)"

const gap = (count: number): string => ` ${"z".repeat(count - 2)} `

describe("built-in types", () => {
  it("[MIP-152] a card needs Luhn; keyword or expiry date near by make it sure", () => {
    assert.strictEqual(levelOf("4111 1111 1111 1111", card), 65)
    assert.strictEqual(levelOf("Visa 4111 1111 1111 1111", card), 85)
    assert.strictEqual(levelOf("4111-1111-1111-1111 12/27", card), 85)
    assert.strictEqual(levelOf("Visa 4111 1111 1111 1112 12/27", card), 0, "Luhn fails")
    assert.strictEqual(levelOf("credit card 378282246310005", card), 85, "15 digits")
    assert.strictEqual(levelOf("credit card 30569309025904", card), 85, "14 digits")
    assert.strictEqual(levelOf("credit card 6304000000000000000", card), 85, "19 digits")
    assert.strictEqual(levelOf("credit card 4222222222222", card), 0, "13 digits are too few")
    assert.strictEqual(levelOf("x4111111111111111", card), 0, "part of a word")
    assert.strictEqual(builtInTypeOf(card)?.id, "50842eb7-edc8-4019-85dd-5a5c1f2bb085")
  })

  it("[MIP-153] a social security number never counts without a keyword", () => {
    assert.strictEqual(levelOf("536-22-1234", ssn), 0)
    assert.strictEqual(levelOf("SSN 536-22-1234", ssn), 85)
    assert.strictEqual(levelOf("social security 536 22 1234", ssn), 85)
    assert.strictEqual(levelOf("SSN 536221234", ssn), 75)
    assert.strictEqual(levelOf("SSN 936-22-1234", ssn), 65, "only of the randomised issue")
    assert.strictEqual(levelOf("SSN 000-22-1234", ssn), 0)
    assert.strictEqual(levelOf("SSN 536-00-1234", ssn), 0)
    assert.strictEqual(levelOf("lesson 536-22-1234", ssn), 0, "a keyword is a whole word")
    assert.strictEqual(builtInTypeOf(ssn)?.id, "a44669fe-0d48-453d-a9b1-2cc83f2cba77")
  })

  it("[MIP-154] an account number needs modulo 97 and no keyword", () => {
    assert.strictEqual(levelOf("GB82 WEST 1234 5698 7654 32", iban), 85)
    assert.strictEqual(levelOf("GB82WEST12345698765432", iban), 85)
    assert.strictEqual(levelOf("to NO93 8601 1117 947 AND MORE", iban), 85, "words may follow")
    assert.strictEqual(levelOf("GB83 WEST 1234 5698 7654 32", iban), 0)
    assert.strictEqual(levelOf("XX82WEST12345698765432", iban), 0, "no such country")
    assert.strictEqual(levelOf("GB82WEST123456987654321", iban), 0, "too long")
  })

  it("[MIP-151] evidence counts up to 300 characters away, on either side", () => {
    assert.strictEqual(levelOf(`visa${gap(296)}4111111111111111`, card), 85)
    assert.strictEqual(levelOf(`visa${gap(297)}4111111111111111`, card), 65)
    assert.strictEqual(levelOf(`4111111111111111${gap(296)}visa`, card), 85)
    assert.strictEqual(levelOf(`4111111111111111${gap(297)}visa`, card), 65)
  })

  it("[MIP-155] only different values count, however they are written", () => {
    const found = find("4111111111111111 ".repeat(12), card)
    assert.lengthOf(found?.matches ?? [], 12)
    assert.strictEqual(found === undefined ? 0 : countOf(found, 65), 1)
    const two = find("4111 1111 1111 1111, 4111-1111-1111-1111 and 5555555555554444", card)
    assert.strictEqual(two === undefined ? 0 : countOf(two, 65), 2)
  })

  it.prop(
    "[MIP-151] what counts at a higher level counts at the lower ones",
    {
      words: Schema.Array(
        Schema.Literals([
          "visa",
          "4111111111111111",
          "SSN",
          "536-22-1234",
          "z".repeat(200),
          "12/27",
          "GB82WEST12345698765432",
        ]),
      ),
    },
    ({ words }) => {
      for (const finding of findSensitiveInformation(words.join(" "), builtInTypes)) {
        assert.isAtMost(countOf(finding, 85), countOf(finding, 75))
        assert.isAtMost(countOf(finding, 75), countOf(finding, 65))
      }
    },
  )

  it("has types with ids and names of their own, and levels from high to low", () => {
    assert.isAtLeast(builtInTypes.length, 40)
    assert.strictEqual(new Set(builtInTypes.map(({ id }) => id)).size, builtInTypes.length)
    assert.strictEqual(new Set(builtInTypes.map(({ name }) => name)).size, builtInTypes.length)
    for (const { elements, id } of builtInTypes) {
      assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      for (const { levels } of elements) {
        const order = levels.map(({ confidence }) => confidence)
        assert.deepStrictEqual(
          order,
          order.toSorted((a, b) => b - a),
        )
      }
    }
  })
})

describe("hostile texts", () => {
  const hostile: Readonly<Record<string, string>> = {
    digits: "1".repeat(400_000),
    "digits and spaces": "1 ".repeat(200_000),
    "digits and hyphens": "1234-".repeat(80_000),
    "capital letters": "A".repeat(400_000),
    "account numbers that never end": "GB82 ".repeat(80_000),
    "keywords without end": "credit card ".repeat(30_000),
    "one sign": "=".repeat(400_000),
    "halves of characters": "\uD800".repeat(100_000),
    "numbers of addresses": "1.1.1.1.".repeat(50_000),
  }
  it.each(Object.keys(hostile))("%s end in time and find nothing that is not there", (name) => {
    const text = hostile[name] ?? ""
    const found = findSensitiveInformation(text, builtInTypes).filter((it) => countOf(it, 85) > 0)
    assert.deepStrictEqual(
      found.map((it) => it.name),
      [],
    )
  })

  it.prop("any text is looked at without an error", { text: Schema.String }, ({ text }) => {
    assert.isArray(findSensitiveInformation(text, builtInTypes))
  })
})
