import { type Dated, inForce } from "@twin/kernel"
import { Schema } from "effect"
import { roles } from "./Role.ts"

/** The switch for tenants without Conditional Access, and who has been asked to register since (IDN-187). */
export const SecurityDefaults = Schema.Struct({
  isEnabled: Schema.Boolean,
  /** First interactive sign-in since the switch, by address: the time for registering runs from here. */
  firstSignIns: Schema.Record(Schema.String, Schema.Number),
})
export type SecurityDefaults = typeof SecurityDefaults.Type

export const initialSecurityDefaults: SecurityDefaults = { isEnabled: false, firstSignIns: {} }

/** How long registering may be put off; tenants made later cannot put it off at all (IDN-187). */
const skipDays: Dated<number> = { before: 14, changes: [{ from: "2024-07-29", value: 0 }] }

/** Days within which a second factor has to be registered in a tenant of this age. */
export const registrationDaysOf = (organizationCreatedAt: number): number =>
  inForce(skipDays, organizationCreatedAt)

/** Roles whose holders are always asked for a second factor (IDN-187). */
export const guardedRoles: readonly string[] = [
  roles.globalAdministrator,
  roles.privilegedRoleAdministrator,
  roles.userAdministrator,
  roles.helpdeskAdministrator,
  roles.securityAdministrator,
  roles.conditionalAccessAdministrator,
  roles.authenticationPolicyAdministrator,
  roles.identityGovernanceAdministrator,
  roles.sharePointAdministrator,
  roles.exchangeAdministrator,
  roles.billingAdministrator,
]

/** The switch is thrown; turning it on again starts the time for registering anew. */
export const withSwitch = (isEnabled: boolean): SecurityDefaults => ({
  isEnabled,
  firstSignIns: {},
})

/** Remembers the first sign-in since the switch. */
export const withSignIn = (it: SecurityDefaults, address: string, at: number): SecurityDefaults =>
  !it.isEnabled || Object.hasOwn(it.firstSignIns, address)
    ? it
    : { ...it, firstSignIns: { ...it.firstSignIns, [address]: at } }
