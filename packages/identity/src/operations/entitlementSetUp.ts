import type { Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateSetUp } from "../decisions/evaluatePackageStep.ts"
import { packageLine } from "../deliverPackage.ts"
import {
  type Catalog,
  type ConnectedOrganization,
  LifecycleSettings,
} from "../EntitlementManagement.ts"
import { catalogOf, packageOf } from "../entitlements.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { parseDuration } from "../rules/parseDuration.ts"
import { reviewAdministrators } from "./accessReviews.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"

const text = Schema.optionalKey(Schema.String)
const flag = Schema.optionalKey(Schema.Boolean)
const named = (description: string) => Schema.optionalKey(Schema.String.annotate({ description }))
const table = (description: string) => Schema.optionalKey(hashtable.annotate({ description }))
const tables = (description: string) =>
  Schema.optionalKey(Schema.Array(hashtable).annotate({ description }))
const Reference = Schema.Struct({ id: Schema.NonEmptyString })

export const newCatalog = graphCmdlet({
  name: "New-MgEntitlementManagementCatalog",
  summary: "Creates a catalogue of resources that packages can give.",
  params: {
    DisplayName: named("Name of the catalogue"),
    Description: named("What it is for"),
    State: named("published, or unpublished"),
    IsExternallyVisible: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether people outside may ask; switch" }),
    ),
  },
  body: Schema.Struct({
    displayName: Schema.NonEmptyString,
    description: text,
    state: Schema.optionalKey(Schema.Literals(["published", "unpublished"])),
    isExternallyVisible: flag,
  }),
  binding: { switches: ["IsExternallyVisible"] },
  roles: reviewAdministrators,
  facts: ["IDN-240"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const catalog: Catalog = {
      id: call.draw.guid(`catalogue ${body.displayName}`),
      displayName: body.displayName,
      isExternallyVisible: body.isExternallyVisible ?? false,
      state: body.state ?? "published",
      groupIds: [],
    }
    const decision = evaluateSetUp(
      "",
      catalogOf(call.world, body.displayName) === undefined
        ? ""
        : "A catalog of this name exists already.",
    )
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "CatalogCreated", catalog }],
      audit: [packageLine("Create access package catalog", catalog.displayName)],
      output: [
        {
          Id: catalog.id,
          DisplayName: catalog.displayName,
          State: catalog.state,
          IsExternallyVisible: catalog.isExternallyVisible,
        },
      ],
    }
  },
})

export const newAccessPackage = graphCmdlet({
  name: "New-MgEntitlementManagementAccessPackage",
  summary: "Creates a package of memberships that people ask for at once.",
  params: {
    DisplayName: named("Name of the package"),
    Description: named("What it is for"),
    IsHidden: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Whether it is found only by its link; switch" }),
    ),
    Catalog: table("The catalogue by id"),
  },
  body: Schema.Struct({
    displayName: Schema.NonEmptyString,
    description: text,
    isHidden: flag,
    catalog: Reference,
  }),
  binding: { switches: ["IsHidden"] },
  roles: reviewAdministrators,
  facts: ["IDN-240"],
  decide: ({ world, draw }, body): Ruling<IdentityEvent> => {
    const catalog = catalogOf(world, body.catalog.id)
    const decision = evaluateSetUp(
      catalog === undefined ? "catalog" : "",
      packageOf(world, body.displayName) === undefined
        ? ""
        : "An access package of this name exists already.",
    )
    if (decision.outcome !== "allow" || catalog === undefined) return { decision }
    const accessPackage = {
      id: draw.guid(`package ${body.displayName}`),
      displayName: body.displayName,
      catalogId: catalog.id,
      isHidden: body.isHidden ?? false,
      groupIds: [],
    }
    return {
      decision,
      events: [{ _tag: "AccessPackageCreated", accessPackage }],
      audit: [packageLine("Create access package", body.displayName)],
      output: [
        {
          Id: accessPackage.id,
          DisplayName: accessPackage.displayName,
          IsHidden: accessPackage.isHidden,
          CatalogId: catalog.id,
        },
      ],
    }
  },
})

const IdentitySource = Schema.Struct({
  tenantId: text,
  domainName: text,
  displayName: text,
})

export const newConnectedOrganization = graphCmdlet({
  name: "New-MgEntitlementManagementConnectedOrganization",
  summary: "Names an organization whose people may ask for packages.",
  params: {
    DisplayName: named("Name of the organization"),
    Description: named("What connects it"),
    State: named("configured, or proposed"),
    IdentitySources: tables("Entra tenants by tenantId, or domains by domainName"),
  },
  body: Schema.Struct({
    displayName: Schema.NonEmptyString,
    description: text,
    state: Schema.optionalKey(Schema.Literals(["configured", "proposed"])),
    identitySources: Schema.NonEmptyArray(IdentitySource),
  }),
  roles: reviewAdministrators,
  facts: ["IDN-240"],
  decide: ({ draw }, body): Ruling<IdentityEvent> => {
    const organization: ConnectedOrganization = {
      id: draw.guid(`connected ${body.displayName}`),
      displayName: body.displayName,
      state: body.state ?? "configured",
      tenantIds: body.identitySources.flatMap(({ tenantId }) => tenantId ?? []),
      domains: body.identitySources.flatMap(({ domainName }) => domainName?.toLowerCase() ?? []),
    }
    const decision = evaluateSetUp(
      "",
      organization.tenantIds.length + organization.domains.length === 0
        ? "An identity source needs a tenant or a domain."
        : "",
    )
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "ConnectedOrganizationAdded", organization }],
      audit: [packageLine("Create connected organization", organization.displayName)],
      output: [
        {
          Id: organization.id,
          DisplayName: organization.displayName,
          State: organization.state,
        },
      ],
    }
  },
})

const wholeDays = (duration: string): number | undefined => {
  const millis = parseDuration(duration)
  return millis === undefined ? undefined : Math.floor(millis / 86_400_000)
}

export const updateLifecycle = graphCmdlet({
  name: "Update-MgEntitlementManagementSetting",
  summary: "Says what becomes of guests who lose their last package.",
  params: {
    ExternalUserLifecycleAction: named("none, blockSignIn or blockSignInAndDelete"),
    DurationUntilExternalUserDeletedAfterBlocked: named("ISO duration in days, e.g. P30D"),
  },
  body: Schema.Struct({
    externalUserLifecycleAction: Schema.optionalKey(
      LifecycleSettings.fields.externalUserLifecycleAction,
    ),
    durationUntilExternalUserDeletedAfterBlocked: text,
  }),
  roles: reviewAdministrators,
  facts: ["IDN-240"],
  decide: ({ world, now }, body): Ruling<IdentityEvent> => {
    const { lifecycle } = world.identity.governance
    const given = body.durationUntilExternalUserDeletedAfterBlocked
    const count = given === undefined ? undefined : wholeDays(given)
    const decision = evaluateSetUp(
      "",
      given !== undefined && count === undefined ? "The duration is invalid." : "",
    )
    if (decision.outcome !== "allow") return { decision }
    const settings: LifecycleSettings = {
      externalUserLifecycleAction:
        body.externalUserLifecycleAction ?? lifecycle.externalUserLifecycleAction,
      durationUntilExternalUserDeletedAfterBlockedDays:
        count ?? lifecycle.durationUntilExternalUserDeletedAfterBlockedDays,
    }
    return {
      decision,
      events: [{ _tag: "LifecycleSettingsSet", settings, at: now }],
      audit: [packageLine("Update entitlement management setting", "settings")],
      output: [{ ...settings }],
    }
  },
})
