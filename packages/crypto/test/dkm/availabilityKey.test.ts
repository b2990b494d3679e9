import { assert, layer } from "@effect/vitest"
import { type Actor, decidingGate, defaultClient } from "@twin/kernel"
import { Effect, Option } from "effect"
import { sharePointAvailabilityKey } from "../../src/at-rest/Hierarchy.ts"
import { destroyPolicyKeys } from "../../src/customer-key/policyKeys.ts"
import { openSecret } from "../../src/dkm/dkmSecret.ts"
import { BlobStore, dataEncryptionPolicies, KeyVault } from "../../src/index.ts"
import { Prepared, withAlice, withSites } from "../customer-key/prepared.ts"
import { ivan, type Twin } from "../harness.ts"

const service: Actor = {
  id: "svc-exchange-store",
  kind: "service-account",
  roles: [],
  client: defaultClient,
}
const open = Effect.fnUntraced(function* (twin: Twin, who: Actor, secret: string) {
  const { decision } = yield* twin.call(who, "open-mail-secret", { secret })
  return decision.outcome === "allow" ? "allow" : decidingGate(decision).name
})

layer(Prepared.layer)("availability keys", (test) => {
  test.effect(
    "[CRY-024] Exchange's lie under the group's keys, and nobody but the service opens them",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        const [policy] = dataEncryptionPolicies(yield* twin.world)
        const id = policy?.availabilityKeyId ?? ""
        assert.match(id, /^availability-key\//)
        assert.strictEqual(yield* open(twin, ivan, id), "dkm-group")
        assert.strictEqual(yield* open(twin, service, id), "allow")
        yield* twin.run((world) =>
          Effect.gen(function* () {
            const vault = yield* KeyVault
            const blobs = yield* BlobStore
            const key = yield* Effect.orDie(vault.symmetricKey(id))
            const secret = world.crypto.dkm.secrets[id]
            assert.isDefined(secret)
            assert.deepStrictEqual(
              Buffer.from(Option.getOrThrow(yield* openSecret(secret))),
              Buffer.from(key),
            )
            const stored = Buffer.from(yield* Effect.orDie(blobs.get(`dkm/secrets/${id}`)))
            assert.isFalse(stored.includes(key))
          }),
        )
        // A purge destroys the key, and the copy with it.
        assert.isDefined(policy)
        yield* twin.store(() => destroyPolicyKeys(policy))
        assert.strictEqual(yield* open(twin, service, id), "dkm-key")
      }),
  )

  test.effect("[CRY-024] SharePoint's has a store of its own", () =>
    Effect.gen(function* () {
      const { twin } = yield* withSites
      assert.strictEqual(yield* open(twin, service, sharePointAvailabilityKey), "dkm-secret")
    }),
  )
})
