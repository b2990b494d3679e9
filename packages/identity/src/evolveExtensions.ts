import { HashMap, Struct } from "effect"
import {
  evolveGovernance,
  type Governance,
  type GovernanceEvent,
  governanceEvents,
} from "./Governance.ts"
import { evolvePartnership, type PartnershipEvent, partnershipEvents } from "./Partnership.ts"
import {
  evolveSignInProtection,
  type SignInProtectionEvent,
  signInProtectionEvents,
} from "./SignInProtection.ts"
import type { IdentityState } from "./State.ts"

export type Cases<E extends { readonly _tag: string }> = {
  readonly [Tag in E["_tag"]]: (event: Extract<E, { readonly _tag: Tag }>) => IdentityState
}

/** One function for whatever stands in its place. */
interface Always<E> extends Struct.Lambda {
  (self: unknown): (event: E) => IdentityState
  readonly "~lambda.out": (event: E) => IdentityState
}

/** The cases of events whose own slice evolves them, one function for every tag. */
export const casesOf = <T extends object, E extends { readonly _tag: keyof T }>(
  tags: T,
  evolve: (event: E) => IdentityState,
): { readonly [Tag in keyof T]: (event: E) => IdentityState } =>
  Struct.map(
    tags,
    Struct.lambda<Always<E>>(() => evolve),
  )

/** The cases of reviews and entitlement management, for the match of the slice. */
export const governanceCases = (state: IdentityState): Cases<GovernanceEvent> =>
  casesOf(governanceEvents, (event: GovernanceEvent) => ({
    ...state,
    governance: evolveGovernance(state.governance, event),
  }))

/** The cases of relations with others. */
export const partnershipCases = (state: IdentityState): Cases<PartnershipEvent> =>
  casesOf(partnershipEvents, (event: PartnershipEvent) => ({
    ...state,
    partnership: evolvePartnership(state.partnership, event),
    ...(event._tag === "InvitationStatusChanged"
      ? {
          invitations: HashMap.modify(state.invitations, event.invitationId, (it) => ({
            ...it,
            status: event.status,
          })),
        }
      : {}),
  }))

/** The cases of passwords and assignments. */
export const signInProtectionCases = (state: IdentityState): Cases<SignInProtectionEvent> =>
  casesOf(signInProtectionEvents, (event: SignInProtectionEvent) =>
    isAboutNobody(state, event)
      ? state
      : {
          ...state,
          signInProtection: evolveSignInProtection(state.signInProtection, event),
        },
  )

const isAboutNobody = (
  { users, groups, organization }: IdentityState,
  event: SignInProtectionEvent,
): boolean => {
  if ("userId" in event) return !HashMap.has(users, event.userId)
  if ("principalId" in event) {
    return !HashMap.has(users, event.principalId) && !HashMap.has(groups, event.principalId)
  }
  return organization === undefined
}

/** A sign-in is what the filter for inactive people looks at (IDN-233). */
export const withLastSignIn = (
  governance: Governance,
  session: { readonly address: string; readonly authenticatedAt: number },
): Governance => ({
  ...governance,
  lastSignIns: HashMap.set(governance.lastSignIns, session.address, session.authenticatedAt),
})
