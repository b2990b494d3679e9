import { mailLines } from "../story/mailLines.ts"
import { emptyLine, type Line, line, span } from "../text/Span.ts"
import { hanging, indented, textLines } from "../text/wrap.ts"
import type { PlayerState } from "./PlayerState.ts"
import type { Seat } from "./Story.ts"

/** Nobody scrolls through more than this on a stage; drawing more would take long. */
const mostMails = 200

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
