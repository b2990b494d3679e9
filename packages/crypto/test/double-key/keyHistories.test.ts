import { assert, describe, it } from "@effect/vitest"
import { days, hours, minutes } from "@twin/kernel"
import { Arbitrary, Effect, Schema } from "effect"
import {
  issueAccessToken,
  issuerOf,
  issueUseLicence,
  openEnvelope,
  protectBytes,
  unlockUseLicence,
} from "../../src/index.ts"
import { content, ivan, mallory, startTwin, type Twin, textOf } from "../harness.ts"
import { host, tenantId } from "./keyService.ts"

const url = `${host}/Secret`
const tokenMillis = hours(1)
/** Five minutes by which clocks may differ: the default of the framework. */
const skewMillis = minutes(5)

const Step = Schema.Literals([
  "protect",
  "sign-in",
  "roll",
  "add-behind",
  "remove-oldest",
  "remove-active",
  "allow",
  "forbid",
  "distrust",
  "trust",
  "stop",
  "start",
  "a-few-minutes",
  "last-second-of-the-token",
  "end-of-the-token",
  "an-hour",
  "a-day",
])
type Step = typeof Step.Type
const histories = Arbitrary.array(Arbitrary.schema(Step), { minLength: 6, maxLength: 18 })

/** What a person who keeps the books by hand would know; nothing of it is asked of the twin. */
interface Books {
  /** Versions in the service, the active one first. */
  versions: string[]
  /** Version that Mallory's device keeps, and until when. */
  cached: { readonly version: string; readonly until: number } | undefined
  signedInAt: number
  isListed: boolean
  isTrusted: boolean
  isRunning: boolean
}

interface Kept {
  readonly bytes: Uint8Array
  readonly contentId: string
  readonly version: string
}

const cacheDays = 1

const waits: Readonly<Partial<Record<Step, number>>> = {
  "a-few-minutes": minutes(7),
  "an-hour": hours(1),
  "a-day": days(1),
}

const start = Effect.fnUntraced(function* (seed: string) {
  const twin = yield* startTwin(seed)
  yield* twin.allow(ivan, "deploy-double-key-service", {
    address: host,
    validIssuers: [issuerOf(tenantId)],
  })
  yield* addKey(twin, "v0", true)
  return twin
})

const addKey = (twin: Twin, id: string, active: boolean) =>
  twin.call(ivan, "add-double-key", {
    url,
    id,
    active,
    AuthorizedEmailAddress: [mallory.id],
    CacheExpirationInDays: cacheDays,
  })

/** Protects as Mallory; undefined where the public key cannot be had. */
const protect = Effect.fnUntraced(function* (twin: Twin, contentId: string) {
  const issuedAt = yield* twin.now
  const policy = { contentId, owner: mallory.id, issuedAt, grants: [], doubleKeyUrl: url }
  const made = yield* Effect.option(
    twin.run((world) => protectBytes(world, { contentId, plaintext: content(40), policy })),
  )
  if (made._tag === "None") return undefined
  yield* twin.establish("protect", made.value.events)
  return made.value.bytes
})

/** Really opens: a licence from the service, the inner lock by the customer's service, the bytes. */
const opens = Effect.fnUntraced(function* (twin: Twin, bytes: Uint8Array, token: string) {
  const now = yield* twin.now
  const asked = { bytes, principal: mallory.id, now }
  const opened = yield* Effect.exit(
    twin.run((world) =>
      Effect.gen(function* () {
        const wish = { ...asked, rights: ["VIEW"], validUntil: now }
        const licence = yield* issueUseLicence(world, wish)
        const unlocked = yield* unlockUseLicence(world, { ...asked, licence, token })
        return yield* openEnvelope(world, { ...asked, licence: unlocked })
      }),
    ),
  )
  return opened._tag === "Success"
})

const signIn = (twin: Twin) =>
  Effect.flatMap(twin.now, (now) =>
    twin.run(() => issueAccessToken({ tenantId, address: mallory.id, audience: host, now })),
  )

/** One step in the twin and in the books, in the same words. */
const turn = Effect.fnUntraced(function* (twin: Twin, step: Step, index: number, books: Books) {
  const set = (params: object) =>
    twin.call(ivan, "set-double-key-service", { address: host, ...params })
  const id = `v${index + 1}`
  switch (step) {
    case "roll":
      books.versions = [id, ...books.versions]
      // A new entry brings its own list; the others keep theirs.
      yield* addKey(twin, id, true)
      yield* people(twin, books.isListed)
      return
    case "add-behind":
      books.versions = [...books.versions, id]
      yield* addKey(twin, id, false)
      yield* people(twin, books.isListed)
      return
    case "remove-oldest":
    case "remove-active": {
      const gone = step === "remove-active" ? books.versions[0] : books.versions.at(-1)
      if (gone === undefined) return
      books.versions = books.versions.filter((it) => it !== gone)
      yield* twin.allow(ivan, "remove-double-key", { url, id: gone })
      return
    }
    case "allow":
    case "forbid":
      books.isListed = step === "allow"
      yield* people(twin, books.isListed)
      return
    case "trust":
    case "distrust":
      books.isTrusted = step === "trust"
      yield* set({ validIssuers: [issuerOf(books.isTrusted ? tenantId : "other")] })
      return
    case "stop":
    case "start":
      books.isRunning = step === "start"
      yield* set({ running: books.isRunning })
      return
    case "last-second-of-the-token":
    case "end-of-the-token": {
      const end = books.signedInAt + tokenMillis + skewMillis
      const until = step === "end-of-the-token" ? end : end - 1000
      yield* twin.advance(Math.max(0, until - (yield* twin.now)))
      return
    }
    default:
      yield* twin.advance(waits[step] ?? 0)
  }
})

const people = (twin: Twin, isListed: boolean) =>
  twin.call(ivan, "authorize-double-key", {
    url,
    AuthorizedEmailAddress: [isListed ? mallory.id : ivan.id],
  })

describe("random histories of a key service", () => {
  it.effect.prop(
    "[CRY-145] [CRY-149] [CRY-159] [CRY-161] [CRY-168] every content opens exactly when the books say so",
    [histories],
    ([steps]) =>
      Effect.gen(function* () {
        const twin = yield* start("key histories")
        const books: Books = {
          versions: ["v0"],
          cached: undefined,
          signedInAt: yield* twin.now,
          isListed: true,
          isTrusted: true,
          isRunning: true,
        }
        let token = yield* signIn(twin)
        const kept: Kept[] = []
        for (const [index, step] of (["protect", ...steps] as const).entries()) {
          const told = ["protect", ...steps].slice(0, index + 1).join()
          const now = yield* twin.now
          if (step === "sign-in") {
            token = yield* signIn(twin)
            books.signedInAt = now
          } else if (step === "protect") {
            const { cached } = books
            const isCached = cached !== undefined && now < cached.until
            const [active] = books.isRunning ? books.versions : []
            const version = isCached ? cached.version : active
            const bytes = yield* protect(twin, `c${index}`)
            assert.strictEqual(bytes !== undefined, version !== undefined, told)
            if (bytes === undefined || version === undefined) continue
            if (!isCached) books.cached = { version, until: now + days(cacheDays) }
            kept.push({ bytes, contentId: `c${index}`, version })
          } else yield* turn(twin, step, index, books)
          const at = yield* twin.now
          const isSignedIn = at < books.signedInAt + tokenMillis + skewMillis
          const isServed = books.isListed && books.isTrusted && books.isRunning && isSignedIn
          for (const { bytes, version, contentId } of kept) {
            assert.strictEqual(
              yield* opens(twin, bytes, token),
              isServed && books.versions.includes(version),
              `${contentId} under ${version} after ${told}`,
            )
          }
        }
      }),
    { arbitrary: { runs: 120 } },
  )

  it.effect(
    "[MIP-247] [CRY-159] the first key of a name is for new content, the others for old",
    () =>
      Effect.gen(function* () {
        const twin = yield* start("first of a name")
        const active = Effect.gen(function* () {
          const [row] = yield* twin.allow(mallory, "send-key-service-request", {
            method: "GET",
            url,
          })
          return /"kid":"[^"]*\/([^"/]*)"/.exec(textOf(row, "body"))?.[1]
        })
        const token = yield* signIn(twin)
        const old = yield* protect(twin, "old")
        yield* addKey(twin, "behind", false)
        assert.strictEqual(yield* active, "v0", "one that comes later in the list changes nothing")
        yield* addKey(twin, "before", true)
        assert.strictEqual(yield* active, "before")
        const shown = yield* twin.allow(ivan, "get-double-key-service", { address: host })
        assert.deepStrictEqual(
          shown.map((it) => [it["id"], it["isActive"]]),
          [
            ["before", true],
            ["v0", false],
            ["behind", false],
          ],
        )
        yield* twin.advance(days(cacheDays))
        const fresh = yield* protect(twin, "fresh")
        const again = yield* signIn(twin)
        assert.isDefined(old)
        assert.isDefined(fresh)
        assert.isFalse(yield* opens(twin, old, token), "yesterday's token")
        assert.isTrue(yield* opens(twin, old, again))
        yield* twin.allow(ivan, "remove-double-key", { url, id: "v0" })
        assert.isFalse(yield* opens(twin, old, again))
        assert.isTrue(yield* opens(twin, fresh, again))
        assert.strictEqual(yield* active, "before")
      }),
  )
})
