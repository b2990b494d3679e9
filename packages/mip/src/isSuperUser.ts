import { userOf } from "@twin/identity"
import { groupAddressesOf } from "./membership.ts"
import { type MipWorld, rmsServiceOf } from "./State.ts"

/** The feature is on and the account is on the list or in the group (MIP-068 to MIP-070). */
export const isSuperUser = (world: MipWorld, address: string, now: number): boolean => {
  const { superUserFeature, superUsers, superUserGroup } = rmsServiceOf(world)
  if (superUserFeature === "Disabled") return false
  const user = userOf(world, address)
  if (user === undefined) return false
  // Aliases are not evaluated: primary address or principal name (MIP-069).
  const names = [user.mail, user.userPrincipalName].map((it) => it?.toLowerCase())
  if (superUsers.some((it) => names.includes(it.toLowerCase()))) return true
  return (
    superUserGroup !== undefined &&
    groupAddressesOf(world, address, now).includes(superUserGroup.toLowerCase())
  )
}
