import { assert, describe, it } from "@effect/vitest"
import { days, hours, minutes } from "@twin/kernel"
import { Effect } from "effect"
import {
  appIds,
  type Conditions,
  evaluateSignIn,
  type IdentityEvent,
  type SessionControls,
} from "../../src/index.ts"
import { type Lab, lab, start, verdict } from "../world.ts"
import { added, block, policy } from "./policies.ts"

const blockIs = (state: "enabled" | "disabled") => block({ state })
const asks = (it: Lab, app: string, ipAddress = "203.0.113.10") =>
  Effect.gen(function* () {
    const world = yield* it.world
    return verdict({
      decision: evaluateSignIn({
        world,
        address: "bob@contoso.com",
        app,
        client: { app: "browser", device: "managed", ipAddress },
        now: yield* it.simulation.now,
      }),
    })
  })
const enable = (it: Lab) =>
  it.as("carl", "Update-MgIdentityConditionalAccessPolicy", {
    ConditionalAccessPolicyId: "Block",
    State: "enabled",
    Conditions: {
      users: { includeUsers: ["bob@contoso.com"] },
      applications: { includeApplications: ["All"] },
    },
  })

const branch: IdentityEvent = {
  _tag: "NamedLocationAdded",
  location: {
    id: "office",
    displayName: "Office",
    isTrusted: true,
    ipRanges: ["203.0.113.0/24"],
    countries: [],
  },
  at: start,
}
const outside: Partial<Conditions> = {
  locations: { includeLocations: ["All"], excludeLocations: ["AllTrusted"] },
}
const onlyInside = (session?: SessionControls) =>
  added(
    policy(
      "Only inside",
      { builtInControls: ["block"] },
      { conditions: outside, ...(session === undefined ? {} : { session }) },
    ),
  )

describe("policies that somebody's token knows", () => {
  for (const app of ["Office 365 SharePoint Online", "Office 365 Exchange Online"]) {
    it.effect(`[IDN-154] ${app} may go on for a day as before a change`, () =>
      Effect.gen(function* () {
        const it = yield* lab([blockIs("disabled")])
        yield* it.as("bob", "sign-in", { app })
        yield* it.wait(minutes(5))
        assert.strictEqual(verdict(yield* enable(it)), "allow")
        assert.strictEqual(yield* asks(it, app), "allow")
        yield* it.wait(days(1) - 1)
        assert.strictEqual(yield* asks(it, app), "allow")
        yield* it.wait(1)
        assert.strictEqual(yield* asks(it, app), "deny conditional-access-block")
      }),
    )
  }

  it.effect("[IDN-154] a new sign-in sees the change at once", () =>
    Effect.gen(function* () {
      const it = yield* lab([blockIs("disabled")])
      yield* it.as("bob", "sign-in", { app: "SharePoint" })
      yield* it.wait(minutes(5))
      yield* enable(it)
      const again = yield* it.as("bob", "sign-in", { app: "SharePoint" })
      assert.strictEqual(verdict(again), "deny conditional-access-block")
      assert.strictEqual(yield* asks(it, "Exchange Online"), "deny conditional-access-block")
    }),
  )

  it.effect("[IDN-154] revoking the sessions makes the change count", () =>
    Effect.gen(function* () {
      const it = yield* lab([blockIs("disabled")])
      yield* it.as("bob", "sign-in", { app: "SharePoint" })
      yield* it.wait(minutes(5))
      yield* enable(it)
      yield* it.as("ivan", "Revoke-MgUserSignInSession", { UserId: "bob@contoso.com" })
      assert.strictEqual(yield* asks(it, "SharePoint"), "deny conditional-access-block")
    }),
  )

  it.effect("[IDN-154] a membership that a policy names arrives as late as the policy", () =>
    Effect.gen(function* () {
      const it = yield* lab([block({ users: { includeUsers: [], includeGroups: ["partners"] } })])
      yield* it.as("bob", "sign-in", { app: "SharePoint" })
      yield* it.wait(minutes(5))
      const bobs = { GroupId: "partners", DirectoryObjectId: "bob@contoso.com" }
      assert.strictEqual(verdict(yield* it.as("ivan", "New-MgGroupMember", bobs)), "allow")
      assert.strictEqual(yield* asks(it, "SharePoint"), "allow")
      yield* it.wait(days(1))
      assert.strictEqual(yield* asks(it, "SharePoint"), "deny conditional-access-block")
    }),
  )

  it.effect("[IDN-154] a policy that was removed goes on for as long", () =>
    Effect.gen(function* () {
      const it = yield* lab([block({ users: { includeUsers: [], includeGroups: ["partners"] } })])
      yield* it.as("bob", "sign-in", { app: "SharePoint" })
      yield* it.wait(minutes(5))
      yield* it.as("carl", "Remove-MgIdentityConditionalAccessPolicy", {
        ConditionalAccessPolicyId: "Block",
      })
      assert.lengthOf(Object.keys((yield* it.world).identity.conditionalAccess), 0)
      assert.lengthOf((yield* it.world).identity.replacedPolicies, 1)
      assert.strictEqual(yield* asks(it, "SharePoint"), "allow")
    }),
  )
})

describe("where a token is used", () => {
  it.effect("[IDN-166] Exchange and SharePoint notice another address at once", () =>
    Effect.gen(function* () {
      const it = yield* lab([branch, onlyInside()])
      yield* it.as("bob", "sign-in", { app: "SharePoint" })
      yield* it.wait(minutes(1))
      assert.strictEqual(yield* asks(it, "SharePoint"), "allow")
      assert.strictEqual(
        yield* asks(it, "SharePoint", "198.51.100.7"),
        "deny conditional-access-block",
      )
    }),
  )

  it.effect("[IDN-166] other resources notice it with the next token, within an hour", () =>
    Effect.gen(function* () {
      const it = yield* lab([branch, onlyInside()])
      yield* it.as("bob", "sign-in", { app: appIds.microsoftGraph })
      yield* it.wait(hours(1) - 1)
      assert.strictEqual(yield* asks(it, appIds.microsoftGraph, "198.51.100.7"), "allow")
      yield* it.wait(1)
      assert.strictEqual(
        yield* asks(it, appIds.microsoftGraph, "198.51.100.7"),
        "deny conditional-access-block",
      )
    }),
  )

  it.effect("[IDN-166] [IDN-174] a policy can switch the continuous evaluation off", () =>
    Effect.gen(function* () {
      const off = added(
        policy("No CAE", {}, { session: { continuousAccessEvaluation: "disabled" } }),
      )
      const it = yield* lab([branch, onlyInside(), off])
      yield* it.as("bob", "sign-in", { app: "SharePoint" })
      yield* it.wait(minutes(1))
      assert.strictEqual(yield* asks(it, "SharePoint", "198.51.100.7"), "allow")
      yield* it.wait(hours(1))
      assert.strictEqual(
        yield* asks(it, "SharePoint", "198.51.100.7"),
        "deny conditional-access-block",
      )
    }),
  )
})
