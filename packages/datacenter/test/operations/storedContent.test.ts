import { type CryptoEvent, memoryServices, sealAtRest } from "@twin/crypto"
import { assert, describe, it } from "@effect/vitest"
import { makeSimulation, seededBytes } from "@twin/kernel"
import { Context, Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { datacenterBaseline, operatorActionsOf } from "../../src/index.ts"
import {
  composition,
  contentRequest,
  ed,
  elevated,
  folderCounts,
  start,
  verdict,
} from "../setup.ts"

const server = "exo-nam01-mbx01"

/** A world whose blob store holds one mail of alice and one of bob, really encrypted. */
const withMail = Effect.fnUntraced(function* () {
  const services = yield* memoryServices
  const it = yield* makeSimulation({ composition, seed: "s", services, start })
  yield* it.establish("establish-datacenter", datacenterBaseline(start))
  yield* it.establish("name-tenant", [
    {
      _tag: "OrganizationCreated",
      organization: {
        tenantId: "t",
        displayName: "Contoso",
        initialDomain: "contoso.onmicrosoft.com",
        verifiedDomains: ["contoso.com"],
        createdAt: start,
      },
    },
  ])
  for (const owner of ["alice", "bob"]) {
    const events: readonly CryptoEvent[] = yield* sealAtRest(yield* it.world, {
      workload: "Exchange",
      container: `${owner}@contoso.com`,
      objectId: `mail of ${owner}`,
      plaintext: new TextEncoder().encode("The quarter was bad."),
    }).pipe(
      Effect.provideContext(
        Context.add(
          services.context,
          SecureRandom.SecureRandom,
          SecureRandom.make(seededBytes(owner)),
        ),
      ),
    )
    yield* it.establish("store-mail", events)
  }
  return it
})

describe("stored content", () => {
  it.effect("[DCO-202] [DCO-298] is read only after every gate, and only what was approved", () =>
    Effect.gen(function* () {
      const it = yield* withMail()
      const request = yield* elevated(it, contentRequest)
      const read = (item: string) =>
        it.call(ed, "run-as-engineer", { ...folderCounts, request, item })
      const own = yield* read("mail of alice")
      assert.strictEqual(verdict(own), "allow")
      assert.deepInclude(own.output[0], { opaque: false, bytes: 20 })
      assert.notInclude(JSON.stringify(yield* it.records), "The quarter was bad")
      assert.strictEqual(verdict(yield* read("no such mail")), "deny at stored-item: ItemNotFound")
      assert.strictEqual(verdict(yield* read("mail of bob")), "deny at resource-scope: OutOfScope")
    }),
  )

  it.effect("[DCO-306] [DCO-010] an approval opens nothing whose keys are gone: ciphertext", () =>
    Effect.gen(function* () {
      const it = yield* withMail()
      const key = [...(yield* it.world).crypto.keys].map(([id]) => id)
      yield* it.establish(
        "lose-keys",
        key.map((keyId) => ({ _tag: "KeyDestroyed", keyId }) as const),
      )
      const request = yield* elevated(it, contentRequest)
      const item = "mail of alice"
      const read = yield* it.call(ed, "run-as-engineer", { ...folderCounts, request, item })
      assert.strictEqual(verdict(read), "allow")
      assert.deepInclude(read.output[0], { opaque: true })
      const actions = operatorActionsOf(yield* it.world)
      assert.deepStrictEqual(
        actions.map(({ isOpaque }) => isOpaque),
        [true],
      )
    }),
  )

  it.effect("[DCO-026] reading an item is touching content, whatever the command", () =>
    Effect.gen(function* () {
      const it = yield* withMail()
      const request = yield* elevated(it)
      const read = yield* it.call(ed, "run-as-engineer", {
        component: server,
        action: "Get-Queue",
        request,
        item: "mail of alice",
      })
      assert.strictEqual(verdict(read), "deny at content-role: RoleLacksContentAccess")
    }),
  )
})
