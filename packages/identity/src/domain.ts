import type { CryptoEvent, CryptoServices } from "@twin/crypto"
import { type Due, days, decideByGates, domain, gate, pass } from "@twin/kernel"
import { HashMap } from "effect"
import { addedPrincipalsOf } from "./applications.ts"
import { appNames } from "./CloudApp.ts"
import { dueContentGuests } from "./contentGuest.ts"
import { evaluateApplicationSignIn } from "./decisions/evaluateApplicationSignIn.ts"
import { dueAssignments } from "./dueAssignments.ts"
import { dueInvitations } from "./dueInvitations.ts"
import { dueMembership } from "./dueMembership.ts"
import { dueReviews } from "./dueReviews.ts"
import { dueSynchronization } from "./dueSynchronization.ts"
import { evolveIdentity } from "./evolve.ts"
import { identityFaults } from "./faults.ts"
import { IdentityEvent } from "./IdentityEvent.ts"
import { identityOperations } from "./operations/table.ts"
import { type IdentityState, type IdentityWorld, initialState } from "./State.ts"

/** How long a deleted user can be restored (IDN-014). */
export const restorableDays = 30

const purged = gate<{ readonly days: number }>()({
  name: "user-purged",
  facts: ["IDN-014"],
  reads: ["days"],
  check: ({ days: count }) => pass("The deleted user can no longer be restored.", { days: count }),
})

const duePurges = (world: IdentityWorld, until: number): readonly Due<IdentityEvent>[] =>
  HashMap.toValues(world.identity.deletedUsers)
    .map(({ user, at }) => ({ userId: user.id, at: at + days(restorableDays) }))
    .filter(({ at }) => at <= until)
    .toSorted((a, b) => a.at - b.at || (a.userId < b.userId ? -1 : 1))
    .map(({ userId, at }) => ({
      at,
      name: "user-purged",
      decision: decideByGates([purged], { days: restorableDays }),
      events: [{ _tag: "UserPurged", userId, at }],
    }))

/** Entra ID as a domain of the tenant: the slice `world.identity`. */
export const identityDomain = domain<
  IdentityWorld,
  IdentityState,
  IdentityEvent,
  IdentityEvent | CryptoEvent,
  CryptoServices
>({
  name: "identity",
  initial: initialState,
  events: IdentityEvent,
  evolve: evolveIdentity,
  operations: identityOperations,
  faults: identityFaults,
  questions: [
    {
      action: "sign-in",
      summary: "May this person get a token for this application?",
      subjects: (world) => [
        ...appNames,
        ...addedPrincipalsOf(world).map(({ displayName }) => displayName),
      ],
      ask: ({ world, actor, now }, app) =>
        appNames.includes(app) || addedPrincipalsOf(world).some((it) => it.displayName === app)
          ? evaluateApplicationSignIn({ world, address: actor.id, app, client: actor.client, now })
          : undefined,
    },
  ],
  due: (world, until) => [
    ...dueMembership(world, until),
    ...duePurges(world, until),
    ...dueContentGuests(world, until),
    ...dueReviews(world, until),
    ...dueAssignments(world, until),
    ...dueInvitations(world, until),
    ...dueSynchronization(world, until),
  ],
})
