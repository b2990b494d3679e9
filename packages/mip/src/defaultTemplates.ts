import { organizationOf } from "@twin/identity"
import { instant, makeDraw } from "@twin/kernel"
import type { ProtectionTemplate } from "./Protection.ts"
import type { MipWorld } from "./State.ts"
import type { UsageRight } from "./UsageRight.ts"

/** The two templates that come with the service, and what they grant to the organization (MIP-196). */
interface DefaultTemplate {
  /** `<org>` stands for the name of the organization. */
  readonly name: string
  readonly rights: readonly UsageRight[]
}

/** Since 6 October 2017 (MIP-196). */
export const defaultTemplates: readonly DefaultTemplate[] = [
  {
    name: "Confidential \\ All Employees",
    rights: [
      "VIEW",
      "EXPORT",
      "EXTRACT",
      "VIEWRIGHTSDATA",
      "EDITRIGHTSDATA",
      "OBJMODEL",
      "PRINT",
      "FORWARD",
      "REPLY",
      "REPLYALL",
      "EDIT",
      "DOCEDIT",
      "OWNER",
    ],
  },
  {
    name: "Highly Confidential \\ All Employees",
    rights: [
      "VIEW",
      "EXTRACT",
      "VIEWRIGHTSDATA",
      "OBJMODEL",
      "PRINT",
      "FORWARD",
      "REPLY",
      "REPLYALL",
      "EDIT",
      "DOCEDIT",
    ],
  },
]

/** Of tenants whose service was activated before (MIP-195, MIP-196). */
export const formerDefaultTemplates: readonly DefaultTemplate[] = [
  {
    name: "<org> - Confidential",
    rights: [
      "VIEW",
      "EXPORT",
      "EDIT",
      "DOCEDIT",
      "VIEWRIGHTSDATA",
      "OBJMODEL",
      "FORWARD",
      "REPLY",
      "REPLYALL",
    ],
  },
  { name: "<org> - Confidential View Only", rights: ["VIEW"] },
]

/** Midnight of 6 October 2017. */
export const defaultTemplatesChangedAt = instant("2017-10-06")

/** Days offline (MIP-195). */
const offlineDays = 7

/**
 * They exist once the service has been active: for the organization only, without expiry, seven days
 * offline (MIP-195). Both generations have the same ids, because they are the same two templates.
 */
export const defaultTemplatesOf = (world: MipWorld): readonly ProtectionTemplate[] => {
  const organization = organizationOf(world)
  const { hasBeenActive, activatedAt } = world.mip.ledger.subscription
  if (organization === undefined || !hasBeenActive) return []
  const isFormer = activatedAt !== undefined && activatedAt < defaultTemplatesChangedAt
  const draw = makeDraw(`default templates of ${organization.tenantId}`)
  return (isFormer ? formerDefaultTemplates : defaultTemplates).map(({ name, rights }, index) => ({
    templateId: draw.guid(`${index}`),
    name: name.replace("<org>", organization.displayName),
    description: `Content for everybody in ${organization.displayName}.`,
    status: "Published",
    grants: [{ who: organization.initialDomain.toLowerCase(), rights }],
    contentExpiry: { _tag: "Never" },
    licenceValidityDays: offlineDays,
    scopedIdentities: [],
    isReadOnly: true,
  }))
}
