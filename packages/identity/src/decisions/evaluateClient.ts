import {
  type Dated,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  inForce,
  pass,
  unknown,
} from "@twin/kernel"
import type { Application } from "../Application.ts"
import {
  applicationNameOf,
  applicationOf,
  isForThisTenant,
  scopesOf,
  servicePrincipalOf,
} from "../applications.ts"
import { appIds, isMicrosoftApp } from "../CloudApp.ts"
import { organizationOf } from "../directory.ts"
import { signInScopes } from "../resourcePermissions.ts"
import type { IdentityWorld } from "../State.ts"
import { stsError } from "./StsError.ts"

/** What an application asks for on behalf of a person. */
export interface ClientRequest {
  readonly world: IdentityWorld
  /** Application id of who asks, or its name. */
  readonly client: string
  /** Application id of the resource; that of the client where people sign in to it. */
  readonly resource: string | undefined
  /** Permissions by name, with or without the address of the resource; `.default` if absent. */
  readonly scopes?: readonly string[]
  /** Asked for at an address that serves more than one organization. */
  readonly isSharedEndpoint: boolean
}

/** A delegated permission of a resource. */
export interface Permission {
  readonly resourceAppId: string
  readonly value: string
}

/** `https://graph.microsoft.com/User.Read` and `User.Read` are the same permission. */
export const scopeName = (scope: string): string => scope.slice(scope.lastIndexOf("/") + 1)

/** Whether the request leaves the permissions to what the registration says. */
export const asksForDefault = ({ scopes = [] }: Pick<ClientRequest, "scopes">): boolean =>
  scopes.every((it) => scopeName(it) === ".default" || isSignInScope(scopeName(it)))

const isSignInScope = (name: string): boolean =>
  signInScopes.some((it) => it === name.toLowerCase())

/** The delegated permissions that a registration lists, of every resource. */
export const listedPermissions = (
  world: IdentityWorld,
  { requiredResourceAccess }: Pick<Application, "requiredResourceAccess">,
): readonly Permission[] =>
  requiredResourceAccess.flatMap(({ resourceAppId, resourceAccess }) =>
    resourceAccess
      .filter(({ type }) => type === "Scope")
      .flatMap(({ id }) => scopesOf(world, resourceAppId).filter((it) => it.id === id))
      .map(({ value }) => ({ resourceAppId, value })),
  )

/** The permissions of a request that names them, by the names of the resource. */
export const namedPermissions = (request: ClientRequest): readonly Permission[] =>
  (request.scopes ?? [])
    .map(scopeName)
    .filter((name) => name !== ".default")
    .map((name) => {
      const resourceAppId = isSignInScope(name) ? appIds.microsoftGraph : (request.resource ?? "")
      const known = scopesOf(request.world, resourceAppId).find(
        ({ value }) => value.toLowerCase() === name.toLowerCase(),
      )
      return { resourceAppId, value: known?.value ?? name }
    })

interface ClientFacets {
  readonly client: string
  readonly registration: "microsoft" | "own" | "partner" | "not-for-this-tenant" | "none"
  readonly isEnabled: boolean
  readonly endpoint: "tenant" | "shared" | "shared-single-tenant"
  readonly resource: string
  readonly isResourceListed: boolean
  /** `not-recorded`: the resource has permissions that the twin does not know. */
  readonly scopes: "known" | "invalid" | "not-recorded"
  readonly unknownScopes: string
}

const clientGate = gate<ClientFacets>()

const clientKnown = clientGate({
  name: "client-known",
  facts: ["IDN-276"],
  reads: ["client", "registration"],
  check: ({ client, registration }) => {
    const details = { client, registration }
    switch (registration) {
      case "microsoft":
        return pass("The client is one of Microsoft's own applications.", details)
      case "own":
        return pass("The client is registered in this organization.", details)
      case "partner":
        return pass("The client is registered elsewhere, for every organization.", details)
      case "not-for-this-tenant":
        return deny(
          "The client is registered in another organization, and for that one alone.",
          details,
          stsError(700016),
        )
      case "none":
        return deny("The organization has no such client.", details, stsError(700016))
    }
  },
})

const clientEnabled = clientGate({
  name: "client-enabled",
  facts: ["IDN-276"],
  reads: ["client", "isEnabled"],
  check: ({ client, isEnabled }) =>
    isEnabled
      ? pass("Nobody has switched the application off.", { client })
      : deny(
          "An administrator has switched the application off in this organization.",
          { client },
          stsError(7000112),
        ),
})

const clientEndpoint = clientGate({
  name: "client-endpoint",
  facts: ["IDN-251", "IDN-276"],
  reads: ["client", "endpoint"],
  check: ({ client, endpoint }) =>
    endpoint === "shared-single-tenant"
      ? deny(
          "An application for one organization is asked for at the address that serves all of them.",
          { client, endpoint },
          stsError(50194),
        )
      : pass("The application may be used at this address.", { client, endpoint }),
})

const resourceListed = clientGate({
  name: "requested-resource",
  facts: ["IDN-276"],
  reads: ["client", "resource", "isResourceListed"],
  check: ({ client, resource, isResourceListed }) =>
    isResourceListed
      ? pass("The request names its permissions, or the registration does.", { client, resource })
      : deny(
          "The registration lists no permission of this resource, and the request names none.",
          { client, resource },
          stsError(650057),
        ),
})

const scopesValid = clientGate({
  name: "requested-scopes",
  facts: ["IDN-276"],
  reads: ["resource", "scopes", "unknownScopes"],
  check: ({ resource, scopes, unknownScopes }) => {
    const details = { resource, scopes: unknownScopes }
    switch (scopes) {
      case "known":
        return pass("The resource offers every permission that is asked for.", { resource })
      case "invalid":
        return deny("The resource offers no such permission.", details, stsError(70011))
      case "not-recorded":
        return unknown("The twin does not know this permission of a Microsoft resource.", details)
    }
  },
})

const gates: GateRules<ClientFacets> = [
  clientKnown,
  clientEnabled,
  clientEndpoint,
  resourceListed,
  scopesValid,
]

/** Younger applications for one organization are refused at `/common` (50194). */
const sharedEndpoints: Dated<"served" | "refused"> = {
  before: "served",
  changes: [{ from: "2018-10-15", value: "refused" }],
}

const registrationOf = (
  world: IdentityWorld,
  appId: string | undefined,
  application: Application | undefined,
): ClientFacets["registration"] => {
  if (appId !== undefined && isMicrosoftApp(appId)) return "microsoft"
  if (application === undefined) return "none"
  if (application.homeTenant === organizationOf(world)?.tenantId) return "own"
  return isForThisTenant(world, application) ? "partner" : "not-for-this-tenant"
}

const scopeState = (request: ClientRequest): Pick<ClientFacets, "scopes" | "unknownScopes"> => {
  const { world } = request
  const missing = namedPermissions(request).filter(
    ({ resourceAppId, value }) => !scopesOf(world, resourceAppId).some((it) => it.value === value),
  )
  const isMicrosofts = missing.every(({ resourceAppId }) => isMicrosoftApp(resourceAppId))
  return {
    scopes: missing.length === 0 ? "known" : isMicrosofts ? "not-recorded" : "invalid",
    unknownScopes: missing.map(({ value }) => value).join(" "),
  }
}

/** Whether an application may ask for this at all, before anybody knows who the person is. */
export const evaluateClient = (request: ClientRequest): Decision => {
  const { world, resource, isSharedEndpoint } = request
  const principal = servicePrincipalOf(world, request.client)
  const application = applicationOf(world, principal?.appId ?? request.client)
  const appId = principal?.appId ?? application?.appId
  const registration = registrationOf(world, appId, application)
  const isSingle =
    application !== undefined &&
    application.signInAudience === "AzureADMyOrg" &&
    inForce(sharedEndpoints, application.createdAt) === "refused"
  const needsList =
    registration !== "microsoft" && asksForDefault(request) && resource !== undefined
  const isListed =
    application?.requiredResourceAccess.some(({ resourceAppId }) => resourceAppId === resource) ===
    true
  return decideByGates(gates, {
    client: appId === undefined ? request.client : applicationNameOf(world, appId),
    registration,
    isEnabled: principal?.accountEnabled ?? true,
    endpoint: !isSharedEndpoint ? "tenant" : isSingle ? "shared-single-tenant" : "shared",
    resource: resource === undefined ? "" : applicationNameOf(world, resource),
    isResourceListed: !needsList || resource === appId || isListed,
    // Microsoft's own clients ask for what they were given beforehand; a resource comes before its names.
    ...(registration === "microsoft" || resource === undefined
      ? { scopes: "known", unknownScopes: "" }
      : scopeState(request)),
  })
}
