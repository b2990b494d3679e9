import { type Due, decideByGates, domain, gate, pass } from "@twin/kernel"
import type { CryptoServices } from "./CryptoServices.ts"
import { cryptoFaults } from "./faults.ts"
import { cryptoOperations } from "./operations/table.ts"
import {
  CryptoEvent,
  type CryptoState,
  type CryptoWorld,
  evolveCrypto,
  geoEncryptionOf,
  initialCryptoState,
} from "./State.ts"

const allSitesDone = gate<object>()({
  name: "all-sites-done",
  facts: ["CRY-103"],
  reads: [],
  check: () => pass("All sites of the geo stand under the new keys."),
})

/** A geo that registers or rolls is done at its moment (CRY-103). */
const due = (world: CryptoWorld, until: number): readonly Due<CryptoEvent>[] => {
  const { doneAt } = geoEncryptionOf(world)
  if (doneAt === undefined || doneAt > until) return []
  return [
    {
      at: doneAt,
      name: "geo-encryption-finished",
      decision: decideByGates([allSitesDone], {}),
      events: [{ _tag: "GeoEncryptionFinished", at: doneAt }],
    },
  ]
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
  evolve: evolveCrypto,
  operations: cryptoOperations,
  faults: cryptoFaults,
  due,
})
