import { assert, describe, it } from "@effect/vitest"
import { makeSimulation } from "@twin/kernel"
import { Effect } from "effect"
import { BlobStore, bytesContain, isEnvelope, issuerOf, memoryServices } from "../../src/index.ts"
import { composition, ivan, judy, mallory, textOf } from "../harness.ts"

const server = "https://rms.contoso.com/_wmcs"
const host = "https://dke.contoso.com"
const words = "The merger is off"

const legacy = Effect.fnUntraced(function* (start: number) {
  const services = yield* memoryServices
  const twin = yield* makeSimulation({ composition, seed: "hyok", services, start })
  const members = [ivan.id, judy.id]
  yield* twin.call(ivan, "install-rights-server", { url: server, members })
  const protect = (client: string, who = ivan) =>
    twin.call(who, "protect-with-held-key", {
      server,
      content: words,
      readers: [judy.id, mallory.id],
      client,
    })
  const open = (contentId: string, client: string, who = judy) =>
    twin.call(who, "open-held-content", { contentId, client })
  return { ...twin, services, protect, open }
})

describe("a key on premises alone", () => {
  it.effect(
    "[CRY-172] classic Office protects, phones and Macs only read, the cloud sees nothing",
    () =>
      Effect.gen(function* () {
        const it = yield* legacy(Date.UTC(2020, 9, 1))
        for (const client of ["office-2010", "mac", "mobile", "cloud-service"]) {
          assert.strictEqual((yield* it.protect(client)).decision.outcome, "deny", client)
        }
        const done = yield* it.protect("office-2013-or-later")
        const id = textOf(done.output[0], "id")
        for (const client of ["office-2013-or-later", "office-2010", "mac", "mobile"]) {
          const opened = yield* it.open(id, client)
          assert.strictEqual(opened.output[0]?.["text"], words, client)
        }
        for (const client of ["outlook-mobile", "cloud-service"]) {
          assert.strictEqual((yield* it.open(id, client)).decision.outcome, "deny", client)
        }
        // A reader who has no account on premises gets no licence: nothing leaves the house.
        const outside = yield* it.open(id, "office-2013-or-later", mallory)
        assert.strictEqual(outside.decision.outcome, "deny")
        const blobs = yield* BlobStore.pipe(Effect.provideContext(it.services.context))
        assert.isFalse(bytesContain(yield* blobs.get(`held/${id}`), Buffer.from(words)))
        assert.notInclude(JSON.stringify(yield* it.records), words)
      }),
  )

  it.effect("[CRY-172] since the classic client is gone nobody protects this way any more", () =>
    Effect.gen(function* () {
      for (const [at, outcome] of [
        [Date.UTC(2022, 1, 13), "allow"],
        [Date.UTC(2022, 1, 14), "deny"],
      ] as const) {
        const it = yield* legacy(at)
        assert.strictEqual((yield* it.protect("office-2013-or-later")).decision.outcome, outcome)
      }
    }),
  )

  it.effect(
    "[CRY-173] a second key leaves the old content alone until the scanner relabels it",
    () =>
      Effect.gen(function* () {
        const it = yield* legacy(Date.UTC(2021, 5, 1))
        const done = yield* it.protect("office-2013-or-later")
        const id = textOf(done.output[0], "id")
        const relabel = { contentId: id, doubleKeyUrl: `${host}/Secret` }
        assert.strictEqual(
          (yield* it.call(ivan, "relabel-with-scanner", relabel)).decision.outcome,
          "deny",
        )
        const before = (yield* it.world).crypto.holdYourOwnKey
        const deploy = { address: host, validIssuers: [issuerOf("t")] }
        yield* it.call(ivan, "deploy-double-key-service", deploy)
        const key = { url: `${host}/Secret`, AuthorizedEmailAddress: [judy.id] }
        yield* it.call(ivan, "add-double-key", key)
        assert.deepStrictEqual((yield* it.world).crypto.holdYourOwnKey, before)
        assert.strictEqual((yield* it.open(id, "mac")).output[0]?.["text"], words)
        const moved = yield* it.call(ivan, "relabel-with-scanner", relabel)
        assert.strictEqual(moved.decision.outcome, "allow")
        assert.strictEqual((yield* it.open(id, "mac")).decision.outcome, "deny")
        const blobs = yield* BlobStore.pipe(Effect.provideContext(it.services.context))
        assert.isTrue(isEnvelope(yield* blobs.get(`held/${id}`)))
      }),
  )
})
