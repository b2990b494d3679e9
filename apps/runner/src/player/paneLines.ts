import { isoOf, type Mail, visibleText } from "@twin/kernel"
import { keyBindings } from "./keys.ts"
import type { PlayerState } from "./PlayerState.ts"
import { emptyLine, type Line, line, span } from "./Span.ts"
import { stageLines, textLines } from "./stageLines.ts"
import { fit } from "./textWidth.ts"

const timeOf = (epochMillis: number): string => isoOf(epochMillis).slice(5, 16).replace("T", " ")

const mailLines = (mail: Mail, columns: number, now: number): Line[] => {
  const isHere = mail.arrivesAt !== undefined && mail.arrivesAt <= now
  const state = isHere ? "" : mail.arrivesAt === undefined ? "lost on the way" : "still on the way"
  return [
    [
      span(`${timeOf(mail.sentAt)} `, "soft"),
      span(visibleText(mail.subject), "strong"),
      span(state === "" ? "" : `  ${state}`, "ask"),
    ],
    line(`from ${visibleText(mail.from)} · ${mail.kind}`, "soft"),
    ...(isHere ? textLines(mail.text, columns - 2).map((it) => [span("  "), ...it]) : []),
    ...(isHere && mail.code !== undefined
      ? [[span("  code ", "soft"), span(visibleText(mail.code), "accent")]]
      : []),
    emptyLine,
  ]
}

/** Every mailbox that has received something, the newest mail first. */
const mailboxLines = ({ stage }: PlayerState, columns: number): Line[] => {
  const byOwner = [...Map.groupBy(stage.mails, ({ to }) => to.toLowerCase())].toSorted(
    ([a], [b]) => (a < b ? -1 : 1),
  )
  if (byOwner.length === 0) return [line("No mail has been sent yet.", "soft")]
  return byOwner.flatMap(([owner, mails]) => [
    line(visibleText(owner), "accent"),
    ...mails.toReversed().flatMap((mail) => mailLines(mail, columns, stage.now)),
  ])
}

const auditLines = ({ stage, hasDetails }: PlayerState, columns: number): Line[] =>
  stage.audit.length === 0
    ? [line("The unified audit log is empty so far.", "soft")]
    : stage.audit.toReversed().flatMap((record) => [
        [
          span(`${record.CreationTime.slice(5, 16).replace("T", " ")} `, "soft"),
          span(visibleText(record.Operation), "strong"),
          span(`  ${visibleText(record.UserId)}`, "plain"),
        ],
        ...(hasDetails
          ? Object.entries(record)
              .filter(([key]) => key !== "Operation" && key !== "CreationTime")
              .flatMap(([key, value]) =>
                textLines(
                  `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
                  columns - 4,
                  "soft",
                ).map((it): Line => [span("    "), ...it]),
              )
          : record.ObjectId === undefined
            ? []
            : [[span("    "), span(visibleText(record.ObjectId), "soft")]]),
      ])

/** The table of keys, as the help shows it. */
export const helpLines = (columns: number): Line[] => [
  line("Keys", "strong"),
  emptyLine,
  ...keyBindings.map(
    ({ keys, help }): Line => [
      span(fit(keys.join(", "), 14), "accent"),
      ...(textLines(help, columns - 14)[0] ?? []),
    ],
  ),
  [span(fit("1 to 9", 14), "accent"), span("what the audience says to a poll")],
  emptyLine,
  line("Any key closes this.", "soft"),
]

/** All lines of what is shown now, before it is scrolled and cut. */
export const paneLines = (state: PlayerState, columns: number): Line[] => {
  if (state.isHelpShown) return helpLines(columns)
  if (state.forkResult !== undefined) {
    return [
      line("On a fork, and what it would change (any key closes this):", "ask"),
      emptyLine,
      ...state.forkResult.flatMap((text) => textLines(text, columns)),
    ]
  }
  switch (state.pane) {
    case "stage":
      return stageLines(state, columns)
    case "mailboxes":
      return mailboxLines(state, columns)
    case "audit":
      return auditLines(state, columns)
    case "settings":
    case "matrix":
      return state.isBusy
        ? [line("Asking the twin ...", "soft")]
        : state.asked.flatMap((text) => textLines(text, columns))
  }
}

/** The lines that hold what was searched for, marked; all lines where nothing is. */
export const highlighted = (lines: readonly Line[], words: string): readonly Line[] => {
  if (words === "") return lines
  const wanted = words.toLowerCase()
  return lines.map((it) =>
    it.some(({ text }) => text.toLowerCase().includes(wanted))
      ? it.map(({ text }) => span(text, "inverse"))
      : it,
  )
}

/** The first line from a position on that holds the words, or from the top again. */
export const findLine = (lines: readonly Line[], words: string, from: number): number => {
  const wanted = words.toLowerCase()
  const hits = lines.flatMap((it, index) =>
    it.some(({ text }) => text.toLowerCase().includes(wanted)) ? [index] : [],
  )
  return hits.find((index) => index >= from) ?? hits[0] ?? -1
}
