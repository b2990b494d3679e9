import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import stringWidth from "string-width"
import { line, span, textOf } from "../../src/text/Span.ts"
import { cut, endOf, fit, lineWidth, textWidth } from "../../src/text/textWidth.ts"
import { hanging, textLines, wrapLine } from "../../src/text/wrap.ts"
import { controlCharacter, hostileText, hostileTexts } from "../hostile.ts"

const glued = (lines: readonly string[]) => lines.join("").replaceAll(" ", "")
const columns = Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 120 })))

describe("wrapping", () => {
  it("breaks at spaces and keeps the line breaks of the author", () => {
    const lines = textLines("one two three\nfour", 8).map(textOf)
    assert.deepStrictEqual(lines, ["one two", "three", "four"])
  })

  it("breaks a word that is wider than the line between its characters", () => {
    assert.deepStrictEqual(textLines("機密文書 ab", 5).map(textOf), ["機密", "文書", "ab"])
  })

  it("keeps tones when a line with several is broken", () => {
    const lines = wrapLine([span("a bold ", "plain"), span("word here", "strong")], 8)
    assert.deepStrictEqual(lines, [
      [span("a bold", "plain")],
      [span("word", "strong")],
      [span("here", "strong")],
    ])
  })

  it.prop(
    "is never wider than asked for, whatever the text",
    [hostileText, columns],
    ([text, width]) => {
      for (const it of textLines(text, width)) {
        assert.isAtMost(lineWidth(it), width)
        assert.notMatch(textOf(it), controlCharacter)
      }
    },
  )

  it.prop("loses no visible character", [hostileText, columns], ([text, width]) => {
    if (width < 2) return
    assert.strictEqual(
      glued(textLines(text, width).map(textOf)),
      glued(text.split(/\r\n|\r|\n/).map((part) => span(part).text)),
    )
  })

  it("does a text of ten thousand wide words in no time", () => {
    const lines = textLines("機密文書 ".repeat(10_000), 40)
    assert.isAbove(lines.length, 2_000)
  })
})

describe("text behind a head", () => {
  it("hangs, and goes below where there is no room", () => {
    assert.deepStrictEqual(hanging(line("HOLDS  "), "one two three", 26).map(textOf), [
      "HOLDS  one two three",
    ])
    assert.deepStrictEqual(hanging(line("drawn from  "), "one two", 20).map(textOf), [
      "drawn from  ",
      "  one two",
    ])
  })
})

it("takes the short way only for characters that are one column wide", () => {
  const wrong = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(
    (it) => textWidth(it) !== stringWidth(it),
  )
  assert.deepStrictEqual(wrong, [])
  assert.strictEqual(textWidth("é·“x”… │ ✓"), 10)
})

describe("cutting", () => {
  it.each([
    ["plain", 10, "plain"],
    ["plain text", 6, "plain…"],
    ["機密文書", 5, "機密…"],
    ["機密文書", 1, "…"],
    ["anything", 0, ""],
  ])("%s in %d columns is %s", (text, width, expected) => {
    assert.strictEqual(cut(text, width), expected)
  })

  it.prop("fits exactly", [hostileText, columns], ([text, width]) => {
    assert.strictEqual(textWidth(fit(span(text).text, width)), width)
  })

  it("shows the end of what is being typed", () => {
    assert.strictEqual(endOf("Set-SPOTenant", 6), "Tenant")
    assert.strictEqual(endOf("機密文書", 5), "文書")
  })
})

it.each(Object.entries(hostileTexts))("makes %s harmless", (_, text) => {
  const { text: shown } = span(text)
  assert.notMatch(shown, controlCharacter)
  assert.notMatch(shown, /\p{M}{6}/u)
  // Some terminals draw these and others do not.
  assert.notMatch(shown, /(?![\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}/u)
})
