import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { HashMap, Option } from "effect"
import { partnerOf } from "../CrossTenantAccess.ts"
import { foreignOrganizationOf, organizationOf } from "../directory.ts"
import type { IdentityWorld } from "../State.ts"

interface SynchronizationFacets {
  readonly organization: string
  readonly isKnown: boolean
  readonly isSyncAllowed: boolean
  readonly outboundConsent: boolean
  readonly inboundConsent: boolean
  readonly hasGroups: boolean
  readonly isGroupSyncAllowed: boolean
}

const syncGate = gate<SynchronizationFacets>()

const sourceKnown = syncGate({
  name: "synchronization-source",
  facts: ["IDN-107"],
  reads: ["organization", "isKnown"],
  check: ({ organization, isKnown }) =>
    isKnown
      ? pass("The organization is part of this world.", { organization })
      : deny(
          "There is no such organization.",
          { organization },
          { code: "Request_ResourceNotFound", message: "The organization was not found." },
        ),
})

/** Learn, "Configure cross-tenant synchronization", troubleshooting: the code of this refusal. */
const inboundAllowed = syncGate({
  name: "synchronization-inbound",
  facts: ["IDN-108"],
  reads: ["organization", "isSyncAllowed"],
  check: ({ organization, isSyncAllowed }) =>
    isSyncAllowed
      ? pass("This tenant lets the organization synchronize its users.", { organization })
      : deny(
          "This tenant does not let the organization synchronize its users.",
          { organization, isSyncAllowed },
          {
            code: "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure",
            message: "The target tenant does not allow users to be synchronized into it.",
          },
        ),
})

/** Learn, "Configure cross-tenant synchronization", troubleshooting: the code of this refusal. */
const redeemedAutomatically = syncGate({
  name: "synchronization-redemption",
  facts: ["IDN-041"],
  reads: ["outboundConsent", "inboundConsent"],
  check: ({ outboundConsent, inboundConsent }) => {
    const details = { outboundConsent, inboundConsent }
    return outboundConsent && inboundConsent
      ? pass("Both sides redeem invitations automatically.", details)
      : deny("Automatic redemption is not chosen on both sides.", details, {
          code: "AzureDirectoryB2BManagementPolicyCheckFailure",
          message: "Automatic redemption is not enabled on both the source and the target tenant.",
        })
  },
})

/** Groups have a permission of their own beside that of users. */
const groupsAllowed = syncGate({
  name: "synchronization-groups",
  facts: ["IDN-108"],
  reads: ["hasGroups", "isGroupSyncAllowed"],
  check: ({ hasGroups, isGroupSyncAllowed }) => {
    const details = { hasGroups, isGroupSyncAllowed }
    return !hasGroups || isGroupSyncAllowed
      ? pass("No group is in scope that this tenant does not let in.", details)
      : deny("This tenant does not let the organization synchronize its groups.", details, {
          code: "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure",
          message: "The target tenant does not allow groups to be synchronized into it.",
        })
  },
})

const gates: GateRules<SynchronizationFacets> = [
  sourceKnown,
  inboundAllowed,
  groupsAllowed,
  redeemedAutomatically,
]

/** Whether the users of an organization may be synchronized into this tenant now. */
export const evaluateSynchronization = (
  world: IdentityWorld,
  {
    homeTenant,
    outbound,
    hasGroups,
  }: { readonly homeTenant: string; readonly outbound?: boolean; readonly hasGroups: boolean },
): Decision => {
  const home = foreignOrganizationOf(world, homeTenant)
  const own = organizationOf(world)?.tenantId ?? ""
  const theirs = home === undefined ? undefined : partnerOf(home.crossTenantAccess, own)
  const ours = partnerOf(world.identity.crossTenantAccess, homeTenant)
  const facets: SynchronizationFacets = {
    organization: home?.displayName ?? homeTenant,
    isKnown: home !== undefined,
    isSyncAllowed: Option.getOrElse(
      HashMap.get(world.identity.partnership.inboundSync, homeTenant),
      () => false,
    ),
    outboundConsent: outbound ?? theirs?.automaticUserConsentSettings?.outboundAllowed === true,
    hasGroups,
    isGroupSyncAllowed: Option.getOrElse(
      HashMap.get(world.identity.partnership.inboundGroupSync, homeTenant),
      () => false,
    ),
    inboundConsent: ours?.automaticUserConsentSettings?.inboundAllowed === true,
  }
  return decideByGates(gates, facets)
}
