import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, HashMap, Schema } from "effect"
import {
  CryptoEvent,
  type CryptoState,
  evolveCrypto,
  initialCryptoState,
  storedObjects,
} from "../src/index.ts"
import { composition } from "./harness.ts"

const histories = Arbitrary.array(Arbitrary.schema(CryptoEvent), { maxLength: 40 })

const sorted = <A>(entries: Iterable<readonly [string, A]>) =>
  [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1))

/** The state as plain data: hash maps in an order of their own are compared by content. */
const plain = (state: CryptoState) => ({
  ...state,
  keys: sorted(HashMap.entries(state.keys)),
  objects: sorted(HashMap.entries(state.objects)),
  customerKey: {
    ...state.customerKey,
    mailboxes: sorted(HashMap.entries(state.customerKey.mailboxes)),
  },
})

const stored = (objectId: string): CryptoEvent => ({
  _tag: "ObjectStored",
  objectId,
  workload: "Exchange",
  container: "m",
  keyId: "k",
  sizeBytes: 1,
  chunks: 1,
  newChunks: 1,
})
const ids = (order: readonly string[]) => {
  const crypto = order.map(stored).reduce(evolveCrypto, initialCryptoState)
  return storedObjects({ ...composition.initial, crypto }).map(({ objectId }) => objectId)
}

/** Events that change or end something, and never bring it into being. */
const aboutSomethingKnown = [
  "KeyRewrapped",
  "KeyDestroyed",
  "StoreRefused",
  "ObjectErased",
  "VaultKeyChanged",
  "VaultKeyDeleted",
  "VaultKeyRecovered",
  "VaultKeyPurged",
  "DataEncryptionPolicyChanged",
  "DataEncryptionPolicyRolled",
  "DataPurgeRequested",
  "DataPurged",
  "VolumeEncrypted",
  "DiskMoved",
  "VolumeUnlocked",
  "VolumeAccessRefused",
  "DiskFormatted",
  "ServerReinstalled",
  "TpmReplaced",
  "DkmMemberRemoved",
  "DkmAccessRefused",
  "DkmSecretOpened",
] as const

describe("the slice", () => {
  it.prop("a replay from any checkpoint ends where the history ends", [histories], ([events]) => {
    const middle = Math.floor(events.length / 2)
    const checkpoint = events.slice(0, middle).reduce(evolveCrypto, initialCryptoState)
    const resumed = events.slice(middle).reduce(evolveCrypto, checkpoint)
    assert.deepStrictEqual(plain(resumed), plain(events.reduce(evolveCrypto, initialCryptoState)))
  })

  it.prop("events survive the journal, which writes them as JSON", [histories], ([events]) => {
    const read = JSON.parse(JSON.stringify(events)) as readonly CryptoEvent[]
    // Compared as JSON: it knows no negative zero.
    assert.strictEqual(
      JSON.stringify(plain(read.reduce(evolveCrypto, initialCryptoState))),
      JSON.stringify(plain(events.reduce(evolveCrypto, initialCryptoState))),
    )
  })

  it.prop(
    "an event about something unknown changes nothing",
    [Arbitrary.schema(Schema.Union(aboutSomethingKnown.map((tag) => CryptoEvent.cases[tag])))],
    ([event]) => {
      const next = evolveCrypto(initialCryptoState, event)
      assert.deepStrictEqual(plain(next), plain(initialCryptoState))
    },
  )

  it("lists objects in one order, whatever the order of saving", () => {
    assert.deepStrictEqual(ids(["b", "a", "c"]), ["a", "b", "c"])
    assert.deepStrictEqual(ids(["c", "b", "a"]), ["a", "b", "c"])
  })
})
