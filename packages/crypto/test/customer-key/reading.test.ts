import { assert, describe, it, layer } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { containerKey } from "../../src/at-rest/Hierarchy.ts"
import { rootRoute } from "../../src/at-rest/rootRoute.ts"
import {
  availabilityKeyAudit,
  BlobStore,
  evaluateSealing,
  evaluateStoredBytes,
  KeyVault,
  keyOf,
  keysOfKind,
  openAtRest,
  policyById,
  rawBytesOf,
  sealAtRest,
  type TriggerOrigin,
  vaultAccessDenied,
  vaultUnreachable,
} from "../../src/index.ts"
import { heidi, ivan, type Twin } from "../harness.ts"
import {
  exchange,
  liftRetention,
  mail,
  Prepared,
  plaintext,
  prepared,
  revoke,
  sharePoint,
  site,
  withAlice,
  withSites,
  wrappedCopies,
} from "./prepared.ts"

/** Decision and deed: both must say the same, for this reader at this moment. */
const read = Effect.fnUntraced(function* (
  twin: Twin,
  objectId: string,
  origin: TriggerOrigin = "User",
) {
  const now = yield* twin.now
  const decision = evaluateStoredBytes(yield* twin.world, objectId, { origin, now })
  const opened = yield* twin.run((world) =>
    Effect.result(openAtRest(world, objectId, { origin, now })),
  )
  const { name, details } = decidingGate(decision)
  assert.strictEqual(
    opened._tag === "Success",
    decision.outcome === "allow",
    "gates and bytes agree",
  )
  if (opened._tag === "Success") assert.isTrue(Buffer.from(opened.success).equals(plaintext))
  else assert.deepInclude(opened.failure, { reason: "refused", gate: name })
  return decision.outcome === "allow"
    ? `allow ${details["route"] ?? details["management"]}`
    : `deny ${name}`
})
const fault = (twin: Twin, name: string, on: boolean) =>
  twin.allow(ivan, "switch-fault", { fault: name, on })

layer(Prepared.layer)("reading under Customer Key", (it) => {
  it.effect("[CRY-002] [CRY-144] without Customer Key no customer vault matters", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      yield* fault(twin, vaultUnreachable, true)
      assert.strictEqual(yield* read(twin, mail), "allow MicrosoftManaged")
      assert.strictEqual(yield* read(twin, "plan.docx"), "allow MicrosoftManaged")
      yield* fault(twin, vaultUnreachable, false)
      yield* fault(twin, vaultAccessDenied, true)
      assert.strictEqual(yield* read(twin, mail), "allow MicrosoftManaged")
    }),
  )

  it.effect(
    "[CRY-074] [CRY-081] assigning a policy wraps the mailbox key anew and leaves content alone",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* prepared
        const before = yield* twin.run(() => rawBytesOf(mail))
        const params = { Identity: "Alice@contoso.com", DataEncryptionPolicy: "legal MAILBOXES" }
        yield* twin.allow(heidi, "Set-Mailbox", params)
        assert.deepStrictEqual(yield* twin.run(() => rawBytesOf(mail)), before)
        const world = yield* twin.world
        const key = keyOf(world, containerKey("Exchange", "alice@contoso.com"))
        const dep = keyOf(world, key?.wrappedBy[0] ?? "")
        // The old way in is really gone.
        const copies = yield* twin.run(() =>
          Effect.flatMap(BlobStore, (blobs) => blobs.list(`wrapped-keys/${key?.keyId}/`)),
        )
        assert.deepStrictEqual(copies, [`wrapped-keys/${key?.keyId}/by/${dep?.keyId}`])
        assert.strictEqual(dep?.kind, "DepKey")
        assert.strictEqual(dep?.wrappedBy.length, 3)
        assert.strictEqual(yield* read(twin, mail), "allow customer-key")
        assert.strictEqual(yield* read(twin, "mail of bob@contoso.com"), "allow MicrosoftManaged")
      }),
  )

  it.effect("[CRY-081] [CRY-082] [CRY-094] every level is AES-256, under roots of two kinds", () =>
    Effect.gen(function* () {
      // 32 bytes become 40 under AES and 256 under RSA-2048.
      const aes = "A256KW 40"
      const rsa = "RSA-OAEP-256 256"
      const { twin } = yield* withSites
      yield* twin.allow(heidi, "Set-Mailbox", {
        Identity: "alice@contoso.com",
        DataEncryptionPolicy: "Legal mailboxes",
      })
      yield* twin.allow(ivan, "Set-M365DataAtRestEncryptionPolicyAssignment", {
        DataEncryptionPolicy: "All",
      })
      const chat = { workload: "Teams", container: "19:launch", objectId: "hi", plaintext } as const
      yield* twin.store((world) => sealAtRest(world, chat))
      const world = yield* twin.world
      const above = (keyId: string) => keyOf(world, keyId)?.wrappedBy[0] ?? ""
      const [workload] = keysOfKind(world, "WorkloadKey").map(({ keyId }) => keyId)
      const mailbox = containerKey("Exchange", "alice@contoso.com")
      const siteKey = containerKey("SharePoint", site)
      for (const [keyId, top] of [
        [mailbox, [aes, rsa, rsa]],
        [workload ?? "", [aes, rsa, rsa]],
        // SharePoint's third root is an RSA key as well.
        [siteKey, [rsa, rsa, rsa]],
      ] as const) {
        assert.deepStrictEqual(yield* wrappedCopies(twin, keyId), [aes], keyId)
        assert.deepStrictEqual(yield* wrappedCopies(twin, above(keyId)), [...top], keyId)
      }
    }),
  )

  it.effect("[CRY-083] [CRY-087] one healthy key is enough, whichever it is", () =>
    Effect.gen(function* () {
      for (const VaultName of ["contoso-ck-a1", "contoso-ck-b1"]) {
        const { twin } = yield* withAlice
        const params = { VaultName, ServicePrincipalName: exchange }
        yield* twin.allow(ivan, "Remove-AzKeyVaultAccessPolicy", params)
        assert.strictEqual(yield* read(twin, mail), "allow customer-key")
      }
    }),
  )

  it.effect(
    "[CRY-084] [CRY-093] after system errors Exchange goes on with the availability key",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        yield* fault(twin, vaultUnreachable, true)
        assert.strictEqual(yield* read(twin, mail, "User"), "allow availability-key")
        assert.strictEqual(yield* read(twin, mail, "System"), "allow availability-key")
      }),
  )

  it.effect("[CRY-085] [CRY-086] after a revocation only the service itself reads mail", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      yield* revoke(twin, exchange)
      assert.strictEqual(yield* read(twin, mail, "User"), "deny root-keys")
      assert.strictEqual(yield* read(twin, mail, "System"), "allow availability-key")
      assert.strictEqual(yield* read(twin, "mail of bob@contoso.com"), "allow MicrosoftManaged")
    }),
  )

  it.effect("[CRY-042] [CRY-064] each workload has a principal of its own", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      yield* revoke(twin, sharePoint)
      assert.strictEqual(yield* read(twin, mail), "allow customer-key")
      yield* fault(twin, vaultAccessDenied, true)
      assert.strictEqual(yield* read(twin, mail), "deny root-keys")
    }),
  )

  it.effect("[CRY-059] [CRY-064] disabled and deleted keys are refusals", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", {
        VaultName: "contoso-ck-a1",
        Name: "root",
        Enable: false,
      })
      assert.strictEqual(yield* read(twin, mail), "allow customer-key")
      yield* twin.allow(ivan, "Remove-AzKeyVaultKey", {
        VaultName: "contoso-ck-b1",
        Name: "root",
        Force: true,
      })
      assert.strictEqual(yield* read(twin, mail), "deny root-keys")
      yield* twin.allow(ivan, "Undo-AzKeyVaultKeyRemoval", {
        VaultName: "contoso-ck-b1",
        Name: "root",
      })
      assert.strictEqual(yield* read(twin, mail), "allow customer-key")
    }),
  )

  it.effect(
    "[CRY-094] [CRY-095] [CRY-031] registering puts a key of the tenant above every site key",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withSites
        const world = yield* twin.world
        const above = keyOf(
          world,
          keyOf(world, containerKey("SharePoint", site))?.wrappedBy[0] ?? "",
        )
        assert.strictEqual(above?.kind, "TenantIntermediateKey")
        assert.strictEqual(above?.wrappedBy.length, 3)
        assert.strictEqual(yield* read(twin, "plan.docx"), "allow customer-key")
        const sealed = {
          workload: "SharePoint",
          container: `${site}2`,
          objectId: "new.docx",
          plaintext,
        } as const
        yield* twin.store((it) => sealAtRest(it, sealed))
        assert.strictEqual(yield* read(twin, "new.docx"), "allow customer-key")
      }),
  )

  it.effect(
    "[CRY-097] [CRY-098] [CRY-099] sites live on the cache, then nobody reads: no fallback",
    () =>
      Effect.gen(function* () {
        for (const cut of ["revoke", "fault"]) {
          const { twin } = yield* withSites
          if (cut === "revoke") yield* revoke(twin, sharePoint)
          else yield* fault(twin, vaultUnreachable, true)
          assert.strictEqual(yield* read(twin, "plan.docx"), "allow cached-key")
          yield* twin.advance(24 * 3_600_000 - 1)
          assert.strictEqual(yield* read(twin, "plan.docx"), "allow cached-key")
          yield* twin.advance(1)
          assert.strictEqual(yield* read(twin, "plan.docx", "User"), "deny root-keys")
          assert.strictEqual(yield* read(twin, "plan.docx", "System"), "deny root-keys")
          const world = yield* twin.world
          assert.strictEqual(evaluateStoredBytes(world, "plan.docx").outcome, "deny")
          const place = { workload: "SharePoint", container: site } as const
          assert.strictEqual(evaluateSealing(world, place).outcome, "deny")
          const sealing = { ...place, objectId: "late.docx", plaintext }
          const events = yield* twin.run((it) => sealAtRest(it, sealing))
          assert.deepInclude(events[0], { _tag: "StoreRefused", gate: "root-keys" })
          assert.strictEqual((yield* twin.run(() => rawBytesOf("late.docx"))).length, 0)
        }
      }),
  )

  it.effect("[CRY-098] the cache counts from the moment the second key is lost", () =>
    Effect.gen(function* () {
      const { twin } = yield* withSites
      yield* revoke(twin, sharePoint, 1)
      yield* twin.advance(100 * 3_600_000)
      const second = { VaultName: "contoso-ck-b1", ServicePrincipalName: sharePoint }
      yield* twin.allow(ivan, "Remove-AzKeyVaultAccessPolicy", second)
      assert.strictEqual(yield* read(twin, "plan.docx"), "allow cached-key")
    }),
  )

  it.effect(
    "keys purged for ever leave nothing but the availability key, and SharePoint not even that",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* withSites
        const params = { Identity: "alice@contoso.com", DataEncryptionPolicy: "Legal mailboxes" }
        yield* twin.allow(heidi, "Set-Mailbox", params)
        const vault = { keys: ["purge", "delete", "get", "create"] }
        yield* liftRetention(twin)
        for (const VaultName of ["contoso-ck-a1", "contoso-ck-b1"]) {
          const grant = { VaultName, UserPrincipalName: ivan.id, PermissionsToKeys: vault.keys }
          yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", grant)
          yield* twin.allow(ivan, "Remove-AzKeyVaultKey", { VaultName, Name: "root" })
          yield* twin.allow(ivan, "Remove-AzKeyVaultKey", {
            VaultName,
            Name: "root",
            InRemovedState: true,
          })
        }
        yield* twin.advance(25 * 3_600_000)
        for (const uri of uris) {
          const error = yield* twin.run(() =>
            Effect.flatMap(KeyVault, (keys) => Effect.flip(keys.privateKey(uri))),
          )
          assert.strictEqual(error._tag, "KeyNotFound")
        }
        assert.strictEqual(yield* read(twin, "plan.docx", "System"), "deny root-keys")
        assert.strictEqual(yield* read(twin, mail, "User"), "deny root-keys")
        assert.strictEqual(yield* read(twin, mail, "System"), "allow availability-key")
      }),
  )

  it.effect("[CRY-085] the refusal names no key, and says what kind of refusal it is", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      yield* revoke(twin, exchange)
      const gate = decidingGate(evaluateStoredBytes(yield* twin.world, mail))
      assert.strictEqual(gate.refusal?.code, "CustomerKey.KeyAccessDenied")
      assert.deepInclude(gate.details, { customerKeys: "access-denied", origin: "User" })
      const policy = policyById(yield* twin.world, "nothing")
      assert.isUndefined(policy)
    }),
  )
})

layer(Prepared.layer)("audit of the availability key", (it) => {
  it.effect(
    "[CRY-129] [CRY-130] [CRY-131] each fallback in Exchange leaves a record, nothing else does",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        const audit = (objectId: string, origin: TriggerOrigin) =>
          Effect.map(twin.world, (world) => availabilityKeyAudit(world, objectId, { origin }))
        assert.isUndefined(yield* audit(mail, "System"))
        yield* revoke(twin, exchange)
        assert.isUndefined(yield* audit(mail, "User"))
        assert.isUndefined(yield* audit("mail of bob@contoso.com", "System"))
        assert.isUndefined(yield* audit("plan.docx", "System"))
        assert.isUndefined(yield* audit("nothing", "System"))
        const entry = yield* audit(mail, "System")
        assert.deepInclude(entry, { operation: "Fallback to Availability Key", recordType: 69 })
        assert.hasAllKeys(entry?.details, ["Policy Id", "Scope Key Version Id", "Request Id"])
      }),
  )
})

/** CRY-083 to CRY-087, CRY-093, CRY-098 and CRY-099 as a table: flat, and read only here. */
const table = (f: Parameters<typeof rootRoute>[0]): string => {
  // Teams goes the way of Exchange (CRY-082, CRY-093).
  const key = `Exchange ${f.customerKeys} ${f.origin}`
  if (f.management === "MicrosoftManaged") return "service-root"
  if (f.isRecovery) return f.availabilityKey === "held" ? "availability-key" : "none"
  if (f.isRestoring) return "none"
  if (f.customerKeys === "answer") return "customer-key"
  if (f.workload === "SharePoint") return f.isIntermediateKeyCached ? "cached-key" : "none"
  if (f.availabilityKey === "destroyed") return "none"
  const allowed = [
    "Exchange system-error User",
    "Exchange system-error System",
    "Exchange access-denied System",
    "Exchange mixed System",
    "Exchange none System",
  ]
  return allowed.includes(key) ? "availability-key" : "none"
}

describe("the unwrap algorithm", () => {
  it.prop(
    "[CRY-083] [CRY-084] [CRY-085] [CRY-086] [CRY-087] [CRY-093] [CRY-099] agrees with the documented table",
    {
      management: Schema.Literals(["MicrosoftManaged", "CustomerManaged"]),
      workload: Schema.Literals(["Exchange", "SharePoint", "Teams"]),
      origin: Schema.Literals(["User", "System"]),
      customerKeys: Schema.Literals(["answer", "system-error", "access-denied", "mixed", "none"]),
      availabilityKey: Schema.Literals(["held", "destroyed"]),
      isIntermediateKeyCached: Schema.Boolean,
      isRecovery: Schema.Boolean,
      isRestoring: Schema.Boolean,
    },
    (facets) => {
      const all = { ...facets, keysAnswering: 0 }
      assert.strictEqual(rootRoute(all), table(all))
    },
  )
})
