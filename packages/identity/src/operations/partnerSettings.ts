import {
  type Call,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { B2bSetting, settingConflict } from "../CrossTenantAccess.ts"
import { foreignOrganizationByDomain, foreignOrganizationOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { ForeignOrganization } from "../Organization.ts"
import type { IdentityWorld } from "../State.ts"

interface PartnerFacets {
  readonly organization: string
  readonly isKnown: boolean
  readonly conflict: string
}

const partnerGate = gate<PartnerFacets>()

const partnerKnown = partnerGate({
  name: "partner-known",
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

const settingConsistent = partnerGate({
  name: "setting-consistent",
  facts: ["IDN-111"],
  reads: ["conflict"],
  check: ({ conflict }) =>
    conflict === ""
      ? pass("Users and applications of the setting go together.")
      : deny(
          "The setting contradicts itself.",
          { conflict },
          { code: "Request_BadRequest", message: `Invalid setting: ${conflict}.` },
        ),
})

const gates: GateRules<PartnerFacets> = [partnerKnown, settingConsistent]

const evaluatePartnerSetting = (
  name: string,
  partner: ForeignOrganization | undefined,
  setting: B2bSetting,
): Decision =>
  decideByGates(gates, {
    organization: partner?.displayName ?? name,
    isKnown: partner !== undefined,
    conflict: settingConflict(setting) ?? "",
  })

/** The other side of cross-tenant access: what the partner's own administrators set (IDN-107). */
export const setPartnerAccess = operation({
  name: "set-partner-cross-tenant-access",
  summary: "The administrators of another organization change their default cross-tenant access.",
  params: Schema.Struct({
    organization: Schema.NonEmptyString.annotate({ description: "Domain or tenant id" }),
    direction: Schema.Literals([
      "b2bCollaborationOutbound",
      "b2bCollaborationInbound",
      "b2bDirectConnectOutbound",
      "b2bDirectConnectInbound",
    ]).annotate({ description: "Which of their settings; outbound concerns visits here" }),
    setting: B2bSetting.annotate({ description: "usersAndGroups and applications" }),
  }),
  facts: ["IDN-107", "IDN-110", "IDN-111", "IDN-125", "IDN-126"],
  decide: ({ world, now }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { organization: name, direction, setting } = params
    const partner =
      foreignOrganizationOf(world, name.toLowerCase()) ?? foreignOrganizationByDomain(world, name)
    const decision = evaluatePartnerSetting(name, partner, setting)
    if (decision.outcome !== "allow" || partner === undefined) return { decision }
    const { crossTenantAccess: before, tenantId } = partner
    const crossTenantAccess = { ...before, default: { ...before.default, [direction]: setting } }
    return {
      decision,
      events: [{ _tag: "ForeignCrossTenantAccessSet", tenantId, crossTenantAccess, at: now }],
    }
  },
})
