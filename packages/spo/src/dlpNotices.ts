import type { OutgoingMail } from "@twin/kernel"
import type { DlpRule } from "./DlpPolicy.ts"
import { type DlpMatch, type DriveItem, nameOf } from "./DriveItem.ts"
import type { Site } from "./Site.ts"
import { dlpPoliciesOf, dlpRulesOf, type SpoWorld, siteOf, webUrlOf } from "./State.ts"

/** Words of `NotifyUser` and `GenerateAlert` that stand for somebody; anything else is an address. */
const peopleOf = (who: string, site: Site, item: DriveItem): readonly string[] => {
  switch (who.toLowerCase()) {
    case "lastmodifier":
      return [item.modifiedBy]
    case "owner":
      return [item.createdBy]
    case "siteadmin":
      return [site.owner, ...site.admins]
    default:
      return [who.toLowerCase()]
  }
}

const mailTo = (
  rule: DlpRule,
  item: DriveItem,
  o: { readonly kind: "notification" | "alert"; readonly to: string },
): OutgoingMail => ({
  kind: o.kind,
  from: "no-reply@sharepointonline.com",
  to: o.to,
  subject:
    o.kind === "notification"
      ? `Notification: ${nameOf(item)} conflicts with a policy`
      : `Alert: ${rule.name} matched ${nameOf(item)}`,
  text:
    o.kind === "notification"
      ? `${nameOf(item)} has sensitive content. Rule: ${rule.name}.`
      : `A rule of ${rule.policy} matched. Details are in the compliance portal.`,
  link: webUrlOf(item),
})

/**
 * What a rule that has just begun to match sends to people and to those who watch (MIP-158). A policy
 * that only tests notifies in its own mode for that, and raises no alert.
 */
export const noticesOf = (
  world: SpoWorld,
  item: DriveItem,
  matches: readonly DlpMatch[],
): readonly OutgoingMail[] => {
  const site = siteOf(world, item.site)
  if (site === undefined) return []
  const before = new Set(item.scan?.matches.map(({ rule }) => rule))
  return matches
    .filter(({ rule }) => !before.has(rule))
    .flatMap((match) => {
      const rule = dlpRulesOf(world, match.policy).find(({ name }) => name === match.rule)
      const mode = dlpPoliciesOf(world).find(({ name }) => name === match.policy)?.mode
      if (rule === undefined || (mode !== "Enable" && mode !== "TestWithNotifications")) return []
      const mails = (kind: "notification" | "alert", who: readonly string[]) =>
        [...new Set(who.flatMap((it) => peopleOf(it, site, item)))].map((to) =>
          mailTo(rule, item, { kind, to }),
        )
      return [
        ...mails("notification", rule.notifyUser),
        ...(mode === "Enable" ? mails("alert", rule.generateAlert ?? []) : []),
      ]
    })
}
