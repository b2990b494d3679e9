import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { automaticLabel, type LabelMatch } from "../src/index.ts"
import { composition, evolveAll, label, labelId, people, publishing } from "./world.ts"

const taxonomy = [
  label("Low", 0),
  label("Parent", 1),
  label("A", 2, undefined, { parentId: labelId("Parent") }),
  label("B", 3, undefined, { parentId: labelId("Parent") }),
  label("High", 4),
] as const
const [low, , first, second, high] = taxonomy
const world = evolveAll(composition.initial, [...people, ...publishing(taxonomy)])
const matched = (of: LabelMatch["label"], mode: LabelMatch["mode"] = "automatic"): LabelMatch => ({
  label: of,
  mode,
})
const chosen = (matches: readonly LabelMatch[], side: "client" | "service" = "client") =>
  automaticLabel(world, matches, { side })?.label.name

describe("several matching labels", () => {
  it("[MIP-144] the highest priority wins, and nothing matching does nothing", () => {
    assert.strictEqual(chosen([matched(low), matched(high), matched(first)]), "High")
    assert.strictEqual(chosen([matched(low, "automatic"), matched(high, "recommended")]), "High")
    assert.isUndefined(chosen([]))
  })

  it("[MIP-144] on the client an automatic sublabel beats a recommended one beside it", () => {
    const matches = [matched(first, "automatic"), matched(second, "recommended")]
    assert.strictEqual(chosen(matches), "A")
    assert.strictEqual(chosen(matches, "service"), "B")
    assert.strictEqual(chosen([matched(first), matched(second)]), "B")
  })

  it("[MIP-144] on the client a sublabel that is there keeps its siblings away", () => {
    const matches = [matched(second)]
    const with_ = (side: "client" | "service") =>
      automaticLabel(world, matches, { side, present: first })?.label.name
    assert.isUndefined(with_("client"))
    assert.strictEqual(with_("service"), "B")
    assert.strictEqual(
      automaticLabel(world, [matched(high)], { side: "client", present: first })?.label.name,
      "High",
    )
  })

  it.prop(
    "[MIP-144] the order in which labels match does not count",
    {
      indexes: Schema.Array(Schema.Literals([0, 2, 3, 4])),
      side: Schema.Literals(["client", "service"]),
    },
    ({ indexes, side }) => {
      const matches = indexes.map((index) => matched(taxonomy[index]))
      assert.strictEqual(chosen(matches, side), chosen(matches.toReversed(), side))
    },
  )
})
