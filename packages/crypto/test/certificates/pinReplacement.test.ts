import { assert, describe, it } from "@effect/vitest"
import { days, hours, instant, isoOf } from "@twin/kernel"
import { Effect, Schema } from "effect"
import {
  type RevocationDeadline,
  revocationDeadlines,
  revokedBy,
} from "../../src/certificates/revocationDeadline.ts"
import { evaluatePinReplacement } from "../../src/decisions/evaluatePinReplacement.ts"
import { mallory, startTwin } from "../harness.ts"

const now = instant("2026-09-01")
const some = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 400 }))
const outcome = (sinceKnown: number, toReplace: number, deadline: RevocationDeadline) =>
  evaluatePinReplacement({
    isListed: true,
    knownSince: now - hours(sinceKnown),
    now,
    replacementMillis: hours(toReplace),
    deadline,
  }).outcome

describe("a pin on an authority that has to be revoked", () => {
  it.each([
    ["24 hours", hours(24)],
    ["7 days", days(7)],
  ] as const)("[CRY-194] the rules leave %s", (deadline, millis) => {
    assert.strictEqual(revokedBy(now, deadline) - now, millis)
    const count = millis / hours(1)
    assert.strictEqual(outcome(0, count, deadline), "allow")
    assert.strictEqual(outcome(0, count + 1, deadline), "deny")
    assert.strictEqual(outcome(count, 0, deadline), "allow")
    assert.strictEqual(outcome(count, 1, deadline), "deny")
    assert.strictEqual(outcome(count + 1, 0, deadline), "deny")
  })

  it.effect.prop(
    "[CRY-194] a pin lives exactly if knowing and replacing together fit into the notice",
    [some, some],
    ([sinceKnown, toReplace]) =>
      Effect.sync(() => {
        for (const deadline of ["24 hours", "7 days"] as const) {
          const fits = hours(sinceKnown + toReplace) <= revocationDeadlines[deadline]
          assert.strictEqual(outcome(sinceKnown, toReplace, deadline), fits ? "allow" : "deny")
        }
      }),
  )

  it.effect("[CRY-194] counts on the shorter notice, by the clock, and a second pin saves it", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("pins")
      const authority = "Microsoft Azure RSA TLS Issuing CA 03"
      const check = (more: object) => ({ authority, hoursToReplace: 48, ...more })
      const name = "check-pin-replacement"
      assert.strictEqual((yield* twin.refuse(mallory, name, check({}))).name, "pin-replaceable")
      const [week] = yield* twin.allow(mallory, name, check({ deadline: "7 days" }))
      assert.deepInclude(week, { Deadline: "7 days", HoursLeft: 168 })
      const due = isoOf((yield* twin.now) + days(7))
      assert.strictEqual(week?.["RevokedBy"], due)
      yield* twin.advance(days(3))
      const later = check({ deadline: "7 days", hoursSinceKnown: 72 })
      const [rest] = yield* twin.allow(mallory, name, later)
      assert.deepInclude(rest, { RevokedBy: due, HoursLeft: 96 })
      yield* twin.allow(mallory, name, check({ hasSecondPin: true }))
      const unknown = { ...check({}), authority: "Nobody's CA", hasSecondPin: true }
      assert.strictEqual((yield* twin.refuse(mallory, name, unknown)).name, "pinned-authority")
      const entrust = check({ authority: "DigiCert SHA2 Secure Server CA", hoursToReplace: 1 })
      yield* twin.allow(mallory, name, { ...entrust, list: "Government" })
      for (const hoursToReplace of [-1, Number.NaN, 1e9]) {
        const odd = yield* Effect.exit(twin.call(mallory, name, check({ hoursToReplace })))
        assert.strictEqual(odd._tag, "Failure")
      }
    }),
  )
})
