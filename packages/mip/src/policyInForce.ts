import { days } from "@twin/kernel"
import type { Grant } from "./Grant.ts"
import type { ContentExpiry } from "./Label.ts"
import type { Protection } from "./Protection.ts"
import { type MipWorld, templateOf } from "./State.ts"

/** The policy in force for a content: its own, or its template's as edited since (MIP-086). */
export interface PolicyInForce {
  readonly grants: readonly Grant[]
  readonly contentExpiresAt?: number
  readonly offlineAccessDays: number
  /** `missing`: the template was removed (MIP-200). */
  readonly template: "none" | "Published" | "Archived" | "missing"
}

/** Resolves the template of a content, if it has one. */
export const policyInForce = (world: MipWorld, protection: Protection): PolicyInForce => {
  if (protection.templateId === undefined) {
    const { contentExpiresAt } = protection
    return {
      grants: protection.grants,
      offlineAccessDays: protection.offlineAccessDays ?? -1,
      template: "none",
      ...(contentExpiresAt === undefined ? {} : { contentExpiresAt }),
    }
  }
  const template = templateOf(world, protection.templateId)
  if (template === undefined) return { grants: [], offlineAccessDays: 0, template: "missing" }
  const contentExpiresAt = expiryOf(template.contentExpiry, protection.issuedAt)
  return {
    grants: template.grants,
    offlineAccessDays: template.licenceValidityDays,
    template: template.status,
    ...(contentExpiresAt === undefined ? {} : { contentExpiresAt }),
  }
}

/** When content protected at a moment expires (MIP-084). */
export const expiryOf = (expiry: ContentExpiry, protectedAt: number): number | undefined => {
  switch (expiry._tag) {
    case "Never":
      return undefined
    case "OnDate":
      return expiry.at
    case "AfterDays":
      return protectedAt + days(expiry.days)
  }
}
