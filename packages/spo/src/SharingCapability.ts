import { Schema } from "effect"

/** From the strictest to the most open: the order of rank, not of the service's integers (SPO-002). */
const byRank = [
  "Disabled",
  "ExistingExternalUserSharingOnly",
  "ExternalUserSharingOnly",
  "ExternalUserAndGuestSharing",
] as const

/** How far sharing may go: of the tenant, a partition, a OneDrive or a site (SPO-001). */
export const SharingCapability = Schema.Literals(byRank)
export type SharingCapability = typeof SharingCapability.Type

/** 0 is the strictest. */
export const rankOf = (level: SharingCapability): number => byRank.indexOf(level)

/** Whether a level admits what needs at least `floor`; a higher level never removes lower options. */
export const isAtLeast = (level: SharingCapability, floor: SharingCapability): boolean =>
  rankOf(level) >= rankOf(floor)

/** The integers of the service's own enumeration: their order is not the order of permissiveness. */
export const integerOf: Readonly<Record<SharingCapability, number>> = {
  Disabled: 0,
  ExternalUserSharingOnly: 1,
  ExternalUserAndGuestSharing: 2,
  ExistingExternalUserSharingOnly: 3,
}

/** What the admin center calls the levels. */
export const adminCenterName: Readonly<Record<SharingCapability, string>> = {
  Disabled: "Only people in your organization",
  ExistingExternalUserSharingOnly: "Existing guests",
  ExternalUserSharingOnly: "New and existing guests",
  ExternalUserAndGuestSharing: "Anyone",
}
