import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { parse } from "yaml"
import { decodeScenario, stepKindOf } from "../src/index.ts"
import { decodeText, playedMessages, storyText } from "./story.ts"
import { vocabulary } from "./vocabulary.ts"

const root = join(import.meta.dirname, "../../..")
const blocks = [
  ...readFileSync(join(root, "docs/authoring.md"), "utf8").matchAll(/```yaml\n([\s\S]*?)```/g),
].map(([, text = ""]) => text)

const whole = blocks.filter((text) => text.includes("agenda:"))
const steps = blocks.filter((text) => text.startsWith("- "))

const playsWithoutFailure = (file: string, bytes: Uint8Array) =>
  Effect.gen(function* () {
    const loaded = Result.getOrThrow(decodeScenario(file, bytes, vocabulary))
    const last = (yield* playedMessages(loaded)).at(-1)
    assert.deepInclude(last, { _tag: "ScenarioFinished", failed: 0, errors: 0 })
  })

describe("docs/authoring.md", () => {
  it.effect.each(whole)("its whole example plays, and everything in it holds", (text) =>
    playsWithoutFailure("authoring.yaml", new TextEncoder().encode(text)),
  )

  it("has a whole example and steps", () => {
    assert.lengthOf(whole, 1)
    assert.isAbove(steps.length, 2)
  })

  it.each(steps)("its steps are steps: %s", (text) => {
    for (const step of parse(text) as object[]) assert.isDefined(stepKindOf(step))
    const saved = "- { as: alice, do: share-file, with: { file: x, to: [a@b] }, save: link }\n"
    const decoded = decodeText(storyText(saved + text))
    assert.deepStrictEqual(Result.isFailure(decoded) ? decoded.failure.issues : [], [])
  })
})

describe("scenarios/getting-started/hello-twin.yaml", () => {
  it.effect("plays, and everything in it holds", () => {
    const file = "scenarios/getting-started/hello-twin.yaml"
    return playsWithoutFailure(file, readFileSync(join(root, file)))
  })
})
