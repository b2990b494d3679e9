import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { limits, readYaml } from "../src/readYaml.ts"

const bytes = (text: string) => new TextEncoder().encode(text)

/** The problems of a text as `line:column: message`; an empty list where it can be read. */
const problems = (text: string | Uint8Array) => {
  const read = readYaml("f.yaml", typeof text === "string" ? bytes(text) : text)
  return Result.isSuccess(read)
    ? []
    : read.failure.issues.map(({ line, column, message }) => `${line}:${column}: ${message}`)
}

const bomb = [
  "a: &a [x, x, x, x, x, x, x, x, x]",
  ...Array.from(
    "bcdefghi",
    (name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(", ")}]`,
  ),
].join("\n")

describe("readYaml", () => {
  it("gives data, and the place of every path in it", () => {
    const read = Result.getOrThrow(readYaml("f.yaml", bytes("a:\n  - b: 1\n    c: two\n")))
    assert.deepStrictEqual(read.value, { a: [{ b: 1, c: "two" }] })
    assert.deepStrictEqual(read.at(["a", 0, "c"]), { line: 3, column: 8 })
    assert.deepStrictEqual(read.at(["a", 0, "missing"]), { line: 2, column: 5 })
    assert.deepStrictEqual(read.at([]), { line: 1, column: 1 })
  })

  it.each([
    ["an empty file", "", "0:0: the file is empty"],
    ["a binary file", "a: 1\u0000", "0:0: the file is binary, not text"],
    ["more than one document", "a: 1\n---\nb: 2\n", "2:1: Source contains multiple documents"],
    ["an open quote", 'a: "b\n', "2:1: Missing closing"],
    ["a key twice", "a: 1\na: 2\n", "2:1: Map keys must be unique"],
    ["deep brackets", `a: ${"[".repeat(100_000)}`, "1:44: nested more than 40 levels deep"],
    ["deep dashes", `${"- ".repeat(100_000)}x`, "1:81: nested more than 40 levels deep"],
    ["aliases that multiply", bomb, "0:0: aliases (&, *) multiply too far"],
  ])("says in one place what is wrong with %s", (_, text, expected) => {
    const [first = "", ...rest] = problems(text)
    assert.isTrue(first.startsWith(expected), first)
    assert.isBelow(rest.length, limits.issues)
  })

  it("refuses deep indentation without running out of stack", () => {
    const deep = Array.from({ length: 900 }, (_, index) => `${" ".repeat(index)}a:`).join("\n")
    assert.include(problems(deep)[0], "nested more than 40 levels deep")
  })

  it("refuses a truncated multi-byte character and a file of 50 MB", () => {
    assert.deepStrictEqual(problems(new Uint8Array([0x61, 0x3a, 0x20, 0xc3])), [
      "0:0: the file is not UTF-8 text",
    ])
    assert.include(problems(new Uint8Array(50_000_000))[0], "at most 1 MiB")
  })

  it.prop("never throws, whatever the bytes are", [Schema.String], ([text]) => {
    const read = readYaml("f.yaml", bytes(text))
    assert.isTrue(Result.isSuccess(read) || read.failure.issues.length > 0)
  })

  it("survives every truncation of a file", () => {
    const whole = 'a: [1, {b: "c"}]\nd: |\n  text\ne: &x 1\nf: *x\ng: "é"\n'
    const all = bytes(whole)
    for (let length = 0; length <= all.length; length++) {
      const read = readYaml("f.yaml", all.subarray(0, length))
      assert.isTrue(Result.isSuccess(read) || read.failure.issues.length > 0)
    }
  })
})
