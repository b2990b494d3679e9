import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import {
  type Actor,
  type Call,
  decideByGates,
  decidingGate,
  defaultClient,
  deny,
  deriveOperation,
  gate,
  makeDraw,
  operation,
  pass,
} from "../src/index.ts"

interface World {
  readonly people: readonly string[]
  readonly isGuarded: boolean
}

const found = gate<{ readonly isFound: boolean }>()({
  name: "found",
  facts: ["IDN-001"],
  reads: ["isFound"],
  check: ({ isFound }) => (isFound ? pass("It is there.") : deny("It is not there.", {})),
})

const source = operation({
  name: "Get-Person",
  summary: "Shows people.",
  params: Schema.Struct({
    PersonId: Schema.optionalKey(Schema.NonEmptyString.annotate({ description: "Who" })),
    Top: Schema.optionalKey(Schema.Int.annotate({ description: "How many" })),
    Secret: Schema.optionalKey(Schema.String.annotate({ description: "A secret" })),
  }),
  roles: ["Reader"],
  facts: ["IDN-001"],
  binding: { switches: [], aliases: { Limit: "Top" } },
  secrets: ["Secret"],
  isReadOnly: true,
  decide: ({ world }: Call<World>, { PersonId, Top }) => ({
    decision: decideByGates([found], {
      isFound: !world.isGuarded && (PersonId === undefined || world.people.includes(PersonId)),
    }),
    output: world.people
      .filter((it) => PersonId === undefined || it === PersonId)
      .slice(0, Top)
      .map((Id) => ({ Id })),
  }),
})

const open = gate<{ readonly isOpen: boolean }>()({
  name: "module-open",
  facts: ["IDN-001"],
  reads: ["isOpen"],
  check: ({ isOpen }) => (isOpen ? pass("Open.") : deny("Closed.", {})),
})

const derived = deriveOperation(source, {
  name: "Get-OldPerson",
  summary: "Shows people under old names.",
  params: { ObjectId: "PersonId", Count: "Top", Password: "Secret" },
  mandatory: ["ObjectId"],
  own: { Closed: Schema.optionalKey(Schema.Boolean) },
  asks: (_call, { Closed }) => decideByGates([open], { isOpen: Closed !== true }),
  call: (call) => ({ ...call, world: { ...call.world, isGuarded: false } }),
  output: (rows) => rows.map(({ Id = null }) => ({ ObjectId: Id })),
  warnings: (printed) => [`${printed.length} shown`],
})

const actor = (...roles: string[]): Actor => ({
  id: "ann@contoso.com",
  kind: "member",
  roles,
  client: defaultClient,
})
const call = (roles: string[] = ["Reader"]): Call<World> => ({
  world: { people: ["ann", "bob"], isGuarded: true },
  actor: actor(...roles),
  now: 0,
  draw: makeDraw("derived"),
})
const problems = (params: object) =>
  Effect.map(Effect.flip(derived.rule(call(), params)), ({ operation: name, issues }) => [
    name,
    ...issues.map(({ path }) => path.join(".")),
  ])

describe("an operation under the names of another module", () => {
  it.effect("takes its own names, sees the world its own way and prints its own rows", () =>
    Effect.gen(function* () {
      const ruling = yield* derived.rule(call(), { ObjectId: "bob", Count: 1 })
      assert.strictEqual(ruling.decision.outcome, "allow")
      assert.deepStrictEqual(ruling.output, [{ ObjectId: "bob" }])
      assert.deepStrictEqual(ruling.warnings, ["1 shown"])
    }),
  )

  it.effect(
    "names what does not fit as it was typed, and knows no parameter it does not list",
    () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* problems({ ObjectId: "ann", PersonId: "ann" }), [
          "Get-OldPerson",
          "PersonId",
        ])
        assert.deepStrictEqual(yield* problems({}), ["Get-OldPerson", "ObjectId"])
        assert.deepStrictEqual(yield* problems({ ObjectId: "ann", Count: "many" }), [
          "Get-OldPerson",
          "Count",
        ])
      }),
  )

  it.effect("asks what is its own first, then everything that the source asks", () =>
    Effect.gen(function* () {
      const gates = (params: object, roles?: string[]) =>
        Effect.map(derived.rule(call(roles), params), ({ decision }) => [
          decision.outcome,
          ...decision.gates.map(({ name }) => name),
        ])
      assert.deepStrictEqual(yield* gates({ ObjectId: "ann" }), [
        "allow",
        "module-open",
        "role",
        "found",
      ])
      assert.deepStrictEqual(yield* gates({ ObjectId: "ann", Closed: true }), [
        "deny",
        "module-open",
      ])
      assert.deepStrictEqual(yield* gates({ ObjectId: "ann" }, []), ["deny", "module-open", "role"])
      const refused = yield* derived.rule(call(), { ObjectId: "zoe" })
      assert.strictEqual(decidingGate(refused.decision).name, "found")
      assert.notDeepEqual(refused.output, [{ ObjectId: "zoe" }])
    }),
  )

  it("keeps kind, roles and secrets, and inherits nothing of the binding", () => {
    assert.deepStrictEqual(derived.secrets, ["Password"])
    assert.deepStrictEqual(derived.roles, ["Reader"])
    assert.isTrue(derived.isReadOnly)
    assert.deepStrictEqual(derived.binding, {})
  })

  it("cannot be made of a parameter that the source lacks", () => {
    assert.throws(
      () => deriveOperation(source, { name: "Get-X", summary: "X.", params: { Id: "Nothing" } }),
      /Get-Person has no parameter Nothing/,
    )
  })
})
