import { isoOf, type OutputObject } from "@twin/kernel"
import type { Schema } from "effect"
import { DateTime, Option } from "effect"
import type { ScriptBlock } from "./Syntax.ts"

/**
 * What an expression of a script is worth. Values never change: setting a key makes a new
 * hashtable, so that a session can be kept, forked and taken up again.
 */
export type Value =
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | DateTimeValue
  | TimeSpanValue
  | BytesValue
  | HashtableValue
  | ObjectValue
  | BlockValue
  | FormattedValue

/** A moment: epoch milliseconds, shown in UTC. */
export interface DateTimeValue {
  readonly _tag: "DateTime"
  readonly at: number
}

export interface TimeSpanValue {
  readonly _tag: "TimeSpan"
  readonly millis: number
}

/** The content of a file. */
export interface BytesValue {
  readonly _tag: "Bytes"
  readonly bytes: Uint8Array
}

/** A name as it was first written, and what stands under it. */
export interface Entry {
  readonly name: string
  readonly value: Value
}

/** Keys in lower case: PowerShell does not look at their case. */
export type Entries = ReadonlyMap<string, Entry>

/** `@{ ... }` */
export interface HashtableValue {
  readonly _tag: "Hashtable"
  readonly entries: Entries
}

/** What a cmdlet hands back, or `[pscustomobject]@{ ... }`. */
export interface ObjectValue {
  readonly _tag: "Object"
  readonly entries: Entries
}

/** `{ ... }`: a filter, with the text it was written in. */
export interface BlockValue {
  readonly _tag: "Block"
  readonly block: ScriptBlock
  readonly text: string
}

/** What `Format-List` and `Format-Table` hand on: nothing but text to print. */
export interface FormattedValue {
  readonly _tag: "Formatted"
  readonly text: string
}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value)

/** The tag of a value that is neither plain nor a list. */
export const tagOf = (
  value: Value,
): Exclude<Value, null | boolean | number | string | readonly Value[]>["_tag"] | undefined =>
  typeof value === "object" && value !== null && !isList(value) ? value._tag : undefined

/** Entries from pairs; of two with the same name the last counts. */
export const entriesOf = (pairs: Iterable<readonly [string, Value]>): Entries => {
  const entries = new Map<string, Entry>()
  for (const [name, value] of pairs) entries.set(name.toLowerCase(), { name, value })
  return entries
}

export const hashtable = (pairs: Iterable<readonly [string, Value]>): HashtableValue => ({
  _tag: "Hashtable",
  entries: entriesOf(pairs),
})

export const object = (pairs: Iterable<readonly [string, Value]>): ObjectValue => ({
  _tag: "Object",
  entries: entriesOf(pairs),
})

/** What a command hands on: one by one; nothing for `$null`. */
export const enumerate = (value: Value): readonly Value[] => {
  if (value === null) return []
  return isList(value) ? value : [value]
}

/** Puts all of them at the end. Spreading so many as arguments would overflow the stack. */
export const addAll = <A>(list: A[], more: Iterable<A>): void => {
  for (const item of more) list.push(item)
}

/** Several outputs as one value: none is `$null`, one is itself. */
export const collected = (values: readonly Value[]): Value => {
  const [first] = values
  return values.length > 1 ? values : (first ?? null)
}

/** Moments as operations write them: ISO with milliseconds, UTC. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const momentOf = (text: string): DateTimeValue | undefined => {
  const made = instant.test(text) ? DateTime.make(text) : Option.none()
  if (Option.isNone(made)) return undefined
  const at = made.value.epochMilliseconds
  // The 30th of February would come back as another day.
  return isoOf(at) === text ? { _tag: "DateTime", at } : undefined
}

/** What an operation answered, as a value of the script. */
export const fromJson = (json: Schema.Json): Value => {
  if (typeof json === "string") return momentOf(json) ?? json
  if (typeof json !== "object" || json === null) return json
  if (Array.isArray(json)) return json.map((it: Schema.Json) => fromJson(it))
  return fromOutput(json as OutputObject)
}

export const fromOutput = (output: OutputObject): ObjectValue =>
  object(Object.entries(output).map(([name, json]) => [name, fromJson(json)] as const))

/** A value as an operation takes it. Blocks become their text, bytes a list of numbers. */
export const toJson = (value: Value): Schema.Json => {
  if (typeof value !== "object" || value === null) return value
  if (isList(value)) return value.map(toJson)
  switch (value._tag) {
    case "DateTime":
      return isoOf(value.at)
    case "TimeSpan":
      return timeSpanText(value.millis)
    case "Bytes":
      return [...value.bytes]
    case "Hashtable":
    case "Object":
      return Object.fromEntries(
        [...value.entries.values()].map(({ name, value: it }) => [name, toJson(it)]),
      )
    case "Block":
    case "Formatted":
      return value.text
  }
}

/** A number with leading zeros. */
export const padded = (count: number, length: number): string => String(count).padStart(length, "0")

/** `7.00:30:00`, as .NET writes a time span; fractions of a second with seven digits. */
export const timeSpanText = (millis: number): string => {
  const size = Math.abs(Math.trunc(millis))
  const days = Math.floor(size / 86_400_000)
  const [hours, minutes, seconds] = [
    Math.floor(size / 3_600_000) % 24,
    Math.floor(size / 60_000) % 60,
    Math.floor(size / 1_000) % 60,
  ]
  const rest = size % 1_000
  const fraction = rest === 0 ? "" : `.${padded(rest, 3)}0000`
  return `${millis < 0 ? "-" : ""}${days > 0 ? `${days}.` : ""}${padded(hours, 2)}:${padded(minutes, 2)}:${padded(seconds, 2)}${fraction}`
}
