import {
  andThen,
  type Call,
  type Decision,
  decideByGates,
  deny,
  gate,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { HashMap, Option, Schema } from "effect"
import { normalizeAddress } from "../Address.ts"
import { partnerOf } from "../CrossTenantAccess.ts"
import { evaluateSynchronization } from "../decisions/evaluateSynchronization.ts"
import {
  foreignOrganizationByDomain,
  foreignOrganizationOf,
  organizationOf,
  personOf,
} from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { ForeignOrganization } from "../Organization.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { readSettings } from "./authorizationPolicy.ts"
import { graphCmdlet } from "./graphCmdlet.ts"

const partnerKeyName = "CrossTenantAccessPolicyConfigurationPartnerTenantId"
const partnerKey = Schema.NonEmptyString.annotate({ description: "Tenant id of the organization" })

const partnerSettled = gate<{ readonly isPartner: boolean }>()({
  name: "synchronization-partner",
  facts: ["IDN-109"],
  reads: ["isPartner"],
  check: ({ isPartner }) =>
    isPartner
      ? pass("The organization has settings of its own.", { isPartner })
      : deny(
          "The organization has no settings of its own, and synchronization belongs to those.",
          { isPartner },
          { code: "ResourceNotFound", message: "The partner configuration was not found." },
        ),
})

const isSyncAllowedOf = (world: IdentityWorld, tenantId: string): boolean =>
  Option.getOrElse(HashMap.get(world.identity.partnership.inboundSync, tenantId), () => false)

export const setIdentitySynchronization = graphCmdlet({
  name: "Set-MgPolicyCrossTenantAccessPolicyPartnerIdentitySynchronization",
  summary: "Says whether an organization may synchronize its users into this tenant.",
  params: { [partnerKeyName]: partnerKey },
  path: [partnerKeyName],
  body: Schema.Struct({
    displayName: Schema.optionalKey(Schema.String),
    userSyncInbound: Schema.Struct({ isSyncAllowed: Schema.Boolean }),
  }),
  roles: [roles.securityAdministrator, roles.globalAdministrator],
  facts: ["IDN-108", "IDN-109"],
  decide: ({ world, now }, body, given): Ruling<IdentityEvent> => {
    const tenantId = given[partnerKeyName]
    const decision = decideByGates([partnerSettled], {
      isPartner: partnerOf(world.identity.crossTenantAccess, tenantId) !== undefined,
    })
    if (decision.outcome !== "allow") return { decision }
    const { isSyncAllowed } = body.userSyncInbound
    return {
      decision,
      events: [{ _tag: "InboundSyncSet", tenantId, isSyncAllowed, at: now }],
      audit: [
        auditLine("Update a partner cross-tenant identity sync setting", tenantId, {
          Category: "CrossTenantIdentitySyncSettings",
          IsSyncAllowed: isSyncAllowed,
        }),
      ],
    }
  },
})

export const getIdentitySynchronization = operation({
  name: "Get-MgPolicyCrossTenantAccessPolicyPartnerIdentitySynchronization",
  summary: "Shows whether an organization may synchronize its users into this tenant.",
  params: Schema.Struct({ [partnerKeyName]: partnerKey }),
  facts: ["IDN-108"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, { [partnerKeyName]: tenantId }): Ruling<IdentityEvent> => {
    const isPartner = partnerOf(call.world.identity.crossTenantAccess, tenantId) !== undefined
    const decision = andThen(readSettings(call), () =>
      decideByGates([partnerSettled], { isPartner }),
    )
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      output: [
        {
          TenantId: tenantId,
          UserSyncInbound: { IsSyncAllowed: isSyncAllowedOf(call.world, tenantId) },
        },
      ],
    }
  },
})

interface ScopeFacets {
  readonly strangers: string
}

const scopeIsHome = gate<ScopeFacets>()({
  name: "synchronization-scope",
  facts: ["IDN-107"],
  reads: ["strangers"],
  check: ({ strangers }) =>
    strangers === ""
      ? pass("Everybody in scope has a work account in that organization.")
      : deny(
          "A tenant can push its own users only.",
          { strangers },
          { code: "Request_BadRequest", message: `Not a user of the source tenant: ${strangers}.` },
        ),
})

const homeOf = (world: IdentityWorld, name: string): ForeignOrganization | undefined =>
  foreignOrganizationOf(world, name.toLowerCase()) ?? foreignOrganizationByDomain(world, name)

/** The partner's side of automatic redemption towards this tenant (IDN-041). */
const consentEvents = (
  call: Call<IdentityWorld>,
  home: ForeignOrganization,
  outboundAllowed: boolean,
): readonly IdentityEvent[] => {
  const own = organizationOf(call.world)?.tenantId ?? ""
  const { crossTenantAccess: before, tenantId } = home
  const known = partnerOf(before, own)
  const automaticUserConsentSettings = {
    inboundAllowed: known?.automaticUserConsentSettings?.inboundAllowed ?? false,
    outboundAllowed,
  }
  const partner = { ...known, tenantId: own, automaticUserConsentSettings }
  return [
    {
      _tag: "ForeignCrossTenantAccessSet",
      tenantId,
      crossTenantAccess: { ...before, partners: { ...before.partners, [own]: partner } },
      at: call.now,
    },
  ]
}

export const startPartnerSynchronization = operation({
  name: "start-partner-synchronization",
  summary:
    "The administrators of another organization start to synchronize users into this tenant.",
  params: Schema.Struct({
    organization: Schema.NonEmptyString.annotate({ description: "Domain or tenant id" }),
    scope: Schema.NonEmptyArray(Schema.NonEmptyString).annotate({
      description: "Addresses of their users in scope",
    }),
    automaticRedemption: Schema.optionalKey(
      Schema.Boolean.annotate({
        description: "Their outbound automatic redemption towards this tenant; absent: as it is",
      }),
    ),
  }),
  facts: ["IDN-041", "IDN-107", "IDN-108"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, now, draw } = call
    const home = homeOf(world, params.organization)
    const { automaticRedemption: outbound } = params
    const may: Decision = evaluateSynchronization(world, {
      homeTenant: home?.tenantId ?? params.organization,
      ...(outbound === undefined ? {} : { outbound }),
    })
    if (may.outcome !== "allow" || home === undefined) return { decision: may }
    const addresses = [...new Set(params.scope.map(normalizeAddress))]
    const strangers = addresses.filter((it) => personOf(world, it)?.homeTenant !== home.tenantId)
    const inScope = decideByGates([scopeIsHome], { strangers: strangers.join(", ") })
    const decision: Decision = { ...inScope, gates: [...may.gates, ...inScope.gates] }
    if (decision.outcome !== "allow") return { decision }
    const known = Option.getOrUndefined(
      HashMap.get(world.identity.partnership.syncJobs, home.tenantId),
    )
    const scope = addresses.map(
      (address) =>
        known?.scope.find((it) => it.address === address) ?? {
          address,
          objectId: draw.guid(`synchronized ${address}`),
        },
    )
    return {
      decision,
      events: [
        ...(outbound === undefined ? [] : consentEvents(call, home, outbound)),
        {
          _tag: "SynchronizationScheduled",
          job: { homeTenant: home.tenantId, scope, nextRunAt: now },
          at: now,
        },
      ],
    }
  },
})
