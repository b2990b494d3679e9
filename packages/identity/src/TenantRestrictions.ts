import { Schema } from "effect"
import { TargetConfiguration } from "./CrossTenantAccess.ts"

/**
 * What a network puts into every sign-in that leaves it. Version 1 lists tenants; version 2 names a
 * tenant whose policy is asked (IDN-120).
 */
export const RestrictedNetwork = Schema.Struct({
  /** First octets of the addresses, e.g. `198.51.100.`; the whole address for a single one. */
  addressPrefix: Schema.NonEmptyString,
  /** `Restrict-Access-To-Tenants`: tenant ids or domains, lower case. */
  restrictAccessToTenants: Schema.optionalKey(Schema.Array(Schema.String)),
  /** `sec-Restrict-Tenant-Access-Policy`: the tenant whose policy holds. */
  policyTenantId: Schema.optionalKey(Schema.NonEmptyString),
  /** `restrict-msa`: no personal accounts from here. */
  restrictMsa: Schema.Boolean,
})
export type RestrictedNetwork = typeof RestrictedNetwork.Type

/** `tenantRestrictions` of cross-tenant access settings, version 2. */
export const TenantRestrictionsSetting = Schema.Struct({
  usersAndGroups: TargetConfiguration,
  applications: TargetConfiguration,
})
export type TenantRestrictionsSetting = typeof TenantRestrictionsSetting.Type

/** The network that an address belongs to: the longest prefix counts. */
export const networkOf = (
  networks: readonly RestrictedNetwork[],
  ipAddress: string,
): RestrictedNetwork | undefined =>
  networks
    .filter(({ addressPrefix }) =>
      addressPrefix.endsWith(".") || addressPrefix.endsWith(":")
        ? ipAddress.startsWith(addressPrefix)
        : ipAddress === addressPrefix,
    )
    .toSorted((a, b) => b.addressPrefix.length - a.addressPrefix.length)[0]
