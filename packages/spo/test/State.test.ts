import { assert, describe, it } from "@effect/vitest"
import { canonicalJson, firstBreak, replay } from "@twin/kernel"
import { Arbitrary, Effect, HashMap } from "effect"
import {
  evolveSpo,
  initialSpoState,
  itemOf,
  linkOf,
  SpoEvent,
  type SpoState,
  siteOf,
  webUrlOf,
} from "../src/index.ts"
import { composition, file, finance, first, launch, linkTo, makeLab, worldWith } from "./world.ts"

const histories = Arbitrary.array(Arbitrary.schema(SpoEvent), { maxLength: 25 })

/** Maps in an order of their own, so that states compare. */
const flat = (state: SpoState) =>
  Object.fromEntries(
    Object.entries(state).map(([key, value]) => [
      key,
      HashMap.isHashMap(value)
        ? [...HashMap.entries(value)].map(([id, it]) => canonicalJson([id, it])).toSorted()
        : value,
    ]),
  )

const story = (seed: string) =>
  Effect.gen(function* () {
    const lab = yield* makeLab({ seed })
    yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
    const shared = yield* lab.does("alice", "share-file", {
      file: "Plan.docx",
      scope: "anonymous",
      role: "view",
    })
    return [first(shared, "link"), canonicalJson(yield* lab.records)]
  })

describe("the slice", () => {
  it.prop("a replay from any checkpoint ends where the history ends", [histories], ([events]) => {
    const middle = Math.floor(events.length / 2)
    const checkpoint = events.slice(0, middle).reduce(evolveSpo, initialSpoState)
    const resumed = events.slice(middle).reduce(evolveSpo, checkpoint)
    assert.deepStrictEqual(flat(resumed), flat(events.reduce(evolveSpo, initialSpoState)))
  })

  it.prop("events survive the journal, which writes them as JSON", [histories], ([events]) => {
    for (const event of events) {
      assert.strictEqual(canonicalJson(JSON.parse(JSON.stringify(event))), canonicalJson(event))
    }
  })

  it.prop(
    "an event about something unknown leaves sites, items and links as they are",
    [histories],
    ([events]) => {
      const creating = new Set(["SiteCreated", "ItemCreated", "LinkCreated"])
      const state = events
        .filter(({ _tag }) => !creating.has(_tag))
        .reduce(evolveSpo, initialSpoState)
      assert.deepStrictEqual(
        [HashMap.size(state.sites), HashMap.size(state.items), HashMap.size(state.links)],
        [0, 0, 0],
      )
    },
  )

  it.effect("the journal of a story is whole and leads to the same world", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
      yield* lab.does("alice", "share-file", {
        file: "Plan.docx",
        to: ["nina@fabrikam.com"],
        scope: "users",
      })
      yield* lab.tenant({ SharingCapability: "Disabled" })
      const records = yield* lab.records
      assert.isUndefined(firstBreak(records))
      const world = replay(composition, records)
      assert.deepStrictEqual(flat(world.spo), flat((yield* lab.world).spo))
    }),
  )

  it.effect("the same seed gives the same journal, another one other links", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* story("a"), yield* story("a"))
      assert.notStrictEqual((yield* story("a"))[0], (yield* story("b"))[0])
    }),
  )
})

describe("looking things up", () => {
  it("finds a site by address in any case, by the end of its path and by title", () => {
    const world = worldWith()
    for (const name of [`${launch.toUpperCase()}/`, "sites/launch", "launch", "Launch"]) {
      assert.strictEqual(siteOf(world, name)?.url, launch)
    }
    assert.isUndefined(siteOf(world, "sites"))
    assert.isUndefined(siteOf(world, ""))
  })

  it("finds a file by id, name, path or address, and never guesses between two", () => {
    const world = worldWith(
      file("Plan.docx", { id: "one" }),
      file("Forecast.xlsx", { id: "two", site: finance }),
      file("Twice.docx", { id: "here" }),
      file("Twice.docx", { id: "there", site: finance }),
    )
    const plan = itemOf(world, "one")
    assert.isDefined(plan)
    for (const name of [
      "plan.DOCX",
      "Shared Documents/Plan.docx",
      "/Shared Documents//Plan.docx",
      plan ? webUrlOf(plan) : "",
    ]) {
      assert.strictEqual(itemOf(world, name)?.id, "one")
    }
    assert.isUndefined(itemOf(world, "Twice.docx"))
    assert.strictEqual(itemOf(world, "Twice.docx", finance)?.id, "there")
    assert.isUndefined(itemOf(world, "Plan.docx", finance))
    assert.isUndefined(itemOf(world, "Plan.docx", "https://no.where"))
    assert.isUndefined(itemOf(world, "https://no.where/Plan.docx"))
    assert.isUndefined(itemOf(world, ""))
  })

  it("prefers a live file to a deleted one of the same name", () => {
    const world = worldWith(
      file("Plan.docx", { id: "old", recycledAt: 1 }),
      file("Plan.docx", { id: "new" }),
    )
    assert.strictEqual(itemOf(world, "Plan.docx")?.id, "new")
  })

  it("finds a link by token or id", () => {
    const world = worldWith(
      file("Plan.docx"),
      linkTo("Plan.docx", "anonymous", { id: "x", token: "secret" }),
    )
    assert.strictEqual(linkOf(world, "secret")?.id, "x")
    assert.strictEqual(linkOf(world, "x")?.token, "secret")
    assert.isUndefined(linkOf(world, "other"))
  })
})
