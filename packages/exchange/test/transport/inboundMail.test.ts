import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { actor, ivan, makeTenant, type Tenant } from "../tenant.ts"

const alice = actor("alice")
const gus = "gus@gmail.com"
const domain = "gmail.com"
const mailTo = (...to: readonly string[]) => ({ to, subject: "Offer", body: "4.2 million" })

const inbound = (it: Tenant, more: object = {}) =>
  it.admin("New-InboundConnector", { Name: "In", SenderDomains: [domain], ...more })
const sending = (it: Tenant, how: object) =>
  it.allow(ivan, "describe-mail-destination", { domain, hosts: [], sending: how })
const outcome = (it: Tenant) =>
  Effect.map(
    it.call(actor(gus), "send-mail", mailTo("alice@contoso.com")),
    ({ decision }) => decision,
  )

describe("mail from other organizations", () => {
  it.effect("[EXO-198] [EXO-200] has to come over TLS where a connector asks for it", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* sending(it, { tls: false })
      assert.strictEqual((yield* outcome(it)).outcome, "allow")
      yield* inbound(it)
      const gate = (yield* outcome(it)).gates.at(-1)
      assert.strictEqual(gate?.name, "inbound-connector")
      assert.strictEqual(gate?.refusal?.message, "451 5.7.3 Must issue a STARTTLS command first.")
      assert.strictEqual((yield* it.mailbox("alice@contoso.com")).length, 1)
      yield* it.admin("Set-InboundConnector", { Identity: "In", RequireTls: false })
      assert.strictEqual((yield* outcome(it)).outcome, "allow")
      yield* it.admin("Set-InboundConnector", { Identity: "In", RequireTls: true })
      yield* sending(it, {})
      assert.strictEqual((yield* outcome(it)).outcome, "allow")
      yield* it.fault("tls-stripped")
      assert.strictEqual((yield* outcome(it)).gates.at(-1)?.name, "inbound-connector")
    }),
  )

  it.effect("[EXO-200] has to show the certificate that a connector names", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* inbound(it, {
        RestrictDomainsToCertificate: true,
        TlsSenderCertificateName: "*.gmail.com",
      })
      const problem = Effect.map(outcome(it), ({ outcome: result, gates }) => {
        const gate = gates.at(-1)
        return result === "allow" ? "" : (gate?.details["certificateProblem"] ?? gate?.verdict)
      })
      assert.strictEqual(yield* problem, "unknown")
      yield* sending(it, {})
      assert.strictEqual(yield* problem, "NoCertificate")
      yield* sending(it, { certificate: { names: ["out.other.example"] } })
      assert.strictEqual(yield* problem, "SubjectMismatch")
      yield* sending(it, { certificate: { names: ["out.gmail.com"], isTrusted: false } })
      assert.strictEqual(yield* problem, "UntrustedRoot")
      yield* sending(it, { certificate: { names: ["out.gmail.com"], expiresInDays: -1 } })
      assert.strictEqual(yield* problem, "Expired")
      yield* sending(it, { certificate: { names: ["out.gmail.com"], isRevoked: true } })
      assert.strictEqual(yield* problem, "Revoked")
      const refused = (yield* outcome(it)).gates.at(-1)
      assert.deepInclude(refused?.refusal, { code: "5.7.51" })
      yield* sending(it, { certificate: { names: ["out.gmail.com"] } })
      assert.strictEqual(yield* problem, "")
    }),
  )

  it.effect("[EXO-200] has to come from an address that a connector lists", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* inbound(it, {
        RestrictDomainsToIPAddresses: true,
        SenderIPAddresses: ["192.0.2.0/25", "198.51.100.7"],
      })
      assert.strictEqual((yield* outcome(it)).outcome, "unknown")
      for (const [ipAddress, result] of [
        ["192.0.2.127", "allow"],
        ["192.0.2.128", "deny"],
        ["198.51.100.7", "allow"],
        ["198.51.100.8", "deny"],
      ] as const) {
        yield* sending(it, { ipAddress })
        assert.strictEqual((yield* outcome(it)).outcome, result, ipAddress)
      }
      yield* it.admin("Remove-InboundConnector", { Identity: "In" })
      assert.strictEqual((yield* outcome(it)).outcome, "allow")
    }),
  )

  it.effect("[EXO-070] an answer in the portal comes in by no connector", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const message = yield* it.send(alice, { ...mailTo(gus), protection: "encrypt-only" })
      yield* sending(it, { tls: false })
      yield* inbound(it)
      const reader = actor(gus, "encrypted-message-portal")
      yield* it.allow(reader, "sign-in-portal", { message })
      yield* it.allow(reader, "reply-message", { message, body: "Yes" })
    }),
  )

  it.effect("[EXO-200] a connector is refused that cannot be met, or is written badly", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const gate = (more: object) =>
        Effect.map(
          it.refuse(ivan, "New-InboundConnector", {
            Name: "In",
            SenderDomains: [domain],
            ...more,
          }),
          ({ name }) => name,
        )
      assert.strictEqual(
        yield* gate({ RestrictDomainsToCertificate: true }),
        "connector-restrictions",
      )
      assert.strictEqual(
        yield* gate({ RestrictDomainsToIPAddresses: true }),
        "connector-restrictions",
      )
      for (const wrong of ["192.0.2.0/23", "192.0.2.0/33", "2001:db8::1", "192.0.2", "x/24"]) {
        assert.strictEqual(
          yield* gate({ SenderIPAddresses: [wrong] }),
          "connector-addresses",
          wrong,
        )
      }
      assert.strictEqual(
        yield* gate({ TlsSenderCertificateName: "a.*.example" }),
        "connector-domains",
      )
      assert.strictEqual(yield* gate({ Name: "x".repeat(65) }), "connector-name")
      yield* inbound(it)
      assert.strictEqual(yield* gate({ Name: "IN" }), "connector-name")
      const unknown = yield* it.refuse(ivan, "Set-InboundConnector", { Identity: "Out" })
      assert.strictEqual(unknown.refusal?.code, "ManagementObjectNotFoundException")
      yield* it.refuse(ivan, "Get-InboundConnector", { Identity: "Out" })
      yield* it.refuse(ivan, "Remove-InboundConnector", { Identity: "Out" })
      const shown = yield* it.admin("Get-InboundConnector", {})
      assert.deepInclude(shown, { Name: "In", RequireTls: true, ConnectorType: "Partner" })
      yield* it.admin("Remove-InboundConnector", { Identity: "In", WhatIf: true })
      yield* it.admin("Get-InboundConnector", { Identity: "in" })
    }),
  )
})
