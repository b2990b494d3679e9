import { decideByGates, defaultClient } from "@twin/kernel"
import { test } from "vitest"
import {
  type ConditionalAccessPolicy,
  type IdentityEvent,
  memberUser,
  processMembership,
  type SignInQuestion,
  signInFacets,
  signInGatesFor,
} from "../src/index.ts"
import { baseline, composition, start, worldFrom } from "../test/world.ts"

const people = 10_000

const users = Array.from(
  { length: people },
  (_, index): IdentityEvent => ({
    _tag: "UserCreated",
    user: memberUser({
      id: `user-${index}`,
      userPrincipalName: `user${index}@contoso.com`,
      displayName: `User ${index}`,
      userType: index % 5 === 0 ? "Guest" : "Member",
      profile: { department: index % 3 === 0 ? "Sales" : "Legal" },
      createdAt: start,
    }),
  }),
)
const policy = (index: number): ConditionalAccessPolicy => ({
  id: `policy-${index}`,
  displayName: `Policy ${index}`,
  state: "enabled",
  conditions: {
    users: {
      includeUsers: index % 2 === 0 ? ["GuestsOrExternalUsers"] : [`user-${index}`],
      excludeUsers: [],
      includeGroups: [],
      excludeGroups: [],
      includeRoles: [],
      excludeRoles: [],
    },
    applications: { includeApplications: ["All"], excludeApplications: [], includeUserActions: [] },
    clientAppTypes: ["all"],
    signInRiskLevels: [],
    userRiskLevels: [],
  },
  grantControls: { operator: "AND", builtInControls: ["mfa"], termsOfUse: [] },
  createdAt: start,
})
const policies = Array.from(
  { length: 20 },
  (_, index): IdentityEvent => ({ _tag: "ConditionalAccessPolicyAdded", policy: policy(index) }),
)
const dynamicGroup: IdentityEvent = {
  _tag: "GroupCreated",
  group: {
    id: "guests",
    displayName: "Guests",
    mailNickname: "guests",
    mail: "guests@contoso.com",
    mailEnabled: true,
    securityEnabled: false,
    groupTypes: ["Unified", "DynamicMembership"],
    membershipRule: '(user.userType -eq "Guest") -and (user.mail -match "@contoso\\.com$")',
    membershipRuleProcessingState: "On",
    isAssignableToRole: false,
    onPremisesSyncEnabled: false,
    allowToAddGuests: true,
    owners: [],
    createdAt: start,
  },
}

const world = worldFrom([...baseline, ...users, ...policies, dynamicGroup])
const question = (index: number): SignInQuestion => ({
  world,
  address: `user${index}@contoso.com`,
  app: "SharePoint",
  client: defaultClient,
  now: start,
})
const facets = Array.from({ length: people }, (_, index) => signInFacets(question(index)))

test("10,000 people", async ({ bench }) => {
  await bench.compare(
    bench("are created", () => {
      users.reduce(composition.evolve, worldFrom(baseline))
    }),
    bench("are looked up for a sign-in under 20 policies", () => {
      for (let index = 0; index < people; index++) signInFacets(question(index))
    }),
    bench("are asked by the gates of a sign-in", () => {
      for (const it of facets) decideByGates(signInGatesFor(it), it)
    }),
    bench("are matched with a membership rule", () => {
      processMembership(world, start)
    }),
  )
})
