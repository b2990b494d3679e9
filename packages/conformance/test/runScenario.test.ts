import { assert, describe, it } from "@effect/vitest"
import { tenantComposition } from "@twin/tenant"
import { Effect } from "effect"
import { runScenario } from "../src/index.ts"

const vocabulary = {
  operations: tenantComposition.operations,
  questions: new Set(tenantComposition.questions.map(({ action }) => action)),
  faults: new Set(tenantComposition.faults.map(({ name }) => name)),
}

const head = `id: story
title: A story
abstract: What happens.
level: 100
durationMinutes: 5
sources: [test]
tenant: { baseline: contoso }
agenda:
  - title: Section
    steps:
`

const run = (steps: string, seed = "1") => {
  const indented = steps
    .trim()
    .split("\n")
    .map((line) => `      ${line}`)
  const bytes = new TextEncoder().encode(`${head}${indented.join("\n")}\n`)
  return runScenario({ file: "story.yaml", bytes }, seed, vocabulary)
}

/** Remarks on the expectations, in order. */
const remarks = (result: Effect.Success<ReturnType<typeof run>>) =>
  result.sections
    .flatMap(({ steps }) => steps)
    .flatMap(({ expectations }) =>
      expectations.map(({ held, shaken, isVacuous }) => ({ held, shaken, isVacuous })),
    )

const close = "- { id: close, as: grace, powershell: Set-SPOTenant -SharingCapability Disabled }"
const isDisabled = "value: { of: (Get-SPOTenant).SharingCapability, is: Disabled }"

describe("runScenario", () => {
  it.effect(
    "a story in which everything holds is held, and its counterproof failed as it must",
    () =>
      Effect.gen(function* () {
        const result = yield* run(`${close}
- expect: { ${isDisabled}, counterproof: { without: [close] } }`)
        assert.strictEqual(result.state, "held")
        assert.deepStrictEqual(remarks(result), [
          { held: true, shaken: "counterproof", isVacuous: false },
        ])
      }),
  )

  it.effect("a counterproof that holds without its decisive step makes the scenario fail", () =>
    Effect.gen(function* () {
      const result = yield* run(`${close}
- { id: other, wait: 1 hour }
- expect: { ${isDisabled}, claims: [SPO-003], counterproof: { without: [other] } }`)
      assert.strictEqual(result.state, "failed")
      assert.strictEqual(result.failed, 0)
      assert.deepStrictEqual(remarks(result), [{ held: true, shaken: "nothing", isVacuous: true }])
    }),
  )

  it.effect("without a counterproof the steps before are left out, one after the other", () =>
    Effect.gen(function* () {
      const result = yield* run(`- { wait: 1 hour }
${close}
- { wait: 1 hour }
- expect: { ${isDisabled} }`)
      assert.deepStrictEqual(remarks(result), [{ held: true, shaken: "sweep", isVacuous: false }])
    }),
  )

  it.effect("what no step turns false is named, and does not make the scenario fail", () =>
    Effect.gen(function* () {
      const result = yield* run(`${close}
- expect: { mail: { to: pat, count: 0 } }`)
      assert.strictEqual(result.state, "held")
      assert.deepStrictEqual(remarks(result), [{ held: true, shaken: "nothing", isVacuous: false }])
    }),
  )

  it.effect("an expectation that fails makes the scenario fail, and is not shaken", () =>
    Effect.gen(function* () {
      const result = yield* run(`- expect: { ${isDisabled} }`)
      assert.deepStrictEqual([result.state, result.failed], ["failed", 1])
      assert.deepStrictEqual(remarks(result), [{ held: false, shaken: "none", isVacuous: false }])
    }),
  )

  it.effect("an error that nothing expects makes the scenario fail", () =>
    Effect.gen(function* () {
      const result = yield* run("- { as: nobody, do: open-file, with: { file: x } }")
      assert.deepStrictEqual([result.state, result.errors], ["failed", 1])
    }),
  )

  it.effect.each([
    [
      "is no scenario",
      "- { wait: soon }",
      /story\.yaml:11:17: agenda\.0\.steps\.0\.wait: Expected/,
    ],
    ["is no YAML", "- { wait", /story\.yaml:1\d:\d+: /],
  ] as const)(
    "a file that %s is a result, too: unusable, with the problems",
    ([, steps, problem]) =>
      Effect.gen(function* () {
        const result = yield* run(steps)
        assert.strictEqual(result.state, "unusable")
        assert.match(result.problems[0] ?? "", problem)
      }),
  )

  it.effect("a tenant that cannot be set up is unusable, with the reason", () =>
    Effect.gen(function* () {
      const text = `${head}      - wait: 1 hour\n`.replace(
        "{ baseline: contoso }",
        "{ baseline: contoso, setup: Set-SPOTenant -SharingCapability Everything }",
      )
      const bytes = new TextEncoder().encode(text)
      const result = yield* runScenario({ file: "a.yaml", bytes }, "1", vocabulary)
      assert.strictEqual(result.state, "unusable")
      assert.include(result.problems[0] ?? "", "Everything")
    }),
  )

  it.effect("the same seed gives the same fragment", () =>
    Effect.gen(function* () {
      const steps = `${close}\n- expect: { ${isDisabled} }`
      assert.deepStrictEqual(yield* run(steps), yield* run(steps))
    }),
  )
})
