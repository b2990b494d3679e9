import { assert, describe, it } from "@effect/vitest"
import { groupsOf, peopleOf, rolesOf, userOf, usersOf } from "@twin/identity"
import { labelsOf } from "@twin/mip"
import { itemsOf, sitesOf } from "@twin/spo"
import { Effect, Schema } from "effect"
import { makeTenant } from "../src/index.ts"
import { madeUpPeople } from "../src/madeUpPeople.ts"

const moment = Date.UTC(2026, 8, 1)
const count = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 200 }))

const namesOf = Effect.fnUntraced(function* (seed: string, people = 0) {
  const world = yield* (yield* makeTenant({ seed, people })).world
  return peopleOf(world).map(({ address, displayName }) => `${address} ${displayName}`)
})

describe("the Contoso baseline", () => {
  it.effect(
    "has twelve members, five people outside, and no guest before somebody invites one",
    () =>
      Effect.gen(function* () {
        const world = yield* (yield* makeTenant({ seed: "1" })).world
        assert.deepStrictEqual(
          usersOf(world).map(
            ({ userPrincipalName, userType }) => `${userPrincipalName} ${userType}`,
          ),
          [
            "alice",
            "bob",
            "carol",
            "dave",
            "erin",
            "frank",
            "grace",
            "heidi",
            "ivan",
            "judy",
            "mallory",
            "olivia",
          ].map((name) => `${name}@contoso.com Member`),
        )
        const outside = peopleOf(world).filter(({ address }) => !address.endsWith("@contoso.com"))
        assert.deepStrictEqual(
          outside.map(({ address, account }) => [address, account]),
          [
            ["gus@gmail.com", "google"],
            ["nina@fabrikam.com", "entra"],
            ["oscar@fabrikam.com", "entra"],
            ["pat@mailbox.example", "mail-only"],
            ["zoe@outlook.com", "microsoft-account"],
          ],
        )
        for (const { address } of outside) assert.isUndefined(userOf(world, address))
      }),
  )

  it.effect("gives each administrator one role, and nobody else any", () =>
    Effect.gen(function* () {
      const tenant = yield* makeTenant({ seed: "1" })
      const world = yield* tenant.world
      const now = yield* tenant.now
      const roles = usersOf(world).flatMap(({ userPrincipalName }) =>
        rolesOf(world, userPrincipalName, now).map((role) => `${userPrincipalName}: ${role}`),
      )
      assert.deepStrictEqual(roles, [
        "grace@contoso.com: SharePoint Administrator",
        "heidi@contoso.com: Exchange Administrator",
        "ivan@contoso.com: Global Administrator",
        "judy@contoso.com: Compliance Administrator",
      ])
    }),
  )

  it.effect("has groups, labels, sites and documents that refer to each other", () =>
    Effect.gen(function* () {
      const world = yield* (yield* makeTenant({ seed: "1" })).world
      const groups = (who: string) => groupsOf(world, who).map(({ displayName }) => displayName)
      assert.deepStrictEqual(groups("alice@contoso.com").toSorted(), [
        "All Employees",
        "Finance Team",
        "Launch Team",
      ])
      assert.deepStrictEqual(groups("nina@fabrikam.com"), [])
      assert.deepStrictEqual(
        labelsOf(world).map(({ name }) => name),
        ["Public", "General", "Confidential", "Highly Confidential"],
      )
      const labelIds = new Map(labelsOf(world).map(({ id, name }) => [id, name]))
      assert.deepStrictEqual(
        itemsOf(world).flatMap(({ content, path }) =>
          content === undefined
            ? []
            : [`${path}: ${labelIds.get(content.labelId ?? "") ?? "none"}`],
        ).length,
        4,
      )
      assert.deepStrictEqual(
        sitesOf(world).map(({ url }) => url),
        [
          "https://contoso-my.sharepoint.com/personal/alice_contoso_com",
          "https://contoso.sharepoint.com/sites/finance",
          "https://contoso.sharepoint.com/sites/hr",
          "https://contoso.sharepoint.com/sites/launch",
        ],
      )
    }),
  )
})

describe("made-up people", () => {
  it.effect("the same seed gives the same people, another seed gives other names", () =>
    Effect.gen(function* () {
      const first = yield* namesOf("1", 30)
      assert.deepStrictEqual(yield* namesOf("1", 30), first)
      const other = yield* namesOf("2", 30)
      assert.lengthOf(other, first.length)
      assert.notDeepEqual(other, first)
    }),
  )

  it.effect("there are as many as asked for, each once, besides the named ones", () =>
    Effect.gen(function* () {
      const none = yield* namesOf("1")
      const many = yield* namesOf("1", 400)
      assert.lengthOf(new Set(many.map((it) => it.split(" ")[0])), none.length + 400)
      assert.includeMembers([...many], [...none])
    }),
  )

  it.prop(
    "keep their place when more are asked for, and never share an address",
    { few: count, more: count },
    ({ few, more }) => {
      const all = madeUpPeople("seed", moment, few + more)
      assert.deepStrictEqual(all.slice(0, few), madeUpPeople("seed", moment, few))
      assert.strictEqual(new Set(all.map(({ alias }) => alias)).size, all.length)
      for (const { alias } of all) assert.match(alias, /^[a-z]+\.[a-z]+\d*$/)
    },
    { arbitrary: { runs: 20 } },
  )
})
