import { Schema } from "effect"
import type { Actor } from "./Actor.ts"
import type { Draw } from "./Draw.ts"
import { isoOf } from "./Era.ts"

export const Workload = Schema.Literals([
  "AzureActiveDirectory",
  "Exchange",
  "SharePoint",
  "OneDrive",
  "MicrosoftTeams",
  "Windows365",
  "Planner",
  "SecurityComplianceCenter",
  "MicrosoftPurview",
  "AzureInformationProtection",
  "Datacenter",
])
export type Workload = typeof Workload.Type

/** What an operation says about itself; the kernel adds who, when, from where and the id. */
export interface AuditEntry {
  readonly operation: string
  /** Number of the Office 365 Management Activity record type (SPO-240, DCO-212). */
  readonly recordType: number
  readonly workload: Workload
  readonly objectId?: string
  readonly resultStatus?: string
  /** Where the record names somebody else than the actor. */
  readonly userId?: string
  readonly userKey?: string
  readonly userType?: number
  /** Properties of this record type beyond the common schema. */
  readonly details?: Readonly<Record<string, Schema.Json>>
}

/** A record of the unified audit log: the common schema (DCO-212) and the properties of its type. */
export const AuditRecord = Schema.StructWithRest(
  Schema.Struct({
    Id: Schema.String,
    RecordType: Schema.Int,
    CreationTime: Schema.String,
    Operation: Schema.String,
    OrganizationId: Schema.String,
    UserType: Schema.Int,
    UserKey: Schema.String,
    Workload: Workload,
    UserId: Schema.String,
    ClientIP: Schema.String,
    Scope: Schema.Int,
    ResultStatus: Schema.optionalKey(Schema.String),
    ObjectId: Schema.optionalKey(Schema.String),
  }),
  [Schema.Record(Schema.String, Schema.Json)],
)
export type AuditRecord = typeof AuditRecord.Type

/** DCO-214: 0 regular, 2 admin, 3 datacenter administrator, 4 system, 5 application, 10 guest. */
const userTypeOf = (actor: Actor): number => {
  switch (actor.kind) {
    case "guest":
    case "external":
      return 10
    case "datacenter-engineer":
      return 3
    case "system":
      return 4
    case "service-account":
      return 5
    case "member":
      return actor.roles.length > 0 ? 2 : 0
    case "anonymous":
    case "attacker":
      return 0
  }
}

/** Writes an entry out in the common schema. Times are UTC, without milliseconds or zone (DCO-212). */
export const auditRecord = (options: {
  readonly entry: AuditEntry
  readonly actor: Actor
  readonly now: number
  readonly organizationId: string
  readonly draw: Draw
  readonly index: number
}): AuditRecord => {
  const { entry, actor, now, organizationId, draw, index } = options
  const userId = entry.userId ?? (actor.kind === "anonymous" ? "anonymous" : actor.id)
  return {
    ...entry.details,
    Id: draw.guid(`audit ${index}`),
    RecordType: entry.recordType,
    CreationTime: isoOf(now).slice(0, 19),
    Operation: entry.operation,
    OrganizationId: organizationId,
    // Entra events never use 2: admins appear as regular users there (DCO-214).
    UserType:
      entry.userType ??
      (entry.workload === "AzureActiveDirectory" && userTypeOf(actor) === 2
        ? 0
        : userTypeOf(actor)),
    UserKey: entry.userKey ?? userId,
    Workload: entry.workload,
    UserId: userId,
    ClientIP: actor.client.ipAddress,
    Scope: 0,
    ...(entry.resultStatus === undefined ? {} : { ResultStatus: entry.resultStatus }),
    ...(entry.objectId === undefined ? {} : { ObjectId: entry.objectId }),
  }
}
