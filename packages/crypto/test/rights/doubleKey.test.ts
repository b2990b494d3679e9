import { assert, describe, it } from "@effect/vitest"
import { makeDraw } from "@twin/kernel"
import { Effect } from "effect"
import {
  type CryptoWorld,
  issueAccessToken,
  issueUseLicence,
  openEnvelope,
  type PublishingPolicy,
  protectBytes,
  readPublishingPolicy,
  resealEnvelope,
  setUpKey,
  unlockUseLicence,
} from "../../src/index.ts"
import { decodeEnvelope } from "../../src/rights/Envelope.ts"
import { after, composition, content, withServices } from "../harness.ts"

const now = Date.UTC(2026, 8, 1)
const origin = "https://dke.contoso.com"
const url = `${origin}/Secret`
const tenantId = "11111111-2222-4333-8444-555555555555"
const principal = "alice@contoso.com"
const policy: PublishingPolicy = {
  contentId: "c",
  owner: principal,
  issuedAt: now,
  grants: [{ who: principal, rights: ["OWNER"] }],
  doubleKeyUrl: url,
}
/** The world in which Alice may use the key. */
const deployed = Effect.gen(function* () {
  const authorization = { _tag: "Email", addresses: [principal] } as const
  const wish = { url, authorization, tenantIds: [tenantId], isRunning: true, now }
  return after(composition.initial, yield* setUpKey(composition.initial, makeDraw("dke"), wish))
})
const protect = (world: CryptoWorld, at = now) =>
  protectBytes(world, { contentId: "c", plaintext: content(5000), policy, now: at })
const tokenOf = (address = principal) =>
  issueAccessToken({ tenantId, address, audience: origin, now })
const licensed = (world: CryptoWorld, bytes: Uint8Array) =>
  issueUseLicence(world, { bytes, principal, rights: ["OWNER"], validUntil: now + 1, now })

describe("double key encryption", () => {
  it.effect("[CRY-145] [CRY-146] opens only with both keys, one after the other", () =>
    Effect.gen(function* () {
      const world = yield* deployed
      const { bytes } = yield* protect(world)
      const licence = yield* licensed(world, bytes)
      const attempt = { bytes, licence, principal, now }
      const early = yield* Effect.flip(openEnvelope(world, attempt))
      assert.strictEqual(early._tag === "LicenceInvalid" ? early.reason : "", "double-key")
      const token = yield* tokenOf()
      const unlocked = yield* unlockUseLicence(world, { ...attempt, token })
      const opened = yield* openEnvelope(world, { ...attempt, licence: unlocked })
      assert.deepStrictEqual(opened, content(5000))
      const kid = `${url}/${world.crypto.doubleKey.services[origin]?.keys[0]?.id}`
      const envelope = decodeEnvelope(bytes)
      assert.strictEqual(envelope._tag === "Some" && envelope.value.licence.doubleKey?.kid, kid)
    }).pipe(withServices()),
  )

  it.effect(
    "[CRY-145] [CRY-169] without the customer's key nobody reads, whatever RMS hands over",
    () =>
      Effect.gen(function* () {
        const world = yield* deployed
        const { bytes } = yield* protect(world)
        const licence = yield* licensed(world, bytes)
        const id = world.crypto.doubleKey.services[origin]?.keys[0]?.id ?? ""
        const without = after(world, [
          { _tag: "KeyServiceKeyRemoved", origin, name: "Secret", id, at: now },
        ])
        const attempt = { bytes, licence, principal, now, token: yield* tokenOf() }
        const error = yield* Effect.flip(unlockUseLicence(without, attempt))
        assert.strictEqual(error._tag === "DoubleKeyRefused" && error.status, 400)
        // What Microsoft can make: a licence of its own with all rights, and no more.
        assert.isTrue((yield* Effect.exit(openEnvelope(without, attempt)))._tag === "Failure")
        // The service still knows who may do what: that needs its own key alone.
        assert.strictEqual((yield* readPublishingPolicy(without, bytes)).owner, principal)
      }).pipe(withServices()),
  )

  it.effect(
    "[CRY-168] an unreachable service lets nothing be protected or opened, unless cached",
    () =>
      Effect.gen(function* () {
        const world = yield* deployed
        const { bytes } = yield* protect(world)
        const licence = yield* licensed(world, bytes)
        const attempt = { bytes, licence, principal, now, token: yield* tokenOf() }
        const unlocked = yield* unlockUseLicence(world, attempt)
        const stop = { _tag: "KeyServiceChanged", origin, isRunning: false, at: now } as const
        const silent = after(world, [stop])
        assert.strictEqual(
          (yield* Effect.flip(unlockUseLicence(silent, attempt)))._tag,
          "KeyServiceUnreachable",
        )
        assert.strictEqual((yield* Effect.flip(protect(silent)))._tag, "KeyServiceUnreachable")
        // A licence that the device keeps asks nobody while it is valid.
        yield* openEnvelope(silent, { ...attempt, licence: unlocked })
        const late = { ...attempt, licence: unlocked, now: now + 2 }
        assert.strictEqual((yield* Effect.exit(openEnvelope(silent, late)))._tag, "Failure")
      }).pipe(withServices()),
  )

  it.effect(
    "[CRY-149] [CRY-168] a public key with days of cache protects offline until they are over",
    () =>
      Effect.gen(function* () {
        const day = 86_400_000
        const bare = yield* deployed
        const service = bare.crypto.doubleKey.services[origin]
        if (service === undefined) return assert.fail("no service")
        const keys = service.keys.map((key) => ({ ...key, cacheExpirationInDays: 2 }))
        const set = { _tag: "KeyServiceDeployed", service: { ...service, keys }, at: now } as const
        const world = after(bare, [set])
        const first = yield* protect(world)
        const stop = { _tag: "KeyServiceChanged", origin, isRunning: false, at: now } as const
        const offline = after(world, [...first.events, stop])
        yield* protect(offline, now + 2 * day - 1)
        const over = yield* Effect.flip(protect(offline, now + 2 * day))
        assert.strictEqual(over._tag, "KeyServiceUnreachable")
        // Without days nothing was kept.
        const uncached = yield* protect(bare)
        assert.isFalse(uncached.events.some(({ _tag }) => _tag === "PublicKeyCached"))
      }).pipe(withServices()),
  )

  it.effect("[CRY-147] the service gets a wrapped key and neither content nor content key", () =>
    Effect.gen(function* () {
      const world = yield* deployed
      const sizes = new Set<number>()
      for (const size of [0, 100, 100_000]) {
        const sealed = yield* protectBytes(world, {
          contentId: "c",
          plaintext: content(size),
          policy,
        })
        const envelope = decodeEnvelope(sealed.bytes)
        if (envelope._tag === "None") return assert.fail("no envelope")
        const { box = "" } = envelope.value.licence.doubleKey ?? {}
        sizes.add(Buffer.from(box, "base64").length)
      }
      // Nonce, tag and one RSA block, however long the content is.
      assert.deepStrictEqual([...sizes], [12 + 256 + 16])
    }).pipe(withServices()),
  )

  it.effect("[CRY-135] [CRY-145] an edit keeps policy, content key and both locks", () =>
    Effect.gen(function* () {
      const world = yield* deployed
      const { bytes } = yield* protect(world)
      const first = { bytes, licence: yield* licensed(world, bytes), principal, now }
      const licence = yield* unlockUseLicence(world, { ...first, token: yield* tokenOf() })
      const attempt = { ...first, licence }
      const edited = yield* resealEnvelope(world, { ...attempt, plaintext: content(99, "edited") })
      const again = { ...attempt, bytes: edited }
      assert.deepStrictEqual(yield* openEnvelope(world, again), content(99, "edited"))
      assert.deepStrictEqual(yield* openEnvelope(world, attempt), content(5000))
      assert.deepStrictEqual(yield* readPublishingPolicy(world, edited), policy)
      const locked = { ...first, plaintext: content(1) }
      assert.strictEqual((yield* Effect.exit(resealEnvelope(world, locked)))._tag, "Failure")
    }).pipe(withServices()),
  )
})
