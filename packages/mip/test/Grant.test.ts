import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  formatRightsDefinitions,
  mergeGrants,
  parseRightsDefinitions,
  UsageRight,
} from "../src/index.ts"

const Who = Schema.Literals([
  "john@contoso.com",
  "finance@contoso.com",
  "microsoft.com",
  "AuthenticatedUsers",
])

describe("rights definitions", () => {
  it("[MIP-108] read identities and rights as the cmdlets write them", () => {
    const { grants, defects } = parseRightsDefinitions(
      "John@Contoso.com:view,EDIT; microsoft.com:VIEW;AUTHENTICATEDUSERS:View",
    )
    assert.deepStrictEqual(defects, [])
    assert.deepStrictEqual(grants, [
      { who: "john@contoso.com", rights: ["VIEW", "EDIT"] },
      { who: "microsoft.com", rights: ["VIEW"] },
      { who: "AuthenticatedUsers", rights: ["VIEW"] },
    ])
  })

  it.each([
    ["john@contoso.com", "no separator"],
    [":VIEW", "no identity"],
    ["john@contoso.com:", "no rights"],
    ["john@contoso.com:READ", "unknown right"],
    ["john@contoso.com:VIEW,", undefined],
    ["", undefined],
    [";;", undefined],
  ] as const)("[MIP-108] %s: %s", (text, problem) => {
    assert.strictEqual(parseRightsDefinitions(text).defects[0]?.problem, problem)
  })

  it("[MIP-108] no unreadable part grants anything", () => {
    assert.deepStrictEqual(parseRightsDefinitions("a@x:VIEW,NOSUCH;b:;c").grants, [])
  })

  it.prop(
    "[MIP-108] what is printed reads back",
    [Schema.Array(Schema.Struct({ who: Who, rights: Schema.NonEmptyArray(UsageRight) }))],
    ([grants]) => {
      const { grants: read, defects } = parseRightsDefinitions(formatRightsDefinitions(grants))
      assert.deepStrictEqual(defects, [])
      assert.deepStrictEqual(read, grants)
    },
  )

  it.prop("any text reads without an error", [Schema.String], ([text]) => {
    for (const { who, rights } of parseRightsDefinitions(text).grants) {
      assert.isNotEmpty(who)
      assert.isNotEmpty(rights)
    }
  })

  it("merging unites the rights of one identity", () => {
    assert.deepStrictEqual(
      mergeGrants([
        { who: "B@x.com", rights: ["VIEW"] },
        { who: "a@x.com", rights: ["PRINT"] },
        { who: "b@x.com", rights: ["EDIT", "VIEW"] },
      ]),
      [
        { who: "a@x.com", rights: ["PRINT"] },
        { who: "b@x.com", rights: ["VIEW", "EDIT"] },
      ],
    )
  })
})
