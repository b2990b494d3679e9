import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  andThen,
  anyRoute,
  challenge,
  decideByGates,
  decideForAll,
  decidingGate,
  deny,
  type GateRules,
  gate,
  pass,
  refusalOf,
  unknown,
} from "../src/index.ts"

const Person = Schema.Struct({
  kind: Schema.Literals(["member", "guest", "external"]),
  device: Schema.Literals(["managed", "unmanaged"]),
  level: Schema.Literals([0, 1, 2]),
  note: Schema.String,
})
type Person = typeof Person.Type

const asked: string[] = []
const level = gate<Person>()({
  name: "level",
  facts: ["SPO-003"],
  reads: ["kind", "level"],
  check: ({ kind, level: at }) => {
    asked.push(`level ${kind} ${at}`)
    if (kind === "member") return pass("Members are inside.", { kind })
    return at > 0
      ? pass("The level admits people from outside.", { at })
      : deny("The level admits nobody from outside.", { at }, { message: "No." })
  },
})
const device = gate<Person>()({
  name: "device",
  facts: ["SPO-210"],
  reads: ["device"],
  check: (facets) => {
    asked.push(`device ${facets.device}`)
    return facets.device === "managed"
      ? pass("The device is managed.")
      : challenge("A managed device is asked for.")
  },
})
const rules: GateRules<Person> = [level, device]
const guest: Person = { kind: "guest", device: "managed", level: 1, note: "" }

describe("gates", () => {
  it("are asked in order and stop at the first that does not pass", () => {
    const refused = decideByGates(rules, { ...guest, level: 0, device: "unmanaged" })
    assert.strictEqual(refused.outcome, "deny")
    assert.deepStrictEqual(
      refused.gates.map(({ name, verdict }) => [name, verdict]),
      [["level", "deny"]],
    )
    assert.deepStrictEqual(refused.gates[0].details, { at: "0" })
    const asksMore = decideByGates(rules, { ...guest, device: "unmanaged" })
    assert.strictEqual(asksMore.outcome, "challenge")
    assert.deepStrictEqual(
      asksMore.gates.map(({ name, verdict }) => [name, verdict]),
      [
        ["level", "pass"],
        ["device", "challenge"],
      ],
    )
  })

  it("see no facet that they have not declared", () => {
    let seen: object = {}
    const nosy = gate<Person>()({
      name: "nosy",
      facts: ["SPO-003"],
      reads: ["level"],
      check: (facets) => {
        seen = facets
        return pass("Nothing else to see.")
      },
    })
    decideByGates([nosy], guest)
    assert.deepStrictEqual(seen, { level: 1 })
  })

  it("answer unknown where the twin does not model what decides", () => {
    const unmodelled = gate<Person>()({
      name: "licence",
      facts: ["SPO-003"],
      reads: [],
      check: () => unknown("The twin does not know this licence."),
    })
    assert.strictEqual(decideByGates([level, unmodelled, device], guest).outcome, "unknown")
  })

  it.prop(
    "asking a population by distinct facets equals asking one by one",
    [Schema.Array(Person)],
    ([people]) => {
      const groups = decideForAll(rules, people, (person) => person)
      const spread = new Map(
        groups.flatMap(({ decision, members }) => members.map((member) => [member, decision])),
      )
      for (const person of people) {
        assert.deepStrictEqual(spread.get(person), decideByGates(rules, person))
      }
      assert.strictEqual(groups.flatMap(({ members }) => members).length, people.length)
    },
  )

  it("run once per distinct combination of their facets over a population", () => {
    const people = Array.from({ length: 600 }, (_, index) => ({
      ...guest,
      level: index % 2 === 0 ? (1 as const) : (2 as const),
      device: index % 3 === 0 ? ("managed" as const) : ("unmanaged" as const),
      note: String(index),
    }))
    asked.length = 0
    const groups = decideForAll(rules, people, (person) => person)
    assert.strictEqual(groups.length, 4)
    assert.deepStrictEqual(asked.toSorted(), [
      "device managed",
      "device unmanaged",
      "level guest 1",
      "level guest 2",
    ])
  })
})

describe("decisions", () => {
  const allowed = decideByGates(rules, guest)
  const refused = decideByGates(rules, { ...guest, level: 0 })
  const asksMore = decideByGates(rules, { ...guest, device: "unmanaged" })

  it("go on only after an allow", () => {
    assert.strictEqual(andThen(refused, () => assert.fail("must not ask")).outcome, "deny")
    const both = andThen(allowed, () => asksMore)
    assert.strictEqual(both.outcome, "challenge")
    assert.strictEqual(both.gates.length, 4)
  })

  it("[SPO-303] are the union of all routes, and show the routes that led nowhere first", () => {
    const one = anyRoute([
      { route: "link", decision: refused },
      { route: "member of the site", decision: allowed },
    ])
    assert.strictEqual(one.outcome, "allow")
    assert.deepStrictEqual(
      one.gates.map(({ route, name, verdict }) => [route, name, verdict]),
      [
        ["link", "level", "deny"],
        ["member of the site", "level", "pass"],
        ["member of the site", "device", "pass"],
      ],
    )
  })

  it("[SPO-303] without any open route speak for the most hopeful one", () => {
    const one = anyRoute([
      { route: "a", decision: refused },
      { route: "b", decision: asksMore },
    ])
    assert.strictEqual(one.outcome, "challenge")
    assert.strictEqual(decidingGate(one).route, "b")
  })

  it("carry the words of the service when they refuse, or the reason when it has none", () => {
    assert.isUndefined(refusalOf(allowed))
    assert.deepStrictEqual(refusalOf(refused), { message: "No." })
    assert.deepStrictEqual(refusalOf(asksMore), { message: "A managed device is asked for." })
  })
})
