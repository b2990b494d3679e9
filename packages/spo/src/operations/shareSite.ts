import { groupOf, userOf } from "@twin/identity"
import { andThen, type Call, decideByGates, deny, gate, operation, pass } from "@twin/kernel"
import { containerSettingsOf } from "@twin/mip"
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
import { refusedTraces } from "./shareFile.ts"
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

interface GuestFacets {
  readonly isGuestAccessOff: boolean
  readonly newGuests: number
}

/** Guest access off keeps new guests out; those who are there stay (MIP-217). */
const guestsAdmitted = gate<GuestFacets>()({
  name: "container-guest-access",
  facts: ["MIP-216", "MIP-217"],
  reads: ["isGuestAccessOff", "newGuests"],
  check: ({ isGuestAccessOff, newGuests }) =>
    isGuestAccessOff && newGuests > 0
      ? deny(
          "The label of the site admits no new guests.",
          { newGuests },
          {
            message: "The sensitivity label of this site doesn't allow guests to be added.",
          },
        )
      : pass("The label of the site, if it has one, has nothing against these people.", {
          newGuests,
        }),
})

const guestFacets = (
  { world }: Call<SpoWorld>,
  site: Site,
  recipients: readonly { readonly address: string }[],
): GuestFacets => ({
  isGuestAccessOff:
    site.labelId !== undefined &&
    containerSettingsOf(world, site.labelId)?.allowAccessToGuestUsers === false,
  newGuests: recipients.filter(({ address }) => {
    const user = userOf(world, address)
    const isMember = user !== undefined && user.userType === "Member"
    const isThere = site.assignments.some(({ principal }) => principal === address)
    return !isMember && !isThere && groupOf(world, address) === undefined
  }).length,
})

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
    const { recipients } = answer
    const decision = andThen(answer.decision, () =>
      decideByGates([guestsAdmitted], guestFacets(call, site, recipients)),
    )
    if (decision.outcome !== "allow") {
      return { decision, ...refusedTraces(site, undefined, answer) }
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
