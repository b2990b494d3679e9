import { type InvitationRestrictions, organizationOf, restrictionsAsOf } from "@twin/identity"
import { days } from "@twin/kernel"
import type { SpoWorld } from "../State.ts"

/** How long SharePoint goes by what it has read before it reads again (IDN-077, SPO-113). */
export const copyLifeDays = 1

/** What SharePoint knows of the invitation restrictions of Entra, and since when. */
export interface EntraPolicyCopy {
  readonly restrictions: InvitationRestrictions
  /** Epoch milliseconds. */
  readonly takenAt: number
  /** The daily refresh, or an administrator with `-SyncAadB2BManagementPolicy $true`. */
  readonly takenBy: "daily-refresh" | "administrator"
}

/**
 * The copy that SharePoint reads at a moment. It is taken every day at the hour at which the
 * organization was made, so that a change arrives within a day, and at once when it is forced.
 */
export const entraPolicyCopyOf = (world: SpoWorld, now: number): EntraPolicyCopy => {
  const first = organizationOf(world)?.createdAt ?? now
  const life = days(copyLifeDays)
  const refreshedAt = first + Math.max(0, Math.floor((now - first) / life)) * life
  const forced = world.spo.entraPolicyCopied
  return forced !== undefined && forced.at > refreshedAt
    ? { restrictions: forced.restrictions, takenAt: forced.at, takenBy: "administrator" }
    : {
        restrictions: restrictionsAsOf(world.identity.settings, refreshedAt),
        takenAt: refreshedAt,
        takenBy: "daily-refresh",
      }
}
