import { userOf } from "@twin/identity"
import type { AuditEntry, Call, OutgoingMail } from "@twin/kernel"
import { compareLabels, labelOf } from "@twin/mip"
import { fileLine } from "../auditLines.ts"
import { type DriveItem, nameOf } from "../DriveItem.ts"
import type { Site } from "../Site.ts"
import { type SpoWorld, tenantSetting } from "../State.ts"

/** At most so many people are told (SPO-145). */
const recipientLimit = 100

/**
 * A file that is more sensitive than its site: the upload succeeds, the log and the people concerned
 * are told (SPO-145 to SPO-147). Sublabels of one parent count alike.
 */
export const labelMismatch = (
  { world, actor }: Call<SpoWorld>,
  site: Site,
  item: DriveItem,
): { readonly audit: readonly AuditEntry[]; readonly mail: readonly OutgoingMail[] } => {
  const { content } = item
  const isRecognised =
    tenantSetting(world, "EnableAIPIntegration") && content?.processing !== "opaque-encryption"
  const fileLabel =
    content?.labelId === undefined || !isRecognised ? undefined : labelOf(world, content.labelId)
  const siteLabel = site.labelId === undefined ? undefined : labelOf(world, site.labelId)
  if (fileLabel === undefined || siteLabel === undefined) return { audit: [], mail: [] }
  if (compareLabels(world, fileLabel, siteLabel) <= 0) return { audit: [], mail: [] }
  const owners = [actor.id.toLowerCase(), site.owner, ...site.admins].filter(
    (it) => userOf(world, it) !== undefined,
  )
  const help = tenantSetting(world, "LabelMismatchEmailHelpLink")
  return {
    audit: [
      fileLine("DocumentSensitivityMismatchDetected", site, item, {
        SensitivityLabelId: fileLabel.id,
        SiteSensitivityLabelId: siteLabel.id,
      }),
    ],
    mail: tenantSetting(world, "BlockSendLabelMismatchEmail")
      ? []
      : [...new Set(owners)].slice(0, recipientLimit).map((to) => ({
          kind: "notification",
          from: "no-reply@sharepointonline.com",
          to,
          subject: "Incompatible sensitivity label detected",
          text: [
            `${nameOf(item)} has a label that is more sensitive than that of the site ${site.title}.`,
            `HelpLink : Troubleshooting Guide${help === "" ? "" : ` ${help}`}`,
          ].join("\n"),
        })),
  }
}
