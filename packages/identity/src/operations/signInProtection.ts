import { decideByGates, deny, gate, pass, type Ruling } from "@twin/kernel"
import { HashMap, Schema } from "effect"
import { appIdOf, appNameOf } from "../CloudApp.ts"
import { organizationOf, userOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import { assignmentOf, noExpiry } from "../SignInProtection.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet } from "./graphCmdlet.ts"

interface Named {
  readonly missing: string
}

const found = gate<Named>()({
  name: "resource-found",
  facts: ["IDN-275", "IDN-276"],
  reads: ["missing"],
  check: ({ missing }) =>
    missing === ""
      ? pass("Everything that the request names exists.")
      : deny(
          "The request names something that does not exist.",
          { missing },
          {
            code: "Request_ResourceNotFound",
            message: `Resource '${missing}' does not exist or one of its queried reference-property objects are not present.`,
          },
        ),
})

const evaluateNamed = (missing: string) => decideByGates([found], { missing })

const domainNames = (world: IdentityWorld): readonly string[] =>
  (organizationOf(world)?.verifiedDomains ?? []).map((it) => it.toLowerCase())

/** How long passwords of a domain last; 2147483647 stands for ever. */
export const updateDomain = graphCmdlet({
  name: "Update-MgDomain",
  summary: "Says how many days the passwords of a domain last.",
  params: {
    DomainId: Schema.NonEmptyString.annotate({ description: "Name of the domain" }),
    PasswordValidityPeriodInDays: Schema.optionalKey(
      Schema.Int.annotate({ description: "Days a password lasts; 2147483647 for ever" }),
    ),
  },
  path: ["DomainId"],
  body: Schema.Struct({
    passwordValidityPeriodInDays: Schema.Int.check(
      Schema.isBetween({ minimum: 14, maximum: noExpiry }),
    ),
  }),
  roles: [roles.globalAdministrator],
  facts: ["IDN-275"],
  decide: (
    { world, now },
    { passwordValidityPeriodInDays: days },
    params,
  ): Ruling<IdentityEvent> => {
    const domain = params.DomainId.toLowerCase()
    const decision = evaluateNamed(domainNames(world).includes(domain) ? "" : params.DomainId)
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "PasswordValiditySet", domain, days, at: now }],
      audit: [auditLine("Set password policy", domain, { PasswordValidityPeriodInDays: days })],
    }
  },
})

const managers: readonly string[] = [roles.globalAdministrator]
const ServicePrincipalId = Schema.NonEmptyString.annotate({
  description: "Application by id or name",
})

/** Whether an application lets in only those who are assigned to it (IDN-276). */
export const updateServicePrincipal = graphCmdlet({
  name: "Update-MgServicePrincipal",
  summary: "Says whether an application asks for an assignment.",
  params: {
    ServicePrincipalId,
    AppRoleAssignmentRequired: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether users need an assignment; switch" }),
    ),
  },
  path: ["ServicePrincipalId"],
  body: Schema.Struct({ appRoleAssignmentRequired: Schema.Boolean }),
  binding: { switches: ["AppRoleAssignmentRequired"] },
  roles: managers,
  facts: ["IDN-276"],
  decide: ({ now }, body, params): Ruling<IdentityEvent> => {
    const appId = appIdOf(params.ServicePrincipalId)
    const decision = evaluateNamed(appId === undefined ? params.ServicePrincipalId : "")
    if (appId === undefined) return { decision }
    return {
      decision,
      events: [
        {
          _tag: "AssignmentRequirementSet",
          appId,
          isRequired: body.appRoleAssignmentRequired,
          at: now,
        },
      ],
      audit: [auditLine("Update service principal", appId)],
    }
  },
})

const principalIdOf = (world: IdentityWorld, id: string): string | undefined =>
  userOf(world, id)?.id ?? (HashMap.has(world.identity.groups, id) ? id : undefined)

/** Assigns a user or a group to an application; a group counts for its direct members. */
export const newAppRoleAssignedTo = graphCmdlet({
  name: "New-MgServicePrincipalAppRoleAssignedTo",
  summary: "Assigns a user or a group to an application.",
  params: {
    ServicePrincipalId,
    PrincipalId: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Object id of the user or group" }),
    ),
  },
  path: ["ServicePrincipalId"],
  body: Schema.Struct({ principalId: Schema.NonEmptyString }),
  roles: managers,
  facts: ["IDN-276"],
  decide: ({ world, now }, body, params): Ruling<IdentityEvent> => {
    const appId = appIdOf(params.ServicePrincipalId)
    const principalId = principalIdOf(world, body.principalId)
    const decision = evaluateNamed(
      appId === undefined
        ? params.ServicePrincipalId
        : principalId === undefined
          ? body.principalId
          : "",
    )
    if (appId === undefined || principalId === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "ApplicationAssigned", appId, principalId, at: now }],
      audit: [auditLine("Add app role assignment grant to user", appId)],
      output: [
        { PrincipalId: principalId, ResourceId: appId, ResourceDisplayName: appNameOf(appId) },
      ],
    }
  },
})

/** Takes an assignment away again; the id of an assignment is that of its principal here. */
export const removeAppRoleAssignedTo = graphCmdlet({
  name: "Remove-MgServicePrincipalAppRoleAssignedTo",
  summary: "Takes the assignment of a user or a group to an application away.",
  params: {
    ServicePrincipalId,
    AppRoleAssignmentId: Schema.NonEmptyString.annotate({
      description: "Object id of the assigned user or group",
    }),
  },
  path: ["ServicePrincipalId", "AppRoleAssignmentId"],
  body: Schema.Struct({}),
  roles: managers,
  facts: ["IDN-276"],
  decide: ({ world, now }, _body, params): Ruling<IdentityEvent> => {
    const appId = appIdOf(params.ServicePrincipalId)
    const principalId = principalIdOf(world, params.AppRoleAssignmentId) ?? ""
    const held = assignmentOf(world.identity.signInProtection, appId ?? "").principals
    const decision = evaluateNamed(held.includes(principalId) ? "" : params.AppRoleAssignmentId)
    if (appId === undefined || decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "ApplicationUnassigned", appId, principalId, at: now }],
      audit: [auditLine("Remove app role assignment from user", appId)],
    }
  },
})
