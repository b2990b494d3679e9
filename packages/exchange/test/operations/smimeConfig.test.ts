import { assert, describe, it } from "@effect/vitest"
import { certificateFrom, serializedStoreOf } from "@twin/crypto"
import { Effect, Result } from "effect"
import { heidi, ivan, mallory, startTwin } from "../transport/harness.ts"

describe("settings of S/MIME", () => {
  it.effect("[CRY-207] [EXO-195] has the published defaults", () =>
    Effect.gen(function* () {
      const it = yield* startTwin("defaults")
      const [config] = yield* it.allow(heidi, "Get-SmimeConfig", {})
      assert.deepInclude(config, {
        OWAEncryptionAlgorithms: "6610",
        OWASigningAlgorithms: "8004",
        OWAClearSign: true,
        OWATripleWrapSignedEncryptedMail: false,
        OWACheckCRLOnSend: false,
        OWADisableCRLCheck: false,
        OWABCCEncryptedEmailForking: 0,
        NoSignOnReply: true,
        OWAAlwaysEncrypt: false,
        OWAAlwaysSign: false,
        OWACRLConnectionTimeout: 60_000,
        OWACRLRetrievalTimeout: 10_000,
      })
      assert.strictEqual(
        (yield* it.refuse(mallory, "Set-SmimeConfig", { OWAAlwaysSign: true })).name,
        "role",
      )
      yield* it.allow(heidi, "Set-SmimeConfig", { OWAAlwaysSign: true })
      assert.strictEqual(
        (yield* it.allow(heidi, "Get-SmimeConfig", {}))[0]?.["OWAAlwaysSign"],
        true,
      )
    }),
  )

  it.effect(
    "[CRY-207] refuses a certificate store with an expired certificate, and changes nothing",
    () =>
      Effect.gen(function* () {
        const it = yield* startTwin("store")
        yield* it.allow(ivan, "enroll-smime-certificate", { expiresInDays: -1 })
        const { smime } = (yield* it.world).crypto
        const { der } = Result.getOrThrow(
          certificateFrom(smime.certificates[ivan.id]?.certificate ?? ""),
        )
        const store = [...serializedStoreOf([der])]
        const gate = (bytes: readonly number[]) =>
          it.refuse(heidi, "Set-SmimeConfig", {
            SMIMECertificateIssuingCA: bytes,
            OWAAlwaysSign: true,
          })
        assert.strictEqual((yield* gate(store)).refusal?.code, "CertificateExpired")
        assert.strictEqual(
          (yield* gate(store.slice(0, 100))).refusal?.code,
          "InvalidCertificateStore",
        )
        assert.strictEqual((yield* gate([1, 2, 3])).refusal?.code, "InvalidCertificateStore")
        assert.strictEqual(
          (yield* it.allow(heidi, "Get-SmimeConfig", {}))[0]?.["OWAAlwaysSign"],
          false,
        )
      }),
  )
})
