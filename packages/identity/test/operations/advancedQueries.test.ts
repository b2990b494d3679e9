import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { filterRows, readFilter } from "../../src/operations/odataFilter.ts"
import { type Lab, lab, refusal, verdict } from "../world.ts"

const eventual = { ConsistencyLevel: "eventual", CountVariable: "count" }

const asked = (it: Lab, cmdlet: string, params: object, who = "alice") =>
  Effect.map(it.as(who, cmdlet, params), (answer) =>
    answer.decision.outcome === "allow"
      ? answer.output.map((row) => row["DisplayName"])
      : `${verdict(answer)} ${refusal(answer)}`,
  )

describe("advanced queries of the directory", () => {
  /** Queries that the index alone answers (advanced query capabilities of Microsoft Graph). */
  const advanced = [
    ["Get-MgUser", { Filter: "displayName ne 'alice'" }],
    ["Get-MgUser", { Filter: "not startsWith(displayName, 'a')" }],
    ["Get-MgUser", { Filter: "endsWith(userPrincipalName, '@contoso.com')" }],
    ["Get-MgUser", { Filter: "companyName eq 'Contoso'" }],
    ["Get-MgUser", { Filter: "department eq null" }],
    ["Get-MgUser", { Filter: "department eq 'Finance'", Sort: "displayName" }],
    ["Get-MgUser", { Sort: "createdDateTime" }],
    ["Get-MgGroup", { Filter: "not(displayName eq 'Partners')" }],
    ["Get-MgApplication", { Sort: "displayName" }],
    ["Get-MgServicePrincipal", { Filter: "displayName ne 'My Apps'" }],
  ] as const

  it.effect.each(advanced)(
    "[IDN-100] %s %o needs eventual consistency and a count",
    ([cmdlet, params]) =>
      Effect.gen(function* () {
        const it = yield* lab()
        const refused = "deny advanced-query Request_UnsupportedQuery"
        assert.strictEqual(yield* asked(it, cmdlet, params), refused)
        const half = { ...params, ConsistencyLevel: "eventual" }
        assert.strictEqual(yield* asked(it, cmdlet, half), refused)
        assert.isArray(yield* asked(it, cmdlet, { ...params, ...eventual }))
      }),
  )

  it.effect("[IDN-100] a search needs the header, and finds words from their beginning", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      for (const DisplayName of ["BoxOffice", "Mail box", "Mailbox"]) {
        yield* it.as("alice", "New-MgApplication", { DisplayName })
      }
      const find = (Search: string, more: object = eventual) =>
        asked(it, "Get-MgApplication", { Search, Sort: "displayName", ...more })
      assert.strictEqual(
        yield* find('"displayName:box"', {}),
        "deny search Request_UnsupportedQuery",
      )
      assert.deepStrictEqual(yield* find('"displayName:box"'), ["BoxOffice", "Mail box"])
      assert.deepStrictEqual(yield* find('"displayName:off" OR "displayName:mailb"'), [
        "BoxOffice",
        "Mailbox",
      ])
      assert.deepStrictEqual(yield* find('"displayName:off" AND "displayName:mail"'), [])
      assert.strictEqual(yield* find("displayName:box"), "deny search Request_BadRequest")
      assert.strictEqual(yield* find('"city:box"'), "unknown search ")
    }),
  )

  it.effect("[IDN-100] the count is of everything, and is left out without the header", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const Filter = "userType eq 'Member'"
      const one = yield* it.as("alice", "Get-MgUser", { Filter, Top: 1, ...eventual })
      assert.strictEqual(one.output.length, 1)
      assert.deepStrictEqual(one.variables, { count: 7 })
      const without = yield* it.as("alice", "Get-MgUser", { Filter, CountVariable: "count" })
      assert.strictEqual(without.output.length, 7)
      assert.isUndefined(without.variables)
    }),
  )

  it.effect("[IDN-100] endsWith is for addresses, whatever the consistency", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const params = { Filter: "endsWith(displayName, 'e')", ...eventual }
      assert.strictEqual(
        yield* asked(it, "Get-MgUser", params),
        "deny query-operator Request_UnsupportedQuery",
      )
      assert.strictEqual(
        yield* asked(it, "Get-MgUser", params, "nina@fabrikam.com"),
        "deny guest-access-level Authorization_RequestDenied",
      )
    }),
  )

  it.effect("[IDN-100] sorts up and down", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const first = yield* asked(it, "Get-MgUser", { Sort: "displayName desc", Top: 1 })
      assert.deepStrictEqual(first, ["ursula"])
      const last = yield* asked(it, "Get-MgUser", { Sort: "displayName", Top: 1 })
      assert.deepStrictEqual(last, ["alice"])
    }),
  )
})

describe("filters", () => {
  const rows = [
    { Name: "ann", Age: 3, Web: { Uri: "https://a" }, On: true },
    { Name: "bob", Age: 5, Web: { Uri: "https://b" }, On: false },
    { Name: "o'neil", Age: 9, Web: { Uri: null }, On: true },
  ]
  const table = [
    ["name eq 'ann' or name eq 'bob' and on eq true", ["ann"]],
    ["(name eq 'ann' or name eq 'bob') and on eq true", ["ann"]],
    ["name eq 'bob' and (on eq true or age ge 5)", ["bob"]],
    ["not (on eq true)", ["bob"]],
    ["not not on eq true", ["ann", "o'neil"]],
    ["age gt 3 and age lt 9", ["bob"]],
    ["age le 3", ["ann"]],
    ["name in ('ANN', 'o''neil')", ["ann", "o'neil"]],
    ["name eq 'o''neil'", ["o'neil"]],
    ["web/uri eq 'https://b'", ["bob"]],
    ["web/uri eq null", ["o'neil"]],
    ["endsWith(web/uri, 'a')", ["ann"]],
    ["missing gt 1", []],
  ] as const

  it.each(table)("[IDN-100] %s", (filter, expected) => {
    const read = readFilter(filter)
    assert.isDefined(read)
    if (read === undefined) return
    assert.deepStrictEqual(
      filterRows(rows, read).map(({ Name }) => Name),
      [...expected],
    )
  })

  it.each([
    "",
    "name",
    "name eq",
    "name eq 'open",
    "(name eq 'a'",
    "name eq 'a')",
    "name eq 'a' name eq 'b'",
    "name in ()",
    "name like 'a'",
    "contains(name, 'a')",
    "x/any(p:p eq 'a')",
    "eq eq eq",
    `${"(".repeat(40)}name eq 'a'${")".repeat(40)}`,
    `${"not ".repeat(40)}name eq 'a'`,
    `name eq '${"a".repeat(5000)}'`,
  ])("[IDN-100] %j is not read, and nothing of it obeyed", (filter) => {
    assert.isUndefined(readFilter(filter))
  })

  it.prop(
    "[IDN-100] any text is read or not, and never breaks",
    { text: Schema.String },
    ({ text }) => {
      const read = readFilter(text)
      if (read !== undefined) assert.isArray(filterRows(rows, read))
    },
  )
})
