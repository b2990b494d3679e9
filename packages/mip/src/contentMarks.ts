import { type Client, type Dated, inForce, isoOf } from "@twin/kernel"
import { Schema } from "effect"
import type { ContentMark, Label, LabelMarking } from "./Label.ts"

/** Texts that a label left in a content: ordinary content from then on (MIP-142). */
export const InsertedMarks = Schema.Struct({
  header: Schema.optionalKey(Schema.String),
  footer: Schema.optionalKey(Schema.String),
  watermark: Schema.optionalKey(Schema.String),
})
export type InsertedMarks = typeof InsertedMarks.Type

/** Programs that variables tell apart (MIP-139). */
export type MarkingApp = "Word" | "Excel" | "PowerPoint" | "Outlook"

/** What variables stand for at the moment of labelling. */
export interface MarkContext {
  /** Display name of the label. */
  readonly label: string
  /** File name without extension, or subject. */
  readonly name: string
  /** Where it lies, with the name. */
  readonly location: string
  /** Whoever labels. */
  readonly userName: string
  readonly principalName: string
  readonly now: number
  readonly app: MarkingApp
  /** False: the program prints variables as they were typed. */
  readonly isVariableSupported: boolean
}

const programs: Readonly<Record<string, MarkingApp>> = {
  docx: "Word",
  docm: "Word",
  doc: "Word",
  dotx: "Word",
  xlsx: "Excel",
  xlsm: "Excel",
  xls: "Excel",
  xlsb: "Excel",
  pptx: "PowerPoint",
  pptm: "PowerPoint",
  ppt: "PowerPoint",
}

/** The program that would show a file; undefined where no program of Office puts marks into it. */
export const programOf = (name: string): MarkingApp | undefined =>
  programs[name.slice(name.lastIndexOf(".") + 1).toLowerCase()]

/** Office on the web resolved no variables in 2021 (MIP-139); newer ones do. */
const webVariables: Dated<boolean> = {
  before: false,
  changes: [{ from: "2022-03-01", value: true }],
}

/** Whether the program resolves variables, rather than printing them as they were typed. */
export const resolvesVariables = ({ app }: Pick<Client, "app">, now: number): boolean =>
  app === "office-web" || app === "outlook-web" ? inForce(webVariables, now) : true

const letters: Readonly<Record<string, MarkingApp>> = {
  W: "Word",
  X: "Excel",
  P: "PowerPoint",
  O: "Outlook",
}

/** `Word`, or several letters: `WX` is Word and Excel. */
const isFor = (filter: string, app: MarkingApp): boolean =>
  filter === app ||
  (/^[WXPO]+$/.test(filter) && Array.from(filter).some((it) => letters[it] === app))

/** Month/day/year and the hour of twelve, as Office prints it for its first language. */
const printedMoment = (at: number): string => {
  const iso = isoOf(at)
  const [year = "", month = "", day = ""] = iso.slice(0, 10).split("-")
  const hour = Number(iso.slice(11, 13))
  const half = hour < 12 ? "AM" : "PM"
  return `${Number(month)}/${Number(day)}/${year} ${hour % 12 || 12}:${iso.slice(14, 16)} ${half}`
}

/** A text of a label with its variables; names of variables count letter by letter (MIP-139). */
export const resolvedText = (text: string, context: MarkContext): string => {
  if (!context.isVariableSupported) return text
  const values: Readonly<Record<string, string>> = {
    "Item.Label": context.label,
    "Item.Name": context.name,
    "Item.Location": context.location,
    "User.Name": context.userName,
    "User.PrincipalName": context.principalName,
    "Event.DateTime": printedMoment(context.now),
  }
  return text
    .replaceAll(
      /\$\{If\.App\.([A-Za-z]{1,12})\}([^$]*(?:\$(?!\{If\.)[^$]*)*)\$\{If\.End\}/g,
      (_, filter, inside) => (isFor(String(filter), context.app) ? String(inside) : ""),
    )
    .replaceAll(/\$\{([A-Za-z]{1,10}\.[A-Za-z]{1,20})\}/g, (all, name) => {
      const key = String(name)
      return Object.hasOwn(values, key) ? (values[key] ?? "") : all
    })
}

/** Excel counts format codes as well, and shows nothing when they and the text are too long. */
const excelLimit = 255

const excelCodes = ({ fontName, fontSize, fontColor, placement }: ContentMark): string =>
  `&${placement.charAt(0)}&"${fontName || "Calibri"},Regular"&${fontSize}&K${fontColor.slice(1)}`

const shownText = (mark: ContentMark | undefined, context: MarkContext): string | undefined => {
  if (mark?.isEnabled !== true) return undefined
  const text = resolvedText(mark.text, context)
  if (text === "") return undefined
  return context.app === "Excel" && excelCodes(mark).length + text.length > excelLimit
    ? undefined
    : text
}

/** The texts that a label puts into one content: no watermark in mail (MIP-138). */
export const marksFor = (
  { marking }: { readonly marking: LabelMarking },
  context: MarkContext,
): InsertedMarks => {
  const header = shownText(marking.header, context)
  const footer = shownText(marking.footer, context)
  const watermark =
    context.app === "Outlook" ? undefined : shownText(marking.watermark, { ...context })
  return {
    ...(header === undefined ? {} : { header }),
    ...(footer === undefined ? {} : { footer }),
    ...(watermark === undefined ? {} : { watermark }),
  }
}

const linesOf = (marks: InsertedMarks): { readonly before: string; readonly after: string } => ({
  before: [marks.header, marks.watermark]
    .flatMap((it) => (it === undefined ? [] : [`${it}\n`]))
    .join(""),
  after: marks.footer === undefined ? "" : `\n${marks.footer}`,
})

/** A text with marks around it: header and watermark first, the footer last. */
export const markedText = (text: string, marks: InsertedMarks): string => {
  const { before, after } = linesOf(marks)
  return `${before}${text}${after}`
}

/**
 * A content whose marks are those given. Marks of an earlier label go where they still stand as they
 * were inserted; what somebody changed has become content and stays (MIP-142).
 */
export const markedBytes = (
  content: Uint8Array,
  o: { readonly earlier?: InsertedMarks; readonly marks: InsertedMarks },
): Uint8Array => {
  const bytes = Buffer.from(content)
  const { before, after } = linesOf(o.earlier ?? {})
  const start = startsWith(bytes, before) ? Buffer.byteLength(before) : 0
  const tail = Buffer.from(after)
  const isTailThere = tail.length > 0 && bytes.subarray(start).subarray(-tail.length).equals(tail)
  const body = bytes.subarray(start, bytes.length - (isTailThere ? tail.length : 0))
  const next = linesOf(o.marks)
  return Uint8Array.from(Buffer.concat([Buffer.from(next.before), body, Buffer.from(next.after)]))
}

const startsWith = (bytes: Buffer, text: string): boolean => {
  const wanted = Buffer.from(text)
  return bytes.subarray(0, wanted.length).equals(wanted)
}

/** Applications that put marks in; others leave metadata and encryption only (MIP-141). */
export const insertsMarks = ({ app }: Pick<Client, "app">): boolean => app.startsWith("office-")

/** Whether a label has any mark to put in. */
export const hasMarks = ({ marking }: Pick<Label, "marking">): boolean =>
  [marking.header, marking.footer, marking.watermark].some((it) => it?.isEnabled === true)
