import type { Protection } from "./Protection.ts"
import type { ProtectRequest } from "./requests.ts"
import { doNotForwardAttachmentRights } from "./UsageRight.ts"

/** What an unprotected attachment inherits from the protected message it travels with. */
export type InheritedProtection = Pick<ProtectRequest, "custom" | "template" | "label">

/**
 * Attachments of a protected message (MIP-135, MIP-161, MIP-165): rights bound to the recipients
 * become the attachment's, a template stays the template, and with a label comes the label. What is
 * protected already keeps its own (MIP-167).
 */
export const inheritedProtection = (mail: Protection): InheritedProtection => {
  const label = mail.labelId === undefined ? {} : { label: mail.labelId }
  if (mail.templateId !== undefined) {
    return mail.labelId === undefined ? { template: mail.templateId } : label
  }
  const grants =
    mail.kind === "do-not-forward"
      ? mail.grants.map(({ who }) => ({ who, rights: doNotForwardAttachmentRights }))
      : mail.grants
  return {
    custom: {
      kind: mail.kind === "template" ? "user-defined" : mail.kind,
      grants,
      ...(mail.contentExpiresAt === undefined ? {} : { contentExpiresAt: mail.contentExpiresAt }),
      ...(mail.offlineAccessDays === undefined
        ? {}
        : { offlineAccessDays: mail.offlineAccessDays }),
    },
  }
}
