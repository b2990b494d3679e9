import type { PlainStruct } from "@twin/kernel"
import { Result, Schema, SchemaAST, SchemaIssue } from "effect"

const toIssues = SchemaIssue.makeFormatterStandardSchemaV1()
const strict = { errors: "all", onExcessProperty: "error" } as const

type Json = Schema.Json

const isRecord = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * Writes a value the way the service expects it. PowerShell hands over hashtables whose keys differ
 * in case, and a single value where a list is meant; the service takes both. Annotations such as
 * `@odata.type` say nothing that the request does not.
 */
const fit = (ast: SchemaAST.AST, value: Json): Json => {
  if (SchemaAST.isObjects(ast) && isRecord(value) && ast.propertySignatures.length > 0) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !key.startsWith("@odata"))
        .map(([key, item]) => {
          const known = ast.propertySignatures.find(
            // The SDK writes `_Operator` where a name would collide with one of PowerShell's.
            ({ name }) => String(name).toLowerCase() === key.replace(/^_/, "").toLowerCase(),
          )
          return known === undefined ? [key, item] : [String(known.name), fit(known.type, item)]
        }),
    )
  }
  if (SchemaAST.isArrays(ast)) {
    const [item] = ast.rest
    const items = Array.isArray(value) ? value : [value]
    return item === undefined ? items : items.map((it) => fit(item, it))
  }
  if (SchemaAST.isUnion(ast)) return fitUnion(ast, value)
  return value
}

/** A word of an enumeration in any case; otherwise the first alternative that could be meant. */
const fitUnion = (ast: SchemaAST.Union, value: Json): Json => {
  if (typeof value === "string") {
    const word = ast.types.find(
      (it) =>
        SchemaAST.isLiteral(it) &&
        typeof it.literal === "string" &&
        it.literal.toLowerCase() === value.toLowerCase(),
    )
    return word !== undefined && SchemaAST.isLiteral(word) ? String(word.literal) : value
  }
  const shaped = ast.types.find((it) => SchemaAST.isObjects(it) || SchemaAST.isArrays(it))
  return shaped === undefined || value === null ? value : fit(shaped, value)
}

/** Reads the body of a request, or says what is wrong with it, one sentence a problem. */
export const readBody = <F extends Schema.Struct.Fields>(
  schema: PlainStruct<F>,
  given: Json,
): Result.Result<Schema.Struct<F>["Type"], string> =>
  Schema.decodeUnknownResult(schema)(fit(schema.ast, given), strict).pipe(
    Result.mapError((error) =>
      toIssues(error.issue)
        .issues.map(({ message, path = [] }) => {
          const at = path.map((it) => (typeof it === "object" ? String(it.key) : String(it)))
          return at.length === 0 ? message : `${at.join(".")}: ${message}`
        })
        .join("; "),
    ),
  )
