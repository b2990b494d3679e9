import { type InvitationOutcome, type InvitationRequest, inviteGuestLogged } from "@twin/identity"
import { andThen, type Call } from "@twin/kernel"
import type { SpoWorld } from "../State.ts"
import { evaluateEntraCopy } from "./evaluateEntraCopy.ts"

/**
 * An invitation that SharePoint sends: its own copy of the restrictions is asked first, then Entra
 * (Interactions 1). What the copy refuses never reaches Entra.
 */
export const inviteFromSharePoint = (
  call: Call<SpoWorld>,
  request: InvitationRequest,
): InvitationOutcome => {
  const copy = evaluateEntraCopy(call, request.address)
  if (copy.outcome !== "allow") return { decision: copy, events: [], audit: [], mail: [] }
  const outcome = inviteGuestLogged(call, request)
  return { ...outcome, decision: andThen(copy, () => outcome.decision) }
}
