import { assert, describe, it } from "@effect/vitest"
import { type Actor, days, decidingGate, defaultClient, systemActor } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { dkmKeyId, dkmRolloverDays } from "../../src/dkm/DkmEvent.ts"
import { BlobStore, KeyVault } from "../../src/index.ts"
import { heidi, ivan, judy, mallory, startTwin, type Twin, textOf } from "../harness.ts"

const serviceAccount = (id: string): Actor => ({
  id,
  kind: "service-account",
  roles: [],
  client: defaultClient,
})
const transport = serviceAccount("svc-exchange-transport")
const engineer = (...roles: string[]): Actor => ({
  ...transport,
  id: "ed",
  kind: "datacenter-engineer",
  roles,
})
const elevated = engineer("DkmKeyAccess")
const password = "correct horse battery staple"

const connect = Effect.fnUntraced(function* (twin: Twin, provider = "Gmail", more = "") {
  const account = `alice${more}@${provider.toLowerCase()}.com`
  const [row] = yield* twin.allow(mallory, "connect-account", { provider, account, password })
  return textOf(row, "id")
})
const open = Effect.fnUntraced(function* (twin: Twin, who: Actor, secret: string) {
  const params = { secret, contains: password }
  const { decision, output } = yield* twin.call(who, "open-mail-secret", params)
  const isRead = output[0]?.["containsText"] === true
  return decision.outcome === "allow" && isRead ? "read" : decidingGate(decision).name
})
const statuses = (twin: Twin) =>
  Effect.map(twin.allow(transport, "Get-DkmKey", {}), (rows) =>
    rows.map(
      (row) => `${textOf(row, "Key")} ${textOf(row, "Status")} ${JSON.stringify(row["Secrets"])}`,
    ),
  )

describe("mail secrets under the distributed key manager", () => {
  it.effect(
    "[CRY-019] [CRY-020] service accounts of the group decrypt; nobody else does, whatever they are",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("dkm")
        const secret = yield* connect(twin)
        assert.strictEqual(yield* open(twin, transport, secret), "read")
        assert.strictEqual(yield* open(twin, systemActor, secret), "read")
        const strangers = [
          serviceAccount("svc-sharepoint-search"),
          mallory,
          heidi,
          judy,
          ivan,
          engineer(),
          engineer("ServiceEngineerOperations", "AccessToCustomerData", "SecretStoreAccess"),
          // A role of this name on an account that is no engineer's came from no elevation.
          { ...ivan, roles: ["Global Administrator", "DkmKeyAccess"] },
        ]
        for (const who of strangers) {
          assert.strictEqual(
            yield* open(twin, who, secret),
            "dkm-group",
            `${who.id} ${who.roles.join()}`,
          )
        }
      }),
  )

  it.effect(
    "[CRY-019] [CRY-020] only the service changes the group, and only for service accounts",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("dkm")
        const secret = yield* connect(twin)
        const store = serviceAccount("svc-new-store")
        const join = (who: Actor, account: string) =>
          Effect.map(twin.call(who, "join-key-group", { account }), ({ decision }) =>
            decision.outcome === "allow" ? "joined" : decidingGate(decision).name,
          )
        assert.strictEqual(yield* open(twin, store, secret), "dkm-group")
        for (const who of [ivan, engineer(), elevated]) {
          assert.strictEqual(yield* join(who, "svc-new-store"), "group-keeper")
        }
        for (const account of ["ed", "ivan@contoso.com", "svc-", "svc-x@contoso.com"]) {
          assert.strictEqual(yield* join(transport, account), "service-accounts-only", account)
        }
        assert.strictEqual(yield* join(transport, "svc-new-store"), "joined")
        assert.strictEqual(yield* open(twin, store, secret), "read")
      }),
  )

  it.effect(
    "[CRY-021] [CRY-022] an elevation opens while it runs; every use and refusal is recorded",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("dkm")
        const secret = yield* connect(twin)
        assert.strictEqual(yield* open(twin, engineer(), secret), "dkm-group")
        assert.strictEqual(yield* open(twin, elevated, secret), "read")
        // The window is over: the same person, without the role, and nobody revoked anything.
        assert.strictEqual(yield* open(twin, engineer(), secret), "dkm-group")
        const records = (yield* twin.records).slice(-3)
        const left = records.map(({ events, audit }) => [
          events[0]?._tag,
          audit[0]?.["ResultStatus"],
          audit[0]?.UserId,
        ])
        assert.deepStrictEqual(left, [
          ["DkmAccessRefused", "Failed", "ed"],
          ["DkmSecretOpened", "Succeeded", "ed"],
          ["DkmAccessRefused", "Failed", "ed"],
        ])
      }),
  )

  it.effect(
    "[CRY-023] the key rolls by the clock; archived keys read, the current one alone writes",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("dkm")
        assert.deepStrictEqual(yield* twin.advance(days(1000)), [])
        const first = yield* connect(twin)
        assert.deepStrictEqual(yield* statuses(twin), ["active-directory/dkm/1 Current 1"])
        yield* twin.advance(days(dkmRolloverDays) - 1)
        assert.strictEqual((yield* statuses(twin)).length, 1)
        const [rolled] = yield* twin.advance(1)
        assert.strictEqual(rolled?.operation, "dkm-key-rolled")
        const second = yield* connect(twin, "Yahoo")
        assert.deepStrictEqual(yield* statuses(twin), [
          "active-directory/dkm/1 Archived 1",
          "active-directory/dkm/2 Current 1",
        ])
        for (const secret of [first, second]) {
          assert.strictEqual(yield* open(twin, transport, secret), "read")
        }
        // Writing again moves the secret under the current key.
        assert.strictEqual(yield* connect(twin), first)
        assert.deepStrictEqual(yield* statuses(twin), [
          "active-directory/dkm/1 Archived 0",
          "active-directory/dkm/2 Current 2",
        ])
        yield* twin.run(() => Effect.flatMap(KeyVault, (it) => it.destroyKey(dkmKeyId(1))))
        assert.strictEqual(yield* open(twin, transport, first), "read")
        yield* twin.run(() => Effect.flatMap(KeyVault, (it) => it.destroyKey(dkmKeyId(2))))
        assert.strictEqual(yield* open(twin, transport, first), "dkm-key")
      }),
  )

  it.effect.prop(
    "[CRY-023] every secret stays readable after any number of rollovers",
    {
      waits: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 400 }))).check(
        Schema.isMaxLength(6),
      ),
    },
    ({ waits }) =>
      Effect.gen(function* () {
        const twin = yield* startTwin("rollovers")
        const secrets: string[] = []
        for (const [index, wait] of waits.entries()) {
          secrets.push(yield* connect(twin, "Hotmail", String(index)))
          yield* twin.advance(days(wait))
        }
        for (const secret of secrets) {
          assert.strictEqual(yield* open(twin, transport, secret), "read", waits.join(", "))
        }
        const shown = yield* statuses(twin)
        assert.strictEqual(
          shown.filter((it) => it.includes("Current")).length,
          waits.length > 0 ? 1 : 0,
        )
        // From the first secret on the key rolls at fixed distances, whatever is written between.
        const total = waits.reduce((sum, it) => sum + it, 0)
        const rolls = waits.length === 0 ? 0 : 1 + Math.floor(total / dkmRolloverDays)
        assert.strictEqual(shown.length, rolls)
      }),
    { arbitrary: { runs: 25 } },
  )

  it.effect("[CRY-024] passwords of accounts at Hotmail, Gmail and Yahoo lie encrypted", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("dkm")
      for (const provider of ["Hotmail", "Gmail", "Yahoo"]) {
        const secret = yield* connect(twin, provider)
        const params = { secret, contains: password }
        const { decision, output } = yield* twin.call(ivan, "inspect-mail-secret", params)
        assert.strictEqual(decision.outcome, "deny")
        assert.deepInclude(output[0], { canRead: false, containsText: false })
        assert.isAbove(Number(output[0]?.["bytes"]), password.length)
        assert.strictEqual(yield* open(twin, transport, secret), "read")
      }
      const other = { provider: "Example", account: "a@b", password }
      const wrong = yield* Effect.flip(twin.call(mallory, "connect-account", other))
      assert.strictEqual(wrong._tag, "ParametersInvalid")
      assert.notInclude(JSON.stringify(yield* twin.records), password)
    }),
  )

  it.effect(
    "[CRY-024] [CRY-209] a changed secret opens for nobody, and neither does one under another name",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("dkm")
        const secret = yield* connect(twin)
        const other = yield* connect(twin, "Yahoo")
        const swap = yield* twin.run(() =>
          Effect.gen(function* () {
            const blobs = yield* BlobStore
            const bytes = yield* Effect.orDie(blobs.get(`dkm/secrets/${secret}`))
            const foreign = yield* Effect.orDie(blobs.get(`dkm/secrets/${other}`))
            yield* blobs.put(`dkm/secrets/${other}`, bytes)
            const changed = Uint8Array.from(bytes)
            changed[20] = (changed[20] ?? 0) ^ 1
            yield* blobs.put(`dkm/secrets/${secret}`, changed)
            return foreign
          }),
        )
        assert.isAbove(swap.length, 0)
        for (const it of [secret, other]) {
          assert.strictEqual(yield* open(twin, transport, it), "dkm-key")
        }
      }),
  )

  it.effect("[CRY-019] without the directory nothing is read and nothing is kept", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("dkm")
      const secret = yield* connect(twin)
      yield* twin.allow(ivan, "switch-fault", { fault: "directory-unavailable", on: true })
      assert.strictEqual(yield* open(twin, transport, secret), "directory")
      const again = { provider: "Gmail", account: "alice@gmail.com", password }
      assert.strictEqual((yield* twin.refuse(mallory, "connect-account", again)).name, "directory")
      yield* twin.allow(ivan, "switch-fault", { fault: "directory-unavailable", on: false })
      assert.strictEqual(yield* open(twin, transport, secret), "read")
      assert.strictEqual(yield* open(twin, transport, "__proto__"), "dkm-secret")
    }),
  )
})
