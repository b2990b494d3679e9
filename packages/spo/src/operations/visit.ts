import { type AuditEntry, type Call, decidingGate } from "@twin/kernel"
import { sharingLine } from "../auditLines.ts"
import type { DriveItem } from "../DriveItem.ts"
import type { Access } from "../decisions/evaluateAccess.ts"
import { inviteFromSharePoint } from "../decisions/inviteFromSharePoint.ts"
import { guestOnDemandStep } from "../decisions/routeGates.ts"
import type { Site } from "../Site.ts"
import type { SpoWorld } from "../State.ts"
import { visitorOf } from "../Visitor.ts"
import type { EmittedEvent } from "./SpoOperation.ts"

/** What a visit leaves behind, beside the file itself. */
export interface Trace {
  readonly events: readonly EmittedEvent[]
  readonly audit: readonly AuditEntry[]
}

const usedAs = {
  anonymous: "AnonymousLinkUsed",
  organization: "CompanyLinkUsed",
  users: "SecureLinkUsed",
  existingAccess: undefined,
} as const

/** The link that let somebody in is noted; an organization link is redeemed by it (SPO-022, SPO-244). */
export const traceOfVisit = (
  { world, actor, now }: Call<SpoWorld>,
  { route }: Access,
  site: Site,
  item: DriveItem,
): Trace => {
  const link = route?.link
  if (link === undefined) return { events: [], audit: [] }
  const operation = usedAs[link.scope]
  const { address } = visitorOf(world, actor)
  const isNew = link.scope === "organization" && !link.redeemedBy.includes(address)
  return {
    events: isNew ? [{ _tag: "LinkRedeemed", linkId: link.id, address, at: now }] : [],
    audit: operation === undefined ? [] : [sharingLine(operation, site, item, { linkId: link.id })],
  }
}

/**
 * An older link opened by somebody without an account, while the integration is on: a guest is made
 * on behalf of whoever made the link (SPO-111). The visitor then signs in and comes again.
 */
export const guestOnDemand = (call: Call<SpoWorld>, { decision, route }: Access): Trace => {
  const link = route?.link
  const isAsked =
    decision.outcome === "challenge" &&
    decidingGate(decision).details["next"] === guestOnDemandStep &&
    link?.scope === "users"
  if (!isAsked || link === undefined) return { events: [], audit: [] }
  const visitor = visitorOf(call.world, call.actor)
  const named = link.members.find(
    ({ address }) => visitor.addresses.includes(address) || visitor.aliases.includes(address),
  )
  if (named === undefined) return { events: [], audit: [] }
  const onBehalfOf = {
    ...call,
    actor: { ...call.actor, id: link.createdBy, kind: "member" as const },
  }
  const outcome = inviteFromSharePoint(onBehalfOf, { address: named.address, sendMail: false })
  return {
    events: [
      ...outcome.events,
      ...(outcome.user === undefined
        ? []
        : [
            {
              _tag: "LinkMembersAdded" as const,
              linkId: link.id,
              members: [{ address: named.address, addedAs: "guest" as const }],
              sentTo: [],
              at: call.now,
            },
          ]),
    ],
    audit: outcome.audit,
  }
}
