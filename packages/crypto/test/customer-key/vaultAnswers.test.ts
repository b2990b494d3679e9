import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import { VaultKeyType } from "../../src/customer-key/AzureKeyVault.ts"
import { algorithmsOf, type KeyOperation } from "../../src/customer-key/KeyAlgorithm.ts"
import { type KeyCall, keyAnswer } from "../../src/customer-key/keyAnswer.ts"
import {
  isThrottled,
  ThrottledOperation,
  throttling,
} from "../../src/customer-key/vaultCondition.ts"
import { heidi, ivan, judy, type Twin, textOf } from "../harness.ts"
import {
  exchange,
  mail,
  makeKey,
  newPolicy,
  opens,
  Prepared,
  prepared,
  withAlice,
} from "./prepared.ts"

const VaultName = "contoso-ck-a1"
const root = { VaultName, Name: "root" }
const ask = Effect.fnUntraced(function* (
  twin: Twin,
  uri: string,
  operation: KeyCall["operation"] = "unwrapKey",
) {
  const now = yield* twin.now
  return keyAnswer(yield* twin.world, { uri, principal: exchange, operation, now })
})

describe("algorithms of keys", () => {
  const rsa = ["RSA1_5", "RSA-OAEP", "RSA-OAEP-256"]
  const signing = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
  const curves = ["ES256", "ES256K", "ES384", "ES512"]
  const table: readonly (readonly [typeof VaultKeyType.Type, KeyOperation, readonly string[]])[] = [
    ["RSA", "Wrap", rsa],
    ["RSA", "Unwrap", rsa],
    ["RSA-HSM", "Wrap", rsa],
    ["RSA", "Encrypt", rsa],
    ["RSA-HSM", "Decrypt", rsa],
    ["RSA", "Sign", signing],
    ["RSA-HSM", "Verify", signing],
    ["EC", "Wrap", []],
    ["EC", "Unwrap", []],
    ["EC-HSM", "Encrypt", []],
    ["EC", "Sign", curves],
    ["EC-HSM", "Verify", curves],
    ["oct-HSM", "Wrap", ["A128KW", "A192KW", "A256KW"]],
    ["oct-HSM", "Sign", []],
  ]
  it("[CRY-056] [CRY-040] each type of key knows its own, and EC keys wrap nothing", () => {
    for (const [keyType, operation, expected] of table) {
      assert.deepStrictEqual(
        [...algorithmsOf(keyType, operation)],
        [...expected],
        `${keyType} ${operation}`,
      )
    }
    const aes = algorithmsOf("oct-HSM", "Encrypt")
    for (const name of ["A256GCM", "A256CBC"] as const) assert.include(aes, name)
  })
})

const load = (kind: typeof ThrottledOperation.Type, count: number, at = 0) => ({
  kind,
  count,
  at,
})

const asked = (kind: typeof ThrottledOperation.Type, count: number, now = 0) =>
  isThrottled({ kind, vault: [load(kind, count)], subscription: [], now })

describe("limits", () => {
  it("[CRY-065] so many operations in ten seconds and not one more", () => {
    for (const [kind, limit] of [
      ["HsmOperation", 2000],
      ["HsmKeyCreation", 10],
      ["Other", 4000],
    ] as const) {
      assert.isFalse(asked(kind, limit - 1), kind)
      assert.isTrue(asked(kind, limit), kind)
      // After ten seconds there is room again.
      assert.isTrue(asked(kind, limit, throttling.windowMilliseconds - 1))
      assert.isFalse(asked(kind, limit, throttling.windowMilliseconds))
      const others = [load(kind, limit * 5 - 1)]
      assert.isFalse(isThrottled({ kind, vault: [], subscription: others, now: 0 }))
      const five = [load(kind, limit * 5)]
      assert.isTrue(isThrottled({ kind, vault: [], subscription: five, now: 0 }))
    }
  })

  it.prop(
    "[CRY-065] what one kind uses up takes nothing from another",
    [ThrottledOperation],
    ([kind]) => {
      for (const other of ThrottledOperation.literals) {
        const is = isThrottled({ kind: other, vault: [load(kind, 1e9)], subscription: [], now: 0 })
        assert.strictEqual(is, other === kind)
      }
    },
  )
})

layer(Prepared.layer)("what a vault answers", (it) => {
  it.effect("[CRY-064] each condition has its status, its code and its class", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* withAlice
      const [uri] = uris
      const cases = [
        ["token-refused", "AccessDenied", 401, "Unauthorized"],
        ["throttled", "SystemError", 429, "TooManyRequests"],
        ["service-fault", "SystemError", 500, "InternalServerError"],
        ["unavailable", "SystemError", 503, "ServiceUnavailable"],
        ["timeout", "SystemError", undefined, "Timeout"],
        ["name-resolution", "SystemError", undefined, "NameResolutionFailure"],
        ["network", "SystemError", undefined, "ConnectionFailure"],
      ] as const
      for (const [condition, result, status, code] of cases) {
        for (const vault of [VaultName, "contoso-ck-b1"]) {
          yield* twin.allow(ivan, "set-key-vault-condition", { vault, condition })
        }
        const answer = yield* ask(twin, uri)
        assert.deepInclude(answer, { result })
        assert.strictEqual(answer.status, status, condition)
        assert.strictEqual(answer.refusal?.code, code)
        // A system error lets people go on with the availability key, a refusal does not.
        assert.strictEqual(yield* opens(twin, mail), result === "SystemError", condition)
        const refused = yield* twin.refuse(ivan, "Get-AzKeyVaultKey", root)
        assert.strictEqual(refused.refusal?.code, code)
      }
      for (const vault of [VaultName, "contoso-ck-b1"]) {
        yield* twin.allow(ivan, "set-key-vault-condition", { vault, condition: "none" })
      }
      assert.isTrue(yield* opens(twin, mail))
      const none = { vault: "nowhere", condition: "none" }
      assert.strictEqual(
        (yield* twin.refuse(ivan, "set-key-vault-condition", none)).name,
        "key-vault",
      )
    }),
  )

  it.effect(
    "[CRY-064] one vault refuses and the other is silent: people wait, the service goes on",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        const fail = { vault: VaultName, condition: "timeout" }
        yield* twin.allow(ivan, "set-key-vault-condition", fail)
        assert.isTrue(yield* opens(twin, mail))
        const denied = { vault: "contoso-ck-b1", condition: "token-refused" }
        yield* twin.allow(ivan, "set-key-vault-condition", denied)
        assert.isFalse(yield* opens(twin, mail))
      }),
  )

  it.effect("[CRY-064] a firewall keeps the service out only where it bypasses nobody", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const [uri] = uris
      yield* twin.allow(ivan, "Update-AzKeyVaultNetworkRuleSet", {
        VaultName,
        DefaultAction: "Deny",
      })
      assert.strictEqual((yield* ask(twin, uri)).result, "Success")
      const out = yield* twin.refuse(ivan, "Get-AzKeyVaultKey", root)
      assert.strictEqual(out.refusal?.code, "ForbiddenByFirewall")
      yield* twin.allow(ivan, "Update-AzKeyVaultNetworkRuleSet", {
        VaultName,
        IpAddressRange: [ivan.client.ipAddress],
      })
      yield* twin.allow(ivan, "Get-AzKeyVaultKey", root)
      yield* twin.allow(ivan, "Update-AzKeyVaultNetworkRuleSet", { VaultName, Bypass: "None" })
      const answer = yield* ask(twin, uri)
      assert.deepInclude(answer, { result: "AccessDenied", status: 403 })
      assert.strictEqual(answer.refusal?.code, "ForbiddenByFirewall")
      assert.match(
        answer.refusal?.message ?? "",
        /is not authorized and caller is not a trusted service$/,
      )
      const policy = yield* twin.refuse(heidi, "New-DataEncryptionPolicy", newPolicy(uris))
      assert.strictEqual(policy.refusal?.code, "CustomerKey.KeyAccessDenied")
    }),
  )

  it.effect(
    "[CRY-064] a missing permission names itself, a missing key says how to look for it",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* prepared
        const { refusal, status } = keyAnswer(yield* twin.world, {
          uri: uris[0],
          principal: "11111111-1111-4111-8111-111111111111",
          operation: "wrapKey",
        })
        assert.strictEqual(status, 403)
        assert.strictEqual(refusal?.code, "ForbiddenByPolicy")
        assert.match(
          refusal?.message ?? "",
          /^The user, group or application 'appid=11111111-1111-4111-8111-111111111111;oid=[0-9a-f-]{36};numgroups=0;iss=https:\/\/sts\.windows\.net\/[0-9a-f-]{36}\/' does not have keys wrapKey permission on key vault 'contoso-ck-a1;location=westeurope'\. For help resolving this issue, please see https:\/\/go\.microsoft\.com\/fwlink\/\?linkid=2125287$/,
        )
        const person = yield* twin.refuse(heidi, "Get-AzKeyVaultKey", root)
        assert.strictEqual(person.refusal?.code, "ForbiddenByPolicy")
        assert.match(person.refusal?.message ?? "", /'appid=1950a258-[0-9a-f-]+;oid=/)
        assert.notInclude(person.refusal?.message ?? "", heidi.id)
        assert.deepInclude(person.details, { actor: heidi.id, permission: "get" })
        const unknown = yield* ask(twin, `https://${VaultName}.vault.azure.net/keys/none`)
        assert.strictEqual(unknown.status, 404)
        assert.strictEqual(
          unknown.refusal?.message,
          "A key with (name/id) none was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182",
        )
      }),
  )

  it.effect("[CRY-065] a vault under load is a system error, and an eleventh HSM key waits", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* withAlice
      const heavy = { kind: "HsmOperation", count: 2000 }
      for (const vault of [VaultName, "contoso-ck-b1"]) {
        yield* twin.allow(ivan, "load-key-vault", { vault, ...heavy })
      }
      assert.deepInclude(yield* ask(twin, uris[0]), { result: "SystemError", status: 429 })
      assert.isTrue(yield* opens(twin, mail))
      yield* twin.advance(throttling.windowMilliseconds)
      assert.strictEqual((yield* ask(twin, uris[0])).result, "Success")
      for (let count = 0; count < 10; count++) yield* makeKey(twin, VaultName, `k${count}`)
      const add = { VaultName, Name: "k11", Destination: "HSM" }
      const refused = yield* twin.refuse(ivan, "Add-AzKeyVaultKey", add)
      assert.strictEqual(refused.name, "key-vault-limits")
      yield* twin.allow(ivan, "Add-AzKeyVaultKey", { ...add, Destination: "Software" })
      yield* twin.advance(throttling.windowMilliseconds)
      yield* twin.allow(ivan, "Add-AzKeyVaultKey", add)
    }),
  )

  it.effect(
    "[CRY-058] before and after its dates a key brings old data back and takes nothing new",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* prepared
        const [uri] = uris
        const operations = ["encrypt", "wrapKey", "sign", "decrypt", "unwrapKey", "verify"] as const
        const all = ["get", ...operations]
        const grant = { VaultName, ServicePrincipalName: exchange, PermissionsToKeys: all }
        yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", grant)
        yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...root, KeyOps: operations })
        const outcomes = Effect.gen(function* () {
          const found: boolean[] = []
          for (const operation of operations) {
            found.push((yield* ask(twin, uri, operation)).result === "Success")
          }
          return found
        })
        assert.deepStrictEqual(yield* outcomes, [true, true, true, true, true, true])
        yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...root, Expires: "2020-01-01" })
        assert.deepStrictEqual(yield* outcomes, [false, false, false, true, true, true])
        assert.strictEqual((yield* ask(twin, uri, "wrapKey")).status, 403)
        yield* twin.allow(ivan, "Update-AzKeyVaultKey", {
          ...root,
          Expires: "12/31/9999",
          NotBefore: "2100-01-01",
        })
        assert.deepStrictEqual(yield* outcomes, [false, false, false, true, true, true])
        yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...root, NotBefore: "2020-01-01" })
        assert.deepStrictEqual(yield* outcomes, [true, true, true, true, true, true])
        // Disabled: what needs the private key stops, what needs the public one goes on (CRY-059).
        yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...root, Enable: false })
        assert.deepStrictEqual(yield* outcomes, [true, true, false, false, false, true])
      }),
  )

  it.effect("[CRY-041] a key that was not made for wrapping is no root key", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      for (const KeyOps of [["wrapKey"], ["unwrapKey"], ["sign", "verify"]]) {
        yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...root, KeyOps })
        const refused = yield* twin.refuse(heidi, "New-DataEncryptionPolicy", newPolicy(uris))
        assert.strictEqual(refused.refusal?.code, "CustomerKey.KeyOperationsMissing")
      }
      for (const missing of ["get", "wrapKey", "unwrapKey"]) {
        yield* twin.allow(ivan, "Update-AzKeyVaultKey", {
          ...root,
          KeyOps: ["wrapKey", "unwrapKey"],
        })
        const PermissionsToKeys = ["get", "wrapKey", "unwrapKey"].filter((it) => it !== missing)
        const grant = { VaultName, ServicePrincipalName: exchange, PermissionsToKeys }
        yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", grant)
        const refused = yield* twin.refuse(heidi, "New-DataEncryptionPolicy", newPolicy(uris))
        assert.strictEqual(refused.refusal?.code, "CustomerKey.KeyAccessDenied", missing)
      }
    }),
  )

  it.effect("[CRY-056] a value comes back through each algorithm, and through no other", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const all = ["get", "create", "update", "encrypt", "decrypt", "wrapKey", "unwrapKey"]
      const grant = { VaultName, UserPrincipalName: ivan.id, PermissionsToKeys: all }
      yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", grant)
      yield* twin.allow(ivan, "Add-AzKeyVaultKey", { VaultName, Name: "use", Destination: "HSM" })
      const key = { VaultName, Name: "use" }
      const Value = Buffer.alloc(32, 9).toString("base64")
      for (const Algorithm of ["RSA1_5", "RSA-OAEP", "RSA-OAEP-256"]) {
        for (const [there, back] of [
          ["Wrap", "Unwrap"],
          ["Encrypt", "Decrypt"],
        ]) {
          const use = { ...key, Algorithm }
          const [row] = yield* twin.allow(ivan, "Invoke-AzKeyVaultKeyOperation", {
            ...use,
            Operation: there,
            Value,
          })
          const wrapped = textOf(row, "Result")
          assert.strictEqual(Buffer.from(wrapped, "base64").length, 256)
          const [opened] = yield* twin.allow(ivan, "Invoke-AzKeyVaultKeyOperation", {
            ...use,
            Operation: back,
            Value: wrapped,
          })
          assert.strictEqual(textOf(opened, "Result"), Value)
        }
      }
      const use = { ...key, Operation: "Wrap", Value }
      const wrong = yield* twin.refuse(ivan, "Invoke-AzKeyVaultKeyOperation", {
        ...use,
        Algorithm: "A256KW",
      })
      assert.strictEqual(wrong.name, "key-algorithm")
      const long = {
        ...use,
        Algorithm: "RSA-OAEP-256",
        Value: Buffer.alloc(250).toString("base64"),
      }
      const refused = yield* twin.refuse(ivan, "Invoke-AzKeyVaultKeyOperation", long)
      assert.strictEqual(refused.name, "key-operation-value")
      const broken = { ...key, Operation: "Unwrap", Algorithm: "RSA-OAEP", Value }
      assert.strictEqual(
        (yield* twin.refuse(ivan, "Invoke-AzKeyVaultKeyOperation", broken)).name,
        "key-operation-value",
      )
      const stranger = yield* twin.refuse(judy, "Invoke-AzKeyVaultKeyOperation", {
        ...use,
        Algorithm: "RSA-OAEP",
      })
      assert.strictEqual(stranger.name, "key-vault-permission")
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...key, Expires: "2020-01-01" })
      const late = yield* twin.refuse(ivan, "Invoke-AzKeyVaultKeyOperation", {
        ...use,
        Algorithm: "RSA-OAEP",
      })
      assert.strictEqual(late.name, "key-attributes")
      assert.strictEqual(late.refusal?.code, "Forbidden")
      assert.notInclude(JSON.stringify(yield* twin.records), Value)
    }),
  )

  it.effect(
    "[CRY-065] [CRY-064] Test-M365DataAtRestEncryptionPolicy tells what each vault says",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* prepared
        yield* twin.allow(ivan, "load-key-vault", {
          vault: VaultName,
          kind: "HsmOperation",
          count: 5000,
        })
        const [first, second] = yield* twin.allow(judy, "Test-M365DataAtRestEncryptionPolicy", {
          Identity: "All",
        })
        assert.strictEqual(first?.["Result"], "SystemError")
        assert.strictEqual(second?.["Result"], "Success")
        assert.deepInclude(first, { Status: 429, Code: "TooManyRequests" })
        // Without a name every policy is tested.
        const all = yield* twin.allow(judy, "Test-M365DataAtRestEncryptionPolicy", {})
        assert.strictEqual(all.length, 2)
        const none = { Identity: "None" }
        const refused = yield* twin.refuse(judy, "Test-M365DataAtRestEncryptionPolicy", none)
        assert.strictEqual(refused.name, "data-encryption-policy")
        const dn = { Identity: "CN=Legal mailboxes,CN=Configuration,DC=contoso" }
        const [named] = yield* twin.allow(heidi, "Get-DataEncryptionPolicy", dn)
        assert.strictEqual(named?.["Name"], "Legal mailboxes")
      }),
  )
})
