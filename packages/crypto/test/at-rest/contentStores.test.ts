import { assert, describe, it } from "@effect/vitest"
import { days, decidingGate, defaultEra } from "@twin/kernel"
import { Effect } from "effect"
import {
  blobContainers,
  containerAccess,
  credentialDays,
} from "../../src/at-rest/blobContainers.ts"
import { chunkBytes, largeChunkBytes } from "../../src/at-rest/Chunk.ts"
import { contentMapBlob, peekContentMap } from "../../src/at-rest/ContentMap.ts"
import { BlobStore, KeyVault, openAtRest, sealAtRest } from "../../src/index.ts"
import { content, mallory, startTwin, type Twin, textOf } from "../harness.ts"

const site = "https://contoso.sharepoint.com/sites/Launch"
const store = (twin: Twin, objectId: string, plaintext: Uint8Array) =>
  twin.store((world) =>
    sealAtRest(world, { workload: "SharePoint", container: site, objectId, plaintext }),
  )
const mapOf = (twin: Twin, objectId: string) =>
  twin.run(() =>
    Effect.gen(function* () {
      const blobs = yield* BlobStore
      const bytes = yield* Effect.orDie(blobs.get(contentMapBlob(objectId)))
      return yield* Effect.orDie(Effect.fromOption(peekContentMap(bytes)))
    }),
  )
const use = Effect.fnUntraced(function* (twin: Twin, params: object) {
  const { decision, output } = yield* twin.call(mallory, "access-blob-container", params)
  const verdict = decision.outcome === "allow" ? "allow" : decidingGate(decision).name
  return { verdict, output }
})

describe("where SharePoint keeps its chunks", () => {
  it.effect(
    "[CRY-025] [CRY-027] chunks have keys of their own and are spread over the containers",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("containers")
        const size = 15 * chunkBytes + 1
        assert.isBelow(size, largeChunkBytes)
        yield* store(twin, "a.docx", content(size, "a"))
        yield* store(twin, "b.docx", content(size, "b"))
        const places = new Map<string, number>()
        const keys = new Set<string>()
        for (const objectId of ["a.docx", "b.docx"]) {
          const { chunks } = yield* mapOf(twin, objectId)
          assert.strictEqual(chunks.length, 16)
          for (const { store: place = -1, wrappedKey = "" } of chunks) {
            const name = blobContainers[place] ?? "none"
            places.set(name, (places.get(name) ?? 0) + 1)
            keys.add(wrappedKey)
          }
          const stores = chunks.map((it) => it.store)
          assert.isAbove(new Set(stores).size, 2, "one file lies in several containers")
        }
        assert.strictEqual(keys.size, 32)
        assert.isFalse(places.has("none"))
        assert.isAbove(places.size, blobContainers.length / 2)
        let listed = 0
        for (const container of blobContainers) {
          const { output } = yield* use(twin, { container, access: "enumerate" })
          listed += output.length
          assert.strictEqual(output.length, places.get(container) ?? 0)
          for (const row of output) assert.notMatch(textOf(row, "name"), /docx/)
        }
        assert.strictEqual(listed, 32)
      }),
  )

  it.effect("[CRY-029] a credential serves one kind of access in one container", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("credentials")
      yield* store(twin, "a.docx", content(chunkBytes * 3, "a"))
      const { chunks } = yield* mapOf(twin, "a.docx")
      const container = blobContainers[chunks[0]?.store ?? 0] ?? ""
      const [first] = (yield* use(twin, { container, access: "enumerate" })).output
      const blob = textOf(first, "name")
      for (const access of containerAccess) {
        for (const credential of containerAccess) {
          if (access === "delete" && credential === "delete") continue
          const { verdict } = yield* use(twin, { container, access, credential, blob })
          assert.strictEqual(verdict, access === credential ? "allow" : "container-credential")
        }
      }
      const { output } = yield* use(twin, { container, access: "read", blob })
      assert.match(textOf(output[0], "firstBytes"), /^[0-9a-f]{64}$/)
      assert.strictEqual(
        (yield* use(twin, { container, access: "read", blob: "x" })).verdict,
        "blob",
      )
      const nowhere = { container: "container-8", access: "read" }
      assert.strictEqual((yield* use(twin, nowhere)).verdict, "blob-container")
      yield* twin.run((world) => openAtRest(world, "a.docx"))
      yield* use(twin, { container, access: "delete", blob })
      const gone = yield* twin.run((world) => Effect.flip(openAtRest(world, "a.docx")))
      assert.strictEqual(gone.reason, "damaged")
    }),
  )

  it.effect("[CRY-029] a credential that was refreshed serves no longer", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("refresh")
      yield* store(twin, "a.docx", content(10, "a"))
      const held = { container: "container-0", access: "enumerate", credentialFrom: defaultEra }
      assert.strictEqual((yield* use(twin, held)).verdict, "allow")
      yield* twin.advance(days(credentialDays))
      assert.strictEqual((yield* use(twin, held)).verdict, "container-credential")
      const fresh = { container: "container-0", access: "enumerate" }
      assert.strictEqual((yield* use(twin, fresh)).verdict, "allow")
    }),
  )
})

describe("SharePoint on the wire", () => {
  it.effect("[CRY-032] plain HTTP is sent on to HTTPS, where the server's key has 2048 bits", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("tls")
      const connect = (url: string) => twin.call(mallory, "connect-to-site", { url })
      const plain = yield* connect("http://contoso.sharepoint.com/sites/Launch?web=1")
      assert.strictEqual(decidingGate(plain.decision).name, "https-only")
      assert.deepInclude(plain.output[0], {
        status: 301,
        location: "https://contoso.sharepoint.com/sites/Launch?web=1",
      })
      const secure = yield* connect("https://contoso.sharepoint.com/sites/Launch")
      assert.strictEqual(secure.decision.outcome, "allow")
      assert.deepInclude(secure.output[0], { status: 200, keyBits: 2048 })
      const short = "tls-server-key/fabrikam.sharepoint.com"
      yield* twin.run(() => Effect.flatMap(KeyVault, (it) => it.createKeyPair(short, 1024)))
      const weak = yield* connect("https://fabrikam.sharepoint.com/")
      assert.strictEqual(decidingGate(weak.decision).name, "server-key")
      assert.strictEqual(weak.decision.outcome, "deny")
      for (const url of ["ftp://contoso.sharepoint.com/", "nonsense", "https://evil.example/"]) {
        assert.strictEqual((yield* connect(url)).decision.outcome, "deny", url)
      }
    }),
  )

  it.effect(
    "[CRY-033] between datacenters: a network of their own, TLS 1.2 with 256 bits, or SRTP",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("replication")
        const copy = Effect.fnUntraced(function* (params: object) {
          const { decision } = yield* twin.call(mallory, "replicate-content", params)
          return decision.outcome === "allow" ? "allow" : decidingGate(decision).name
        })
        const weak = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
        for (const what of ["SqlTransactionLog", "BlobDelta"]) {
          assert.strictEqual(yield* copy({ what }), "allow")
          assert.strictEqual(yield* copy({ what, network: "internet" }), "private-network")
          assert.strictEqual(yield* copy({ what, tlsVersion: "1.1" }), "replication-transport")
          assert.strictEqual(yield* copy({ what, cipherSuite: weak }), "replication-transport")
          assert.strictEqual(yield* copy({ what, transport: "none" }), "replication-transport")
          assert.strictEqual(yield* copy({ what, issuer: "public" }), "internal-authority")
        }
        assert.strictEqual(yield* copy({ what: "Media" }), "allow")
        assert.strictEqual(
          yield* copy({ what: "Media", transport: "TLS" }),
          "replication-transport",
        )
        assert.strictEqual(yield* copy({ what: "Media", network: "internet" }), "private-network")
      }),
  )
})
