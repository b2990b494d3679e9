import { domain } from "@twin/kernel"
import type { CryptoServices } from "./CryptoServices.ts"
import {
  CryptoEvent,
  type CryptoState,
  type CryptoWorld,
  evolveCrypto,
  initialCryptoState,
} from "./State.ts"

/** Keys, stored bytes and protected content as one domain of the tenant. */
export const cryptoDomain = domain<
  CryptoWorld,
  CryptoState,
  CryptoEvent,
  CryptoEvent,
  CryptoServices
>({
  name: "crypto",
  initial: initialCryptoState,
  events: CryptoEvent,
  evolve: evolveCrypto,
  operations: [],
})
