import {
  andThen,
  type Call,
  decideByGates,
  deny,
  gate,
  isoOf,
  type OutputObject,
  operation,
  pass,
  type Ruling,
  unknown,
} from "@twin/kernel"
import { Schema } from "effect"
import { type LogEntry, readableEntries } from "../DirectoryLogs.ts"
import { foreignOrganizationOf, organizationOf, userOf } from "../directory.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { everything, filterRows, readFilter } from "./odataFilter.ts"

/** Roles that read the logs; Reports Reader is the least of them (IDN-242). */
const logReaders: readonly string[] = [
  roles.reportsReader,
  roles.securityReader,
  roles.securityAdministrator,
  roles.globalReader,
  roles.globalAdministrator,
]

const params = Schema.Struct({
  Filter: Schema.optionalKey(
    Schema.String.annotate({
      description: "OData filter, e.g. userPrincipalName eq 'nina@fabrikam.com'",
    }),
  ),
  Top: Schema.optionalKey(Schema.Int.annotate({ description: "At most so many" })),
  All: Schema.optionalKey(Schema.Boolean.annotate({ description: "All pages; switch" })),
})

const readable = gate<{ readonly isFilterReadable: boolean }>()({
  name: "filter",
  facts: ["IDN-263"],
  reads: ["isFilterReadable"],
  check: ({ isFilterReadable }) =>
    isFilterReadable
      ? pass("The filter is one that the twin can answer.")
      : unknown("The twin does not answer this kind of filter.", {
          supported: "eq, ne, startswith(), joined by and",
        }),
})

const signInRow = (entry: LogEntry, world: IdentityWorld): OutputObject => ({
  Id: entry.id,
  CreatedDateTime: isoOf(entry.at),
  UserPrincipalName: entry.initiatedBy,
  UserId: userOf(world, entry.initiatedBy)?.id ?? null,
  AppDisplayName: entry.activity,
  IPAddress: entry.ipAddress,
  ClientAppUsed: entry.details["clientAppUsed"] ?? null,
  HomeTenantId: entry.details["homeTenantId"] ?? null,
  // Not populated across tenants (IDN-263).
  HomeTenantName: null,
  ResourceTenantId: entry.details["resourceTenantId"] ?? null,
  UserType: entry.details["userType"] ?? null,
  CrossTenantAccessType: entry.details["crossTenantAccessType"] ?? null,
  AuthenticationRequirement: entry.details["authenticationRequirement"] ?? null,
  ConditionalAccessStatus: entry.details["conditionalAccessStatus"] ?? null,
  AppliedConditionalAccessPolicies: entry.details["appliedConditionalAccessPolicies"] ?? [],
  ErrorCode: entry.errorCode,
  Status: { ErrorCode: entry.errorCode },
})

const auditRow = (entry: LogEntry): OutputObject => ({
  Id: entry.id,
  ActivityDateTime: isoOf(entry.at),
  ActivityDisplayName: entry.activity,
  InitiatedBy: entry.initiatedBy,
  TargetResources: [entry.target],
  Result: entry.result,
  AdditionalDetails: entry.details,
})

const answer = (
  { world, now }: Call<IdentityWorld>,
  log: LogEntry["log"],
  asked: { readonly Filter?: string; readonly Top?: number },
): Ruling<IdentityEvent> => {
  const clauses = readFilter(asked.Filter)
  const decision = decideByGates([readable], { isFilterReadable: clauses !== undefined })
  if (clauses === undefined) return { decision }
  const organization = organizationOf(world)
  const rows = readableEntries(world.identity.directoryLogs, {
    log,
    now,
    licenses: organization?.licenses,
    tenantId: organization?.tenantId ?? "",
  }).map((entry) => (log === "sign-in" ? signInRow(entry, world) : auditRow(entry)))
  return { decision, output: filterRows(rows, clauses).slice(0, asked.Top) }
}

export const getSignInLog = operation({
  name: "Get-MgAuditLogSignIn",
  summary: "Shows who signed in to this tenant, the newest first, as long as the log is kept.",
  params,
  binding: { switches: ["All"], aliases: { Limit: "Top" } },
  roles: logReaders,
  roleRefusal: requestDenied,
  facts: ["IDN-242", "IDN-263", "IDN-264", "IDN-268"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, asked) => answer(call, "sign-in", asked),
})

export const getAuditLog = operation({
  name: "Get-MgAuditLogDirectoryAudit",
  summary: "Shows what was changed in the directory, the newest first, as long as the log is kept.",
  params,
  binding: { switches: ["All"], aliases: { Limit: "Top" } },
  roles: logReaders,
  roleRefusal: requestDenied,
  facts: ["IDN-242", "IDN-265", "IDN-267", "IDN-268"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, asked) => answer(call, "audit", asked),
})

const homeKnown = gate<{ readonly isKnown: boolean }>()({
  name: "home-organization",
  facts: ["IDN-263"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("The home organization is part of this world.")
      : deny("No such home organization is part of this world.", {}),
})

/** The presenter's look into the other tenant: what it noted about its own people. */
export const readHomeSignInLog = operation({
  name: "read-home-sign-in-log",
  summary: "Shows what the home tenant of a partner's people noted about their sign-ins here.",
  params: Schema.Struct({
    tenant: Schema.NonEmptyString.annotate({ description: "Tenant id of the home organization" }),
    ...params.fields,
  }),
  facts: ["IDN-263", "IDN-270"],
  isReadOnly: true,
  decide: ({ world, now }: Call<IdentityWorld>, asked): Ruling<IdentityEvent> => {
    const clauses = readFilter(asked.Filter)
    const known = decideByGates([homeKnown], {
      isKnown: foreignOrganizationOf(world, asked.tenant) !== undefined,
    })
    const decision = andThen(known, () =>
      decideByGates([readable], { isFilterReadable: clauses !== undefined }),
    )
    if (decision.outcome !== "allow") return { decision }
    const rows = readableEntries(world.identity.directoryLogs, {
      log: "sign-in",
      now,
      licenses: undefined,
      tenantId: asked.tenant,
    }).map((entry) => signInRow(entry, world))
    return { decision, output: filterRows(rows, clauses ?? everything).slice(0, asked.Top) }
  },
})
