import { CryptoEvent, evolveCrypto } from "@twin/crypto"
import { evolveIdentity, IdentityEvent } from "@twin/identity"
import type { Call } from "@twin/kernel"
import { evolveMip, MipEvent } from "@twin/mip"
import type { ExchangeWorld } from "./State.ts"

/** What one step of mail flow leaves behind in the domains below. */
export type LowerEvent = MipEvent | IdentityEvent | CryptoEvent

const isCrypto = (event: LowerEvent): event is CryptoEvent =>
  Object.hasOwn(CryptoEvent.cases, event._tag)

const isIdentity = (event: LowerEvent): event is IdentityEvent =>
  Object.hasOwn(IdentityEvent.cases, event._tag)

/**
 * The world after events that are not yet in the journal: a message is protected, then licensed and
 * stored in one operation, and each step has to see the one before.
 */
export const worldAfter = (world: ExchangeWorld, events: readonly LowerEvent[]): ExchangeWorld => {
  let { crypto, identity, mip } = world
  for (const event of events) {
    if (isCrypto(event)) crypto = evolveCrypto(crypto, event)
    else if (isIdentity(event)) identity = evolveIdentity(identity, event)
    else mip = evolveMip(mip, event)
  }
  const isSame = crypto === world.crypto && identity === world.identity && mip === world.mip
  return isSame ? world : { ...world, crypto, identity, mip }
}

export const callAfter = (
  call: Call<ExchangeWorld>,
  events: readonly LowerEvent[],
): Call<ExchangeWorld> => ({ ...call, world: worldAfter(call.world, events) })
