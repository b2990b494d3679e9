import type { Call } from "@twin/kernel"
import { normalizeAddress } from "../Address.ts"
import type { IdentityWorld } from "../State.ts"
import { type InvitationOutcome, type InvitationRequest, inviteGuest } from "./inviteGuest.ts"
import { logOf } from "./logged.ts"

/**
 * An invitation that another service sends: the same guest, and the lines that Entra writes into its
 * own log, whether the invitation is made or refused (IDN-265, IDN-266).
 */
export const inviteGuestLogged = (
  call: Call<IdentityWorld>,
  request: InvitationRequest,
): InvitationOutcome => {
  const outcome = inviteGuest(call, request)
  const lines = logOf(call, outcome, false, ` of ${normalizeAddress(request.address)}`)
  return { ...outcome, events: [...outcome.events, ...lines] }
}
