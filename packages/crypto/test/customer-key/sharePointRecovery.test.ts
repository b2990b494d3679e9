import { assert, describe, it, layer } from "@effect/vitest"
import { type Actor, systemActor } from "@twin/kernel"
import { Effect, Schema } from "effect"
import {
  oneAfterTheOther,
  raceForKey,
  raceOffsetMilliseconds,
} from "../../src/at-rest/intermediateKeyRace.ts"
import { coverage, keyCustody } from "../../src/customer-key/customerKeyTables.ts"
import { KeyVault, keysOfKind, openAtRest, sealAtRest } from "../../src/index.ts"
import { grace, heidi, ivan, judy, type Twin, textOf } from "../harness.ts"
import {
  liftRetention,
  mail,
  makeKey,
  opens,
  Prepared,
  plaintext,
  prepared,
  revoke,
  sharePoint,
  site,
  withAlice,
  withSites,
} from "./prepared.ts"

const hour = 3_600_000

const raceOf = (a: number, b: number) =>
  raceForKey([
    { uri: "a", result: "Success", latencyMilliseconds: a },
    { uri: "b", result: "Success", latencyMilliseconds: b },
  ]).map(({ uri, result }) => `${uri} ${result}`)
const engineer: Actor = { ...ivan, id: "engineer", kind: "datacenter-engineer", roles: [] }
const elevated: Actor = { ...engineer, roles: ["SecretStoreAccess"] }

const newKeys = Effect.fnUntraced(function* (twin: Twin) {
  return {
    PrimaryKeyVaultUri: yield* makeKey(twin, "contoso-ck-a1", "second"),
    SecondaryKeyVaultUri: yield* makeKey(twin, "contoso-ck-b1", "second"),
  }
})
const loseKeys = Effect.fnUntraced(function* (twin: Twin) {
  for (const VaultName of ["contoso-ck-a1", "contoso-ck-b1"]) {
    yield* twin.allow(ivan, "Remove-AzKeyVaultKey", { VaultName, Name: "root" })
  }
  yield* twin.advance(25 * hour)
})

describe("asking for the intermediate key", () => {
  const results = Schema.Literals(["Success", "SystemError", "AccessDenied"])
  const latency = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100 }))

  it("[CRY-096] both keys are asked, the second a little later; the first to finish wins", () => {
    assert.deepStrictEqual(raceOf(50, 50), ["a Success", "b Cancelled"])
    assert.deepStrictEqual(raceOf(50, 50 - raceOffsetMilliseconds - 1), [
      "a Cancelled",
      "b Success",
    ])
    const [first, second] = raceForKey([
      { uri: "a", result: "SystemError", latencyMilliseconds: 5 },
      { uri: "b", result: "Success", latencyMilliseconds: 90 },
    ])
    assert.strictEqual(first?.result, "SystemError")
    assert.deepInclude(second, { result: "Success", startsAt: raceOffsetMilliseconds })
  })

  it.prop(
    "[CRY-096] [CRY-084] a race ends at the earliest success, a queue stops at its first",
    { a: results, b: results, latencyA: latency, latencyB: latency },
    ({ a, b, latencyA, latencyB }) => {
      const runners = [
        { uri: "a", result: a, latencyMilliseconds: latencyA },
        { uri: "b", result: b, latencyMilliseconds: latencyB },
      ]
      const race = raceForKey(runners)
      const wins = race.filter(({ result }) => result === "Success")
      assert.strictEqual(race.length, 2)
      assert.strictEqual(wins.length, a === "Success" || b === "Success" ? 1 : 0)
      assert.isTrue(race.every(({ endsAt }) => wins[0] === undefined || endsAt <= wins[0].endsAt))
      const queue = oneAfterTheOther(runners)
      assert.strictEqual(queue.length, a === "Success" ? 1 : 2)
      assert.strictEqual(queue.at(-1)?.result, a === "Success" ? a : b)
    },
  )
})

layer(Prepared.layer)("SharePoint's way back", (it) => {
  it.effect(
    "[CRY-116] [CRY-099] only at the customer's request, with new keys, and back in four hours",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withSites
        yield* loseKeys(twin)
        assert.isFalse(yield* opens(twin, "plan.docx"))
        const keys = yield* newKeys(twin)
        const early = yield* twin.refuse(grace, "Restore-SPODataEncryptionPolicy", keys)
        assert.strictEqual(early.refusal?.code, "CustomerKey.NotInRecoveryMode")
        assert.strictEqual(
          (yield* twin.refuse(heidi, "request-sharepoint-recovery", {})).name,
          "role",
        )
        yield* twin.allow(grace, "request-sharepoint-recovery", {})
        assert.isFalse(yield* opens(twin, "plan.docx"))
        const twice = yield* twin.refuse(grace, "request-sharepoint-recovery", {})
        assert.strictEqual(twice.name, "geo-in-use")
        const same = { ...keys, SecondaryKeyVaultUri: keys.PrimaryKeyVaultUri }
        assert.strictEqual(
          (yield* twin.refuse(grace, "Restore-SPODataEncryptionPolicy", same)).name,
          "root-keys-apart",
        )
        const [row] = yield* twin.allow(grace, "Restore-SPODataEncryptionPolicy", keys)
        assert.deepInclude(row, { State: "Registering", ...keys })
        yield* twin.advance(4 * hour - 1)
        assert.isFalse(yield* opens(twin, "plan.docx"))
        yield* twin.advance(1)
        assert.isTrue(yield* opens(twin, "plan.docx"))
        // One site: an hour more until all is done.
        yield* twin.advance(hour)
        assert.strictEqual(
          textOf((yield* twin.allow(grace, "Get-SPODataEncryptionPolicy", {}))[0], "State"),
          "Registered",
        )
        const after = yield* twin.refuse(grace, "Restore-SPODataEncryptionPolicy", keys)
        assert.strictEqual(after.name, "recovery-mode")
      }),
  )

  it.effect("[CRY-116] before registration there is nothing to recover", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      assert.strictEqual(
        (yield* twin.refuse(grace, "request-sharepoint-recovery", {})).name,
        "geo-in-use",
      )
    }),
  )

  it.effect(
    "[CRY-100] a new policy brings a new intermediate key; the availability key is the forest's",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withSites
        const before = keysOfKind(yield* twin.world, "TenantIntermediateKey")
        const availability = keysOfKind(yield* twin.world, "AvailabilityKey").map(
          ({ keyId }) => keyId,
        )
        yield* loseKeys(twin)
        yield* twin.allow(grace, "request-sharepoint-recovery", {})
        yield* twin.allow(grace, "Restore-SPODataEncryptionPolicy", yield* newKeys(twin))
        const after = keysOfKind(yield* twin.world, "TenantIntermediateKey")
        assert.strictEqual(after.length, before.length + 1)
        assert.deepStrictEqual(
          keysOfKind(yield* twin.world, "AvailabilityKey").map(({ keyId }) => keyId),
          availability,
        )
        assert.include(availability, "availability-key/sharepoint-forest")
        // Rolling a customer key is no new policy: the intermediate key stays.
        yield* twin.advance(48 * hour)
        const KeyVaultUri = yield* makeKey(twin, "contoso-ck-a1", "third")
        yield* twin.allow(grace, "Update-SPODataEncryptionPolicy", {
          KeyVaultUri,
          KeyType: "Primary",
        })
        assert.strictEqual(
          keysOfKind(yield* twin.world, "TenantIntermediateKey").length,
          after.length,
        )
        const error = yield* Effect.flip(
          twin.call(grace, "Update-SPODataEncryptionPolicy", {
            KeyVaultUri,
            KeyType: "Availability",
          }),
        )
        assert.strictEqual(error._tag, "ParametersInvalid")
      }),
  )

  it.effect("[CRY-119] the way back to Microsoft's keys is closed", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* withSites
      const keys = { PrimaryKeyVaultUri: uris[0], SecondaryKeyVaultUri: uris[1] }
      assert.strictEqual(
        (yield* twin.refuse(grace, "Register-SPODataEncryptionPolicy", keys)).name,
        "geo-unregistered",
      )
      const ticket = {
        tenant: "contoso.com",
        contact: "c",
        reason: "r",
        routing: "M365 Customer Key team",
      }
      const refused = yield* twin.refuse(judy, "open-offboarding-ticket", ticket)
      assert.strictEqual(refused.name, "multi-workload-assignment")
      yield* revoke(twin, sharePoint)
      yield* twin.advance(25 * hour)
      assert.isFalse(yield* opens(twin, "plan.docx"))
    }),
  )

  it.effect("[CRY-096] the trace shows a race for files and a queue for mail", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* withSites
      const trace = (params: object) => twin.allow(ivan, "trace-key-requests", params)
      const latencyMilliseconds = [50, 10]
      const rows = yield* trace({ workload: "SharePoint", container: site, latencyMilliseconds })
      assert.deepStrictEqual(
        rows.map((row) => `${textOf(row, "Key")} ${textOf(row, "Result")}`),
        [`${uris[0]} Cancelled`, `${uris[1]} Success`, "customer-key allow"],
      )
      yield* twin.allow(heidi, "Set-Mailbox", {
        Identity: "alice@contoso.com",
        DataEncryptionPolicy: "Legal mailboxes",
      })
      const queue = yield* trace({
        workload: "Exchange",
        container: "alice@contoso.com",
        latencyMilliseconds,
      })
      assert.strictEqual(queue.length, 2)
      yield* revoke(twin, "00000002-0000-0ff1-ce00-000000000000")
      const failed = yield* trace({
        workload: "Exchange",
        container: "alice@contoso.com",
        origin: "System",
      })
      assert.deepStrictEqual(
        failed.map((row) => textOf(row, "Result")),
        ["AccessDenied", "AccessDenied", "allow"],
      )
      assert.strictEqual(textOf(failed[2], "Key"), "availability-key")
    }),
  )

  it.effect("[CRY-102] list items and metadata stand outside the chain", () =>
    Effect.gen(function* () {
      const { twin } = yield* withSites
      const rows = yield* twin.allow(ivan, "show-encryption-coverage", {})
      const of = (data: string) => rows.find((row) => row["Data"] === data)
      assert.deepInclude(of("SharePoint list items and metadata in SQL"), {
        PolicyKind: "none",
        PolicyInForce: "Microsoft-managed",
        Encrypts: "nothing",
      })
      assert.strictEqual(
        of("SharePoint and OneDrive files")?.["PolicyInForce"],
        "SharePoint and OneDrive",
      )
      assert.isTrue(
        coverage.some(({ data, scope }) => data === "Teams files" && scope === "SharePointGeo"),
      )
    }),
  )
})

layer(Prepared.layer)("availability keys", (it) => {
  it.effect("[CRY-101] [CRY-088] [CRY-094] who keeps which key under what", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const rows = yield* twin.allow(ivan, "show-key-custody", {})
      assert.deepStrictEqual(
        rows.map((row) => row["Key"]),
        keyCustody.map(({ Key }) => Key),
      )
      const sharePointKey = rows.find((row) => row["Key"] === "AvailabilityKey (SharePoint)")
      assert.deepInclude(sharePointKey, {
        Algorithm: "RSA-2048",
        Store: "internal secret store: front-end servers and a SQL database",
        ProtectedBy:
          "store keys with AES-256 and HMAC; these with RSA-2048 certificates of the Microsoft CA on the front ends",
        VisibleToCustomer: false,
      })
      assert.deepStrictEqual(
        rows.filter((row) => row["VisibleToCustomer"] === true).map((row) => row["Key"]),
        ["CustomerRootKey"],
      )
    }),
  )

  it.effect(
    "[CRY-089] [CRY-091] [CRY-092] the tenant has no way to roll it; the service has, and engineers with Lockbox",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        const held = Effect.map(twin.world, (world) =>
          keysOfKind(world, "AvailabilityKey")
            .filter(({ isDestroyed }) => !isDestroyed)
            .map(({ keyId }) => keyId),
        )
        const before = yield* held
        const policy = "Legal mailboxes"
        for (const who of [ivan, heidi, judy, engineer]) {
          const { decision, record } = yield* twin.call(who, "roll-availability-key", { policy })
          assert.strictEqual(decision.gates.at(-1)?.name, "secret-store-elevation", who.id)
          assert.strictEqual(record?.audit[0]?.Operation, "Secret store alert")
        }
        const logOn = { policy, how: "interactive-log-on" }
        const { decision, record } = yield* twin.call(elevated, "roll-availability-key", logOn)
        assert.strictEqual(decision.gates.at(-1)?.name, "secret-store-command")
        assert.strictEqual(record?.audit[0]?.Operation, "Secret store alert")
        assert.deepStrictEqual(yield* held, before)
        yield* twin.allow(elevated, "roll-availability-key", { policy })
        const after = yield* held
        assert.strictEqual(after.length, before.length)
        assert.notDeepEqual(after, before)
        for (const keyId of before.filter((it) => !after.includes(it))) {
          assert.isFalse(yield* twin.run(() => Effect.flatMap(KeyVault, (keys) => keys.has(keyId))))
        }
        yield* twin.allow(systemActor, "roll-availability-key", { policy })
        assert.isTrue(yield* opens(twin, mail))
        // The new one really opens: nothing else is left.
        yield* revoke(twin, "00000002-0000-0ff1-ce00-000000000000")
        const now = yield* twin.now
        const opened = yield* twin.run((world) =>
          Effect.orDie(openAtRest(world, mail, { origin: "System", now })),
        )
        assert.deepStrictEqual(Buffer.from(opened), plaintext)
      }),
  )

  it.effect("[CRY-091] it is rolled also while the customer's keys are gone for ever", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      yield* liftRetention(twin)
      for (const VaultName of ["contoso-ck-a1", "contoso-ck-b1"]) {
        const PermissionsToKeys = ["delete", "purge"]
        const grant = { VaultName, UserPrincipalName: ivan.id, PermissionsToKeys }
        yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", grant)
        const key = { VaultName, Name: "root" }
        yield* twin.allow(ivan, "Remove-AzKeyVaultKey", key)
        yield* twin.allow(ivan, "Remove-AzKeyVaultKey", { ...key, InRemovedState: true })
      }
      yield* twin.allow(systemActor, "roll-availability-key", { policy: "Legal mailboxes" })
      const now = yield* twin.now
      const request = { origin: "System", now } as const
      const opened = yield* twin.run((world) => Effect.orDie(openAtRest(world, mail, request)))
      assert.deepStrictEqual(Buffer.from(opened), plaintext)
    }),
  )

  it.effect(
    "[CRY-091] [CRY-100] SharePoint's is rolled by Microsoft as well, and content stays",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withSites
        yield* twin.allow(systemActor, "roll-availability-key", {
          policy: "SharePoint and OneDrive",
        })
        assert.isTrue(yield* opens(twin, "plan.docx"))
        const none = yield* twin.refuse(systemActor, "roll-availability-key", { policy: "None" })
        assert.strictEqual(none.name, "data-encryption-policy")
        yield* loseKeys(twin)
        yield* twin.allow(grace, "request-sharepoint-recovery", {})
        yield* twin.allow(grace, "Restore-SPODataEncryptionPolicy", yield* newKeys(twin))
        yield* twin.advance(4 * hour)
        assert.isTrue(yield* opens(twin, "plan.docx"))
        const file = {
          workload: "SharePoint",
          container: site,
          objectId: "new",
          plaintext,
        } as const
        yield* twin.store((world) => sealAtRest(world, file))
        assert.isTrue(yield* opens(twin, "new"))
      }),
  )
})
