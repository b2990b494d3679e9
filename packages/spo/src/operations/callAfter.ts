import { CryptoEvent, evolveCrypto } from "@twin/crypto"
import type { Call } from "@twin/kernel"
import { evolveMip, MipEvent } from "@twin/mip"
import type { SpoWorld } from "../State.ts"
import type { EmittedEvent } from "./SpoOperation.ts"

/** The world as it is after events of the same gesture, in the domains below. */
export const callAfter = (
  call: Call<SpoWorld>,
  events: readonly EmittedEvent[],
): Call<SpoWorld> => {
  let { crypto, mip } = call.world
  for (const event of events) {
    if (Object.hasOwn(CryptoEvent.cases, event._tag)) {
      crypto = evolveCrypto(crypto, event as CryptoEvent)
    } else if (Object.hasOwn(MipEvent.cases, event._tag)) mip = evolveMip(mip, event as MipEvent)
  }
  return { ...call, world: { ...call.world, crypto, mip } }
}
