import { CryptoEvent, evolveCrypto } from "@twin/crypto"
import { evolveIdentity, IdentityEvent } from "@twin/identity"
import type { Call } from "@twin/kernel"
import { evolve } from "./evolve.ts"
import { MipEvent } from "./MipEvent.ts"
import type { MipWorld } from "./State.ts"

const crypto = new Set(Object.keys(CryptoEvent.cases))
const identity = new Set(Object.keys(IdentityEvent.cases))
const mip = new Set(Object.keys(MipEvent.cases))

/**
 * The world after events that are not yet in the journal: a content is protected, then licensed and
 * stored in one operation, and each step has to see the one before. Events of the domains above change
 * nothing here.
 */
export const worldAfter = <World extends MipWorld>(
  world: World,
  events: readonly { readonly _tag: string }[],
): World => {
  const after = { crypto: world.crypto, identity: world.identity, mip: world.mip }
  for (const event of events) {
    if (crypto.has(event._tag)) after.crypto = evolveCrypto(after.crypto, event as CryptoEvent)
    else if (identity.has(event._tag)) {
      after.identity = evolveIdentity(after.identity, event as IdentityEvent)
    } else if (mip.has(event._tag)) after.mip = evolve(after.mip, event as MipEvent)
  }
  return events.length === 0 ? world : { ...world, ...after }
}

/** The same call, in the world after events of the same gesture. */
export const callAfter = <World extends MipWorld>(
  call: Call<World>,
  events: readonly { readonly _tag: string }[],
): Call<World> => ({ ...call, world: worldAfter(call.world, events) })
