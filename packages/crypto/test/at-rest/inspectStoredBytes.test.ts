import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { Store, withOnly } from "../../src/at-rest/heldStores.ts"
import { readStored } from "../../src/at-rest/openAtRest.ts"
import { sealAtRest, storedObjectOf } from "../../src/index.ts"
import { after, composition, mallory, startTwin, type Twin, withServices } from "../harness.ts"

const secret = "The launch date is 14 May"
const plaintext = Buffer.from(`${"x".repeat(70_000)} ${secret}`)
const file = {
  workload: "SharePoint",
  container: "https://contoso.sharepoint.com/sites/Launch",
  objectId: "plan.docx",
  plaintext,
} as const

const inspect = Effect.fnUntraced(function* (twin: Twin, observer: string) {
  const params = { object: "plan.docx", observer, contains: secret }
  const { decision, output, record } = yield* twin.call(mallory, "inspect-stored-bytes", params)
  assert.isUndefined(record)
  return { outcome: decision.outcome, gate: decidingGate(decision).name, row: output[0] }
})

describe("inspect-stored-bytes", () => {
  it.effect(
    "[CRY-001] [CRY-005] disk and machine administrator see ciphertext, the service content",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("inspect")
        yield* twin.store((world) => sealAtRest(world, file))
        for (const observer of ["raw-disk", "operating-system-admin"]) {
          const seen = yield* inspect(twin, observer)
          assert.strictEqual(seen.outcome, "deny")
          assert.strictEqual(seen.gate, "keys-at-hand")
          assert.deepInclude(seen.row, { canRead: false, containsText: false, blobs: 3 })
        }
        const seen = yield* inspect(twin, "service")
        assert.strictEqual(seen.outcome, "allow")
        assert.deepInclude(seen.row, { canRead: true, containsText: true })
        assert.notInclude(JSON.stringify(seen), "14 May")
      }),
  )

  it.effect("[CRY-028] [CRY-030] [CRY-031] it takes all three stores", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("inspect")
      yield* twin.store((world) => sealAtRest(world, file))
      for (const observer of [
        "blob-store-thief",
        "content-database-thief",
        "key-store-thief",
        "blob-and-content-thief",
        "blob-and-key-thief",
        "content-and-key-thief",
      ]) {
        assert.strictEqual((yield* inspect(twin, observer)).outcome, "deny", observer)
      }
      assert.strictEqual((yield* inspect(twin, "all-stores-thief")).outcome, "allow")
    }),
  )

  it.effect.prop(
    "[CRY-030] with any choice of stores, content opens exactly when none is missing",
    { stores: Schema.Array(Store) },
    ({ stores }) =>
      Effect.gen(function* () {
        const world = after(composition.initial, yield* sealAtRest(composition.initial, file))
        const stored = storedObjectOf(world, "plan.docx")
        assert.isDefined(stored)
        const read = yield* withOnly(stores)(Effect.option(readStored(world, stored, {})))
        assert.strictEqual(read._tag === "Some", new Set(stores).size === 3)
      }).pipe(withServices()),
    { arbitrary: { runs: 30 } },
  )

  it.effect("[CRY-028] what is not stored cannot be inspected", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("inspect")
      const seen = yield* inspect(twin, "service")
      assert.strictEqual(seen.gate, "stored-object")
      assert.isUndefined(seen.row)
    }),
  )
})
