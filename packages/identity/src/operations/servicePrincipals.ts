import { type Call, isoOf, type OutputObject, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import type { ServicePrincipal } from "../Application.ts"
import {
  applicationOf,
  appRolesOf,
  isForThisTenant,
  scopesOf,
  servicePrincipalOf,
  servicePrincipalsOf,
} from "../applications.ts"
import { isMicrosoftApp } from "../CloudApp.ts"
import { evaluateApplicationChange } from "../decisions/evaluateApplicationChange.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { assignmentOf } from "../SignInProtection.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { principalAdded } from "./consentEvents.ts"
import { graphCmdlet } from "./graphCmdlet.ts"
import { graphList, listBinding, listParams } from "./graphList.ts"

/** How cmdlets name an application of the tenant. */
export const ServicePrincipalId = Schema.NonEmptyString.annotate({
  description: "Application by object id, application id or name",
})

/** A service principal as the cmdlets print it. */
export const servicePrincipalRow = (world: IdentityWorld, it: ServicePrincipal): OutputObject => {
  const application = applicationOf(world, it.appId)
  return {
    Id: it.id,
    AppId: it.appId,
    DisplayName: it.displayName,
    AccountEnabled: it.accountEnabled,
    AppRoleAssignmentRequired: assignmentOf(world.identity.signInProtection, it.appId).isRequired,
    AppOwnerOrganizationId:
      application?.homeTenant ??
      // The tenant that Microsoft's own applications belong to.
      "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    ServicePrincipalType: "Application",
    PreferredSingleSignOnMode: it.preferredSingleSignOnMode ?? null,
    SignInAudience: application?.signInAudience ?? "AzureADMultipleOrgs",
    ServicePrincipalNames: [it.appId, ...(application?.identifierUris ?? [])],
    Oauth2PermissionScopes: scopesOf(world, it.appId).map(({ id, value, type }) => ({
      Id: id,
      Value: value,
      Type: type,
    })),
    AppRoles: appRolesOf(world, it.appId).map(({ id, value, allowedMemberTypes }) => ({
      Id: id,
      Value: value,
      AllowedMemberTypes: allowedMemberTypes,
    })),
    CreatedDateTime: isoOf(it.createdAt),
  }
}

/** Object ids of the owners: those of the registration, where it is known. */
export const ownersOf = (world: IdentityWorld, principal: ServicePrincipal | undefined) =>
  principal === undefined ? [] : (applicationOf(world, principal.appId)?.owners ?? [])

export const newServicePrincipal = graphCmdlet({
  name: "New-MgServicePrincipal",
  summary: "Brings an application into this tenant, registered here or elsewhere for everybody.",
  params: {
    AppId: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Application id of the registration" }),
    ),
  },
  body: Schema.Struct({ appId: Schema.NonEmptyString }),
  facts: ["IDN-276"],
  decide: (call, { appId }): Ruling<IdentityEvent> => {
    const { world, actor } = call
    const here = servicePrincipalOf(world, appId)
    const application = applicationOf(world, appId)
    const isUsable = application !== undefined && isForThisTenant(world, application)
    const decision = evaluateApplicationChange({
      world,
      actor,
      change: "add",
      missing: here !== undefined || isUsable ? "" : appId,
      owners: application?.owners ?? [],
      taken: here === undefined ? "" : "servicePrincipalNames",
    })
    if (decision.outcome !== "allow" || application === undefined) return { decision }
    const { principal, events, audit } = principalAdded(call, application.appId)
    return { decision, events, audit, output: [servicePrincipalRow(world, principal)] }
  },
})

export const getServicePrincipal = operation({
  name: "Get-MgServicePrincipal",
  summary: "Shows the applications of this tenant, Microsoft's own ones included.",
  params: Schema.Struct({
    ServicePrincipalId: Schema.optionalKey(ServicePrincipalId),
    ...listParams,
  }),
  binding: listBinding,
  facts: ["IDN-100", "IDN-276"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world } = call
    const { ServicePrincipalId: wanted } = params
    const found = wanted === undefined ? undefined : servicePrincipalOf(world, wanted)
    return graphList(call, params, {
      resource: "ServicePrincipal",
      rows: () => servicePrincipalsOf(world).map((it) => servicePrincipalRow(world, it)),
      one:
        wanted === undefined
          ? "all"
          : found === undefined
            ? undefined
            : servicePrincipalRow(world, found),
    })
  },
})

export const updateServicePrincipal = graphCmdlet({
  name: "Update-MgServicePrincipal",
  summary:
    "Says whether an application asks for an assignment, is switched on, and how it signs in.",
  params: {
    ServicePrincipalId,
    AppRoleAssignmentRequired: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether users need an assignment; switch" }),
    ),
    AccountEnabled: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether people can sign in to it; switch" }),
    ),
    PreferredSingleSignOnMode: Schema.optionalKey(
      Schema.Literals(["oidc", "saml"]).annotate({ description: "How people sign in to it" }),
    ),
  },
  path: ["ServicePrincipalId"],
  body: Schema.Struct({
    appRoleAssignmentRequired: Schema.optionalKey(Schema.Boolean),
    accountEnabled: Schema.optionalKey(Schema.Boolean),
    preferredSingleSignOnMode: Schema.optionalKey(Schema.Literals(["oidc", "saml"])),
  }),
  binding: { switches: ["AppRoleAssignmentRequired", "AccountEnabled"] },
  facts: ["IDN-276"],
  decide: ({ world, actor, now }, body, params): Ruling<IdentityEvent> => {
    const { appRoleAssignmentRequired: isRequired, ...changes } = body
    const principal = servicePrincipalOf(world, params.ServicePrincipalId)
    const hasChanges = Object.keys(changes).length > 0
    const decision = evaluateApplicationChange({
      world,
      actor,
      change: hasChanges ? "configure" : "change",
      missing: principal === undefined ? params.ServicePrincipalId : "",
      owners: ownersOf(world, principal),
      isMicrosofts: isMicrosoftApp(principal?.appId ?? ""),
    })
    if (decision.outcome !== "allow" || principal === undefined) return { decision }
    return {
      decision,
      events: [
        ...(isRequired === undefined
          ? []
          : [
              {
                _tag: "AssignmentRequirementSet" as const,
                appId: principal.appId,
                isRequired,
                at: now,
              },
            ]),
        ...(hasChanges
          ? [
              {
                _tag: "ServicePrincipalChanged" as const,
                servicePrincipalId: principal.id,
                changes,
                at: now,
              },
            ]
          : []),
      ],
      audit: [auditLine("Update service principal", principal.appId, { Changed: { ...body } })],
    }
  },
})

export const removeServicePrincipal = graphCmdlet({
  name: "Remove-MgServicePrincipal",
  summary: "Takes an application out of this tenant, with everything granted to it.",
  params: { ServicePrincipalId },
  path: ["ServicePrincipalId"],
  body: Schema.Struct({}),
  facts: ["IDN-276"],
  decide: ({ world, actor, now }, _body, params): Ruling<IdentityEvent> => {
    const principal = servicePrincipalOf(world, params.ServicePrincipalId)
    const decision = evaluateApplicationChange({
      world,
      actor,
      change: "remove",
      missing: principal === undefined ? params.ServicePrincipalId : "",
      owners: ownersOf(world, principal),
      isMicrosofts: isMicrosoftApp(principal?.appId ?? ""),
    })
    if (decision.outcome !== "allow" || principal === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "ServicePrincipalRemoved", servicePrincipalId: principal.id, at: now }],
      audit: [auditLine("Remove service principal", principal.displayName)],
    }
  },
})
