import { assert, describe, it } from "@effect/vitest"
import { hours, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { type IdentityEvent, rolesOf } from "../../src/index.ts"
import { baseline, type Lab, lab, printed, refusal, start, userId, verdict } from "../world.ts"

const role = "Groups Administrator"
const eligible = (name = "alice"): IdentityEvent => ({
  _tag: "RoleAssigned",
  assignment: { principalId: userId(name), role, assignment: "eligible", from: start },
})
const privileged: IdentityEvent = {
  _tag: "RoleAssigned",
  assignment: {
    principalId: userId("grace"),
    role: "Privileged Role Administrator",
    assignment: "active",
    from: start,
  },
}
const settings = (it: Lab, rest: object) => it.as("grace", "set-role-settings", { role, ...rest })
const activate = (it: Lab, rest: object = {}) =>
  it.as("alice", "activate-role", { role, justification: "a new team", ...rest })
const held = Effect.fnUntraced(function* (it: Lab, who = "alice") {
  return rolesOf(yield* it.world, `${who}@contoso.com`, yield* it.simulation.now).includes(role)
})

describe("settings of a role", () => {
  it.effect("[IDN-247] the longest activation is 8 hours at first, and can be 1 to 24", () =>
    Effect.gen(function* () {
      const it = yield* lab([eligible(), privileged])
      assert.strictEqual(verdict(yield* activate(it, { hours: 9 })), "deny activation-duration")
      for (const [maximumHours, expected] of [
        [0.5, "deny role-settings"],
        [25, "deny role-settings"],
        [1, "allow"],
        [24, "allow"],
      ] as const) {
        assert.strictEqual(verdict(yield* settings(it, { maximumHours })), expected)
      }
      assert.strictEqual(verdict(yield* activate(it, { hours: 24 })), "allow")
      yield* it.wait(hours(24) - 1)
      assert.isTrue(yield* held(it))
      yield* it.wait(1)
      assert.isFalse(yield* held(it))
    }),
  )

  it.effect(
    "[IDN-247] justification and ticket number are asked for where the settings say so",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([eligible(), privileged])
        const bare = { justification: "" }
        assert.strictEqual(verdict(yield* activate(it, bare)), "deny activation-justification")
        yield* settings(it, { requiresJustification: false, requiresTicket: true })
        assert.strictEqual(verdict(yield* activate(it, bare)), "deny activation-ticket")
        assert.strictEqual(verdict(yield* activate(it, { ...bare, ticket: "made up" })), "allow")
      }),
  )

  it.effect("[IDN-242] only who administers privileged roles sets them, for roles that exist", () =>
    Effect.gen(function* () {
      const it = yield* lab([eligible(), privileged])
      assert.strictEqual(
        verdict(yield* it.as("ursula", "set-role-settings", { role })),
        "deny role",
      )
      const unknown = { role: "Grand Vizier" }
      assert.strictEqual(
        verdict(yield* it.as("grace", "set-role-settings", unknown)),
        "deny role-settings",
      )
      const approvers = ["nobody@contoso.com"]
      assert.strictEqual(verdict(yield* settings(it, { approvers })), "deny role-settings")
    }),
  )

  it.effect("[IDN-249] eligible roles need a licence", () =>
    Effect.gen(function* () {
      const first = baseline[0]
      if (first?._tag !== "OrganizationCreated") return
      const plain: IdentityEvent = {
        ...first,
        organization: { ...first.organization, licenses: ["P1"] },
      }
      const it = yield* lab([eligible(), plain])
      assert.strictEqual(verdict(yield* activate(it)), "deny pim-licence")
    }),
  )
})

describe("approval", () => {
  const asked = Effect.fnUntraced(function* (it: Lab) {
    return { request: printed(yield* activate(it), "id"), approve: true }
  })

  it.effect(
    "[IDN-247] nobody chosen means the role administrators; never the person who asks",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([eligible(), eligible("grace"), privileged])
        yield* settings(it, { requiresApproval: true })
        const request = yield* asked(it)
        assert.isFalse(yield* held(it))
        assert.strictEqual(
          verdict(yield* it.as("bob", "decide-activation", request)),
          "deny activation-approver",
        )
        const own = yield* it.as("grace", "activate-role", { role, justification: "mine" })
        const mine = { request: printed(own, "id"), approve: true }
        assert.strictEqual(
          verdict(yield* it.as("grace", "decide-activation", mine)),
          "deny activation-approver",
        )
        assert.strictEqual(verdict(yield* it.as("grace", "decide-activation", request)), "allow")
        assert.isTrue(yield* held(it))
        assert.strictEqual(
          verdict(yield* it.as("grace", "decide-activation", request)),
          "deny activation-request",
        )
      }),
  )

  it.effect("[IDN-247] chosen approvers decide alone; a denial leaves nothing", () =>
    Effect.gen(function* () {
      const it = yield* lab([eligible(), privileged])
      yield* settings(it, { requiresApproval: true, approvers: ["bob@contoso.com"] })
      const request = yield* asked(it)
      assert.strictEqual(
        verdict(yield* it.as("grace", "decide-activation", request)),
        "deny activation-approver",
      )
      const denied = { ...request, approve: false }
      assert.strictEqual(verdict(yield* it.as("bob", "decide-activation", denied)), "allow")
      assert.isFalse(yield* held(it))
    }),
  )
})

const policy = (it: Lab, rest: object) =>
  it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
    DisplayName: "Context",
    State: "enabled",
    Conditions: {
      users: { includeUsers: ["All"] },
      applications: { includeAuthenticationContextClassReferences: ["c1"] },
      clientAppTypes: ["all"],
    },
    GrantControls: { operator: "OR", builtInControls: ["mfa"] },
    ...rest,
  })

const withFactor = (it: Lab) => it.as("alice", "sign-in", { mfa: "authenticatorPush" })

describe("proof at activation", () => {
  it.effect("[IDN-248] a second factor earlier in the session is enough", () =>
    Effect.gen(function* () {
      const it = yield* lab([eligible(), privileged])
      yield* settings(it, { requiresMfa: true })
      const answer = yield* activate(it)
      assert.strictEqual(verdict(answer), "deny activation-proof")
      assert.strictEqual(refusal(answer), "RoleAssignmentRequestPolicyValidationFailed")
      yield* withFactor(it)
      assert.strictEqual(verdict(yield* activate(it)), "allow")
    }),
  )

  it.effect("[IDN-248] a context without any policy falls back to a second factor", () =>
    Effect.gen(function* () {
      const it = yield* lab([eligible(), privileged])
      yield* settings(it, { authenticationContext: "c1" })
      assert.strictEqual(verdict(yield* activate(it)), "deny activation-proof")
      yield* withFactor(it)
      assert.strictEqual(verdict(yield* activate(it)), "allow")
    }),
  )

  /** State or users of the policy on the context -> does the activation go through without a factor. */
  const excluded = {
    Conditions: {
      users: { includeUsers: ["All"], excludeUsers: [userId("alice")] },
      applications: { includeAuthenticationContextClassReferences: ["c1"] },
      clientAppTypes: ["all"],
    },
  }
  it.effect.each([
    ["on", {}, "deny activation-proof"],
    ["off", { State: "disabled" }, "allow"],
    ["report only", { State: "enabledForReportingButNotEnforced" }, "allow"],
    ["excludes the user", excluded, "allow"],
  ] as const)("[IDN-248] the policy on the context is %s", ([, rest, expected]) =>
    Effect.gen(function* () {
      const it = yield* lab([eligible(), privileged])
      yield* settings(it, { authenticationContext: "c1" })
      assert.strictEqual(verdict(yield* policy(it, rest)), "allow")
      assert.strictEqual(verdict(yield* activate(it)), expected)
    }),
  )

  it.effect("[IDN-248] a policy on the role itself does not count: nobody holds it yet", () =>
    Effect.gen(function* () {
      const it = yield* lab([eligible(), privileged])
      yield* settings(it, { authenticationContext: "c1" })
      yield* policy(it, {
        Conditions: {
          users: { includeRoles: ["fdd7a751-b60b-444a-984c-02652fe8fa1c"] },
          applications: { includeAuthenticationContextClassReferences: ["c1"] },
          clientAppTypes: ["all"],
        },
      })
      assert.strictEqual(verdict(yield* activate(it)), "allow")
    }),
  )
})

describe("a new role", () => {
  it.effect("[IDN-246] may take a quarter of an hour to count, or a new sign-in", () =>
    Effect.gen(function* () {
      const it = yield* lab([privileged])
      yield* it.fault("role-change-delayed")
      yield* it.wait(minutes(20))
      const assign = (user: string) => it.as("ivan", "assign-role", { user, role })
      assert.strictEqual(verdict(yield* assign("alice@contoso.com")), "allow")
      assert.strictEqual(verdict(yield* assign("bob@contoso.com")), "allow")
      assert.isFalse(yield* held(it))
      yield* it.wait(1000)
      yield* it.as("bob", "sign-in", { mfa: "authenticatorPush" })
      assert.isTrue(yield* held(it, "bob"))
      yield* it.wait(minutes(15) - 1001)
      assert.isFalse(yield* held(it))
      yield* it.wait(1)
      assert.isTrue(yield* held(it))
    }),
  )
})
