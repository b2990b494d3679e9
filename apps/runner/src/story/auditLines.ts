import type { AuditRecord } from "@twin/kernel"
import { type Line, span } from "../text/Span.ts"
import { hanging, indented, textLines } from "../text/wrap.ts"

/** A record of the unified audit log: when, what, who, on what; in detail with all its properties. */
export const auditLines = (
  record: AuditRecord,
  columns: number,
  hasDetails: boolean,
): readonly Line[] => {
  const { Operation, CreationTime, UserId, ...rest } = record
  const time = `${CreationTime.slice(5, 16).replace("T", " ")}  `
  const properties = hasDetails
    ? Object.entries(rest).map(([name, value]) => `${name}: ${textOfValue(value)}`)
    : rest.ObjectId === undefined
      ? []
      : [rest.ObjectId]
  return [
    ...hanging([span(time, "soft"), span(`${Operation}  `, "strong")], UserId, columns),
    ...indented(
      properties.flatMap((text) => textLines(text, columns - 4, "soft")),
      4,
    ),
  ]
}

const textOfValue = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value)
