import type { PublishingPolicy } from "@twin/crypto"
import type { ResolvedWish } from "../decisions/ProtectFacets.ts"
import type { Grant } from "../Grant.ts"
import { canonicalAddress } from "../identityClass.ts"
import type { Protection } from "../Protection.ts"
import { expiryOf } from "../policyInForce.ts"
import type { ProtectRequest } from "../requests.ts"

/** A new protection: what the service keeps of it, and the policy that travels with the content. */
export interface Publication {
  readonly protection: Protection
  readonly policy: PublishingPolicy
}

/** Who protects what, and under which id. */
export interface Publishing {
  readonly request: ProtectRequest
  readonly wish: ResolvedWish
  readonly contentId: string
  /** Where somebody else is to own it (MIP-065). */
  readonly owner?: string
}

/** Writes the publishing licence's content (MIP-028): template or frozen rights, owner, expiry, offline. */
export const publish = ({ request, wish, contentId, owner }: Publishing): Publication => {
  const { world, now, form, name } = request
  const issuer = canonicalAddress(world, request.address)
  const limits = limitsOf(wish, now)
  const protection: Protection = {
    contentId,
    name,
    form,
    kind: wish.custom?.kind ?? "template",
    issuer,
    owner: owner === undefined ? issuer : canonicalAddress(world, owner),
    issuedAt: now,
    grants: wish.custom?.grants ?? [],
    ...(wish.label === undefined ? {} : { labelId: wish.label.id }),
    ...(wish.template === undefined ? {} : { templateId: wish.template.templateId }),
    ...(wish.custom === undefined ? {} : limits),
    ...doubleKeyOf(wish),
  }
  return { protection, policy: policyOf(protection, { grants: grantsOf(wish), limits }) }
}

interface Limits {
  readonly contentExpiresAt?: number
  readonly offlineAccessDays?: number
}

const limitsOf = ({ custom, template }: ResolvedWish, now: number): Limits => {
  const contentExpiresAt =
    custom?.contentExpiresAt ??
    (template === undefined ? undefined : expiryOf(template.contentExpiry, now))
  const offlineAccessDays = custom?.offlineAccessDays ?? template?.licenceValidityDays
  return {
    ...(contentExpiresAt === undefined ? {} : { contentExpiresAt }),
    ...(offlineAccessDays === undefined ? {} : { offlineAccessDays }),
  }
}

const grantsOf = ({ custom, template }: ResolvedWish): readonly Grant[] =>
  custom?.grants ?? template?.grants ?? []

const doubleKeyOf = ({ template, label }: ResolvedWish) => {
  const doubleKeyUrl = template?.doubleKeyUrl ?? label?.encryption?.doubleKeyUrl
  return doubleKeyUrl === undefined ? {} : { doubleKeyUrl }
}

/** The policy as the envelope carries it. */
export const policyOf = (
  protection: Protection,
  { grants, limits }: { readonly grants: readonly Grant[]; readonly limits: Limits },
): PublishingPolicy => ({
  contentId: protection.contentId,
  owner: protection.owner,
  issuedAt: protection.issuedAt,
  grants,
  isRevocable: true,
  ...(protection.labelId === undefined ? {} : { labelId: protection.labelId }),
  ...(protection.templateId === undefined ? {} : { templateId: protection.templateId }),
  ...(limits.contentExpiresAt === undefined ? {} : { contentExpiresAt: limits.contentExpiresAt }),
  ...(limits.offlineAccessDays === undefined ? {} : { offlineDays: limits.offlineAccessDays }),
  ...(protection.doubleKeyUrl === undefined ? {} : { doubleKeyUrl: protection.doubleKeyUrl }),
})
