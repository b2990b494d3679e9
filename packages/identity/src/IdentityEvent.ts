import { Schema } from "effect"
import { administrationEvents } from "./AdministrativeUnit.ts"
import { applicationEvents } from "./Application.ts"
import { AuthorizationPolicyChanges, DomainList, EmailOtpState } from "./CollaborationSettings.ts"
import { ConditionalAccessPolicy, NamedLocation } from "./ConditionalAccessPolicy.ts"
import {
  CrossTenantAccessPolicy,
  CrossTenantDefaultChanges,
  CrossTenantPartner,
  CrossTenantPartnerChanges,
} from "./CrossTenantAccess.ts"
import { Device, DeviceChanges } from "./Device.ts"
import { extentEvents } from "./DirectoryExtents.ts"
import { logEvents } from "./DirectoryLogs.ts"
import { DirectoryUser, UserChanges, UserIdentity } from "./DirectoryUser.ts"
import { DynamicDistributionGroup } from "./ExchangeGroups.ts"
import { governanceEvents } from "./Governance.ts"
import { Contact, Group, GroupChanges } from "./Group.ts"
import { groupSettingEvents } from "./GroupSettings.ts"
import { Invitation } from "./Invitation.ts"
import { OneTimeCode } from "./OneTimeCode.ts"
import { ForeignOrganization, Organization } from "./Organization.ts"
import { partnershipEvents } from "./Partnership.ts"
import { AccountKind, MfaMethod, Person } from "./Person.ts"
import { privilegedAccessEvents } from "./PrivilegedAccess.ts"
import { RoleAssignment } from "./Role.ts"
import { tokenEvents } from "./SecurityTokenService.ts"
import { Session } from "./Session.ts"
import { signInProtectionEvents } from "./SignInProtection.ts"
import { UserRisk } from "./UserRisk.ts"

const id = Schema.NonEmptyString
/** Epoch milliseconds. */
const at = Schema.Number

/** Everything that changes the identity slice. A tenant's baseline is a list of these. */
export const IdentityEvent = Schema.TaggedUnion({
  OrganizationCreated: { organization: Organization },
  ForeignOrganizationAdded: { organization: ForeignOrganization },
  /** The other tenant's administrators change their side. */
  ForeignCrossTenantAccessSet: { tenantId: id, crossTenantAccess: CrossTenantAccessPolicy, at },

  PersonAdded: { person: Person },
  /** Something about the account where it lives: it moves, is disabled, gains a second factor. */
  PersonChanged: {
    address: id,
    account: Schema.optionalKey(AccountKind),
    accountEnabled: Schema.optionalKey(Schema.Boolean),
    hasMicrosoftAccount: Schema.optionalKey(Schema.Boolean),
    mfaMethods: Schema.optionalKey(Schema.Array(MfaMethod)),
    /** The account was deleted and made again under the same name. */
    objectId: Schema.optionalKey(id),
    at,
  },

  UserCreated: { user: DirectoryUser },
  UserUpdated: { userId: id, changes: UserChanges, at },
  UserDeleted: { userId: id, at },
  UserRestored: { userId: id, at },
  UserPurged: { userId: id, at },
  ContactAdded: { contact: Contact },
  ContactRemoved: { contactId: id, at },

  DynamicDistributionGroupCreated: { group: DynamicDistributionGroup },
  DeviceAdded: { device: Device },
  DeviceChanged: { deviceId: id, changes: DeviceChanges, at },
  DeviceRemoved: { deviceId: id, at },

  /** The guest object exists from here on, before redemption (IDN-001). */
  GuestInvited: { invitation: Invitation, user: DirectoryUser },
  /** Another invitation to a guest object that exists. */
  InvitationRepeated: { invitation: Invitation },
  InvitationRedeemed: {
    userId: id,
    identities: Schema.NonEmptyArray(UserIdentity),
    /** Lower case: the address the person signed in with. */
    address: id,
    at,
  },
  RedemptionReset: { invitation: Invitation, userId: id, at },

  GroupCreated: { group: Group },
  GroupUpdated: { groupId: id, changes: GroupChanges, at },
  GroupDeleted: { groupId: id, at },
  /** A member is a user, a contact or another group, by object id. */
  GroupMemberAdded: { groupId: id, memberId: id, at },
  GroupMemberRemoved: { groupId: id, memberId: id, at },
  /** The rule is up to date with everybody; nobody added or removed is fine. */
  DynamicMembershipProcessed: {
    groupId: id,
    added: Schema.Array(id),
    removed: Schema.Array(id),
    at,
  },
  /** All that waited for membership rules has been looked at. */
  DynamicMembershipSettled: { at },

  RoleAssigned: { assignment: RoleAssignment },
  RoleActivated: { principalId: id, role: id, until: Schema.Number, at },
  /** Without `assignment` both kinds end. */
  RoleRemoved: {
    principalId: id,
    role: id,
    assignment: Schema.optionalKey(RoleAssignment.fields.assignment),
    at,
  },

  ...tokenEvents,
  ...privilegedAccessEvents,
  ...groupSettingEvents,
  ...logEvents,

  PasscodeIssued: { code: OneTimeCode },
  PasscodeMissed: { address: id, at },
  PasscodeUsed: { address: id, at },
  SignedIn: { session: Session },
  SessionsRevoked: { address: id, at },
  MfaMethodRegistered: { userId: id, method: MfaMethod, at },

  AuthorizationPolicyUpdated: { changes: AuthorizationPolicyChanges, at },
  InvitationDomainListSet: { list: DomainList, at },
  EmailOtpSet: { state: EmailOtpState, at },
  GoogleFederationSet: { isOn: Schema.Boolean, at },
  CrossTenantDefaultUpdated: { changes: CrossTenantDefaultChanges, at },
  CrossTenantPartnerAdded: { partner: CrossTenantPartner, at },
  CrossTenantPartnerUpdated: { tenantId: id, changes: CrossTenantPartnerChanges, at },
  CrossTenantPartnerRemoved: { tenantId: id, at },
  ConditionalAccessPolicyAdded: { policy: ConditionalAccessPolicy },
  ConditionalAccessPolicyUpdated: { policy: ConditionalAccessPolicy, at },
  ConditionalAccessPolicyRemoved: { policyId: id, at },
  /** A guest object will appear at the moment of its creation (IDN-139). */
  ContentGuestExpected: { user: DirectoryUser, at },
  UserRiskRaised: { address: id, level: UserRisk.fields.level, at },
  UserRiskDismissed: { address: id, at },
  SecurityDefaultsSet: { isEnabled: Schema.Boolean, at },
  NamedLocationAdded: { location: NamedLocation, at },
  NamedLocationRemoved: { locationId: id, at },

  ...governanceEvents,
  ...administrationEvents,
  ...extentEvents,
  ...partnershipEvents,
  ...signInProtectionEvents,
  ...applicationEvents,
})
export type IdentityEvent = typeof IdentityEvent.Type
