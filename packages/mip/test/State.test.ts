import { assert, describe, it } from "@effect/vitest"
import { canonicalJson } from "@twin/kernel"
import { Arbitrary, HashMap } from "effect"
import {
  evolveMip,
  initialMipState,
  labelOf,
  labelsOf,
  MipEvent,
  type MipState,
  makeLabel,
  policiesOf,
  protectionOf,
  templateOf,
  trackedContentOf,
} from "../src/index.ts"
import { contentId, protection } from "./asking.ts"
import { baseline, evolveAll, label, labelId, start } from "./world.ts"

const histories = Arbitrary.array(Arbitrary.schema(MipEvent), { maxLength: 25 })

/** Maps in an order of their own, so that states compare. */
const flat = (state: MipState) =>
  Object.fromEntries(
    Object.entries(state).map(([key, value]) => [
      key,
      HashMap.isHashMap(value)
        ? [...HashMap.entries(value)].map(([id, it]) => canonicalJson([id, it])).toSorted()
        : value,
    ]),
  )

const names = (world: typeof baseline) => labelsOf(world).map(({ name }) => name)

const named = (name: string): MipEvent => ({
  _tag: "LabelPolicyCreated",
  policy: {
    id: name,
    name,
    labels: [],
    exchangeLocation: ["All"],
    modernGroupLocation: [],
    comment: "",
    settings: {},
    createdAt: 0,
    changedAt: 0,
  },
})

const content = (contentName: string): MipEvent => ({
  _tag: "ContentRegistered",
  content: { contentId, contentName, owner: "a", issuer: "a", registeredAt: start },
})

describe("the slice", () => {
  it.prop("a replay from any checkpoint ends where the history ends", [histories], ([events]) => {
    const middle = Math.floor(events.length / 2)
    const checkpoint = events.slice(0, middle).reduce(evolveMip, initialMipState)
    const resumed = events.slice(middle).reduce(evolveMip, checkpoint)
    assert.deepStrictEqual(flat(resumed), flat(events.reduce(evolveMip, initialMipState)))
  })

  it.prop("events survive the journal, which writes them as JSON", [histories], ([events]) => {
    for (const event of events) {
      assert.strictEqual(canonicalJson(JSON.parse(JSON.stringify(event))), canonicalJson(event))
    }
  })

  it.prop(
    "an event about something unknown leaves labels and policies as they are",
    [Arbitrary.schema(MipEvent)],
    ([event]) => {
      if (
        event._tag === "LabelChanged" ||
        event._tag === "LabelMoved" ||
        event._tag === "LabelRemoved" ||
        event._tag === "LabelPolicyChanged" ||
        event._tag === "LabelPolicyMoved" ||
        event._tag === "LabelPolicyRemoved" ||
        event._tag === "ContentRevoked" ||
        event._tag === "RevocationCleared" ||
        event._tag === "LocalDocumentChanged"
      ) {
        assert.deepStrictEqual(flat(evolveMip(initialMipState, event)), flat(initialMipState))
      }
    },
  )
})

describe("labels in order", () => {
  it("[MIP-091] moving a label moves the others by one; removing closes the gap", () => {
    const start_ = names(baseline)
    const moved = evolveAll(baseline, [
      { _tag: "LabelMoved", labelId: labelId("Secret"), priority: 0, at: start },
    ])
    assert.deepStrictEqual(names(moved), ["Secret", ...start_.filter((it) => it !== "Secret")])
    assert.deepStrictEqual(
      labelsOf(moved).map(({ priority }) => priority),
      start_.map((_, index) => index),
    )
    const removed = evolveAll(moved, [
      { _tag: "LabelRemoved", labelId: labelId("General"), at: start },
    ])
    assert.deepStrictEqual(
      labelsOf(removed).map(({ priority }) => priority),
      [0, 1, 2, 3, 4],
    )
  })

  it("[MIP-090] a label is found by GUID and name, and by display name where only one has it", () => {
    const world = evolveAll(baseline, [
      { _tag: "LabelCreated", label: label("P1", 6) },
      { _tag: "LabelCreated", label: label("P2", 7) },
      ...["P1", "P2"].map((parent, index) => ({
        _tag: "LabelCreated" as const,
        label: makeLabel({
          id: `s${index}`,
          name: `${parent}-all`,
          displayName: "All Employees",
          priority: 8 + index,
          parentId: labelId(parent),
        }),
      })),
    ])
    assert.strictEqual(labelOf(world, labelId("General").toUpperCase())?.name, "General")
    assert.strictEqual(labelOf(world, "general")?.id, labelId("General"))
    assert.isUndefined(labelOf(world, "All Employees"), "two have this display name")
    assert.strictEqual(labelOf(world, "p2\\all employees")?.id, "s1")
    assert.isUndefined(labelOf(world, "nothing"))
  })

  it("[MIP-129] policies keep their order, and move as told", () => {
    const world = evolveAll(baseline, [
      named("A"),
      named("B"),
      { _tag: "LabelPolicyMoved", name: "B", position: 0, at: start },
    ])
    assert.deepStrictEqual(
      policiesOf(world).map(({ name }) => name),
      ["B", "Global", "A"],
    )
  })
})

describe("contents", () => {
  it("[MIP-223] the first name stays where several attachments share an id", () => {
    const world = evolveAll(baseline, [content("first.docx"), content("second.docx")])
    assert.strictEqual(trackedContentOf(world, contentId)?.contentName, "first.docx")
  })

  it("[MIP-224] [MIP-226] revoking marks the content and its registration, clearing unmarks both", () => {
    const world = evolveAll(baseline, [
      { _tag: "ContentProtected", protection: protection() },
      {
        _tag: "ContentRegistered",
        content: { contentId, contentName: "a.docx", owner: "a", issuer: "a", registeredAt: start },
      },
      { _tag: "ContentRevoked", contentId, by: "ivan@contoso.com", at: start + 5 },
    ])
    assert.strictEqual(protectionOf(world, contentId)?.revokedAt, start + 5)
    assert.strictEqual(trackedContentOf(world, contentId)?.revokedBy, "ivan@contoso.com")
    const back = evolveAll(world, [
      { _tag: "RevocationCleared", contentId, by: "ivan@contoso.com", at: start + 6 },
    ])
    assert.isUndefined(protectionOf(back, contentId)?.revokedAt)
    assert.isUndefined(trackedContentOf(back, contentId)?.revokedBy)
  })

  it("[MIP-201] [MIP-101] a label's template has its name, follows it, and outlives it archived", () => {
    assert.strictEqual(templateOf(baseline, "Confidential")?.status, "Published")
    const gone = evolveAll(baseline, [
      { _tag: "LabelRemoved", labelId: labelId("Confidential"), at: start },
    ])
    assert.strictEqual(templateOf(gone, "Confidential")?.status, "Archived")
    assert.isUndefined(labelOf(gone, "Confidential"))
    assert.isUndefined(templateOf(baseline, "General"), "no encryption, no template")
  })
})
