import type { FactId } from "@twin/kernel"
import { Schema, Struct } from "effect"

/** What a setting may hold. Lists are arrays of strings. */
export type SettingValue = string | number | boolean | readonly string[]

/** A setting's value in events and state. */
export const StoredValue = Schema.Union([
  Schema.String,
  Schema.Number,
  Schema.Boolean,
  Schema.Array(Schema.String),
])

/** One row of the configuration surface: a parameter of a cmdlet, and what it is worth untouched. */
export interface SettingRow<A extends SettingValue> {
  readonly schema: Schema.Codec<A>
  readonly default: A
  readonly description: string
  readonly facts: readonly [FactId, ...FactId[]]
  /** Stored and printed, but no gate asks for it: gates that would have to, answer `unknown`. */
  readonly isModelled: boolean
  /** Carries out something at the moment of the call; nothing to read afterwards (SPO-113). */
  readonly isAction: boolean
}

type Facts = readonly [FactId, ...FactId[]]

const row =
  <A extends SettingValue>(schema: Schema.Codec<A>) =>
  (standard: A, description: string, facts: Facts): SettingRow<A> => ({
    schema: schema.annotate({ description }),
    default: standard,
    description,
    facts,
    isModelled: true,
    isAction: false,
  })

export const booleanRow = row<boolean>(Schema.Boolean)
export const textRow = row<string>(Schema.String)

/** `@()` clears a list; one string counts as a list of one, as PowerShell converts it. */
export const listRow = row<readonly string[]>(Schema.Array(Schema.String))

/** One of the service's literals. */
export const choiceRow = <const L extends readonly [string, ...string[]]>(
  literals: L,
  standard: L[number],
  description: string,
  facts: Facts,
): SettingRow<L[number]> => row<L[number]>(Schema.Literals(literals))(standard, description, facts)

/** A whole number; where 0 means "none" and the range starts higher, `zeroOr` says so. */
export const integerRow = (
  range: { readonly from: number; readonly to: number; readonly zeroOr?: boolean },
  standard: number,
  description: string,
  facts: Facts,
): SettingRow<number> => {
  const { from, to, zeroOr = false } = range
  const expected = `a whole number from ${from} to ${to}${zeroOr ? ", or 0 for none" : ""}`
  const isAllowed = (value: number) =>
    Number.isInteger(value) && ((value >= from && value <= to) || (zeroOr && value === 0))
  return row<number>(Schema.Number.check(Schema.makeFilter(isAllowed, { expected })))(
    standard,
    description,
    facts,
  )
}

/** The documented row, whose behaviour the twin leaves out. */
export const notModelled = <A extends SettingValue>(it: SettingRow<A>): SettingRow<A> => ({
  ...it,
  isModelled: false,
})

/** A parameter that does something and is never printed. */
export const action = <A extends SettingValue>(it: SettingRow<A>): SettingRow<A> => ({
  ...it,
  isAction: true,
})

/** Rows by the name of their parameter, whatever their types. */
export type SettingTable = Readonly<
  Record<string, Omit<SettingRow<SettingValue>, "schema"> & { readonly schema: Schema.Constraint }>
>

/** The value type of a row. */
export type ValueOf<Row> = Row extends SettingRow<infer A> ? A : never

/** The parameter of a row; it may be left out. */
interface Parameter extends Struct.Lambda {
  <A extends SettingValue>(row: SettingRow<A>): Schema.optionalKey<Schema.Codec<A>>
  readonly "~lambda.out": Schema.optionalKey<Schema.Codec<ValueOf<this["~lambda.in"]>>>
}
const parameter = Struct.lambda<Parameter>(({ schema }) => Schema.optionalKey(schema))

/** Optional parameters of a cmdlet, one for each row. */
export type SettingFields<T> = { readonly [K in keyof T]: Struct.Apply<Parameter, T[K]> }

/** The parameters that a `Set-` cmdlet derives from its table. */
export const fieldsOf = <T extends object>(table: T): SettingFields<T> =>
  Struct.map(table, parameter)

/** Whether a table has the row, and the twin leaves its behaviour out. */
export const isUnmodelled = (table: object, name: string): boolean =>
  Object.hasOwn(table, name) && (table as SettingTable)[name]?.isModelled === false
