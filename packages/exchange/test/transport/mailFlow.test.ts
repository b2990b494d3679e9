import { assert, describe, it } from "@effect/vitest"
import { bytesContain } from "@twin/crypto"
import { hours, makeDraw, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { questions } from "../../src/questions.ts"
import { actor, ivan, makeTenant, type Tenant, theMessage } from "../tenant.ts"
import { textOf } from "./harness.ts"

const alice = actor("alice")
const gus = "gus@gmail.com"
const domain = "gmail.com"
const mx = "mx.gmail.com"

const describeHost = (it: Tenant, host: object = {}, more: object = {}) =>
  it.allow(ivan, "describe-mail-destination", { domain, hosts: [{ host: mx, ...host }], ...more })
const forceTls = (it: Tenant, more: object = {}) =>
  it.admin("New-OutboundConnector", {
    Name: "Partner",
    RecipientDomains: [domain],
    TlsSettings: "EncryptionOnly",
    ...more,
  })
const mailTo = (...to: readonly string[]) => ({ to, subject: "Offer", body: "4.2 million" })

const trace = Effect.fnUntraced(function* (it: Tenant, message: string, recipient = gus) {
  const { output } = yield* it.call(ivan, "Get-MessageTraceDetailV2", {
    MessageTraceId: message,
    RecipientAddress: recipient,
  })
  return output.map((row) => `${textOf(row, "Event")} ${textOf(row, "Detail")}`)
})
const status = Effect.fnUntraced(function* (it: Tenant, recipient = gus) {
  const { output } = yield* it.call(ivan, "Get-MessageTraceV2", {})
  return output.find((row) => row["RecipientAddress"] === recipient)?.["Status"]
})
const sent = (it: Tenant, ...to: readonly string[]) =>
  Effect.map(it.call(alice, "send-mail", mailTo(...to)), ({ decision, output }) => ({
    decision,
    row: output[0] ?? {},
    id: textOf(output[0], "id"),
  }))

describe("mail to other organizations", () => {
  it.effect("[EXO-196] takes TLS where there is some, goes in clear without, and says so", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* describeHost(it)
      const first = yield* sent(it, gus)
      assert.strictEqual(first.decision.outcome, "allow")
      assert.include(
        first.decision.gates.map(({ name }) => name),
        "opportunistic-tls",
      )
      assert.match((yield* trace(it, first.id)).at(-1) ?? "", /^SEND mx\.gmail\.com, TLS 1\.2, /)
      yield* describeHost(it, { startTls: false })
      const second = yield* sent(it, gus)
      assert.strictEqual((yield* trace(it, second.id)).at(-1), "SEND mx.gmail.com, in clear")
      assert.strictEqual((yield* it.mailbox(gus)).length, 2)
    }),
  )

  it.effect("[EXO-199] waits while the connector's demand is not met, and leaves once it is", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* describeHost(it, { startTls: false })
      yield* forceTls(it)
      const { decision, id } = yield* sent(it, gus)
      const gate = decision.gates.at(-1)
      assert.deepInclude(gate, { name: "connector-encryption", verdict: "deny", route: mx })
      assert.strictEqual(gate?.refusal?.code, "4.4.317")
      assert.strictEqual(yield* status(it), "Pending")
      assert.strictEqual((yield* it.mailbox(gus)).length, 0)
      yield* it.wait(minutes(15))
      assert.strictEqual((yield* it.mailbox(gus)).length, 0)
      yield* describeHost(it)
      yield* it.wait(minutes(15))
      const [mail] = yield* it.mailbox(gus)
      assert.deepInclude(mail, { from: "alice@contoso.com", subject: "Offer", text: "4.2 million" })
      assert.strictEqual(yield* status(it), "Delivered")
      const defer =
        "DEFER 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]"
      const events = yield* trace(it, id)
      assert.deepStrictEqual(events.slice(0, 3), ["RECEIVE Received", defer, defer])
      assert.match(events[3] ?? "", /^SEND mx\.gmail\.com, TLS 1\.2/)
      yield* it.allow(actor(gus), "open-message", { message: id })
    }),
  )

  it.effect("[EXO-203] comes back after a day with the final code, and not to the recipient", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* describeHost(it, { startTls: false })
      yield* forceTls(it)
      const { id } = yield* sent(it, gus)
      yield* it.wait(hours(23))
      assert.strictEqual(yield* status(it), "Pending")
      yield* it.wait(hours(1))
      assert.strictEqual(yield* status(it), "Failed")
      assert.strictEqual((yield* it.mailbox(gus)).length, 0)
      const report = yield* it.lastMail("alice@contoso.com")
      assert.strictEqual(report.subject, "Undeliverable: Offer")
      assert.include(
        report.text,
        "'550 5.4.317 Message expired, cannot connect to remote server(451 5.7.3 STARTTLS is required to send mail)'",
      )
      assert.include(report.text, gus)
      assert.match((yield* trace(it, id)).at(-1) ?? "", /^FAIL 5\.4\.317 /)
      assert.strictEqual((yield* it.call(ivan, "list-mail-queue", {})).output.length, 0)
      // Somebody who never got it holds nothing.
      assert.strictEqual(
        (yield* it.call(actor(gus), "open-message", { message: id })).decision.outcome,
        "deny",
      )
    }),
  )

  it.effect("[EXO-203] a shorter expiry gives up earlier", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("Set-TransportConfig", { MessageExpiration: "12:00:00" })
      yield* describeHost(it, { startTls: false })
      yield* forceTls(it)
      yield* sent(it, gus)
      yield* it.wait(hours(12))
      assert.strictEqual(yield* status(it), "Failed")
    }),
  )

  it.effect("[EXO-199] answers a bad certificate with 4.7.320, by what the connector asks", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* describeHost(it, { certificate: { isTrusted: false } })
      yield* forceTls(it, { TlsSettings: "CertificateValidation" })
      const refused = (yield* sent(it, gus)).decision.gates.at(-1)
      assert.strictEqual(refused?.name, "connector-certificate")
      assert.strictEqual(
        refused?.refusal?.message,
        "4.7.320 Certificate validation failed [Message=UntrustedRoot]",
      )
      yield* it.admin("Set-OutboundConnector", {
        Identity: "Partner",
        TlsSettings: "DomainValidation",
        TlsDomain: "*.gmail.com",
      })
      yield* describeHost(it, { certificate: { names: ["mail.other.example"] } })
      assert.strictEqual((yield* sent(it, gus)).decision.gates.at(-1)?.name, "connector-domain")
      yield* describeHost(it)
      assert.strictEqual((yield* sent(it, gus)).decision.outcome, "allow")
    }),
  )

  it.effect("[EXO-206] [EXO-218] asks the recipient's own promises: MTA-STS and DANE", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* describeHost(it, { certificate: { isTrusted: false } })
      yield* it.allow(ivan, "publish-mta-sts-policy", {
        domain,
        record: "v=STSv1; id=1;",
        file: `version: STSv1\nmode: enforce\nmx: ${mx}\nmax_age: 604800\n`,
      })
      const sts = (yield* sent(it, gus)).decision.gates.at(-1)
      assert.deepInclude(sts?.refusal, { code: "4.7.5" })
      const tlsa = [`3 1 1 ${"00".repeat(32)}`]
      yield* describeHost(it, { tlsa }, { dnssec: "secure" })
      const dane = (yield* sent(it, gus)).decision.gates.at(-1)
      assert.deepInclude(dane?.refusal, { code: "4.7.323" })
      yield* it.wait(hours(24))
      const texts = (yield* it.mailbox("alice@contoso.com")).map(({ text }) => text).join("\n")
      assert.include(texts, "5.7.323 tlsa-invalid")
    }),
  )

  it.effect("[EXO-135] a rule asks for TLS where no connector does", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* describeHost(it, { startTls: false })
      yield* it.admin("New-TransportRule", {
        Name: "Offers over TLS",
        SubjectContainsWords: ["Offer"],
        RouteMessageOutboundRequireTls: true,
      })
      assert.strictEqual((yield* sent(it, gus)).decision.gates.at(-1)?.name, "connector-encryption")
      yield* describeHost(it)
      yield* it.wait(minutes(15))
      assert.strictEqual(yield* status(it), "Delivered")
      yield* describeHost(it, { startTls: false })
      const plain = { to: [gus], subject: "Lunch", body: "noon" }
      yield* it.allow(alice, "send-mail", plain)
    }),
  )

  it.effect("[EXO-119] one domain that waits holds up nobody else", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* describeHost(it, { startTls: false })
      yield* forceTls(it)
      const { decision, row } = yield* sent(it, gus, "bob@contoso.com", "yara@yahoo.com")
      assert.strictEqual(decision.outcome, "allow")
      assert.include(
        decision.gates.filter(({ verdict }) => verdict === "deny").map(({ name }) => name),
        "connector-encryption",
      )
      assert.strictEqual(decision.gates.at(-1)?.name, "mail-flow")
      assert.strictEqual((row["deliveries"] as unknown[]).length, 2)
      assert.strictEqual((yield* it.mailbox("bob@contoso.com")).length, 1)
      assert.strictEqual((yield* it.mailbox("yara@yahoo.com")).length, 1)
      assert.strictEqual((yield* it.mailbox(gus)).length, 0)
      yield* describeHost(it)
      yield* it.wait(minutes(15))
      assert.strictEqual((yield* it.mailbox(gus)).length, 1)
      assert.strictEqual((yield* it.mailbox("bob@contoso.com")).length, 1)
    }),
  )

  it.effect("[EXO-003] what waits lies sealed, and nothing of it stays when it has gone", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* describeHost(it, { startTls: false })
      yield* forceTls(it)
      const { id } = yield* sent(it, gus)
      const queued = (yield* it.blobs)
        .entries()
        .filter(([name]) => name.includes("queue/") && !name.startsWith("wrapped-keys/"))
      const found = [...queued]
      assert.isAbove(found.length, 0)
      for (const [, bytes] of found) assert.isFalse(bytesContain(bytes, "4.2 million"))
      assert.notInclude(yield* it.journal, "4.2 million")
      yield* describeHost(it)
      yield* it.wait(minutes(15))
      const names = [...(yield* it.blobs).keys()]
      assert.deepStrictEqual(
        names.filter((name) => name.includes("queue/") && !name.startsWith("wrapped-keys/")),
        [],
      )
      assert.include(names, `outside/${gus}/${id}/0`)
    }),
  )

  it.effect("[EXO-064] a wrapper that waited opens in the portal like any other", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* describeHost(it, { startTls: false })
      yield* forceTls(it)
      const mail = { ...mailTo(gus), protection: "encrypt-only" }
      const { output } = yield* it.call(alice, "send-mail", mail)
      const message = output[0]?.["id"]
      const reader = actor(gus, "encrypted-message-portal")
      const early = yield* it.call(reader, "sign-in-portal", { message })
      assert.strictEqual(early.decision.outcome, "deny")
      yield* describeHost(it)
      yield* it.wait(minutes(15))
      yield* it.allow(reader, "sign-in-portal", { message })
      yield* it.allow(reader, "open-message", { message })
      const { link } = yield* it.lastMail(gus)
      yield* it.allow(reader, "open-message", { message: link })
    }),
  )

  it.effect("[CRY-199] between tenants nothing on the way takes TLS away", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.fault("tls-stripped")
      const { decision, id } = yield* sent(it, "nina@fabrikam.com")
      assert.include(
        decision.gates.map(({ name }) => name),
        "inside-the-service",
      )
      const events = yield* trace(it, id, "nina@fabrikam.com")
      assert.match(events.at(-1) ?? "", /protection\.outlook\.com, TLS 1\.2/)
    }),
  )

  it.effect("[EXO-196] takes an undescribed domain for an ordinary server, and says so", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* forceTls(it)
      const ordinary = yield* sent(it, gus)
      assert.strictEqual(ordinary.decision.outcome, "allow")
      assert.include(
        ordinary.decision.gates.map(({ name }) => name),
        "mail-server",
      )
      yield* it.fault("tls-stripped")
      assert.strictEqual((yield* sent(it, gus)).decision.gates.at(-1)?.name, "connector-encryption")
      yield* it.admin("Remove-OutboundConnector", { Identity: "Partner" })
      const { id } = yield* sent(it, gus)
      assert.strictEqual((yield* trace(it, id)).at(-1), "SEND gmail.com, in clear")
      yield* forceTls(it, { TlsSettings: null, SmtpDaneMode: "Mandatory" })
      assert.strictEqual((yield* sent(it, gus)).decision.gates.at(-1)?.name, "dane-required")
    }),
  )

  it.effect("[EXO-203] a domain that nobody uses is not found, and the mail comes back", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const { decision } = yield* sent(it, "x@nowhere.example")
      assert.strictEqual(decision.gates.at(-1)?.refusal?.code, "4.4.312")
      yield* it.wait(hours(24))
      const { text } = yield* it.lastMail("alice@contoso.com")
      assert.include(text, "550 5.4.312 Message expired, DNS query failed")
    }),
  )

  it.effect("[EXO-199] the question asks the same gates as the mail", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const ask = Effect.fnUntraced(function* (who: string, subject: string) {
        const question = questions.find(({ action }) => action === "send-to")
        const [world, now] = [yield* it.world, yield* it.now]
        const call = { world, now, actor: actor(who), draw: makeDraw("question") }
        return question?.ask(call, subject)?.gates.at(-1)?.name
      })
      assert.strictEqual(yield* ask("alice", domain), "opportunistic-tls")
      assert.strictEqual(yield* ask("alice", "fabrikam.com"), "inside-the-service")
      assert.isUndefined(yield* ask("alice", "nowhere.example"))
      assert.isUndefined(yield* ask(gus, domain))
      yield* describeHost(it, { startTls: false })
      yield* forceTls(it)
      assert.strictEqual(yield* ask("alice", domain), "connector-encryption")
      assert.strictEqual((yield* sent(it, gus)).decision.gates.at(-1)?.name, "connector-encryption")
    }),
  )

  it.effect("[EXO-217] tries by its own schedule, and nobody hurries it", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* describeHost(it, { startTls: false })
      yield* forceTls(it)
      const { id } = yield* sent(it, gus)
      const [queued] = (yield* it.call(ivan, "list-mail-queue", {})).output
      assert.strictEqual(queued?.["Message"], id)
      const early = yield* it.refuse(ivan, "try-queued-mail", { id: queued?.["id"] })
      assert.strictEqual(early.name, "queued-mail")
      yield* it.refuse(ivan, "try-queued-mail", { id: "nothing" })
      yield* it.wait(hours(24))
      const hops = theMessage(yield* it.world, id).hops ?? []
      assert.deepStrictEqual(
        hops.map(({ event }) => event),
        [...Array.from({ length: 26 }, () => "DEFER"), "FAIL"],
      )
    }),
  )
})
