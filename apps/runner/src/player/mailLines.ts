import { isoOf, type Mail } from "@twin/kernel"
import { emptyLine, type Line, line, span } from "../text/Span.ts"
import { hanging, indented, textLines } from "../text/wrap.ts"
import type { PlayerState } from "./PlayerState.ts"
import type { Seat } from "./Story.ts"

/** Nobody scrolls through more than this on a stage; drawing more would take long. */
const mostMails = 200

const shortTime = (epochMillis: number): string => isoOf(epochMillis).slice(5, 16).replace("T", " ")

const mailLines = (mail: Mail, columns: number, now: number): readonly Line[] => {
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

/** Every mailbox that has received something, the newest mail first. */
export const mailboxLines = ({ stage }: PlayerState, columns: number): readonly Line[] => {
  if (stage.mails.length === 0) return [line("No mail has been sent yet.", "soft")]
  const newest = stage.mails.slice(-mostMails)
  const byOwner = [...Map.groupBy(newest, ({ to }) => to.toLowerCase())].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )
  return [
    ...notShown(stage.mails.length - newest.length, "mails"),
    ...byOwner.flatMap(([owner, mails]) => [
      ...hanging([span("✉ ", "accent")], owner, columns, "accent"),
      emptyLine,
      ...indented(
        mails.toReversed().flatMap((mail) => mailLines(mail, columns - 2, stage.now)),
        2,
      ),
    ]),
  ]
}

/** What somebody sees who sits in this seat: their mailbox, the newest mail first. */
export const seatLines = (
  { stage }: PlayerState,
  { who, parameter }: Seat,
  columns: number,
): readonly Line[] => {
  const mails = stage.mails.filter(({ to }) => isFor(to, who))
  return [
    ...textLines(`You sit in the seat of ${who}.`, columns, "ask"),
    ...textLines(
      `Type the ${parameter} below. Return alone takes what the scenario says, escape gets up.`,
      columns,
      "soft",
    ),
    emptyLine,
    ...(mails.length === 0
      ? [line("The mailbox is empty.", "soft")]
      : mails
          .slice(-mostMails)
          .toReversed()
          .flatMap((mail) => mailLines(mail, columns, stage.now))),
  ]
}

/** Scenarios name people by address or by what stands before the @. */
const isFor = (address: string, who: string): boolean => {
  const [to, name] = [address.toLowerCase(), who.trim().toLowerCase()]
  return to === name || to.split("@")[0] === name
}

/** Says how much is left out, where something is. */
export const notShown = (count: number, what: string): readonly Line[] =>
  count > 0 ? [line(`${count} older ${what} are not shown.`, "soft"), emptyLine] : []
