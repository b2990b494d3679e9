import { decideByGates, deny, type Given, gate, type OutputObject, pass } from "@twin/kernel"
import { Schema } from "effect"
import { appIdOf } from "../CloudApp.ts"
import { foreignOrganizationOf, organizationOf, userOf } from "../directory.ts"
import type { IdentityWorld } from "../State.ts"
import { getSignInLog } from "./directoryLogs.ts"
import type { IdentityOperation } from "./logged.ts"
import { derived } from "./withinUnits.ts"

const AccessDirection = Schema.Literals(["Inbound", "Outbound"])
type AccessDirection = typeof AccessDirection.Type

const flag = (description: string) => Schema.optionalKey(Schema.Boolean.annotate({ description }))

const externalTenant = gate<{ readonly tenantId: string; readonly isOwn: boolean }>()({
  name: "external-tenant",
  facts: ["IDN-263"],
  reads: ["tenantId", "isOwn"],
  check: ({ tenantId, isOwn }) =>
    isOwn
      ? deny(
          "The tenant asked for is this one, and no external one.",
          { tenantId },
          {
            code: "WriteErrorException",
            message: `Supplied external tenant ID (${tenantId}) cannot match connected tenant ID (${tenantId})`,
          },
        )
      : pass("The activity is that of other tenants.", { tenantId }),
})

/** A sign-in as the log shows it, with the tenant on the other side. */
interface Activity {
  readonly direction: AccessDirection
  readonly tenantId: string
  readonly row: OutputObject
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "")

const activitiesOf = (row: OutputObject, own: string): readonly Activity[] => {
  const home = textOf(row["HomeTenantId"])
  const resource = textOf(row["ResourceTenantId"])
  return [
    ...(resource === own ? [] : [{ direction: "Outbound" as const, tenantId: resource, row }]),
    ...(home === own ? [] : [{ direction: "Inbound" as const, tenantId: home, row }]),
  ]
}

/** Who the tenant is, as far as the public metadata tells; otherwise `NotFound`. */
const resolvedTenant = (world: IdentityWorld, tenantId: string) => {
  const it = foreignOrganizationOf(world, tenantId)
  return {
    ExternalTenantName: it?.displayName ?? "NotFound",
    ExternalDefaultDomain: it?.initialDomain ?? "NotFound",
  }
}

const signInRow = (
  world: IdentityWorld,
  { direction, tenantId, row }: Activity,
  names: object,
) => ({
  ExternalTenantId: tenantId,
  ...names,
  AccessDirection: direction,
  UserDisplayName: userOf(world, textOf(row["UserPrincipalName"]))?.displayName ?? null,
  UserPrincipalName: row["UserPrincipalName"] ?? null,
  UserId: row["UserId"] ?? null,
  UserType: row["UserType"] ?? null,
  CrossTenantAccessType: row["CrossTenantAccessType"] ?? null,
  AppDisplayName: row["AppDisplayName"] ?? null,
  AppId: appIdOf(textOf(row["AppDisplayName"])) ?? null,
  SignInId: row["Id"] ?? null,
  CreatedDateTime: row["CreatedDateTime"] ?? null,
  StatusCode: row["ErrorCode"] ?? null,
})

const distinct = (activities: readonly Activity[], property: string): number =>
  new Set(activities.map(({ row }) => row[property] ?? null)).size

const summaryRow = (activities: readonly [Activity, ...Activity[]], names: object) => {
  const [{ tenantId, direction }] = activities
  const failed = activities.filter(({ row }) => row["ErrorCode"] !== 0).length
  return {
    ExternalTenantId: tenantId,
    ...names,
    AccessDirection: direction,
    SignIns: activities.length,
    SuccessSignIns: activities.length - failed,
    FailedSignIns: failed,
    UniqueUsers: distinct(activities, "UserPrincipalName"),
    UniqueResources: distinct(activities, "AppDisplayName"),
  }
}

/** One list for each tenant and direction, in the order in which they first show. */
const grouped = (activities: readonly Activity[]): readonly [Activity, ...Activity[]][] => {
  const groups = new Map<string, [Activity, ...Activity[]]>()
  for (const it of activities) {
    const key = `${it.direction} ${it.tenantId}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [it])
    else group.push(it)
  }
  return [...groups.values()]
}

const report = (
  rows: readonly OutputObject[],
  given: Given,
  world: IdentityWorld,
): readonly OutputObject[] => {
  const own = organizationOf(world)?.tenantId ?? ""
  const wanted = textOf(given["ExternalTenantId"]).toLowerCase()
  const found = rows
    .flatMap((row) => activitiesOf(row, own))
    .filter(({ direction }) => (given["AccessDirection"] ?? direction) === direction)
    .filter(({ tenantId }) => wanted === "" || tenantId.toLowerCase() === wanted)
    .toSorted((a, b) => (a.direction < b.direction ? 1 : a.direction > b.direction ? -1 : 0))
  const namesOf = (tenantId: string) =>
    given["ResolveTenantId"] === true ? resolvedTenant(world, tenantId) : {}
  const groups = grouped(found)
  if (given["SummaryStats"] !== true) {
    return groups.flat().map((it) => signInRow(world, it, namesOf(it.tenantId)))
  }
  return groups
    .map((group) => summaryRow(group, namesOf(group[0].tenantId)))
    .toSorted((a, b) =>
      given["AccessDirection"] === undefined
        ? a.ExternalTenantId < b.ExternalTenantId
          ? -1
          : 1
        : b.SignIns - a.SignIns,
    )
}

/** Of MSIdentityTools: a report about the sign-in log, with the roles and the retention of the log. */
export const getCrossTenantActivity: IdentityOperation = derived(getSignInLog, {
  name: "Get-MSIDCrossTenantAccessActivity",
  summary: "Shows sign-ins of other tenants' people here, and of own people elsewhere.",
  params: {},
  own: {
    AccessDirection: Schema.optionalKey(
      AccessDirection.annotate({ description: "Inbound or Outbound; both unless given" }),
    ),
    ExternalTenantId: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Id of one other tenant", format: "uuid" }),
    ),
    SummaryStats: flag("Numbers for each tenant instead of sign-ins; switch"),
    ResolveTenantId: flag("Name and domain of the other tenants as well; switch"),
  },
  binding: {
    positional: ["AccessDirection", "ExternalTenantId"],
    switches: ["SummaryStats", "ResolveTenantId"],
  },
  asks: ({ world }, { ExternalTenantId }) => {
    const tenantId = textOf(ExternalTenantId)
    return decideByGates([externalTenant], {
      tenantId,
      isOwn: tenantId.toLowerCase() === organizationOf(world)?.tenantId.toLowerCase(),
    })
  },
  output: (rows, given, { world }) => report(rows, given, world),
  warnings: (printed) =>
    printed.length === 0 ? ["No sign-ins matching the selected criteria found."] : [],
})
