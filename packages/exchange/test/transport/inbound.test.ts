import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { heidi, ivan, mallory, startTwin } from "./harness.ts"

describe("two directions", () => {
  it.effect("[CRY-201] [EXO-198] need two connectors: one forces its own direction only", () =>
    Effect.gen(function* () {
      const it = yield* startTwin("directions")
      const domain = "fabrikam.com"
      const hosts = [{ host: "mail.fabrikam.com", startTls: false }]
      yield* it.allow(ivan, "describe-mail-destination", { domain, hosts })
      const outbound = { Name: "Out", RecipientDomains: [domain], TlsSettings: "EncryptionOnly" }
      yield* it.allow(heidi, "New-OutboundConnector", outbound)
      yield* it.refuse(heidi, "send-over-smtp", { domain })
      yield* it.allow(ivan, "receive-over-smtp", { domain, hasTls: false })
      const inbound = { Name: "In", SenderDomains: [domain] }
      assert.strictEqual((yield* it.refuse(mallory, "New-InboundConnector", inbound)).name, "role")
      yield* it.allow(heidi, "New-InboundConnector", inbound)
      const found = yield* it.refuse(ivan, "receive-over-smtp", { domain, hasTls: false })
      assert.strictEqual(found.name, "inbound-connector")
      yield* it.allow(ivan, "receive-over-smtp", { domain, hasTls: true })
      yield* it.allow(ivan, "receive-over-smtp", { domain: "tailspin.com", hasTls: false })
      assert.strictEqual(
        (yield* it.refuse(heidi, "New-InboundConnector", inbound)).name,
        "connector-name",
      )
      const wrong = { Name: "B", SenderDomains: ["a.*.example"] }
      yield* it.refuse(heidi, "New-InboundConnector", wrong)
    }),
  )
})
