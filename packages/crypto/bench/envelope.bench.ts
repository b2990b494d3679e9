import { createCipheriv, createDecipheriv } from "node:crypto"
import { seededBytes } from "@twin/kernel"
import { Context, Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { test } from "vitest"
import {
  type CryptoServices,
  issueUseLicence,
  memoryServices,
  openAtRest,
  openEnvelope,
  type PublishingPolicy,
  protectBytes,
  sealAtRest,
} from "../src/index.ts"
import { rsaKeyPairFrom } from "../src/RsaKeyPair.ts"
import { after, composition } from "../test/harness.ts"

/** Four mebibytes: sixty-four chunks. A rate in MB/s is 4.19 times the runs per second. */
const plaintext = seededBytes("bench")(4 * 1024 * 1024)
const key = seededBytes("key")(32)

/** Random bytes of the system: the seeded stream hashes every block and is no part of the question. */
const systemRandom = SecureRandom.make((size) => crypto.getRandomValues(new Uint8Array(size)))

const run = async <A, E>(effect: Effect.Effect<A, E, CryptoServices>) => {
  const { context } = await Effect.runPromise(memoryServices)
  const full = Context.add(context, SecureRandom.SecureRandom, systemRandom)
  return { full, value: await Effect.runPromise(Effect.provideContext(effect, full)) }
}

test("4 MiB through service encryption", async ({ bench }) => {
  const file = { workload: "SharePoint", container: "site", objectId: "o", plaintext } as const
  const start = composition.initial
  const { full, value: events } = await run(sealAtRest(start, file))
  const world = after(start, events)
  let count = 0
  await bench.compare(
    bench("plain node:crypto, encrypt", () => {
      const cipher = createCipheriv("aes-256-gcm", key, seededBytes("iv")(12))
      cipher.update(plaintext)
      cipher.final()
    }),
    bench("plain node:crypto, encrypt and decrypt", () => {
      const iv = seededBytes("iv")(12)
      const cipher = createCipheriv("aes-256-gcm", key, iv)
      const sealed = cipher.update(plaintext)
      cipher.final()
      const decipher = createDecipheriv("aes-256-gcm", key, iv)
      decipher.setAuthTag(cipher.getAuthTag())
      decipher.update(sealed)
      decipher.final()
    }),
    bench("seal a new file", () => {
      count += 1
      const sealing = { ...file, objectId: `new ${count % 4}-${count}` }
      Effect.runSync(Effect.provideContext(sealAtRest(world, sealing), full))
    }),
    bench("open", () => {
      Effect.runSync(Effect.provideContext(openAtRest(world, "o"), full))
    }),
  )
})

test("4 MiB of protected content", async ({ bench }) => {
  const world = composition.initial
  const now = Date.UTC(2026, 8, 1)
  const policy: PublishingPolicy = {
    contentId: "c",
    owner: "alice@contoso.com",
    issuedAt: now,
    grants: [{ who: "nina@fabrikam.com", rights: ["VIEW"] }],
  }
  const protecting = { contentId: "c", plaintext, policy }
  const { full, value } = await run(
    Effect.gen(function* () {
      const { bytes } = yield* protectBytes(world, protecting)
      const wish = { bytes, principal: "nina@fabrikam.com", rights: ["VIEW"] }
      const licence = yield* issueUseLicence(world, { ...wish, validUntil: now + 1, now })
      return { bytes, licence, wish }
    }),
  )
  const { bytes, licence, wish } = value
  await bench.compare(
    bench("plain node:crypto, AES-256-CBC", () => {
      const cipher = createCipheriv("aes-256-cbc", key, seededBytes("iv")(16))
      cipher.update(plaintext)
      cipher.final()
    }),
    bench("protect", () => {
      Effect.runSync(Effect.provideContext(protectBytes(world, protecting), full))
    }),
    bench("issue a use licence", () => {
      const licensing = { ...wish, validUntil: now + 1, now }
      Effect.runSync(Effect.provideContext(issueUseLicence(world, licensing), full))
    }),
    bench("open", () => {
      const opening = { bytes, licence, principal: "nina@fabrikam.com", now }
      Effect.runSync(Effect.provideContext(openEnvelope(world, opening), full))
    }),
  )
})

test("key pairs", async ({ bench }) => {
  let count = 0
  await bench("RSA-2048 from seeded bytes", () => {
    count += 1
    rsaKeyPairFrom(seededBytes(`pair ${count}`))
  }).run()
})
