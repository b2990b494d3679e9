import { createCipheriv, createDecipheriv } from "node:crypto"
import { seededBytes } from "@twin/kernel"
import { Context, Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { afterAll, test } from "vitest"
import { contentMapBlob } from "../src/at-rest/ContentMap.ts"
import { BlobStore, memoryServices, openAtRest, sealAtRest } from "../src/index.ts"
import { after, composition } from "../test/harness.ts"

/** Random bytes of the system: the seeded stream hashes every block and is no part of the question. */
const systemRandom = SecureRandom.make((size) => crypto.getRandomValues(new Uint8Array(size)))

const key = seededBytes("key")(32)

/** Under one key, with a new nonce for each message as GCM demands, from where the hierarchy takes its own. */
const sealRaw = (plaintext: Uint8Array) => {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const cipher = createCipheriv("aes-256-gcm", key, iv)
  const sealed = cipher.update(plaintext)
  cipher.final()
  return { iv, sealed, tag: cipher.getAuthTag() }
}

const openRaw = ({ iv, sealed, tag }: ReturnType<typeof sealRaw>) => {
  const decipher = createDecipheriv("aes-256-gcm", key, iv)
  decipher.setAuthTag(tag)
  const opened = decipher.update(sealed)
  decipher.final()
  return opened
}

/**
 * Content through every level of the hierarchy beside AES-256-GCM alone. The rounds before the first that
 * counts are so many that nothing measured is still being compiled.
 */
const sizes = [
  { name: "1 KB", size: 1024, warmUp: 10, rounds: 100, inner: 100 },
  { name: "1 MB", size: 1024 ** 2, warmUp: 100, rounds: 200, inner: 10 },
  { name: "64 MB", size: 64 * 1024 ** 2, warmUp: 2, rounds: 10, inner: 1 },
] as const

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

/**
 * Milliseconds of one call of each, per round. All take part in every round, in an order that changes,
 * so that a busy machine slows them alike and none always comes after the same other.
 */
const timeRounds = <Name extends string>(
  calls: Readonly<Record<Name, () => unknown>>,
  o: {
    readonly warmUp: number
    readonly rounds: number
    /** Calls in each round. */
    readonly inner: number
    /** Not measured. */
    readonly before: () => void
  },
): Readonly<Record<Name, readonly number[]>> => {
  const names = Object.keys(calls) as Name[]
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]]))
  for (let round = -o.warmUp; round < o.rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      o.before()
      const from = performance.now()
      for (let i = 0; i < o.inner; i++) calls[name]()
      if (round >= 0) times[name]?.push((performance.now() - from) / o.inner)
    }
  }
  return times as Record<Name, number[]>
}

/** The median of what raw encryption takes of the time of the whole way, round by round: 1 is no cost. */
const shareOf = (raw: readonly number[], whole: readonly number[]): number =>
  Math.round(100 * median(raw.map((time, round) => time / (whole[round] ?? Number.NaN)))) / 100

const rows: Readonly<Record<string, string | number>>[] = []

for (const workload of ["SharePoint", "Exchange"] as const) {
  for (const { name, size, warmUp, rounds, inner } of sizes) {
    test(`${name} through the hierarchy of ${workload}`, async ({ bench }) => {
      const services = await Effect.runPromise(memoryServices)
      const run = Effect.runSyncWith(
        Context.add(services.context, SecureRandom.SecureRandom, systemRandom),
      )
      const blobs = run(BlobStore)
      const plaintext = seededBytes(name)(size)
      const item = { workload, container: "container", objectId: "o", plaintext } as const
      const start = composition.initial
      const world = after(start, run(sealAtRest(start, item)))
      const raw = sealRaw(plaintext)
      let count = 0
      const calls = {
        sealRaw: () => {
          sealRaw(plaintext)
        },
        seal: () => {
          count += 1
          run(sealAtRest(world, { ...item, objectId: `new ${count % inner}` }))
        },
        openRaw: () => {
          openRaw(raw)
        },
        open: () => {
          run(openAtRest(world, "o"))
        },
      }
      /** Otherwise the next save would find that nothing has changed. */
      const forget = () => {
        for (let at = 0; at < inner; at++) run(blobs.remove(contentMapBlob(`new ${at}`)))
      }
      const times = timeRounds(calls, { warmUp, rounds, inner, before: forget })
      rows.push({
        workload,
        size: name,
        "raw encrypt, ms": median(times.sealRaw),
        "seal, ms": median(times.seal),
        "raw / seal": shareOf(times.sealRaw, times.seal),
        "raw decrypt, ms": median(times.openRaw),
        "open, ms": median(times.open),
        "raw / open": shareOf(times.openRaw, times.open),
      })
      await bench.compare(
        bench("raw AES-256-GCM, encrypt", calls.sealRaw),
        bench("seal", () => {
          forget()
          calls.seal()
        }),
        bench("raw AES-256-GCM, decrypt", calls.openRaw),
        bench("open", calls.open),
        { iterations: inner * 5, warmupIterations: 1, time: 0, warmupTime: 0 },
      )
    })
  }
}

afterAll(() => {
  console.table(rows)
})
