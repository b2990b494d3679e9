import { type Call, type OutputObject, operation, type Ruling } from "@twin/kernel"
import { HashMap, Schema } from "effect"
import type { PermissionClassification, PermissionGrant } from "../Application.ts"
import {
  applicationOf,
  appRolesOf,
  permissionGrantsOf,
  scopesOf,
  servicePrincipalOf,
} from "../applications.ts"
import { appIds } from "../CloudApp.ts"
import { listedPermissions } from "../decisions/evaluateClient.ts"
import { evaluateGrant } from "../decisions/evaluateGrant.ts"
import { userOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { consentTraces, scopesGranted } from "./consentEvents.ts"
import { graphCmdlet } from "./graphCmdlet.ts"
import { graphList, listBinding, listParams } from "./graphList.ts"

const text = (description: string) =>
  Schema.optionalKey(Schema.NonEmptyString.annotate({ description }))

/** A grant of delegated permissions as the cmdlets print it. */
export const permissionGrantRow = (it: PermissionGrant): OutputObject => ({
  Id: it.id,
  ClientId: it.clientId,
  ConsentType: it.consentType,
  PrincipalId: it.principalId ?? null,
  ResourceId: it.resourceId,
  Scope: it.scopes.join(" "),
})

const scopesIn = (scope: string): readonly string[] =>
  [...new Set(scope.split(/\s+/).filter((it) => it !== ""))].toSorted()

const notOffered = (
  world: IdentityWorld,
  appId: string | undefined,
  scopes: readonly string[],
): string => {
  const offered = scopesOf(world, appId ?? "").map(({ value }) => value)
  return scopes.filter((it) => !offered.includes(it)).join(" ")
}

const OAuth2PermissionGrantId = Schema.NonEmptyString.annotate({ description: "Id of the grant" })

export const newPermissionGrant = graphCmdlet({
  name: "New-MgOauth2PermissionGrant",
  summary: "Grants delegated permissions to an application, for one user or for everybody.",
  params: {
    ClientId: text("Object id of the application that receives the permissions"),
    ConsentType: Schema.optionalKey(
      Schema.Literals(["AllPrincipals", "Principal"]).annotate({
        description: "For everybody, or for one user",
      }),
    ),
    PrincipalId: text("Object id of the user"),
    ResourceId: text("Object id of the resource"),
    Scope: text("Permissions by name, separated by blanks"),
  },
  body: Schema.Struct({
    clientId: Schema.NonEmptyString,
    consentType: Schema.Literals(["AllPrincipals", "Principal"]),
    principalId: Schema.optionalKey(Schema.NonEmptyString),
    resourceId: Schema.NonEmptyString,
    scope: Schema.NonEmptyString,
  }),
  facts: ["IDN-276"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const { world, actor } = call
    const client = servicePrincipalOf(world, body.clientId)
    const resource = servicePrincipalOf(world, body.resourceId)
    const user = body.principalId === undefined ? undefined : userOf(world, body.principalId)
    const scopes = scopesIn(body.scope)
    const decision = evaluateGrant({
      actor,
      kind: "delegated",
      missing:
        client === undefined
          ? body.clientId
          : resource === undefined
            ? body.resourceId
            : body.principalId !== undefined && user === undefined
              ? body.principalId
              : "",
      isMicrosoftGraph: resource?.appId === appIds.microsoftGraph,
      notOffered: notOffered(world, resource?.appId, scopes),
      isPrincipalRight: (body.consentType === "Principal") === (user !== undefined),
      isRepeated: permissionGrantsOf(world).some(
        (it) =>
          it.clientId === client?.id &&
          it.resourceId === resource?.id &&
          it.consentType === body.consentType &&
          it.principalId === user?.id,
      ),
    })
    if (decision.outcome !== "allow" || client === undefined || resource === undefined) {
      return { decision }
    }
    const { grant, events, audit } = scopesGranted(call, {
      clientId: client.id,
      resourceId: resource.id,
      consentType: body.consentType,
      ...(user === undefined ? {} : { principalId: user.id }),
      scopes,
    })
    return { decision, events, audit, output: [permissionGrantRow(grant)] }
  },
})

const grantOf = (world: IdentityWorld, id: string): PermissionGrant | undefined =>
  permissionGrantsOf(world).find((it) => it.id === id)

export const getPermissionGrant = operation({
  name: "Get-MgOauth2PermissionGrant",
  summary: "Shows the delegated permissions that applications were granted.",
  params: Schema.Struct({
    OAuth2PermissionGrantId: Schema.optionalKey(OAuth2PermissionGrantId),
    ...listParams,
  }),
  binding: listBinding,
  facts: ["IDN-100", "IDN-276"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { OAuth2PermissionGrantId: wanted } = params
    const found = wanted === undefined ? undefined : grantOf(call.world, wanted)
    return graphList(call, params, {
      resource: "OAuth2PermissionGrant",
      rows: () => permissionGrantsOf(call.world).map(permissionGrantRow),
      one:
        wanted === undefined ? "all" : found === undefined ? undefined : permissionGrantRow(found),
    })
  },
})

export const updatePermissionGrant = graphCmdlet({
  name: "Update-MgOauth2PermissionGrant",
  summary: "Changes the permissions of a grant; those that are not named any more are gone.",
  params: { OAuth2PermissionGrantId, Scope: text("Permissions by name, separated by blanks") },
  path: ["OAuth2PermissionGrantId"],
  body: Schema.Struct({ scope: Schema.NonEmptyString }),
  facts: ["IDN-276"],
  decide: ({ world, actor, now }, body, params): Ruling<IdentityEvent> => {
    const grant = grantOf(world, params.OAuth2PermissionGrantId)
    const resource = servicePrincipalOf(world, grant?.resourceId ?? "")
    const scopes = scopesIn(body.scope)
    const decision = evaluateGrant({
      actor,
      kind: "delegated",
      missing: grant === undefined ? params.OAuth2PermissionGrantId : "",
      isMicrosoftGraph: resource?.appId === appIds.microsoftGraph,
      notOffered: notOffered(world, resource?.appId, scopes),
    })
    if (decision.outcome !== "allow" || grant === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "PermissionGrantAdded", grant: { ...grant, scopes }, at: now }],
      audit: [
        auditLine("Update delegated permission grant", grant.resourceId, {
          Scope: scopes.join(" "),
        }),
      ],
    }
  },
})

export const removePermissionGrant = graphCmdlet({
  name: "Remove-MgOauth2PermissionGrant",
  summary: "Takes the permissions of a grant away; tokens that were given run out by themselves.",
  params: { OAuth2PermissionGrantId },
  path: ["OAuth2PermissionGrantId"],
  body: Schema.Struct({}),
  facts: ["IDN-276"],
  decide: ({ world, actor, now }, _body, params): Ruling<IdentityEvent> => {
    const grant = grantOf(world, params.OAuth2PermissionGrantId)
    const decision = evaluateGrant({
      actor,
      kind: "delegated",
      missing: grant === undefined ? params.OAuth2PermissionGrantId : "",
      isMicrosoftGraph: false,
    })
    if (decision.outcome !== "allow" || grant === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "PermissionGrantRemoved", grantId: grant.id, at: now }],
      audit: [
        auditLine("Remove delegated permission grant", grant.resourceId, {
          ClientId: grant.clientId,
          Scope: grant.scopes.join(" "),
        }),
      ],
    }
  },
})

/** The button of the portal, and the address `/adminconsent`: everything that the registration lists. */
export const grantAdminConsent = operation({
  name: "grant-admin-consent",
  summary: "Grants an application everything that its registration lists, for the organization.",
  params: Schema.Struct({
    app: Schema.NonEmptyString.annotate({ description: "Application by id or name" }),
  }),
  facts: ["IDN-276"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, actor, now, draw } = call
    const principal = servicePrincipalOf(world, params.app)
    const application = applicationOf(world, principal?.appId ?? params.app)
    const roles = (application?.requiredResourceAccess ?? []).flatMap(
      ({ resourceAppId, resourceAccess }) =>
        resourceAccess
          .filter(({ type }) => type === "Role")
          .flatMap(({ id }) => appRolesOf(world, resourceAppId).filter((it) => it.id === id))
          .map(({ id }) => ({ resourceAppId, appRoleId: id })),
    )
    const asksGraph = roles.some(({ resourceAppId }) => resourceAppId === appIds.microsoftGraph)
    const decision = evaluateGrant({
      actor,
      kind: roles.length > 0 ? "application" : "delegated",
      missing: application === undefined ? params.app : "",
      isMicrosoftGraph: asksGraph,
    })
    if (decision.outcome !== "allow" || application === undefined) return { decision }
    const consent = consentTraces(call, {
      client: application.appId,
      permissions: listedPermissions(world, application),
    })
    const added = consent.events.find((it) => it._tag === "ServicePrincipalAdded")
    const principalId = principal?.id ?? added?.servicePrincipal.id ?? ""
    const granted = roles.flatMap(({ resourceAppId, appRoleId }) => {
      const resource = servicePrincipalOf(world, resourceAppId)
      const isHeld = HashMap.some(
        world.identity.applicationRegistry.appRoleGrants,
        (it) =>
          it.principalId === principalId &&
          it.resourceId === resource?.id &&
          it.appRoleId === appRoleId,
      )
      return resource === undefined || isHeld
        ? []
        : [
            {
              id: draw.token(`role ${principalId} ${resource.id} ${appRoleId}`, 43),
              principalId,
              resourceId: resource.id,
              appRoleId,
              createdAt: now,
            },
          ]
    })
    return {
      decision,
      events: [
        ...consent.events,
        ...granted.map((grant) => ({ _tag: "AppRoleGrantAdded" as const, grant })),
      ],
      audit: [
        ...consent.audit,
        ...granted.map(({ resourceId, appRoleId }) =>
          auditLine("Add app role assignment to service principal", resourceId, {
            AppRoleId: appRoleId,
          }),
        ),
      ],
    }
  },
})

const ServicePrincipalId = Schema.NonEmptyString.annotate({
  description: "Resource by object id, application id or name",
})

const classificationRow = (it: PermissionClassification): OutputObject => ({
  Id: it.id,
  Classification: "low",
  PermissionId: it.permissionId,
  PermissionName: it.permissionName,
})

export const newPermissionClassification = graphCmdlet({
  name: "New-MgServicePrincipalDelegatedPermissionClassification",
  summary: "Says that users may consent to a permission where only low ones are left to them.",
  params: {
    ServicePrincipalId,
    PermissionId: text("Id of the permission"),
    PermissionName: text("Name of the permission"),
    Classification: Schema.optionalKey(Schema.Literals(["low"]).annotate({ description: "low" })),
  },
  path: ["ServicePrincipalId"],
  body: Schema.Struct({
    permissionId: Schema.NonEmptyString,
    permissionName: Schema.NonEmptyString,
    classification: Schema.Literals(["low"]),
  }),
  facts: ["IDN-276"],
  decide: (call, body, params): Ruling<IdentityEvent> => {
    const { world, actor, draw, now } = call
    const resource = servicePrincipalOf(world, params.ServicePrincipalId)
    const scope = scopesOf(world, resource?.appId ?? "").find(
      ({ id, value, type }) =>
        id === body.permissionId && value === body.permissionName && type === "User",
    )
    const decision = evaluateGrant({
      actor,
      kind: "delegated",
      missing: resource === undefined ? params.ServicePrincipalId : "",
      isMicrosoftGraph: false,
      notOffered: scope === undefined ? body.permissionName : "",
    })
    if (decision.outcome !== "allow" || resource === undefined) return { decision }
    const classification: PermissionClassification = {
      id: draw.token(`classification ${resource.id} ${body.permissionId}`, 23),
      resourceId: resource.id,
      permissionId: body.permissionId,
      permissionName: body.permissionName,
    }
    return {
      decision,
      events: [{ _tag: "PermissionClassificationAdded", classification, at: now }],
      audit: [auditLine("Add delegated permission classification", body.permissionName)],
      output: [classificationRow(classification)],
    }
  },
})

export const removePermissionClassification = graphCmdlet({
  name: "Remove-MgServicePrincipalDelegatedPermissionClassification",
  summary: "Takes the classification of a permission back.",
  params: {
    ServicePrincipalId,
    DelegatedPermissionClassificationId: Schema.NonEmptyString.annotate({
      description: "Id of the classification",
    }),
  },
  path: ["ServicePrincipalId", "DelegatedPermissionClassificationId"],
  body: Schema.Struct({}),
  facts: ["IDN-276"],
  decide: ({ world, actor, now }, _body, params): Ruling<IdentityEvent> => {
    const classificationId = params.DelegatedPermissionClassificationId
    const isKnown = HashMap.has(
      world.identity.applicationRegistry.classifications,
      classificationId,
    )
    const decision = evaluateGrant({
      actor,
      kind: "delegated",
      missing: isKnown ? "" : classificationId,
      isMicrosoftGraph: false,
    })
    return decision.outcome === "allow"
      ? {
          decision,
          events: [{ _tag: "PermissionClassificationRemoved", classificationId, at: now }],
          audit: [auditLine("Remove delegated permission classification", classificationId)],
        }
      : { decision }
  },
})
