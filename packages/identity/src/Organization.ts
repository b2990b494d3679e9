import { Schema } from "effect"
import { CrossTenantAccessPolicy } from "./CrossTenantAccess.ts"
import { Cloud } from "./Partnership.ts"
import { TenantRestrictionsSetting } from "./TenantRestrictions.ts"

/** An Entra organization. Domains are lower case; the initial one ends in onmicrosoft.com. */
export const License = Schema.Literals(["P1", "P2", "Governance"])
export type License = typeof License.Type

const organizationFields = {
  tenantId: Schema.NonEmptyString,
  displayName: Schema.NonEmptyString,
  initialDomain: Schema.NonEmptyString,
  verifiedDomains: Schema.Array(Schema.NonEmptyString),
}

/** This tenant. */
export const Organization = Schema.Struct({
  ...organizationFields,
  createdAt: Schema.Number,
  /** Licences of the tenant; absent: every one that its settings need. */
  licenses: Schema.optionalKey(Schema.Array(License)),
  /** Absent: the commercial cloud. */
  cloud: Schema.optionalKey(Cloud),
})
export type Organization = typeof Organization.Type

/**
 * Another Entra tenant, as far as it matters here: whose domains it owns, and its side of
 * cross-tenant access.
 */
export const ForeignOrganization = Schema.Struct({
  ...organizationFields,
  crossTenantAccess: CrossTenantAccessPolicy,
  /** Absent: the commercial cloud. */
  cloud: Schema.optionalKey(Cloud),
  /** Other clouds that this organization works with (IDN-119). */
  allowedCloudEndpoints: Schema.optionalKey(Schema.Array(Cloud)),
  /** The app that carries invitations between clouds is disabled there (IDN-029). */
  isCrossCloudWorkerDisabled: Schema.optionalKey(Schema.Boolean),
  /** Verified domains whose people sign in at an own provider; lower case (IDN-031). */
  federatedDomains: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  /** Version 2 of tenant restrictions: what its networks let people reach elsewhere (IDN-120). */
  tenantRestrictions: Schema.optionalKey(
    Schema.Struct({
      default: TenantRestrictionsSetting,
      partners: Schema.Record(Schema.String, TenantRestrictionsSetting),
    }),
  ),
})
export type ForeignOrganization = typeof ForeignOrganization.Type

/** Tenant id under which personal accounts sign in (IDN-257). */
export const microsoftAccountTenantId = "9188040d-6c67-4c5b-b112-36a304b66dad"
