import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { assignedGroup, type Group, type IdentityEvent } from "../../src/index.ts"
import { lab, start, verdict } from "../world.ts"

const group = (id: string, rest: Partial<Group>): IdentityEvent => ({
  _tag: "GroupCreated",
  group: assignedGroup({ id, displayName: id, createdAt: start, ...rest }),
})
const rule = {
  membershipRule: 'user.userType -eq "Guest"',
  membershipRuleProcessingState: "On",
} as const
const groups: readonly IdentityEvent[] = [
  group("security", {}),
  group("mail-security", { mail: "mail-security@contoso.com" }),
  group("list", { mail: "list@contoso.com", securityEnabled: false }),
  group("unified", {
    mail: "unified@contoso.com",
    securityEnabled: false,
    groupTypes: ["Unified"],
  }),
  group("dynamic", {
    mail: "dynamic@contoso.com",
    securityEnabled: false,
    groupTypes: ["Unified", "DynamicMembership"],
    ...rule,
  }),
  group("dynamic-security", { groupTypes: ["DynamicMembership"], ...rule }),
]

describe("groups for the rights service", () => {
  /** Group, and in which roles the service takes it: permission, onboarding, delegation, super users. */
  const table = [
    ["security", "deny", "allow", "allow", "deny"],
    ["mail-security", "allow", "allow", "allow", "allow"],
    ["list", "allow", "deny", "allow", "allow"],
    ["unified", "allow", "deny", "allow", "allow"],
    ["dynamic", "allow", "deny", "allow", "allow"],
    ["dynamic-security", "deny", "allow", "allow", "deny"],
    ["nobody", "deny", "deny", "deny", "deny"],
  ] as const
  const purposes = ["permission", "onboarding-control", "delegated-administration", "super-users"]

  it.effect.each(table)("[IDN-231] [IDN-225] %s: %s, %s, %s, %s", ([name, ...expected]) =>
    Effect.gen(function* () {
      const it = yield* lab(groups)
      const found = []
      for (const purpose of purposes) {
        const answer = yield* it.as("alice", "check-protection-group", { group: name, purpose })
        found.push(answer.decision.outcome)
      }
      assert.deepStrictEqual(found, [...expected])
    }),
  )

  it.effect(
    "[IDN-228] members of a static group wait for the cache alone, of a dynamic one for the rule as well",
    () =>
      Effect.gen(function* () {
        const it = yield* lab(groups)
        const wait = (name: string) =>
          Effect.map(
            it.as("alice", "check-protection-group", { group: name }),
            ({ output }) => output[0]?.["worstCaseMinutes"],
          )
        assert.strictEqual(yield* wait("unified"), 180)
        assert.strictEqual(yield* wait("dynamic"), 185)
        yield* it.fault("dynamic-membership-delayed")
        assert.strictEqual(yield* wait("unified"), 180)
        assert.strictEqual(yield* wait("dynamic"), 180 + 24 * 60)
        assert.strictEqual(
          verdict(yield* it.as("alice", "check-protection-group", { group: "dynamic-security" })),
          "deny group-address",
        )
      }),
  )
})
