import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Option, Result, Schema } from "effect"
import { certificateFrom } from "../../src/certificates/Certificate.ts"
import { parseMtaStsFile, parseMtaStsRecord } from "../../src/transport/MtaStsPolicy.ts"
import { parseTlsa } from "../../src/transport/Tlsa.ts"

const file = (mode: string) =>
  `version: STSv1\nmode: ${mode}\nmx: mail.fabrikam.com\nmax_age: 604800\n`

describe("what comes from outside", () => {
  const text = Schema.String
  it.prop("[CRY-204] random text is a record or one typed error", [text], ([given]) => {
    const problems = [
      Result.getFailure(parseTlsa(given)),
      Result.getFailure(parseTlsa(`3 1 1 ${given}`)),
      Result.getFailure(parseMtaStsRecord(given)),
      Result.getFailure(parseMtaStsFile(given)),
    ].flatMap(Option.toArray)
    for (const problem of problems) assert.strictEqual(problem._tag, "TransportInputInvalid")
  })
  const bytes = Arbitrary.array(
    Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))),
    { maxLength: 200 },
  )
  it.prop("[CRY-191] random bytes are no certificate, and one typed error", [bytes], ([given]) => {
    const read = certificateFrom(Uint8Array.from([0x30, 0x82, ...given]))
    assert.isTrue(Result.isFailure(read) && read.failure._tag === "CertificateUnusable")
  })
  it("[CRY-203] reads a policy, and refuses a wrong one", () => {
    const read = parseMtaStsFile(
      "version: STSv1\r\nmode: enforce\r\nmx: *.a.example\r\nmx: b.example\r\nmax_age: 86400\r\n",
    )
    assert.deepStrictEqual(Result.getOrThrow(read), {
      mode: "enforce",
      mx: ["*.a.example", "b.example"],
      maxAgeSeconds: 86_400,
    })
    for (const wrong of [
      file("maybe"),
      file("enforce").replace("STSv1", "STSv2"),
      file("enforce").replace("604800", "31557601"),
      "mode enforce",
      "",
    ]) {
      assert.isTrue(Result.isFailure(parseMtaStsFile(wrong)), wrong)
    }
    assert.isTrue(Result.isFailure(parseMtaStsRecord("v=STSv1; id=a; id=b;")))
  })
})
