import { isoOf, type OutgoingMail } from "@twin/kernel"
import type { DomainEvent } from "../DomainEvent.ts"
import type { MipWorld } from "../State.ts"
import { sharedContentOf } from "./SharingApplication.ts"

/**
 * Mails to senders who asked to be told: one for each request for a licence, with who, when and whether
 * it succeeded. What opens from a licence on the device asks nobody, and so nobody is told (MIP-270).
 */
export const attemptMails = (
  world: MipWorld,
  events: readonly DomainEvent[],
): readonly OutgoingMail[] =>
  events.flatMap((event) => {
    if (event._tag !== "LicenceRequested") return []
    const shared = sharedContentOf(world, event.contentId)
    if (shared === undefined || !shared.isNotified) return []
    const { address, at, isGranted } = event.attempt
    const outcome = isGranted ? "opened" : "could not open"
    return [
      {
        kind: "notification",
        from: "no-reply@microsoft.com",
        to: shared.by,
        subject: `${address} ${outcome} ${shared.name}`,
        text: `${address} tried to open ${shared.name} on ${isoOf(at)}: ${isGranted ? "access granted" : "access denied"}.`,
      },
    ]
  })
