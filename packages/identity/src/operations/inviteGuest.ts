import {
  type AuditEntry,
  type Call,
  type Decision,
  isFaultOn,
  type OutgoingMail,
  type OutputObject,
  type Ruling,
} from "@twin/kernel"
import { addressOfProxy, guestUserPrincipalName, normalizeAddress } from "../Address.ts"
import { type DirectoryUser, isExternalUser, memberUser } from "../DirectoryUser.ts"
import { evaluateInvitation } from "../decisions/evaluateInvitation.ts"
import { contactOf, organizationOf, personOf, userOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { type Invitation, redeemUrlOf } from "../Invitation.ts"
import type { Organization } from "../Organization.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"

/** What an invitation is made of. */
export interface InvitationRequest {
  readonly address: string
  readonly displayName?: string
  readonly redirectUrl?: string
  readonly userType?: "Member" | "Guest"
  /** IDN-016: without it the inviter delivers the link. */
  readonly sendMail: boolean
  readonly message?: string
  readonly sponsors?: readonly string[]
  /** A request for a package was approved: the service invites (IDN-240). */
  readonly isGoverned?: boolean
}

/** An invitation that was decided: the object exists, or it does not. */
export interface InvitationOutcome {
  readonly decision: Decision
  readonly events: readonly IdentityEvent[]
  readonly audit: readonly AuditEntry[]
  readonly mail: readonly OutgoingMail[]
  /** Absent when refused. */
  readonly invitation?: Invitation
  readonly user?: DirectoryUser
}

const portal = "https://myapplications.microsoft.com"

/** A user object as an invitation makes it (IDN-001, IDN-002, IDN-006, IDN-008, IDN-009). */
const newGuest = (
  call: Call<IdentityWorld>,
  request: InvitationRequest,
  organization: Organization,
): DirectoryUser => {
  const address = normalizeAddress(request.address)
  const inviter = userOf(call.world, call.actor.id)?.id
  return memberUser({
    id: call.draw.guid(`guest ${address}`),
    userPrincipalName: guestUserPrincipalName(address, organization.initialDomain),
    displayName:
      request.displayName ??
      personOf(call.world, address)?.displayName ??
      address.split("@")[0] ??
      address,
    mail: address,
    otherMails: [address],
    proxyAddresses: contactOf(call.world, address) === undefined ? [`SMTP:${address}`] : [],
    userType: request.userType ?? "Guest",
    externalUserState: "PendingAcceptance",
    externalUserStateChangedAt: call.now,
    creationType: "Invitation",
    identities: [{ signInType: "federated", issuer: organization.initialDomain }],
    invitedAddress: address,
    sponsors: request.sponsors ?? (inviter === undefined ? [] : [inviter]),
    showInAddressList: false,
    createdAt: call.now,
  })
}

/** The guest that is meant already: by this address, or by another one of the same person. */
const knownGuest = (world: IdentityWorld, address: string): DirectoryUser | undefined => {
  const person = personOf(world, address)
  const user =
    userOf(world, address) ??
    (person?.account === "entra" ? userOf(world, person.address) : undefined)
  return user !== undefined && isExternalUser(user) ? user : undefined
}

const mailOf = (
  call: Call<IdentityWorld>,
  organization: Organization,
  request: InvitationRequest,
  invitation: Invitation,
): OutgoingMail => {
  const inviter = userOf(call.world, call.actor.id)
  // A message of one's own needs a sender with an address (IDN-021).
  const message = inviter?.mail === undefined ? undefined : request.message
  return {
    kind: "invitation",
    from: "invites@microsoft.com",
    to: invitation.invitedUserEmailAddress,
    subject: `${inviter?.displayName ?? organization.displayName} invited you to access applications within their organization`,
    text: [
      `${organization.displayName} invites you. Accept the invitation only if you trust this organization.`,
      ...(message === undefined ? [] : [message]),
    ].join("\n"),
    link: invitation.ticket,
  }
}

const auditOf = (
  call: Call<IdentityWorld>,
  user: DirectoryUser,
  isNew: boolean,
): readonly AuditEntry[] => [
  ...(isNew
    ? [
        auditLine("Add user", user.userPrincipalName, {
          UserType: user.userType,
          CreationType: "Invitation",
          UserState: "PendingAcceptance",
        }),
      ]
    : []),
  auditLine("Invite external user", user.userPrincipalName, { InvitedBy: call.actor.id }),
  ...(isNew && user.sponsors.length > 0
    ? [auditLine("Add user sponsor", user.userPrincipalName, {})]
    : []),
]

/**
 * Decides an invitation and says everything that follows from it. Sharing uses the same function, so
 * that a guest made by sharing is the same guest.
 */
export const inviteGuest = (
  call: Call<IdentityWorld>,
  request: InvitationRequest,
): InvitationOutcome => {
  const { world, actor, now, draw } = call
  const address = normalizeAddress(request.address)
  const decision = evaluateInvitation({
    world,
    inviter: actor,
    address,
    now,
    ...(request.userType === undefined ? {} : { userType: request.userType }),
    ...(request.isGoverned === undefined ? {} : { isGoverned: request.isGoverned }),
  })
  const organization = organizationOf(world)
  if (decision.outcome !== "allow" || organization === undefined) {
    return {
      decision,
      events: [],
      mail: [],
      audit: [auditLine("Invite external user", address, {}, "Failure")],
    }
  }
  const known = knownGuest(world, address)
  const user = known ?? newGuest(call, request, organization)
  const invitation: Invitation = {
    id: draw.guid(`invitation ${address}`),
    invitedUserEmailAddress: address,
    inviteRedirectUrl: request.redirectUrl ?? portal,
    ticket: draw.token(`invitation ${address}`, 32),
    status: user.externalUserState === "Accepted" ? "Completed" : "PendingAcceptance",
    userId: user.id,
    invitedBy: actor.id,
    at: now,
  }
  const isStuck =
    isFaultOn(world, "invitation-processing-delayed") && user.externalUserState !== "Accepted"
  const isNewAddress =
    known !== undefined && !known.proxyAddresses.map(addressOfProxy).includes(address)
  return {
    decision,
    invitation: isStuck ? { ...invitation, status: "InProgress" } : invitation,
    user,
    events: [
      ...(known === undefined
        ? [{ _tag: "GuestInvited" as const, invitation, user }]
        : [{ _tag: "InvitationRepeated" as const, invitation }]),
      // The same person under another address of the account (IDN-012).
      ...(isNewAddress && known.mail !== address
        ? [
            {
              _tag: "UserUpdated" as const,
              userId: known.id,
              changes: { proxyAddresses: [...known.proxyAddresses, `smtp:${address}`] },
              at: now,
            },
          ]
        : []),
      ...(isStuck
        ? [
            {
              _tag: "InvitationStatusChanged" as const,
              invitationId: invitation.id,
              status: "InProgress" as const,
              at: now,
            },
          ]
        : []),
    ],
    audit: auditOf(call, user, known === undefined),
    mail: request.sendMail && !isStuck ? [mailOf(call, organization, request, invitation)] : [],
  }
}

/** The outcome as an operation answers it. */
export const invitationRuling = (
  outcome: InvitationOutcome,
  output: readonly OutputObject[],
): Ruling<IdentityEvent> => ({
  decision: outcome.decision,
  events: outcome.events,
  audit: outcome.audit,
  mail: outcome.mail,
  output: outcome.invitation === undefined ? [] : output,
})

/** The redeem link of an invitation; empty when there is no organization. */
export const redeemUrl = (world: IdentityWorld, invitation: Invitation): string =>
  redeemUrlOf(invitation, organizationOf(world)?.tenantId ?? "")
