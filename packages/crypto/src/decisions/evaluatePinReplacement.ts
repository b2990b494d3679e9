import { type Decision, decideByGates, deny, gate, isoOf, pass } from "@twin/kernel"
import {
  type RevocationDeadline,
  revokedBy,
  shortestNotice,
} from "../certificates/revocationDeadline.ts"

/** An application pins an authority that has to be revoked. */
export interface PinReplacement {
  /** Whether the authority stands on the list at this moment. */
  readonly isListed: boolean
  /** Moments in epoch milliseconds. */
  readonly knownSince: number
  readonly now: number
  /** What it takes to bring another pin to every copy of the application. */
  readonly replacementMillis: number
  /** An accepted pin beside the one that goes: nothing has to be replaced in time. */
  readonly hasSecondPin?: boolean
  readonly deadline?: RevocationDeadline
}

interface PinFacets {
  readonly isListed: boolean
  readonly hasSecondPin: boolean
  readonly isRevoked: boolean
  readonly isInTime: boolean
  readonly deadline: RevocationDeadline
  readonly revokedBy: string
  readonly replacedBy: string
}

const pinned = gate<PinFacets>()({
  name: "pinned-authority",
  facts: ["CRY-191", "CRY-194"],
  reads: ["isListed"],
  check: ({ isListed }) =>
    isListed
      ? pass("The authority that the application insists on is on the list.")
      : deny("No authority of the list fits, so the pin accepts nothing even now."),
})

const replaceable = gate<PinFacets>()({
  name: "pin-replaceable",
  facts: ["CRY-194"],
  reads: ["hasSecondPin", "isRevoked", "isInTime", "deadline", "revokedBy", "replacedBy"],
  check: ({ hasSecondPin, isRevoked, isInTime, ...details }) => {
    const { deadline, revokedBy: end, replacedBy } = details
    const shown = { deadline, revokedBy: end, replacedBy }
    if (hasSecondPin) return pass("Another accepted pin keeps the clients in.", shown)
    if (isInTime) return pass("The new pin is everywhere before the authority is revoked.", shown)
    return isRevoked
      ? deny("The authority is revoked, and the clients still insist on it.", shown)
      : deny("The authority is revoked before the new pin is everywhere.", shown)
  },
})

/** Whether pinned clients outlive a revocation at the notice that industry rules give (CRY-194). */
export const evaluatePinReplacement = (o: PinReplacement): Decision => {
  const deadline = o.deadline ?? shortestNotice
  const end = revokedBy(o.knownSince, deadline)
  const replaced = Math.max(o.now, o.knownSince) + o.replacementMillis
  return decideByGates([pinned, replaceable], {
    isListed: o.isListed,
    hasSecondPin: o.hasSecondPin ?? false,
    isRevoked: end < o.now,
    isInTime: replaced <= end,
    deadline,
    revokedBy: isoOf(end),
    replacedBy: isoOf(replaced),
  })
}
