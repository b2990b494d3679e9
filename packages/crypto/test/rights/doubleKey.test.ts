import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  issueUseLicence,
  KeyVault,
  openEnvelope,
  type PublishingPolicy,
  protectBytes,
  readPublishingPolicy,
  resealEnvelope,
} from "../../src/index.ts"
import { doubleKeyId } from "../../src/rights/doubleKey.ts"
import { composition, content, withServices } from "../harness.ts"

const world = composition.initial
const now = Date.UTC(2026, 8, 1)
const url = "https://dke.contoso.com/Secret"
const policy: PublishingPolicy = {
  contentId: "c",
  owner: "alice@contoso.com",
  issuedAt: now,
  grants: [{ who: "alice@contoso.com", rights: ["OWNER"] }],
  doubleKeyUrl: url,
}
const principal = "alice@contoso.com"
const protect = (doubleKeyUrl = url) =>
  protectBytes(world, {
    contentId: "c",
    plaintext: content(5000),
    policy: { ...policy, doubleKeyUrl },
  })
const licensed = (bytes: Uint8Array) =>
  issueUseLicence(world, { bytes, principal, rights: ["OWNER"], validUntil: now + 1, now })

describe("double key encryption", () => {
  it.effect("[CRY-145] [CRY-146] opens only with both keys", () =>
    Effect.gen(function* () {
      const { bytes } = yield* protect()
      const licence = yield* licensed(bytes)
      const attempt = { bytes, licence, principal, now }
      assert.deepStrictEqual(yield* openEnvelope(world, attempt), content(5000))
      const withheld = yield* Effect.flip(
        openEnvelope(world, { ...attempt, isDoubleKeyWithheld: true }),
      )
      assert.strictEqual(withheld.reason, "double-key")
    }).pipe(withServices()),
  )

  it.effect(
    "[CRY-145] [CRY-169] without the customer's key nobody reads, whatever RMS hands over",
    () =>
      Effect.gen(function* () {
        const { bytes } = yield* protect()
        const licence = yield* licensed(bytes)
        const vault = yield* KeyVault
        yield* vault.destroyKey(doubleKeyId(url))
        const error = yield* Effect.flip(openEnvelope(world, { bytes, licence, principal, now }))
        assert.strictEqual(error.reason, "double-key")
        // The service still knows who may do what: that needs its own key alone.
        assert.strictEqual((yield* readPublishingPolicy(world, bytes)).owner, principal)
      }).pipe(withServices()),
  )

  it.effect("[CRY-151] key names know case: another name is another key", () =>
    Effect.gen(function* () {
      const { bytes } = yield* protect()
      yield* protect(url.toLowerCase())
      const licence = yield* licensed(bytes)
      const vault = yield* KeyVault
      yield* vault.destroyKey(doubleKeyId(url.toLowerCase()))
      yield* openEnvelope(world, { bytes, licence, principal, now })
    }).pipe(withServices()),
  )

  it.effect("[CRY-135] [CRY-145] an edit keeps policy, content key and both locks", () =>
    Effect.gen(function* () {
      const { bytes } = yield* protect()
      const licence = yield* licensed(bytes)
      const attempt = { bytes, licence, principal, now }
      const edited = yield* resealEnvelope(world, { ...attempt, plaintext: content(99, "edited") })
      const again = { ...attempt, bytes: edited }
      assert.deepStrictEqual(yield* openEnvelope(world, again), content(99, "edited"))
      assert.deepStrictEqual(yield* openEnvelope(world, attempt), content(5000))
      assert.deepStrictEqual(yield* readPublishingPolicy(world, edited), policy)
      const late = { ...attempt, now: now + 2, plaintext: content(1) }
      assert.strictEqual((yield* Effect.flip(resealEnvelope(world, late))).reason, "expired")
      const withheld = { ...attempt, isDoubleKeyWithheld: true, plaintext: content(1) }
      assert.strictEqual((yield* Effect.flip(resealEnvelope(world, withheld))).reason, "double-key")
    }).pipe(withServices()),
  )
})
