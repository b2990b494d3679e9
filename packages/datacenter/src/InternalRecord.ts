import { createHash } from "node:crypto"
import { canonicalJson } from "@twin/kernel"
import { Schema } from "effect"

/** What a record is about. */
export const RecordKind = Schema.Literals([
  "request",
  "approval",
  "lifecycle",
  "sign-in",
  "operation",
  "change",
  "customer-decision",
  "response",
  "validation",
])
export type RecordKind = typeof RecordKind.Type

/** Whose rights an attempt relied on (DCO-014, DCO-298 gate 4). */
export const PrincipalKind = Schema.Literals([
  "jit-account",
  "service-team-account",
  "service-account",
  "corporate-account",
])
export type PrincipalKind = typeof PrincipalKind.Type

const fields = {
  at: Schema.Finite,
  /** The account in use; hashed where it belongs to a tenant (DCO-207). */
  who: Schema.NonEmptyString,
  /** Network address; hashed where it belongs to a tenant. */
  where: Schema.String,
  kind: RecordKind,
  what: Schema.NonEmptyString,
  outcome: Schema.Literals(["Succeeded", "Failed"]),
  /** Reason of a failure. */
  code: Schema.optionalKey(Schema.String),
  /** Transitions of the state machines that the record stands for, e.g. `LBX-03`. */
  transitions: Schema.optionalKey(Schema.Array(Schema.String)),
  request: Schema.optionalKey(Schema.String),
  account: Schema.optionalKey(Schema.String),
  session: Schema.optionalKey(Schema.String),
  component: Schema.optionalKey(Schema.String),
  partition: Schema.optionalKey(Schema.String),
  /** The machine an attempt came from, where it did not come from a person's device. */
  sourceComponent: Schema.optionalKey(Schema.String),
  principal: Schema.optionalKey(PrincipalKind),
  workstation: Schema.optionalKey(Schema.Literals(["compliant", "non-compliant", "none"])),
  isPrivileged: Schema.optionalKey(Schema.Boolean),
  isInteractive: Schema.optionalKey(Schema.Boolean),
  touches: Schema.optionalKey(Schema.String),
  /** Hash of the tenant (DCO-207). */
  tenant: Schema.optionalKey(Schema.String),
  isForeignTenant: Schema.optionalKey(Schema.Boolean),
  /** Kept at its source because the sink does not take it at present (DCO-211). */
  isBuffered: Schema.optionalKey(Schema.Boolean),
}

/** A record before it has its place in the log. */
export const RecordDraft = Schema.Struct(fields)
export type RecordDraft = typeof RecordDraft.Type

/**
 * One record of the internal security log: who, when, where, what, outcome (DCO-204). Append-only
 * and hash-linked, so that an edit, a gap or another order shows (DCO-208).
 */
export const InternalRecord = Schema.Struct({
  ...fields,
  /** 1 for the first record. */
  seq: Schema.Int,
  previous: Schema.String,
  hash: Schema.String,
})
export type InternalRecord = typeof InternalRecord.Type

/** Where the next record is put. */
export interface LogHead {
  readonly seq: number
  readonly hash: string
}

export const emptyLog: LogHead = { seq: 0, hash: "0".repeat(64) }

/** Replaces what identifies a tenant or its users, before anything reaches the log (DCO-207). */
export const scrub = (identifier: string): string =>
  `sha256:${createHash("sha256").update(identifier.toLowerCase()).digest("hex").slice(0, 32)}`

export const recordHash = (record: Omit<InternalRecord, "hash">): string =>
  createHash("sha256").update(canonicalJson(record)).digest("hex")

/** Puts drafts behind the head, in their order. */
export const linkRecords = (
  head: LogHead,
  drafts: readonly RecordDraft[],
): readonly InternalRecord[] => {
  const records: InternalRecord[] = []
  let last = head
  for (const draft of drafts) {
    const open = { ...draft, seq: last.seq + 1, previous: last.hash }
    const record = { ...open, hash: recordHash(open) }
    records.push(record)
    last = record
  }
  return records
}

/** The first number at which the chain does not hold; undefined when it is whole. */
export const firstLogBreak = (records: Iterable<InternalRecord>): number | undefined => {
  let last = emptyLog
  for (const { hash, ...open } of records) {
    const expected = last.seq + 1
    if (open.seq !== expected || open.previous !== last.hash || recordHash(open) !== hash) {
      return expected
    }
    last = { seq: expected, hash }
  }
  return undefined
}
