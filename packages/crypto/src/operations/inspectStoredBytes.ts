import {
  andThen,
  type Decision,
  decideByGates,
  deny,
  gate,
  type OutputObject,
  pass,
} from "@twin/kernel"
import { Effect, Option, Schema, Struct } from "effect"
import { hierarchyOf } from "../at-rest/Hierarchy.ts"
import { type Store, withOnly } from "../at-rest/heldStores.ts"
import { openAtRest, readStored } from "../at-rest/openAtRest.ts"
import { bytesContain, type RawBlob, rawBlobsOf } from "../at-rest/rawBytes.ts"
import type { ReadRequest } from "../at-rest/rootRoute.ts"
import { evaluateStoredBytes, storedObject } from "../decisions/evaluateStoredBytes.ts"
import { type CryptoWorld, type StoredObject, storedObjectOf } from "../State.ts"
import { TriggerOrigin } from "../Workload.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

/** Who looks, and what that one holds (CRY-005, CRY-030). `service` asks for its keys like always. */
const heldBy = {
  "raw-disk": ["BlobStore", "ContentDatabase"],
  "operating-system-admin": ["BlobStore", "ContentDatabase"],
  "blob-store-thief": ["BlobStore"],
  "content-database-thief": ["ContentDatabase"],
  "key-store-thief": ["KeyStore"],
  "blob-and-content-thief": ["BlobStore", "ContentDatabase"],
  "blob-and-key-thief": ["BlobStore", "KeyStore"],
  "content-and-key-thief": ["ContentDatabase", "KeyStore"],
  "all-stores-thief": ["BlobStore", "ContentDatabase", "KeyStore"],
} as const satisfies Record<string, readonly Store[]>

type Holder = keyof typeof heldBy

interface InspectionFacets {
  readonly observer: string
  readonly stores: string
  /** The attempt was really made, with these bytes and keys alone. */
  readonly hasOpened: boolean
}

const keysAtHand = gate<InspectionFacets>()({
  name: "keys-at-hand",
  facts: ["CRY-005", "CRY-028", "CRY-030", "CRY-031"],
  reads: ["observer", "stores", "hasOpened"],
  check: ({ observer, stores, hasOpened }) =>
    hasOpened
      ? pass("With chunks, content database and key store together the content opens.", {
          observer,
          stores,
        })
      : deny("Without the keys above it, what is there stays ciphertext.", { observer, stores }),
})

interface Sight {
  readonly plaintext: Option.Option<Uint8Array>
  readonly blobs: readonly RawBlob[]
  readonly decision: Decision
}

const asHolder = Effect.fnUntraced(function* (
  world: CryptoWorld,
  stored: StoredObject,
  holder: Holder,
) {
  const stores = heldBy[holder]
  const held = withOnly(stores)
  const plaintext = yield* held(Effect.option(readStored(world, stored, {})))
  const blobs = yield* held(rawBlobsOf(stored.objectId))
  const decision = decideByGates([keysAtHand], {
    observer: holder,
    stores: stores.join(", "),
    hasOpened: Option.isSome(plaintext),
  })
  const sight: Sight = { plaintext, blobs, decision }
  return sight
})

const asService = Effect.fnUntraced(function* (
  world: CryptoWorld,
  { objectId }: StoredObject,
  request: ReadRequest,
) {
  const sight: Sight = {
    plaintext: yield* Effect.option(openAtRest(world, objectId, request)),
    blobs: yield* rawBlobsOf(objectId),
    decision: evaluateStoredBytes(world, objectId, request),
  }
  return sight
})

export const inspectStoredBytes = cryptoOperation({
  name: "inspect-stored-bytes",
  summary:
    "Looks at what is stored of a file or message, as the service, as a disk, or as a thief.",
  params: Schema.Struct({
    object: text("Id of the stored object"),
    observer: Schema.optionalKey(
      Schema.Literals(["service", ...Struct.keys(heldBy)]).annotate({
        description: "Who looks; the administrator of the machine unless given",
      }),
    ),
    contains: Schema.optionalKey(text("A text to search for in what the observer gets to see")),
    origin: Schema.optionalKey(
      TriggerOrigin.annotate({ description: "For the service: on whose behalf it reads" }),
    ),
  }),
  facts: ["CRY-001", "CRY-005", "CRY-028", "CRY-030"],
  isReadOnly: true,
  secrets: ["contains"],
  decide: ({ world, now }, { object, observer = "operating-system-admin", contains, origin }) =>
    Effect.gen(function* () {
      const stored = storedObjectOf(world, object)
      const known = decideByGates([storedObject], { isStored: stored !== undefined })
      if (stored === undefined) return { decision: known }
      const sight =
        observer === "service"
          ? yield* asService(world, stored, { origin: origin ?? "User", now })
          : yield* asHolder(world, stored, observer)
      const decision =
        observer === "service" ? sight.decision : andThen(known, () => sight.decision)
      return { decision, output: [outputOf(world, stored, { observer, contains, ...sight })] }
    }),
})

interface Shown extends Sight {
  readonly observer: string
  readonly contains: string | undefined
}

/** Ciphertext may be shown; plaintext never is, only whether it was reached and holds the text. */
const outputOf = (
  world: CryptoWorld,
  stored: StoredObject,
  { observer, contains, plaintext, blobs }: Shown,
): OutputObject => {
  const { workload, container } = stored
  const { levels, policy } = hierarchyOf(world, workload, container, stored.keyId)
  const chunk = blobs.find(({ blobId }) => blobId.startsWith(`${stored.objectId}/`))
  const raw = blobs.map(({ bytes }) => bytes)
  const seen = Option.isSome(plaintext) ? [...raw, plaintext.value] : raw
  return {
    id: stored.objectId,
    observer,
    canRead: Option.isSome(plaintext),
    blobs: blobs.length,
    bytes: raw.reduce((sum, { length }) => sum + length, 0),
    firstBytes: Buffer.from(chunk?.bytes.subarray(0, 32) ?? []).toString("hex"),
    keyManagement: policy === undefined ? "MicrosoftManaged" : "CustomerManaged",
    keys: levels.map(({ kind }) => kind),
    ...(contains === undefined
      ? {}
      : { containsText: seen.some((bytes) => bytesContain(bytes, contains)) }),
  }
}
