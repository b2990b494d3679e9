import { andThen, type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { MfaMethod } from "../Person.ts"
import type { Session } from "../Session.ts"
import { isHomeMfaTrusted } from "./controlStates.ts"
import { stsError } from "./StsError.ts"
import type { SignInSubject } from "./signInSubject.ts"

interface SecondFactorFacets {
  readonly method: string
  readonly state: "registered" | "first" | "other"
}

const secondFactorShown = gate<SecondFactorFacets>()({
  name: "second-factor",
  facts: ["IDN-172", "IDN-186", "IDN-274"],
  reads: ["method", "state"],
  check: ({ method, state }) => {
    switch (state) {
      case "registered":
        return pass("The second factor is one that the person has registered.", { method })
      case "first":
        return pass("The person has no second factor yet and registers this one.", { method })
      case "other":
        return deny(
          "The person has not registered this second factor.",
          { method },
          stsError(50074),
        )
    }
  },
})

/** What a sign-in shows beyond the first factor. */
export interface Shown {
  readonly mfa?: MfaMethod
  readonly acceptTerms?: boolean
  readonly changePassword?: boolean
}

const registeredMethods = (subject: SignInSubject): readonly MfaMethod[] =>
  (isHomeMfaTrusted(subject) ? subject.person?.mfaMethods : subject.user?.mfaMethods) ?? []

const factorState = (subject: SignInSubject, { mfa }: Shown): SecondFactorFacets["state"] => {
  const registered = registeredMethods(subject)
  if (registered.length === 0) return "first"
  return mfa !== undefined && registered.includes(mfa) ? "registered" : "other"
}

/** Asks, after the sign-in was let through, whether a second factor that is shown is the person's. */
export const withSecondFactor = (
  signIn: Decision,
  subject: SignInSubject,
  shown: Shown,
): Decision =>
  shown.mfa === undefined
    ? signIn
    : andThen(signIn, () =>
        decideByGates([secondFactorShown], {
          method: shown.mfa ?? "none",
          state: factorState(subject, shown),
        }),
      )

/** The first method somebody shows is registered on the way, where the factor is asked for. */
export const registrationEvents = (
  subject: SignInSubject,
  shown: Shown,
  at: number,
): readonly IdentityEvent[] => {
  const { mfa: method } = shown
  const { person, user } = subject
  if (method === undefined || factorState(subject, shown) !== "first") return []
  if (isHomeMfaTrusted(subject)) {
    return person === undefined
      ? []
      : [{ _tag: "PersonChanged", address: person.address, mfaMethods: [method], at }]
  }
  return user === undefined ? [] : [{ _tag: "MfaMethodRegistered", userId: user.id, method, at }]
}

/**
 * The session that a sign-in leaves behind if it is let through; undefined where the first factor
 * cannot be shown like this. A passcode session keeps its own time: the code opened it.
 */
export const sessionShown = (
  subject: SignInSubject,
  { mfa, acceptTerms, changePassword }: Shown,
  now: number,
): Session | undefined => {
  const { person, provider } = subject
  if (person === undefined || provider === "none" || provider === "createMicrosoftAccount") {
    return undefined
  }
  const earlier = subject.session?.provider === provider ? subject.session : undefined
  const shown = {
    ...proven(subject, mfa, now),
    ...(acceptTerms === true ? { termsAcceptedAt: now } : {}),
    ...(changePassword === true ? { passwordChangedAt: now } : {}),
    ...tokenGiven(subject, now),
  }
  if (provider === "emailOneTimePasscode") {
    return earlier === undefined ? undefined : { ...earlier, ...shown }
  }
  return { ...earlier, address: person.address, provider, authenticatedAt: now, ...shown }
}

/** Whoever is let in leaves with a token for the resource, given here and now. */
const tokenGiven = (
  { question, session, appId }: SignInSubject,
  at: number,
): Pick<Session, "tokens"> =>
  appId === undefined
    ? {}
    : {
        tokens: { ...session?.tokens, [appId]: { at, ipAddress: question.client.ipAddress } },
      }

const proven = (
  subject: SignInSubject,
  method: MfaMethod | undefined,
  at: number,
): Pick<Session, "mfa"> =>
  method === undefined
    ? {}
    : { mfa: { at, tenant: isHomeMfaTrusted(subject) ? "home" : "resource", method } }
