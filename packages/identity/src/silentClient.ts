import { HashMap, Option } from "effect"
import { normalizeAddress } from "./Address.ts"
import { personOf } from "./directory.ts"
import type { IdentityWorld } from "./State.ts"

/**
 * The world as a program sees it that shows no sign-in page of this tenant: a second factor that its
 * user gave on such a page, in a browser, is not in the program's own session (IDN-090). What the home
 * tenant has proven stays.
 */
export const asSilentClient = <W extends IdentityWorld>(world: W, address: string): W => {
  const key = personOf(world, address)?.address ?? normalizeAddress(address)
  const { sessions } = world.identity
  const session = Option.getOrUndefined(HashMap.get(sessions, key))
  if (session?.mfa?.tenant !== "resource") return world
  const { mfa: _, ...rest } = session
  return {
    ...world,
    identity: { ...world.identity, sessions: HashMap.set(sessions, key, rest) },
  }
}
