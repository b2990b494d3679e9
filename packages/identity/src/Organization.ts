import { Schema } from "effect"
import { CrossTenantAccessPolicy } from "./CrossTenantAccess.ts"

/** An Entra organization. Domains are lower case; the initial one ends in onmicrosoft.com. */
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
})
export type Organization = typeof Organization.Type

/**
 * Another Entra tenant, as far as it matters here: whose domains it owns, and its side of
 * cross-tenant access.
 */
export const ForeignOrganization = Schema.Struct({
  ...organizationFields,
  crossTenantAccess: CrossTenantAccessPolicy,
})
export type ForeignOrganization = typeof ForeignOrganization.Type

/** Tenant id under which personal accounts sign in (IDN-257). */
export const microsoftAccountTenantId = "9188040d-6c67-4c5b-b112-36a304b66dad"
