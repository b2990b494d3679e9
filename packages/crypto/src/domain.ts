import { domain } from "@twin/kernel"
import { rememberSilence } from "./at-rest/rootRoute.ts"
import type { CryptoServices } from "./CryptoServices.ts"
import { dueInAzure } from "./decisions/dueInAzure.ts"
import { dueRollover } from "./decisions/dueRollover.ts"
import { cryptoFaults } from "./faults.ts"
import { cryptoOperations } from "./operations/table.ts"
import {
  CryptoEvent,
  type CryptoState,
  type CryptoWorld,
  evolveCrypto,
  initialCryptoState,
} from "./State.ts"

/** What can make root keys answer or fall silent. */
const concernsRoots = /^(?:Vault|ManagedHsm|DataEncryptionPolicyRolled|Geo)/

const evolveWatching = (state: CryptoState, event: CryptoEvent): CryptoState => {
  const next = evolveCrypto(state, event)
  if (!concernsRoots.test(event._tag)) return next
  return rememberSilence(next, "at" in event ? event.at : undefined)
}

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
  evolve: evolveWatching,
  operations: cryptoOperations,
  faults: cryptoFaults,
  due: (world, until) => [...dueInAzure(world, until), ...dueRollover(world, until)],
})
