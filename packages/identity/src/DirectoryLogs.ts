import { days } from "@twin/kernel"
import { HashMap, Schema } from "effect"

const id = Schema.NonEmptyString

/** An entry of the sign-in log or of the audit log, as it was written. */
export const LogEntry = Schema.Struct({
  id,
  log: Schema.Literals(["sign-in", "audit"]),
  /** Tenant id of the log: a sign-in across tenants stands in both (IDN-263). */
  tenantId: Schema.String,
  at: Schema.Number,
  /** Activity, or name of the application. */
  activity: Schema.String,
  initiatedBy: Schema.String,
  ipAddress: Schema.String,
  target: Schema.String,
  result: Schema.Literals(["success", "failure"]),
  /** Number of the issuer's error, 0 for none. */
  errorCode: Schema.Number,
  details: Schema.Record(Schema.String, Schema.Json),
})
export type LogEntry = typeof LogEntry.Type

export const logEvents = { DirectoryLogged: { entries: Schema.Array(LogEntry) } }

/** Entries by number, from the oldest that is kept. */
export interface DirectoryLogs {
  readonly entries: HashMap.HashMap<number, LogEntry>
  readonly first: number
  readonly next: number
}

export const emptyLogs: DirectoryLogs = { entries: HashMap.empty(), first: 0, next: 0 }

/** The longest that any licence keeps an entry (IDN-268). */
export const longestRetentionDays = 30

/** How long the logs are kept: by what the tenant is licensed for (IDN-268). */
export const retentionDays = (licenses: readonly string[] | undefined): number =>
  licenses?.length === 0 ? 7 : longestRetentionDays

/** The same for risky sign-ins: 7, 30 or 90 days (IDN-268). */
export const riskRetentionDays = (licenses: readonly string[] | undefined): number => {
  if (licenses?.length === 0) return 7
  return licenses === undefined || licenses.includes("P2") ? 90 : 30
}

export const withEntries = (it: DirectoryLogs, added: readonly LogEntry[]): DirectoryLogs => {
  let { entries, first, next } = it
  for (const entry of added) {
    entries = HashMap.set(entries, next, entry)
    next += 1
  }
  const oldest = (added[0]?.at ?? 0) - days(riskRetentionDays(undefined))
  for (;;) {
    const entry = HashMap.get(entries, first)
    if (first >= next || entry._tag === "None" || entry.value.at >= oldest) break
    entries = HashMap.remove(entries, first)
    first += 1
  }
  return { entries, first, next }
}

/** What can still be read, the newest first. */
export const readableEntries = (
  it: DirectoryLogs,
  options: {
    readonly log: LogEntry["log"]
    readonly now: number
    readonly licenses: readonly string[] | undefined
    readonly tenantId: string
  },
): readonly LogEntry[] => {
  const found: LogEntry[] = []
  for (let number = it.next - 1; number >= it.first; number--) {
    const entry = HashMap.get(it.entries, number)
    if (entry._tag === "None") continue
    const { value } = entry
    if (value.log !== options.log || value.tenantId !== options.tenantId) continue
    const isRisky =
      typeof value.details["riskLevel"] === "string" && value.details["riskLevel"] !== "none"
    const keptDays = isRisky ? riskRetentionDays(options.licenses) : retentionDays(options.licenses)
    if (options.now - value.at < days(keptDays)) found.push(value)
  }
  return found
}
