import { assert, describe, it } from "@effect/vitest"
import { canonicalJson } from "@twin/kernel"
import { Effect } from "effect"
import {
  activeTenantKey,
  issueUseLicence,
  KeyVault,
  openEnvelope,
  protectBytes,
  readPublishingPolicy,
  servicePrincipals,
  tenantKeyStateOf,
  type UseLicence,
} from "../../src/index.ts"
import { rsaSign } from "../../src/Primitives.ts"
import { decodeEnvelope, encodeEnvelope, licenceBytesOf } from "../../src/rights/Envelope.ts"
import { accountKey } from "../../src/rights/TenantKey.ts"
import {
  composition,
  content,
  ivan,
  mallory,
  startTwin,
  type Twin,
  textOf,
  withServices,
} from "../harness.ts"

const now = Date.UTC(2026, 8, 1)
const principal = "nina@fabrikam.com"
const vault = { Name: "contoso-byok", Location: "w", SubscriptionId: "s", Sku: "Premium" }
const VaultName = vault.Name
const allOps = ["encrypt", "decrypt", "wrapKey", "unwrapKey", "sign", "verify"]

const grant = (twin: Twin, PermissionsToKeys: readonly string[]) =>
  twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", {
    VaultName,
    ServicePrincipalName: servicePrincipals.RightsManagement,
    PermissionsToKeys,
  })
const addKey = Effect.fnUntraced(function* (twin: Twin, more: object = {}) {
  const key = { VaultName, Name: "rms", Destination: "HSM", ...more }
  const [row] = yield* twin.allow(ivan, "Add-AzKeyVaultKey", key)
  return textOf(row, "Id")
})
const register = Effect.fnUntraced(function* (twin: Twin, KeyVaultKeyUrl: string) {
  const [row] = yield* twin.allow(ivan, "Use-AipServiceKeyVaultKey", { KeyVaultKeyUrl })
  return textOf(row, "KeyIdentifier")
})
const activate = (twin: Twin, KeyIdentifier: string) =>
  twin.allow(ivan, "Set-AipServiceKeyProperties", { KeyIdentifier, Active: true })
const statuses = (twin: Twin) =>
  Effect.map(twin.allow(ivan, "Get-AipServiceKeys", {}), (rows) =>
    rows.map((row) => `${textOf(row, "KeyType")} ${textOf(row, "Status")}`),
  )
const protect = (twin: Twin, contentId: string) =>
  twin.run((world) =>
    Effect.map(
      protectBytes(world, {
        contentId,
        plaintext: content(50),
        policy: { contentId, owner: "a@x", issuedAt: now, grants: [] },
      }),
      ({ bytes }) => bytes,
    ),
  )
const license = (twin: Twin, bytes: Uint8Array) =>
  twin.run((world) =>
    issueUseLicence(world, { bytes, principal, rights: ["VIEW"], validUntil: now + 9, now }),
  )

const withVault = Effect.gen(function* () {
  const twin = yield* startTwin("byok")
  yield* twin.allow(ivan, "New-AzKeyVault", vault)
  yield* grant(twin, ["get", "decrypt", "sign"])
  return twin
})

describe("tenant keys", () => {
  it.effect("[CRY-138] one key of Microsoft's is active from the start and never shown", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("default")
      assert.deepStrictEqual(yield* statuses(twin), ["Microsoft-managed Active"])
      const [row] = yield* twin.allow(ivan, "Get-AipServiceKeys", {})
      assert.match(textOf(row, "KeyIdentifier"), /^[0-9a-f]{8}-[0-9a-f-]{27}$/)
      assert.notProperty(row, "PublicKey")
      assert.strictEqual((yield* twin.refuse(mallory, "Get-AipServiceKeys", {})).name, "role")
    }),
  )

  it.effect("[CRY-139] a brought key is checked: kind, length, operations, permissions", () =>
    Effect.gen(function* () {
      const twin = yield* withVault
      const refusal = (KeyVaultKeyUrl: string) =>
        Effect.map(twin.refuse(ivan, "Use-AipServiceKeyVaultKey", { KeyVaultKeyUrl }), (gate) => {
          assert.strictEqual(
            gate.refusal?.message,
            "The Rights Management service failed to add the key.",
          )
          return gate.name
        })
      assert.strictEqual(
        yield* refusal("https://contoso-byok.vault.azure.net/keys/none"),
        "brought-key",
      )
      const ec = yield* addKey(twin, { Name: "ec", KeyType: "EC" })
      assert.strictEqual(yield* refusal(ec), "brought-key-kind")
      const narrow = yield* addKey(twin, { Name: "narrow", KeyOps: allOps.slice(1) })
      assert.strictEqual(yield* refusal(narrow), "brought-key-kind")
      const good = yield* addKey(twin)
      yield* grant(twin, ["get", "decrypt"])
      assert.strictEqual(yield* refusal(good), "brought-key-permissions")
      yield* grant(twin, [])
      assert.strictEqual(yield* refusal(good), "brought-key-permissions")
      yield* grant(twin, ["get", "decrypt", "sign"])
      yield* register(twin, good)
      assert.deepStrictEqual(yield* statuses(twin), [
        "Microsoft-managed Active",
        "Customer-managed (BYOK) Archived",
      ])
    }),
  )

  it.effect("[CRY-141] exactly one is active; old content opens with the archived one", () =>
    Effect.gen(function* () {
      const twin = yield* withVault
      const old = yield* protect(twin, "old")
      const KeyIdentifier = yield* register(twin, yield* addKey(twin))
      const passive = { KeyIdentifier, Active: false }
      assert.strictEqual(
        (yield* twin.refuse(ivan, "Set-AipServiceKeyProperties", passive)).name,
        "activation",
      )
      const none = { KeyIdentifier: "00000000-0000-4000-8000-000000000000", Active: true }
      assert.strictEqual(
        (yield* twin.refuse(ivan, "Set-AipServiceKeyProperties", none)).name,
        "tenant-key",
      )
      yield* activate(twin, KeyIdentifier)
      assert.deepStrictEqual(yield* statuses(twin), [
        "Microsoft-managed Archived",
        "Customer-managed (BYOK) Active",
      ])
      const recent = yield* protect(twin, "recent")
      for (const bytes of [old, recent]) {
        const licence = yield* license(twin, bytes)
        const opened = yield* twin.run((world) =>
          openEnvelope(world, { bytes, licence, principal, now }),
        )
        assert.deepStrictEqual(opened, content(50))
      }
    }),
  )

  it.effect(
    "[CRY-142] [CRY-144] revoking the brought key stops licences for everybody; issued ones go on",
    () =>
      Effect.gen(function* () {
        const twin = yield* withVault
        const old = yield* protect(twin, "old")
        yield* activate(twin, yield* register(twin, yield* addKey(twin)))
        const recent = yield* protect(twin, "recent")
        const licence = yield* license(twin, recent)
        yield* grant(twin, [])
        const world = yield* twin.world
        assert.strictEqual(tenantKeyStateOf(world), "unreachable")
        assert.strictEqual((yield* Effect.flip(license(twin, recent))).reason, "tenant-key-missing")
        const policy = yield* twin.run((it) => Effect.flip(readPublishingPolicy(it, recent)))
        assert.strictEqual(policy.reason, "tenant-key-missing")
        yield* license(twin, old)
        yield* twin.run((it) => openEnvelope(it, { bytes: recent, licence, principal, now }))
        for (const half of ["decrypt", "sign"]) {
          yield* grant(twin, ["get", half])
          assert.strictEqual(tenantKeyStateOf(yield* twin.world), "unreachable", half)
        }
        yield* grant(twin, ["get", "decrypt", "sign"])
        yield* license(twin, recent)
      }),
  )

  it.effect("[CRY-140] an address without a version works until the key is renewed", () =>
    Effect.gen(function* () {
      const twin = yield* withVault
      const uri = yield* addKey(twin)
      const unversioned = uri.slice(0, uri.lastIndexOf("/"))
      yield* activate(twin, yield* register(twin, unversioned))
      assert.strictEqual(tenantKeyStateOf(yield* twin.world), "reachable")
      assert.strictEqual(activeTenantKey(yield* twin.world), uri)
      const versioned = yield* withVault
      yield* activate(versioned, yield* register(versioned, yield* addKey(versioned)))
      for (const it of [twin, versioned]) yield* addKey(it)
      assert.strictEqual(tenantKeyStateOf(yield* twin.world), "unreachable")
      assert.strictEqual(tenantKeyStateOf(yield* versioned.world), "reachable")
      // The command once more changes nothing, whatever it prints; the version has to be named.
      yield* activate(twin, yield* register(twin, unversioned))
      assert.strictEqual(tenantKeyStateOf(yield* twin.world), "unreachable")
      yield* activate(twin, yield* register(twin, yield* addKey(twin)))
      assert.strictEqual(tenantKeyStateOf(yield* twin.world), "reachable")
    }),
  )

  it.effect("[CRY-139] a key of a Managed HSM serves with the role of a crypto user", () =>
    Effect.gen(function* () {
      const twin = yield* withVault
      const HsmName = "contoso-hsm"
      yield* twin.allow(ivan, "New-AzKeyVaultManagedHsm", {
        Name: HsmName,
        Location: "westeurope",
        SubscriptionId: "s",
        Administrator: [ivan.id],
      })
      const domain = { Name: HsmName, OutputPath: "sd.json", Quorum: 2 }
      const Certificates = ["one.cer", "two.cer", "three.cer"]
      yield* twin.allow(ivan, "Export-AzKeyVaultSecurityDomain", { ...domain, Certificates })
      const assign = (RoleDefinitionName: string, who: object) =>
        twin.allow(ivan, "New-AzKeyVaultRoleAssignment", { HsmName, RoleDefinitionName, ...who })
      yield* assign("Managed HSM Crypto User", { SignInName: ivan.id })
      const [row] = yield* twin.allow(ivan, "Add-AzKeyVaultKey", { HsmName, Name: "rms" })
      const wish = { KeyVaultKeyUrl: textOf(row, "Id") }
      const service = { ApplicationId: servicePrincipals.RightsManagement }
      const refusal = () => twin.refuse(ivan, "Use-AipServiceKeyVaultKey", wish)
      assert.strictEqual((yield* refusal()).name, "brought-key-permissions")
      yield* assign("Managed HSM Crypto Service Encryption User", service)
      assert.strictEqual((yield* refusal()).name, "brought-key-permissions")
      yield* assign("Managed HSM Crypto User", service)
      yield* activate(twin, yield* register(twin, wish.KeyVaultKeyUrl))
      assert.strictEqual(tenantKeyStateOf(yield* twin.world), "reachable")
      const bytes = yield* protect(twin, "under the HSM")
      const licence = yield* license(twin, bytes)
      yield* twin.run((world) => openEnvelope(world, { bytes, licence, principal, now }))
    }),
  )

  it.effect(
    "[CRY-135] [CRY-136] only a tenant key signs: another key of the vault forges nothing",
    () =>
      Effect.gen(function* () {
        const world = composition.initial
        const { bytes } = yield* protectBytes(world, {
          contentId: "c",
          plaintext: content(50),
          policy: { contentId: "c", owner: "a@x", issuedAt: now, grants: [] },
        })
        const wish = { bytes, principal, rights: ["VIEW"], validUntil: now + 9, now }
        const licence = yield* issueUseLicence(world, wish)
        const keys = yield* KeyVault
        const own = yield* keys.privateKey(accountKey(principal))
        const edited = {
          ...licence,
          rights: ["OWNER"],
          tenantKeyId: accountKey(principal),
          signature: "",
        }
        const signature = rsaSign(own, Buffer.from(canonicalJson(edited)))
        const forged: UseLicence = {
          ...edited,
          signature: Buffer.from(signature).toString("base64"),
        }
        const attempt = openEnvelope(world, { bytes, licence: forged, principal, now })
        assert.strictEqual((yield* Effect.flip(attempt))._tag, "LicenceInvalid")
        const envelope = yield* Effect.fromOption(decodeEnvelope(bytes))
        const licenceBytes = licenceBytesOf({
          ...envelope.licence,
          tenantKeyId: accountKey(principal),
        })
        const again = { ...envelope, licenceBytes, signature: rsaSign(own, licenceBytes) }
        const faked = encodeEnvelope(again)
        const refused = yield* Effect.flip(readPublishingPolicy(world, faked))
        assert.strictEqual(refused.reason, "tenant-key-missing")
        const both = openEnvelope(world, { bytes: faked, licence: forged, principal, now })
        assert.strictEqual((yield* Effect.flip(both))._tag, "EnvelopeInvalid")
        assert.strictEqual((yield* Effect.flip(both)).reason, "tenant-key-missing")
      }).pipe(withServices()),
  )
})
