import { HashMap, Option } from "effect"
import { withDomainList, withPolicyChange } from "./CollaborationSettings.ts"
import type { DirectoryUser } from "./DirectoryUser.ts"
import { markStale, withoutUser, withUser } from "./directoryIndex.ts"
import {
  administrationCases,
  applicationCases,
  extentCases,
  governanceCases,
  partnershipCases,
  signInProtectionCases,
  withLastSignIn,
} from "./evolveExtensions.ts"
import { groupCases, whole } from "./evolveGroups.ts"
import { roleCases } from "./evolveRoles.ts"
import { tokenCases, withObserved } from "./evolveTokenService.ts"
import { groupSettingCases } from "./GroupSettings.ts"
import { IdentityEvent } from "./IdentityEvent.ts"
import type { Invitation } from "./Invitation.ts"
import { changedUserProperties } from "./MembershipProcessing.ts"
import { missCode, spendCode } from "./OneTimeCode.ts"
import { withSignIn, withSwitch } from "./SecurityDefaults.ts"
import type { IdentityState } from "./State.ts"

const without = <A>(
  record: Readonly<Record<string, A>>,
  key: string,
): Readonly<Record<string, A>> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))

const at = <K, V>(map: HashMap.HashMap<K, V>, key: K): V | undefined =>
  Option.getOrUndefined(HashMap.get(map, key))

const change = <V>(
  map: HashMap.HashMap<string, V>,
  key: string,
  to: (value: V) => V,
): HashMap.HashMap<string, V> => {
  const value = at(map, key)
  return value === undefined ? map : HashMap.set(map, key, to(value))
}

const withInvitation = (state: IdentityState, invitation: Invitation): IdentityState => ({
  ...state,
  invitations: HashMap.set(state.invitations, invitation.id, invitation),
  invitationOfUser: HashMap.set(state.invitationOfUser, invitation.userId, invitation.id),
  tickets: HashMap.set(state.tickets, invitation.ticket, invitation.id),
})

const withReplacedPolicy = (
  state: IdentityState,
  policyId: string,
  until: number,
): IdentityState => {
  const policy = Object.hasOwn(state.conditionalAccess, policyId)
    ? state.conditionalAccess[policyId]
    : undefined
  return policy === undefined
    ? state
    : { ...state, replacedPolicies: [...state.replacedPolicies, { policy, until }] }
}

const completeInvitation = (state: IdentityState, userId: string): IdentityState => {
  const invitationId = at(state.invitationOfUser, userId)
  return invitationId === undefined
    ? state
    : {
        ...state,
        invitations: change(state.invitations, invitationId, (it) => ({
          ...it,
          status: "Completed",
        })),
      }
}

const withChangedUser = (
  state: IdentityState,
  before: DirectoryUser,
  after: DirectoryUser,
  now: number,
): IdentityState =>
  markStale(withUser(withoutUser(state, before), after), now, {
    objectId: after.id,
    properties: changedUserProperties(before, after),
  })

/**
 * The only place where this slice changes. Pure and total: an event about somebody unknown leaves
 * the state as it is.
 */
export const evolveIdentity = (state: IdentityState, event: IdentityEvent): IdentityState =>
  withObserved(state, changed(state, event), event)

const changed = (state: IdentityState, event: IdentityEvent): IdentityState =>
  IdentityEvent.match(event, {
    ...governanceCases(state),
    ...extentCases(state),
    ...administrationCases(state),
    ...partnershipCases(state),
    ...signInProtectionCases(state),
    ...applicationCases(state),
    OrganizationCreated: ({ organization }) => ({ ...state, organization }),
    ForeignOrganizationAdded: ({ organization }) => ({
      ...state,
      foreignOrganizations: HashMap.set(
        state.foreignOrganizations,
        organization.tenantId,
        organization,
      ),
    }),
    ForeignCrossTenantAccessSet: ({ tenantId, crossTenantAccess }) => ({
      ...state,
      foreignOrganizations: change(state.foreignOrganizations, tenantId, (it) => ({
        ...it,
        crossTenantAccess,
      })),
    }),

    PersonAdded: ({ person }) => ({
      ...state,
      people: HashMap.set(state.people, person.address, person),
      aliases: HashMap.setMany(
        state.aliases,
        person.aliases.map((alias) => [alias, person.address] as const),
      ),
    }),
    PersonChanged: ({ _tag, at: _at, address, ...changes }) => ({
      ...state,
      people: change(state.people, address, (it) => ({ ...it, ...changes })),
    }),

    UserCreated: ({ user }) => {
      const contentGuests = state.contentGuests.filter((it) => it.user.id !== user.id)
      return markStale({ ...withUser(state, user), contentGuests }, user.createdAt, whole(user.id))
    },
    UserUpdated: ({ userId, changes, at: now }) => {
      const user = at(state.users, userId)
      return user === undefined ? state : withChangedUser(state, user, { ...user, ...changes }, now)
    },
    UserDeleted: ({ userId, at: now }) => {
      const user = at(state.users, userId)
      if (user === undefined) return state
      return {
        ...markStale(withoutUser(state, user), now, whole(userId)),
        deletedUsers: HashMap.set(state.deletedUsers, userId, { user, at: now }),
      }
    },
    UserRestored: ({ userId, at: now }) => {
      const deleted = at(state.deletedUsers, userId)
      if (deleted === undefined) return state
      return {
        ...markStale(withUser(state, deleted.user), now, whole(userId)),
        deletedUsers: HashMap.remove(state.deletedUsers, userId),
      }
    },
    UserPurged: ({ userId }) => ({
      ...state,
      deletedUsers: HashMap.remove(state.deletedUsers, userId),
    }),
    ContactAdded: ({ contact }) => ({
      ...state,
      contacts: HashMap.set(state.contacts, contact.id, contact),
    }),
    ContactRemoved: ({ contactId }) => ({
      ...state,
      contacts: HashMap.remove(state.contacts, contactId),
    }),

    GuestInvited: ({ invitation, user }) =>
      markStale(withInvitation(withUser(state, user), invitation), invitation.at, whole(user.id)),
    InvitationRepeated: ({ invitation }) => withInvitation(state, invitation),
    InvitationRedeemed: ({ userId, identities, address, at: now }) => {
      const user = at(state.users, userId)
      if (user === undefined) return state
      const redeemed = withUser(withoutUser(state, user), {
        ...user,
        identities,
        externalUserState: "Accepted",
        externalUserStateChangedAt: now,
        invitedAddress: address,
      })
      return markStale(completeInvitation(redeemed, userId), now, whole(userId))
    },
    RedemptionReset: ({ invitation, userId, at: now }) => {
      const user = at(state.users, userId)
      if (user === undefined || state.organization === undefined) return state
      const pending = withUser(withoutUser(state, user), {
        ...user,
        identities: [{ signInType: "federated", issuer: state.organization.initialDomain }],
        externalUserState: "PendingAcceptance",
        externalUserStateChangedAt: now,
        invitedAddress: invitation.invitedUserEmailAddress,
      })
      return markStale(withInvitation(pending, invitation), now, whole(userId))
    },

    ...groupCases(state),
    ...groupSettingCases(state),
    ...roleCases(state),
    ...tokenCases(state),

    PasscodeIssued: ({ code }) => ({
      ...state,
      codes: HashMap.set(state.codes, code.address, code),
    }),
    PasscodeMissed: ({ address }) => ({
      ...state,
      codes: change(state.codes, address, missCode),
    }),
    PasscodeUsed: ({ address, at: now }) => ({
      ...state,
      codes: change(state.codes, address, (code) => spendCode(code, now)),
    }),
    SignedIn: ({ session }) => ({
      ...state,
      sessions: HashMap.set(state.sessions, session.address, session),
      governance: withLastSignIn(state.governance, session),
      securityDefaults: withSignIn(
        state.securityDefaults,
        session.address,
        session.authenticatedAt,
      ),
    }),
    SessionsRevoked: ({ address }) => ({
      ...state,
      sessions: HashMap.remove(state.sessions, address),
    }),
    MfaMethodRegistered: ({ userId, method }) => ({
      ...state,
      users: change(state.users, userId, (user) => ({
        ...user,
        mfaMethods: [...user.mfaMethods.filter((it) => it !== method), method],
      })),
    }),

    AuthorizationPolicyUpdated: ({ changes, at: now }) => ({
      ...state,
      settings: withPolicyChange(
        state.settings,
        changes,
        now,
        state.organization?.createdAt ?? Number.POSITIVE_INFINITY,
      ),
    }),
    InvitationDomainListSet: ({ list, at: now }) => ({
      ...state,
      settings: withDomainList(
        state.settings,
        list,
        now,
        state.organization?.createdAt ?? Number.POSITIVE_INFINITY,
      ),
    }),
    EmailOtpSet: ({ state: otp }) => ({
      ...state,
      settings: { ...state.settings, allowExternalIdToUseEmailOtp: otp },
    }),
    GoogleFederationSet: ({ isOn }) => ({
      ...state,
      settings: { ...state.settings, isGoogleFederated: isOn },
    }),
    CrossTenantDefaultUpdated: ({ changes }) => ({
      ...state,
      crossTenantAccess: {
        ...state.crossTenantAccess,
        default: { ...state.crossTenantAccess.default, ...changes },
      },
    }),
    CrossTenantPartnerAdded: ({ partner }) => ({
      ...state,
      crossTenantAccess: {
        ...state.crossTenantAccess,
        partners: { ...state.crossTenantAccess.partners, [partner.tenantId]: partner },
      },
    }),
    CrossTenantPartnerUpdated: ({ tenantId, changes }) => {
      const { partners } = state.crossTenantAccess
      const partner = Object.hasOwn(partners, tenantId) ? partners[tenantId] : undefined
      if (partner === undefined) return state
      return {
        ...state,
        crossTenantAccess: {
          ...state.crossTenantAccess,
          partners: { ...partners, [tenantId]: { ...partner, ...changes } },
        },
      }
    },
    CrossTenantPartnerRemoved: ({ tenantId }) => ({
      ...state,
      crossTenantAccess: {
        ...state.crossTenantAccess,
        partners: without(state.crossTenantAccess.partners, tenantId),
      },
    }),
    ConditionalAccessPolicyAdded: ({ policy }) => ({
      ...state,
      conditionalAccess: { ...state.conditionalAccess, [policy.id]: policy },
    }),
    ConditionalAccessPolicyUpdated: ({ policy, at: now }) =>
      Object.hasOwn(state.conditionalAccess, policy.id)
        ? {
            ...withReplacedPolicy(state, policy.id, now),
            conditionalAccess: { ...state.conditionalAccess, [policy.id]: policy },
          }
        : state,
    ConditionalAccessPolicyRemoved: ({ policyId, at: now }) => ({
      ...withReplacedPolicy(state, policyId, now),
      conditionalAccess: without(state.conditionalAccess, policyId),
    }),
    ContentGuestExpected: ({ user }) => ({
      ...state,
      contentGuests: [...state.contentGuests, { user }],
    }),
    UserRiskRaised: ({ address, level, at: now }) =>
      HashMap.has(state.people, address) || HashMap.has(state.userIds, address)
        ? { ...state, userRisks: { ...state.userRisks, [address]: { level, at: now } } }
        : state,
    UserRiskDismissed: ({ address }) => ({
      ...state,
      userRisks: without(state.userRisks, address),
    }),
    SecurityDefaultsSet: ({ isEnabled }) => ({
      ...state,
      securityDefaults: withSwitch(isEnabled),
    }),
    NamedLocationAdded: ({ location }) => ({
      ...state,
      namedLocations: { ...state.namedLocations, [location.id]: location },
    }),
    NamedLocationRemoved: ({ locationId }) => ({
      ...state,
      namedLocations: without(state.namedLocations, locationId),
    }),
  })
