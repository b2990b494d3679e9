import type { CryptoEvent, CryptoServices } from "@twin/crypto"
import type { AuditEntry, Call, Operation, Ruling } from "@twin/kernel"
import { Effect } from "effect"
import type { LogEntry } from "../DirectoryLogs.ts"
import { organizationOf, personOf, userOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"

/** Operations of the directory; those on mailboxes of groups also change keys. */
export type IdentityOperation = Operation<
  IdentityWorld,
  IdentityEvent | CryptoEvent,
  CryptoServices
>

const textOf = (value: unknown): string => (typeof value === "string" ? value : "")

const requirementOf = (world: IdentityWorld, applied: unknown): string => {
  const names = Array.isArray(applied)
    ? applied
        .filter(
          (row: Record<string, unknown>) =>
            row["result"] === "success" || row["result"] === "failure",
        )
        .map((row: Record<string, unknown>) => textOf(row["displayName"]))
    : []
  const asksForTwo = Object.values(world.identity.conditionalAccess).some(
    ({ displayName, grantControls }) =>
      names.includes(displayName) &&
      (grantControls?.builtInControls.includes("mfa") === true ||
        grantControls?.authenticationStrength !== undefined),
  )
  return asksForTwo ? "multiFactorAuthentication" : "singleFactorAuthentication"
}

/** Who somebody is to the log of a tenant (IDN-263). */
const userTypeIn = (world: IdentityWorld, address: string): "member" | "guest" | "external" => {
  const user = userOf(world, address)
  if (user === undefined) return "external"
  return user.userType === "Guest" ? "guest" : "member"
}

const signInEntry = (call: Call<IdentityWorld>, entry: AuditEntry, index: number): LogEntry => {
  const { world, actor, now, draw } = call
  const tenantId = organizationOf(world)?.tenantId ?? ""
  const address = entry.userId ?? actor.id
  const homeTenantId = personOf(world, address)?.homeTenant ?? tenantId
  const { details = {} } = entry
  const errorCode = Number(textOf(details["ErrorCode"]) || "0")
  return {
    id: draw.guid(`sign-in log ${index}`),
    log: "sign-in",
    tenantId,
    at: now,
    activity: entry.objectId ?? "",
    initiatedBy: address,
    ipAddress: actor.client.ipAddress,
    target: entry.objectId ?? "",
    result: errorCode === 0 ? "success" : "failure",
    errorCode,
    details: {
      homeTenantId,
      resourceTenantId: tenantId,
      userType: userTypeIn(world, address),
      crossTenantAccessType: details["CrossTenantAccessType"] ?? "none",
      authenticationRequirement: requirementOf(world, details["AppliedConditionalAccessPolicies"]),
      conditionalAccessStatus: details["ConditionalAccessStatus"] ?? "notApplied",
      appliedConditionalAccessPolicies: details["AppliedConditionalAccessPolicies"] ?? [],
      clientAppUsed: details["ClientAppUsed"] ?? "",
    },
  }
}

/**
 * The same sign-in in the log of the home tenant, which knows its user as a member. Where this tenant
 * says 50020, the home tenant notes 90072 (IDN-263, IDN-270).
 */
const homeEntry = (
  call: Call<IdentityWorld>,
  ruling: Pick<Ruling<IdentityEvent>, "output">,
): readonly LogEntry[] => {
  const { world, actor, now, draw } = call
  const tenantId = organizationOf(world)?.tenantId ?? ""
  const home = personOf(world, actor.id)?.homeTenant
  const [row] = ruling.output ?? []
  if (home === undefined || home === tenantId || row?.["errorCode"] === undefined) return []
  const code = Number(textOf(row["errorCode"]) || "0")
  const errorCode = code === 50020 ? 90072 : code
  const app = textOf(row["app"])
  return [
    {
      id: draw.guid("sign-in log at home"),
      log: "sign-in",
      tenantId: home,
      at: now,
      activity: app,
      initiatedBy: actor.id,
      ipAddress: actor.client.ipAddress,
      target: app,
      result: errorCode === 0 ? "success" : "failure",
      errorCode,
      details: {
        homeTenantId: home,
        resourceTenantId: tenantId,
        userType: "member",
        crossTenantAccessType: "b2bCollaboration",
        authenticationRequirement: requirementOf(world, row["appliedConditionalAccessPolicies"]),
        conditionalAccessStatus: "notApplied",
        appliedConditionalAccessPolicies: [],
        clientAppUsed: "",
      },
    },
  ]
}

const auditEntry = (call: Call<IdentityWorld>, entry: AuditEntry, purpose: string): LogEntry => ({
  id: call.draw.guid(`audit log ${purpose}`),
  log: "audit",
  tenantId: organizationOf(call.world)?.tenantId ?? "",
  at: call.now,
  activity: entry.operation,
  initiatedBy: entry.userId ?? call.actor.id,
  ipAddress: call.actor.client.ipAddress,
  target: entry.objectId ?? "",
  result: entry.resultStatus === "Failure" ? "failure" : "success",
  errorCode: 0,
  details: entry.details ?? {},
})

/**
 * What an answer leaves in the directory's own logs: record types 8 and 15 (IDN-269). `about` tells
 * several answers of one call apart.
 */
export const logOf = (
  call: Call<IdentityWorld>,
  ruling: Pick<Ruling<IdentityEvent>, "audit" | "output">,
  isSignIn: boolean,
  about = "",
): readonly IdentityEvent[] => {
  const entries = [
    ...(ruling.audit ?? []).flatMap((entry, index) =>
      entry.recordType === 15
        ? [signInEntry(call, entry, index)]
        : entry.recordType === 8
          ? [auditEntry(call, entry, `${index}${about}`)]
          : [],
    ),
    ...(isSignIn ? homeEntry(call, ruling) : []),
  ]
  return entries.length === 0 ? [] : [{ _tag: "DirectoryLogged", entries }]
}

/** The same operation, whose traces can be read afterwards from the logs of the directory. */
export const logged = (it: IdentityOperation): IdentityOperation =>
  it.isReadOnly
    ? it
    : {
        ...it,
        rule: (call, params) =>
          Effect.map(it.rule(call, params), (ruling) => {
            const log = logOf(call, ruling, it.name === "sign-in")
            return log.length === 0
              ? ruling
              : { ...ruling, events: [...(ruling.events ?? []), ...log] }
          }),
      }
