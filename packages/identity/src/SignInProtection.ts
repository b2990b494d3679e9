import { Schema } from "effect"

const id = Schema.NonEmptyString
/** Epoch milliseconds. */
const at = Schema.Number

/** Wrong passwords of one account since the last sign-in, and until when it is locked for them. */
export interface WrongTries {
  readonly count: number
  readonly lockedUntil: number
}

/** Who an application lets in, where it asks for an assignment. */
export interface Assignment {
  readonly isRequired: boolean
  /** Object ids of users and groups. */
  readonly principals: readonly string[]
}

/** What stands between somebody with an account and a token: the password's state, and assignments. */
export interface SignInProtection {
  /** By object id of the user. */
  readonly wrongTries: Readonly<Record<string, WrongTries>>
  /** When a password was last set, by object id; the creation of the account counts otherwise. */
  readonly passwordsSet: Readonly<Record<string, number>>
  /** Days that passwords of a domain last; absent: for ever. */
  readonly validityDays: Readonly<Record<string, number>>
  /** By application id. */
  readonly assignments: Readonly<Record<string, Assignment>>
}

export const initialSignInProtection: SignInProtection = {
  wrongTries: {},
  passwordsSet: {},
  validityDays: {},
  assignments: {},
}

export const signInProtectionEvents = {
  PasswordMissed: { userId: id, at },
  WrongTriesForgotten: { userId: id, at },
  PasswordSet: { userId: id, at },
  /** 2147483647 days: for ever. */
  PasswordValiditySet: { domain: id, days: Schema.Number, at },
  AssignmentRequirementSet: { appId: id, isRequired: Schema.Boolean, at },
  ApplicationAssigned: { appId: id, principalId: id, at },
  ApplicationUnassigned: { appId: id, principalId: id, at },
}
const union = Schema.TaggedUnion(signInProtectionEvents)
export type SignInProtectionEvent = typeof union.Type

/**
 * Smart lockout as it is out of the box: ten wrong tries lock the account for a minute, and every
 * further one for longer (general knowledge: the documentation of smart lockout).
 */
export const lockoutThreshold = 10
export const lockoutSeconds = 60

/** The word for "for ever" of the cmdlet. */
export const noExpiry = 2_147_483_647

const of = <A>(record: Readonly<Record<string, A>>, key: string): A | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

/** Each try beyond the threshold doubles the time, up to about seventeen hours. */
const missed = (before: WrongTries | undefined, moment: number): WrongTries => {
  const count = (before?.count ?? 0) + 1
  const doublings = Math.min(count - lockoutThreshold, 10)
  return {
    count,
    lockedUntil: doublings < 0 ? 0 : moment + lockoutSeconds * 1000 * 2 ** doublings,
  }
}

const without = <A>(record: Readonly<Record<string, A>>, key: string) =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))

const noAssignment: Assignment = { isRequired: false, principals: [] }

export const assignmentOf = (it: SignInProtection, appId: string): Assignment =>
  of(it.assignments, appId) ?? noAssignment

const withAssignment = (
  it: SignInProtection,
  appId: string,
  changes: Partial<Assignment>,
): SignInProtection => ({
  ...it,
  assignments: { ...it.assignments, [appId]: { ...assignmentOf(it, appId), ...changes } },
})

export const evolveSignInProtection = (
  it: SignInProtection,
  event: SignInProtectionEvent,
): SignInProtection =>
  union.match(event, {
    PasswordMissed: ({ userId, at: moment }) => ({
      ...it,
      wrongTries: { ...it.wrongTries, [userId]: missed(of(it.wrongTries, userId), moment) },
    }),
    WrongTriesForgotten: ({ userId }) => ({ ...it, wrongTries: without(it.wrongTries, userId) }),
    PasswordSet: ({ userId, at: moment }) => ({
      ...it,
      passwordsSet: { ...it.passwordsSet, [userId]: moment },
    }),
    PasswordValiditySet: ({ domain, days }) => ({
      ...it,
      validityDays: { ...it.validityDays, [domain]: days },
    }),
    AssignmentRequirementSet: ({ appId, isRequired }) => withAssignment(it, appId, { isRequired }),
    ApplicationAssigned: ({ appId, principalId }) =>
      withAssignment(it, appId, {
        principals: [
          ...assignmentOf(it, appId).principals.filter((one) => one !== principalId),
          principalId,
        ],
      }),
    ApplicationUnassigned: ({ appId, principalId }) =>
      withAssignment(it, appId, {
        principals: assignmentOf(it, appId).principals.filter((one) => one !== principalId),
      }),
  })

/** Until when an account is locked for wrong passwords; 0 where it is not. */
export const lockedUntil = (it: SignInProtection, userId: string): number =>
  of(it.wrongTries, userId)?.lockedUntil ?? 0

/** Days that passwords of a domain last. */
export const passwordDays = (it: SignInProtection, domain: string): number =>
  of(it.validityDays, domain.toLowerCase()) ?? noExpiry

export const passwordSetAt = (it: SignInProtection, userId: string): number | undefined =>
  of(it.passwordsSet, userId)
