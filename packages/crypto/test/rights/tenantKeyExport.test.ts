import { createPrivateKey, createPublicKey } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { days, defaultEra, seededBytes } from "@twin/kernel"
import { Effect, Option, Result } from "effect"
import { BlobStore, protectBytes, servicePrincipals } from "../../src/index.ts"
import { exportBlob, exportVerificationDays } from "../../src/operations/tenantKeyExport.ts"
import { gcmIvBytes, openGcm, rsaUnwrap } from "../../src/Primitives.ts"
import { rsaKeyPairFrom } from "../../src/RsaKeyPair.ts"
import { decodeEnvelope } from "../../src/rights/Envelope.ts"
import { ivan, mallory, startTwin, type Twin, textOf } from "../harness.ts"

const mine = rsaKeyPairFrom(seededBytes("my own key"))
const PublicKey = mine.publicKey.export({ type: "spki", format: "pem" })
const VaultName = "contoso-byok"

/** Microsoft's key, and one of the customer's own. */
const identifiers = (twin: Twin) =>
  Effect.map(twin.allow(ivan, "Get-AipServiceKeys", {}), (rows) =>
    rows.map((row) => textOf(row, "KeyIdentifier")),
  )
const bringKey = Effect.fnUntraced(function* (twin: Twin) {
  const vault = { Name: VaultName, Location: "w", SubscriptionId: "s", Sku: "Premium" }
  yield* twin.allow(ivan, "New-AzKeyVault", vault)
  yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", {
    VaultName,
    ServicePrincipalName: servicePrincipals.RightsManagement,
    PermissionsToKeys: ["get", "decrypt", "sign"],
  })
  const key = { VaultName, Name: "rms", Destination: "HSM" }
  const [added] = yield* twin.allow(ivan, "Add-AzKeyVaultKey", key)
  return textOf(added, "Id")
})

describe("a copy of the tenant key", () => {
  it.effect(
    "[CRY-138] support hands Microsoft's key over after three weeks, encrypted to the asker",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("export")
        const [KeyIdentifier = ""] = yield* identifiers(twin)
        const collect = { KeyIdentifier, PublicKey }
        const refusal = (params: object) =>
          Effect.map(twin.refuse(ivan, "collect-tenant-key-export", params), ({ name }) => name)
        assert.strictEqual(yield* refusal(collect), "export-verification")
        const stranger = yield* twin.refuse(mallory, "request-tenant-key-export", { KeyIdentifier })
        assert.strictEqual(stranger.name, "role")
        yield* twin.allow(ivan, "request-tenant-key-export", { KeyIdentifier })
        yield* twin.advance(days(exportVerificationDays) - 1)
        assert.strictEqual(exportVerificationDays, 21)
        assert.strictEqual(yield* refusal(collect), "export-verification")
        yield* twin.advance(1)
        for (const wrong of ["not a key", PublicKey.slice(0, 90)]) {
          assert.strictEqual(yield* refusal({ KeyIdentifier, PublicKey: wrong }), "recipient-key")
        }
        yield* twin.allow(ivan, "collect-tenant-key-export", collect)

        const { bytes } = yield* twin.run((world) =>
          protectBytes(world, {
            contentId: "c",
            plaintext: Buffer.from("text"),
            policy: { contentId: "c", owner: "a@x", issuedAt: defaultEra, grants: [] },
          }),
        )
        const file = yield* twin.run(() =>
          Effect.flatMap(BlobStore, (it) => Effect.orDie(it.get(exportBlob(KeyIdentifier)))),
        )
        const fileKey = Result.getOrThrow(rsaUnwrap(mine.privateKey, file.slice(0, 256)))
        const opened = openGcm({
          key: fileKey,
          iv: file.slice(256, 256 + gcmIvBytes),
          sealed: file.slice(256 + gcmIvBytes),
          aad: Buffer.from(KeyIdentifier),
        })
        const der = Buffer.from(Result.getOrThrow(opened))
        const tenantKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" })
        assert.strictEqual(createPublicKey(tenantKey).asymmetricKeyDetails?.modulusLength, 2048)
        const { wrappedContentKey } = Option.getOrThrow(decodeEnvelope(bytes)).licence
        const contentKey = rsaUnwrap(tenantKey, Buffer.from(wrappedContentKey, "base64"))
        assert.strictEqual(Result.getOrThrow(contentKey).length, 32)
      }),
  )

  it.effect("[CRY-138] [CRY-139] a brought key is not exported, and an unknown one neither", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("no export")
      const KeyVaultKeyUrl = yield* bringKey(twin)
      yield* twin.allow(ivan, "Use-AipServiceKeyVaultKey", { KeyVaultKeyUrl })
      const [, brought = ""] = yield* identifiers(twin)
      for (const KeyIdentifier of [brought, "00000000-0000-4000-8000-000000000000"]) {
        for (const operation of ["request-tenant-key-export", "collect-tenant-key-export"]) {
          const more = operation.startsWith("collect") ? { PublicKey } : {}
          const gate = yield* twin.refuse(ivan, operation, { KeyIdentifier, ...more })
          assert.strictEqual(gate.name, "exportable-key")
          const code = KeyIdentifier === brought ? "ExportNotSupported" : undefined
          assert.strictEqual(gate.refusal?.code, code)
        }
      }
      // The key is unique to its tenant.
      const [first] = yield* identifiers(twin)
      const other = yield* startTwin("another tenant")
      const organizationId = "11111111-0000-4000-8000-000000000000"
      yield* other.establish("name", [{ _tag: "OrganizationNamed", organizationId }])
      assert.notStrictEqual((yield* identifiers(other))[0], first)
    }),
  )

  it.effect("[CRY-139] the firewall of the vault has to let trusted services through", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("firewall")
      const KeyVaultKeyUrl = yield* bringKey(twin)
      const firewall = (Bypass: string) =>
        twin.allow(ivan, "Update-AzKeyVaultNetworkRuleSet", {
          VaultName,
          DefaultAction: "Deny",
          Bypass,
          IpAddressRange: [],
        })
      yield* firewall("None")
      const wish = { KeyVaultKeyUrl }
      const gate = yield* twin.refuse(ivan, "Use-AipServiceKeyVaultKey", wish)
      assert.strictEqual(gate.name, "brought-key-permissions")
      yield* firewall("AzureServices")
      yield* twin.allow(ivan, "Use-AipServiceKeyVaultKey", wish)
    }),
  )
})
