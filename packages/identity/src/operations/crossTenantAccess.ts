import { type Call, canonicalJson, type OutputObject, operation, type Ruling } from "@twin/kernel"
import { HashMap, Option, Schema } from "effect"
import {
  type B2bSetting,
  type CrossTenantPartner,
  type InboundTrust,
  partnerOf,
  RedemptionConfiguration,
  serviceDefault,
  TargetConfiguration,
} from "../CrossTenantAccess.ts"
import { evaluateCrossTenantChange } from "../decisions/evaluateCrossTenantChange.ts"
import { isEmailOtpOn } from "../decisions/identityProvider.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { readSettings } from "./authorizationPolicy.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"

/** Where the log files changes of these settings (IDN-117). */
const settingLine = (
  activity: string,
  objectId: string,
  details: Record<string, Schema.Json> = {},
) => auditLine(activity, objectId, { Category: "CrossTenantAccessSettings", ...details })

const administrators: readonly string[] = [roles.securityAdministrator, roles.globalAdministrator]

/** A half of a setting that is left out keeps what it was; a list that is given replaces (IDN-115). */
const Setting = Schema.Struct({
  usersAndGroups: Schema.optionalKey(TargetConfiguration),
  applications: Schema.optionalKey(TargetConfiguration),
})
const Trust = Schema.Struct({
  isMfaAccepted: Schema.optionalKey(Schema.Boolean),
  isCompliantDeviceAccepted: Schema.optionalKey(Schema.Boolean),
  isHybridAzureADJoinedDeviceAccepted: Schema.optionalKey(Schema.Boolean),
})
const beyond = Schema.optionalKey(Schema.Json)

const settingFields = {
  b2bCollaborationInbound: Schema.optionalKey(Setting),
  b2bCollaborationOutbound: Schema.optionalKey(Setting),
  b2bDirectConnectInbound: Schema.optionalKey(Setting),
  b2bDirectConnectOutbound: Schema.optionalKey(Setting),
  inboundTrust: Schema.optionalKey(Trust),
  tenantRestrictions: beyond,
  isServiceProvider: beyond,
  identitySynchronization: beyond,
  m365CollaborationInbound: beyond,
  m365CollaborationOutbound: beyond,
  appServiceConnectInbound: beyond,
}
const keptNames = [
  "m365CollaborationInbound",
  "m365CollaborationOutbound",
  "appServiceConnectInbound",
]

/** Settings that are stored, shown and obeyed by nothing (IDN-121). */
const keptIn = (body: object, owner: string, at: number): readonly IdentityEvent[] => {
  const settings = Object.fromEntries(
    Object.entries(body).filter(([name]) => keptNames.includes(name)),
  ) as Record<string, Schema.Json>
  return Object.keys(settings).length === 0 ? [] : [{ _tag: "SettingsKept", owner, settings, at }]
}

const keptOf = (call: Call<IdentityWorld>, owner: string): object =>
  Option.getOrElse(HashMap.get(call.world.identity.partnership.keptSettings, owner), () => ({}))

const PartnerFields = {
  ...settingFields,
  automaticUserConsentSettings: Schema.optionalKey(
    Schema.Struct({
      inboundAllowed: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),
      outboundAllowed: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),
    }),
  ),
}
const beyondNames = ["tenantRestrictions", "isServiceProvider", "identitySynchronization"]

const directions = [
  "b2bCollaborationInbound",
  "b2bCollaborationOutbound",
  "b2bDirectConnectInbound",
  "b2bDirectConnectOutbound",
] as const
type Direction = (typeof directions)[number]

interface Given extends Partial<Record<Direction, typeof Setting.Type>> {
  readonly inboundTrust?: typeof Trust.Type
}
interface Current extends Partial<Record<Direction, B2bSetting>> {
  readonly inboundTrust?: InboundTrust
}

/** What is given, completed by what is in force, so that a stored setting is always whole. */
const completed = (given: Given, current: Current, fallback: Required<Current>): Current => ({
  ...Object.fromEntries(
    directions.flatMap((direction) => {
      const part = given[direction]
      return part === undefined
        ? []
        : [[direction, { ...fallback[direction], ...current[direction], ...part }]]
    }),
  ),
  ...(given.inboundTrust === undefined
    ? {}
    : {
        inboundTrust: { ...fallback.inboundTrust, ...current.inboundTrust, ...given.inboundTrust },
      }),
})

/** How large the policy would be with a change, as it is stored (IDN-118). */
const policyBytes = (call: Call<IdentityWorld>, changes: object): number =>
  canonicalJson(call.world.identity.crossTenantAccess).length + canonicalJson(changes).length

const settingsIn = (changes: Current): readonly B2bSetting[] =>
  directions.flatMap((direction) => changes[direction] ?? [])

const params = Object.fromEntries(
  [
    "B2bCollaborationInbound",
    "B2bCollaborationOutbound",
    "B2bDirectConnectInbound",
    "B2bDirectConnectOutbound",
    "InboundTrust",
    "AutomaticUserConsentSettings",
  ].map((name) => [name, Schema.optionalKey(hashtable.annotate({ description: name }))]),
)

const DefaultBody = Schema.Struct({
  ...settingFields,
  invitationRedemptionIdentityProviderConfiguration: Schema.optionalKey(RedemptionConfiguration),
})

/** Disabling the Microsoft account needs the passcode (IDN-038). */
const lacksFallback = (
  call: Call<IdentityWorld>,
  config: typeof RedemptionConfiguration.Type | undefined,
): boolean =>
  config?.fallbackIdentityProvider === "emailOneTimePasscode" && !isEmailOtpOn(call.world, call.now)

export const updateCrossTenantDefault = graphCmdlet({
  name: "Update-MgPolicyCrossTenantAccessPolicyDefault",
  summary: "Sets what holds towards every organization without settings of its own.",
  params: {
    ...params,
    InvitationRedemptionIdentityProviderConfiguration: Schema.optionalKey(
      hashtable.annotate({ description: "Order of identity providers and fallback at redemption" }),
    ),
  },
  body: DefaultBody,
  roles: administrators,
  facts: ["IDN-037", "IDN-108", "IDN-110", "IDN-111", "IDN-112", "IDN-115", "IDN-117"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const { default: current } = call.world.identity.crossTenantAccess
    const changes = completed(body, current, serviceDefault)
    const redemption = body.invitationRedemptionIdentityProviderConfiguration
    const decision = evaluateCrossTenantChange({
      presence: "not-asked",
      wants: "default",
      beyondTheTwin: beyondNames.filter((name) => name in body),
      settings: settingsIn(changes),
      inboundDefault: changes.b2bCollaborationInbound,
      bytes: policyBytes(call, changes),
      now: call.now,
      lacksFallback: lacksFallback(call, redemption),
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [
        {
          _tag: "CrossTenantDefaultUpdated",
          changes: {
            ...changes,
            ...(redemption === undefined
              ? {}
              : { invitationRedemptionIdentityProviderConfiguration: redemption }),
          },
          at: call.now,
        },
        ...keptIn(body, "default", call.now),
      ],
      audit: [
        settingLine("Update the company default cross-tenant access setting", "default", {
          Changed: Object.keys(body).toSorted(),
        }),
      ],
    }
  },
})

export const resetCrossTenantDefault = graphCmdlet({
  name: "Reset-MgPolicyCrossTenantAccessPolicyDefaultToSystemDefault",
  summary: "Puts the default towards every organization back to the service's own.",
  params: {},
  body: Schema.Struct({}),
  roles: administrators,
  facts: ["IDN-108", "IDN-117"],
  decide: (call): Ruling<IdentityEvent> => ({
    decision: readSettings(call),
    events: [{ _tag: "CrossTenantDefaultUpdated", changes: serviceDefault, at: call.now }],
    audit: [settingLine("Reset the cross-tenant access default setting", "default")],
  }),
})

const asRow = (it: object): OutputObject =>
  Object.fromEntries(
    Object.entries(it).map(([name, value]) => [
      `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      value as Schema.Json,
    ]),
  )

export const getCrossTenantDefault = operation({
  name: "Get-MgPolicyCrossTenantAccessPolicyDefault",
  summary: "Shows what holds towards every organization without settings of its own.",
  params: Schema.Struct({}),
  facts: ["IDN-108"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>): Ruling<IdentityEvent> => {
    const { default: current } = call.world.identity.crossTenantAccess
    return {
      decision: readSettings(call),
      output: [
        {
          IsServiceDefault: canonicalJson(current) === canonicalJson(serviceDefault),
          ...asRow(current),
          ...asRow(keptOf(call, "default")),
        },
      ],
    }
  },
})

const tenantId = Schema.NonEmptyString.annotate({ description: "Tenant id of the organization" })

const partnerChanges = (
  call: Call<IdentityWorld>,
  body: typeof PartnerPatch.Type,
  partner: CrossTenantPartner | undefined,
): Omit<CrossTenantPartner, "tenantId"> => {
  const consent = body.automaticUserConsentSettings
  return {
    ...completed(body, partner ?? {}, call.world.identity.crossTenantAccess.default),
    ...(consent === undefined
      ? {}
      : {
          automaticUserConsentSettings: {
            inboundAllowed: consent.inboundAllowed ?? false,
            outboundAllowed: consent.outboundAllowed ?? false,
          },
        }),
  }
}

const PartnerPatch = Schema.Struct(PartnerFields)

const partnerDecision = (
  body: typeof PartnerPatch.Type,
  changes: Current,
  rest: {
    readonly call: Call<IdentityWorld>
    readonly isPresent: boolean
    readonly wants: "new" | "existing"
  },
) =>
  evaluateCrossTenantChange({
    bytes: policyBytes(rest.call, changes),
    now: rest.call.now,
    presence: rest.isPresent ? "present" : "absent",
    wants: rest.wants,
    beyondTheTwin: beyondNames.filter((name) => name in body),
    settings: settingsIn(changes),
    inboundDefault: undefined,
    lacksFallback: false,
  })

export const newCrossTenantPartner = graphCmdlet({
  name: "New-MgPolicyCrossTenantAccessPolicyPartner",
  summary: "Gives one organization cross-tenant access settings of its own.",
  params: { TenantId: Schema.optionalKey(tenantId), ...params },
  body: Schema.Struct({ tenantId: Schema.NonEmptyString, ...PartnerFields }),
  roles: administrators,
  facts: ["IDN-109", "IDN-110", "IDN-111", "IDN-117", "IDN-041"],
  decide: (call, { tenantId: id, ...body }): Ruling<IdentityEvent> => {
    const known = partnerOf(call.world.identity.crossTenantAccess, id)
    const changes = partnerChanges(call, body, undefined)
    const decision = partnerDecision(body, changes, {
      call,
      isPresent: known !== undefined,
      wants: "new",
    })
    if (decision.outcome !== "allow") return { decision }
    const partner = { tenantId: id, ...changes }
    return {
      decision,
      events: [
        { _tag: "CrossTenantPartnerAdded", partner, at: call.now },
        ...keptIn(body, id, call.now),
      ],
      audit: [settingLine("Add a partner to cross-tenant access setting", id)],
      output: [asRow(partner)],
    }
  },
})

const partnerKey = Schema.NonEmptyString.annotate({ description: "Tenant id of the organization" })
const partnerKeyName = "CrossTenantAccessPolicyConfigurationPartnerTenantId"

export const updateCrossTenantPartner = graphCmdlet({
  name: "Update-MgPolicyCrossTenantAccessPolicyPartner",
  summary: "Changes the cross-tenant access settings of one organization.",
  params: { [partnerKeyName]: partnerKey, ...params },
  path: [partnerKeyName],
  body: PartnerPatch,
  roles: administrators,
  facts: ["IDN-109", "IDN-110", "IDN-111", "IDN-115", "IDN-116", "IDN-117"],
  decide: (call, body, given): Ruling<IdentityEvent> => {
    const id = given[partnerKeyName]
    const known = partnerOf(call.world.identity.crossTenantAccess, id)
    const changes = partnerChanges(call, body, known)
    const decision = partnerDecision(body, changes, {
      call,
      isPresent: known !== undefined,
      wants: "existing",
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [
        { _tag: "CrossTenantPartnerUpdated", tenantId: id, changes, at: call.now },
        ...keptIn(body, id, call.now),
      ],
      audit: [settingLine("Update a partner cross-tenant access setting", id)],
    }
  },
})

export const removeCrossTenantPartner = graphCmdlet({
  name: "Remove-MgPolicyCrossTenantAccessPolicyPartner",
  summary: "Removes the settings of one organization: the default holds again.",
  params: { [partnerKeyName]: partnerKey },
  path: [partnerKeyName],
  body: Schema.Struct({}),
  roles: administrators,
  facts: ["IDN-109", "IDN-117"],
  decide: (call, _body, given): Ruling<IdentityEvent> => {
    const id = given[partnerKeyName]
    const known = partnerOf(call.world.identity.crossTenantAccess, id)
    const decision = partnerDecision(
      {},
      {},
      { call, isPresent: known !== undefined, wants: "existing" },
    )
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "CrossTenantPartnerRemoved", tenantId: id, at: call.now }],
      audit: [settingLine("Delete partner specific cross-tenant access setting", id)],
    }
  },
})

export const getCrossTenantPartner = operation({
  name: "Get-MgPolicyCrossTenantAccessPolicyPartner",
  summary: "Shows the organizations with cross-tenant access settings of their own.",
  params: Schema.Struct({
    All: Schema.optionalKey(Schema.Boolean.annotate({ description: "All pages; switch" })),
  }),
  binding: { switches: ["All"] },
  facts: ["IDN-109"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>): Ruling<IdentityEvent> => ({
    decision: readSettings(call),
    output: Object.values(call.world.identity.crossTenantAccess.partners)
      .toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : 1))
      .map((it) => ({ ...asRow(it), ...asRow(keptOf(call, it.tenantId)) })),
  }),
})
