import { type AuditEntry, type Call, operation } from "@twin/kernel"
import { Schema } from "effect"
import { sharingLine } from "../auditLines.ts"
import type { DriveItem } from "../DriveItem.ts"
import { evaluateManageItem, evaluateManageSite } from "../decisions/evaluateManage.ts"
import { missing } from "../decisions/missing.ts"
import { guestExpiryFor } from "../in-force/guestExpiration.ts"
import type { SharingLink } from "../SharingLink.ts"
import type { Site } from "../Site.ts"
import type { SpoEvent } from "../SpoEvent.ts"
import { itemById, itemOf, linkOf, linksOfItem, type SpoWorld, siteOf } from "../State.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { itemParameters } from "./shareParameters.ts"

/** Deleting a link ends it for everybody who came in through it (SPO-029, SPO-245). */
const withoutLink = (
  site: Site,
  item: DriveItem,
  link: SharingLink,
  now: number,
): Pick<SpoRuling, "events" | "audit"> => {
  const linkId = link.id
  const removed: Readonly<Record<SharingLink["scope"], readonly AuditEntry[]>> = {
    anonymous: [sharingLine("AnonymousLinkRemoved", site, item, { linkId })],
    organization: [sharingLine("CompanyLinkRemoved", site, item, { linkId })],
    users: [
      ...link.members.map(({ address: name, addedAs }) =>
        sharingLine("RemovedFromSecureLink", site, item, {
          linkId,
          target: { name, type: addedAs === "member" ? "Member" : "Guest" },
        }),
      ),
      sharingLine("SecureLinkDeleted", site, item, { linkId }),
    ],
    existingAccess: [],
  }
  return { events: [{ _tag: "LinkRemoved", linkId, at: now }], audit: removed[link.scope] }
}

/** Takes one person off the links and direct permissions of this item; other routes stay (SPO-303). */
const withoutPerson = (
  world: SpoWorld,
  site: Site,
  item: DriveItem,
  who: string,
  now: number,
): Pick<SpoRuling, "events" | "audit"> => {
  const address = who.trim().toLowerCase()
  const target = { name: address, type: "Guest" as const }
  const links = linksOfItem(world, item.id).filter(
    (it) =>
      it.removedAt === undefined &&
      (it.members.some((member) => member.address === address) || it.redeemedBy.includes(address)),
  )
  const isGranted = item.grants.some((it) => it.address === address)
  const events: readonly SpoEvent[] = [
    ...links.map(({ id }) => ({
      _tag: "LinkMemberRemoved" as const,
      linkId: id,
      address,
      at: now,
    })),
    ...(isGranted
      ? [{ _tag: "DirectGrantRemoved" as const, itemId: item.id, address, at: now }]
      : []),
  ]
  return {
    events,
    audit: [
      ...links.map(({ id }) =>
        sharingLine("RemovedFromSecureLink", site, item, { linkId: id, target }),
      ),
      ...(isGranted ? [sharingLine("SharingRevoked", site, item, { target })] : []),
    ],
  }
}

/** Manage access: deletes a link, or takes a person off this item. */
export const removeAccess: SpoOperation = operation({
  name: "remove-access",
  summary: "Deletes a sharing link, or takes one person off the links and permissions of an item.",
  params: Schema.Struct({
    file: Schema.optionalKey(itemParameters.file),
    site: itemParameters.site,
    link: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Token or id of the link to delete" }),
    ),
    who: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Address of the person" }),
    ),
  }),
  facts: ["SPO-029", "SPO-245", "SPO-303"],
  decide: (call: Call<SpoWorld>, { file, site: siteName, link: token, who }): SpoRuling => {
    const { world, now } = call
    const link = token === undefined ? undefined : linkOf(world, token)
    if (token !== undefined && link === undefined) return { decision: missing("link") }
    const item =
      link === undefined
        ? file === undefined
          ? undefined
          : itemOf(world, file, siteName)
        : itemById(world, link.itemId)
    const site = item === undefined ? undefined : siteOf(world, item.site)
    if (item === undefined || site === undefined) return { decision: missing("item") }
    const decision = evaluateManageItem(call, site, item)
    if (decision.outcome !== "allow") return { decision }
    if (link !== undefined && who === undefined) {
      return { decision, ...withoutLink(site, item, link, now) }
    }
    return who === undefined
      ? { decision }
      : { decision, ...withoutPerson(world, site, item, who, now) }
  },
})

/** Site admins extend a guest's stay, or end it now; the guest is not told (SPO-093). */
export const reviewGuest: SpoOperation = operation({
  name: "review-guest-expiration",
  summary: "Extends a guest's access to a site by the policy's days, or removes the guest at once.",
  params: Schema.Struct({
    site: Schema.NonEmptyString.annotate({ description: "Address or name of the site" }),
    who: Schema.NonEmptyString.annotate({ description: "Address of the guest" }),
    answer: Schema.Literals(["extend", "remove"]).annotate({ description: "What happens" }),
  }),
  facts: ["SPO-093"],
  decide: (call: Call<SpoWorld>, { site: name, who, answer }): SpoRuling => {
    const site = siteOf(call.world, name)
    if (site === undefined) return { decision: missing("site") }
    const decision = evaluateManageSite(call, site)
    if (decision.outcome !== "allow") return { decision }
    const address = who.trim().toLowerCase()
    const expiresAt = guestExpiryFor(call.world, site, call.now)
    return {
      decision,
      events:
        answer === "remove"
          ? [{ _tag: "GuestRemovedFromSite", url: site.url, address, at: call.now }]
          : [
              {
                _tag: "GuestExpirationChanged",
                url: site.url,
                address,
                at: call.now,
                ...(expiresAt === undefined ? {} : { expiresAt }),
              },
            ],
    }
  },
})
