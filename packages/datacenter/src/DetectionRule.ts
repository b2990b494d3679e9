import { type FactId, minutes } from "@twin/kernel"
import { Schema } from "effect"
import type { InternalRecord, PrincipalKind, RecordKind } from "./InternalRecord.ts"
import type { DatacenterSettings } from "./Settings.ts"

/** Basic actions: they never wait for a person (DCO-252). */
export const BasicResponse = Schema.Literals([
  "LockAccount",
  "DisableAccount",
  "KillSession",
  "RevokeElevation",
  "BlockSource",
  "IsolateMachine",
  "NotifyOnCall",
])
export type BasicResponse = typeof BasicResponse.Type

export const Severity = Schema.Literals(["Low", "Medium", "High"])
export type Severity = typeof Severity.Type

/** What an alert says: rule, subject, the records behind it and what was done at once. */
export const DatacenterAlert = Schema.Struct({
  /** Rule and number of the record that set it off, e.g. `DR-05/12`. */
  id: Schema.NonEmptyString,
  rule: Schema.NonEmptyString,
  severity: Severity,
  summary: Schema.NonEmptyString,
  at: Schema.Finite,
  subject: Schema.NonEmptyString,
  records: Schema.Array(Schema.Int),
  responses: Schema.Array(BasicResponse),
})
export type DatacenterAlert = typeof DatacenterAlert.Type

/** Which records a rule looks at; what is absent does not matter. */
export interface RecordPattern {
  readonly kinds?: readonly RecordKind[]
  readonly outcome?: InternalRecord["outcome"]
  readonly codes?: readonly string[]
  readonly principals?: readonly PrincipalKind[]
  readonly isPrivileged?: boolean
  readonly isInteractive?: boolean
  readonly isForeignTenant?: boolean
  readonly isFromMachine?: boolean
  readonly isFromSecureWorkstation?: boolean
  readonly touches?: string
  readonly commands?: readonly string[]
}

/** A rule as data: so many matching records with the same key within the window. */
export interface DetectionRule {
  readonly id: string
  readonly summary: string
  readonly severity: Severity
  readonly facts: readonly [FactId, ...FactId[]]
  readonly pattern: RecordPattern
  readonly by: "who" | "where"
  readonly count: number
  /** Count different accounts instead of records. */
  readonly isDistinctAccounts?: boolean
  readonly windowMinutes: number
  readonly responses: readonly BasicResponse[]
}

const once = { by: "who", count: 1, windowMinutes: 0 } as const

/** First monitoring rules, section S of the facts. `DR-01` counts as the lockout setting says. */
export const detectionRules: readonly DetectionRule[] = [
  {
    id: "DR-01",
    summary: "Several failed sign-ins of one account",
    severity: "Medium",
    facts: ["DCO-243", "DCO-032"],
    pattern: { kinds: ["sign-in"], outcome: "Failed" },
    by: "who",
    count: 5,
    windowMinutes: 10,
    responses: ["LockAccount"],
  },
  {
    id: "DR-02",
    summary: "Failed sign-ins on many accounts from one source",
    severity: "High",
    facts: ["DCO-243"],
    pattern: { kinds: ["sign-in"], outcome: "Failed" },
    by: "where",
    count: 10,
    isDistinctAccounts: true,
    windowMinutes: 10,
    responses: ["BlockSource"],
  },
  {
    ...once,
    id: "DR-03",
    summary: "Privileged operation tried without a just-in-time account",
    severity: "High",
    facts: ["DCO-011", "DCO-244"],
    pattern: {
      kinds: ["operation"],
      outcome: "Failed",
      isPrivileged: true,
      principals: ["service-team-account", "corporate-account"],
    },
    responses: ["KillSession"],
  },
  {
    ...once,
    id: "DR-03",
    summary: "Privileged operation done without a just-in-time account",
    severity: "High",
    facts: ["DCO-011", "DCO-244"],
    pattern: {
      kinds: ["operation"],
      outcome: "Succeeded",
      isPrivileged: true,
      principals: ["service-team-account", "corporate-account"],
    },
    responses: ["KillSession", "DisableAccount"],
  },
  {
    ...once,
    id: "DR-04",
    summary: "Just-in-time account used outside its window, scope or partition",
    severity: "High",
    facts: ["DCO-013", "DCO-244"],
    pattern: {
      outcome: "Failed",
      principals: ["jit-account"],
      codes: ["ElevationExpired", "OutOfScope", "PartitionBoundary"],
    },
    responses: ["RevokeElevation"],
  },
  {
    ...once,
    id: "DR-04",
    summary: "Just-in-time account used from something else than a secure workstation",
    severity: "High",
    facts: ["DCO-068", "DCO-244"],
    pattern: {
      outcome: "Failed",
      principals: ["jit-account"],
      codes: ["NetworkDenied", "SawRequired", "SawNonCompliant"],
      isFromSecureWorkstation: false,
    },
    responses: ["RevokeElevation"],
  },
  {
    ...once,
    id: "DR-05",
    summary: "Approval tried by the requester, or without designation",
    severity: "Medium",
    facts: ["DCO-047"],
    pattern: {
      kinds: ["approval"],
      outcome: "Failed",
      codes: ["SelfApprovalForbidden", "ApproverNotDesignated"],
    },
    responses: ["NotifyOnCall"],
  },
  {
    ...once,
    id: "DR-06",
    summary: "Role membership in production changed without a change record",
    severity: "High",
    facts: ["DCO-035"],
    pattern: { kinds: ["change"], codes: ["NoChangeRecord"] },
    responses: ["NotifyOnCall"],
  },
  {
    ...once,
    id: "DR-07",
    summary: "Interactive use of a service account",
    severity: "High",
    facts: ["DCO-018"],
    pattern: { principals: ["service-account"], isInteractive: true },
    responses: ["DisableAccount"],
  },
  {
    ...once,
    id: "DR-09",
    summary: "Connection between machines on a path that nobody approved",
    severity: "High",
    facts: ["DCO-087", "DCO-089"],
    pattern: { codes: ["NetworkDenied"], isFromMachine: true },
    responses: ["IsolateMachine"],
  },
  {
    ...once,
    id: "DR-11",
    summary: "Secrets or keys asked for without an approved elevation",
    severity: "High",
    facts: ["DCO-196"],
    pattern: {
      kinds: ["operation"],
      outcome: "Failed",
      touches: "access-control-data",
    },
    responses: ["RevokeElevation"],
  },
  {
    ...once,
    id: "DR-14",
    summary: "One identity asks for content of another tenant than its own task's",
    severity: "High",
    facts: ["DCO-095"],
    pattern: { kinds: ["operation"], isForeignTenant: true, touches: "customer-content" },
    responses: ["KillSession"],
  },
  {
    ...once,
    id: "DR-20",
    summary: "Forwarding rule tried on a mailbox by an operator",
    severity: "High",
    facts: ["DCO-244"],
    pattern: { kinds: ["operation"], commands: ["New-InboxRule"] },
    responses: ["RevokeElevation"],
  },
  {
    id: "DR-21",
    summary: "Many denied connections from one host",
    severity: "Medium",
    facts: ["DCO-087"],
    pattern: { codes: ["NetworkDenied"] },
    by: "where",
    count: 20,
    windowMinutes: 5,
    responses: ["BlockSource"],
  },
  {
    id: "DR-22",
    summary: "Second factor failed several times for one person",
    severity: "Medium",
    facts: ["DCO-075"],
    pattern: { kinds: ["sign-in"], outcome: "Failed", codes: ["MfaRequired"] },
    by: "who",
    count: 3,
    windowMinutes: 10,
    responses: ["LockAccount"],
  },
]

/** The rules with the thresholds in force (DCO-032). */
export const detectionRulesWith = (
  settings: Pick<DatacenterSettings, "lockoutThreshold" | "lockoutWindowMinutes">,
): readonly DetectionRule[] =>
  detectionRules.map((rule) =>
    rule.id === "DR-01"
      ? {
          ...rule,
          count: settings.lockoutThreshold,
          windowMinutes: settings.lockoutWindowMinutes,
        }
      : rule,
  )

const holds = (wanted: boolean | undefined, is: boolean): boolean =>
  wanted === undefined || wanted === is

/** Whether one record fits a pattern. */
export const matchesPattern = (pattern: RecordPattern, record: InternalRecord): boolean =>
  (pattern.kinds?.includes(record.kind) ?? true) &&
  (pattern.outcome === undefined || pattern.outcome === record.outcome) &&
  (pattern.codes?.includes(record.code ?? "") ?? true) &&
  (pattern.principals === undefined ||
    (record.principal !== undefined && pattern.principals.includes(record.principal))) &&
  (pattern.touches === undefined || pattern.touches === record.touches) &&
  (pattern.commands?.includes(record.what) ?? true) &&
  holds(pattern.isPrivileged, record.isPrivileged ?? false) &&
  holds(pattern.isInteractive, record.isInteractive ?? false) &&
  holds(pattern.isForeignTenant, record.isForeignTenant ?? false) &&
  holds(pattern.isFromMachine, record.sourceComponent !== undefined) &&
  holds(pattern.isFromSecureWorkstation, record.workstation === "compliant")

/**
 * The records that together set a rule off with the newest one; empty when it stays silent.
 * `history` comes newest first and begins with the newest record.
 */
export const firingRecords = (
  rule: DetectionRule,
  history: Iterable<InternalRecord>,
): readonly InternalRecord[] => {
  const found: InternalRecord[] = []
  for (const record of history) {
    const newest = found[0]
    if (newest === undefined) {
      if (!matchesPattern(rule.pattern, record)) return []
      found.push(record)
    } else {
      if (newest.at - record.at >= minutes(rule.windowMinutes)) break
      if (record[rule.by] === newest[rule.by] && matchesPattern(rule.pattern, record)) {
        found.push(record)
      }
    }
    if (amountOf(rule, found) >= rule.count) return found
  }
  return []
}

const amountOf = (rule: DetectionRule, found: readonly InternalRecord[]): number =>
  rule.isDistinctAccounts === true ? new Set(found.map(({ who }) => who)).size : found.length
