import { groupOf } from "@twin/identity"
import { type Call, operation } from "@twin/kernel"
import { Schema } from "effect"
import { sharingLine, siteLine } from "../auditLines.ts"
import { evaluateManageSite } from "../decisions/evaluateManage.ts"
import { evaluateShare } from "../decisions/evaluateShare.ts"
import { missing } from "../decisions/missing.ts"
import { PermissionLevel, type Site } from "../Site.ts"
import type { SpoEvent } from "../SpoEvent.ts"
import { type SpoWorld, siteOf } from "../State.ts"
import { directAudit, guestStays, sharingMail } from "./carryOutShare.ts"
import type { SpoOperation } from "./SpoOperation.ts"
import { refusedAudit } from "./shareFile.ts"
import { to } from "./shareParameters.ts"

/** Somebody's place on the site; a mail-enabled or named group keeps its object id. */
const assigned = (
  { world, now }: Call<SpoWorld>,
  site: Site,
  address: string,
  level: PermissionLevel,
): SpoEvent => {
  const group = groupOf(world, address)
  return {
    _tag: "SiteAssignmentAdded",
    url: site.url,
    assignment:
      group === undefined
        ? { kind: "person", principal: address, level }
        : { kind: "group", principal: group.id, level },
    at: now,
  }
}

/** Sharing a whole site: always through Entra, never by an Anyone link (SPO-004, SPO-105). */
export const shareSite: SpoOperation = operation({
  name: "share-site",
  summary: "Gives people a permission on a whole site; new outsiders become guests.",
  params: Schema.Struct({
    site: Schema.NonEmptyString.annotate({ description: "Address or name of the site" }),
    to,
    level: Schema.optionalKey(PermissionLevel.annotate({ description: "Read unless given" })),
  }),
  facts: ["SPO-004", "SPO-105", "SPO-242", "SPO-243", "SPO-300"],
  decide: (call: Call<SpoWorld>, { site: name, to: addresses, level = "Read" }) => {
    const site = siteOf(call.world, name)
    if (site === undefined) return { decision: missing("site") }
    const role = level === "Read" || level === "View Only" ? "view" : "edit"
    const answer = evaluateShare(call, { site, scope: "site", role, to: addresses })
    const { decision, recipients } = answer
    if (decision.outcome !== "allow") {
      return { decision, audit: refusedAudit(site, undefined, answer) }
    }
    const invitations = recipients.flatMap(({ invitation }) => invitation ?? [])
    return {
      decision,
      events: [
        ...invitations.flatMap(({ events }) => events),
        ...recipients.map(({ address }) => assigned(call, site, address, level)),
        ...guestStays(call, site, recipients),
      ],
      audit: [
        ...invitations.flatMap(({ audit }) => audit),
        ...recipients.flatMap((it) =>
          it.kind === "new-guest"
            ? [
                sharingLine("SharingInvitationCreated", site, undefined, {
                  target: { name: it.address, type: "Guest" },
                }),
              ]
            : directAudit(site, undefined, it),
        ),
      ],
      mail: recipients.flatMap(({ address }) =>
        sharingMail(call, { site, to: address, link: site.url }),
      ),
      output: [{ id: site.url, site: site.url, level }],
    }
  },
})

/** Owners of a site say what members may share: a page of the site, no cmdlet (SPO-070). */
export const setMembersCanShare: SpoOperation = operation({
  name: "set-members-can-share",
  summary: "Sets, as an owner of the site, what its members may share.",
  params: Schema.Struct({
    site: Schema.NonEmptyString.annotate({ description: "Address or name of the site" }),
    membersCanShare: Schema.Literals([
      "MemberShareAll",
      "MemberShareFileAndFolder",
      "MemberShareNone",
    ]).annotate({ description: "Who may share what" }),
  }),
  facts: ["SPO-070"],
  decide: (call: Call<SpoWorld>, { site: name, membersCanShare }) => {
    const site = siteOf(call.world, name)
    if (site === undefined) return { decision: missing("site") }
    const decision = evaluateManageSite(call, site)
    return decision.outcome === "allow"
      ? {
          decision,
          events: [
            {
              _tag: "SiteSettingsChanged",
              url: site.url,
              changes: { MembersCanShare: membersCanShare },
              at: call.now,
            },
          ],
          audit: [siteLine("WebMembersCanShareModified", site.url)],
        }
      : { decision }
  },
})
