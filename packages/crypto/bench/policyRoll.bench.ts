import { Context, Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { test } from "vitest"
import { storeWrapped, unwrapStored } from "../src/at-rest/KeyRing.ts"
import { servicePrincipals } from "../src/customer-key/AzureKeyVault.ts"
import type { DataEncryptionPolicy } from "../src/customer-key/DataEncryptionPolicy.ts"
import {
  createPolicyKeys,
  namesOfPolicyKeys,
  rollPolicyKey,
} from "../src/customer-key/policyKeys.ts"
import {
  BlobStore,
  type CryptoEvent,
  type CryptoServices,
  KeyVault,
  memoryServices,
} from "../src/index.ts"
import { after, composition } from "../test/harness.ts"

const systemRandom = SecureRandom.make((size) => crypto.getRandomValues(new Uint8Array(size)))
const version = (digit: string): string => digit.repeat(32)
const uri = (vault: string, digit: string): string =>
  `https://${vault}.vault.azure.net/keys/top/${version(digit)}`

const events = (vault: string): readonly CryptoEvent[] => [
  {
    _tag: "VaultCreated",
    vault,
    kind: "KeyVault",
    permissionModel: "AccessPolicy",
    subscription: vault,
    location: "w",
    sku: "Premium",
    retentionDays: 90,
    isPurgeProtected: false,
    at: 0,
  },
  {
    _tag: "VaultPermissionsSet",
    vault,
    principal: servicePrincipals.Exchange,
    keys: ["get", "wrapKey", "unwrapKey"],
    at: 0,
  },
  ...["a", "b"].map((digit) => ({
    _tag: "VaultKeyAdded" as const,
    vault,
    key: "top",
    version: {
      version: version(digit),
      keyType: "RSA-HSM" as const,
      sizeBits: 2048,
      keyOps: ["wrapKey", "unwrapKey"] as const,
      isEnabled: true,
      createdAt: 0,
      changedAt: 0,
    },
  })),
]

const policy: DataEncryptionPolicy = {
  id: "bench",
  kind: "Mailbox",
  name: "bench",
  description: "",
  isEnabled: true,
  rootKeys: [uri("vault-1", "a"), uri("vault-2", "a")],
  ...namesOfPolicyKeys("bench", "Mailbox"),
  versionIds: ["v"],
  createdAt: 0,
  isPurged: false,
}

/** A policy with as many wrapped mailbox keys under it, and nothing stored in the mailboxes. */
const prepared = async (mailboxes: number) => {
  const services = await Effect.runPromise(memoryServices)
  const full = Context.add(services.context, SecureRandom.SecureRandom, systemRandom)
  const run = <A, E>(effect: Effect.Effect<A, E, CryptoServices>): A =>
    Effect.runSync(Effect.provideContext(effect, full))
  let world = after(composition.initial, [...events("vault-1"), ...events("vault-2")])
  const wrappingKey = run(
    Effect.gen(function* () {
      const keys = yield* KeyVault
      for (const vault of ["vault-1", "vault-2"]) {
        for (const digit of ["a", "b"]) {
          yield* keys.createKeyPair(uri(vault, digit))
          yield* Effect.orDie(keys.publicKey(uri(vault, digit)))
        }
      }
      const made = yield* createPolicyKeys(world, policy)
      world = after(world, [{ _tag: "DataEncryptionPolicyCreated", policy }, ...made])
      return new Uint8Array(32).fill(1)
    }),
  )
  run(
    Effect.gen(function* () {
      for (let index = 0; index < mailboxes; index++) {
        const keyId = `mailbox-key/user${index}@contoso.com`
        const key = new Uint8Array(32).fill(index)
        yield* storeWrapped({ keyId, key, wrappedBy: policy.depKeyId, wrappingKey })
      }
    }),
  )
  return { run, world, wrappingKey }
}

test("opening wrapped keys", async ({ bench }) => {
  const { run, wrappingKey } = await prepared(1000)
  let count = 0
  await bench("unwrap one mailbox key", () => {
    count += 1
    const keyId = `mailbox-key/user${count % 1000}@contoso.com`
    run(unwrapStored({ keyId, wrappedBy: policy.depKeyId, wrappingKey }))
  }).run()
})

test("rolling a policy", async ({ bench }) => {
  const few = await prepared(10)
  const many = await prepared(100_000)
  const before = many.run(
    Effect.flatMap(BlobStore, (blobs) => blobs.list("wrapped-keys/mailbox-key/")),
  )
  const roll = ({ run, world }: typeof few, digit: string) => {
    const rootKeys = [uri("vault-1", digit), uri("vault-2", digit)]
    run(rollPolicyKey(world, policy, { rootKeys, now: 0 }))
    // Back again, so that the next turn finds what this one found.
    const rolled = after(world, [
      { _tag: "DataEncryptionPolicyRolled", policyId: policy.id, rootKeys, versionId: "w" },
    ])
    const { rootKeys: back } = policy
    run(rollPolicyKey(rolled, { ...policy, rootKeys }, { rootKeys: back, now: 0 }))
  }
  await bench.compare(
    bench("there and back over 10 wrapped keys", () => {
      roll(few, "b")
    }),
    bench("there and back over 100,000 wrapped keys", () => {
      roll(many, "b")
    }),
  )
  // No key below the policy's own was touched, and no content exists at all.
  const now = many.run(
    Effect.flatMap(BlobStore, (blobs) => blobs.list("wrapped-keys/mailbox-key/")),
  )
  if (now.length !== before.length) throw new Error("a roll touched keys below the policy")
})
