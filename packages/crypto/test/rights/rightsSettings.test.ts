import { assert, describe, it } from "@effect/vitest"
import { type Actor, days, decidingGate, defaultEra, instant } from "@twin/kernel"
import { Effect, Option } from "effect"
import {
  BlobStore,
  issueUseLicence,
  KeyVault,
  openEnvelope,
  protectBytes,
  servicePrincipals,
} from "../../src/index.ts"
import { rsaUnwrap } from "../../src/Primitives.ts"
import { accountCertificateDays, keptDeviceKey } from "../../src/rights/accountCertificate.ts"
import { decodeEnvelope } from "../../src/rights/Envelope.ts"
import type { Publisher } from "../../src/rights/encryptionMode.ts"
import { activeTenantKey } from "../../src/rights/TenantKey.ts"
import { content, ivan, mallory, startTwin, type Twin, textOf } from "../harness.ts"

const nina: Actor = { ...mallory, id: "nina@contoso.com" }
const principal = nina.id

const protect = (
  twin: Twin,
  o: { at?: number; publisher?: Publisher; kind?: "mail" | "other" } = {},
) =>
  twin.run((world) => {
    const issuedAt = o.at ?? defaultEra
    const policy = { contentId: "c", owner: "a@x", issuedAt, grants: [] }
    const { publisher, kind } = o
    return protectBytes(world, {
      contentId: "c",
      plaintext: content(50),
      policy,
      ...(publisher === undefined ? {} : { publisher }),
      ...(kind === undefined ? {} : { kind }),
    }).pipe(Effect.map(({ bytes }) => bytes))
  })
const cipherOf = (bytes: Uint8Array) =>
  Option.getOrThrow(decodeEnvelope(bytes)).licence.contentCipher
const opens = (twin: Twin, bytes: Uint8Array) =>
  twin.run((world) =>
    Effect.gen(function* () {
      const at = defaultEra
      const wish = { bytes, principal, rights: ["VIEW"], validUntil: at + 9, now: at }
      const licence = yield* issueUseLicence(world, wish)
      return yield* openEnvelope(world, { bytes, licence, principal, now: at })
    }),
  )

const apps = (build: number) => ({ app: "Microsoft365Apps", build }) as const

/** A key of the customer's own, registered and not yet active. */
const broughtKey = Effect.fnUntraced(function* (twin: Twin) {
  const vault = { Name: "contoso-byok", Location: "w", SubscriptionId: "s", Sku: "Premium" }
  yield* twin.allow(ivan, "New-AzKeyVault", vault)
  yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", {
    VaultName: vault.Name,
    ServicePrincipalName: servicePrincipals.RightsManagement,
    PermissionsToKeys: ["get", "decrypt", "sign"],
  })
  const key = { VaultName: vault.Name, Name: "rms", Destination: "HSM" }
  const [added] = yield* twin.allow(ivan, "Add-AzKeyVaultKey", key)
  const wish = { KeyVaultKeyUrl: textOf(added, "Id") }
  const [registered] = yield* twin.allow(ivan, "Use-AipServiceKeyVaultKey", wish)
  return textOf(registered, "KeyIdentifier")
})

const sdk = (build: number) => ({ app: "MipSdk", build }) as const

describe("the encryption mode of new content", () => {
  it.effect(
    "[CRY-133] [CRY-134] policy, build, connector and date decide; old content opens all the same",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("mode")
        const made: Uint8Array[] = []
        const expectCipher = Effect.fnUntraced(function* (
          cipher: "AES-256-CBC" | "AES-128-ECB",
          o: Parameters<typeof protect>[1] = {},
        ) {
          const bytes = yield* protect(twin, o)
          assert.strictEqual(cipherOf(bytes), cipher, JSON.stringify(o))
          made.push(bytes)
        })
        const office = { app: "Office2013To2021" } as const
        yield* expectCipher("AES-256-CBC")
        yield* expectCipher("AES-256-CBC", { publisher: apps(16_327) })
        yield* expectCipher("AES-128-ECB", { publisher: apps(16_326) })
        yield* expectCipher("AES-128-ECB", { publisher: office })
        yield* expectCipher("AES-256-CBC", { publisher: { app: "MipSdk" } })
        yield* expectCipher("AES-256-CBC", { publisher: sdk(14) })
        yield* expectCipher("AES-128-ECB", { publisher: sdk(13) })
        yield* expectCipher("AES-256-CBC", { publisher: { ...sdk(13), hasCbcSwitch: true } })
        yield* expectCipher("AES-128-ECB", { publisher: { ...sdk(12), hasCbcSwitch: true } })
        yield* expectCipher("AES-128-ECB", { at: instant("2023-06-01") })

        yield* twin.allow(ivan, "set-irm-encryption-mode", { mode: 2 })
        yield* expectCipher("AES-128-ECB")
        yield* expectCipher("AES-256-CBC", { kind: "other" })
        yield* twin.allow(ivan, "set-irm-encryption-mode", { mode: 1 })
        yield* expectCipher("AES-256-CBC", { publisher: office })
        yield* expectCipher("AES-256-CBC", { publisher: apps(14_000), kind: "mail" })

        yield* twin.allow(ivan, "set-rms-connector", { isDeployed: true })
        yield* expectCipher("AES-128-ECB")
        yield* twin.allow(ivan, "set-rms-connector", { isDeployed: true, hasAskedForCbc: true })
        yield* expectCipher("AES-256-CBC")
        yield* twin.allow(ivan, "set-irm-encryption-mode", {})
        yield* expectCipher("AES-128-ECB", { publisher: office })
        for (const bytes of made) assert.deepStrictEqual(yield* opens(twin, bytes), content(50))
        const wrong = yield* Effect.flip(twin.call(ivan, "set-irm-encryption-mode", { mode: 3 }))
        assert.strictEqual(wrong._tag, "ParametersInvalid")
        const refused = yield* twin.refuse(mallory, "set-irm-encryption-mode", { mode: 1 })
        assert.strictEqual(refused.name, "role")
      }),
  )

  it.effect(
    "[CRY-134] the matrix of what has to be done, and Exchange Server without the update",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("matrix")
        const matrix = {
          Microsoft365Apps: ["None", "None", "Mandatory", "Mandatory", "None"],
          Office2013To2021: ["Optional", "Optional", "Mandatory", "Mandatory", "None"],
          MipSdk: ["Optional", "Optional", "Optional", "Optional", "None"],
        }
        const servers = [
          "ExchangeOnline",
          "SharePointOnline",
          "ExchangeServer",
          "HybridExchange",
          "SharePointServer",
        ]
        for (const [client, actions] of Object.entries(matrix)) {
          for (const [index, server] of servers.entries()) {
            for (const cipher of ["AES-256-CBC", "AES-128-ECB"]) {
              for (const isPatched of [true, false]) {
                const params = { client, server, cipher, isPatched }
                const { decision, output } = yield* twin.call(
                  ivan,
                  "check-irm-encryption-mode",
                  params,
                )
                assert.strictEqual(
                  textOf(output[0], "action"),
                  actions[index],
                  `${client} ${server}`,
                )
                const isExchange = server === "ExchangeServer" || server === "HybridExchange"
                const cannot = isExchange && !isPatched && cipher === "AES-256-CBC"
                assert.strictEqual(
                  decision.outcome,
                  cannot ? "deny" : "allow",
                  JSON.stringify(params),
                )
              }
            }
          }
        }
      }),
  )
})

describe("rights account certificates", () => {
  const use = Effect.fnUntraced(function* (twin: Twin, params: object) {
    const { decision, output } = yield* twin.call(nina, "use-account-certificate", params)
    return { gate: decidingGate(decision), row: output[0] ?? {}, outcome: decision.outcome }
  })
  const laptop = { device: "laptop", platform: "Windows" }

  it.effect("[CRY-137] valid for 31 days, renewed by itself while the account is enabled", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("certificate")
      const first = yield* use(twin, laptop)
      assert.deepInclude(first.row, {
        isRenewed: true,
        validUntil: defaultEra + days(accountCertificateDays),
      })
      assert.strictEqual(accountCertificateDays, 31)
      const disabled = { ...laptop, isAccountEnabled: false }
      yield* twin.advance(days(31) - 1)
      assert.deepInclude((yield* use(twin, laptop)).row, { isRenewed: false })
      assert.strictEqual((yield* use(twin, disabled)).outcome, "allow")
      yield* twin.advance(1)
      assert.strictEqual((yield* use(twin, disabled)).gate.name, "account-certificate")
      assert.strictEqual((yield* use(twin, disabled)).outcome, "deny")
      assert.deepInclude((yield* use(twin, laptop)).row, { isRenewed: true })
      assert.strictEqual((yield* use(twin, disabled)).outcome, "allow")
      const wish = { ...laptop, validityDays: 90 }
      const wrong = yield* Effect.flip(twin.call(nina, "use-account-certificate", wish))
      assert.strictEqual(wrong._tag, "ParametersInvalid")
    }),
  )

  it.effect("[CRY-137] Windows keeps a guarded device key, a phone keeps none", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("devices")
      assert.isTrue((yield* use(twin, laptop)).row["keepsDeviceKey"])
      const phone = { device: "phone", platform: "Mobile" }
      assert.isFalse((yield* use(twin, phone)).row["keepsDeviceKey"])
      const kept = yield* twin.run(() => keptDeviceKey(principal, "laptop"))
      const key = Option.getOrThrow(kept)
      const isClear = yield* twin.run(() =>
        Effect.gen(function* () {
          const blobs = yield* BlobStore
          for (const name of yield* blobs.list("devices/")) {
            const bytes = Buffer.from(yield* Effect.orDie(blobs.get(name)))
            if (bytes.includes(key)) return true
          }
          return false
        }),
      )
      assert.isFalse(isClear)
      // Another machine's protection does not open it.
      yield* twin.run(() =>
        Effect.flatMap(KeyVault, (it) => it.destroyKey(`dpapi/${principal}/laptop`)),
      )
      assert.isTrue(Option.isNone(yield* twin.run(() => keptDeviceKey(principal, "laptop"))))
    }),
  )

  it.effect("[CRY-137] a certificate that somebody changed does not count", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("forged")
      yield* use(twin, laptop)
      const certificate = {
        principal,
        device: "laptop",
        platform: "Windows",
        issuedAt: defaultEra,
        validUntil: defaultEra + days(9999),
      } as const
      yield* twin.establish("forge", [{ _tag: "AccountCertificateIssued", certificate }])
      const disabled = { ...laptop, isAccountEnabled: false }
      assert.strictEqual((yield* use(twin, disabled)).outcome, "deny")
      assert.deepInclude((yield* use(twin, laptop)).row, { isRenewed: true })
    }),
  )
})

describe("after a rekey", () => {
  it.effect("[CRY-141] who has a certificate moves over with its renewal, who is new at once", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("moving over")
      const device = { device: "laptop", platform: "Windows" }
      yield* twin.allow(nina, "use-account-certificate", device)
      const KeyIdentifier = yield* broughtKey(twin)
      yield* twin.advance(days(10))
      yield* twin.allow(ivan, "Set-AipServiceKeyProperties", { KeyIdentifier, Active: true })
      const keyOf = Effect.fnUntraced(function* (owner: string) {
        const issuedAt = yield* twin.now
        const { bytes } = yield* twin.run((world) =>
          protectBytes(world, {
            contentId: "c",
            plaintext: content(50),
            policy: { contentId: "c", owner, issuedAt, grants: [] },
          }),
        )
        assert.deepStrictEqual(yield* opens(twin, bytes), content(50))
        return Option.getOrThrow(decodeEnvelope(bytes)).licence.tenantKeyId
      })
      const brought = activeTenantKey(yield* twin.world)
      assert.match(brought, /^https:/)
      assert.strictEqual(yield* keyOf("newcomer@contoso.com"), brought)
      assert.strictEqual(yield* keyOf(principal), "rms-tenant-key/microsoft-managed")
      yield* twin.advance(days(20))
      assert.strictEqual(yield* keyOf(principal), "rms-tenant-key/microsoft-managed")
      yield* twin.advance(days(1))
      yield* twin.allow(nina, "use-account-certificate", device)
      assert.strictEqual(yield* keyOf(principal), brought)
    }),
  )
})

describe("after a breach", () => {
  it.effect("[CRY-143] rekey helps against a leaked key, not against misused rights", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("breach")
      const plan = Effect.fnUntraced(function* (breach: string) {
        const [row] = yield* twin.allow(ivan, "plan-breach-response", { breach })
        return row
      })
      assert.isTrue((yield* plan("KeyLeaked"))?.["doesRekeyHelp"])
      assert.isFalse((yield* plan("RightsMisused"))?.["doesRekeyHelp"])
      for (const breach of ["HardwareWeak", "AlgorithmBroken"]) {
        const weak = yield* plan(breach)
        assert.match(JSON.stringify(weak?.["response"] ?? []), /Microsoft updates .*rekey/, breach)
        assert.isTrue(weak?.["doesRekeyHelp"], breach)
      }

      const old = yield* protect(twin)
      const licence = yield* twin.run((world) =>
        issueUseLicence(world, {
          bytes: old,
          principal,
          rights: ["VIEW"],
          validUntil: defaultEra + 9,
          now: defaultEra,
        }),
      )
      const leaked = yield* twin.run((world) =>
        Effect.flatMap(KeyVault, (it) => Effect.orDie(it.privateKey(activeTenantKey(world)))),
      )
      const contentKeyOf = (bytes: Uint8Array) => {
        const { licence: published } = Option.getOrThrow(decodeEnvelope(bytes))
        return rsaUnwrap(leaked, Buffer.from(published.wrappedContentKey, "base64"))
      }
      assert.strictEqual(contentKeyOf(old)._tag, "Success")

      const KeyIdentifier = yield* broughtKey(twin)
      const key = { VaultName: "contoso-byok", Destination: "HSM" }
      for (const Size of [3072, 4096]) {
        const [row] = yield* twin.allow(ivan, "Add-AzKeyVaultKey", {
          ...key,
          Name: `r${Size}`,
          Size,
        })
        const wish = { KeyVaultKeyUrl: textOf(row, "Id") }
        const gate = yield* twin.refuse(ivan, "Use-AipServiceKeyVaultKey", wish)
        assert.strictEqual(gate.name, "brought-key-kind", `RSA ${Size}`)
      }
      yield* twin.allow(ivan, "Set-AipServiceKeyProperties", { KeyIdentifier, Active: true })

      const recent = yield* protect(twin)
      assert.strictEqual(contentKeyOf(recent)._tag, "Failure", "the leaked key opens nothing new")
      assert.deepStrictEqual(yield* opens(twin, recent), content(50))
      // Somebody who misused a right goes on with what was given to them.
      const again = yield* twin.run((world) =>
        openEnvelope(world, { bytes: old, licence, principal, now: defaultEra }),
      )
      assert.deepStrictEqual(again, content(50))
      assert.lengthOf((yield* plan("KeyLeaked"))?.["otherKeys"] as readonly string[], 1)
    }),
  )
})
