import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { regionsApart } from "../../src/customer-key/regionPairs.ts"
import { heidi, ivan, type Twin, textOf } from "../harness.ts"
import { exchange, makeKey, newPolicy, Prepared, prepared } from "./prepared.ts"

const report = Effect.fnUntraced(function* (twin: Twin, check: string) {
  const rows = yield* twin.allow(ivan, "get-customer-key-posture", {})
  return rows
    .filter((row) => row["Check"] === check)
    .map((row) =>
      [textOf(row, "Subject"), textOf(row, "Result"), textOf(row, "Detail")].join(" | "),
    )
})

/** A vault with a key that Exchange may use, looked after by one person. */
const withVault = Effect.fnUntraced(function* (
  twin: Twin,
  o: { readonly Name: string; readonly Location: string; readonly admin?: string },
) {
  const { Name, Location, admin = ivan.id } = o
  const vault = { Name, Location, SubscriptionId: `of ${Name}`, Sku: "Premium" }
  yield* twin.allow(ivan, "New-AzKeyVault", vault)
  const permit = (who: object, PermissionsToKeys: readonly string[]) =>
    twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", { VaultName: Name, ...who, PermissionsToKeys })
  yield* permit({ ServicePrincipalName: exchange }, ["get", "wrapKey", "unwrapKey"])
  const uri = yield* makeKey(twin, Name, "root")
  yield* permit({ UserPrincipalName: ivan.id }, [])
  yield* permit({ UserPrincipalName: admin }, ["get", "list", "create", "backup", "restore"])
  return uri
})

describe("regions of Azure", () => {
  it("[CRY-053] are one, paired or apart, however they are written", () => {
    for (const [a, b, expected] of [
      ["westeurope", "West Europe", "same"],
      ["westeurope", "northeurope", "paired"],
      ["North Europe", "West Europe", "paired"],
      ["westus", "eastus", "paired"],
      ["eastus", "westus3", "paired"],
      ["centralindia", "westindia", "apart"],
      ["westeurope", "francecentral", "apart"],
      ["qatarcentral", "westeurope", "apart"],
    ] as const) {
      assert.strictEqual(regionsApart(a, b), expected, `${a} ${b}`)
    }
  })
})

layer(Prepared.layer)("the report on Customer Key", (test) => {
  test.effect(
    "[CRY-053] [CRY-077] says whether the vaults of a policy lie in regions that are no pair",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* prepared
        const same = "Attention | westeurope, westeurope: same"
        assert.deepStrictEqual(yield* report(twin, "vault-regions"), [
          `Legal mailboxes | ${same}`,
          `All | ${same}`,
        ])
        for (const [name, second, expected] of [
          ["paired", "northeurope", "Attention | westeurope, northeurope: paired"],
          ["apart", "francecentral", "Good | westeurope, francecentral: apart"],
        ] as const) {
          const keys = [
            yield* withVault(twin, { Name: `contoso-${name}-a`, Location: "westeurope" }),
            yield* withVault(twin, { Name: `contoso-${name}-b`, Location: second }),
          ]
          yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(keys, name))
          assert.include(yield* report(twin, "vault-regions"), `${name} | ${expected}`)
        }
      }),
  )

  test.effect(
    "[CRY-053] [CRY-037] names with a common beginning, administrators of their own",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* prepared
        // Ivan looks after both vaults of the prepared tenant.
        assert.deepStrictEqual(yield* report(twin, "administrators-apart"), [
          `Legal mailboxes | Attention | ${ivan.id}`,
          `All | Attention | ${ivan.id}`,
        ])
        assert.include(
          yield* report(twin, "vault-name-prefix"),
          "Legal mailboxes | Good | contoso-ck-",
        )
        const keys = [
          yield* withVault(twin, { Name: "contoso-ck-ex-na", Location: "eastus" }),
          yield* withVault(twin, {
            Name: "other-ck-ex-na",
            Location: "centralus",
            admin: "jane@contoso.com",
          }),
        ]
        yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(keys, "Names"))
        assert.include(
          yield* report(twin, "vault-name-prefix"),
          "Names | Attention | contoso-ck-ex-na, other-ck-ex-na",
        )
        assert.include(yield* report(twin, "administrators-apart"), "Names | Good | ")
      }),
  )

  test.effect("[CRY-049] a key is to be backed up after each change", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const [first] = uris
      const key = { VaultName: "contoso-ck-a1", Name: "root" }
      const of = Effect.map(report(twin, "backup"), (rows) =>
        rows.find((row) => row.startsWith(first))?.slice(first.length + 3),
      )
      assert.strictEqual(yield* of, "Attention | never")
      yield* twin.advance(1000)
      yield* twin.allow(ivan, "Backup-AzKeyVaultKey", key)
      const good = yield* of
      assert.match(good ?? "", /^Good \| \d{4}-/)
      yield* twin.advance(1000)
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...key, Expires: "12/31/9999" })
      assert.match((yield* of) ?? "", /^Attention \| .*Z, changed since$/)
      yield* twin.allow(ivan, "Backup-AzKeyVaultKey", key)
      // Deleted and recovered it is still the key of the backup.
      yield* twin.allow(ivan, "Remove-AzKeyVaultKey", key)
      yield* twin.allow(ivan, "Undo-AzKeyVaultKeyRemoval", key)
      assert.match((yield* of) ?? "", /^Good/)
    }),
  )

  test.effect("[CRY-048] the one date that counts as none is good, any other is not", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const [first] = uris
      const of = Effect.map(report(twin, "expiry"), (rows) =>
        rows.find((row) => row.startsWith(first))?.slice(first.length + 3),
      )
      assert.strictEqual(yield* of, "Good | none")
      const key = { VaultName: "contoso-ck-a1", Name: "root" }
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...key, Expires: "2030-01-01" })
      assert.strictEqual(yield* of, "Attention | 2030-01-01T00:00:00.000Z")
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...key, Expires: "12/31/9999" })
      assert.strictEqual(yield* of, "Good | 9999-12-31T00:00:00.000Z")
    }),
  )
})
