import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { hasReference, referencesIn, resolveReferences } from "../src/references.ts"

const values: Readonly<Record<string, unknown>> = {
  "link.link": "abc",
  "link.members": ["a", "b"],
  "mail.pat@mailbox.example.code": "12345678",
}
const lookup = (path: readonly string[]) => values[path.join(".")]

const tricky = (path: readonly string[]) => (path[0] === "a" ? "{{ b.c }}" : "never")

describe("references", () => {
  it("are found with plain and quoted parts", () => {
    assert.deepStrictEqual(
      referencesIn('{{ link.link }} and {{mail."pat@mailbox.example".code}}'),
      [
        ["link", "link"],
        ["mail", "pat@mailbox.example", "code"],
      ],
    )
    assert.isTrue(hasReference({ a: [{ b: "x {{ y.z }}" }] }))
    assert.isFalse(hasReference({ a: ["{ not one }", 1, null] }))
  })

  it("become what they refer to, with its type when they stand alone", () => {
    const given = { a: "{{ link.members }}", b: ["<{{ link.link }}>", 3], c: "plain" }
    assert.deepStrictEqual(
      resolveReferences(given, lookup),
      Result.succeed({ a: ["a", "b"], b: ["<abc>", 3], c: "plain" }),
    )
  })

  it("fail with the first that leads nowhere, and change nothing", () => {
    assert.deepStrictEqual(
      resolveReferences({ a: "x {{ link.gone }} {{ link.link }}" }, lookup),
      Result.fail("{{ link.gone }}"),
    )
  })

  it("do not read what they were replaced by", () => {
    assert.deepStrictEqual(
      resolveReferences("1 {{ a.x }} 2", tricky),
      Result.succeed("1 {{ b.c }} 2"),
    )
  })

  it("take time in proportion to the text, also when braces never close", () => {
    const text = "{{ ".repeat(50_000)
    assert.deepStrictEqual(resolveReferences(text, lookup), Result.succeed(text))
  })
})
