import { assert, layer } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Effect } from "effect"
import { containerKey } from "../../src/at-rest/Hierarchy.ts"
import {
  type CryptoEvent,
  evaluateStoredBytes,
  KeyVault,
  keyOf,
  keysOfKind,
  openAtRest,
} from "../../src/index.ts"
import { after, heidi, ivan, judy, type Twin } from "../harness.ts"
import { exchange, mail, opens, Prepared, prepared, revoke, withAlice } from "./prepared.ts"

/** What the service itself may do with Alice's mail. */
const system = (it: Twin) =>
  Effect.map(it.world, (world) => evaluateStoredBytes(world, mail, { origin: "System" }).outcome)

layer(Prepared.layer)("data purge", (it) => {
  const purge = {
    Identity: "Legal mailboxes",
    PermanentDataPurgeRequested: true,
    PermanentDataPurgeReason: "The tenant leaves",
    PermanentDataPurgeContact: "ivan@contoso.com",
  }

  it.effect(
    "[CRY-122] [CRY-123] [CRY-124] [CRY-126] permissions, request, signature, and nobody reads again",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        assert.strictEqual(
          (yield* twin.refuse(heidi, "Set-DataEncryptionPolicy", purge)).name,
          "purge-permissions-removed",
        )
        yield* revoke(twin, exchange, 1)
        assert.strictEqual(
          (yield* twin.refuse(heidi, "Set-DataEncryptionPolicy", purge)).refusal?.code,
          "CustomerKey.PurgePermissionsStillPresent",
        )
        yield* revoke(twin, exchange)
        const silent = { ...purge, PermanentDataPurgeReason: "" }
        assert.strictEqual(
          (yield* twin.refuse(heidi, "Set-DataEncryptionPolicy", silent)).name,
          "purge-reason",
        )
        const early = { policy: "Legal mailboxes" }
        assert.strictEqual(
          (yield* twin.refuse(ivan, "sign-data-purge", early)).name,
          "purge-requested",
        )
        yield* twin.allow(ivan, "Set-DataEncryptionPolicy", purge)
        assert.strictEqual(yield* system(twin), "allow")
        const assign = { Identity: "bob@contoso.com", DataEncryptionPolicy: "Legal mailboxes" }
        assert.strictEqual((yield* twin.refuse(heidi, "Set-Mailbox", assign)).name, "policy-usable")
        assert.strictEqual(
          (yield* twin.refuse(judy, "sign-data-purge", early)).name,
          "purge-document",
        )
        yield* twin.allow(heidi, "open-purge-ticket", early)
        assert.strictEqual(
          (yield* twin.refuse(ivan, "sign-data-purge", early)).name,
          "purge-approver",
        )
        const rows = yield* twin.allow(judy, "sign-data-purge", early)
        assert.deepStrictEqual(rows, [
          { Identity: "alice@contoso.com", MarkedForPermanentDeletion: true },
        ])
        assert.strictEqual(yield* system(twin), "deny")
        const availability = keysOfKind(yield* twin.world, "AvailabilityKey").filter(
          (it) => it.isDestroyed,
        )
        assert.strictEqual(availability.length, 1)
        const { keyId } = availability[0] ?? { keyId: "" }
        const isHeld = yield* twin.run(() => Effect.flatMap(KeyVault, (vault) => vault.has(keyId)))
        assert.isFalse(isHeld)
        const gate = decidingGate(evaluateStoredBytes(yield* twin.world, mail))
        assert.strictEqual(gate.name, "key-hierarchy")
        // Giving the permissions back brings nothing back: the wrapped copies are gone.
        const PermissionsToKeys = ["get", "wrapKey", "unwrapKey"]
        for (const VaultName of ["contoso-ck-a1", "contoso-ck-b1"]) {
          const grant = { VaultName, ServicePrincipalName: exchange, PermissionsToKeys }
          yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", grant)
        }
        assert.isFalse(yield* opens(twin, mail))
        const revived: readonly CryptoEvent[] = [
          {
            _tag: "KeyCreated",
            keyId:
              keyOf(yield* twin.world, containerKey("Exchange", "alice@contoso.com"))
                ?.wrappedBy[0] ?? "",
            kind: "DepKey",
            wrappedBy: [],
          },
        ]
        const world = after(yield* twin.world, revived)
        const bytes = yield* twin.run(() =>
          Effect.flip(openAtRest(world, mail, { origin: "System" })),
        )
        assert.strictEqual(bytes.reason, "damaged")
        assert.isTrue(yield* opens(twin, "mail of bob@contoso.com"))
      }),
  )

  it.effect("[CRY-121] [CRY-128] only mailbox policies can be purged", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      for (const Identity of ["All", "microsoft-managed"]) {
        const refused = yield* twin.refuse(heidi, "Set-DataEncryptionPolicy", {
          ...purge,
          Identity,
        })
        assert.strictEqual(refused.name, "data-encryption-policy")
      }
      const error = yield* Effect.flip(
        twin.call(judy, "Set-M365DataAtRestEncryptionPolicy", { ...purge, Identity: "All" }),
      )
      assert.strictEqual(error._tag, "ParametersInvalid")
    }),
  )
})
