import { assert, describe, it } from "@effect/vitest"
import { days, hours, minutes } from "@twin/kernel"
import { Effect } from "effect"
import type { IdentityEvent } from "../../src/index.ts"
import { added, policy } from "../decisions/policies.ts"
import { type Lab, lab, refusal, start, userId, verdict } from "../world.ts"

const sharePoint = "Office 365 SharePoint Online"

const misses = (it: Lab, count: number) =>
  Effect.forEach(Array.from({ length: count }), () =>
    Effect.map(it.as("alice", "sign-in", { wrongPassword: true }), refusal),
  )

const codeOf = (it: Lab, params: object = {}) =>
  Effect.map(it.as("alice", "sign-in", params), refusal)

describe("wrong passwords", () => {
  it.effect("[IDN-275] ten of them lock the account with 50053, for the right one as well", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.deepStrictEqual(new Set(yield* misses(it, 10)), new Set(["AADSTS50126"]))
      const right = yield* it.as("alice", "sign-in")
      assert.strictEqual(verdict(right), "deny account-locked")
      assert.strictEqual(refusal(right), "AADSTS50053")
      assert.strictEqual(verdict(yield* it.as("bob", "sign-in")), "allow")
      yield* it.wait(minutes(1) - 1)
      assert.strictEqual(yield* codeOf(it), "AADSTS50053")
      yield* it.wait(1)
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in")), "allow")
    }),
  )

  it.effect("[IDN-275] every further one locks for twice as long, a sign-in forgets them", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* misses(it, 10)
      yield* it.wait(minutes(1))
      assert.deepStrictEqual(yield* misses(it, 1), ["AADSTS50126"])
      yield* it.wait(minutes(2) - 1)
      assert.strictEqual(yield* codeOf(it), "AADSTS50053")
      yield* it.wait(1)
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in")), "allow")
      yield* misses(it, 9)
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in")), "allow")
    }),
  )
})

describe("passwords that expire", () => {
  const expiry = { DomainId: "contoso.com", PasswordValidityPeriodInDays: 90 }

  it.effect("[IDN-275] 50055 after the days of the domain, until a new one is set", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(verdict(yield* it.as("ivan", "Update-MgDomain", expiry)), "allow")
      yield* it.wait(days(90) - 1)
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in")), "allow")
      yield* it.wait(1)
      const late = yield* it.as("alice", "sign-in")
      assert.strictEqual(verdict(late), "challenge password-current")
      assert.strictEqual(refusal(late), "AADSTS50055")
      assert.strictEqual(yield* codeOf(it, { wrongPassword: true }), "AADSTS50126")
      assert.strictEqual(
        verdict(yield* it.as("alice", "sign-in", { changePassword: true })),
        "allow",
      )
      yield* it.wait(days(90) - 1)
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in")), "allow")
      yield* it.wait(1)
      assert.strictEqual(yield* codeOf(it), "AADSTS50055")
    }),
  )

  it.effect("[IDN-275] the cmdlet takes a domain of the tenant, 14 days and more, and a role", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const set = (who: string, params: object) =>
        Effect.map(it.as(who, "Update-MgDomain", params), verdict)
      assert.strictEqual(
        yield* set("ivan", { ...expiry, DomainId: "other.example" }),
        "deny resource-found",
      )
      assert.strictEqual(
        yield* set("ivan", { ...expiry, PasswordValidityPeriodInDays: 13 }),
        "deny request-body",
      )
      assert.notStrictEqual(yield* set("alice", expiry), "allow")
      assert.deepStrictEqual((yield* it.world).identity.signInProtection.validityDays, {})
    }),
  )
})

const inGroup = (groupId: string, memberId: string): IdentityEvent => ({
  _tag: "GroupMemberAdded",
  groupId,
  memberId,
  at: start,
})

describe("applications that ask for an assignment", () => {
  const required = { ServicePrincipalId: sharePoint, AppRoleAssignmentRequired: true }
  const assign = (PrincipalId: string) => ({ ServicePrincipalId: sharePoint, PrincipalId })

  it.effect("[IDN-276] 50105 without one; a user, or a group for its members, gets in", () =>
    Effect.gen(function* () {
      const it = yield* lab([inGroup("partners", userId("bob"))])
      const tries = (who: string) => it.as(who, "sign-in", { app: sharePoint })
      assert.strictEqual(
        verdict(yield* it.as("ivan", "Update-MgServicePrincipal", required)),
        "allow",
      )
      const refused = yield* tries("alice")
      assert.strictEqual(verdict(refused), "deny application-assignment")
      assert.strictEqual(refusal(refused), "AADSTS50105")
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in", { app: "My Apps" })), "allow")
      const create = "New-MgServicePrincipalAppRoleAssignedTo"
      assert.strictEqual(verdict(yield* it.as("ivan", create, assign(userId("alice")))), "allow")
      assert.strictEqual(verdict(yield* tries("alice")), "allow")
      assert.strictEqual(refusal(yield* tries("bob")), "AADSTS50105")
      assert.strictEqual(verdict(yield* it.as("ivan", create, assign("partners"))), "allow")
      assert.strictEqual(verdict(yield* tries("bob")), "allow")
      const remove = {
        ServicePrincipalId: sharePoint,
        AppRoleAssignmentId: userId("alice"),
      }
      const name = "Remove-MgServicePrincipalAppRoleAssignedTo"
      assert.strictEqual(verdict(yield* it.as("ivan", name, remove)), "allow")
      assert.strictEqual(refusal(yield* tries("alice")), "AADSTS50105")
      assert.strictEqual(verdict(yield* it.as("ivan", name, remove)), "deny resource-found")
    }),
  )

  it.effect("[IDN-276] what does not exist cannot be assigned", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const create = "New-MgServicePrincipalAppRoleAssignedTo"
      assert.strictEqual(
        verdict(yield* it.as("ivan", create, assign("nobody"))),
        "deny resource-found",
      )
      const unknown = { ...required, ServicePrincipalId: "No such application" }
      assert.strictEqual(
        verdict(yield* it.as("ivan", "Update-MgServicePrincipal", unknown)),
        "deny resource-found",
      )
      assert.deepStrictEqual((yield* it.world).identity.signInProtection.assignments, {})
    }),
  )
})

describe("second factors that grow old", () => {
  const four = { signInFrequencyHours: 4 }

  it.effect(
    "[IDN-274] 50078 when the factor is older than the frequency, though the sign-in is new",
    () =>
      Effect.gen(function* () {
        const asking = policy("Fresh MFA", { builtInControls: ["mfa"] }, { session: four })
        const it = yield* lab([added(asking)])
        const given = yield* it.as("bob", "sign-in", { mfa: "authenticatorPush" })
        assert.strictEqual(verdict(given), "allow")
        yield* it.wait(hours(4) - 1)
        assert.strictEqual(verdict(yield* it.as("bob", "sign-in")), "allow")
        yield* it.wait(1)
        const old = yield* it.as("bob", "sign-in")
        assert.strictEqual(verdict(old), "challenge sign-in-frequency")
        assert.strictEqual(refusal(old), "AADSTS50078")
        const again = yield* it.as("bob", "sign-in", { mfa: "authenticatorPush" })
        assert.strictEqual(verdict(again), "allow")
        assert.strictEqual(verdict(yield* it.as("bob", "sign-in")), "allow")
      }),
  )

  it.effect("[IDN-274] a frequency of a policy that asks for no factor says nothing about it", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        added(policy("MFA", { builtInControls: ["mfa"] })),
        added(policy("Hourly", {}, { session: four })),
      ])
      yield* it.as("bob", "sign-in", { mfa: "authenticatorPush" })
      yield* it.wait(hours(5))
      assert.strictEqual(verdict(yield* it.as("bob", "sign-in")), "allow")
    }),
  )
})

describe("names that nothing answers to", () => {
  it.effect("[IDN-276] 700016 for an application, 500011 for the resource of a token", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(yield* codeOf(it, { app: "No such thing" }), "AADSTS700016")
      const asked = yield* it.as("alice", "acquire-token", { resource: "No such thing" })
      assert.strictEqual(verdict(asked), "deny application-known")
      assert.strictEqual(refusal(asked), "AADSTS500011")
    }),
  )
})
