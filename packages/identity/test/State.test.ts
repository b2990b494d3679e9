import { assert, describe, it } from "@effect/vitest"
import { canonicalJson, replay } from "@twin/kernel"
import { Arbitrary, Effect, HashMap } from "effect"
import { evolveIdentity, IdentityEvent, initialIdentityState } from "../src/index.ts"
import { accepted, baseline, composition, invited, lab, start, userId } from "./world.ts"

/** The state as plain data: hash maps in an order of their own are compared by content. */
const plain = (value: unknown): unknown => {
  if (HashMap.isHashMap(value)) {
    return [...HashMap.entries(value)]
      .map(([key, item]) => [String(key), plain(item)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
  }
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}

/** Whatever ids the schema makes up, most events should meet somebody: few ids, often the same. */
const few = ["alice", "bob", "partners"].map((it) => (it === "partners" ? it : userId(it)))
const pick = (key: string, text: string) => few[(text.length + key.length) % few.length] ?? text

const meeting = (event: IdentityEvent): IdentityEvent => {
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) =>
      typeof value === "string" && ["userId", "groupId", "memberId", "principalId"].includes(key)
        ? [key, pick(key, value)]
        : [key, value],
    ),
  ) as IdentityEvent
}
const histories = Arbitrary.map(
  Arbitrary.array(Arbitrary.schema(IdentityEvent), { maxLength: 30 }),
  (events) => [...baseline, ...events.map(meeting)],
)

describe("the slice", () => {
  it.prop("a replay from any checkpoint ends where the history ends", [histories], ([events]) => {
    const middle = Math.floor(events.length / 2)
    const checkpoint = events.slice(0, middle).reduce(evolveIdentity, initialIdentityState)
    const resumed = events.slice(middle).reduce(evolveIdentity, checkpoint)
    assert.deepStrictEqual(
      plain(resumed),
      plain(events.reduce(evolveIdentity, initialIdentityState)),
    )
  })

  it.prop("events survive the journal, which writes them as JSON", [histories], ([events]) => {
    const read = JSON.parse(JSON.stringify(events)) as readonly IdentityEvent[]
    assert.strictEqual(
      JSON.stringify(plain(read.reduce(evolveIdentity, initialIdentityState))),
      JSON.stringify(plain(events.reduce(evolveIdentity, initialIdentityState))),
    )
  })

  it.prop(
    "an event about somebody unknown changes nothing",
    [Arbitrary.schema(IdentityEvent)],
    ([event]) => {
      const creating =
        /Created|Added|Invited|Repeated|Assigned|Issued|SignedIn|Set$|Policy|Default|Expected|Defined|Started|Requested|Made|Blocked|Opened|Shown|Scheduled|Kept|Published|Logged/
      if (creating.test(event._tag)) return
      assert.deepStrictEqual(
        plain(evolveIdentity(initialIdentityState, event)),
        plain(initialIdentityState),
      )
    },
  )

  it.effect("a journal of everything a guest goes through replays to the same state", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "pat@mailbox.example")
      yield* invited(it, "nina@fabrikam.com")
      yield* it.as("ivan", "New-MgGroup", {
        DisplayName: "All guests",
        MailEnabled: true,
        MailNickname: "allguests",
        SecurityEnabled: false,
        GroupTypes: ["Unified", "DynamicMembership"],
        MembershipRule: '(user.userType -eq "Guest")',
        MembershipRuleProcessingState: "On",
      })
      yield* it.wait(3_600_000)
      yield* it.as("ivan", "Remove-MgUser", { UserId: "nina@fabrikam.com" })
      const records = yield* Effect.orDie(it.simulation.records)
      const world = yield* it.world
      assert.deepStrictEqual(plain(replay(composition, records)), plain(world))
      assert.isTrue(JSON.stringify(records).includes("DynamicMembershipProcessed"))
    }),
  )

  it.effect(
    "the same seed writes the same journal, byte for byte, and another seed other codes",
    () =>
      Effect.gen(function* () {
        const written = Effect.fnUntraced(function* (seed: string) {
          const it = yield* lab([], { seed })
          yield* accepted(it, "pat@mailbox.example")
          return canonicalJson(yield* Effect.orDie(it.simulation.records))
        })
        assert.strictEqual(yield* written("a"), yield* written("a"))
        assert.notStrictEqual(yield* written("a"), yield* written("b"))
      }),
  )

  it("starts with nobody and nothing", () => {
    assert.isUndefined(initialIdentityState.organization)
    assert.strictEqual(HashMap.size(initialIdentityState.users), 0)
    assert.isAbove(start, 0)
  })
})
