import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { testKeyStore } from "../../src/double-key/keyStoreTester.ts"
import {
  handleRequest,
  issueAccessToken,
  issuerOf,
  issueUseLicence,
  openEnvelope,
  protectBytes,
  unlockUseLicence,
} from "../../src/index.ts"
import { content, heidi, ivan, mallory, startTwin, type Twin, textOf } from "../harness.ts"
import { entry, host, privatePem, settingsText, started, tenantId } from "./keyService.ts"

const url = `${host}/Secret`
const deploy = Effect.fnUntraced(function* (twin: Twin) {
  const issuers = [issuerOf(tenantId)]
  yield* twin.allow(ivan, "deploy-double-key-service", { address: host, validIssuers: issuers })
  yield* twin.allow(ivan, "add-double-key", {
    url,
    id: "v0",
    AuthorizedEmailAddress: [mallory.id],
  })
})

describe("operations of a key service", () => {
  it.effect(
    "[CRY-160] test keys start in a test, never in production, and stay out of the journal",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("dke")
        const settings = settingsText([entry()])
        const params = { address: host, settings }
        const gate = yield* twin.refuse(ivan, "deploy-double-key-service", params)
        assert.match(gate.refusal?.message ?? "", /DO NOT USE FOR PRODUCTION/)
        yield* twin.allow(ivan, "deploy-double-key-service", { ...params, environment: "test" })
        const [shown] = yield* twin.allow(ivan, "get-double-key-service", { address: host })
        assert.deepInclude(shown, { url, id: "1", isActive: true, isRunning: true })
        const kept = JSON.stringify([
          yield* twin.records,
          shown,
          (yield* twin.world).crypto.doubleKey,
        ])
        for (const start of [0, 100, 400]) {
          assert.notInclude(kept, privatePem("Secret-1").slice(start, start + 60))
        }
        const [answer] = yield* twin.allow(mallory, "send-key-service-request", {
          method: "GET",
          url,
        })
        assert.include(textOf(answer, "body"), `"kid":"${url}/1"`)
      }),
  )

  it.effect("[CRY-157] [CRY-158] settings that do not start change nothing", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("dke")
      const settings = settingsText([entry({ AuthorizedRoles: ["Board"] })])
      const params = { address: host, settings, environment: "test" }
      const gate = yield* twin.refuse(ivan, "deploy-double-key-service", params)
      assert.match(gate.refusal?.message ?? "", /^appsettings\.json:1:\d+: TestKeys\.0: Both role/)
      assert.deepStrictEqual((yield* twin.world).crypto.doubleKey.services, {})
      assert.strictEqual(
        (yield* twin.refuse(heidi, "deploy-double-key-service", params)).name,
        "role",
      )
    }),
  )

  it.effect(
    "[CRY-162] the registration has the documented redirect, tokens, scope and clients",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("dke")
        yield* deploy(twin)
        const [shown] = yield* twin.allow(ivan, "get-double-key-service", { address: host })
        assert.deepInclude(shown, {
          JwtAudience: host,
          redirectUri: host,
          hasIdTokens: true,
          scope: "user_impersonation",
          authorizedClients: [
            "d3590ed6-52b3-4102-aeff-aad2292ab01c",
            "c00e9d32-3c8d-4a7d-832b-029040e7db99",
          ],
        })
      }),
  )

  it.effect("[CRY-171] the tester passes a good service and says what is wrong with another", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("dke")
      yield* deploy(twin)
      const run = Effect.fnUntraced(function* (at: string) {
        const [row] = yield* twin.allow(mallory, "run-key-store-tester", { url: at })
        return textOf(row, "result")
      })
      assert.strictEqual(yield* run(url), "Validation successful!")
      assert.match(yield* run("http://dke.contoso.com/Secret"), /must|https/)
      assert.match(yield* run(`${host}/Other`), /Unable to access/)
      const audience = (JwtAudience: string) =>
        twin.allow(ivan, "set-double-key-service", { address: host, JwtAudience })
      yield* audience("https://aadrm.com")
      assert.match(yield* run(url), /^Hostname mismatch/)
      yield* audience("dke.contoso.com")
      assert.match(yield* run(url), /must contains 'https:\/\/'/)
      yield* audience(host)
      yield* twin.allow(ivan, "set-double-key-service", { address: host, running: false })
      assert.match(yield* run(url), /Unable to access/)
      const key = { kty: "RSA", n: "AA", e: 3, alg: "RS256", kid: `${host}/Secret/1` }
      const rows = { kty: "key type", n: "modulus", e: "exponent", alg: "algorithm", kid: "key id" }
      const answering = (value: object) =>
        testKeyStore(url, () =>
          Effect.succeed({ status: 200, headers: {}, body: JSON.stringify(value) }),
        )
      assert.match(yield* answering({}), /does not contain the key$/)
      for (const [member, name] of Object.entries(rows)) {
        const { [member as keyof typeof key]: _, ...others } = key
        assert.include(yield* answering({ key: others }), `does not contain the ${name}`)
      }
      assert.include(yield* answering({ key: { ...key, kty: "EC" } }), "Invalid key type")
      assert.include(yield* answering({ key: { ...key, alg: "RS512" } }), "Invalid key algorithm")
      assert.include(yield* answering({ key }), "Decryption unexpected response")
    }),
  )

  it.effect(
    "[CRY-150] a service that moved serves old content only where its old address is kept",
    () =>
      Effect.gen(function* () {
        for (const keepOldAddress of [true, false]) {
          const twin = yield* startTwin("dke")
          yield* deploy(twin)
          const moveTo = "https://keys.contoso.com"
          const move = { address: host, moveTo, keepOldAddress }
          yield* twin.allow(ivan, "set-double-key-service", move)
          const request = { method: "GET", url }
          const [row] = yield* twin.allow(mallory, "send-key-service-request", request)
          assert.strictEqual(row?.["status"], keepOldAddress ? 200 : 0)
        }
      }),
  )
})

const Step = Schema.Literals([
  "roll",
  "remove-first",
  "allow",
  "forbid",
  "stop",
  "start",
  "distrust",
  "trust",
])
const histories = Arbitrary.array(Arbitrary.schema(Step), { maxLength: 12 })

describe("two keys or nothing", () => {
  it.effect.prop(
    "[CRY-145] [CRY-159] [CRY-168] readable exactly while version, person, tenant and service are right",
    [histories],
    ([steps]) =>
      Effect.gen(function* () {
        const twin = yield* startTwin("dke property")
        yield* deploy(twin)
        const now = yield* twin.now
        const policy = {
          contentId: "c",
          owner: mallory.id,
          issuedAt: now,
          grants: [],
          doubleKeyUrl: url,
        }
        const plaintext = content(40)
        const { bytes } = yield* twin.run((it) =>
          protectBytes(it, { contentId: "c", plaintext, policy }),
        )
        const wish = { bytes, principal: mallory.id, rights: ["VIEW"], validUntil: now, now }
        const licence = yield* twin.run((it) => issueUseLicence(it, wish))
        const token = yield* twin.run(() =>
          issueAccessToken({ tenantId, address: mallory.id, audience: host, now }),
        )
        const held = { version: true, person: true, tenant: true, running: true }
        for (const [index, step] of steps.entries()) {
          const people = (...list: string[]) =>
            twin.call(ivan, "authorize-double-key", { url, AuthorizedEmailAddress: list })
          const set = (params: object) =>
            twin.call(ivan, "set-double-key-service", { address: host, ...params })
          if (step === "roll") {
            const roll = { url, id: `v${index + 1}`, AuthorizedEmailAddress: [mallory.id] }
            yield* twin.call(ivan, "add-double-key", roll)
          } else if (step === "remove-first") {
            yield* twin.call(ivan, "remove-double-key", { url, id: "v0" })
            held.version = false
          } else if (step === "allow" || step === "forbid") {
            yield* people(step === "allow" ? mallory.id : ivan.id)
            held.person = step === "allow"
          } else if (step === "stop" || step === "start") {
            held.running = step === "start"
            yield* set({ running: held.running })
          } else {
            held.tenant = step === "trust"
            yield* set({ validIssuers: [issuerOf(held.tenant ? tenantId : "other")] })
          }
        }
        const attempt = { bytes, licence, principal: mallory.id, now, token }
        const opened = yield* Effect.exit(
          twin.run((it) =>
            Effect.flatMap(unlockUseLicence(it, attempt), (unlocked) =>
              openEnvelope(it, { ...attempt, licence: unlocked }),
            ),
          ),
        )
        const isReadable = Object.values(held).every((it) => it)
        assert.strictEqual(opened._tag === "Success", isReadable, steps.join())
        // What Microsoft holds opens nothing, in no state of the service.
        const alone = yield* Effect.exit(twin.run((it) => openEnvelope(it, attempt)))
        assert.strictEqual(alone._tag, "Failure")
      }),
    { arbitrary: { runs: 120 } },
  )
})

const listen = (server: Server) =>
  Effect.callback<number>((resume) => {
    server.listen(0, "127.0.0.1", () =>
      resume(Effect.succeed((server.address() as AddressInfo).port)),
    )
  })

it.live("[CRY-148] [CRY-152] over a real connection it answers the same", () =>
  Effect.gen(function* () {
    const service = yield* started()
    const server = createServer((request, response) => {
      const { host: authority = "" } = request.headers
      const asked = {
        method: request.method ?? "",
        url: `http://${authority}${request.url}`,
        headers: {},
        body: "",
      }
      const answering = Effect.map(handleRequest(service, asked, 0), (answer) =>
        response.writeHead(answer.status, answer.headers).end(answer.body),
      )
      void Effect.runPromise(answering)
    })
    const port = yield* listen(server)
    const base = `http://127.0.0.1:${port}/Secret`
    const shown = yield* Effect.promise(() => fetch(base).then((it) => it.text()))
    assert.include(shown, `"kid":"${base}/1"`)
    const refused = yield* Effect.promise(() => fetch(`${base}/1/decrypt`, { method: "POST" }))
    assert.strictEqual(refused.status, 401)
    assert.include(refused.headers.get("www-authenticate") ?? "", `resource="${host}"`)
    server.close()
    server.closeAllConnections()
  }),
)
