import { type Due, decideByGates, gate, isFaultOn, minutes, pass } from "@twin/kernel"
import { HashMap, Option } from "effect"
import type { IdentityEvent } from "./IdentityEvent.ts"
import type { IdentityWorld } from "./State.ts"

/** How long an invitation stays in progress while its processing is delayed. */
const processingMinutes = 15

const processed = gate<{ readonly isReached: boolean }>()({
  name: "invitation-processed",
  facts: ["IDN-017"],
  reads: ["isReached"],
  check: ({ isReached }) =>
    isReached
      ? pass("The invitation waits for its answer now, and its mail goes out.", { isReached })
      : pass("The directory could not be reached: the invitation ends in an error.", { isReached }),
})

/** Invitations that the service still works on come to an end (IDN-017). */
export const dueInvitations = (
  world: IdentityWorld,
  until: number,
): readonly Due<IdentityEvent>[] =>
  world.identity.partnership.invitationsInProgress
    .map(({ id, at }) => ({ id, at: at + minutes(processingMinutes) }))
    .filter(({ at }) => at <= until)
    .map(({ id, at }) => {
      const invitation = Option.getOrUndefined(HashMap.get(world.identity.invitations, id))
      const isReached = !isFaultOn(world, "directory-outage")
      return {
        at,
        name: "invitation-processed",
        decision: decideByGates([processed], { isReached }),
        events: [
          {
            _tag: "InvitationStatusChanged" as const,
            invitationId: id,
            status: isReached ? ("PendingAcceptance" as const) : ("Error" as const),
            at,
          },
        ],
        mail:
          invitation === undefined || !isReached
            ? []
            : [
                {
                  kind: "invitation" as const,
                  from: "invites@microsoft.com",
                  to: invitation.invitedUserEmailAddress,
                  subject: "You have been invited",
                  text: "Accept the invitation only if you trust this organization.",
                  link: invitation.ticket,
                },
              ],
      }
    })
