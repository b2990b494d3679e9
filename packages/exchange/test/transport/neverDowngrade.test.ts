import { assert, describe, it } from "@effect/vitest"
import { type CryptoEvent, outboundTlsOf } from "@twin/crypto"
import { days, hours, type OperationFailure, type OutputObject } from "@twin/kernel"
import { Arbitrary, Effect, Schema } from "effect"
import { heidi, ivan, startTwin, type Twin } from "./harness.ts"

const domain = "fabrikam.com"
const mx = "mail.fabrikam.com"

/** What an attacker does, what the owner does badly, and time. None of it withdraws the promise. */
const Step = Schema.Literals([
  "forge-dns",
  "dns-is-honest",
  "strip-tls",
  "tls-is-back",
  "untrusted-certificate",
  "expired-certificate",
  "other-name",
  "no-starttls",
  "own-server",
  "an-hour",
  "three-days",
  "send",
])
type Step = typeof Step.Type
const histories = Arbitrary.array(Arbitrary.schema(Step), { maxLength: 14 })

const servers: Readonly<Partial<Record<Step, object>>> = {
  "untrusted-certificate": { certificate: { isTrusted: false } },
  "expired-certificate": { certificate: { expiresInDays: -1 } },
  "other-name": { certificate: { names: ["mail.attacker.example"] } },
  "no-starttls": { startTls: false },
  "own-server": {},
}

const faults: Readonly<Partial<Record<Step, readonly [string, boolean]>>> = {
  "forge-dns": ["dns-spoofed", true],
  "dns-is-honest": ["dns-spoofed", false],
  "strip-tls": ["tls-stripped", true],
  "tls-is-back": ["tls-stripped", false],
}

const send = (it: Twin) => it.call(heidi, "send-over-smtp", { domain })

/** Every way on which the mail could leave now, sent at once or from the queue. */
const wayOut = Effect.fnUntraced(function* (it: Twin) {
  const world = yield* it.world
  const { decision, tls, host } = outboundTlsOf(world, { domain, now: yield* it.now })
  return { isSent: decision.outcome === "allow", hasTls: tls !== undefined, host }
})

/** Whether the server as it is keeps the promise. */
const isHonest = (server: Step): boolean => server === "own-server"

interface Story {
  /** The server as the promise wants it, with its records. */
  readonly describe: (
    it: Twin,
    host: object,
  ) => Effect.Effect<readonly OutputObject[], OperationFailure>
  /** Longest wait: a remembered policy counts only for its age, a record as long as it stands. */
  readonly step: number
}

/** Plays a history; whenever something leaves, it left for the real server, over TLS, as promised. */
const play = Effect.fnUntraced(function* (
  it: Twin,
  steps: readonly Step[],
  { describe: set, step: wait }: Story,
) {
  let server: Step = "own-server"
  const on = new Set<string>()
  for (const [index, step] of steps.entries()) {
    const fault = faults[step]
    const host = servers[step]
    if (fault !== undefined) {
      const [name, isOn] = fault
      yield* it.allow(ivan, "switch-fault", { fault: name, on: isOn })
      if (isOn) on.add(name)
      else on.delete(name)
    } else if (host !== undefined) {
      server = step
      yield* set(it, host)
    } else if (step === "send") yield* send(it)
    else {
      const before = (yield* it.world).crypto.transport.queue.length
      const records = yield* it.advance(step === "an-hour" ? hours(1) : wait)
      const left = records.filter(({ operation }) => operation === "mail-sent-after-retry").length
      assert.isAtMost(left, before)
      const isSafe = on.size === 0 && isHonest(server)
      if (!isSafe)
        assert.strictEqual(left, 0, `the queue gave in: ${steps.slice(0, index + 1).join()}`)
    }
    const told = steps.slice(0, index + 1).join()
    const { isSent, hasTls, host: to } = yield* wayOut(it)
    assert.strictEqual(isSent, on.size === 0 && isHonest(server), told)
    if (isSent) assert.deepStrictEqual({ hasTls, to }, { hasTls: true, to: mx }, told)
  }
})

describe("never downgraded", () => {
  it.effect.prop(
    "[CRY-203] [EXO-212] a remembered policy of MTA-STS holds against every order of attacks and retries",
    [histories],
    ([steps]) =>
      Effect.gen(function* () {
        const it = yield* startTwin("sts property")
        const set = (twin: Twin, host: object) =>
          twin.allow(ivan, "describe-mail-destination", { domain, hosts: [{ host: mx, ...host }] })
        yield* set(it, {})
        yield* it.allow(ivan, "publish-mta-sts-policy", {
          domain,
          record: "v=STSv1; id=1;",
          // Older than any history: what happens after its age is the next test.
          file: `version: STSv1\nmode: enforce\nmx: ${mx}\nmax_age: 31557600\n`,
        })
        yield* send(it)
        yield* play(it, steps, { describe: set, step: days(3) })
      }),
    { arbitrary: { runs: 60 } },
  )

  it.effect.prop(
    "[CRY-204] [EXO-222] an authentic record of DANE holds against every order of attacks and retries",
    [histories],
    ([steps]) =>
      Effect.gen(function* () {
        const it = yield* startTwin("dane property")
        const publish = Effect.fnUntraced(function* (twin: Twin, host: object) {
          const hosts = [{ host: mx, tlsa: [{ usage: 3, selector: 0, matching: 1 }], ...host }]
          const rows = yield* twin.allow(ivan, "describe-mail-destination", {
            domain,
            dnssec: "secure",
            hosts,
          })
          // The record stays that of the real certificate, whatever certificate the server shows.
          if (records.length === 0) records.push(...(rows[0]?.["Tlsa"] as string[]))
          yield* twin.allow(ivan, "publish-tlsa-records", { domain, host: mx, records })
          return rows
        })
        const records: string[] = []
        yield* publish(it, {})
        const pinned = (yield* it.world).crypto.transport.destinations[domain]
        assert.isDefined(pinned)
        const own: CryptoEvent = { _tag: "MailDestinationDescribed", destination: pinned }
        // The real server comes back with the certificate that it had.
        const set = (twin: Twin, host: object) =>
          Object.keys(host).length === 0
            ? Effect.as(twin.establish("own server", [own]), [])
            : publish(twin, host)
        yield* play(it, steps, { describe: set, step: days(3) })
      }),
    { arbitrary: { runs: 60 } },
  )

  it.effect.prop(
    "[CRY-203] a sender forgets when the age is over, and at no other moment",
    [Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 200 })))],
    ([after]) =>
      Effect.gen(function* () {
        const it = yield* startTwin("sts age")
        const maxAge = 100
        yield* it.allow(ivan, "describe-mail-destination", { domain, hosts: [{ host: mx }] })
        yield* it.allow(ivan, "publish-mta-sts-policy", {
          domain,
          record: "v=STSv1; id=1;",
          file: `version: STSv1\nmode: enforce\nmx: ${mx}\nmax_age: ${maxAge * 3600}\n`,
        })
        yield* send(it)
        yield* it.allow(ivan, "switch-fault", { fault: "dns-spoofed", on: true })
        yield* it.advance(hours(after))
        const { isSent, host } = yield* wayOut(it)
        // First use is where MTA-STS is blind: nothing remembered, nothing to hold on to.
        assert.strictEqual(isSent, after >= maxAge, `${after} hours`)
        if (isSent) assert.notStrictEqual(host, mx)
      }),
    { arbitrary: { runs: 40 } },
  )
})
