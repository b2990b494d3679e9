import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { seededBytes } from "@twin/kernel"
import { Arbitrary, Effect, Result, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import { type Certificate, certificateFrom } from "../../src/certificates/Certificate.ts"
import { issueCertificate } from "../../src/certificates/issueCertificate.ts"
import { pemOf } from "../../src/certificates/simulatedAuthority.ts"
import { evaluateCertificateChain } from "../../src/decisions/evaluateCertificateChain.ts"
import { rsaKeyPairFrom } from "../../src/RsaKeyPair.ts"
import { envelopMessage, openMessage } from "../../src/smime/envelopedMessage.ts"
import { smimeHashes } from "../../src/smime/SmimeAlgorithm.ts"
import { signMessage, verifyMessage } from "../../src/smime/signedMessage.ts"

const at = Date.UTC(2026, 8, 1)
const year = 365 * 86_400_000
const withBytes = <A, E>(effect: Effect.Effect<A, E, SecureRandom.SecureRandom>, seed = "cms") =>
  Effect.provideService(effect, SecureRandom.SecureRandom, SecureRandom.make(seededBytes(seed)))

const root = rsaKeyPairFrom(seededBytes("root"))
const alice = rsaKeyPairFrom(seededBytes("alice"))
const bob = rsaKeyPairFrom(seededBytes("bob"))
const content = new TextEncoder().encode("The launch date is 14 May.\r\n")

let rootDer: Uint8Array
let own: { readonly alice: Certificate; readonly bob: Certificate }
const times = { notBefore: at - year, notAfter: at + 20 * year }
const read = (der: Uint8Array | string) => Result.getOrThrow(certificateFrom(der))
const issue = (wish: Parameters<typeof issueCertificate>[0]) =>
  Effect.runPromise(withBytes(issueCertificate(wish), wish.commonName))

beforeAll(async () => {
  rootDer = await issue({
    commonName: "Root",
    subject: root.publicKey,
    selfKey: root.privateKey,
    isAuthority: true,
    ...times,
  })
  const issuer = { certificate: rootDer, key: root.privateKey }
  const person = (name: string, subject: typeof root.publicKey) =>
    issue({
      commonName: name,
      addresses: [`${name}@contoso.com`],
      hosts: [`${name}.contoso.com`],
      subject,
      issuer,
      ...times,
    })
  own = {
    alice: read(await person("alice", alice.publicKey)),
    bob: read(await person("bob", bob.publicKey)),
  }
})

const signed = (
  more: {
    readonly hash?: "SHA1" | "SHA256" | "SHA384" | "SHA512" | "MD5"
    readonly isDetached?: boolean
  } = {},
) =>
  signMessage({
    content,
    certificate: own.alice,
    key: alice.privateKey,
    hash: "SHA256",
    isDetached: false,
    at,
    ...more,
  })
const toBob = {
  get certificate() {
    return own.bob
  },
  key: bob.privateKey,
}

/** OpenSSL has to be there: without it nothing says that others can read what this package writes. */
const openssl = (...args: readonly string[]) => {
  const run = spawnSync("openssl", args, { encoding: "buffer" })
  assert.isUndefined(run.error, "the command openssl is needed to prove that messages interoperate")
  return run
}
const folder = mkdtempSync(path.join(tmpdir(), "cms-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const put = (name: string, data: Uint8Array | string) => {
  const file = path.join(folder, name)
  writeFileSync(file, data)
  return file
}
const pem = (key: typeof alice.privateKey) => key.export({ type: "pkcs8", format: "pem" })

describe("messages of OpenSSL and ours", () => {
  it.live.each(smimeHashes.map(({ name }) => name))(
    "[CRY-206] [CRY-208] OpenSSL verifies what we sign with %s",
    (hash) =>
      Effect.gen(function* () {
        for (const isDetached of [false, true]) {
          const file = put("ours.p7", yield* signed({ hash, isDetached }))
          const ca = put("root.pem", pemOf(rootDer))
          const beside = isDetached ? ["-content", put("content", content)] : []
          const run = openssl(
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-in",
            file,
            "-CAfile",
            ca,
            "-purpose",
            "any",
            ...beside,
          )
          assert.strictEqual(run.status, 0, run.stderr.toString())
          assert.deepStrictEqual(Uint8Array.from(run.stdout), content)
        }
      }),
  )

  it.live.each(["AES256", "AES192", "AES128", "3DES"] as const)(
    "[CRY-206] [CRY-208] OpenSSL opens what we encrypt with %s",
    (cipher) =>
      Effect.gen(function* () {
        for (const usesKeyIdentifier of [false, true]) {
          const cms = yield* withBytes(
            envelopMessage({
              content,
              recipients: [own.alice, own.bob],
              cipher,
              usesKeyIdentifier,
            }),
          )
          const cert = put("bob.pem", pemOf(own.bob.der))
          const run = openssl(
            "cms",
            "-decrypt",
            "-binary",
            "-inform",
            "DER",
            "-in",
            put("ours.p7", cms),
            "-recip",
            cert,
            "-inkey",
            put("bob.key", pem(bob.privateKey)),
          )
          assert.strictEqual(run.status, 0, run.stderr.toString())
          assert.deepStrictEqual(Uint8Array.from(run.stdout), content)
        }
      }),
  )

  it.live("[CRY-208] we verify and open what OpenSSL makes", () =>
    Effect.gen(function* () {
      const [cert, key] = [
        put("alice.pem", pemOf(own.alice.der)),
        put("alice.key", pem(alice.privateKey)),
      ]
      const text = put("content", content)
      const out = path.join(folder, "theirs.p7")
      for (const extra of [["-nodetach"], [], ["-nodetach", "-noattr"]]) {
        const made = openssl(
          "cms",
          "-sign",
          "-binary",
          "-outform",
          "DER",
          "-md",
          "sha256",
          "-in",
          text,
          "-signer",
          cert,
          "-inkey",
          key,
          "-out",
          out,
          ...extra,
        )
        assert.strictEqual(made.status, 0, made.stderr.toString())
        const bytes = Uint8Array.from(readFileSync(out))
        const verified = yield* verifyMessage(bytes, content)
        assert.deepStrictEqual(verified.content, content)
        assert.strictEqual(verified.signer.x509.fingerprint, own.alice.x509.fingerprint)
      }
      for (const [name, cipher] of [
        ["AES256", "-aes256"],
        ["AES128", "-aes128"],
        ["3DES", "-des3"],
      ] as const) {
        for (const extra of [[], ["-keyid"]]) {
          const made = openssl(
            "cms",
            "-encrypt",
            "-binary",
            "-outform",
            "DER",
            cipher,
            "-in",
            text,
            "-out",
            out,
            ...extra,
            put("bob.pem", pemOf(own.bob.der)),
          )
          assert.strictEqual(made.status, 0, made.stderr.toString())
          const opened = yield* openMessage(Uint8Array.from(readFileSync(out)), toBob)
          assert.deepStrictEqual(Uint8Array.from(opened.content), content)
          assert.strictEqual(opened.cipher, name)
        }
      }
    }),
  )
})

describe("what must not pass", () => {
  it.effect("[CRY-205] opens for recipients alone, and RC2 not at all", () =>
    Effect.gen(function* () {
      const cms = yield* withBytes(
        envelopMessage({ content, recipients: [own.bob], cipher: "DES" }),
      )
      assert.deepStrictEqual(Uint8Array.from((yield* openMessage(cms, toBob)).content), content)
      const other = yield* Effect.flip(
        openMessage(cms, { certificate: own.alice, key: alice.privateKey }),
      )
      assert.strictEqual(other.reason, "not-a-recipient")
      const stolen = yield* Effect.result(
        openMessage(cms, { certificate: own.bob, key: alice.privateKey }),
      )
      assert.isTrue(
        Result.isFailure(stolen) || Buffer.compare(stolen.success.content, content) !== 0,
      )
      const rc2 = yield* Effect.flip(
        withBytes(envelopMessage({ content, recipients: [own.bob], cipher: "RC2" })),
      )
      assert.strictEqual(rc2.reason, "algorithm")
    }),
  )

  const place = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 0.999 }))
  it.effect.prop(
    "[CRY-208] a signed message with a changed byte never shows other content as signed",
    [place, Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 255 }))],
    ([where, change]) =>
      Effect.gen(function* () {
        const cms = Uint8Array.from(yield* signed())
        const index = Math.floor(where * cms.length)
        cms[index] = (cms[index] ?? 0) ^ change
        const result = yield* Effect.result(verifyMessage(cms))
        if (Result.isFailure(result)) assert.strictEqual(result.failure._tag, "SmimeUnusable")
        else assert.deepStrictEqual(result.success.content, content)
        assert.isTrue(
          Result.isFailure(
            yield* Effect.result(verifyMessage(yield* signed({ isDetached: true }), cms)),
          ),
        )
      }),
  )

  const bytes = Arbitrary.array(
    Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))),
    { maxLength: 300 },
  )
  it.effect.prop("[CRY-208] random bytes are one typed error", [bytes], ([given]) =>
    Effect.gen(function* () {
      const cms = Uint8Array.from(given)
      assert.strictEqual((yield* Effect.flip(verifyMessage(cms)))._tag, "SmimeUnusable")
      assert.strictEqual((yield* Effect.flip(openMessage(cms, toBob)))._tag, "SmimeUnusable")
    }),
  )

  it.effect(
    "[CRY-180] [CRY-192] [CRY-201] judges real chains: signature, hash, trust, time, name, revocation",
    () =>
      Effect.gen(function* () {
        const issuer = { certificate: rootDer, key: root.privateKey }
        const wish = {
          commonName: "mail",
          hosts: ["mail.contoso.com"],
          subject: bob.publicKey,
          issuer,
          ...times,
        }
        const gate = (chain: readonly Uint8Array[], more: object = {}) => {
          const decision = Result.getOrThrow(
            evaluateCertificateChain({ chain, trustedRoots: [rootDer], now: at, ...more }),
          )
          return decision.outcome === "allow" ? "allow" : decision.gates.at(-1)?.name
        }
        const leaf = own.alice.der
        const weak = yield* withBytes(issueCertificate({ ...wish, hash: "sha1" }))
        const weakRoot = yield* withBytes(
          issueCertificate({
            commonName: "Old",
            subject: root.publicKey,
            selfKey: root.privateKey,
            isAuthority: true,
            hash: "sha1",
            ...times,
          }),
        )
        const below = yield* withBytes(
          issueCertificate({ ...wish, issuer: { certificate: weakRoot, key: root.privateKey } }),
        )
        const forged = yield* withBytes(
          issueCertificate({ ...wish, issuer: { certificate: leaf, key: alice.privateKey } }),
        )
        assert.strictEqual(gate([leaf]), "allow")
        assert.strictEqual(gate([leaf, rootDer], { host: "alice.contoso.com" }), "allow")
        assert.strictEqual(gate([weak]), "signature-hash")
        assert.strictEqual(gate([below], { trustedRoots: [weakRoot] }), "allow")
        assert.strictEqual(gate([own.bob.der, own.alice.der, rootDer]), "certificate-signatures")
        assert.strictEqual(gate([forged, leaf, rootDer]), "certificate-signatures")
        assert.strictEqual(gate([leaf, rootDer], { trustedRoots: [] }), "certificate-trust")
        assert.strictEqual(gate([leaf], { now: at + 21 * year }), "certificate-expiry")
        assert.strictEqual(gate([leaf], { now: at - 2 * year }), "certificate-expiry")
        assert.strictEqual(gate([leaf], { host: "bob.contoso.com" }), "certificate-name")
        assert.strictEqual(
          gate([leaf], { revoked: [own.alice.x509.serialNumber] }),
          "certificate-revocation",
        )
        assert.strictEqual(gate([]), "certificate-signatures")
      }),
  )
})
