import { assert, describe, it } from "@effect/vitest"
import { hours } from "@twin/kernel"
import {
  assignedGroup,
  authorizedAddressesOf,
  groupOf,
  groupsOf,
  type IdentityEvent,
  memberUser,
  personOf,
  principalFacets,
  rolesOf,
  userKindOf,
  userOf,
  usersOf,
} from "../src/index.ts"
import { baseline, start, userId, worldFrom } from "./world.ts"

const user = (rest: Parameters<typeof memberUser>[0]): IdentityEvent => ({
  _tag: "UserCreated",
  user: memberUser({ createdAt: start, ...rest }),
})
const group = (
  id: string,
  rest: Partial<Parameters<typeof assignedGroup>[0]> = {},
): IdentityEvent => ({
  _tag: "GroupCreated",
  group: assignedGroup({ id, displayName: id, ...rest }),
})
const join = (groupId: string, memberId: string, at = start): IdentityEvent => ({
  _tag: "GroupMemberAdded",
  groupId,
  memberId,
  at,
})
const leave = (groupId: string, memberId: string, at: number): IdentityEvent => ({
  _tag: "GroupMemberRemoved",
  groupId,
  memberId,
  at,
})
const world = (...more: readonly IdentityEvent[]) => worldFrom([...baseline, ...more])
const names = (groups: readonly { readonly displayName: string }[]) =>
  groups.map(({ displayName }) => displayName)

describe("users and people", () => {
  it("finds a user by id, principal name and every address, in any case", () => {
    const it = world(
      user({
        id: "kim",
        userPrincipalName: "kim@contoso.com",
        displayName: "Kim",
        proxyAddresses: ["SMTP:kim@contoso.com", "smtp:k.lee@contoso.com"],
      }),
    )
    for (const name of ["kim", "KIM@contoso.com", "K.Lee@Contoso.com"]) {
      assert.strictEqual(userOf(it, name)?.id, "kim", name)
    }
    assert.isUndefined(userOf(it, "lee@contoso.com"))
  })

  it("knows members as people without an entry of their own, and outsiders by alias", () => {
    const it = world()
    assert.strictEqual(personOf(it, "alice@contoso.com")?.account, "entra")
    assert.strictEqual(personOf(it, "ZOE.alias@outlook.com")?.address, "zoe@outlook.com")
    assert.isUndefined(personOf(it, "stranger@nowhere.example"))
  })

  it("[IDN-005] tells four kinds of users apart, by credentials and by relationship", () => {
    const base = { id: "u", userPrincipalName: "u@contoso.com", displayName: "U" }
    const external = { creationType: "Invitation", externalUserState: "Accepted" } as const
    assert.strictEqual(userKindOf(memberUser(base)), "internal member")
    assert.strictEqual(userKindOf(memberUser({ ...base, userType: "Guest" })), "internal guest")
    assert.strictEqual(userKindOf(memberUser({ ...base, ...external })), "external member")
    assert.strictEqual(
      userKindOf(memberUser({ ...base, ...external, userType: "Guest" })),
      "external guest",
    )
  })

  it("says what somebody is to the tenant: member, external, or nobody at all", () => {
    const it = world()
    assert.strictEqual(principalFacets(it, "alice@contoso.com").kind, "member")
    assert.deepInclude(principalFacets(it, "nina@fabrikam.com"), {
      kind: "external",
      account: "entra",
      invitationState: "none",
    })
    assert.strictEqual(principalFacets(it, "stranger@nowhere.example").account, "unknown")
  })

  it("lists users in one order, whatever the order of creation", () => {
    const upns = usersOf(world()).map(({ userPrincipalName }) => userPrincipalName)
    assert.deepStrictEqual(upns, upns.toSorted())
    assert.deepStrictEqual(usersOf(worldFrom([...baseline].toReversed())), usersOf(world()))
  })
})

const ankur = (proxyAddresses: readonly string[]) =>
  world(
    user({
      id: "ankur",
      userPrincipalName: "ankurroy@contoso.com",
      displayName: "Ankur",
      proxyAddresses,
    }),
  )

describe("addresses that encrypted content goes by", () => {
  it("[IDN-095] are the proxy addresses, and then not the principal name", () => {
    const it = ankur(["SMTP:ankur.roy@contoso.com"])
    assert.deepStrictEqual(authorizedAddressesOf(it, "ankur"), ["ankur.roy@contoso.com"])
  })

  it("[IDN-095] are the principal name only where there is no proxy address", () => {
    assert.deepStrictEqual(authorizedAddressesOf(ankur([]), "ankur"), ["ankurroy@contoso.com"])
  })

  it("[IDN-095] [IDN-232] leave out addresses in a domain that is not verified", () => {
    const it = ankur(["SMTP:ankur@contoso.com", "smtp:ankur@elsewhere.example"])
    assert.deepStrictEqual(authorizedAddressesOf(it, "ankur"), ["ankur@contoso.com"])
    assert.deepStrictEqual(authorizedAddressesOf(ankur(["SMTP:a@elsewhere.example"]), "ankur"), [])
  })

  it("[IDN-097] keep an old address that stays as a secondary one, and lose one that does not", () => {
    const kept = ankur(["SMTP:new@contoso.com", "smtp:old@contoso.com"])
    assert.include(authorizedAddressesOf(kept, "ankur"), "old@contoso.com")
    assert.notInclude(
      authorizedAddressesOf(ankur(["SMTP:new@contoso.com"]), "ankur"),
      "old@contoso.com",
    )
  })

  it("[IDN-096] include the aliases of a work account elsewhere", () => {
    assert.deepStrictEqual(authorizedAddressesOf(world(), "nina@fabrikam.com"), [
      "nina@fabrikam.com",
      "nina.alias@fabrikam.com",
    ])
  })

  it("[IDN-098] are exactly the account address of a Microsoft account", () => {
    assert.deepStrictEqual(authorizedAddressesOf(world(), "zoe@outlook.com"), ["zoe@outlook.com"])
  })

  it("[IDN-096] are none for an address that nobody has", () => {
    assert.deepStrictEqual(authorizedAddressesOf(world(), "stranger@nowhere.example"), [])
  })
})

describe("groups", () => {
  it("[IDN-190] hold members through nesting, even where nesting runs in a circle", () => {
    const it = world(
      group("inner"),
      group("outer"),
      join("inner", userId("alice")),
      join("outer", "inner"),
      join("inner", "outer"),
    )
    assert.deepStrictEqual(names(groupsOf(it, "alice@contoso.com")), ["inner", "outer"])
    assert.deepStrictEqual(names(groupsOf(it, "bob@contoso.com")), [])
    assert.deepStrictEqual(names(groupsOf(it, "stranger@nowhere.example")), [])
  })

  it("[IDN-227] [IDN-229] can be asked for as they were before, for whoever caches them", () => {
    const later = start + hours(1)
    const it = world(
      group("team"),
      join("team", userId("alice"), start),
      leave("team", userId("alice"), later),
      join("team", userId("bob"), later),
    )
    assert.deepStrictEqual(names(groupsOf(it, "alice@contoso.com", start - 1)), [])
    assert.deepStrictEqual(names(groupsOf(it, "alice@contoso.com", start)), ["team"])
    assert.deepStrictEqual(names(groupsOf(it, "alice@contoso.com", later - 1)), ["team"])
    assert.deepStrictEqual(names(groupsOf(it, "alice@contoso.com", later)), [])
    assert.deepStrictEqual(names(groupsOf(it, "bob@contoso.com", later - 1)), [])
    assert.deepStrictEqual(names(groupsOf(it, "bob@contoso.com")), ["team"])
  })

  it("are found by id, address and name; the address beats a name", () => {
    const it = world(
      group("one", { displayName: "Team", mail: "team@contoso.com" }),
      group("two", { displayName: "team@contoso.com" }),
    )
    assert.strictEqual(groupOf(it, "TEAM@contoso.com")?.id, "one")
    assert.strictEqual(groupOf(it, "team")?.id, "one")
    assert.isUndefined(groupOf(it, "nobody"))
  })
})

describe("roles", () => {
  const eligible: IdentityEvent = {
    _tag: "RoleAssigned",
    assignment: {
      principalId: userId("alice"),
      role: "SharePoint Administrator",
      assignment: "eligible",
      from: start,
    },
  }
  const activated: IdentityEvent = {
    _tag: "RoleActivated",
    principalId: userId("alice"),
    role: "SharePoint Administrator",
    until: start + hours(8),
    at: start,
  }

  it("[IDN-247] are those in force: an eligible role counts only while it is activated", () => {
    assert.deepStrictEqual(rolesOf(world(), "alice@contoso.com", start), [])
    assert.deepStrictEqual(rolesOf(world(eligible), "alice@contoso.com", start), [])
    const it = world(eligible, activated)
    assert.deepStrictEqual(rolesOf(it, "alice@contoso.com", start), ["SharePoint Administrator"])
    assert.deepStrictEqual(rolesOf(it, "alice@contoso.com", start + hours(8)), [])
  })

  it("[IDN-247] end with a time-bound assignment, and do not begin before it", () => {
    const it = world({
      _tag: "RoleAssigned",
      assignment: {
        principalId: userId("bob"),
        role: "Guest Inviter",
        assignment: "active",
        from: start + 1,
        until: start + 10,
      },
    })
    assert.deepStrictEqual(rolesOf(it, "bob@contoso.com", start), [])
    assert.deepStrictEqual(rolesOf(it, "bob@contoso.com", start + 1), ["Guest Inviter"])
    assert.deepStrictEqual(rolesOf(it, "bob@contoso.com", start + 10), [])
  })
})
