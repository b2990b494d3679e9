import { test } from "vitest"
import {
  assignedGroup,
  type IdentityEvent,
  type IdentityWorld,
  membershipChanges,
  memberUser,
  processMembership,
} from "../src/index.ts"
import { baseline, composition, start, worldFrom } from "../test/world.ts"

const people = 100_000
const rules = 1_000

const users = Array.from(
  { length: people },
  (_, index): IdentityEvent => ({
    _tag: "UserCreated",
    user: memberUser({
      id: `user-${index}`,
      userPrincipalName: `user${index}@contoso.com`,
      displayName: `User ${index}`,
      userType: index % 5 === 0 ? "Guest" : "Member",
      profile: { department: `Department ${index % 500}`, city: `City ${index % 50}` },
      createdAt: start,
    }),
  }),
)

const ruleOf = (index: number): string =>
  index % 2 === 0
    ? `user.department -eq "Department ${index % 500}" -and user.userType -eq "Member"`
    : `user.city -in ["City ${index % 50}","City ${(index + 1) % 50}"] -and user.department -match "${index % 10}$"`

const groups = Array.from(
  { length: rules },
  (_, index): IdentityEvent => ({
    _tag: "GroupCreated",
    group: assignedGroup({
      id: `group-${index}`,
      displayName: `Group ${index}`,
      groupTypes: ["DynamicMembership"],
      membershipRule: ruleOf(index),
      membershipRuleProcessingState: "On",
      createdAt: start,
    }),
  }),
)

const fresh = worldFrom([...baseline, ...users, ...groups])
const apply = (world: IdentityWorld, events: readonly IdentityEvent[]): IdentityWorld =>
  events.reduce(composition.evolve, world)
const settled = apply(fresh, processMembership(fresh, start))
const moved = apply(settled, [
  {
    _tag: "UserUpdated",
    userId: "user-7",
    changes: { profile: { department: "Department 8", city: "City 7" } },
    at: start,
  },
])

/** One round takes seconds, so a few of them stand for the figure. */
const few = { iterations: 3, warmupIterations: 1, time: 0, warmupTime: 0 }

test("1,000 rules over 100,000 people", async ({ bench }) => {
  await bench.compare(
    bench("from scratch", () => {
      processMembership(fresh, start)
    }),
    bench("after one change", () => {
      membershipChanges(moved, start)
    }),
    few,
  )
})
