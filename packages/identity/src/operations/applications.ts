import { type Call, isoOf, type OutputObject, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import {
  type Application,
  type ApplicationChanges,
  type AppRole,
  type PermissionScope,
  RequiredResourceAccess,
  SignInAudience,
} from "../Application.ts"
import { applicationOf, ownApplicationsOf, servicePrincipalOf } from "../applications.ts"
import { evaluateApplicationChange } from "../decisions/evaluateApplicationChange.ts"
import { foreignOrganizationOf, organizationOf, userOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"
import { graphList, listBinding, listParams } from "./graphList.ts"

const text = (description: string) => Schema.optionalKey(Schema.String.annotate({ description }))
const texts = (description: string) =>
  Schema.optionalKey(Schema.Array(Schema.String).annotate({ description }))
const table = (description: string) => Schema.optionalKey(hashtable.annotate({ description }))
const tables = (description: string) =>
  Schema.optionalKey(Schema.Array(hashtable).annotate({ description }))

const ApplicationId = Schema.NonEmptyString.annotate({
  description: "Object id of the registration",
})

/** A registration as the cmdlets print it. */
export const applicationRow = (it: Application): OutputObject => ({
  Id: it.id,
  AppId: it.appId,
  DisplayName: it.displayName,
  SignInAudience: it.signInAudience,
  IdentifierUris: it.identifierUris,
  GroupMembershipClaims: it.groupMembershipClaims,
  RequiredResourceAccess: it.requiredResourceAccess.map(({ resourceAppId, resourceAccess }) => ({
    ResourceAppId: resourceAppId,
    ResourceAccess: resourceAccess.map(({ id, type }) => ({ Id: id, Type: type })),
  })),
  Api: {
    Oauth2PermissionScopes: it.scopes.map(({ id, value, type }) => ({
      Id: id,
      Value: value,
      Type: type,
    })),
  },
  AppRoles: it.appRoles.map(({ id, value, displayName, allowedMemberTypes }) => ({
    Id: id,
    Value: value,
    DisplayName: displayName,
    AllowedMemberTypes: allowedMemberTypes,
  })),
  Web: { RedirectUris: it.redirectUris },
  VerifiedPublisher: { IsVerified: it.isPublisherVerified },
  CreatedDateTime: isoOf(it.createdAt),
})

const ScopeBody = Schema.Struct({
  id: Schema.optionalKey(Schema.NonEmptyString),
  value: Schema.NonEmptyString,
  type: Schema.optionalKey(Schema.Literals(["User", "Admin"])),
  isEnabled: Schema.optionalKey(Schema.Boolean),
  adminConsentDisplayName: Schema.optionalKey(Schema.String),
  adminConsentDescription: Schema.optionalKey(Schema.String),
  userConsentDisplayName: Schema.optionalKey(Schema.String),
  userConsentDescription: Schema.optionalKey(Schema.String),
})

const RoleBody = Schema.Struct({
  id: Schema.optionalKey(Schema.NonEmptyString),
  value: Schema.NonEmptyString,
  displayName: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  isEnabled: Schema.optionalKey(Schema.Boolean),
  allowedMemberTypes: Schema.Array(Schema.Literals(["User", "Application"])),
})

const settable = {
  signInAudience: Schema.optionalKey(SignInAudience),
  identifierUris: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  groupMembershipClaims: Schema.optionalKey(Schema.Literals(["None", "SecurityGroup", "All"])),
  requiredResourceAccess: Schema.optionalKey(Schema.Array(RequiredResourceAccess)),
  api: Schema.optionalKey(
    Schema.Struct({ oauth2PermissionScopes: Schema.optionalKey(Schema.Array(ScopeBody)) }),
  ),
  appRoles: Schema.optionalKey(Schema.Array(RoleBody)),
  web: Schema.optionalKey(
    Schema.Struct({ redirectUris: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)) }),
  ),
}

const NewApplication = Schema.Struct({ displayName: Schema.NonEmptyString, ...settable })
const ApplicationPatch = Schema.Struct({
  displayName: Schema.optionalKey(Schema.NonEmptyString),
  ...settable,
})

const settableParams = {
  DisplayName: text("Name of the application"),
  SignInAudience: Schema.optionalKey(
    SignInAudience.annotate({ description: "Whose accounts it is for; AzureADMyOrg if absent" }),
  ),
  IdentifierUris: texts("Addresses under which the application is asked for as a resource"),
  GroupMembershipClaims: Schema.optionalKey(
    Schema.Literals(["None", "SecurityGroup", "All"]).annotate({
      description: "Which groups of the person an assertion names",
    }),
  ),
  RequiredResourceAccess: tables("Permissions that the application needs, by resource"),
  Api: table("Oauth2PermissionScopes: delegated permissions that the application offers"),
  AppRoles: tables("Roles of the application, and application permissions that it offers"),
  Web: table("RedirectUris: where tokens and assertions are sent"),
}

const scopesIn = (
  { draw }: Call<IdentityWorld>,
  { api }: typeof ApplicationPatch.Type,
): readonly PermissionScope[] | undefined =>
  api?.oauth2PermissionScopes?.map(({ id, value, type = "User" }) => ({
    id: id ?? draw.guid(`scope ${value}`),
    value,
    type,
  }))

const rolesIn = (
  { draw }: Call<IdentityWorld>,
  { appRoles }: typeof ApplicationPatch.Type,
): readonly AppRole[] | undefined =>
  appRoles?.map(({ id, value, displayName, allowedMemberTypes }) => ({
    id: id ?? draw.guid(`application role ${value}`),
    value,
    displayName: displayName ?? value,
    allowedMemberTypes,
  }))

const changesIn = (
  call: Call<IdentityWorld>,
  body: typeof ApplicationPatch.Type,
): ApplicationChanges => {
  const scopes = scopesIn(call, body)
  const appRoles = rolesIn(call, body)
  const { api: _api, web, appRoles: _roles, ...rest } = body
  return {
    ...rest,
    ...(scopes === undefined ? {} : { scopes }),
    ...(appRoles === undefined ? {} : { appRoles }),
    ...(web?.redirectUris === undefined ? {} : { redirectUris: web.redirectUris }),
  }
}

/** An identifier belongs to one registration of a tenant. */
const takenBy = (
  world: IdentityWorld,
  { identifierUris = [] }: Pick<ApplicationChanges, "identifierUris">,
  own?: Application,
): string => {
  const wanted = identifierUris.map((it) => it.toLowerCase())
  const isTaken = ownApplicationsOf(world).some(
    (it) =>
      it.id !== own?.id && it.identifierUris.some((uri) => wanted.includes(uri.toLowerCase())),
  )
  return isTaken ? "identifierUris" : ""
}

const registrationOf = (
  call: Call<IdentityWorld>,
  body: typeof NewApplication.Type,
  homeTenant: string,
): Application => {
  const { world, draw, now, actor } = call
  const owner = userOf(world, actor.id)?.id
  return {
    id: draw.guid(`application ${body.displayName}`),
    appId: draw.guid(`application id ${body.displayName}`),
    homeTenant,
    isPublisherVerified: false,
    owners: owner === undefined ? [] : [owner],
    createdAt: now,
    signInAudience: "AzureADMyOrg",
    identifierUris: [],
    redirectUris: [],
    groupMembershipClaims: "None",
    requiredResourceAccess: [],
    scopes: [],
    appRoles: [],
    ...changesIn(call, body),
    displayName: body.displayName,
  }
}

export const newMgApplication = graphCmdlet({
  name: "New-MgApplication",
  summary: "Registers an application in this tenant; it is used once it has a service principal.",
  params: settableParams,
  body: NewApplication,
  facts: ["IDN-276"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const { world, actor } = call
    const application = registrationOf(call, body, organizationOf(world)?.tenantId ?? "")
    const decision = evaluateApplicationChange({
      world,
      actor,
      change: "register",
      missing: "",
      owners: [],
      taken: takenBy(world, application),
    })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "ApplicationAdded", application }],
      audit: [auditLine("Add application", application.displayName, { AppId: application.appId })],
      output: [applicationRow(application)],
    }
  },
})

const ownApplication = (world: IdentityWorld, id: string): Application | undefined =>
  ownApplicationsOf(world).find((it) => it.id === id.toLowerCase() || it.appId === id.toLowerCase())

export const updateMgApplication = graphCmdlet({
  name: "Update-MgApplication",
  summary: "Changes a registration; what was granted before stays granted.",
  params: { ApplicationId, ...settableParams },
  path: ["ApplicationId"],
  body: ApplicationPatch,
  facts: ["IDN-276"],
  decide: (call, body, params): Ruling<IdentityEvent> => {
    const { world, actor, now } = call
    const application = ownApplication(world, params.ApplicationId)
    const changes = changesIn(call, body)
    const decision = evaluateApplicationChange({
      world,
      actor,
      change: "change",
      missing: application === undefined ? params.ApplicationId : "",
      owners: application?.owners ?? [],
      taken: takenBy(world, changes, application),
    })
    if (decision.outcome !== "allow" || application === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "ApplicationChanged", applicationId: application.id, changes, at: now }],
      audit: [
        auditLine("Update application", application.displayName, {
          Changed: Object.keys(changes).toSorted(),
        }),
      ],
    }
  },
})

export const removeMgApplication = graphCmdlet({
  name: "Remove-MgApplication",
  summary: "Deletes a registration, with its service principal and everything granted to it.",
  params: { ApplicationId },
  path: ["ApplicationId"],
  body: Schema.Struct({}),
  facts: ["IDN-276"],
  decide: ({ world, actor, now }, _body, params): Ruling<IdentityEvent> => {
    const application = ownApplication(world, params.ApplicationId)
    const decision = evaluateApplicationChange({
      world,
      actor,
      change: "remove",
      missing: application === undefined ? params.ApplicationId : "",
      owners: application?.owners ?? [],
    })
    if (decision.outcome !== "allow" || application === undefined) return { decision }
    const principal = servicePrincipalOf(world, application.appId)
    return {
      decision,
      events: [{ _tag: "ApplicationRemoved", applicationId: application.id, at: now }],
      audit: [
        auditLine("Delete application", application.displayName, { AppId: application.appId }),
        ...(principal === undefined
          ? []
          : [auditLine("Remove service principal", principal.displayName)]),
      ],
    }
  },
})

export const getMgApplication = operation({
  name: "Get-MgApplication",
  summary: "Shows the registrations of this tenant.",
  params: Schema.Struct({ ApplicationId: Schema.optionalKey(ApplicationId), ...listParams }),
  binding: listBinding,
  facts: ["IDN-100", "IDN-276"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> =>
    graphList(call, params, {
      resource: "Application",
      rows: () => ownApplicationsOf(call.world).map(applicationRow),
      one:
        params.ApplicationId === undefined
          ? "all"
          : [ownApplication(call.world, params.ApplicationId)]
              .filter((it) => it !== undefined)
              .map(applicationRow)[0],
    }),
})

/** What a partner does in its own tenant; nothing of this one is touched. */
export const publishApplication = operation({
  name: "publish-application",
  summary: "An application is registered in another organization, for that one or for everybody.",
  params: Schema.Struct({
    tenant: Schema.NonEmptyString.annotate({ description: "Tenant id of the other organization" }),
    displayName: Schema.NonEmptyString.annotate({ description: "Name of the application" }),
    audience: Schema.optionalKey(
      SignInAudience.annotate({ description: "Whose accounts; AzureADMultipleOrgs if absent" }),
    ),
    verifiedPublisher: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether Microsoft has verified the publisher" }),
    ),
    requiredResourceAccess: Schema.optionalKey(
      Schema.Array(RequiredResourceAccess).annotate({
        description: "Permissions that the application needs, by resource",
      }),
    ),
  }),
  facts: ["IDN-276"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, actor } = call
    const isKnown = foreignOrganizationOf(world, params.tenant) !== undefined
    const isNew = applicationOf(world, params.displayName) === undefined
    const decision = evaluateApplicationChange({
      world,
      // Nobody of this tenant has a say in it.
      actor: { ...actor, kind: "system" },
      change: "register",
      missing: isKnown ? "" : params.tenant,
      owners: [],
      taken: isNew ? "" : "displayName",
    })
    if (decision.outcome !== "allow") return { decision }
    const application: Application = {
      ...registrationOf(call, { displayName: params.displayName }, params.tenant),
      owners: [],
      signInAudience: params.audience ?? "AzureADMultipleOrgs",
      isPublisherVerified: params.verifiedPublisher ?? false,
      requiredResourceAccess: params.requiredResourceAccess ?? [],
    }
    return {
      decision,
      events: [{ _tag: "ApplicationAdded", application }],
      output: [{ id: application.appId, displayName: application.displayName }],
    }
  },
})
