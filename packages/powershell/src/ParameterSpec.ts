import type { OperationInfo } from "@twin/kernel"
import { SchemaAST } from "effect"

/** What a parameter takes, as far as PowerShell's binder needs to know. */
export type ParameterType =
  | ScalarType
  | { readonly kind: "bool" | "switch" | "any" }
  | { readonly kind: "list"; readonly of: ParameterType }
  | { readonly kind: "nullable"; readonly of: ParameterType }
  | { readonly kind: "either"; readonly of: readonly ParameterType[] }
  /** A hashtable; keys that are known take their own types, by names without case. */
  | {
      readonly kind: "table"
      readonly fields: ReadonlyMap<string, { readonly name: string; readonly type: ParameterType }>
      readonly rest: ParameterType
    }

/** What takes one value. */
export type ScalarType =
  | { readonly kind: "string" | "number" | "integer" | "guid" | "timespan" }
  /**
   * A moment: text in ISO form, or epoch milliseconds, whichever the operation decodes. What is
   * merely `likely` one by its name (`-StartDate`) may be other text as well.
   */
  | { readonly kind: "datetime"; readonly as: "text" | "millis" | "likely" }
  | { readonly kind: "choice"; readonly name: string; readonly values: readonly Choice[] }

export type Choice = string | number | boolean

/** One parameter of a command. */
export interface ParameterSpec {
  readonly name: string
  readonly type: ParameterType
  readonly isMandatory: boolean
  readonly aliases: readonly string[]
  /** Place among the parameters that may be given without their names. */
  readonly position?: number
  /** Takes all that is left over by position, not one only. */
  readonly takesRest?: boolean
  /** One sentence for help. */
  readonly description?: string
}

/** A command as the binder sees it: an operation of the twin, or one of the shell's own. */
export interface CommandSpec {
  readonly name: string
  readonly parameters: readonly ParameterSpec[]
  /** The parameter that takes what comes through the pipe. */
  readonly pipeline?: string
  /** Whether `-WhatIf` and `-Confirm` mean something. */
  readonly changesThings: boolean
}

const isRecord = (ast: SchemaAST.AST): ast is SchemaAST.Objects => SchemaAST.isObjects(ast)

/** Deeper than anybody nests a hashtable; a schema may refer to itself. */
const deepest = 8

/** Text parameters of these names take dates; operations read them in ISO form. */
const dateName = /(?:Date|Time|Expires)$/

const typeOf = (ast: SchemaAST.AST, name: string, depth = 0): ParameterType => {
  if (depth > deepest) return { kind: "any" }
  const formatted = formatOf(ast)
  if (formatted !== undefined) return formatted
  const encoded = SchemaAST.toEncoded(ast)
  if (SchemaAST.isSuspend(encoded)) return typeOf(encoded.thunk(), name, depth + 1)
  if (SchemaAST.isString(encoded) || SchemaAST.isTemplateLiteral(encoded)) {
    return dateName.test(name) ? { kind: "datetime", as: "likely" } : { kind: "string" }
  }
  if (SchemaAST.isBoolean(encoded)) return { kind: "bool" }
  if (SchemaAST.isNumber(encoded)) {
    return { kind: encoded.checks === undefined ? "number" : "integer" }
  }
  if (SchemaAST.isLiteral(encoded)) return unionOf([encoded], name, depth)
  if (SchemaAST.isUnion(encoded)) return unionOf(encoded.types, name, depth)
  if (SchemaAST.isArrays(encoded)) {
    const [element] = [...encoded.rest, ...encoded.elements]
    const of: ParameterType =
      element === undefined ? { kind: "any" } : typeOf(element, name, depth + 1)
    return { kind: "list", of }
  }
  return isRecord(encoded) ? tableOf(encoded, depth) : { kind: "any" }
}

/** Types that the encoded form does not show: dates, spans, GUIDs. */
const formatOf = (ast: SchemaAST.AST): ParameterType | undefined => {
  const annotations = SchemaAST.resolve(ast)
  const format = annotations?.["format"]
  const as = SchemaAST.isNumber(SchemaAST.toEncoded(ast)) ? "millis" : "text"
  if (SchemaAST.isDeclaration(ast)) {
    const { representation } = { representation: undefined, ...annotations }
    const id = JSON.stringify(representation ?? "")
    if (/DateTimeUtc|schema\/Date"/.test(id)) return { kind: "datetime", as }
  }
  switch (format) {
    case "date-time":
      return { kind: "datetime", as }
    case "duration":
      return { kind: "timespan" }
    case "uuid":
      return { kind: "guid" }
    default:
      return undefined
  }
}

const unionOf = (types: readonly SchemaAST.AST[], name: string, depth: number): ParameterType => {
  const present = types.filter((it) => !SchemaAST.isNull(it) && !SchemaAST.isUndefined(it))
  const values = present.flatMap((it) =>
    SchemaAST.isLiteral(it) && typeof it.literal !== "bigint" ? [it.literal] : [],
  )
  const [only] = present
  const type: ParameterType =
    values.length === present.length && values.length > 0
      ? { kind: "choice", name, values }
      : present.length === 1 && only !== undefined
        ? typeOf(only, name, depth + 1)
        : { kind: "either", of: present.map((it) => typeOf(it, name, depth + 1)) }
  return types.some((it) => SchemaAST.isNull(it)) ? { kind: "nullable", of: type } : type
}

const tableOf = (ast: SchemaAST.Objects, depth: number): ParameterType => {
  const fields = ast.propertySignatures.map(({ name, type }) => {
    const key = String(name)
    return [key.toLowerCase(), { name: key, type: typeOf(type, key, depth + 1) }] as const
  })
  const [index] = ast.indexSignatures
  const rest: ParameterType =
    index === undefined ? { kind: "any" } : typeOf(index.type, "", depth + 1)
  return { kind: "table", fields: new Map(fields), rest }
}

/** How PowerShell binds an operation: everything comes from its schema and its binding. */
export const commandSpecOf = (operation: OperationInfo): CommandSpec => {
  const { ast } = operation.params
  const { positional = [], switches = [], aliases = {}, pipeline } = operation.binding
  const others = Object.entries(aliases)
  const parameters = ast.propertySignatures.map(({ name, type }): ParameterSpec => {
    const key = String(name)
    const position = positional.indexOf(key)
    const description = SchemaAST.resolveDescription(type)
    return {
      name: key,
      type: switches.includes(key) ? { kind: "switch" } : typeOf(type, key),
      isMandatory: !SchemaAST.isOptional(type),
      aliases: others.filter(([, target]) => target === key).map(([alias]) => alias),
      ...(position < 0 ? {} : { position }),
      ...(description === undefined ? {} : { description }),
    }
  })
  const primary = pipeline ?? primaryKey(parameters)
  return {
    name: operation.name,
    parameters,
    changesThings: !operation.isReadOnly,
    ...(primary === undefined ? {} : { pipeline: primary }),
  }
}

/** Where an operation does not say it: `Identity`, or what comes first by position. */
const primaryKey = (parameters: readonly ParameterSpec[]): string | undefined =>
  parameters.find(({ name }) => name === "Identity")?.name ??
  parameters.find(({ position }) => position === 0)?.name

/** The .NET name of a type, for messages. */
export const typeTitle = (type: ParameterType): string => {
  switch (type.kind) {
    case "string":
      return "System.String"
    case "bool":
      return "System.Boolean"
    case "switch":
      return "System.Management.Automation.SwitchParameter"
    case "integer":
      return "System.Int32"
    case "number":
      return "System.Double"
    case "guid":
      return "System.Guid"
    case "datetime":
      return type.as === "likely" ? "System.String" : "System.DateTime"
    case "timespan":
      return "System.TimeSpan"
    case "choice":
      return type.name
    case "list":
      return `${typeTitle(type.of)}[]`
    case "nullable":
      return typeTitle(type.of)
    case "table":
      return "System.Collections.Hashtable"
    case "either":
    case "any":
      return "System.Object"
  }
}
