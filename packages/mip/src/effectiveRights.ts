import { kindOfWho } from "./Grant.ts"
import { type GrantMatch, grantMatcher } from "./grantMatch.ts"
import { canonicalAddress } from "./identityClass.ts"
import { isSuperUser } from "./isSuperUser.ts"
import type { Protection } from "./Protection.ts"
import { policyInForce } from "./policyInForce.ts"
import { type MipWorld, protectionOf } from "./State.ts"
import { allRights, normalRights, type UsageRight } from "./UsageRight.ts"

/** Through what somebody holds rights. */
export type GrantPath = "issuer" | "owner" | "super-user" | GrantMatch

/** What somebody may do with a content, as the service would grant it at this moment. */
export interface EffectiveRights {
  /** United over all paths (MIP-050); empty without any. */
  readonly rights: readonly UsageRight[]
  readonly paths: readonly GrantPath[]
  readonly isIssuer: boolean
  readonly isOwner: boolean
  readonly isSuperUser: boolean
  /** Epoch milliseconds after which others are refused. */
  readonly contentExpiresAt?: number
  /** -1: only the tenant's limit; 0: every open asks. */
  readonly offlineAccessDays: number
}

/** Options of a question about rights. */
export interface RightsOptions {
  /** The reader is in the portal: only there does a consumer domain admit anybody (MIP-045). */
  readonly isPortal?: boolean
  /** The portal has proven exactly this address. */
  readonly isAddressProven?: boolean
  /** The software opens what was sent to a shared mailbox (MIP-171). */
  readonly opensSharedMailbox?: boolean
}

/** The rights of one address on one content; a content nobody here protected grants nothing. */
export const effectiveRights = (
  world: MipWorld,
  contentId: string,
  address: string,
  now: number,
  options: RightsOptions = {},
): EffectiveRights => {
  const protection = protectionOf(world, contentId)
  return protection === undefined ? nothing : rightsOn({ world, protection, address, now }, options)
}

const nothing: EffectiveRights = {
  rights: [],
  paths: [],
  isIssuer: false,
  isOwner: false,
  isSuperUser: false,
  offlineAccessDays: 0,
}

interface Holder {
  readonly world: MipWorld
  readonly protection: Protection
  readonly address: string
  readonly now: number
}

const rightsOn = (
  { world, protection, address, now }: Holder,
  { isPortal = false, isAddressProven = false, opensSharedMailbox = false }: RightsOptions,
): EffectiveRights => {
  const policy = policyInForce(world, protection)
  const self = canonicalAddress(world, address)
  const isIssuer = canonicalAddress(world, protection.issuer) === self
  const isOwner = canonicalAddress(world, protection.owner) === self
  const isSuper = isSuperUser(world, address, now)
  const matching = grantMatcher({
    world,
    address,
    now,
    isPortal,
    isAddressProven,
    opensSharedMailbox,
  })
  const paths = new Set<GrantPath>()
  const rights: UsageRight[] = []
  for (const grant of policy.grants) {
    const path = kindOfWho(grant.who) === "owner" && isOwner ? "owner" : matching(grant.who)
    if (path === undefined) continue
    paths.add(path)
    rights.push(...grant.rights)
  }
  if (isIssuer) paths.add("issuer")
  if (isOwner) paths.add("owner")
  if (isSuper) paths.add("super-user")
  if (isIssuer || isOwner || isSuper) rights.push(...allRights)
  const { contentExpiresAt, offlineAccessDays } = policy
  return {
    rights: normalRights(rights),
    paths: [...paths].toSorted(),
    isIssuer,
    isOwner,
    isSuperUser: isSuper,
    offlineAccessDays,
    ...(contentExpiresAt === undefined ? {} : { contentExpiresAt }),
  }
}
