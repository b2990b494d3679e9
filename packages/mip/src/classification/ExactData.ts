import { createHash } from "node:crypto"
import { Schema } from "effect"
import { elementsNamed, isDefect, parseXml } from "./XmlElement.ts"

/** A column of a sensitive table. */
export const ExactField = Schema.Struct({
  name: Schema.NonEmptyString,
  /** Can be a primary element. */
  isSearchable: Schema.Boolean,
  isCaseInsensitive: Schema.Boolean,
  /** Signs that do not count, e.g. `-`. */
  ignoredDelimiters: Schema.String,
})
export type ExactField = typeof ExactField.Type

/** What a table looks like; the values come later, hashed. */
export const ExactSchema = Schema.Struct({
  /** Of the data store; unique. */
  name: Schema.NonEmptyString,
  description: Schema.String,
  version: Schema.Int,
  fields: Schema.Array(ExactField),
})
export type ExactSchema = typeof ExactSchema.Type

/** The values of a table: salted hashes, row by row, in the order of the fields. */
export const ExactTable = Schema.Struct({
  dataStore: Schema.NonEmptyString,
  /** Hex, drawn anew for each upload. */
  salt: Schema.NonEmptyString,
  rows: Schema.Array(Schema.Array(Schema.String)),
  uploadedAt: Schema.Finite,
  /** Lines that did not fit the schema and were left out. */
  badLines: Schema.Int,
})
export type ExactTable = typeof ExactTable.Type

/** Limits of schemas and uploads (documentation of exact data match). */
export const exactDataLimits = {
  schemas: 10,
  fields: 32,
  searchableFields: 10,
  columnNameLength: 64,
  rows: 100_000_000,
  uploadsPerDay: 5,
} as const

const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === "true"

/** Reads a schema file; what is wrong comes back as a sentence. */
export const readExactSchema = (
  source: string,
): { readonly schema: ExactSchema } | { readonly problem: string } => {
  const root = parseXml(source)
  if (isDefect(root)) return root
  const [store, second] = elementsNamed(root, "DataStore")
  if (root.name !== "EdmSchema" || store === undefined || second !== undefined) {
    return { problem: "the file is no EdmSchema with one DataStore" }
  }
  const name = store.attributes["name"]?.trim() ?? ""
  const fields = elementsNamed(store, "Field").map(
    ({ attributes }): ExactField => ({
      name: attributes["name"]?.trim() || "?",
      isSearchable: isTrue(attributes["searchable"]),
      isCaseInsensitive: isTrue(attributes["caseInsensitive"]),
      ignoredDelimiters: attributes["ignoredDelimiters"] ?? "",
    }),
  )
  if (name === "") return { problem: "the data store has no name" }
  const defect = fields.find((it) => !/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(it.name))
  if (defect !== undefined) return { problem: `'${defect.name}' cannot be the name of a field` }
  if (new Set(fields.map((it) => it.name.toLowerCase())).size !== fields.length) {
    return { problem: "two fields have one name" }
  }
  const description = store.attributes["description"] ?? ""
  return {
    schema: { name, description, version: Number(store.attributes["version"] ?? 1) || 1, fields },
  }
}

/** A value as it is compared: delimiters out, case folded where the field says so. */
export const normalValue = (field: ExactField, value: string): string => {
  const bare = Array.from(value.trim())
    .filter((sign) => !field.ignoredDelimiters.includes(sign))
    .join("")
  return (field.isCaseInsensitive ? bare.toLowerCase() : bare).replaceAll(/\s+/g, " ")
}

/** SHA-256 over salt, field and value: the same value in two fields, or two uploads, looks different. */
export const hashOf = (salt: string, field: string, value: string): string =>
  createHash("sha256").update(`${salt}\n${field.toLowerCase()}\n${value}`).digest("hex")

/** Lines of a table with a header, comma or tab between values; quoted values may contain either. */
export const readTable = (text: string): readonly (readonly string[])[] => {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "")
  const separator = lines[0]?.includes("\t") === true ? "\t" : ","
  return lines.map((line) => cellsOf(line, separator))
}

const cellsOf = (line: string, separator: string): readonly string[] => {
  const cells: string[] = []
  let cell = ""
  let isQuoted = false
  for (let at = 0; at < line.length; at++) {
    const sign = line.charAt(at)
    if (sign === '"' && isQuoted && line.charAt(at + 1) === '"') {
      cell += sign
      at += 1
    } else if (sign === '"') isQuoted = !isQuoted
    else if (sign === separator && !isQuoted) {
      cells.push(cell.trim())
      cell = ""
    } else cell += sign
  }
  cells.push(cell.trim())
  return cells
}

/** Hashes a table for its schema: nothing of the values is left. */
export const hashTable = (
  schema: ExactSchema,
  text: string,
  o: { readonly salt: string; readonly now: number },
): { readonly table: ExactTable } | { readonly problem: string } => {
  const [header = [], ...lines] = readTable(text)
  const columns = schema.fields.map(({ name }) =>
    header.findIndex((it) => it.toLowerCase() === name.toLowerCase()),
  )
  const missing = schema.fields.find((_, index) => (columns[index] ?? -1) < 0)
  if (missing !== undefined) return { problem: `the table has no column '${missing.name}'` }
  const good = lines.filter(({ length }) => length === header.length)
  const rows = good.map((cells) =>
    schema.fields.map((field, index) => {
      const value = normalValue(field, cells[columns[index] ?? 0] ?? "")
      return value === "" ? "" : hashOf(o.salt, field.name, value)
    }),
  )
  return {
    table: {
      dataStore: schema.name,
      salt: o.salt,
      rows,
      uploadedAt: o.now,
      badLines: lines.length - good.length,
    },
  }
}
