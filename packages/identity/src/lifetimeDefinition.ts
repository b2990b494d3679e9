import { Schema } from "effect"
import type { LifetimePolicyFacets } from "./decisions/evaluateLifetimePolicy.ts"
import { tokenLifetimes } from "./tokenLifetimes.ts"

const two = (value: number): string => String(Math.floor(value)).padStart(2, "0")

/** The definition of a policy as the cmdlets show it. */
export const definitionOf = (minutes: number): string => {
  const seconds = Math.round(minutes * 60)
  const span = `${two((seconds / 3600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
  const days = Math.floor(seconds / 86_400)
  return JSON.stringify({
    TokenLifetimePolicy: {
      Version: 1,
      AccessTokenLifetime: days === 0 ? span : `${days}.${span}`,
    },
  })
}

/** Days, hours, minutes and seconds as a time span is written: `1.00:00:00`, `00:90:00`. */
const minutesOf = (span: string): number | undefined => {
  const found = /^(?:(\d{1,3})\.)?(\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(span)
  if (found === null) return undefined
  const [days, hours, minutes, seconds] = found.slice(1).map((it) => Number(it ?? "0"))
  return (days ?? 0) * 1440 + (hours ?? 0) * 60 + (minutes ?? 0) + (seconds ?? 0) / 60
}

const Definition = Schema.Struct({
  TokenLifetimePolicy: Schema.Struct({
    Version: Schema.Literals([1]),
    AccessTokenLifetime: Schema.optionalKey(Schema.String),
    MaxInactiveTime: Schema.optionalKey(Schema.String),
    MaxAgeSingleFactor: Schema.optionalKey(Schema.String),
    MaxAgeMultiFactor: Schema.optionalKey(Schema.String),
    MaxAgeSessionSingleFactor: Schema.optionalKey(Schema.String),
    MaxAgeSessionMultiFactor: Schema.optionalKey(Schema.String),
  }),
})
const readDefinition = Schema.decodeUnknownOption(Schema.fromJsonString(Definition), {
  onExcessProperty: "error",
})

/** What a definition says. */
export interface ReadLifetime {
  readonly state: LifetimePolicyFacets["definition"]
  readonly minutes?: number
  /** Lifetimes of refresh and session tokens, which nobody honours any more. */
  readonly hasRetired?: boolean
}

/** Reads the definition of a policy: one JSON text (IDN-258). */
export const lifetimeIn = (definition: readonly string[] | undefined): ReadLifetime => {
  if (definition === undefined) return { state: "not-given" }
  const [only, ...more] = definition
  const read = only === undefined || more.length > 0 ? undefined : readDefinition(only)
  if (read === undefined || read._tag === "None") return { state: "malformed" }
  const {
    Version: _version,
    AccessTokenLifetime: span,
    ...retired
  } = read.value.TokenLifetimePolicy
  const minutes = span === undefined ? undefined : minutesOf(span)
  if (minutes === undefined) return { state: "malformed" }
  const millis = minutes * 60_000
  return {
    state:
      millis < tokenLifetimes.configurableShortest
        ? "too-short"
        : millis > tokenLifetimes.configurableLongest
          ? "too-long"
          : "valid",
    minutes,
    hasRetired: Object.keys(retired).length > 0,
  }
}
