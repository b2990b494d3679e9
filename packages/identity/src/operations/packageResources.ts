import type { Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { appIdOf, appNameOf } from "../CloudApp.ts"
import { evaluateSetUp } from "../decisions/evaluatePackageStep.ts"
import { packageLine } from "../deliverPackage.ts"
import { groupOf } from "../directory.ts"
import { type Catalog, siteGroups } from "../EntitlementManagement.ts"
import { catalogOf, packageOf } from "../entitlements.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"
import { reviewAdministrators } from "./accessReviews.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"

const text = Schema.optionalKey(Schema.String)
const table = (description: string) => Schema.optionalKey(hashtable.annotate({ description }))
const Reference = Schema.Struct({ id: Schema.NonEmptyString })

/** A resource as the request means it: what it is, and what is wrong with it. */
const resourceIn = (
  world: IdentityWorld,
  { originId, originSystem }: { readonly originId: string; readonly originSystem: OriginSystem },
) => {
  switch (originSystem) {
    case "AadGroup": {
      const group = groupOf(world, originId)
      return {
        name: group?.displayName ?? originId,
        missing: group === undefined ? "group" : "",
        problem:
          group?.isAssignableToRole === true ? "Role-assignable groups are not supported." : "",
        group,
      }
    }
    case "AadApplication": {
      const appId = appIdOf(originId)
      return {
        name: appId === undefined ? originId : appNameOf(appId),
        missing: appId === undefined ? "application" : "",
        problem: "",
        resource: { kind: "application" as const, id: appId ?? originId },
      }
    }
    case "SharePointOnline": {
      const url = originId.trim().toLowerCase().replace(/\/+$/, "")
      return {
        name: url,
        missing: "",
        problem: /^https:\/\/[^/\s]+(\/[^\s]*)?$/.test(url) ? "" : "The site address is invalid.",
        resource: { kind: "site" as const, id: url },
      }
    }
  }
}

const OriginSystem = Schema.Literals(["AadGroup", "AadApplication", "SharePointOnline"])
type OriginSystem = typeof OriginSystem.Type

export const newResourceRequest = graphCmdlet({
  name: "New-MgEntitlementManagementResourceRequest",
  summary: "Adds a group, an application or a site to a catalogue.",
  params: {
    RequestType: Schema.optionalKey(Schema.String.annotate({ description: "adminAdd" })),
    Resource: table("originId and originSystem: AadGroup, AadApplication or SharePointOnline"),
    Catalog: table("The catalogue by id"),
  },
  body: Schema.Struct({
    requestType: Schema.Literals(["adminAdd"]),
    resource: Schema.Struct({ originId: Schema.NonEmptyString, originSystem: OriginSystem }),
    catalog: Reference,
  }),
  roles: reviewAdministrators,
  facts: ["IDN-240"],
  decide: ({ world, now }, body): Ruling<IdentityEvent> => {
    const catalog = catalogOf(world, body.catalog.id)
    const found = resourceIn(world, body.resource)
    const decision = evaluateSetUp(catalog === undefined ? "catalog" : found.missing, found.problem)
    if (decision.outcome !== "allow" || catalog === undefined) return { decision }
    const { group, resource } = found
    return {
      decision,
      events: [
        ...(group === undefined
          ? []
          : [
              {
                _tag: "CatalogResourceAdded" as const,
                catalogId: catalog.id,
                groupId: group.id,
                at: now,
              },
            ]),
        ...(resource === undefined
          ? []
          : [{ _tag: "CatalogExtended" as const, catalogId: catalog.id, resource, at: now }]),
      ],
      audit: [packageLine("Add resource to catalog", found.name)],
      output: [
        { Id: group?.id ?? resource?.id ?? "", Catalog: catalog.displayName, State: "delivered" },
      ],
    }
  },
})

/** The role that the request names, of something that the catalogue has to hold. */
const roleIn = (
  world: IdentityWorld,
  catalog: Catalog | undefined,
  role: { readonly originId: string; readonly originSystem?: OriginSystem },
  scopeId: string,
) => {
  if (role.originSystem === undefined || role.originSystem === "AadGroup") {
    const group = groupOf(world, role.originId.replace(/^Member_/i, ""))
    return {
      name: group?.displayName ?? "",
      missing: group === undefined ? "group" : "",
      isInCatalog: group !== undefined && catalog?.groupIds.includes(group.id) === true,
      isRole: true,
      group,
    }
  }
  const found = resourceIn(world, { originId: scopeId, originSystem: role.originSystem })
  const id = found.resource?.id ?? ""
  const isSite = role.originSystem === "SharePointOnline"
  return {
    name: found.name,
    missing: found.missing,
    isInCatalog: (catalog?.resources ?? []).some((it) => it.id === id),
    isRole: !isSite || Object.values<string>(siteGroups).includes(role.originId),
    role: { kind: isSite ? ("site" as const) : ("application" as const), id, role: role.originId },
  }
}

export const newPackageRole = graphCmdlet({
  name: "New-MgEntitlementManagementAccessPackageResourceRoleScope",
  summary: "Puts a group, an application or a site of the catalogue into a package.",
  params: {
    AccessPackageId: Schema.NonEmptyString.annotate({ description: "Id of the package" }),
    Role: table(
      "originId and originSystem: Member_<group>, a role of an application, or a group of a site (3 owners, 4 visitors, 5 members)",
    ),
    Scope: table("originId of the group, application or site"),
  },
  path: ["AccessPackageId"],
  body: Schema.Struct({
    role: Schema.Struct({
      originId: Schema.NonEmptyString,
      originSystem: Schema.optionalKey(OriginSystem),
      displayName: text,
      resource: Schema.optionalKey(hashtable),
    }),
    scope: Schema.optionalKey(hashtable),
  }),
  roles: reviewAdministrators,
  facts: ["IDN-240"],
  decide: ({ world, now }, body, params): Ruling<IdentityEvent> => {
    const accessPackage = packageOf(world, params.AccessPackageId)
    const catalog =
      accessPackage === undefined ? undefined : catalogOf(world, accessPackage.catalogId)
    const scopeId = body.scope?.["originId"] ?? body.scope?.["OriginId"]
    const found = roleIn(world, catalog, body.role, typeof scopeId === "string" ? scopeId : "")
    const decision = evaluateSetUp(
      accessPackage === undefined ? "access package" : found.missing,
      found.isInCatalog
        ? found.isRole
          ? ""
          : "The resource has no such role."
        : "The resource is not in the catalog of the access package.",
    )
    if (decision.outcome !== "allow" || accessPackage === undefined) return { decision }
    const accessPackageId = accessPackage.id
    return {
      decision,
      events: [
        ...(found.group === undefined
          ? []
          : [
              {
                _tag: "AccessPackageRoleAdded" as const,
                accessPackageId,
                groupId: found.group.id,
                at: now,
              },
            ]),
        ...(found.role === undefined
          ? []
          : [
              {
                _tag: "AccessPackageExtended" as const,
                accessPackageId,
                role: found.role,
                at: now,
              },
            ]),
      ],
      audit: [packageLine("Add resource role to access package", found.name)],
      output: [{ Id: found.group?.id ?? found.role?.id ?? "", Role: found.role?.role ?? "Member" }],
    }
  },
})
