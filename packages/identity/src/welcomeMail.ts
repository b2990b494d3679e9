import type { OutgoingMail } from "@twin/kernel"
import { personOf, userOf } from "./directory.ts"
import { type Group, groupKindOf } from "./Group.ts"
import type { IdentityWorld } from "./State.ts"

/** The welcome to a new member of a Microsoft 365 group, unless the group does without (IDN-192). */
export const welcomeMail = (
  world: IdentityWorld,
  group: Group,
  memberId: string,
): readonly OutgoingMail[] => {
  if (groupKindOf(group) !== "microsoft-365" || group.welcomeMessageEnabled === false) return []
  const user = userOf(world, memberId)
  const to = user === undefined ? undefined : (user.mail ?? personOf(world, user.id)?.address)
  return to === undefined
    ? []
    : [
        {
          kind: "notification",
          from: group.mail ?? "no-reply@sharepointonline.com",
          to,
          subject: `You've joined the ${group.displayName} group`,
          text: `You are now a member of ${group.displayName}.`,
        },
      ]
}
