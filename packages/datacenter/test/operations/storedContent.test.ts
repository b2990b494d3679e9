import { assert, describe, it } from "@effect/vitest"
import {
  type CryptoEvent,
  type CryptoServices,
  memoryServices,
  protectBytes,
  sealAtRest,
  setUpKey,
} from "@twin/crypto"
import { makeDraw, makeSimulation, seededBytes } from "@twin/kernel"
import { Context, Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { datacenterBaseline, operatorActionsOf } from "../../src/index.ts"
import {
  composition,
  contentRequest,
  ed,
  elevated,
  folderCounts,
  member,
  start,
  verdict,
} from "../setup.ts"

const server = "exo-nam01-mbx01"

const mailOf = (owner: string) =>
  ({
    workload: "Exchange",
    container: `${owner}@contoso.com`,
    objectId: `mail of ${owner}`,
  }) as const

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
  const store = Effect.fnUntraced(function* (
    seed: string,
    object: Pick<Parameters<typeof sealAtRest>[1], "workload" | "container" | "objectId">,
    bytesOf: (plaintext: Uint8Array) => ReturnType<typeof sealed> = sealed,
  ) {
    const random = SecureRandom.make(seededBytes(seed))
    const context = Context.add(services.context, SecureRandom.SecureRandom, random)
    const world = yield* it.world
    const events: readonly CryptoEvent[] = yield* bytesOf(plaintext).pipe(
      Effect.flatMap((bytes) => sealAtRest(world, { ...object, plaintext: bytes })),
      Effect.provideContext(context),
    )
    yield* it.establish("store", events)
  })
  yield* store("1", mailOf("alice"))
  yield* store("2", mailOf("bob"))
  yield* store("3", {
    workload: "SharePoint",
    container: "alice@contoso.com",
    objectId: "file of alice",
  })
  const wish = {
    url: doubleKeyUrl,
    authorization: { _tag: "Email", addresses: [] },
    tenantIds: ["t"],
    isRunning: true,
    now: start,
  } as const
  const random = SecureRandom.make(seededBytes("double key"))
  const context = Context.add(services.context, SecureRandom.SecureRandom, random)
  const keyService = yield* setUpKey(yield* it.world, makeDraw("s"), wish).pipe(
    Effect.provideContext(context),
  )
  yield* it.establish("double-key", keyService)
  const protections = { "protected mail": {}, "doubly protected mail": { doubleKeyUrl } }
  for (const [objectId, more] of Object.entries(protections)) {
    const world = yield* it.world
    const policy = { contentId: "c", owner: "alice@contoso.com", issuedAt: start, grants: [] }
    yield* store(objectId, { ...mailOf("alice"), objectId }, (bytes) =>
      Effect.map(
        protectBytes(world, { contentId: "c", plaintext: bytes, policy: { ...policy, ...more } }),
        (protectedContent) => protectedContent.bytes,
      ).pipe(Effect.orDie),
    )
  }
  return it
})

const doubleKeyUrl = "https://dke.contoso.com/key"
const plaintext = new TextEncoder().encode("The quarter was bad.")
const sealed = (bytes: Uint8Array): Effect.Effect<Uint8Array, never, CryptoServices> =>
  Effect.succeed(bytes)

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

  it.effect(
    "[DCO-202] [DCO-305] protected content stays ciphertext: an elevation adds no rights",
    () =>
      Effect.gen(function* () {
        const it = yield* withMail()
        const request = yield* elevated(it, contentRequest)
        for (const item of ["protected mail", "doubly protected mail"]) {
          const read = yield* it.call(ed, "run-as-engineer", { ...folderCounts, request, item })
          assert.strictEqual(verdict(read), "allow")
          assert.deepInclude(read.output[0], { opaque: true })
        }
      }),
  )

  // Each service has its own stores; an elevation on one machine is none on another service.
  it.effect("a machine reads only what its own service stores", () =>
    Effect.gen(function* () {
      const it = yield* withMail()
      const request = yield* elevated(it, contentRequest)
      const item = "file of alice"
      const read = yield* it.call(ed, "run-as-engineer", { ...folderCounts, request, item })
      assert.strictEqual(verdict(read), "deny at stored-item: ItemNotFound")
    }),
  )

  it.effect("[CRY-129] [CRY-085] the availability key leaves a record also for an operator", () =>
    Effect.gen(function* () {
      const it = yield* withMail()
      const uris: unknown[] = []
      const vaults = ["contoso-ck-a", "contoso-ck-b"]
      const ivan = member("ivan")
      const exchange = "00000002-0000-0ff1-ce00-000000000000"
      for (const VaultName of vaults) {
        const vault = { Name: VaultName, Location: "eastus", SubscriptionId: VaultName }
        yield* it.call(ivan, "New-AzKeyVault", vault)
        yield* it.call(ivan, "Set-AzKeyVaultAccessPolicy", {
          VaultName,
          ServicePrincipalName: exchange,
          PermissionsToKeys: ["get", "wrapKey", "unwrapKey"],
        })
        const made = yield* it.call(ivan, "Add-AzKeyVaultKey", { VaultName, Name: "root" })
        uris.push(made.output[0]?.["Id"])
      }
      yield* it.call(ivan, "New-CustomerKeyOnboardingRequest", {
        Organization: "contoso.com",
        Scenario: "EXO",
        Subscription1: vaults[0],
        KeyIdentifier1: uris[0],
        Subscription2: vaults[1],
        KeyIdentifier2: uris[1],
        OnboardingMode: "Enable",
      })
      yield* it.call(ivan, "New-DataEncryptionPolicy", { Name: "Board", AzureKeyIDs: uris })
      const alice = { Identity: "alice@contoso.com", DataEncryptionPolicy: "Board" }
      assert.strictEqual(verdict(yield* it.call(ivan, "Set-Mailbox", alice)), "allow")
      const request = yield* elevated(it, contentRequest)
      const read = Effect.gen(function* () {
        const item = "mail of alice"
        const result = yield* it.call(ed, "run-as-engineer", { ...folderCounts, request, item })
        const left = (result.record?.audit ?? []).filter(({ RecordType }) => RecordType === 69)
        return { opaque: result.output[0]?.["opaque"], users: left.map(({ UserId }) => UserId) }
      })
      assert.deepStrictEqual(yield* read, { opaque: false, users: [] })
      for (const vault of vaults) {
        yield* it.call(ivan, "set-key-vault-condition", { vault, condition: "timeout" })
      }
      assert.deepStrictEqual(yield* read, { opaque: false, users: ["Microsoft Operator"] })
      // What the customer refuses stays ciphertext: an engineer is no service.
      for (const vault of vaults) {
        yield* it.call(ivan, "set-key-vault-condition", { vault, condition: "token-refused" })
      }
      assert.deepStrictEqual(yield* read, { opaque: true, users: [] })
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
