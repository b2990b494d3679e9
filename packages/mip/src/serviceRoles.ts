import { groupsOf, userOf } from "@twin/identity"
import type { ServiceRole } from "./ServiceLedger.ts"
import { ledgerOf, type MipWorld } from "./State.ts"

/**
 * The roles that the service itself gave to somebody, as a user or through a group. The groups need
 * no address, and their members count as they are now (MIP-010).
 */
export const serviceRolesOf = (world: MipWorld, address: string): readonly ServiceRole[] => {
  const { administrators } = ledgerOf(world)
  const user = userOf(world, address)
  if (user === undefined || administrators.length === 0) return []
  const ids = new Set([user.id, ...groupsOf(world, address).map(({ id }) => id)])
  return administrators.filter(({ objectId }) => ids.has(objectId)).map((it) => it.role)
}
