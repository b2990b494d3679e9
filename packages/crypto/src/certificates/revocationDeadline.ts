import { days, hours } from "@twin/kernel"

/**
 * How long an authority may take, once it knows of a problem, to revoke a certificate or subordinate:
 * the texts differ (CRY-194).
 */
export const revocationDeadlines = {
  "24 hours": hours(24),
  "7 days": days(7),
} as const
export type RevocationDeadline = keyof typeof revocationDeadlines

/** The shortest notice is what a pin has to live with. */
export const shortestNotice: RevocationDeadline = "24 hours"

/** The last moment at which the authority still stands, in epoch milliseconds. */
export const revokedBy = (knownSince: number, deadline: RevocationDeadline): number =>
  knownSince + revocationDeadlines[deadline]
