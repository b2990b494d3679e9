import { andThen, type Call, type OutputObject, operation, type Ruling } from "@twin/kernel"
import { HashMap, Option, Schema } from "effect"
import type { AppRoleGrant, ServicePrincipal } from "../Application.ts"
import { appRolesOf, servicePrincipalOf } from "../applications.ts"
import { appIds } from "../CloudApp.ts"
import { evaluateApplicationChange } from "../decisions/evaluateApplicationChange.ts"
import { evaluateDirectoryRead } from "../decisions/evaluateDirectoryRead.ts"
import { evaluateGrant } from "../decisions/evaluateGrant.ts"
import { userOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { assignmentOf } from "../SignInProtection.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet } from "./graphCmdlet.ts"
import { listParams } from "./graphList.ts"
import { ownersOf, ServicePrincipalId } from "./servicePrincipals.ts"

/** Without a role of its own an application assigns this one. */
const defaultRole = "00000000-0000-0000-0000-000000000000"

const grantsAt = (world: IdentityWorld) =>
  HashMap.toValues(world.identity.applicationRegistry.appRoleGrants).toSorted((a, b) =>
    a.id < b.id ? -1 : 1,
  )

const grantRow = (world: IdentityWorld, it: Omit<AppRoleGrant, "createdAt">): OutputObject => {
  const resource = servicePrincipalOf(world, it.resourceId)
  const principal = servicePrincipalOf(world, it.principalId)
  const user = userOf(world, it.principalId)
  const group = Option.getOrUndefined(HashMap.get(world.identity.groups, it.principalId))
  return {
    Id: it.id,
    AppRoleId: it.appRoleId,
    PrincipalId: it.principalId,
    PrincipalDisplayName: (user ?? group ?? principal)?.displayName ?? null,
    PrincipalType: user !== undefined ? "User" : group !== undefined ? "Group" : "ServicePrincipal",
    ResourceId: it.resourceId,
    ResourceDisplayName: resource?.displayName ?? null,
  }
}

const personIdOf = (world: IdentityWorld, id: string): string | undefined =>
  userOf(world, id)?.id ?? (HashMap.has(world.identity.groups, id) ? id : undefined)

const roleGranted = (
  call: Call<IdentityWorld>,
  asked: {
    readonly principal: ServicePrincipal | undefined
    readonly resource: ServicePrincipal | undefined
    readonly missing: string
    readonly appRoleId: string
  },
): Ruling<IdentityEvent> => {
  const { world, actor, now, draw } = call
  const { principal, resource, missing, appRoleId } = asked
  const role = appRolesOf(world, resource?.appId ?? "").find(
    ({ id, allowedMemberTypes }) => id === appRoleId && allowedMemberTypes.includes("Application"),
  )
  const decision = evaluateGrant({
    actor,
    kind: "application",
    missing,
    isMicrosoftGraph: resource?.appId === appIds.microsoftGraph,
    notOffered: role === undefined ? appRoleId : "",
    isRepeated: grantsAt(world).some(
      (it) =>
        it.principalId === principal?.id &&
        it.resourceId === resource?.id &&
        it.appRoleId === appRoleId,
    ),
  })
  if (decision.outcome !== "allow" || principal === undefined || resource === undefined) {
    return { decision }
  }
  const grant = {
    id: draw.token(`role ${principal.id} ${resource.id} ${appRoleId}`, 43),
    principalId: principal.id,
    resourceId: resource.id,
    appRoleId,
    createdAt: now,
  }
  return {
    decision,
    events: [{ _tag: "AppRoleGrantAdded", grant }],
    audit: [
      auditLine("Add app role assignment to service principal", resource.displayName, {
        AppRole: role?.value ?? "",
        Principal: principal.displayName,
      }),
    ],
    output: [grantRow(world, grant)],
  }
}

const assignmentBody = Schema.Struct({
  principalId: Schema.NonEmptyString,
  resourceId: Schema.optionalKey(Schema.NonEmptyString),
  appRoleId: Schema.optionalKey(Schema.NonEmptyString),
})

const assignmentParams = {
  ServicePrincipalId,
  PrincipalId: Schema.optionalKey(
    Schema.NonEmptyString.annotate({
      description: "Object id of the user, the group or the application",
    }),
  ),
  ResourceId: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Object id of the application assigned to" }),
  ),
  AppRoleId: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Id of the role or application permission" }),
  ),
}

/** Assigns a user or a group to an application, or grants another application a permission of it. */
export const newAppRoleAssignedTo = graphCmdlet({
  name: "New-MgServicePrincipalAppRoleAssignedTo",
  summary: "Assigns a user, a group or an application to an application.",
  params: assignmentParams,
  path: ["ServicePrincipalId"],
  body: assignmentBody,
  facts: ["IDN-276"],
  decide: (call, body, params): Ruling<IdentityEvent> => {
    const { world, actor, now } = call
    const resource = servicePrincipalOf(world, body.resourceId ?? params.ServicePrincipalId)
    const personId = personIdOf(world, body.principalId)
    const principal = servicePrincipalOf(world, body.principalId)
    const missing =
      resource === undefined
        ? params.ServicePrincipalId
        : personId === undefined && principal === undefined
          ? body.principalId
          : ""
    if (principal !== undefined && personId === undefined) {
      const appRoleId = body.appRoleId ?? defaultRole
      return roleGranted(call, { principal, resource, missing, appRoleId })
    }
    const decision = evaluateApplicationChange({
      world,
      actor,
      change: "change",
      missing,
      owners: ownersOf(world, resource),
    })
    if (decision.outcome !== "allow" || resource === undefined || personId === undefined) {
      return { decision }
    }
    const { appId, id: resourceId } = resource
    const isGroup = userOf(world, personId) === undefined
    return {
      decision,
      events: [{ _tag: "ApplicationAssigned", appId, principalId: personId, at: now }],
      audit: [
        auditLine(
          isGroup ? "Add app role assignment to group" : "Add app role assignment grant to user",
          appId,
        ),
      ],
      output: [
        grantRow(world, {
          id: personId,
          principalId: personId,
          resourceId,
          appRoleId: body.appRoleId ?? defaultRole,
        }),
      ],
    }
  },
})

/** The same grant of an application permission, asked for at the application that receives it. */
export const newAppRoleAssignment = graphCmdlet({
  name: "New-MgServicePrincipalAppRoleAssignment",
  summary: "Grants an application permission of a resource to an application.",
  params: assignmentParams,
  path: ["ServicePrincipalId"],
  body: Schema.Struct({
    principalId: Schema.NonEmptyString,
    resourceId: Schema.NonEmptyString,
    appRoleId: Schema.NonEmptyString,
  }),
  facts: ["IDN-276"],
  decide: (call, body, params): Ruling<IdentityEvent> => {
    const principal = servicePrincipalOf(call.world, params.ServicePrincipalId)
    const resource = servicePrincipalOf(call.world, body.resourceId)
    return roleGranted(call, {
      principal,
      resource,
      missing:
        principal === undefined
          ? params.ServicePrincipalId
          : principal.id !== servicePrincipalOf(call.world, body.principalId)?.id
            ? body.principalId
            : resource === undefined
              ? body.resourceId
              : "",
      appRoleId: body.appRoleId,
    })
  },
})

const readGrants = (
  call: Call<IdentityWorld>,
  principal: ServicePrincipal | undefined,
  rows: (found: ServicePrincipal) => readonly OutputObject[],
): Ruling<IdentityEvent> => {
  const { world, actor, now } = call
  const decision = evaluateDirectoryRead({
    world,
    actor,
    now,
    wants: "list",
    isOwn: false,
    isFound: principal !== undefined,
    isFilterReadable: true,
  })
  return decision.outcome === "allow" && principal !== undefined
    ? { decision, output: rows(principal) }
    : { decision }
}

export const getAppRoleAssignedTo = operation({
  name: "Get-MgServicePrincipalAppRoleAssignedTo",
  summary: "Shows who is assigned to an application: users, groups, and applications.",
  params: Schema.Struct({ ServicePrincipalId, All: listParams.All }),
  binding: { switches: ["All"] },
  facts: ["IDN-276"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world } = call
    return readGrants(
      call,
      servicePrincipalOf(world, params.ServicePrincipalId),
      ({ id, appId }) => [
        ...assignmentOf(world.identity.signInProtection, appId).principals.map((principalId) =>
          grantRow(world, { id: principalId, principalId, resourceId: id, appRoleId: defaultRole }),
        ),
        ...grantsAt(world)
          .filter(({ resourceId }) => resourceId === id)
          .map((it) => grantRow(world, it)),
      ],
    )
  },
})

export const getAppRoleAssignment = operation({
  name: "Get-MgServicePrincipalAppRoleAssignment",
  summary: "Shows the application permissions that an application was granted.",
  params: Schema.Struct({ ServicePrincipalId, All: listParams.All }),
  binding: { switches: ["All"] },
  facts: ["IDN-276"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> =>
    readGrants(call, servicePrincipalOf(call.world, params.ServicePrincipalId), ({ id }) =>
      grantsAt(call.world)
        .filter(({ principalId }) => principalId === id)
        .map((it) => grantRow(call.world, it)),
    ),
})

/** Takes an assignment away again; that of a user or a group goes by the id of its principal here. */
export const removeAppRoleAssignedTo = graphCmdlet({
  name: "Remove-MgServicePrincipalAppRoleAssignedTo",
  summary: "Takes the assignment of a user, a group or an application to an application away.",
  params: {
    ServicePrincipalId,
    AppRoleAssignmentId: Schema.NonEmptyString.annotate({
      description: "Id of the assignment; of the assigned user or group where it is for one",
    }),
  },
  path: ["ServicePrincipalId", "AppRoleAssignmentId"],
  body: Schema.Struct({}),
  facts: ["IDN-276"],
  decide: ({ world, actor, now }, _body, params): Ruling<IdentityEvent> => {
    const resource = servicePrincipalOf(world, params.ServicePrincipalId)
    const appId = resource?.appId ?? ""
    const grant = grantsAt(world).find(
      (it) => it.id === params.AppRoleAssignmentId && it.resourceId === resource?.id,
    )
    const personId = personIdOf(world, params.AppRoleAssignmentId) ?? ""
    const isHeld = assignmentOf(world.identity.signInProtection, appId).principals.includes(
      personId,
    )
    const asked = { missing: grant !== undefined || isHeld ? "" : params.AppRoleAssignmentId }
    const changed = () =>
      evaluateApplicationChange({
        ...asked,
        world,
        actor,
        change: "change",
        owners: ownersOf(world, resource),
      })
    if (grant === undefined) {
      const decision = changed()
      return decision.outcome === "allow"
        ? {
            decision,
            events: [{ _tag: "ApplicationUnassigned", appId, principalId: personId, at: now }],
            audit: [auditLine("Remove app role assignment from user", appId)],
          }
        : { decision }
    }
    const decision = andThen(
      evaluateGrant({
        ...asked,
        actor,
        kind: "application",
        isMicrosoftGraph: appId === appIds.microsoftGraph,
      }),
      changed,
    )
    return decision.outcome === "allow"
      ? {
          decision,
          events: [{ _tag: "AppRoleGrantRemoved", grantId: grant.id, at: now }],
          audit: [auditLine("Remove app role assignment from service principal", appId)],
        }
      : { decision }
  },
})
