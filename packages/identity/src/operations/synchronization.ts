import {
  andThen,
  type Call,
  type Decision,
  decideByGates,
  deny,
  gate,
  isoOf,
  operation,
  type PlainStruct,
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
import { AttributeMapping, mappingProblem, type SynchronizationJob } from "../Synchronization.ts"
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

const allowed = Schema.Struct({ isSyncAllowed: Schema.Boolean })

/** The cmdlet of Graph v1.0 knows users; that of the beta knows groups as well. */
const setCmdlet = <B extends Schema.Struct.Fields>(
  name: string,
  body: PlainStruct<B>,
  read: (given: Schema.Struct<B>["Type"]) => {
    readonly users?: boolean
    readonly groups?: boolean
  },
) =>
  graphCmdlet({
    name,
    summary: "Says what an organization may synchronize into this tenant.",
    params: { [partnerKeyName]: partnerKey },
    path: [partnerKeyName],
    body,
    roles: [roles.securityAdministrator, roles.globalAdministrator],
    facts: ["IDN-108", "IDN-109"],
    decide: ({ world, now }, given, params): Ruling<IdentityEvent> => {
      const tenantId = params[partnerKeyName]
      const decision = decideByGates([partnerSettled], {
        isPartner: partnerOf(world.identity.crossTenantAccess, tenantId) !== undefined,
      })
      if (decision.outcome !== "allow") return { decision }
      const { users, groups } = read(given)
      return {
        decision,
        events: [
          ...(users === undefined
            ? []
            : [{ _tag: "InboundSyncSet" as const, tenantId, isSyncAllowed: users, at: now }]),
          ...(groups === undefined
            ? []
            : [{ _tag: "InboundGroupSyncSet" as const, tenantId, isSyncAllowed: groups, at: now }]),
        ],
        audit: [
          auditLine("Update a partner cross-tenant identity sync setting", tenantId, {
            Category: "CrossTenantIdentitySyncSettings",
            ...(users === undefined ? {} : { IsSyncAllowed: users }),
            ...(groups === undefined ? {} : { IsGroupSyncAllowed: groups }),
          }),
        ],
      }
    },
  })

export const setIdentitySynchronization = setCmdlet(
  "Set-MgPolicyCrossTenantAccessPolicyPartnerIdentitySynchronization",
  Schema.Struct({ displayName: Schema.optionalKey(Schema.String), userSyncInbound: allowed }),
  ({ userSyncInbound }) => ({ users: userSyncInbound.isSyncAllowed }),
)

export const setBetaIdentitySynchronization = setCmdlet(
  "Set-MgBetaPolicyCrossTenantAccessPolicyPartnerIdentitySynchronization",
  Schema.Struct({
    displayName: Schema.optionalKey(Schema.String),
    userSyncInbound: Schema.optionalKey(allowed),
    groupSyncInbound: Schema.optionalKey(allowed),
  }),
  ({ userSyncInbound, groupSyncInbound }) => ({
    ...(userSyncInbound === undefined ? {} : { users: userSyncInbound.isSyncAllowed }),
    ...(groupSyncInbound === undefined ? {} : { groups: groupSyncInbound.isSyncAllowed }),
  }),
)

const isGroupSyncAllowedOf = (world: IdentityWorld, tenantId: string): boolean =>
  Option.getOrElse(HashMap.get(world.identity.partnership.inboundGroupSync, tenantId), () => false)

const getCmdlet = (name: string, showsGroups: boolean) =>
  operation({
    name,
    summary: "Shows what an organization may synchronize into this tenant.",
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
            ...(showsGroups
              ? { GroupSyncInbound: { IsSyncAllowed: isGroupSyncAllowedOf(call.world, tenantId) } }
              : {}),
          },
        ],
      }
    },
  })

export const getIdentitySynchronization = getCmdlet(
  "Get-MgPolicyCrossTenantAccessPolicyPartnerIdentitySynchronization",
  false,
)

export const getBetaIdentitySynchronization = getCmdlet(
  "Get-MgBetaPolicyCrossTenantAccessPolicyPartnerIdentitySynchronization",
  true,
)

interface ScopeFacets {
  readonly strangers: string
  readonly mappingProblem: string
}

const mappingsFit = gate<ScopeFacets>()({
  name: "synchronization-mappings",
  facts: ["IDN-108"],
  reads: ["mappingProblem"],
  check: ({ mappingProblem: problem }) =>
    problem === ""
      ? pass("Every mapping can be carried out.")
      : deny(
          "A mapping cannot be carried out.",
          { problem },
          { code: "Request_BadRequest", message: `Invalid attribute mapping. ${problem}` },
        ),
})

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

const GroupInScope = Schema.Struct({
  displayName: Schema.NonEmptyString,
  members: Schema.Array(Schema.NonEmptyString),
})

/** The job as it goes on: objects that were here before keep their ids, in scope or no longer. */
const nextJob = (
  { world, now, draw }: Call<IdentityWorld>,
  homeTenant: string,
  wish: {
    readonly addresses: readonly string[]
    readonly groups: readonly (typeof GroupInScope.Type)[]
    readonly mappings: readonly AttributeMapping[] | undefined
  },
): SynchronizationJob => {
  const before = Option.getOrUndefined(HashMap.get(world.identity.partnership.syncJobs, homeTenant))
  const people = [...(before?.scope ?? []), ...(before?.former ?? [])]
  const copies = [...(before?.groups ?? []), ...(before?.formerGroups ?? [])]
  const scope = wish.addresses.map(
    (address) =>
      people.find((it) => it.address === address) ?? {
        address,
        objectId: draw.guid(`synchronized ${address}`),
      },
  )
  const groups = wish.groups.map(({ displayName, members }) => ({
    displayName,
    objectId:
      copies.find((it) => it.displayName === displayName)?.objectId ??
      draw.guid(`synchronized group ${displayName}`),
    members: members.map(normalizeAddress),
  }))
  const mappings = wish.mappings ?? before?.mappings
  return {
    homeTenant,
    scope,
    former: people.filter(({ address }) => !wish.addresses.includes(address)),
    groups,
    formerGroups: copies.filter((it) => !groups.some(({ objectId }) => objectId === it.objectId)),
    ...(mappings === undefined ? {} : { mappings }),
    nextRunAt: now,
  }
}

export const startPartnerSynchronization = operation({
  name: "start-partner-synchronization",
  summary:
    "The administrators of another organization start to synchronize users and groups into this tenant, or start over.",
  params: Schema.Struct({
    organization: Schema.NonEmptyString.annotate({ description: "Domain or tenant id" }),
    scope: Schema.NonEmptyArray(Schema.NonEmptyString).annotate({
      description: "Addresses of their users in scope",
    }),
    groups: Schema.optionalKey(
      Schema.Array(GroupInScope).annotate({
        description: "Their groups in scope: displayName, and the addresses of the members",
      }),
    ),
    mappings: Schema.optionalKey(
      Schema.Array(AttributeMapping).annotate({
        description: "Attributes that come about otherwise than by default; absent: as they are",
      }),
    ),
    automaticRedemption: Schema.optionalKey(
      Schema.Boolean.annotate({
        description: "Their outbound automatic redemption towards this tenant; absent: as it is",
      }),
    ),
  }),
  facts: ["IDN-041", "IDN-107", "IDN-108"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, now } = call
    const home = homeOf(world, params.organization)
    const { automaticRedemption: outbound, groups = [], mappings } = params
    const may: Decision = evaluateSynchronization(world, {
      homeTenant: home?.tenantId ?? params.organization,
      hasGroups: groups.length > 0,
      ...(outbound === undefined ? {} : { outbound }),
    })
    if (may.outcome !== "allow" || home === undefined) return { decision: may }
    const addresses = [...new Set(params.scope.map(normalizeAddress))]
    const strangers = addresses.filter((it) => personOf(world, it)?.homeTenant !== home.tenantId)
    const decision = andThen(may, () =>
      decideByGates<ScopeFacets>([scopeIsHome, mappingsFit], {
        strangers: strangers.join(", "),
        mappingProblem: mappingProblem(mappings ?? []),
      }),
    )
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [
        ...(outbound === undefined ? [] : consentEvents(call, home, outbound)),
        {
          _tag: "SynchronizationScheduled",
          job: nextJob(call, home.tenantId, { addresses, groups, mappings }),
          at: now,
        },
      ],
    }
  },
})

/** What the other organization's administrators see of their job. */
export const showPartnerSynchronization = operation({
  name: "show-partner-synchronization",
  summary: "Shows how the synchronization from another organization is doing.",
  params: Schema.Struct({
    organization: Schema.NonEmptyString.annotate({ description: "Domain or tenant id" }),
  }),
  facts: ["IDN-108"],
  isReadOnly: true,
  decide: ({ world }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const home = homeOf(world, params.organization)
    const job =
      home === undefined
        ? undefined
        : Option.getOrUndefined(HashMap.get(world.identity.partnership.syncJobs, home.tenantId))
    const decision = decideByGates([jobKnown], { isKnown: job !== undefined })
    if (job === undefined) return { decision }
    const { quarantine } = job
    return {
      decision,
      output: [
        {
          status: quarantine === undefined ? "Active" : "Quarantine",
          quarantineSince: quarantine === undefined ? null : isoOf(quarantine.since),
          failures: quarantine?.failures ?? 0,
          error: quarantine?.code ?? null,
          users: job.scope.length,
          groups: (job.groups ?? []).length,
          nextRun: isoOf(job.nextRunAt),
        },
      ],
    }
  },
})

const jobKnown = gate<{ readonly isKnown: boolean }>()({
  name: "synchronization-job",
  facts: ["IDN-108"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("A job synchronizes from that organization.")
      : deny(
          "No job synchronizes from that organization.",
          {},
          { code: "NotFound", message: "The synchronization job was not found or is disabled." },
        ),
})
