import { createCipheriv, createDecipheriv } from "node:crypto"
import { seededBytes } from "@twin/kernel"
import { Context, Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { test } from "vitest"
import { contentMapBlob } from "../src/at-rest/ContentMap.ts"
import {
  BlobStore,
  type CryptoServices,
  memoryServices,
  openAtRest,
  sealAtRest,
} from "../src/index.ts"
import { after, composition } from "../test/harness.ts"

/** Random bytes of the system: the seeded stream hashes every block and is no part of the question. */
const systemRandom = SecureRandom.make((size) => crypto.getRandomValues(new Uint8Array(size)))

const key = seededBytes("key")(32)
const iv = seededBytes("iv")(12)

const sealRaw = (plaintext: Uint8Array) => {
  const cipher = createCipheriv("aes-256-gcm", key, iv)
  const sealed = cipher.update(plaintext)
  cipher.final()
  return { sealed, tag: cipher.getAuthTag() }
}

const openRaw = ({ sealed, tag }: ReturnType<typeof sealRaw>) => {
  const decipher = createDecipheriv("aes-256-gcm", key, iv)
  decipher.setAuthTag(tag)
  const opened = decipher.update(sealed)
  decipher.final()
  return opened
}

/** Content through every level of the hierarchy beside AES-256-GCM alone, in the same run. */
const sizes = [
  ["1 KB", 1024],
  ["1 MB", 1024 ** 2],
  ["64 MB", 64 * 1024 ** 2],
] as const

for (const workload of ["SharePoint", "Exchange"] as const) {
  for (const [name, size] of sizes) {
    test(`${name} through the hierarchy of ${workload}`, async ({ bench }) => {
      const services = await Effect.runPromise(memoryServices)
      const full = Context.add(services.context, SecureRandom.SecureRandom, systemRandom)
      const run = <A, E>(effect: Effect.Effect<A, E, CryptoServices>): A =>
        Effect.runSync(Effect.provideContext(effect, full))
      const plaintext = seededBytes(name)(size)
      const item = { workload, container: "container", objectId: "o", plaintext } as const
      const start = composition.initial
      const world = after(start, run(sealAtRest(start, item)))
      const raw = sealRaw(plaintext)
      let count = 0
      await bench.compare(
        bench("raw AES-256-GCM, encrypt", () => {
          sealRaw(plaintext)
        }),
        bench("seal", () => {
          count += 1
          const objectId = `new ${count % 2}`
          // Otherwise the second save would find that nothing has changed.
          run(Effect.flatMap(BlobStore, (blobs) => blobs.remove(contentMapBlob(objectId))))
          run(sealAtRest(world, { ...item, objectId }))
        }),
        bench("raw AES-256-GCM, decrypt", () => {
          openRaw(raw)
        }),
        bench("open", () => {
          run(openAtRest(world, "o"))
        }),
      )
    })
  }
}
