import { HashMap, Struct } from "effect"
import {
  type AdministrationEvent,
  administrationEvents,
  evolveAdministration,
} from "./AdministrativeUnit.ts"
import { type ApplicationEvent, applicationEvents, evolveApplications } from "./Application.ts"
import { type ExtentEvent, evolveExtents, extentEvents } from "./DirectoryExtents.ts"
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

/** A verified domain is one of the organization, a removed one no longer. */
const withDomains = (state: IdentityState, event: ExtentEvent): Partial<IdentityState> => {
  const { organization } = state
  if (organization === undefined) return {}
  if (event._tag !== "DomainVerified" && event._tag !== "DomainRemoved") return {}
  const others = organization.verifiedDomains.filter((it) => it.toLowerCase() !== event.name)
  return {
    organization: {
      ...organization,
      verifiedDomains: event._tag === "DomainVerified" ? [...others, event.name] : others,
    },
  }
}

/** The cases of domains and terms of use. */
export const extentCases = (state: IdentityState): Cases<ExtentEvent> =>
  casesOf(extentEvents, (event: ExtentEvent) => ({
    ...state,
    ...withDomains(state, event),
    extents: evolveExtents(state.extents, event),
  }))

/** The cases of administrative units and the roles over them. */
export const administrationCases = (state: IdentityState): Cases<AdministrationEvent> =>
  casesOf(administrationEvents, (event: AdministrationEvent) => ({
    ...state,
    administration: evolveAdministration(state.administration, event),
  }))

/** The cases of relations with others. */
export const partnershipCases = (state: IdentityState): Cases<PartnershipEvent> =>
  casesOf(partnershipEvents, (event: PartnershipEvent) => {
    const partnership = evolvePartnership(state.partnership, event)
    if (event._tag !== "InvitationStatusChanged") return { ...state, partnership }
    const { invitationId, status } = event
    if (!HashMap.has(state.invitations, invitationId)) return state
    const invitations = HashMap.modify(state.invitations, invitationId, (it) => ({ ...it, status }))
    return { ...state, partnership, invitations }
  })

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

/** The cases of registrations, service principals and grants. */
export const applicationCases = (state: IdentityState): Cases<ApplicationEvent> =>
  casesOf(applicationEvents, (event: ApplicationEvent) => ({
    ...state,
    applicationRegistry: evolveApplications(state.applicationRegistry, event),
  }))

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
