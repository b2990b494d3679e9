import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import {
  encryptionPreferences,
  signingPreferences,
  smimeCiphers,
  smimeHashes,
} from "../../src/smime/SmimeAlgorithm.ts"
import type { SmimeConfig } from "../../src/smime/SmimeConfig.ts"
import { heidi, ivan, judy, mallory, startTwin, type Twin, textOf } from "../harness.ts"

const text = "The launch date is 14 May."
const prepared = Effect.fnUntraced(function* (seed: string) {
  const it = yield* startTwin(seed)
  for (const who of [ivan, judy, heidi]) {
    yield* it.allow(who, "enroll-smime-certificate", {})
    yield* it.allow(heidi, "synchronize-smime-certificate", { address: who.id })
  }
  return it
})
const set = (it: Twin, changes: Partial<SmimeConfig>) =>
  it.establish("settings of S/MIME", [{ _tag: "SmimeConfigChanged", changes }])
const send = (it: Twin, params: object = {}) =>
  Effect.map(
    it.allow(ivan, "send-smime-message", {
      to: [judy.id],
      text,
      sign: true,
      encrypt: true,
      ...params,
    }),
    (rows) => rows[0] ?? {},
  )
const refused = (it: Twin, params: object = {}) =>
  Effect.map(
    it.refuse(ivan, "send-smime-message", {
      to: [judy.id],
      text,
      sign: true,
      encrypt: true,
      ...params,
    }),
    ({ name }) => name,
  )

const ciphersOf = (setting: string) =>
  encryptionPreferences(setting).choices.map(({ name, keyBits }) => `${name}/${keyBits}`)

describe("S/MIME", () => {
  it.effect(
    "[CRY-205] opens with the recipient's own key, and for nobody else, not even the service",
    () =>
      Effect.gen(function* () {
        const it = yield* prepared("own keys")
        const message = textOf(yield* send(it), "message")
        const [read] = yield* it.allow(judy, "open-smime-message", { message })
        assert.deepInclude(read, {
          Text: text,
          Layers: ["encrypted", "signed"],
          Cipher: "AES256",
          Hash: "sha1",
        })
        assert.strictEqual(
          (yield* it.refuse(mallory, "open-smime-message", { message })).name,
          "smime-private-key",
        )
        assert.strictEqual(
          (yield* it.refuse(heidi, "open-smime-message", { message })).name,
          "smime-private-key",
        )
        const scan = yield* it.call(heidi, "scan-smime-message", { message, contains: "14 May" })
        assert.strictEqual(scan.decision.outcome, "deny")
        assert.strictEqual(scan.output[0]?.["Found"], false)
        const clear = textOf(yield* send(it, { encrypt: false }), "message")
        const [seen] = yield* it.allow(heidi, "scan-smime-message", {
          message: clear,
          contains: "14 May",
        })
        assert.strictEqual(seen?.["Found"], true)
        const changed = yield* it.refuse(judy, "open-smime-message", {
          message: clear,
          isTampered: true,
        })
        // The changed byte lies in the signature, or in the certificate beside it.
        assert.include(["smime-signature", "smime-trust"], changed.name)
        const long = textOf(yield* send(it, { encrypt: false, text: text.repeat(400) }), "message")
        // In the middle of a long message lies its text.
        assert.strictEqual(
          (yield* it.refuse(judy, "open-smime-message", { message: long, isTampered: true })).name,
          "smime-signature",
        )
        assert.strictEqual(
          (yield* it.refuse(judy, "open-smime-message", { message: "none" })).name,
          "message",
        )
      }),
  )

  it.effect(
    "[CRY-205] needs the certificate that synchronization brought, in time and from whom it says",
    () =>
      Effect.gen(function* () {
        const it = yield* startTwin("sync")
        assert.strictEqual(yield* refused(it), "signing-certificate")
        const early = yield* it.refuse(heidi, "synchronize-smime-certificate", { address: ivan.id })
        assert.strictEqual(early.name, "smime-certificate")
        yield* it.allow(ivan, "enroll-smime-certificate", { isTrusted: false })
        assert.strictEqual(yield* refused(it), "recipient-certificates")
        yield* it.allow(judy, "enroll-smime-certificate", {})
        assert.strictEqual(yield* refused(it), "recipient-certificates")
        yield* it.allow(heidi, "synchronize-smime-certificate", { address: judy.id })
        const message = textOf(yield* send(it), "message")
        assert.strictEqual(
          (yield* it.refuse(judy, "open-smime-message", { message })).name,
          "smime-trust",
        )
        const { smime } = (yield* it.world).crypto
        const pems =
          smime.certificates[ivan.id]?.certificate.split(/(?<=-----END CERTIFICATE-----\n)/) ?? []
        const issuingAuthorities = [pems[1] ?? ""]
        const trusted = { _tag: "SmimeConfigChanged", changes: {}, issuingAuthorities } as const
        yield* it.establish("an authority of the organization", [trusted])
        yield* it.allow(judy, "open-smime-message", { message })
        yield* it.allow(ivan, "enroll-smime-certificate", { address: "other@contoso.com" })
        const foreign = textOf(yield* send(it), "message")
        assert.strictEqual(
          (yield* it.refuse(judy, "open-smime-message", { message: foreign })).details[
            "trustProblem"
          ],
          "OtherAddress",
        )
        yield* it.advance(days(400))
        assert.strictEqual(yield* refused(it), "signing-certificate")
      }),
  )

  it.effect(
    "[CRY-206] [EXO-195] encrypts and signs as the organization prefers, with what the client has",
    () =>
      Effect.gen(function* () {
        const it = yield* prepared("algorithms")
        assert.deepStrictEqual(
          smimeCiphers.map(({ id, name }) => [id, name]),
          [
            ["6610", "AES256"],
            ["660F", "AES192"],
            ["660E", "AES128"],
            ["6603", "3DES"],
            ["6602", "RC2"],
            ["6601", "DES"],
          ],
        )
        for (const { id, name } of smimeCiphers) {
          yield* set(it, { OWAEncryptionAlgorithms: id })
          if (name === "RC2") assert.strictEqual(yield* refused(it), "encryption-algorithm")
          else {
            const message = textOf(yield* send(it), "message")
            assert.strictEqual(
              (yield* it.allow(judy, "open-smime-message", { message }))[0]?.["Cipher"],
              name,
            )
          }
        }
        assert.deepStrictEqual(
          smimeHashes.map(({ id, name }) => [id, name]),
          [
            ["8004", "SHA1"],
            ["800C", "SHA256"],
            ["800D", "SHA384"],
            ["800E", "SHA512"],
            ["8003", "MD5"],
          ],
        )
        for (const { id, name } of smimeHashes) {
          yield* set(it, { OWASigningAlgorithms: id, OWAEncryptionAlgorithms: "6610" })
          const message = textOf(yield* send(it), "message")
          assert.strictEqual(
            (yield* it.allow(judy, "open-smime-message", { message }))[0]?.["Hash"],
            name.toLowerCase(),
          )
        }
        assert.strictEqual(yield* refused(it, { clientCiphers: ["3DES"] }), "encryption-algorithm")
        assert.strictEqual(yield* refused(it, { clientHashes: ["SHA1"] }), "signing-algorithm")
        yield* set(it, { OWAEncryptionAlgorithms: "6610;6603" })
        assert.strictEqual((yield* send(it, { clientCiphers: ["3DES"] }))["Cipher"], "3DES")
      }),
  )

  it("[CRY-206] reads lists of algorithms, and takes the default for a malformed one", () => {
    assert.deepStrictEqual(ciphersOf("6603;6602:128;6602:64;6601;6602:56"), [
      "3DES/168",
      "RC2/128",
      "RC2/64",
      "DES/56",
      "RC2/56",
    ])
    assert.deepStrictEqual(ciphersOf("6603,1.2.3.4"), ["3DES/168"])
    for (const wrong of ["", "AES256", "6610,", "6602:41", "6610:256", "6610;;6603", "9999"]) {
      assert.deepStrictEqual(ciphersOf(wrong), ["AES256/256"], wrong)
      assert.isFalse(encryptionPreferences(wrong).isWellFormed)
    }
    assert.deepStrictEqual(
      signingPreferences("800E;8004;8003").choices.map(({ name }) => name),
      ["SHA512", "SHA1", "MD5"],
    )
    assert.deepStrictEqual(
      signingPreferences("1234").choices.map(({ name }) => name),
      ["SHA1"],
    )
  })

  it.effect(
    "[CRY-207] forks Bcc copies, wraps three times, and asks for lists and smart cards",
    () =>
      Effect.gen(function* () {
        const it = yield* prepared("switches")
        const bcc = { bcc: [ivan.id, heidi.id] }
        for (const [forking, copies] of [
          [0, 3],
          [1, 2],
          [2, 1],
        ] as const) {
          yield* set(it, { OWABCCEncryptedEmailForking: forking })
          const sent = yield* send(it, bcc)
          assert.strictEqual(sent["Copies"], copies)
          yield* it.allow(heidi, "open-smime-message", { message: sent["message"] })
        }
        yield* set(it, { OWATripleWrapSignedEncryptedMail: true })
        const message = textOf(yield* send(it), "message")
        assert.deepStrictEqual(
          (yield* it.allow(judy, "open-smime-message", { message }))[0]?.["Layers"],
          ["signed", "encrypted", "signed"],
        )
        yield* set(it, { OWATripleWrapSignedEncryptedMail: false, OWAClearSign: false })
        const opaque = textOf(yield* send(it, { encrypt: false }), "message")
        assert.strictEqual(
          (yield* it.allow(judy, "open-smime-message", { message: opaque }))[0]?.["Text"],
          text,
        )
        yield* send(it, { isRevocationListReachable: false })
        yield* set(it, { OWACheckCRLOnSend: true })
        assert.strictEqual(
          yield* refused(it, { isRevocationListReachable: false }),
          "revocation-list",
        )
        yield* set(it, { OWADisableCRLCheck: true })
        yield* send(it, { isRevocationListReachable: false })
        yield* set(it, { OWAOnlyUseSmartCard: true })
        assert.strictEqual(yield* refused(it), "smart-card")
        yield* send(it, { hasSmartCard: true })
      }),
  )
})
