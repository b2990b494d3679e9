import { createPublicKey, verify } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { servicePrincipals } from "@twin/crypto"
import { canonicalJson, type OutputObject } from "@twin/kernel"
import { Effect } from "effect"
import { templateOf } from "../../src/State.ts"
import { templateId } from "../world.ts"
import { call, ivan, type Sim, simulate } from "./stage.ts"

const alice = "alice@contoso.com"
const VaultName = "contoso-byok"
const textOf = (row: OutputObject | undefined, name: string): string => {
  const value = row?.[name]
  return typeof value === "string" ? value : ""
}
const allowed = (sim: Sim, who: Parameters<typeof call>[1], name: string, params: object = {}) =>
  Effect.map(call(sim, who, name, params), ({ decision, verdict, output }) => {
    assert.strictEqual(decision.outcome, "allow", `${name}: ${verdict}`)
    return output
  })
const grant = (sim: Sim, PermissionsToKeys: readonly string[]) =>
  allowed(sim, ivan, "Set-AzKeyVaultAccessPolicy", {
    VaultName,
    ServicePrincipalName: servicePrincipals.RightsManagement,
    PermissionsToKeys,
  })
const withKey = Effect.gen(function* () {
  const sim = yield* simulate()
  yield* allowed(sim, ivan, "Connect-AipService")
  const vault = { Name: VaultName, Location: "westeurope", SubscriptionId: "s", Sku: "Premium" }
  yield* allowed(sim, ivan, "New-AzKeyVault", vault)
  yield* grant(sim, ["get", "decrypt", "sign"])
  const key = { VaultName, Name: "rms", Destination: "HSM" }
  const [added] = yield* allowed(sim, ivan, "Add-AzKeyVaultKey", key)
  const wish = { KeyVaultKeyUrl: textOf(added, "Id") }
  const [row] = yield* allowed(sim, ivan, "Use-AipServiceKeyVaultKey", wish)
  return { sim, KeyIdentifier: textOf(row, "KeyIdentifier") }
})
const fetch = (sim: Sim) => allowed(sim, alice, "fetch-templates")

describe("templates as programs fetch them", () => {
  it.effect("[MIP-234] a rekey signs every template anew at once, although people move later", () =>
    Effect.gen(function* () {
      const { sim, KeyIdentifier } = yield* withKey
      yield* allowed(sim, alice, "protect-document", { file: "a.docx", label: "Confidential" })
      const before = yield* fetch(sim)
      assert.isAbove(before.length, 1)
      for (const row of before) assert.notStrictEqual(row["KeyIdentifier"], KeyIdentifier)
      yield* allowed(sim, ivan, "Set-AipServiceKeyProperties", { KeyIdentifier, Active: true })
      const after = yield* fetch(sim)
      assert.lengthOf(after, before.length)
      const keys = yield* allowed(sim, ivan, "Get-AipServiceKeys")
      const der = Buffer.from(textOf(keys[1], "PublicKey"), "base64")
      const publicKey = createPublicKey({ key: der, format: "der", type: "spki" })
      const isSigned = (row: OutputObject, text: string) =>
        verify(
          "sha256",
          Buffer.from(text),
          publicKey,
          Buffer.from(textOf(row, "Signature"), "base64"),
        )
      const world = yield* sim.world
      for (const row of after) {
        const text = canonicalJson(templateOf(world, textOf(row, "TemplateId")))
        assert.strictEqual(row["KeyIdentifier"], KeyIdentifier)
        assert.isTrue(isSigned(row, text))
        assert.isFalse(isSigned(row, `${text} `))
      }
      for (const row of before) {
        const text = canonicalJson(templateOf(world, textOf(row, "TemplateId")))
        assert.isFalse(isSigned(row, text))
      }
      assert.isTrue(after.some((row) => row["TemplateId"] === templateId("Confidential")))
    }),
  )

  it.effect(
    "[MIP-235] without the active key nothing is signed, with the service off neither",
    () =>
      Effect.gen(function* () {
        const { sim, KeyIdentifier } = yield* withKey
        yield* allowed(sim, ivan, "Set-AipServiceKeyProperties", { KeyIdentifier, Active: true })
        yield* grant(sim, ["get"])
        const refused = yield* call(sim, alice, "fetch-templates")
        assert.strictEqual(refused.verdict, "deny by tenant-key")
        assert.lengthOf(refused.output, 0)
        yield* allowed(sim, ivan, "Disable-AipService", { Force: true })
        const off = yield* call(sim, alice, "fetch-templates")
        assert.strictEqual(off.code, "ServiceDisabledError")
      }),
  )
})
