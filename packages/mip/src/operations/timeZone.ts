import { userOf } from "@twin/identity"
import { type Call, decideByGates, deny, gate, operation, pass, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import type { DomainEvent } from "../DomainEvent.ts"
import type { MipWorld } from "../State.ts"
import { isTimeZone, timeZoneProperty } from "../timeZone.ts"

const zoneKnown = gate<{ readonly isKnown: boolean; readonly isUser: boolean }>()({
  name: "time-zone",
  facts: ["MIP-084"],
  reads: ["isKnown", "isUser"],
  check: ({ isKnown, isUser }) =>
    isKnown && isUser
      ? pass("The time zone is one that is known.")
      : deny("There is no such time zone, or no such user.", { isKnown, isUser }),
})

/** Dates that an administrator gives are days of the time zone set here (MIP-084). */
export const setTimeZone = operation({
  name: "set-time-zone",
  summary: "Sets the time zone of whoever asks: dates in labels are days there.",
  params: Schema.Struct({
    zone: Schema.NonEmptyString.annotate({ description: "Europe/Berlin, or +02:00" }),
  }),
  facts: ["MIP-084"],
  decide: ({ world, actor, now }: Call<MipWorld>, { zone }): Ruling<DomainEvent> => {
    const user = userOf(world, actor.id)
    const facets = { isKnown: isTimeZone(zone), isUser: user !== undefined }
    const decision = decideByGates([zoneKnown], facets)
    if (decision.outcome !== "allow" || user === undefined) return { decision }
    const profile = { ...user.profile, [timeZoneProperty]: zone }
    return {
      decision,
      events: [{ _tag: "UserUpdated", userId: user.id, changes: { profile }, at: now }],
      output: [{ zone }],
    }
  },
})
