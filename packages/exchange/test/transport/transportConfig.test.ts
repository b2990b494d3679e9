import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { heidi, mallory, startTwin } from "./harness.ts"

describe("settings", () => {
  it.effect("[CRY-185] opens the legacy endpoint by cmdlet, and for that endpoint only", () =>
    Effect.gen(function* () {
      const it = yield* startTwin("legacy")
      const old = { offers: { versions: ["TLS 1.0"] } }
      const legacy = { endpoint: "smtp-legacy.office365.com", ...old }
      assert.strictEqual(
        (yield* it.refuse(heidi, "connect-with-tls", legacy)).refusal?.code,
        "421 4.7.66",
      )
      assert.strictEqual(
        (yield* it.refuse(mallory, "Set-TransportConfig", { AllowLegacyTLSClients: true })).name,
        "role",
      )
      const [before] = yield* it.allow(heidi, "Get-TransportConfig", {})
      assert.strictEqual(before?.["AllowLegacyTLSClients"], null)
      yield* it.allow(heidi, "Set-TransportConfig", { AllowLegacyTLSClients: true })
      assert.strictEqual(
        (yield* it.allow(heidi, "connect-with-tls", legacy))[0]?.["TlsVersion"],
        "TLS 1.0",
      )
      yield* it.refuse(heidi, "connect-with-tls", { ...legacy, endpoint: "smtp.office365.com" })
      yield* it.refuse(heidi, "connect-with-tls", { ...legacy, cloud: "GCC" })
      const expiry = (value: string) =>
        it.refuse(heidi, "Set-TransportConfig", { MessageExpiration: value })
      assert.strictEqual((yield* expiry("11:59:59")).name, "message-expiration")
      assert.strictEqual((yield* expiry("soon")).name, "message-expiration")
      yield* it.allow(heidi, "Set-TransportConfig", { MessageExpiration: "12:00:00" })
    }),
  )
})
