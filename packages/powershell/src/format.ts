import { visibleText } from "@twin/kernel"
import { type Entries, isList, type Value } from "./Value.ts"
import { dateText, valueText } from "./valueText.ts"

/** How many members of a list a property shows, as `$FormatEnumerationLimit` has it. */
export const enumerationLimit = 4

/** A property's value as `Format-List` shows it: `{a, b}`, `True`, nothing for `$null`. */
export const cellText = (value: Value, limit = enumerationLimit): string => {
  if (isList(value)) return braces(value.map(itemText), limit)
  if (typeof value === "object" && value !== null) {
    switch (value._tag) {
      case "DateTime":
        return dateText(value.at, "console")
      case "Hashtable":
        return braces(
          [...value.entries.values()].map(({ name, value: it }) => `[${name}, ${itemText(it)}]`),
          limit,
        )
      case "Bytes":
        return braces(Array.from(value.bytes.subarray(0, limit + 1), String), limit)
      default:
        break
    }
  }
  return valueText(value)
}

const itemText = (value: Value): string => {
  if (isList(value))
    return braces(
      value.map((it) => valueText(it)),
      enumerationLimit,
    )
  return valueText(value)
}

const braces = (items: readonly string[], limit: number): string => {
  const isCut = limit >= 0 && items.length > limit
  return `{${(isCut ? items.slice(0, limit) : items).join(", ")}${isCut ? "..." : ""}}`
}

interface Row {
  readonly name: string
  readonly text: string
}

const rowsOf = (entries: Entries, limit: number): readonly Row[] =>
  [...entries.values()].map(({ name, value }) => ({
    name: visibleText(name),
    text: cellText(value, limit),
  }))

const hasEntries = (value: Value): value is Extract<Value, { entries: Entries }> =>
  typeof value === "object" &&
  value !== null &&
  !isList(value) &&
  (value._tag === "Object" || value._tag === "Hashtable")

/** `Format-List`: one property a line, the names aligned, a blank line between objects. */
export const formatList = (values: readonly Value[], limit = enumerationLimit): string =>
  values.map((it) => listBlock(it, limit)).join("\n\n")

const longest = (texts: readonly string[]): number =>
  texts.reduce((most, { length }) => Math.max(most, length), 0)

const listBlock = (value: Value, limit: number): string => {
  if (!hasEntries(value)) return plainText(value)
  const rows = rowsOf(value.entries, limit)
  const width = longest(rows.map(({ name }) => name))
  return rows
    .map(({ name, text }) => `${name.padEnd(width)} : ${indented(text, width + 3)}`)
    .join("\n")
}

/** Lines of a value stand under each other. */
const indented = (text: string, width: number): string =>
  text
    .split(/\r\n|\r|\n/)
    .map(visibleText)
    .join(`\n${" ".repeat(width)}`)

const plainText = (value: Value): string =>
  (typeof value === "object" && value !== null && !isList(value) && value._tag === "DateTime"
    ? dateText(value.at, "console")
    : cellText(value)
  )
    .split(/\r\n|\r|\n/)
    .map(visibleText)
    .join("\n")

interface Column {
  readonly name: string
  readonly cells: readonly string[]
  readonly isNumber: boolean
  readonly width: number
}

/** `Format-Table`: columns as wide as what stands in them, as many as fit; numbers to the right. */
export const formatTable = (values: readonly Value[], width = 120): string => {
  const objects = values.filter(hasEntries)
  const keys = new Map<string, string>()
  for (const { entries } of objects) {
    for (const [key, { name }] of entries) if (!keys.has(key)) keys.set(key, name)
  }
  const columns = [...keys].map(([key, name]) => columnOf(objects, key, name))
  const fitting = withinWidth(columns, width)
  const line = (cellOf: (column: Column) => string): string =>
    fitting
      .map((column) => fitted(cellOf(column), column))
      .join(" ")
      .trimEnd()
  const rows = objects.map((_, index) => line(({ cells }) => cells[index] ?? ""))
  return [
    line(({ name }) => name),
    line(({ name }) => "-".repeat(name.length)),
    ...rows,
    ...values.filter((it) => !hasEntries(it)).map(plainText),
  ].join("\n")
}

const columnOf = (
  objects: readonly { readonly entries: Entries }[],
  key: string,
  written: string,
): Column => {
  const values = objects.map(({ entries }) => entries.get(key)?.value ?? null)
  const cells = values.map((it) => visibleText(cellText(it)))
  const name = visibleText(written)
  return {
    name,
    cells,
    isNumber: values.length > 0 && values.every((it) => typeof it === "number"),
    width: longest([name, ...cells]),
  }
}

/** Columns that do not fit any more are left away; the last that does may be cut. */
const withinWidth = (columns: readonly Column[], width: number): readonly Column[] => {
  const fitting: Column[] = []
  let left = width
  for (const column of columns) {
    if (left < Math.min(column.width, 8)) break
    fitting.push({ ...column, width: Math.min(column.width, left) })
    left -= column.width + 1
  }
  return fitting
}

const fitted = (text: string, { width, isNumber }: Column): string => {
  const cut = text.length <= width ? text : `${text.slice(0, Math.max(0, width - 3))}...`
  return isNumber ? cut.padStart(width) : cut.padEnd(width)
}

/**
 * What the console shows of what a statement hands out: text as it is, objects like `Format-List`, a
 * blank line around objects.
 */
export const formatOutput = (values: readonly Value[], limit = enumerationLimit): string => {
  const blocks: string[] = []
  let wasObject = false
  for (const value of values) {
    const isObject = hasEntries(value)
    const isText =
      typeof value === "object" && value !== null && !isList(value) && value._tag === "Formatted"
    const block = isText ? value.text : listBlock(value, limit)
    if (blocks.length > 0) blocks.push(isObject || wasObject ? "\n\n" : "\n")
    blocks.push(block)
    wasObject = isObject || isText
  }
  return blocks.join("")
}
