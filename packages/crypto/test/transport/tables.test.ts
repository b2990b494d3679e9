import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { mallory, startTwin } from "../harness.ts"

describe("what the actions show", () => {
  it.effect(
    "[CRY-174] [CRY-176] [CRY-190] [CRY-195] policies, days, authorities and hosts come from the tables",
    () =>
      Effect.gen(function* () {
        const it = yield* startTwin("tables")
        const suites = yield* it.allow(mallory, "show-tls-policy", {})
        assert.strictEqual(suites.length, 8)
        assert.deepInclude(suites[6], {
          Order: 7,
          Name: "TLS_RSA_WITH_AES_256_GCM_SHA384",
          KeyExchange: "RSA/112",
          ForwardSecrecy: false,
          OlderTls: "disabled",
        })
        const days = yield* it.allow(mallory, "show-tls-timeline", {})
        const clouds = days.filter((row) => row["Cloud"] !== undefined)
        assert.deepStrictEqual(
          clouds.map((row) => [row["Cloud"], row["Disabled"], row["Status"]]),
          [
            ["GCCHigh", "2020-01-15", "disabled"],
            ["DoD", "2020-01-15", "disabled"],
            ["Worldwide", "2020-10-15", "disabled"],
            ["GCC", "2020-10-15", "disabled"],
            ["21Vianet", "2023-06-30", "disabled"],
          ],
        )
        const search = (params: object) => it.allow(mallory, "find-certificate-authority", params)
        assert.deepStrictEqual(yield* search({ name: "Baltimore" }), [])
        const [gone] = yield* search({ name: "Baltimore", includesRemoved: true })
        assert.strictEqual(gone?.["Removed"], "2024-10-08")
        const former = yield* search({ name: "L1K", includesRemoved: true })
        assert.strictEqual(former[0]?.["Removed"], "2025-09-05")
        const twins = yield* search({ name: "Azure RSA TLS Issuing CA 03" })
        assert.deepStrictEqual(
          twins.map((row) => row["CrossSigned"]),
          [true, false],
        )
        assert.strictEqual((yield* it.allow(mallory, "list-revocation-hosts", {})).length, 12)
        const strange = yield* it.call(mallory, "connect-with-tls", { endpoint: "www.example" })
        assert.strictEqual(strange.decision.outcome, "unknown")
        const [old] = yield* it.allow(mallory, "connect-with-tls", {
          endpoint: "contoso.sharepoint.com",
        })
        assert.deepInclude(old, {
          Service: "SharePointOnline",
          TlsVersion: "TLS 1.2",
          KeyExchange: "ECDH/192",
        })
      }),
  )
})
