import { isoOf, type Mail } from "@twin/kernel"
import { emptyLine, type Line, line } from "../text/Span.ts"
import { hanging, indented, textLines } from "../text/wrap.ts"

const shortTime = (epochMillis: number): string => isoOf(epochMillis).slice(5, 16).replace("T", " ")

/** That a mail was sent, in a line. */
export const mailNotice = ({ to, subject, code }: Mail, columns: number): readonly Line[] =>
  hanging(
    line("mail   ", "accent"),
    `${to}: ${subject}${code === undefined ? "" : ` · code ${code}`}`,
    columns,
    "soft",
  )

/** A mail as its reader sees it at a moment; one that has not arrived shows that it was sent. */
export const mailLines = (mail: Mail, columns: number, now: number): readonly Line[] => {
  const { sentAt, arrivesAt, subject, from, kind, text, code, link } = mail
  const isHere = arrivesAt !== undefined && arrivesAt <= now
  const onTheWay = arrivesAt === undefined ? "lost on the way" : "still on the way"
  return [
    ...hanging(line(`${shortTime(sentAt)}  `, "soft"), subject, columns, "strong"),
    ...textLines(`from ${from} · ${kind}`, columns, "soft"),
    ...(isHere
      ? [
          ...indented(textLines(text.trim(), columns - 2), 2),
          ...(code === undefined ? [] : hanging(line("  code  ", "soft"), code, columns, "accent")),
          ...(link === undefined ? [] : hanging(line("  link  ", "soft"), link, columns, "accent")),
        ]
      : [line(onTheWay, "ask")]),
    emptyLine,
  ]
}
