import { effectiveRights, type GrantPath, type RightsOptions } from "./effectiveRights.ts"
import { kindOfWho } from "./Grant.ts"
import { grantMatcher } from "./grantMatch.ts"
import { canonicalAddress } from "./identityClass.ts"
import { policyInForce } from "./policyInForce.ts"
import { type MipWorld, protectionOf } from "./State.ts"
import { allRights, type UsageRight } from "./UsageRight.ts"

/** One way in which somebody holds rights, with what it gives alone. */
export interface ReachingGrant {
  readonly path: GrantPath
  /** The identity in the policy; empty for a standing. */
  readonly who: string
  readonly rights: readonly UsageRight[]
}

/** Every way in which a person holds rights on a content (MIP-050); their union is what counts. */
export const grantsReaching = (
  world: MipWorld,
  contentId: string,
  { address, now, ...options }: RightsOptions & { readonly address: string; readonly now: number },
): readonly ReachingGrant[] => {
  const protection = protectionOf(world, contentId)
  if (protection === undefined) return []
  const held = effectiveRights(world, contentId, address, now, options)
  const { isPortal = false, ...rest } = options
  const matching = grantMatcher({ world, address, now, isPortal, ...rest })
  const isOwner = canonicalAddress(world, protection.owner) === canonicalAddress(world, address)
  const standing: readonly GrantPath[] = [
    ...(held.isIssuer ? (["issuer"] as const) : []),
    ...(held.isOwner ? (["owner"] as const) : []),
    ...(held.isSuperUser ? (["super-user"] as const) : []),
  ]
  return [
    ...standing.map((path) => ({ path, who: "", rights: allRights })),
    ...policyInForce(world, protection).grants.flatMap(
      ({ who, rights }): readonly ReachingGrant[] => {
        const path: GrantPath | undefined =
          kindOfWho(who) === "owner" && isOwner ? "owner" : matching(who)
        return path === undefined ? [] : [{ path, who, rights }]
      },
    ),
  ]
}
