import { createHmac } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { evaluateCiphertext } from "../../src/decisions/evaluateKeyUse.ts"
import { issuerOf } from "../../src/index.ts"
import { rsaWrap } from "../../src/Primitives.ts"
import {
  ask,
  entry,
  get,
  host,
  json,
  now,
  pairOf,
  post,
  privatePem,
  started,
  tokenFor,
} from "./keyService.ts"

const secret = Buffer.from("a content key of thirty-two byte")
const wrapped = (key = "Secret-1", text: Uint8Array = secret): string =>
  Buffer.from(
    rsaWrap({ publicKey: pairOf(key).publicKey, key: text, seed: new Uint8Array(32) }),
  ).toString("base64")
const body = (more: object = {}) => ({ alg: "RSA-OAEP-256", value: wrapped(), ...more })
const message = (text: string) => ({ status: 400, message: text })
const decryptUrl = `${host}/Secret/1/decrypt`
const challenge = {
  "WWW-Authenticate": `Bearer resource="${host}", authorization="https://login.windows.net/common/oauth2/authorize", realm="${host}"`,
  resource: host,
  authorization: "https://login.windows.net/common/oauth2/authorize",
}

describe("the public key", () => {
  it.effect(
    "[CRY-148] anybody gets it: ordinary base64, a number, and a literal that misleads",
    () =>
      Effect.gen(function* () {
        const service = yield* started()
        const response = yield* ask(service, get(`${host}/Secret`))
        assert.strictEqual(response.status, 200)
        const { n = "" } = pairOf("Secret-1").publicKey.export({ format: "jwk" })
        assert.deepStrictEqual(json(response.body), {
          key: {
            kty: "RSA",
            n: Buffer.from(n, "base64url").toString("base64"),
            e: 65_537,
            alg: "RS256",
            kid: `${host}/Secret/1`,
          },
        })
      }),
  )

  it.effect(
    "[CRY-149] days of cache become a moment without a zone, none leave the member out",
    () =>
      Effect.gen(function* () {
        const rows: readonly (readonly [number | undefined, unknown])[] = [
          [undefined, undefined],
          [30, { exp: "2026-10-01T08:00:00" }],
          [1, { exp: "2026-09-02T08:00:00" }],
          [0, { exp: "2026-09-01T08:00:00" }],
        ]
        for (const [days, cache] of rows) {
          const service = yield* started([
            entry(days === undefined ? {} : { CacheExpirationInDays: days }),
          ])
          const response = yield* ask(service, get(`${host}/Secret`), now + 999)
          assert.deepStrictEqual(json(response.body)["cache"], cache, String(days))
        }
        const eternal = yield* started([entry({ CacheExpirationInDays: 2 ** 31 - 1 })])
        assert.strictEqual((yield* ask(eternal, get(`${host}/Secret`))).status, 400)
      }),
  )

  it.effect("[CRY-150] the key id follows the request: scheme, host, port and path, no query", () =>
    Effect.gen(function* () {
      const service = yield* started([entry({ Id: "F2DBF8CB" })])
      for (const base of ["http://127.0.0.1:5001", "https://other.example", `${host}:8443`]) {
        const response = yield* ask(service, get(`${base}/Secret?x=1#y`))
        const { kid } = json(response.body)["key"] as { kid: string }
        assert.strictEqual(kid, `${base}/Secret/F2DBF8CB`)
      }
    }),
  )

  it.effect("[CRY-151] [CRY-153] key names know case, and an unknown one is a bad request", () =>
    Effect.gen(function* () {
      const service = yield* started()
      for (const name of ["secret", "SECRET", "Other", "constructor", "__proto__"]) {
        const response = yield* ask(service, get(`${host}/${name}`))
        assert.strictEqual(response.status, 400, name)
        assert.strictEqual(json(response.body)["Message"], `Key ${name} not found`)
      }
    }),
  )

  it.effect("what is not part of the interface is not there", () =>
    Effect.gen(function* () {
      const service = yield* started()
      const token = yield* tokenFor()
      for (const [request, status] of [
        [get(host), 404],
        [get(decryptUrl), 404],
        [post(`${host}/Secret`, body(), token), 404],
        [post(`${host}/Secret/1`, body(), token), 404],
        [post(`${decryptUrl}/more`, body(), token), 404],
        [post(`${host}/Secret/1/encrypt`, body(), token), 404],
        [get(`${host}/%E0%A4%A`), 400],
        [get("nonsense"), 400],
      ] as const) {
        assert.strictEqual((yield* ask(service, request)).status, status, request.url)
      }
    }),
  )
})

describe("decrypting", () => {
  it.effect("[CRY-151] opens a value for whoever may use the key; the verb knows no case", () =>
    Effect.gen(function* () {
      const service = yield* started()
      const token = yield* tokenFor()
      for (const verb of ["decrypt", "Decrypt", "DECRYPT"]) {
        const response = yield* ask(service, post(`${host}/Secret/1/${verb}`, body(), token))
        assert.strictEqual(response.status, 200)
        assert.deepStrictEqual(json(response.body), { value: secret.toString("base64") })
      }
      const wrongCase = yield* ask(service, post(`${host}/secret/1/decrypt`, body(), token))
      assert.strictEqual(wrongCase.status, 400)
    }),
  )

  it.effect(
    "[CRY-152] without a valid token nothing is looked at, and the way to one is shown",
    () =>
      Effect.gen(function* () {
        const service = yield* started()
        const anything = [decryptUrl, `${host}/Unknown/9/decrypt`]
        for (const url of anything) {
          for (const content of [body(), "", "{", { alg: "none" }]) {
            const response = yield* ask(service, post(url, content))
            assert.deepStrictEqual(response, { status: 401, headers: challenge, body: "" })
          }
        }
      }),
  )

  it.effect(
    "[CRY-161] issuer, audience, signature, algorithm and time of the token all count",
    () =>
      Effect.gen(function* () {
        const service = yield* started()
        const good = yield* tokenFor()
        const [head = "", payload = ""] = good.split(".")
        const none = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url")
        const symmetric = Buffer.from(
          JSON.stringify({ alg: "HS256", typ: "JWT", kid: "authority" }),
        ).toString("base64url")
        const publicKey = pairOf("authority").publicKey.export({ format: "pem", type: "spki" })
        const mac = createHmac("sha256", publicKey).update(`${symmetric}.${payload}`)
        const minute = 60_000
        const refused = {
          "another tenant": yield* tokenFor({ issuer: issuerOf("99999999") }),
          "no slash": yield* tokenFor({ issuer: issuerOf("x").slice(0, -1) }),
          "another audience": yield* tokenFor({ audience: "https://aadrm.com" }),
          "another key": yield* tokenFor({ key: pairOf("thief").privateKey }),
          "no signature": `${none}.${payload}.`,
          "the public key as a secret": `${symmetric}.${payload}.${mac.digest("base64url")}`,
          changed: `${head}.${Buffer.from("{}").toString("base64url")}.AAAA`,
          over: yield* tokenFor({ at: now - 66 * minute }),
          "not yet valid": yield* tokenFor({ at: now + 6 * minute }),
          "no token at all": "nonsense",
        }
        for (const [why, token] of Object.entries(refused)) {
          const response = yield* ask(service, post(decryptUrl, body(), token))
          assert.deepStrictEqual(response, { status: 401, headers: challenge, body: "" }, why)
        }
        for (const at of [now, now - 64 * minute, now + 4 * minute]) {
          const token = yield* tokenFor({ at })
          assert.strictEqual((yield* ask(service, post(decryptUrl, body(), token))).status, 200)
        }
      }),
  )

  it.effect(
    "[CRY-161] the published audience works as well, and partners are added as issuers",
    () =>
      Effect.gen(function* () {
        const partner = issuerOf("22222222-2222-4333-8444-555555555555")
        const settings = {
          JwtAudience: "https://aadrm.com",
          AzureAd: { TokenValidationParameters: { ValidIssuers: [issuerOf("t"), partner] } },
        }
        const service = yield* started(
          [entry({ AuthorizedEmailAddress: ["nina@fabrikam.com"] })],
          settings,
        )
        const claims = { upn: "nina@fabrikam.com" }
        const token = yield* tokenFor({ issuer: partner, audience: "https://aadrm.com", claims })
        assert.strictEqual((yield* ask(service, post(decryptUrl, body(), token))).status, 200)
      }),
  )

  it.effect("[CRY-153] body, key, authorization, algorithm, value: in this order", () =>
    Effect.gen(function* () {
      const service = yield* started()
      const alice = yield* tokenFor()
      const mallory = yield* tokenFor({ claims: { upn: "mallory@contoso.com" } })
      const unknown = `${host}/Secret/2/decrypt`
      const wrong = { alg: "RSA-OAEP", value: "?" }
      const rows = [
        [mallory, unknown, "", message("Value cannot be null.")],
        [mallory, unknown, wrong, message("Key Secret-2 not found")],
        [mallory, decryptUrl, wrong, { status: 403, message: undefined }],
        [alice, decryptUrl, wrong, message("RSA-OAEP is not supported")],
        [alice, decryptUrl, { value: wrapped() }, message(" is not supported")],
        [
          alice,
          decryptUrl,
          body({ alg: "rsa-oaep-256" }),
          message("rsa-oaep-256 is not supported"),
        ],
        [alice, decryptUrl, { alg: "RSA-OAEP-256" }, message("Value cannot be null.")],
      ] as const
      for (const [token, url, content, expected] of rows) {
        const response = yield* ask(service, post(url, content, token))
        const shown = response.body === "" ? undefined : json(response.body)["Message"]
        assert.deepStrictEqual({ status: response.status, message: shown }, expected)
      }
    }),
  )

  it.effect(
    "[CRY-154] bad requests carry the exception, what does not decrypt is a server error",
    () =>
      Effect.gen(function* () {
        const service = yield* started()
        const token = yield* tokenFor()
        const bad = yield* ask(service, post(decryptUrl, body({ alg: "none" }), token))
        assert.deepInclude(json(bad.body), {
          ClassName: "System.ArgumentException",
          Message: "none is not supported",
          HResult: -2_147_024_809,
        })
        const values = ["not base64!", "AAAA", "", wrapped("Other"), wrapped().slice(4)]
        for (const value of values) {
          const response = yield* ask(service, post(decryptUrl, body({ value }), token))
          assert.deepStrictEqual(response, { status: 500, headers: {}, body: "" }, value)
        }
      }),
  )

  it("[CRY-154] the decision says why nothing came out", () => {
    assert.strictEqual(evaluateCiphertext(true).outcome, "allow")
    assert.strictEqual(evaluateCiphertext(false).outcome, "deny")
  })

  it.effect("[CRY-155] the first address in the token counts, trimmed and without case", () =>
    Effect.gen(function* () {
      const service = yield* started([
        entry({ AuthorizedEmailAddress: [" ALICE@contoso.com", "bob@contoso.com"] }),
      ])
      const rows: readonly (readonly [Record<string, string>, number, string?])[] = [
        [{ upn: "alice@contoso.com" }, 200],
        [{ email: "  Alice@CONTOSO.com " }, 200],
        [{ email: "mallory@contoso.com", upn: "alice@contoso.com" }, 403],
        [{ upn: "alice@contoso.com", email: "mallory@contoso.com" }, 200],
        [{ upn: "" }, 403],
        [{ unique_name: "alice@contoso.com" }, 400, "The email or upn claim is required"],
        [{}, 400, "The email or upn claim is required"],
      ]
      for (const [claims, status, text] of rows) {
        const token = yield* tokenFor({ claims })
        const response = yield* ask(service, post(decryptUrl, body(), token))
        assert.strictEqual(response.status, status, JSON.stringify(claims))
        if (text !== undefined) assert.strictEqual(json(response.body)["Message"], text)
      }
    }),
  )

  it.effect(
    "[CRY-156] by role: the local directory says of which groups somebody is a direct member",
    () =>
      Effect.gen(function* () {
        const ldapPath = "dc=contoso,dc=com"
        const roles = { AuthorizedRoles: ["Board", "Legal, EMEA"], AuthorizedEmailAddress: [] }
        const service = {
          ...(yield* started([entry(roles)], { RoleAuthorizer: { LDAPPath: ldapPath } })),
          directories: {
            [ldapPath]: [
              { objectSid: "S-1", memberOf: ["CN=Sales,OU=x", "CN=Board,OU=Groups,DC=contoso"] },
              { objectSid: "S-2", memberOf: ["CN=Legal\\, EMEA,OU=Groups"] },
              { objectSid: "S-3", memberOf: ["CN=board,OU=Groups", "OU=Board", "CN=Board of"] },
              { objectSid: "S-4", memberOf: [] },
            ],
          },
        }
        const rows: readonly (readonly [Record<string, string>, number, string?])[] = [
          [{ onprem_sid: "S-1" }, 200],
          [{ onprem_sid: "S-2" }, 200],
          [{ onprem_sid: "S-3" }, 403],
          [{ onprem_sid: "S-4" }, 403],
          [{ onprem_sid: "S-9" }, 400, "User not found"],
          [{ upn: "alice@contoso.com" }, 400, "onprem_sid claim not found"],
        ]
        for (const [claims, status, text] of rows) {
          const token = yield* tokenFor({ claims })
          const response = yield* ask(service, post(decryptUrl, body(), token))
          assert.strictEqual(response.status, status, JSON.stringify(claims))
          if (text !== undefined) assert.strictEqual(json(response.body)["Message"], text)
        }
        const token = yield* tokenFor({ claims: { onprem_sid: "S-1" } })
        const silent = { ...service, directories: {} }
        assert.strictEqual((yield* ask(silent, post(decryptUrl, body(), token))).status, 500)
      }),
  )

  it.effect("[CRY-159] the first entry of a name is handed out, every entry still decrypts", () =>
    Effect.gen(function* () {
      const second = entry({ Id: "2", PrivatePem: privatePem("Secret-2") })
      const service = yield* started([second, entry()])
      const shown = json((yield* ask(service, get(`${host}/Secret`))).body)
      assert.deepInclude(shown["key"], { kid: `${host}/Secret/2` })
      const token = yield* tokenFor()
      const open = (id: string, key: string) =>
        ask(service, post(`${host}/Secret/${id}/decrypt`, body({ value: wrapped(key) }), token))
      assert.strictEqual((yield* open("1", "Secret-1")).status, 200)
      assert.strictEqual((yield* open("2", "Secret-2")).status, 200)
      assert.strictEqual((yield* open("2", "Secret-1")).status, 500)
      const without = yield* started([second])
      const gone = yield* ask(without, post(decryptUrl, body(), token))
      assert.strictEqual(json(gone.body)["Message"], "Key Secret-1 not found")
    }),
  )

  it.effect(
    "[CRY-160] a private key that is no PKCS#1 lets the service start, and fails in use",
    () =>
      Effect.gen(function* () {
        for (const PrivatePem of [privatePem("Secret-1", "pkcs8"), "not a key", ""]) {
          const service = yield* started([entry({ PrivatePem })])
          const token = yield* tokenFor()
          assert.strictEqual((yield* ask(service, get(`${host}/Secret`))).status, 500)
          assert.strictEqual((yield* ask(service, post(decryptUrl, body(), token))).status, 500)
        }
      }),
  )
})
