import { Arbitrary, Schema } from "effect"

/** What somebody might put into a title, a mail or a file name to spoil the screen of another. */
export const hostileTexts = {
  escapes: "\u001b[2J\u001b[31mred\u001b]0;title\u0007\u009b5A\u0090q\u009c",
  bidi: "user\u202Egnp.exe \u2066inside\u2069 \u200bzero\u200dwidth \ufeff",
  html: "<script>alert(1)</script> & &lt;b&gt; <img src=x onerror=1>",
  wide: "機密文書を共有する".repeat(12),
  emoji: "👩‍👩‍👧‍👦🇩🇪👍🏽 1️⃣ ❤️ ".repeat(20),
  marks: `Z${"\u0301\u0327\u0489".repeat(300)}algo`,
  fillers: "\u3164\u115f\u2800\u00ad".repeat(100),
  long: "w".repeat(10_000),
  lines: "one\ntwo\r\nthree\rfour\u2028five\u0085six\tseven\vnine",
  halves: "\ud83d alone \ude00",
  markdown: `${"> ".repeat(2_000)}deep **bold _both_ ${"[".repeat(500)}`,
  nothing: "",
} as const

const pieces = [
  ...Object.values(hostileTexts).map((it) => it.slice(0, 120)),
  "word ",
  " ",
  "\n",
  "a",
]

/** Texts made of hostile pieces. */
export const hostileText: Arbitrary.Arbitrary<string> = Arbitrary.map(
  Arbitrary.array(Arbitrary.schema(Schema.Literals(pieces)), { maxLength: 12 }),
  (parts) => parts.join(""),
)

/** What no line of a terminal may contain. */
// oxlint-disable-next-line no-control-regex
export const controlCharacter = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
