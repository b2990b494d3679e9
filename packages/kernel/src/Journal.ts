import { createHash } from "node:crypto"
import { Context, Effect, Layer, Schema } from "effect"
import { Actor } from "./Actor.ts"
import { AuditRecord } from "./AuditRecord.ts"
import { canonicalJson } from "./canonicalJson.ts"
import { Decision } from "./Decision.ts"
import type { JournalUnusable } from "./Errors.ts"
import { Mail } from "./Mail.ts"

/** An event as the journal keeps it: plain JSON with a tag. */
export const JournalEvent = Schema.StructWithRest(Schema.Struct({ _tag: Schema.NonEmptyString }), [
  Schema.Record(Schema.String, Schema.Json),
])

/** One operation, whole: who asked for what, what was decided and why, and everything that follows. */
export const JournalEntry = Schema.Struct({
  /** Epoch milliseconds of the tenant's clock. */
  at: Schema.Number,
  operation: Schema.NonEmptyString,
  actor: Actor,
  params: Schema.Json,
  decision: Decision,
  events: Schema.Array(JournalEvent),
  audit: Schema.Array(AuditRecord),
  mail: Schema.Array(Mail),
})
export type JournalEntry = typeof JournalEntry.Type

/** An entry in its place in the chain: `hash` covers the entry, its number and the hash before it. */
export const JournalRecord = Schema.Struct({
  ...JournalEntry.fields,
  /** 1 for the first record. */
  seq: Schema.Int,
  previous: Schema.String,
  hash: Schema.String,
})
export type JournalRecord = typeof JournalRecord.Type

/** `previous` of the first record. */
export const genesisHash = "0".repeat(64)

/** SHA-256, hex, over the canonical JSON of the record without its own hash. */
export const hashOf = (record: Omit<JournalRecord, "hash">): string =>
  createHash("sha256").update(canonicalJson(record)).digest("hex")

/** Puts an entry behind the last record. */
export const chain = (last: JournalRecord | undefined, entry: JournalEntry): JournalRecord => {
  const open = { ...entry, seq: (last?.seq ?? 0) + 1, previous: last?.hash ?? genesisHash }
  return { ...open, hash: hashOf(open) }
}

/** The number of the first record that breaks the chain; undefined when it is whole. */
export const firstBreak = (records: Iterable<JournalRecord>): number | undefined => {
  let seq = 0
  let previous = genesisHash
  for (const { hash, ...open } of records) {
    seq += 1
    if (open.seq !== seq || open.previous !== previous || hashOf(open) !== hash) return seq
    previous = hash
  }
  return undefined
}

/** The ordered, hash-chained record of everything that happened: the only way state changes. */
export class Journal extends Context.Service<
  Journal,
  {
    /** Acknowledged only when it cannot get lost any more. */
    readonly append: (entry: JournalEntry) => Effect.Effect<JournalRecord, JournalUnusable>
    /** All records so far, oldest first. */
    readonly records: Effect.Effect<readonly JournalRecord[], JournalUnusable>
  }
>()("@twin/kernel/Journal") {
  /** Lives as long as the process. */
  static readonly layerMemory = Layer.sync(Journal, () => makeMemoryJournal([]))
}

/** A journal in memory that goes on behind given records (a fork, a rewind). */
export const makeMemoryJournal = (start: readonly JournalRecord[]): Journal["Service"] => {
  const records = [...start]
  return Journal.of({
    append: (entry) =>
      Effect.sync(() => {
        const record = chain(records.at(-1), entry)
        records.push(record)
        return record
      }),
    records: Effect.sync(() => [...records]),
  })
}
