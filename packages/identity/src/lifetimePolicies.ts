import type { TokenLifetimePolicy } from "./SecurityTokenService.ts"
import type { IdentityWorld } from "./State.ts"

export const lifetimePoliciesOf = (world: IdentityWorld): readonly TokenLifetimePolicy[] =>
  world.identity.securityTokenService.lifetimePolicies

/**
 * The policy that counts for tokens of an application: the organization's, and where it has none, the
 * one that is assigned to the application (IDN-258).
 */
export const lifetimePolicyFor = (
  world: IdentityWorld,
  appId: string,
): TokenLifetimePolicy | undefined => {
  const policies = lifetimePoliciesOf(world)
  return (
    policies.find(({ isOrganizationDefault }) => isOrganizationDefault) ??
    policies.find(({ appliesTo }) => appliesTo.includes(appId))
  )
}
