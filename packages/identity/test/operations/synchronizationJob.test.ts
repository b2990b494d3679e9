import { assert, describe, it } from "@effect/vitest"
import { days, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { allGroups, deletedUserOf, groupOf, memberIdsOf, userOf } from "../../src/index.ts"
import { fabrikamId, type Lab, lab, refusal, verdict } from "../world.ts"

const key = "CrossTenantAccessPolicyConfigurationPartnerTenantId"
const identitySynchronization = "PolicyCrossTenantAccessPolicyPartnerIdentitySynchronization"
const [nina, oscar] = ["nina@fabrikam.com", "oscar@fabrikam.com"]

const allow = (it: Lab, isSyncAllowed = true) =>
  it.as("ivan", `Set-Mg${identitySynchronization}`, {
    [key]: fabrikamId,
    BodyParameter: { userSyncInbound: { isSyncAllowed } },
  })
const allowGroups = (it: Lab, isSyncAllowed = true) =>
  it.as("ivan", `Set-MgBeta${identitySynchronization}`, {
    [key]: fabrikamId,
    BodyParameter: { groupSyncInbound: { isSyncAllowed } },
  })
const push = (it: Lab, more: object = {}) =>
  it.as(nina, "start-partner-synchronization", {
    organization: "fabrikam.com",
    scope: [nina, oscar],
    automaticRedemption: true,
    ...more,
  })
const shown = (it: Lab) =>
  Effect.map(
    it.as(nina, "show-partner-synchronization", { organization: "fabrikam.com" }),
    ({ output }) => output[0],
  )

/** Both sides have agreed; nothing has been pushed yet. */
const agreed = Effect.gen(function* () {
  const it = yield* lab()
  yield* it.as("ivan", "New-MgPolicyCrossTenantAccessPolicyPartner", {
    TenantId: fabrikamId,
    AutomaticUserConsentSettings: { inboundAllowed: true },
  })
  yield* allow(it)
  return it
})

describe("who leaves the scope of a synchronization", () => {
  it.effect("[IDN-108] is deleted softly by the next run, and comes back the same", () =>
    Effect.gen(function* () {
      const it = yield* agreed
      yield* push(it)
      yield* it.wait(1)
      const before = userOf(yield* it.world, oscar)
      assert.isDefined(before)
      yield* push(it, { scope: [nina] })
      assert.isDefined(userOf(yield* it.world, oscar), "nothing before the run")
      yield* it.wait(1)
      assert.isUndefined(userOf(yield* it.world, oscar))
      assert.isDefined(deletedUserOf(yield* it.world, before?.id ?? ""))
      assert.isDefined(userOf(yield* it.world, nina))
      yield* it.wait(days(20))
      yield* push(it)
      yield* it.wait(1)
      assert.strictEqual(userOf(yield* it.world, oscar)?.id, before?.id)
      assert.strictEqual(userOf(yield* it.world, oscar)?.createdAt, before?.createdAt)
    }),
  )

  it.effect("[IDN-108] [IDN-014] after thirty days the object is another one of the same id", () =>
    Effect.gen(function* () {
      const it = yield* agreed
      yield* push(it)
      yield* it.wait(1)
      const before = userOf(yield* it.world, oscar)
      yield* push(it, { scope: [nina] })
      yield* it.wait(days(31))
      assert.isUndefined(deletedUserOf(yield* it.world, before?.id ?? ""))
      yield* push(it)
      yield* it.wait(1)
      assert.notStrictEqual(userOf(yield* it.world, oscar)?.createdAt, before?.createdAt)
    }),
  )
})

describe("a synchronization that keeps failing", () => {
  it.effect("[IDN-108] goes into quarantine, is tried more and more rarely, and recovers", () =>
    Effect.gen(function* () {
      const it = yield* agreed
      yield* push(it)
      yield* it.wait(1)
      assert.deepInclude(yield* shown(it), { status: "Active", error: null })
      yield* allow(it, false)
      yield* it.wait(days(4))
      // 40 minutes after the last good run, then 80, 160, ... and at last once a day.
      assert.deepInclude(yield* shown(it), {
        failures: 8,
        status: "Quarantine",
        error: "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure",
      })
      assert.isDefined(userOf(yield* it.world, nina), "who is here stays")
      yield* allow(it)
      yield* it.wait(days(1))
      assert.deepInclude(yield* shown(it), { status: "Active", quarantineSince: null })
    }),
  )

  it.effect("[IDN-108] a restart looks again at once", () =>
    Effect.gen(function* () {
      const it = yield* agreed
      yield* push(it)
      yield* it.wait(1)
      yield* allow(it, false)
      yield* it.wait(days(3))
      yield* allow(it)
      yield* push(it)
      yield* it.wait(1)
      assert.deepInclude(yield* shown(it), { status: "Active" })
    }),
  )

  it.effect("[IDN-108] after four weeks of quarantine the job is off", () =>
    Effect.gen(function* () {
      const it = yield* agreed
      yield* push(it)
      yield* it.wait(1)
      yield* allow(it, false)
      yield* it.wait(days(28))
      assert.deepInclude(yield* shown(it), { status: "Quarantine" })
      yield* it.wait(days(2))
      const off = yield* it.as(nina, "show-partner-synchronization", {
        organization: "fabrikam.com",
      })
      assert.strictEqual(verdict(off), "deny synchronization-job")
      yield* allow(it)
      yield* it.wait(days(2))
      assert.isUndefined(yield* shown(it), "nothing starts it again by itself")
    }),
  )
})

describe("attribute mappings", () => {
  const pia = "pia@fabrikam.com"
  const withPia = Effect.gen(function* () {
    const it = yield* agreed
    yield* it.as("ivan", "add-person", {
      address: pia,
      account: "entra",
      displayName: "Pia",
      homeTenant: fabrikamId,
      profile: { department: "Sales", jobTitle: "Buyer" },
    })
    return it
  })
  const synchronized = (it: Lab, mappings?: readonly object[]) =>
    Effect.gen(function* () {
      const answer = yield* push(it, {
        scope: [pia],
        ...(mappings === undefined ? {} : { mappings }),
      })
      assert.strictEqual(verdict(answer), "allow")
      yield* it.wait(1)
      return userOf(yield* it.world, pia)
    })

  it.effect("[IDN-108] by default members, listed, with the attributes of home", () =>
    Effect.gen(function* () {
      const user = yield* synchronized(yield* withPia)
      assert.deepInclude(user, {
        userType: "Member",
        showInAddressList: true,
        displayName: "Pia",
        profile: { department: "Sales", jobTitle: "Buyer" },
      })
    }),
  )

  it.effect("[IDN-108] constants, other sources and nothing at all, and a change of them", () =>
    Effect.gen(function* () {
      const it = yield* withPia
      const user = yield* synchronized(it, [
        { target: "userType", type: "Constant", value: "Guest" },
        { target: "showInAddressList", type: "Constant", value: "False" },
        { target: "companyName", type: "Constant", value: "Fabrikam" },
        { target: "department", type: "Direct", source: "jobTitle" },
        { target: "jobTitle", type: "None" },
      ])
      assert.deepInclude(user, {
        userType: "Guest",
        showInAddressList: false,
        profile: { companyName: "Fabrikam", department: "Buyer" },
      })
      // A start without mappings keeps those there are; an empty list goes back to the default.
      assert.strictEqual((yield* synchronized(it))?.userType, "Guest")
      assert.strictEqual((yield* synchronized(it, []))?.userType, "Member")
    }),
  )

  it.effect.each([
    [{ target: "companyName", type: "Constant" }],
    [{ target: "userType", type: "Constant", value: "Boss" }],
    [{ target: "showInAddressList", type: "Constant", value: "maybe" }],
    [{ target: "displayName", type: "None" }],
    [
      { target: "city", type: "None" },
      { target: "city", type: "Direct" },
    ],
  ])("[IDN-108] a mapping that cannot be carried out starts nothing: %o", (mappings) =>
    Effect.gen(function* () {
      const it = yield* withPia
      const answer = yield* push(it, { scope: [pia], mappings })
      assert.strictEqual(verdict(answer), "deny synchronization-mappings")
      assert.strictEqual(refusal(answer), "Request_BadRequest")
      yield* it.wait(1)
      assert.isUndefined(userOf(yield* it.world, pia))
    }),
  )
})

describe("synchronization of groups", () => {
  const sales = { displayName: "Fabrikam Sales", members: [nina, "rita@fabrikam.com"] }

  it.effect("[IDN-108] needs a permission of its own", () =>
    Effect.gen(function* () {
      const it = yield* agreed
      const refused = yield* push(it, { groups: [sales] })
      assert.strictEqual(verdict(refused), "deny synchronization-groups")
      yield* allowGroups(it)
      const { output } = yield* it.as("ivan", `Get-MgBeta${identitySynchronization}`, {
        [key]: fabrikamId,
      })
      assert.deepStrictEqual(output[0]?.["GroupSyncInbound"], { IsSyncAllowed: true })
      assert.strictEqual(verdict(yield* push(it, { groups: [sales] })), "allow")
    }),
  )

  it.effect(
    "[IDN-108] a copy holds the synchronized members, follows home, and goes with the scope",
    () =>
      Effect.gen(function* () {
        const it = yield* agreed
        yield* allowGroups(it)
        yield* push(it, { groups: [sales] })
        yield* it.wait(1)
        const members = Effect.gen(function* () {
          const world = yield* it.world
          const group = groupOf(world, "Fabrikam Sales")
          return memberIdsOf(world, group?.id ?? "").map((id) => userOf(world, id)?.mail)
        })
        assert.deepStrictEqual(yield* members, [nina])
        const id = groupOf(yield* it.world, "Fabrikam Sales")?.id
        // What somebody changes here, the next run undoes.
        yield* it.as("gina", "New-MgGroupMember", {
          GroupId: id,
          DirectoryObjectId: "alice@contoso.com",
        })
        yield* it.wait(minutes(41))
        assert.deepStrictEqual(yield* members, [nina])
        yield* push(it, { groups: [{ ...sales, members: [oscar] }] })
        yield* it.wait(1)
        assert.deepStrictEqual(yield* members, [oscar])
        yield* push(it, { groups: [] })
        yield* it.wait(1)
        assert.isUndefined(groupOf(yield* it.world, "Fabrikam Sales"))
        const count = allGroups(yield* it.world).length
        yield* it.wait(minutes(41))
        assert.strictEqual(allGroups(yield* it.world).length, count)
      }),
  )
})
