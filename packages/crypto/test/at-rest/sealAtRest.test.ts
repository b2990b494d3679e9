import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Effect, HashMap, Option, Schema } from "effect"
import { chunkBytes } from "../../src/at-rest/Chunk.ts"
import { contentMapBlob, peekContentMap } from "../../src/at-rest/ContentMap.ts"
import { containerKey, serviceRootKey } from "../../src/at-rest/Hierarchy.ts"
import {
  BlobStore,
  evaluateStoredBytes,
  KeyVault,
  keyOf,
  openAtRest,
  rawBlobsOf,
  rawBytesOf,
  sealAtRest,
  storedBytesContain,
  storedObjectOf,
  Workload,
} from "../../src/index.ts"
import { gcmIvBytes, gcmTagBytes } from "../../src/Primitives.ts"
import { after, composition, content, sizes, withServices } from "../harness.ts"

const start = composition.initial
const site = "https://contoso.sharepoint.com/sites/Launch"
const file = (plaintext: Uint8Array, objectId = "plan.docx") =>
  ({ workload: "SharePoint", container: site, objectId, plaintext }) as const

const stored = Effect.fnUntraced(function* (plaintext: Uint8Array, world = start) {
  return after(world, yield* sealAtRest(world, file(plaintext)))
})

const mapOf = Effect.fnUntraced(function* (objectId: string) {
  const blobs = yield* BlobStore
  return yield* Effect.fromOption(peekContentMap(yield* blobs.get(contentMapBlob(objectId))))
})

/**
 * Whether any 16 bytes in a row of the plaintext stand somewhere on the disk: such a run holds one of
 * the plaintext's aligned blocks of 8, wherever it begins.
 */
const sharesRun = (disk: Uint8Array, plaintext: Uint8Array): boolean => {
  const text = Buffer.from(plaintext).toString("latin1")
  const blocks = new Set<string>()
  for (let at = 0; at + 8 <= text.length; at += 8) blocks.add(text.slice(at, at + 8))
  const onDisk = Buffer.from(disk).toString("latin1")
  for (let at = 0; at + 8 <= onDisk.length; at++) {
    if (blocks.has(onDisk.slice(at, at + 8))) return true
  }
  return false
}

describe("service encryption", () => {
  it.effect.prop(
    "[CRY-001] [CRY-002] [CRY-094] [CRY-081] what is sealed opens again, whatever its size",
    { workload: Workload, size: sizes },
    ({ workload, size }) =>
      Effect.gen(function* () {
        const plaintext = content(size)
        const sealing = { workload, container: "Box", objectId: "o", plaintext }
        const world = after(start, yield* sealAtRest(start, sealing))
        assert.deepStrictEqual(yield* openAtRest(world, "o"), plaintext)
        assert.strictEqual(storedObjectOf(world, "o")?.sizeBytes, size)
      }).pipe(withServices()),
    { arbitrary: { runs: 40 } },
  )

  it.effect.prop(
    "[CRY-001] [CRY-005] [CRY-209] no piece of the plaintext lies on disk",
    { workload: Workload, size: sizes },
    ({ workload, size }) =>
      Effect.gen(function* () {
        const plaintext = content(size)
        const sealing = { workload, container: "Box", objectId: "o", plaintext }
        const world = after(start, yield* sealAtRest(start, sealing))
        if (size >= 16) {
          assert.isFalse(yield* storedBytesContain(world, "o", plaintext.subarray(0, 16)))
        }
        const blobs = yield* BlobStore
        const all = yield* Effect.forEach(yield* blobs.list(), (id) => blobs.get(id))
        const disk = Buffer.concat(all)
        assert.isAtLeast(disk.length, size)
        assert.isFalse(sharesRun(disk, plaintext))
        if (size >= 16) assert.isTrue(sharesRun(Buffer.concat([disk, plaintext]), plaintext))
      }).pipe(withServices()),
    { arbitrary: { runs: 6 } },
  )

  it.effect("stored bytes are really searched: what is not encrypted is found", () =>
    Effect.gen(function* () {
      const world = yield* stored(content(100))
      const blobs = yield* BlobStore
      yield* blobs.put("plan.docx/0", Buffer.from("head Budget 2026 tail"))
      assert.isTrue(yield* storedBytesContain(world, "plan.docx", "Budget 2026"))
      yield* blobs.put("plan.docx/0", Buffer.from("Budget 2026", "utf16le"))
      assert.isTrue(yield* storedBytesContain(world, "plan.docx", "Budget 2026"))
      yield* blobs.put("plan.docx/0", Buffer.from(Buffer.from("Budget 2026").toString("base64")))
      assert.isTrue(yield* storedBytesContain(world, "plan.docx", "Budget 2026"))
      assert.isFalse(yield* storedBytesContain(world, "other.docx", "Budget 2026"))
      assert.include(Buffer.from(yield* rawBytesOf("plan.docx")).toString(), "QnVkZ2V0")
    }).pipe(withServices()),
  )

  it.effect("[CRY-025] each chunk of a file has a key of its own", () =>
    Effect.gen(function* () {
      yield* stored(content(3 * chunkBytes + 1))
      const { chunks } = yield* mapOf("plan.docx")
      assert.strictEqual(chunks.length, 4)
      assert.strictEqual(new Set(chunks.map(({ wrappedKey }) => wrappedKey)).size, 4)
      // RFC 3394: eight bytes more than the key (CRY-209).
      for (const { wrappedKey = "" } of chunks) {
        assert.strictEqual(Buffer.from(wrappedKey, "base64").length, 40)
      }
    }).pipe(withServices()),
  )

  it.effect(
    "[CRY-081] a mailbox item is encrypted with the mailbox key, without a key of its own",
    () =>
      Effect.gen(function* () {
        const mail = {
          workload: "Exchange",
          container: "alice@contoso.com",
          objectId: "m",
        } as const
        const world = after(start, yield* sealAtRest(start, { ...mail, plaintext: content(10) }))
        assert.isUndefined((yield* mapOf("m")).chunks[0]?.wrappedKey)
        assert.strictEqual(keyOf(world, "mailbox-key/alice@contoso.com")?.kind, "MailboxKey")
        assert.deepStrictEqual(keyOf(world, "mailbox-key/alice@contoso.com")?.wrappedBy, [
          "dep-key/microsoft-managed",
        ])
      }).pipe(withServices()),
  )

  it.effect("[CRY-026] saving again writes only the chunks that changed, with new keys", () =>
    Effect.gen(function* () {
      const before = content(3 * chunkBytes)
      let world = yield* stored(before)
      const old = yield* mapOf("plan.docx")
      const edited = before.slice()
      edited[chunkBytes + 5] = (edited[chunkBytes + 5] ?? 0) ^ 1
      const events = yield* sealAtRest(world, file(edited))
      world = after(world, events)
      assert.deepInclude(events.at(-1), { _tag: "ObjectStored", chunks: 3, newChunks: 1 })
      const { chunks } = yield* mapOf("plan.docx")
      assert.deepStrictEqual(
        chunks.map(({ blob }) => blob),
        [0, 3, 2],
      )
      assert.notStrictEqual(chunks[1]?.wrappedKey, old.chunks[1]?.wrappedKey)
      assert.deepStrictEqual(yield* openAtRest(world, "plan.docx"), edited)
      const ids = (yield* rawBlobsOf("plan.docx")).map(({ blobId }) => blobId)
      assert.notInclude(ids, "plan.docx/1")
    }).pipe(withServices()),
  )

  it.effect.prop(
    "a byte changed anywhere in what is stored is noticed",
    { at: Schema.Int, bit: Schema.Int },
    ({ at, bit }) =>
      Effect.gen(function* () {
        const world = yield* stored(content(200))
        const blobs = yield* BlobStore
        const ids = yield* blobs.list()
        const blobId = ids[Math.abs(at) % ids.length] ?? ""
        const bytes = yield* blobs.get(blobId)
        const place = Math.abs(at) % bytes.length
        bytes[place] = (bytes[place] ?? 0) ^ (1 << (Math.abs(bit) % 7))
        yield* blobs.put(blobId, bytes)
        const error = yield* Effect.option(openAtRest(world, "plan.docx"))
        assert.isTrue(error._tag === "None" || isEqual(error.value, content(200)))
        if (blobId === "plan.docx/0") assert.strictEqual(error._tag, "None")
      }).pipe(withServices()),
    { arbitrary: { runs: 60 } },
  )

  it.effect(
    "chunks of two files, or of one file in another order, do not pass for each other",
    () =>
      Effect.gen(function* () {
        const world = after(
          yield* stored(content(2 * chunkBytes)),
          yield* sealAtRest(start, file(content(2 * chunkBytes, "other"), "other.docx")),
        )
        const blobs = yield* BlobStore
        const swap = Effect.fnUntraced(function* (a: string, b: string) {
          const [one, two] = [yield* blobs.get(a), yield* blobs.get(b)]
          yield* blobs.put(a, two)
          yield* blobs.put(b, one)
        })
        yield* swap("plan.docx/0", "plan.docx/1")
        const error = yield* Effect.flip(openAtRest(world, "plan.docx"))
        assert.strictEqual(error.reason, "damaged")
        yield* swap("plan.docx/0", "plan.docx/1")
        yield* openAtRest(world, "plan.docx")
        yield* swap(contentMapBlob("plan.docx"), contentMapBlob("other.docx"))
        yield* Effect.flip(openAtRest(world, "plan.docx"))
      }).pipe(withServices()),
  )

  it.effect(
    "parts of a mailbox item, which share the mailbox key, cannot change places either",
    () =>
      Effect.gen(function* () {
        const item = {
          workload: "Exchange",
          container: "alice@contoso.com",
          objectId: "m",
        } as const
        const plaintext = content(2 * chunkBytes)
        const world = after(start, yield* sealAtRest(start, { ...item, plaintext }))
        const blobs = yield* BlobStore
        const [one, two] = [yield* blobs.get("m/0"), yield* blobs.get("m/1")]
        yield* blobs.put("m/0", two)
        yield* blobs.put("m/1", one)
        assert.strictEqual((yield* Effect.flip(openAtRest(world, "m"))).reason, "damaged")
      }).pipe(withServices()),
  )

  it.effect("a map that leaves out the end of a file is noticed", () =>
    Effect.gen(function* () {
      const world = yield* stored(content(2 * chunkBytes))
      const blobs = yield* BlobStore
      const bytes = yield* blobs.get(contentMapBlob("plan.docx"))
      const map = yield* Effect.fromOption(peekContentMap(bytes))
      const shorter = { ...map, chunks: map.chunks.slice(0, 1), sizeBytes: chunkBytes }
      const code = bytes.subarray(0, gcmIvBytes + gcmTagBytes)
      const forged = Buffer.concat([code, Buffer.from(JSON.stringify(shorter))])
      assert.isTrue(Option.isSome(peekContentMap(forged)))
      yield* blobs.put(contentMapBlob("plan.docx"), forged)
      assert.strictEqual((yield* Effect.flip(openAtRest(world, "plan.docx"))).reason, "damaged")
    }).pipe(withServices()),
  )

  it.effect("[CRY-028] what was never stored is refused, not guessed", () =>
    Effect.gen(function* () {
      const decision = evaluateStoredBytes(start, "nothing")
      assert.strictEqual(decision.outcome, "deny")
      assert.strictEqual(decidingGate(decision).name, "stored-object")
      const error = yield* Effect.flip(openAtRest(start, "nothing"))
      assert.strictEqual(error.gate, "stored-object")
    }).pipe(withServices()),
  )

  it.effect(
    "keys that were destroyed make content unreadable for ever, whatever the gates say",
    () =>
      Effect.gen(function* () {
        const world = yield* stored(content(500))
        const vault = yield* KeyVault
        yield* vault.destroyKey(serviceRootKey("SharePoint"))
        const error = yield* Effect.flip(openAtRest(world, "plan.docx"))
        assert.strictEqual(error.reason, "damaged")
        const known = after(world, [{ _tag: "KeyDestroyed", keyId: serviceRootKey("SharePoint") }])
        assert.strictEqual(
          decidingGate(evaluateStoredBytes(known, "plan.docx")).name,
          "key-hierarchy",
        )
        const again = yield* sealAtRest(known, file(content(5), "new.docx"))
        assert.deepInclude(again[0], { _tag: "StoreRefused", gate: "key-hierarchy" })
        const made = yield* Effect.exit(vault.createSymmetricKey(serviceRootKey("SharePoint")))
        assert.strictEqual(made._tag, "Failure")
      }).pipe(withServices()),
  )

  it.effect("two saves of one operation share the new site key", () =>
    Effect.gen(function* () {
      const events = [
        ...(yield* sealAtRest(start, file(content(10), "a"))),
        ...(yield* sealAtRest(start, file(content(20), "b"))),
      ]
      const world = after(start, events)
      assert.deepStrictEqual(yield* openAtRest(world, "a"), content(10))
      assert.deepStrictEqual(yield* openAtRest(world, "b"), content(20))
      assert.strictEqual(HashMap.size(world.crypto.keys), 2)
      assert.isDefined(keyOf(world, containerKey("SharePoint", site.toUpperCase())))
    }).pipe(withServices()),
  )

  it.effect("the same seed stores the same bytes, another seed others", () =>
    Effect.gen(function* () {
      const disk = Effect.fnUntraced(function* () {
        yield* stored(content(1000))
        return Buffer.from(yield* rawBytesOf("plan.docx")).toString("hex")
      })
      const [one, two, three] = [
        yield* withServices("a")(disk()),
        yield* withServices("a")(disk()),
        yield* withServices("b")(disk()),
      ]
      assert.strictEqual(one, two)
      assert.notStrictEqual(one, three)
    }),
  )
})

const isEqual = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b)
