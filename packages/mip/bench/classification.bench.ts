import { makeDraw } from "@twin/kernel"
import { test } from "vitest"
import { builtInTypes, findSensitiveInformation } from "../src/index.ts"
import { makers } from "../test/classification/numberMakers.ts"

const filler =
  "the minutes of the meeting were agreed and the plan for the north wing was moved to spring because the supplier needs more weeks".split(
    " ",
  )

/** A megabyte of prose with a number every few lines, half of them near misses. */
const megabyte = (() => {
  const draw = makeDraw("bench")
  const lines: string[] = []
  let size = 0
  for (let at = 0; size < 1_000_000; at++) {
    const maker = makers[at % makers.length]
    const value = maker?.make(draw, at % 200) ?? ""
    const words = Array.from({ length: 80 }, (_, index) => filler[(at + index * 7) % filler.length])
    const line = `${words.join(" ")} ${maker?.keyword ?? ""} ${at % 2 === 0 ? value : (maker?.spoil?.(value) ?? value)}.`
    lines.push(line)
    size += line.length
  }
  return lines.join("\n").slice(0, 1_000_000)
})()
const digits = "1234 5678-9012 ".repeat(66_667).slice(0, 1_000_000)

const once = { iterations: 5, warmupIterations: 1, time: 0, warmupTime: 0 }

test("one megabyte of text for sensitive information", { timeout: 300_000 }, async ({ bench }) => {
  await bench.compare(
    bench(`30 types, prose`, () => {
      findSensitiveInformation(megabyte, builtInTypes.slice(0, 30))
    }),
    bench(`all ${builtInTypes.length} types, prose`, () => {
      findSensitiveInformation(megabyte, builtInTypes)
    }),
    bench(`all ${builtInTypes.length} types, nothing but digits`, () => {
      findSensitiveInformation(digits, builtInTypes)
    }),
    once,
  )
})
