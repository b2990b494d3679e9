import { type Call, decidingGate, isoOf, type OutputObject, operation } from "@twin/kernel"
import { Schema } from "effect"
import { sharingLine } from "../auditLines.ts"
import type { DriveItem } from "../DriveItem.ts"
import { evaluateShare, type Share, type ShareRequest } from "../decisions/evaluateShare.ts"
import { missing } from "../decisions/missing.ts"
import { defaultSharingLink } from "../in-force/defaultSharingLink.ts"
import { isExpired, type LinkRole, type LinkScope, type SharingLink } from "../SharingLink.ts"
import type { Site } from "../Site.ts"
import { itemOf, linksOfItem, type SpoWorld, siteOf, webUrlOf } from "../State.ts"
import { guestStays, linkResult, memberAudit, newLink } from "./carryOutShare.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { itemParameters, linkParameters, momentOf, to } from "./shareParameters.ts"

/** A link as somebody asks for it, in the dialog or through Graph. */
interface LinkWish {
  readonly file: string
  readonly site?: string
  readonly to?: readonly string[]
  readonly scope?: LinkScope
  readonly role?: LinkRole
  readonly expiration?: string
  readonly password?: string
}

type LinkRequest = ShareRequest & { readonly item: DriveItem; readonly scope: LinkScope }

/** What a wish without scope or role gets: the default link of this place (SPO-058, SPO-257). */
const requestOf = (
  world: SpoWorld,
  site: Site,
  item: DriveItem,
  wish: LinkWish & { readonly isGraph: boolean },
): LinkRequest => {
  const preselected = defaultSharingLink(world, site, item)
  const role = preselected.role === "review" && item.kind === "folder" ? "view" : preselected.role
  const expiresAt = momentOf(wish.expiration)
  return {
    site,
    item,
    scope: wish.scope ?? preselected.scope,
    role: wish.role ?? role,
    to: wish.to ?? [],
    hasPassword: wish.password !== undefined,
    isGraph: wish.isGraph,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

const share = (call: Call<SpoWorld>, wish: LinkWish & { readonly isGraph: boolean }): SpoRuling => {
  const { world } = call
  const item = itemOf(world, wish.file, wish.site)
  const site = item === undefined ? undefined : siteOf(world, item.site)
  if (item === undefined || site === undefined) return { decision: missing("item") }
  const request = requestOf(world, site, item, wish)
  const answer = evaluateShare(call, request)
  if (answer.decision.outcome !== "allow") {
    return { decision: answer.decision, ...refusedTraces(site, item, answer) }
  }
  const reused = wish.isGraph ? linkToReuse(call, request) : undefined
  if (reused !== undefined) return extended(call, request, reused, answer)
  const link = newLink(call, request, answer.recipients, wish.password)
  const result = linkResult(call, site, item, link, answer.recipients)
  return {
    decision: answer.decision,
    events: result.events,
    audit: result.audit,
    // Through Graph nobody is told unless the caller asks for it (SPO-255).
    mail: wish.isGraph ? [] : result.mail,
    output: [rowOf(item, link, 201)],
  }
}

/**
 * SharePoint notes a refused domain and no other refusal (SPO-078, SPO-302); Entra notes an
 * invitation that it refused (IDN-265).
 */
export const refusedTraces = (
  site: Site,
  item: DriveItem | undefined,
  { decision, refusedAt, refusedInvitation }: Share,
): Required<Pick<SpoRuling, "events" | "audit">> => ({
  events: refusedInvitation?.events ?? [],
  audit: [
    ...(refusedInvitation?.audit ?? []),
    ...(decidingGate(decision).name.endsWith("-domain-limit")
      ? [
          sharingLine("SharingInvitationBlocked", site, item, {
            target: { name: refusedAt ?? "", type: "Guest" },
          }),
        ]
      : []),
  ],
})

/** Graph gives back the link that the same caller has of this type and scope (SPO-256). */
const linkToReuse = (
  { world, actor, now }: Call<SpoWorld>,
  { item, scope, role, expiresAt }: LinkRequest,
): SharingLink | undefined =>
  linksOfItem(world, item.id).find(
    (it) =>
      it.removedAt === undefined &&
      !isExpired(it, now) &&
      it.scope === scope &&
      it.role === role &&
      it.createdBy === actor.id &&
      it.passwordDigest === undefined &&
      expiresAt === undefined,
  )

/** The same link, with whoever is new on it. */
const extended = (
  call: Call<SpoWorld>,
  { item, site }: LinkRequest,
  link: SharingLink,
  { decision, recipients }: Share,
): SpoRuling => {
  const added = recipients.filter(
    ({ address }) => !link.members.some((member) => member.address === address),
  )
  const invitations = added.flatMap(({ invitation }) => invitation ?? [])
  return {
    decision,
    events:
      link.scope !== "users" || added.length === 0
        ? []
        : [
            ...invitations.flatMap(({ events }) => events),
            {
              _tag: "LinkMembersAdded",
              linkId: link.id,
              members: added.map(({ address, addedAs }) => ({ address, addedAs })),
              sentTo: [],
              at: call.now,
            },
            ...guestStays(call, site, added),
          ],
    audit: [
      ...invitations.flatMap(({ audit }) => audit),
      ...memberAudit(site, item, link.id, added),
    ],
    output: [rowOf(item, link, 200)],
  }
}

/** What a next step needs: `link` opens, `id` names the link in the audit log. */
const rowOf = (item: DriveItem, link: SharingLink, status: 200 | 201): OutputObject => ({
  id: link.id,
  link: link.token,
  file: item.id,
  webUrl: webUrlOf(item),
  scope: link.scope,
  role: link.role,
  preventsDownload: link.role === "restrictedView",
  hasPassword: link.passwordDigest !== undefined,
  expires: link.expiresAt === undefined ? null : isoOf(link.expiresAt),
  status,
})

/** The Share dialog: a link, sent by mail. */
export const shareFile: SpoOperation = operation({
  name: "share-file",
  summary: "Shares a file or folder in the Share dialog and sends the link by mail.",
  params: Schema.Struct({ ...itemParameters, to: Schema.optionalKey(to), ...linkParameters }),
  facts: ["SPO-300", "SPO-302", "SPO-307"],
  secrets: ["password"],
  decide: (call: Call<SpoWorld>, wish) => share(call, { ...wish, isGraph: false }),
})

/** Graph's createLink: a link, or the one there is. */
export const createLink: SpoOperation = operation({
  name: "create-link",
  summary: "Creates a sharing link through Graph, or gives back the one there is.",
  params: Schema.Struct({ ...itemParameters, to: Schema.optionalKey(to), ...linkParameters }),
  facts: ["SPO-255", "SPO-256", "SPO-257", "SPO-264"],
  secrets: ["password"],
  decide: (call: Call<SpoWorld>, wish) => share(call, { ...wish, isGraph: true }),
})
