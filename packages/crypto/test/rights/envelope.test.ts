import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  type CryptoServices,
  isEnvelope,
  issueUseLicence,
  KeyVault,
  keyOf,
  openEnvelope,
  type PublishingPolicy,
  protectBytes,
  readPublishingPolicy,
  type UseLicence,
} from "../../src/index.ts"
import { decryptContent, encryptContent } from "../../src/rights/contentCipher.ts"
import { accountKey, microsoftManagedTenantKey } from "../../src/rights/TenantKey.ts"
import { after, composition, content, withServices } from "../harness.ts"

const now = Date.UTC(2026, 8, 1)
const later = now + 1000
const validUntil = now + 10_000
const world = composition.initial
const policyOf = (contentId: string, issuedAt = now): PublishingPolicy => ({
  contentId,
  owner: "alice@contoso.com",
  issuedAt,
  grants: [{ who: "nina@fabrikam.com", rights: ["VIEW"] }],
  offlineDays: 7,
})
const nina = "nina@fabrikam.com"

const protect = Effect.fnUntraced(function* (plaintext: Uint8Array, contentId = "c1", at = now) {
  return (yield* protectBytes(world, { contentId, plaintext, policy: policyOf(contentId, at) }))
    .bytes
})
const license = (bytes: Uint8Array, principal = nina) =>
  issueUseLicence(world, { bytes, principal, rights: ["VIEW"], validUntil, now })
const open = (bytes: Uint8Array, licence: UseLicence, principal = nina, at = later) =>
  openEnvelope(world, { bytes, licence, principal, now: at })

/** Whether the last blocks of a ciphertext repeat. */
const isRepeating = (bytes: Uint8Array): boolean => {
  const tail = Buffer.from(bytes.subarray(bytes.length - 128))
  return tail.subarray(0, 16).equals(tail.subarray(16, 32))
}

/** Key pairs cost time: several cases share one vault. */
const story = <E>(effect: Effect.Effect<void, E, CryptoServices>) => effect.pipe(withServices())

describe("rights-management envelope", () => {
  it.effect(
    "[CRY-132] [CRY-135] [CRY-136] opens with the licence of its principal, at any size",
    () =>
      story(
        Effect.gen(function* () {
          for (const size of [0, 1, 15, 16, 17, 65_535, 65_536, 200_001]) {
            const bytes = yield* protect(content(size))
            assert.isTrue(isEnvelope(bytes))
            const licence = yield* license(bytes)
            assert.deepStrictEqual(yield* open(bytes, licence), content(size), `${size} bytes`)
          }
          assert.isFalse(isEnvelope(content(100)))
        }),
      ),
  )

  it.effect("[CRY-135] the policy travels with the content and only the service reads it", () =>
    story(
      Effect.gen(function* () {
        const bytes = yield* protect(content(100))
        assert.deepStrictEqual(yield* readPublishingPolicy(world, bytes), policyOf("c1"))
        assert.isFalse(Buffer.from(bytes).includes("nina"))
        assert.isFalse(Buffer.from(bytes).includes("alice"))
        assert.isFalse(Buffer.from(bytes).includes(content(100).subarray(0, 16)))
        const vault = yield* KeyVault
        yield* vault.destroyKey(microsoftManagedTenantKey)
        const error = yield* Effect.flip(readPublishingPolicy(world, bytes))
        assert.strictEqual(error.reason, "tenant-key-missing")
      }),
    ),
  )

  it.effect("[CRY-138] the tenant key is made with the first protection and told as an event", () =>
    story(
      Effect.gen(function* () {
        const first = yield* protectBytes(world, {
          contentId: "c",
          plaintext: content(1),
          policy: policyOf("c"),
        })
        const known = after(world, first.events)
        assert.strictEqual(keyOf(known, microsoftManagedTenantKey)?.kind, "RmsTenantKey")
        const second = yield* protectBytes(known, {
          contentId: "d",
          plaintext: content(1),
          policy: policyOf("d"),
        })
        assert.deepStrictEqual(second.events, [])
      }),
    ),
  )

  it.effect("[CRY-136] no other principal, content or moment, and no edited licence", () =>
    story(
      Effect.gen(function* () {
        const bytes = yield* protect(content(100))
        const other = yield* protect(content(100), "c2")
        const licence = yield* license(bytes)
        const reasonOf = (attempt: ReturnType<typeof open>) =>
          Effect.map(Effect.flip(attempt), ({ _tag, reason }) => `${_tag} ${reason}`)
        assert.strictEqual(
          yield* reasonOf(open(bytes, licence, "oscar@fabrikam.com")),
          "LicenceInvalid other-principal",
        )
        assert.strictEqual(yield* reasonOf(open(other, licence)), "LicenceInvalid other-content")
        assert.strictEqual(
          yield* reasonOf(open(bytes, licence, nina, validUntil + 1)),
          "LicenceInvalid expired",
        )
        assert.strictEqual(
          yield* reasonOf(open(bytes, licence, nina, now - 1)),
          "LicenceInvalid not-yet-valid",
        )
        yield* open(bytes, licence, "Nina@Fabrikam.com", validUntil)
        for (const edit of [
          { rights: ["OWNER"] },
          { validUntil: validUntil + 1 },
          { principal: "oscar@fabrikam.com" },
          { contentId: "c2" },
          { issuedAt: now - 5 },
        ]) {
          assert.strictEqual(
            yield* reasonOf(open(bytes, { ...licence, ...edit })),
            "LicenceInvalid signature",
          )
        }
        const { signature } = licence
        const flipped = {
          ...licence,
          signature: `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
        }
        assert.strictEqual(yield* reasonOf(open(bytes, flipped)), "LicenceInvalid signature")
        const empty = yield* issueUseLicence(world, {
          bytes,
          principal: nina,
          rights: [],
          validUntil,
          now,
        })
        assert.strictEqual(yield* reasonOf(open(bytes, empty)), "LicenceInvalid no-rights")
      }),
    ),
  )

  it.effect("[CRY-136] the licence is worth nothing without the private key of the account", () =>
    story(
      Effect.gen(function* () {
        const bytes = yield* protect(content(100))
        const licence = yield* license(bytes)
        assert.isFalse(JSON.stringify(licence).includes("PRIVATE"))
        const vault = yield* KeyVault
        yield* vault.destroyKey(accountKey(nina))
        const error = yield* Effect.flip(open(bytes, licence))
        assert.strictEqual(error.reason, "key-missing")
      }),
    ),
  )

  it.effect("[CRY-132] [CRY-135] every single byte is guarded", () =>
    story(
      Effect.gen(function* () {
        const bytes = yield* protect(content(40))
        const licence = yield* license(bytes)
        for (let at = 0; at < bytes.length; at++) {
          const changed = bytes.slice()
          changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
          const result = yield* Effect.option(open(changed, licence))
          assert.strictEqual(result._tag, "None", `byte ${at}`)
        }
        for (const cut of [0, 7, 8, 11, 12, 100, bytes.length - 1]) {
          const result = yield* Effect.option(open(bytes.slice(0, cut), licence))
          assert.strictEqual(result._tag, "None", `cut at ${cut}`)
        }
        const longer = new Uint8Array([...bytes, 0])
        assert.strictEqual((yield* Effect.option(open(longer, licence)))._tag, "None")
      }),
    ),
  )

  it.effect("protected content of two documents cannot be spliced", () =>
    story(
      Effect.gen(function* () {
        const one = yield* protect(content(48))
        const two = yield* protect(content(48, "two"))
        const licence = yield* license(one)
        // Same content id, licence part of one, content part of the other.
        const spliced = new Uint8Array([
          ...one.slice(0, one.length - 96),
          ...two.slice(two.length - 96),
        ])
        assert.strictEqual((yield* Effect.option(open(spliced, licence)))._tag, "None")
        const other = yield* license(two)
        assert.strictEqual((yield* Effect.flip(open(one, other)))._tag, "EnvelopeInvalid")
      }),
    ),
  )

  it("[CRY-135] one content key under two licences still serves only its own", () => {
    const lock = {
      cipher: "AES-256-CBC",
      contentKey: content(32, "key"),
      licenceBytes: Buffer.from("one"),
    } as const
    const encrypted = encryptContent(lock, content(100), content(16, "iv"))
    assert.strictEqual(decryptContent(lock, encrypted)._tag, "Some")
    const other = { ...lock, licenceBytes: Buffer.from("two") }
    assert.strictEqual(decryptContent(other, encrypted)._tag, "None")
  })

  it.effect(
    "[CRY-133] Office content was AES-128-ECB before October 2023, and is AES-256-CBC since",
    () =>
      story(
        Effect.gen(function* () {
          // Sixteen equal blocks: ECB repeats itself, CBC does not.
          const repeated = new Uint8Array(256).fill(7)
          const old = yield* protect(repeated, "old", Date.UTC(2023, 8, 30))
          const recent = yield* protect(repeated, "recent", Date.UTC(2023, 9, 1))
          assert.isTrue(isRepeating(old))
          assert.isFalse(isRepeating(recent))
          assert.deepStrictEqual(yield* open(old, yield* license(old)), repeated)
          const pdf = yield* protectBytes(world, {
            contentId: "pdf",
            plaintext: repeated,
            policy: policyOf("pdf", Date.UTC(2020, 0, 1)),
            kind: "other",
          })
          assert.isFalse(isRepeating(pdf.bytes))
        }),
      ),
  )

  it.effect("what was never protected is refused, whatever it looks like", () =>
    story(
      Effect.gen(function* () {
        for (const bytes of [
          new Uint8Array(0),
          Buffer.from("TWINRMS1"),
          Buffer.from("TWINRMS1\u0000\u0000\u0000\u0002{}"),
          Buffer.concat([Buffer.from("TWINRMS1"), Buffer.alloc(600, 255)]),
          content(1000),
        ]) {
          const error = yield* Effect.flip(readPublishingPolicy(world, bytes))
          assert.strictEqual(error.reason, "not-protected")
        }
      }),
    ),
  )

  it.effect("[CRY-132] the same seed protects to the same bytes", () =>
    Effect.gen(function* () {
      const [one, two, three] = [
        yield* withServices("a")(protect(content(10))),
        yield* withServices("a")(protect(content(10))),
        yield* withServices("b")(protect(content(10))),
      ]
      assert.deepStrictEqual(one, two)
      assert.notDeepEqual(one, three)
    }),
  )

  it.effect("[CRY-135] [CRY-136] no damage of any kind ever opens", () =>
    story(
      Effect.gen(function* () {
        const bytes = yield* protect(content(2000))
        const licence = yield* license(bytes)
        for (let round = 0; round < 300; round++) {
          const noise = content(12, `damage ${round}`)
          const place = Buffer.from(noise).readUInt32BE(0) % bytes.length
          const length = 1 + ((noise[4] ?? 0) % 8)
          const changed = bytes.slice()
          changed.set(noise.subarray(4, 4 + Math.min(length, bytes.length - place)), place)
          const isSame = Buffer.from(changed).equals(bytes)
          const result = yield* Effect.option(open(changed, licence))
          assert.strictEqual(result._tag === "Some", isSame, `round ${round}`)
        }
      }),
    ),
  )
})
