import { days } from "@twin/kernel"
import { groupsOfObject, memberIdsOf } from "../directory.ts"
import { assignmentOf, lockedUntil, passwordDays, passwordSetAt } from "../SignInProtection.ts"
import type { SignInSubject } from "./signInSubject.ts"

/** The state of the password and of assignments, for one sign-in. */
export interface ProtectionFacets {
  /** `elsewhere`: this tenant keeps no password of the person. */
  readonly password: "usable" | "locked" | "expired" | "elsewhere"
  readonly assignment: "not-required" | "assigned" | "missing"
}

const passwordOf = ({
  question,
  user,
  isInternal,
}: SignInSubject): ProtectionFacets["password"] => {
  if (user === undefined || !isInternal) return "elsewhere"
  const { world, now, session } = question
  const { signInProtection, securityTokenService } = world.identity
  if (now < lockedUntil(signInProtection, user.id)) return "locked"
  if (session?.passwordChangedAt === now) return "usable"
  if (securityTokenService.expiredPasswords.includes(user.id)) return "expired"
  const setAt = passwordSetAt(signInProtection, user.id) ?? user.createdAt
  const domain = user.userPrincipalName.split("@").at(-1) ?? ""
  return now - setAt >= days(passwordDays(signInProtection, domain)) ? "expired" : "usable"
}

/** An assignment of a group counts for its direct members, not for those of groups inside it. */
export const assignmentState = ({
  question,
  user,
  appId,
}: Pick<SignInSubject, "question" | "user" | "appId">): ProtectionFacets["assignment"] => {
  const { world } = question
  const { isRequired, principals } = assignmentOf(world.identity.signInProtection, appId ?? "")
  if (!isRequired) return "not-required"
  if (user === undefined) return "missing"
  const holders = [user.id, ...directGroups(question.world, user.id)]
  return principals.some((id) => holders.includes(id)) ? "assigned" : "missing"
}

const directGroups = (
  world: SignInSubject["question"]["world"],
  userId: string,
): readonly string[] =>
  groupsOfObject(world, userId)
    .map(({ id }) => id)
    .filter((id) => memberIdsOf(world, id).includes(userId))

export const protectionFacets = (subject: SignInSubject): ProtectionFacets => ({
  password: passwordOf(subject),
  assignment: assignmentState(subject),
})
