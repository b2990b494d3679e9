import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { canonicalJson, firstBreak, replay } from "@twin/kernel"
import { openSqliteJournal } from "@twin/kernel/SqliteJournal"
import { Effect } from "effect"
import { makeTenant, resumeTenant, type Tenant, tenantComposition } from "../src/index.ts"

/** A little of everything: settings, sharing, mail, a refusal, time. */
const lived = Effect.fnUntraced(function* (tenant: Tenant) {
  const call = Effect.fnUntraced(function* (who: string, operation: string, params: object) {
    return yield* tenant.call(yield* tenant.actor(who), operation, params)
  })
  yield* call("grace", "Set-SPOTenant", { DefaultSharingLinkType: "Direct" })
  yield* call("mallory", "Set-SPOTenant", { SharingCapability: "Disabled" })
  yield* call("alice", "share-file", { file: "Press Kit.docx", to: ["zoe@outlook.com"] })
  yield* call("bob", "send-mail", {
    to: ["nina@fabrikam.com"],
    subject: "Hello",
    body: "Quince marmalade",
    label: "Confidential",
  })
  yield* tenant.advance(3 * 86_400_000)
  yield* call("alice", "edit-file", { file: "Launch Plan.docx", content: "Another text" })
})

const livedTenant = Effect.fnUntraced(function* (seed: string) {
  const tenant = yield* makeTenant({ seed, people: 5 })
  yield* lived(tenant)
  return tenant
})

const bytes = (seed: string) =>
  Effect.map(
    Effect.flatMap(livedTenant(seed), (it) => it.records),
    canonicalJson,
  )

describe("the journal", () => {
  it.effect("the same seed gives the same records, byte for byte; another seed gives others", () =>
    Effect.gen(function* () {
      const first = yield* bytes("1")
      assert.strictEqual(yield* bytes("1"), first)
      assert.notStrictEqual(yield* bytes("2"), first)
    }),
  )

  it.effect("a replay of the records ends in the same world", () =>
    Effect.gen(function* () {
      const tenant = yield* livedTenant("1")
      assert.deepStrictEqual(replay(tenantComposition, yield* tenant.records), yield* tenant.world)
    }),
  )

  it.effect("going back forgets what came after, and the same calls lead to the same place", () =>
    Effect.gen(function* () {
      const tenant = yield* makeTenant({ seed: "1" })
      const before = yield* tenant.checkpoint
      yield* lived(tenant)
      const again = yield* resumeTenant("1", before)
      assert.lengthOf(yield* again.records, before.records.length)
      yield* lived(again)
      assert.strictEqual(canonicalJson(yield* again.records), canonicalJson(yield* tenant.records))
    }),
  )

  it.live("in a file it survives reopening, verifies, and replays to the same world", () =>
    Effect.gen(function* () {
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "tenant "))),
        (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true })),
      )
      const path = join(folder, "tenant.journal")
      const world = yield* Effect.scoped(
        Effect.gen(function* () {
          const journal = yield* openSqliteJournal(path)
          const tenant = yield* makeTenant({ seed: "1", people: 5, journal })
          yield* lived(tenant)
          return yield* tenant.world
        }),
      )
      const records = yield* Effect.scoped(
        Effect.flatMap(openSqliteJournal(path), (journal) => journal.records),
      )
      assert.isUndefined(firstBreak(records))
      assert.deepStrictEqual(replay(tenantComposition, records), world)
      const inMemory = yield* (yield* livedTenant("1")).records
      assert.strictEqual(canonicalJson(records), canonicalJson(inMemory))
    }),
  )

  it.effect("never holds the text of a document or a message", () =>
    Effect.gen(function* () {
      const text = canonicalJson(yield* (yield* livedTenant("1")).records)
      for (const secret of ["The product ships", "Quince marmalade", "Another text"]) {
        assert.notInclude(text, secret)
      }
    }),
  )
})
