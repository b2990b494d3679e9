import { assert, describe, it } from "@effect/vitest"
import { makeDraw } from "@twin/kernel"
import { builtInTypes, countOf, findSensitiveInformation } from "../../src/index.ts"
import type { Maker } from "./numberMaker.ts"
import { makers } from "./numberMakers.ts"

const perType = 26
const filler =
  "the minutes of the meeting were agreed and the plan for the north wing was moved to spring because the supplier needs more weeks".split(
    " ",
  )

interface Sample {
  readonly text: string
  readonly type: string
  readonly isThere: boolean
}

const sentence = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => filler[(from + index * 7) % filler.length]).join(" ")

const samplesOf = (maker: Maker, order: number): readonly Sample[] => {
  const draw = makeDraw(`corpus/${maker.type}`)
  return Array.from({ length: perType }, (_, index) => {
    const value = maker.make(draw, index)
    const around = (inside: string): string =>
      `${sentence(order + index, 9)}. ${inside}. ${sentence(index, 11)}.`
    const near = maker.spoil?.(value) ?? value
    return [
      {
        text: around(`The ${maker.keyword} is ${value} as given`),
        type: maker.type,
        isThere: true,
      },
      {
        text: around(`The ${maker.keyword} is ${near} as given`),
        type: maker.type,
        isThere: false,
      },
    ]
  }).flat()
}

const samples = makers.flatMap(samplesOf)

const levelOf = (type: string): number =>
  builtInTypes.find(({ name }) => name === type)?.recommendedConfidence ?? 85

describe("a corpus of texts, half of them near misses", () => {
  const scores = new Map(makers.map(({ type }) => [type, { hit: 0, missed: 0, invented: 0 }]))
  for (const { text, type, isThere } of samples) {
    const found = findSensitiveInformation(text, builtInTypes)
      .filter((it) => countOf(it, levelOf(it.name)) > 0)
      .map(({ name }) => name)
    const own = scores.get(type)
    if (own === undefined) continue
    const isFound = found.includes(type)
    if (isThere && isFound) own.hit += 1
    else if (isThere) own.missed += 1
    else if (isFound) own.invented += 1
  }
  const rows = [...scores].map(([type, { hit, missed, invented }]) => ({
    type,
    precision: hit + invented === 0 ? 0 : hit / (hit + invented),
    recall: hit / (hit + missed),
  }))

  it("has more than 2,000 texts and goes through at least 40 types", () => {
    assert.isAtLeast(samples.length, 2_000)
    assert.isAtLeast(rows.length, 40)
  })

  it("prints precision and recall of every type", () => {
    const lines = rows.map(
      ({ type, precision, recall }) =>
        `${type.padEnd(60)} precision ${precision.toFixed(3)}  recall ${recall.toFixed(3)}`,
    )
    console.info([`${samples.length} texts`, ...lines].join("\n"))
    assert.lengthOf(lines, makers.length)
  })

  it.each(makers.filter(({ hasChecksum }) => hasChecksum).map(({ type }) => type))(
    "[MIP-151] [MIP-152] [MIP-154] %s: a checksum finds every number and invents none",
    (type) => {
      const row = rows.find((it) => it.type === type)
      assert.deepStrictEqual(row, { type, precision: 1, recall: 1 })
    },
  )

  it.each(makers.filter(({ hasChecksum }) => !hasChecksum).map(({ type }) => type))(
    "%s: shape and keyword find at least nine of ten, and invent at most one of ten",
    (type) => {
      const row = rows.find((it) => it.type === type)
      assert.isAtLeast(row?.recall ?? 0, 0.9)
      assert.isAtLeast(row?.precision ?? 0, 0.9)
    },
  )
})
