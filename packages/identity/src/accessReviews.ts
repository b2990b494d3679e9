import { days, makeDraw } from "@twin/kernel"
import { HashMap, Option } from "effect"
import {
  type AccessReview,
  type ReviewInstance,
  type ReviewItem,
  startOfInstance,
} from "./AccessReview.ts"
import type { DirectoryUser } from "./DirectoryUser.ts"
import { addressesOfUser } from "./DirectoryUser.ts"
import { allGroups, groupOf, memberIdsOf, userOf } from "./directory.ts"
import { type Group, groupKindOf, isDynamic } from "./Group.ts"
import { assignmentOf } from "./SignInProtection.ts"
import type { IdentityWorld } from "./State.ts"

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Every review, by name, then id. */
export const reviewsOf = (world: IdentityWorld): readonly AccessReview[] =>
  HashMap.toValues(world.identity.governance.reviews).toSorted(
    (a, b) => byText(a.displayName, b.displayName) || byText(a.id, b.id),
  )

/** A review by id or display name. */
export const reviewOf = (world: IdentityWorld, idOrName: string): AccessReview | undefined =>
  reviewsOf(world).find(
    (it) => it.id === idOrName || it.displayName.toLowerCase() === idOrName.toLowerCase(),
  )

/** The instances of a review in order; every instance where no review is named. */
export const instancesOf = (world: IdentityWorld, reviewId?: string): readonly ReviewInstance[] =>
  HashMap.toValues(world.identity.governance.instances)
    .filter((it) => reviewId === undefined || it.reviewId === reviewId)
    .toSorted((a, b) => a.startsAt - b.startsAt || byText(a.id, b.id))

export const instanceOf = (world: IdentityWorld, id: string): ReviewInstance | undefined =>
  Option.getOrUndefined(HashMap.get(world.identity.governance.instances, id))

/** When somebody last signed in to this tenant, as far as it is on record. */
export const lastSignInOf = (world: IdentityWorld, user: DirectoryUser): number | undefined => {
  const moments = addressesOfUser(user).flatMap((address) =>
    Option.toArray(HashMap.get(world.identity.governance.lastSignIns, address)),
  )
  return moments.length === 0 ? undefined : Math.max(...moments)
}

/** The users in a group, those of nested groups included: reviews take nesting apart (IDN-234). */
export const flattenedMembers = (
  world: IdentityWorld,
  groupId: string,
): readonly { readonly user: DirectoryUser; readonly isDirect: boolean }[] => {
  const found = new Map<string, { readonly user: DirectoryUser; readonly isDirect: boolean }>()
  const visited = new Set<string>()
  const visit = (id: string, isDirect: boolean): void => {
    if (visited.has(id)) return
    visited.add(id)
    for (const memberId of memberIdsOf(world, id)) {
      const user = userOf(world, memberId)
      if (user !== undefined && (isDirect || !found.has(user.id))) {
        found.set(user.id, { user, isDirect })
      } else if (groupOf(world, memberId) !== undefined) visit(memberId, false)
    }
  }
  visit(groupId, true)
  return [...found.values()].toSorted((a, b) => byText(a.user.id, b.user.id))
}

/** Nobody younger than the window is inactive: such people are not in scope (IDN-233). */
const isInactive = (
  world: IdentityWorld,
  user: DirectoryUser,
  at: number,
  inactiveDays: number,
): boolean => {
  const since = at - days(inactiveDays)
  return user.createdAt <= since && (lastSignInOf(world, user) ?? user.createdAt) <= since
}

/** The groups that a review asks about at a moment (IDN-233). */
export const groupsInScope = (world: IdentityWorld, review: AccessReview): readonly Group[] => {
  const { scope } = review
  if (!scope.isEveryMicrosoft365Group) {
    return scope.groupIds.flatMap((id) => groupOf(world, id) ?? [])
  }
  return allGroups(world).filter(
    (group) =>
      groupKindOf(group) === "microsoft-365" &&
      !isDynamic(group) &&
      !group.isAssignableToRole &&
      flattenedMembers(world, group.id).some(({ user }) => user.userType === "Guest"),
  )
}

/** The users assigned to an application; a group counts for its direct members. */
export const assignedUsers = (
  world: IdentityWorld,
  appId: string,
): readonly { readonly user: DirectoryUser; readonly isDirect: boolean }[] => {
  const found = new Map<string, { readonly user: DirectoryUser; readonly isDirect: boolean }>()
  for (const id of assignmentOf(world.identity.signInProtection, appId).principals) {
    const user = userOf(world, id)
    if (user !== undefined) found.set(user.id, { user, isDirect: true })
    for (const memberId of memberIdsOf(world, id)) {
      const member = userOf(world, memberId)
      if (member !== undefined && !found.has(member.id)) {
        found.set(member.id, { user: member, isDirect: false })
      }
    }
  }
  return [...found.values()].toSorted((a, b) => byText(a.user.id, b.user.id))
}

/** What a review asks about: groups, or applications, with the people in each. */
const resourcesInScope = (world: IdentityWorld, review: AccessReview) => [
  ...groupsInScope(world, review).map((group) => ({
    key: { groupId: group.id },
    id: group.id,
    owners: group.owners,
    people: flattenedMembers(world, group.id),
  })),
  ...(review.scope.applicationIds ?? []).map((applicationId) => ({
    key: { applicationId },
    id: applicationId,
    // The twin knows no owners of applications.
    owners: [],
    people: assignedUsers(world, applicationId),
  })),
]

const usersIn = (world: IdentityWorld, ids: readonly string[]): readonly string[] => [
  ...new Set(
    ids.flatMap((id) =>
      userOf(world, id) === undefined
        ? flattenedMembers(world, id).map(({ user }) => user.id)
        : [id],
    ),
  ),
]

const reviewersOf = (
  world: IdentityWorld,
  review: AccessReview,
  owners: readonly string[],
  user: DirectoryUser,
): readonly string[] => {
  const fallback = usersIn(world, review.fallbackReviewerIds)
  switch (review.reviewers) {
    case "owners":
      return owners.length === 0 ? fallback : usersIn(world, owners)
    case "selected":
      return usersIn(world, review.reviewerIds)
    case "self":
      return [user.id]
    case "managers":
      return user.manager === undefined || userOf(world, user.manager) === undefined
        ? fallback
        : [user.manager]
  }
}

const recommendationFor = (
  world: IdentityWorld,
  review: AccessReview,
  user: DirectoryUser,
  at: number,
): ReviewItem["recommendation"] => {
  if (!review.recommendationsEnabled) return "NoInfoAvailable"
  const last = lastSignInOf(world, user)
  return last !== undefined && last > at - days(review.recommendationLookBackDays)
    ? "Approve"
    : "Deny"
}

/** An instance as it starts: who is a member now, who answers, what is recommended (IDN-234). */
export const startInstance = (
  world: IdentityWorld,
  review: AccessReview,
  ordinal: number,
  at: number,
): ReviewInstance => {
  const draw = makeDraw(`${review.id}/${ordinal}`)
  const { users, inactiveDays } = review.scope
  const items = resourcesInScope(world, review).flatMap(({ key, id, owners, people }) =>
    people
      .filter(({ user }) => users === "everyone" || user.userType === "Guest")
      .filter(({ user }) => inactiveDays === undefined || isInactive(world, user, at, inactiveDays))
      .map(
        ({ user, isDirect }): ReviewItem => ({
          id: draw.guid(`item ${id} ${user.id}`),
          ...key,
          userId: user.id,
          isDirect,
          reviewerIds: reviewersOf(world, review, owners, user),
          recommendation: recommendationFor(world, review, user, at),
          decision: "NotReviewed",
          applyResult: "New",
        }),
      ),
  )
  return {
    id: draw.guid("instance"),
    reviewId: review.id,
    ordinal,
    startsAt: at,
    endsAt: at + days(review.durationDays),
    status: "InProgress",
    isReminded: false,
    items,
  }
}

/** The next instance that has not begun. */
export const nextInstance = (
  world: IdentityWorld,
  review: AccessReview,
): { readonly ordinal: number; readonly at: number } | undefined => {
  const ordinal = instancesOf(world, review.id).length
  const at = startOfInstance(review, ordinal)
  return at === undefined ? undefined : { ordinal, at: Math.max(at, review.createdAt) }
}
