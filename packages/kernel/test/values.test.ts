import { assert, describe, it } from "@effect/vitest"
import { Effect, Random, Schema } from "effect"
import {
  canonicalJson,
  canonicalJsonPretty,
  type Dated,
  drawFromRandom,
  factIdsIn,
  inForce,
  instant,
  makeDraw,
  nearest,
  seededBytes,
} from "../src/index.ts"

describe("canonicalJson", () => {
  it("does not depend on the order of keys, at any depth", () => {
    assert.strictEqual(
      canonicalJson({ b: [{ y: 1, x: 2 }], a: null }),
      canonicalJson({ a: null, b: [{ x: 2, y: 1 }] }),
    )
    assert.strictEqual(canonicalJson({ b: 1, a: "ü" }), '{"a":"ü","b":1}')
    assert.strictEqual(canonicalJsonPretty({ a: 1 }), '{\n  "a": 1\n}\n')
  })

  it("keeps a key that has a meaning elsewhere", () => {
    const hostile: unknown = JSON.parse('{"__proto__": {"x": 1}, "a": 2}')
    assert.strictEqual(canonicalJson(hostile), '{"__proto__":{"x":1},"a":2}')
  })

  it.prop("reads back as the same value", [Schema.Json], ([value]) => {
    assert.deepStrictEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)))
  })
})

describe("Draw", () => {
  it("gives each purpose its own values, the same for the same seed", () => {
    const draw = makeDraw("seed")
    assert.strictEqual(draw.guid("a"), makeDraw("seed").guid("a"))
    assert.notStrictEqual(draw.guid("a"), draw.guid("b"))
    assert.notStrictEqual(draw.guid("a"), makeDraw("other").guid("a"))
    assert.match(
      draw.guid("a"),
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    assert.match(draw.digits("code", 8), /^\d{8}$/)
    assert.match(draw.token("link", 22), /^[\w-]{22}$/)
    assert.strictEqual(draw.token("long", 1_000).length, 1_000)
  })

  it("draws digits without bias", () => {
    const counts = new Map<string, number>()
    for (const digit of makeDraw("bias").digits("many", 20_000)) {
      counts.set(digit, (counts.get(digit) ?? 0) + 1)
    }
    assert.strictEqual(counts.size, 10)
    for (const count of counts.values()) assert.approximately(count, 2_000, 250)
  })

  it.effect("takes its entropy from the Random in force", () =>
    Effect.gen(function* () {
      const one = yield* drawFromRandom.pipe(Random.withSeed("x"))
      const same = yield* drawFromRandom.pipe(Random.withSeed("x"))
      const other = yield* drawFromRandom.pipe(Random.withSeed("y"))
      assert.strictEqual(one.guid("p"), same.guid("p"))
      assert.notStrictEqual(one.guid("p"), other.guid("p"))
    }),
  )

  it("streams bytes that do not depend on how they are asked for in whole blocks", () => {
    const whole = seededBytes("k")(64)
    const next = seededBytes("k")
    assert.deepStrictEqual(Buffer.concat([next(32), next(32)]), Buffer.from(whole))
    assert.strictEqual(next(0).length, 0)
    assert.strictEqual(seededBytes("k")(5).length, 5)
  })
})

describe("Era", () => {
  const lifetime: Dated<number> = {
    before: 0,
    changes: [
      { from: "2019-06-01", value: 1 },
      { from: "2021-05-01", value: 2 },
    ],
  }

  it.each([
    ["2018-01-01", 0],
    ["2019-05-31T23:59:59.999Z", 0],
    ["2019-06-01", 1],
    ["2021-05-01T00:00:00Z", 2],
    ["2030-01-01", 2],
  ])("at %s the variant is %s", (day, value) => {
    assert.strictEqual(inForce(lifetime, instant(day)), value)
  })
})

describe("names", () => {
  it("offers the names somebody may have meant, nearest first", () => {
    const names = ["Set-SPOTenant", "Get-SPOTenant", "Set-SPOSite", "Set-Label"]
    assert.deepStrictEqual(nearest("set-spotenent", names), ["Set-SPOTenant", "Get-SPOTenant"])
    assert.deepStrictEqual(nearest("x".repeat(100_000), names), [])
  })

  it("finds fact ids in a title, once each and in order", () => {
    assert.deepStrictEqual(factIdsIn("[SPO-031] [DCO-298] and SPO-031, not XYZ-001, not SPO-31"), [
      "SPO-031",
      "DCO-298",
    ])
  })
})
