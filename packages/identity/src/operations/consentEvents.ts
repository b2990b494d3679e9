import type { AuditEntry, Call } from "@twin/kernel"
import type { PermissionGrant, ServicePrincipal } from "../Application.ts"
import {
  applicationNameOf,
  applicationOf,
  permissionGrantsOf,
  servicePrincipalOf,
} from "../applications.ts"
import type { Permission } from "../decisions/evaluateClient.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"

/** What changes, and what the audit says of it. */
export interface Traced {
  readonly events: readonly IdentityEvent[]
  readonly audit: readonly AuditEntry[]
}

/** The application as this tenant has it from now on; nothing happens where it is here already. */
export const principalAdded = (
  { world, draw, now }: Call<IdentityWorld>,
  appId: string,
): Traced & { readonly principal: ServicePrincipal } => {
  const known = servicePrincipalOf(world, appId)
  if (known !== undefined) return { principal: known, events: [], audit: [] }
  const principal: ServicePrincipal = {
    id: draw.guid(`service principal ${appId}`),
    appId,
    displayName: applicationNameOf(world, appId),
    accountEnabled: true,
    createdAt: now,
  }
  return {
    principal,
    events: [{ _tag: "ServicePrincipalAdded", servicePrincipal: principal }],
    audit: [auditLine("Add service principal", principal.displayName, { AppId: appId })],
  }
}

/** Adds scopes to the grant of a client at a resource, for one user or for everybody. */
export const scopesGranted = (
  { world, draw, now }: Call<IdentityWorld>,
  asked: Omit<PermissionGrant, "id">,
): Traced & { readonly grant: PermissionGrant } => {
  const before = permissionGrantsOf(world).find(
    (it) =>
      it.clientId === asked.clientId &&
      it.resourceId === asked.resourceId &&
      it.consentType === asked.consentType &&
      it.principalId === asked.principalId,
  )
  const grant: PermissionGrant = {
    ...asked,
    id:
      before?.id ??
      draw.token(`grant ${asked.clientId} ${asked.resourceId} ${asked.principalId ?? ""}`, 43),
    scopes: [...new Set([...(before?.scopes ?? []), ...asked.scopes])].toSorted(),
  }
  return {
    grant,
    events: [{ _tag: "PermissionGrantAdded", grant, at: now }],
    audit: [
      auditLine("Add delegated permission grant", grant.resourceId, {
        ClientId: grant.clientId,
        ConsentType: grant.consentType,
        Scope: grant.scopes.join(" "),
      }),
    ],
  }
}

/** Somebody consents: the application comes into the tenant, and the permissions are granted. */
export const consentTraces = (
  call: Call<IdentityWorld>,
  consent: {
    readonly client: string
    readonly permissions: readonly Permission[]
    /** Object id of the user; absent for the whole organization. */
    readonly userId?: string
  },
): Traced => {
  const { world } = call
  const { permissions, userId } = consent
  const appId = applicationOf(world, consent.client)?.appId ?? consent.client
  const added = principalAdded(call, appId)
  const resources = [...new Set(permissions.map(({ resourceAppId }) => resourceAppId))].toSorted()
  const granted = resources.flatMap((resourceAppId) => {
    const resource = servicePrincipalOf(world, resourceAppId)
    return resource === undefined
      ? []
      : [
          scopesGranted(call, {
            clientId: added.principal.id,
            resourceId: resource.id,
            scopes: permissions
              .filter((it) => it.resourceAppId === resourceAppId)
              .map(({ value }) => value),
            ...(userId === undefined
              ? { consentType: "AllPrincipals" }
              : { consentType: "Principal", principalId: userId }),
          }),
        ]
  })
  return {
    events: [...added.events, ...granted.flatMap(({ events }) => events)],
    audit: [
      ...added.audit,
      ...granted.flatMap(({ audit }) => audit),
      auditLine("Consent to application", added.principal.displayName, {
        AppId: appId,
        "ConsentContext.IsAdminConsent": userId === undefined,
        "ConsentContext.OnBehalfOfAll": userId === undefined,
        Scope: permissions.map(({ value }) => value).join(" "),
      }),
    ],
  }
}
