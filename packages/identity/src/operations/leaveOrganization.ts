import {
  type Call,
  decideByGates,
  deny,
  type GateRules,
  gate,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { isExternalUser, issuerOf } from "../DirectoryUser.ts"
import { evaluateSetUp } from "../decisions/evaluatePackageStep.ts"
import { organizationOf, userOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { Cloud } from "../Partnership.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet } from "./graphCmdlet.ts"

interface LeaveFacets {
  readonly person: "external" | "other"
  readonly isLeaveAllowed: boolean
  readonly contact: string
  readonly account: "work" | "personal"
  readonly page: "tenant" | "general"
}

const leaveGate = gate<LeaveFacets>()

const isExternal = leaveGate({
  name: "leaving-person",
  facts: ["IDN-239"],
  reads: ["person"],
  check: ({ person }) =>
    person === "external"
      ? pass("The actor is an external user of the organization.", { person })
      : deny("Only external users leave by themselves.", { person }),
})

const pageFits = leaveGate({
  name: "leave-page",
  facts: ["IDN-239"],
  reads: ["account", "page"],
  check: ({ account, page }) =>
    account === "work" || page === "tenant"
      ? pass("The page shows the organizations of this account.", { account, page })
      : deny(
          "Without a work account the page has to be opened with the tenant in its address.",
          { account, page },
          { message: "Open https://myaccount.microsoft.com?tenantId=<tenant> to leave." },
        ),
})

const leaveAllowed = leaveGate({
  name: "external-user-leave",
  facts: ["IDN-105", "IDN-239"],
  reads: ["isLeaveAllowed", "contact"],
  check: ({ isLeaveAllowed, contact }) =>
    isLeaveAllowed
      ? pass("The organization lets external users leave by themselves.", { isLeaveAllowed })
      : deny(
          "The organization does not let external users leave by themselves.",
          { isLeaveAllowed, contact },
          { message: `To leave this organization, contact its administrator: ${contact}.` },
        ),
})

const gates: GateRules<LeaveFacets> = [isExternal, pageFits, leaveAllowed]

export const leaveOrganization = operation({
  name: "leave-organization",
  summary: "Leaves the tenant as a guest: the account is deleted, for thirty days reversibly.",
  params: Schema.Struct({
    tenantId: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Tenant in the address of the page" }),
    ),
  }),
  facts: ["IDN-014", "IDN-105", "IDN-239"],
  decide: ({ world, actor, now }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const user = userOf(world, actor.id)
    const { leavePolicy } = world.identity.partnership
    const decision = decideByGates(gates, {
      person: user !== undefined && isExternalUser(user) ? "external" : "other",
      isLeaveAllowed: leavePolicy.isLeaveAllowed,
      contact: leavePolicy.privacyContact ?? "",
      account: user !== undefined && issuerOf(user) === "ExternalAzureAD" ? "work" : "personal",
      page: params.tenantId === organizationOf(world)?.tenantId ? "tenant" : "general",
    })
    if (decision.outcome !== "allow" || user === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "UserDeleted", userId: user.id, at: now }],
      audit: [auditLine("Delete user", user.userPrincipalName, { LeftBy: actor.id })],
    }
  },
})

const hasPrivacy = (world: IdentityWorld): boolean => {
  const { privacyContact, privacyStatementUrl } = world.identity.partnership.leavePolicy
  return privacyContact !== undefined && privacyStatementUrl !== undefined
}

export const updateOrganization = graphCmdlet({
  name: "Update-MgOrganization",
  summary: "Publishes the privacy information of the organization.",
  params: {
    OrganizationId: Schema.NonEmptyString.annotate({ description: "Tenant id" }),
    PrivacyProfile: Schema.optionalKey(
      Schema.Record(Schema.String, Schema.Json).annotate({
        description: "contactEmail and statementUrl",
      }),
    ),
  },
  path: ["OrganizationId"],
  body: Schema.Struct({
    privacyProfile: Schema.Struct({
      contactEmail: Schema.NonEmptyString,
      statementUrl: Schema.NonEmptyString,
    }),
  }),
  roles: [roles.globalAdministrator],
  facts: ["IDN-105"],
  decide: ({ world, now }, { privacyProfile }, params): Ruling<IdentityEvent> => {
    const decision = evaluateSetUp(
      params.OrganizationId === organizationOf(world)?.tenantId ? "" : "organization",
    )
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [
        {
          _tag: "LeavePolicySet",
          policy: {
            ...world.identity.partnership.leavePolicy,
            privacyContact: privacyProfile.contactEmail,
            privacyStatementUrl: privacyProfile.statementUrl,
          },
          at: now,
        },
      ],
      audit: [auditLine("Set Company Information", params.OrganizationId)],
    }
  },
})

export const updateLeavePolicy = graphCmdlet({
  name: "Update-MgBetaPolicyExternalIdentityPolicy",
  summary: "Says whether external users may leave by themselves.",
  params: {
    AllowExternalIdentitiesToLeave: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether they may; switch" }),
    ),
  },
  body: Schema.Struct({ allowExternalIdentitiesToLeave: Schema.Boolean }),
  binding: { switches: ["AllowExternalIdentitiesToLeave"] },
  roles: [roles.externalIdentityProviderAdministrator, roles.globalAdministrator],
  facts: ["IDN-104", "IDN-105"],
  decide: ({ world, now }, body): Ruling<IdentityEvent> => {
    const decision = evaluateSetUp(
      "",
      hasPrivacy(world) ? "" : "Privacy information must be added to the tenant first.",
    )
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [
        {
          _tag: "LeavePolicySet",
          policy: {
            ...world.identity.partnership.leavePolicy,
            isLeaveAllowed: body.allowExternalIdentitiesToLeave,
          },
          at: now,
        },
      ],
      audit: [auditLine("Update external identities policy", "policy")],
    }
  },
})

export const updateCrossTenantPolicy = graphCmdlet({
  name: "Update-MgPolicyCrossTenantAccessPolicy",
  summary: "Says with which other Microsoft clouds the tenant works.",
  params: {
    AllowedCloudEndpoints: Schema.optionalKey(
      Schema.Array(Schema.String).annotate({
        description: "microsoftonline.com, microsoftonline.us, partner.microsoftonline.cn",
      }),
    ),
  },
  body: Schema.Struct({ allowedCloudEndpoints: Schema.Array(Cloud) }),
  roles: [roles.securityAdministrator, roles.globalAdministrator],
  facts: ["IDN-119"],
  decide: ({ now }, body): Ruling<IdentityEvent> => ({
    decision: evaluateSetUp(""),
    events: [{ _tag: "CloudEndpointsSet", endpoints: body.allowedCloudEndpoints, at: now }],
    audit: [auditLine("Update a cross-tenant access setting", "clouds")],
  }),
})
