import { assert, describe, it } from "@effect/vitest"
import { markdownLines } from "../../src/text/markdownLines.ts"
import { span, textOf } from "../../src/text/Span.ts"
import { lineWidth } from "../../src/text/textWidth.ts"
import { controlCharacter, hostileText, hostileTexts } from "../hostile.ts"

const shown = (markdown: string, columns = 60) => markdownLines(markdown, columns).map(textOf)

describe("Markdown", () => {
  it("turns markup into tones", () => {
    assert.deepStrictEqual(markdownLines("A **code** and `Get-X` and *more*", 60), [
      [
        span("A "),
        span("code", "strong"),
        span(" and "),
        span("Get-X", "code"),
        span(" and "),
        span("more", "emphasis"),
      ],
    ])
  })

  it("keeps the structure", () => {
    const markdown = `# Title

Two lines of
one paragraph.

- first
- second
  with more

1. one
2. two

> quoted

\`\`\`powershell
Set-X -A 1
\`\`\`

---
`
    assert.deepStrictEqual(shown(markdown), [
      "Title",
      "",
      "Two lines of one paragraph.",
      "",
      "• first",
      "• second with more",
      "",
      "1. one",
      "2. two",
      "",
      "│ quoted",
      "",
      "    Set-X -A 1",
      "",
      "─".repeat(40),
    ])
  })

  it("shows where a link leads, as nobody can click", () => {
    assert.deepStrictEqual(shown("See [the page](https://example.com/a)."), [
      "See the page (https://example.com/a).",
    ])
    assert.deepStrictEqual(shown("<https://example.com>"), ["https://example.com"])
  })

  it("aligns a table, or puts its cells one under the other", () => {
    const table = "| who | may |\n| --- | --- |\n| Pat | nothing |\n"
    assert.deepStrictEqual(shown(table), ["who  may", "─".repeat(12), "Pat  nothing"])
    assert.deepStrictEqual(shown(table, 10), ["who: Pat", "may:", "nothing"])
  })

  it("shows HTML as the text that it is", () => {
    assert.deepStrictEqual(shown("<script>alert(1)</script>"), ["<script>alert(1)</script>"])
    assert.deepStrictEqual(shown("a <b>word</b> &lt; 1"), ["a <b>word</b> < 1"])
  })

  it.each(Object.entries(hostileTexts))("survives %s", (_, text) => {
    for (const it of markdownLines(text, 30)) {
      assert.isAtMost(lineWidth(it), 30)
      assert.notMatch(textOf(it), controlCharacter)
    }
  })

  it.prop("is never wider than asked for", [hostileText], ([text]) => {
    for (const it of markdownLines(text, 24)) assert.isAtMost(lineWidth(it), 24)
  })
})
