import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { coverage } from "../../src/customer-key/customerKeyTables.ts"
import {
  availabilityKeyAudit,
  keyOf,
  keysOfKind,
  rawBytesOf,
  sealAtRest,
  servicePrincipals,
} from "../../src/index.ts"
import { heidi, ivan, judy, type Twin, textOf } from "../harness.ts"
import {
  mail,
  makeKey,
  newPolicy,
  opens,
  Prepared,
  parentOf,
  plaintext,
  prepared,
  revoke,
  withAlice,
} from "./prepared.ts"

const workload = "Teams"
const container = "19:launch@thread.tacv2"
const say = (twin: Twin, objectId: string) =>
  twin.store((world) => sealAtRest(world, { workload, container, objectId, plaintext }))
const assignAll = (twin: Twin, DataEncryptionPolicy = "All") =>
  twin.allow(judy, "Set-M365DataAtRestEncryptionPolicyAssignment", { DataEncryptionPolicy })
const parents = Effect.fnUntraced(function* (twin: Twin) {
  const world = yield* twin.world
  return keysOfKind(world, "WorkloadKey").map(({ wrappedBy }) => wrappedBy[0] ?? "")
})
const kinds = (name: string) =>
  coverage.filter(({ scope }) => scope === name).map(({ data }) => data)
const ticket = {
  tenant: "contoso.onmicrosoft.com",
  contact: "judy@contoso.com",
  reason: "back to Microsoft's keys",
  routing: "Please route to the M365 Customer Key team",
}

layer(Prepared.layer)("the multi-workload policy", (it) => {
  it.effect("[CRY-082] a workload key stands where the mailbox key stands", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      yield* assignAll(twin)
      yield* say(twin, "hello")
      const world = yield* twin.world
      const [key] = keysOfKind(world, "WorkloadKey")
      const dep = keyOf(world, key?.wrappedBy[0] ?? "")
      assert.strictEqual(dep?.kind, "DepKey")
      // Two customer keys and the availability key: three copies.
      assert.strictEqual(dep?.wrappedBy.length, 3)
      assert.isTrue(yield* opens(twin, "hello"))
      yield* revoke(twin, servicePrincipals.Exchange)
      assert.isTrue(yield* opens(twin, "hello"))
      yield* revoke(twin, servicePrincipals.M365DataAtRestEncryption)
      assert.isFalse(yield* opens(twin, "hello"))
      const entry = availabilityKeyAudit(yield* twin.world, "hello", { origin: "System" })
      assert.strictEqual(entry?.operation, "Fallback to Availability Key")
    }),
  )

  it.effect(
    "[CRY-069] [CRY-067] what Teams wrote before the assignment stays under Microsoft's keys",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* prepared
        yield* say(twin, "before")
        yield* assignAll(twin)
        yield* say(twin, "after")
        const [first, second] = (yield* parents(twin)).toSorted((a, b) => b.length - a.length)
        assert.notStrictEqual(first, second)
        assert.include(yield* parents(twin), "dep-key/microsoft-managed-teams")
        yield* revoke(twin, servicePrincipals.M365DataAtRestEncryption)
        assert.isTrue(yield* opens(twin, "before"))
        assert.isFalse(yield* opens(twin, "after"))
        // Exchange: what was there and what comes.
        assert.isFalse(yield* opens(twin, "mail of bob@contoso.com"))
      }),
  )

  it.effect("[CRY-070] [CRY-069] another policy counts for what is written after it", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      yield* assignAll(twin)
      yield* say(twin, "under all")
      yield* twin.allow(judy, "New-M365DataAtRestEncryptionPolicy", newPolicy(uris, "Second"))
      yield* assignAll(twin, "Second")
      yield* say(twin, "under second")
      assert.strictEqual(new Set(yield* parents(twin)).size, 2)
      assert.isTrue(yield* opens(twin, "under all"))
      assert.isTrue(yield* opens(twin, "under second"))
    }),
  )

  it.effect("[CRY-067] [CRY-068] [CRY-069] the table of what is covered, and by which policy", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const shown = twin.allow(ivan, "show-encryption-coverage", {})
      const before = yield* shown
      assert.strictEqual(before.length, coverage.length)
      assert.isTrue(before.every((row) => row["PolicyInForce"] === "Microsoft-managed"))
      yield* assignAll(twin)
      for (const row of yield* shown) {
        const isCovered = row["PolicyKind"] === "MultiWorkload"
        assert.strictEqual(
          row["PolicyInForce"] === "All" || row["PolicyKind"] === "Mailbox",
          isCovered || row["PolicyKind"] === "Mailbox",
          textOf(row, "Data"),
        )
      }
      assert.deepStrictEqual(kinds("MultiWorkload"), [
        "Teams chat messages: one to one, group, meeting, channel",
        "Teams media: images, code snippets, video and audio messages, wiki images",
        "Teams call and meeting recordings in Teams storage",
        "Teams chat notifications",
        "Teams chat suggestions",
        "Teams status messages",
        "Purview Information Protection EDM data: schemas, rule packages, salts",
        "Sensitivity label configuration",
        "Windows 365 Cloud PC disks",
        "Exchange user and signal information",
        "Exchange mailboxes without a mailbox policy",
      ])
      assert.deepStrictEqual(kinds("none"), [
        "SharePoint list items and metadata in SQL",
        "Viva Engage",
        "Planner",
        "Teams live events",
      ])
      assert.deepStrictEqual(kinds("SharePointGeo"), [
        "SharePoint and OneDrive files",
        "Teams files",
        "Teams recordings in SharePoint and OneDrive",
      ])
      for (const { data, scope, encrypts } of coverage) {
        const isExchange = data.startsWith("Exchange")
        if (scope === "MultiWorkload")
          assert.strictEqual(encrypts, isExchange ? "existing and new" : "new", data)
      }
    }),
  )

  it.effect(
    "[CRY-118] leaving needs a ticket that says everything, and the keys until the end",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        yield* say(twin, "before")
        const none = yield* twin.refuse(judy, "open-offboarding-ticket", ticket)
        assert.strictEqual(none.name, "multi-workload-assignment")
        yield* assignAll(twin)
        yield* say(twin, "chat")
        assert.strictEqual(
          (yield* twin.refuse(judy, "complete-offboarding", {})).name,
          "offboarding-asked",
        )
        for (const wrong of [{ tenant: "contoso" }, { routing: "Teams support" }]) {
          const refused = yield* twin.refuse(judy, "open-offboarding-ticket", {
            ...ticket,
            ...wrong,
          })
          assert.strictEqual(refused.name, "offboarding-ticket")
        }
        const { reason: _reason, ...silent } = ticket
        const error = yield* Effect.flip(twin.call(judy, "open-offboarding-ticket", silent))
        assert.strictEqual(error._tag, "ParametersInvalid")
        yield* twin.allow(judy, "open-offboarding-ticket", ticket)
        yield* revoke(twin, servicePrincipals.M365DataAtRestEncryption, 1)
        const early = yield* twin.refuse(judy, "complete-offboarding", {})
        assert.strictEqual(early.name, "offboarding-keys")
        assert.notStrictEqual(yield* parentOf(twin, "bob@contoso.com"), "dep-key/microsoft-managed")
        yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", {
          VaultName: "contoso-ck-a1",
          ServicePrincipalName: servicePrincipals.M365DataAtRestEncryption,
          PermissionsToKeys: ["get", "wrapKey", "unwrapKey"],
        })
        const own = yield* parentOf(twin, "alice@contoso.com")
        yield* twin.allow(judy, "complete-offboarding", {})
        assert.deepStrictEqual(
          yield* twin.allow(judy, "Get-M365DataAtRestEncryptionPolicyAssignment", {}),
          [],
        )
        assert.strictEqual(yield* parentOf(twin, "bob@contoso.com"), "dep-key/microsoft-managed")
        assert.strictEqual(yield* parentOf(twin, "alice@contoso.com"), own)
        assert.deepStrictEqual(
          new Set(yield* parents(twin)),
          new Set(["dep-key/microsoft-managed-teams"]),
        )
        yield* revoke(twin, servicePrincipals.M365DataAtRestEncryption)
        for (const objectId of ["before", "chat", "mail of bob@contoso.com"]) {
          assert.isTrue(yield* opens(twin, objectId), objectId)
        }
      }),
  )

  it.effect(
    "[CRY-073] [CRY-117] without a policy of its own a mailbox goes to the tenant's, not to Microsoft's keys",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        yield* assignAll(twin)
        const alice = { Identity: "alice@contoso.com", DataEncryptionPolicy: null }
        yield* twin.allow(heidi, "Set-Mailbox", alice)
        const parent = yield* parentOf(twin, "alice@contoso.com")
        assert.strictEqual(parent, yield* parentOf(twin, "bob@contoso.com"))
        assert.notStrictEqual(parent, "dep-key/microsoft-managed")
        assert.isTrue(yield* opens(twin, mail))
      }),
  )

  it.effect("[CRY-115] [CRY-080] after a loss another policy takes the mailboxes over", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      yield* assignAll(twin)
      const bob = "mail of bob@contoso.com"
      const keys: string[] = []
      for (const VaultName of ["contoso-ck-a1", "contoso-ck-b1"]) {
        yield* twin.allow(ivan, "Remove-AzKeyVaultKey", { VaultName, Name: "root" })
        keys.push(yield* makeKey(twin, VaultName, "second"))
      }
      assert.isFalse(yield* opens(twin, bob))
      yield* twin.allow(judy, "New-M365DataAtRestEncryptionPolicy", newPolicy(keys, "Second"))
      yield* assignAll(twin, "Second")
      assert.isTrue(yield* opens(twin, bob))
      // What is assigned no more can be switched off.
      const off = { Identity: "All", Enabled: false }
      yield* twin.allow(judy, "Set-M365DataAtRestEncryptionPolicy", off)
    }),
  )

  it.effect("[CRY-120] leaving wraps anew and destroys nothing; purging destroys", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      yield* assignAll(twin)
      const before = yield* twin.run(() => rawBytesOf("mail of bob@contoso.com"))
      yield* twin.allow(judy, "open-offboarding-ticket", ticket)
      yield* twin.allow(judy, "complete-offboarding", {})
      assert.deepStrictEqual(yield* twin.run(() => rawBytesOf("mail of bob@contoso.com")), before)
      yield* twin.allow(heidi, "Set-Mailbox", {
        Identity: "alice@contoso.com",
        DataEncryptionPolicy: null,
      })
      const destroyed = (yield* twin.world).crypto.keys
      assert.isFalse([...destroyed].some(([, key]) => key.isDestroyed))
      assert.isTrue(yield* opens(twin, mail))
    }),
  )
})
