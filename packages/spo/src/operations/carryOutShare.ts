import { personOf, userOf } from "@twin/identity"
import { type AuditEntry, type Call, isFaultOn, minutes, type OutgoingMail } from "@twin/kernel"
import { type SharingTarget, sharingLine } from "../auditLines.ts"
import { type DriveItem, nameOf } from "../DriveItem.ts"
import type { RecipientPlan, ShareRequest } from "../decisions/evaluateShare.ts"
import { passwordDigest } from "../decisions/facetsOfAccess.ts"
import { faultNames, mailDelayMinutes } from "../faults.ts"
import { guestExpiryFor } from "../in-force/guestExpiration.ts"
import { anyoneLinkLife, expiryOf, organizationLinkLife } from "../in-force/linkLife.ts"
import type { LinkScope, SharingLink } from "../SharingLink.ts"
import type { Site } from "../Site.ts"
import type { SpoEvent } from "../SpoEvent.ts"
import { linksOfItem, type SpoWorld, siteGuestOf, tenantSetting } from "../State.ts"
import type { EmittedEvent } from "./SpoOperation.ts"

/** Everything that follows from an allowed share. */
export interface SharingResult {
  readonly events: readonly EmittedEvent[]
  readonly audit: readonly AuditEntry[]
  readonly mail: readonly OutgoingMail[]
}

/** Links sent to people inside are redeemed for them, up to this many (SPO-022). */
const redeemedBySending = 100

/** A new link as an allowed share makes it. Time and ids come from the call. */
export const newLink = (
  call: Call<SpoWorld>,
  request: ShareRequest & { readonly item: DriveItem; readonly scope: LinkScope },
  plans: readonly RecipientPlan[],
  password: string | undefined,
): SharingLink => {
  const { world, now, draw, actor } = call
  const { site, item, scope, role, to, expiresAt } = request
  const id = draw.guid("sharing link")
  const expiry =
    scope === "anonymous"
      ? expiryOf(anyoneLinkLife(world, site), expiresAt, now)
      : scope === "organization"
        ? expiryOf(organizationLinkLife(world, site), expiresAt, now)
        : expiresAt
  const sentTo = to.map((it) => it.trim().toLowerCase())
  return {
    id,
    token: draw.token("sharing link", 22),
    itemId: item.id,
    scope,
    role,
    createdBy: actor.id,
    createdAt: now,
    ...(expiry === undefined ? {} : { expiresAt: expiry }),
    ...(password === undefined ? {} : { passwordDigest: passwordDigest(id, password) }),
    members: scope === "users" ? plans.map(({ address, addedAs }) => ({ address, addedAs })) : [],
    redeemedBy:
      scope === "organization"
        ? plans
            .filter(({ address }) => userOf(world, address) !== undefined)
            .slice(0, redeemedBySending)
            .map(({ address }) => address)
        : [],
    sentTo,
  }
}

/** Gate 8 of SPO-300 for links: create, break inheritance, note guests, write audit, queue mail. */
export const linkResult = (
  call: Call<SpoWorld>,
  site: Site,
  item: DriveItem,
  link: SharingLink,
  plans: readonly RecipientPlan[],
): SharingResult => {
  const isFirst = linksOfItem(call.world, item.id).length === 0
  const invitations = plans.flatMap(({ invitation }) => invitation ?? [])
  return {
    events: [
      ...invitations.flatMap(({ events }) => events),
      { _tag: "LinkCreated", link },
      ...(item.hasUniquePermissions
        ? []
        : [{ _tag: "InheritanceBroken" as const, itemId: item.id, at: call.now }]),
      ...(link.scope === "users" ? guestStays(call, site, plans) : []),
    ],
    audit: [
      ...invitations.flatMap(({ audit }) => audit),
      ...(isFirst ? [sharingLine("GroupAdded", site, item, { linkId: link.id })] : []),
      ...(item.hasUniquePermissions ? [] : [sharingLine("SharingInheritanceBroken", site, item)]),
      ...linkAudit(site, item, link, plans),
    ],
    mail: [
      ...link.sentTo.flatMap((to) => sharingMail(call, { site, item, to, link: link.token })),
      ...ownerMail(call, site, item, link),
    ],
  }
}

/** The stay of people from outside begins; who is there already keeps the date (SPO-091). */
export const guestStays = (
  { world, now }: Call<SpoWorld>,
  site: Site,
  plans: readonly RecipientPlan[],
): readonly SpoEvent[] =>
  plans
    .filter(({ kind }) => kind === "guest" || kind === "new-guest")
    .flatMap(({ address }) => {
      const stay = siteGuestOf(world, site.url, address)
      const isOver =
        stay === undefined ||
        stay.isRemoved ||
        (stay.expiresAt !== undefined && stay.expiresAt <= now)
      if (!isOver) return []
      const expiresAt = guestExpiryFor(world, site, now)
      return [
        {
          _tag: "GuestJoinedSite" as const,
          url: site.url,
          address,
          at: now,
          ...(expiresAt === undefined ? {} : { expiresAt }),
        },
      ]
    })

const targetOf = ({ address, kind }: RecipientPlan): SharingTarget => ({
  name: address,
  type: kind === "member" ? "Member" : "Guest",
})

/** SPO-242, SPO-243, SPO-245: who is known is added at once, who is not goes through the link. */
const linkAudit = (
  site: Site,
  item: DriveItem,
  link: SharingLink,
  plans: readonly RecipientPlan[],
): readonly AuditEntry[] => {
  const linkId = link.id
  switch (link.scope) {
    case "anonymous":
      return [
        sharingLine("AnonymousLinkCreated", site, item, { linkId, eventData: eventData(link) }),
      ]
    case "organization":
      return [sharingLine("CompanyLinkCreated", site, item, { linkId, eventData: eventData(link) })]
    case "existingAccess":
      return []
    case "users":
      return [
        ...(plans.some(({ kind }) => kind === "new-guest")
          ? [sharingLine("SecureLinkCreated", site, item, { linkId, eventData: eventData(link) })]
          : []),
        ...memberAudit(site, item, linkId, plans),
      ]
  }
}

/** People on a Specific people link: first those who are new to the directory. */
export const memberAudit = (
  site: Site,
  item: DriveItem,
  linkId: string,
  plans: readonly RecipientPlan[],
): readonly AuditEntry[] => [
  ...plans
    .filter(({ kind }) => kind === "new-guest")
    .map((it) => sharingLine("AddedToSecureLink", site, item, { linkId, target: targetOf(it) })),
  ...plans
    .filter(({ kind }) => kind !== "new-guest")
    .flatMap((it) => directAudit(site, item, it, linkId)),
]

/** Somebody with a directory object gets permission at once (SPO-242). */
export const directAudit = (
  site: Site,
  item: DriveItem | undefined,
  plan: RecipientPlan,
  linkId?: string,
): readonly AuditEntry[] => {
  const options = { target: targetOf(plan), ...(linkId === undefined ? {} : { linkId }) }
  return [
    sharingLine("AddedToGroup", site, item, options),
    sharingLine("SharingSet", site, item, options),
  ]
}

const eventData = ({ scope, role }: SharingLink): string =>
  `<Type>${role === "edit" ? "Edit" : "View"}</Type><LinkScope>${scope}</LinkScope>`

/** The mail with the button, and the blind copies that an administrator wants (SPO-085, SPO-087). */
export const sharingMail = (
  { world, actor }: Call<SpoWorld>,
  o: {
    readonly site: Site
    readonly item?: DriveItem
    readonly to: string
    readonly link: string
  },
): readonly OutgoingMail[] => {
  const sharer = userOf(world, actor.id)?.displayName ?? actor.id
  const what = o.item === undefined ? o.site.title : nameOf(o.item)
  const mail: OutgoingMail = {
    kind: "sharing-notification",
    from: "no-reply@sharepointonline.com",
    to: o.to,
    subject: `${sharer} shared "${what}" with you`,
    text: `${sharer} invited you. Open: ${what}`,
    link: o.link,
    ...(isFaultOn(world, faultNames.mailDelayed) ? { delayMillis: minutes(mailDelayMinutes) } : {}),
    ...(personOf(world, o.to) === undefined ? { isLost: true } : {}),
  }
  const isOutside = userOf(world, o.to)?.userType !== "Member"
  const copies =
    isOutside && tenantSetting(world, "BccExternalSharingInvitations")
      ? tenantSetting(world, "BccExternalSharingInvitationsList")
          .split(",")
          .map((it) => it.trim().toLowerCase())
          .filter((it) => it !== "")
      : []
  return [
    mail,
    // The copy shows what was sent; it carries no key to the item.
    ...copies.map(
      (to): OutgoingMail => ({
        kind: "notification",
        from: mail.from,
        to,
        subject: mail.subject,
        text: `Copy of an invitation to ${o.to}.`,
      }),
    ),
  ]
}

/** What the owner of a OneDrive is told (SPO-040, SPO-085). */
const ownerMail = (
  { world, actor }: Call<SpoWorld>,
  site: Site,
  item: DriveItem,
  link: SharingLink,
): readonly OutgoingMail[] => {
  if (site.kind !== "OneDrive") return []
  const notice = (subject: string): OutgoingMail => ({
    kind: "notification",
    from: "no-reply@sharepointonline.com",
    to: site.owner,
    subject,
    text: `Item: ${nameOf(item)}`,
  })
  const isReshared = actor.id.toLowerCase() !== site.owner
  return [
    ...(link.scope === "anonymous" && tenantSetting(world, "OwnerAnonymousNotification")
      ? [notice("An Anyone link was created in your OneDrive")]
      : []),
    ...(isReshared && tenantSetting(world, "NotifyOwnersWhenItemsReshared")
      ? [notice("An item in your OneDrive was shared on")]
      : []),
  ]
}
