import type { CryptoWorld } from "@twin/crypto"
import { HashMap } from "effect"
import { type Administration, initialAdministration } from "./AdministrativeUnit.ts"
import { type ApplicationRegistry, noApplications } from "./Application.ts"
import {
  type CollaborationSettings,
  initialCollaborationSettings,
} from "./CollaborationSettings.ts"
import type { ConditionalAccessPolicy, NamedLocation } from "./ConditionalAccessPolicy.ts"
import { type CrossTenantAccessPolicy, untouchedPolicy } from "./CrossTenantAccess.ts"
import type { Device } from "./Device.ts"
import { type DirectoryExtents, initialExtents } from "./DirectoryExtents.ts"
import { type DirectoryLogs, emptyLogs } from "./DirectoryLogs.ts"
import type { DirectoryUser } from "./DirectoryUser.ts"
import type { DynamicDistributionGroup } from "./ExchangeGroups.ts"
import { type Governance, initialGovernance } from "./Governance.ts"
import type { Contact, Group, Membership } from "./Group.ts"
import type { Invitation } from "./Invitation.ts"
import { type MembershipProcessing, nothingProcessed } from "./MembershipProcessing.ts"
import type { OneTimeCode } from "./OneTimeCode.ts"
import type { ForeignOrganization, Organization } from "./Organization.ts"
import { initialPartnership, type Partnership } from "./Partnership.ts"
import type { Person } from "./Person.ts"
import { noPrivilegedAccess, type PrivilegedAccess } from "./PrivilegedAccess.ts"
import type { RoleAssignment } from "./Role.ts"
import { initialSecurityDefaults, type SecurityDefaults } from "./SecurityDefaults.ts"
import { noTokens, type SecurityTokenService } from "./SecurityTokenService.ts"
import type { Session } from "./Session.ts"
import { initialSignInProtection, type SignInProtection } from "./SignInProtection.ts"
import type { UserRisk } from "./UserRisk.ts"

/** A version of a policy that is no longer the latest. */
export interface ReplacedPolicy {
  readonly policy: ConditionalAccessPolicy
  readonly until: number
}

/**
 * The directory and its policies. Read it through the accessors of this package: the fields are
 * indexes, and they will change.
 */
export interface IdentityState {
  readonly organization: Organization | undefined
  /** By tenant id. */
  readonly foreignOrganizations: HashMap.HashMap<string, ForeignOrganization>
  /** By primary address. */
  readonly people: HashMap.HashMap<string, Person>
  /** Alias -> primary address. */
  readonly aliases: HashMap.HashMap<string, string>
  readonly users: HashMap.HashMap<string, DirectoryUser>
  /** Principal name or address, lower case -> object id. */
  readonly userIds: HashMap.HashMap<string, string>
  readonly deletedUsers: HashMap.HashMap<
    string,
    { readonly user: DirectoryUser; readonly at: number }
  >
  readonly contacts: HashMap.HashMap<string, Contact>
  /** Exchange alone knows these. */
  readonly dynamicDistributionGroups: readonly DynamicDistributionGroup[]
  /** By object id. */
  readonly devices: HashMap.HashMap<string, Device>
  readonly groups: HashMap.HashMap<string, Group>
  /** Name, nickname or address, lower case -> object id. */
  readonly groupIds: HashMap.HashMap<string, string>
  /** Group id -> member id -> stretches of membership, past ones included. */
  readonly members: HashMap.HashMap<string, HashMap.HashMap<string, readonly Membership[]>>
  /** Member id -> ids of groups it is or was in. */
  readonly groupsOfMember: HashMap.HashMap<string, readonly string[]>
  /** Ids of the groups with a membership rule. */
  readonly dynamicGroups: readonly string[]
  /** Group id -> id of its settings (IDN-106). */
  readonly groupSettings: HashMap.HashMap<string, string>
  /** Since when something waits that a membership rule may look at; absent when all is processed. */
  readonly membershipStaleSince: number | undefined
  readonly membershipProcessing: MembershipProcessing
  readonly roles: HashMap.HashMap<string, readonly RoleAssignment[]>
  readonly invitations: HashMap.HashMap<string, Invitation>
  /** Latest invitation of a guest: user id -> invitation id. */
  readonly invitationOfUser: HashMap.HashMap<string, string>
  /** Ticket -> invitation id. */
  readonly tickets: HashMap.HashMap<string, string>
  /** By address: a new code replaces the older one. */
  readonly codes: HashMap.HashMap<string, OneTimeCode>
  readonly sessions: HashMap.HashMap<string, Session>
  readonly settings: CollaborationSettings
  readonly crossTenantAccess: CrossTenantAccessPolicy
  readonly conditionalAccess: Readonly<Record<string, ConditionalAccessPolicy>>
  /** Earlier versions of policies, oldest first, each until it was replaced or removed. */
  readonly replacedPolicies: readonly ReplacedPolicy[]
  readonly namedLocations: Readonly<Record<string, NamedLocation>>
  readonly governance: Governance
  readonly administration: Administration
  readonly extents: DirectoryExtents
  readonly partnership: Partnership
  readonly signInProtection: SignInProtection
  readonly securityDefaults: SecurityDefaults
  readonly securityTokenService: SecurityTokenService
  readonly privilegedAccess: PrivilegedAccess
  readonly applicationRegistry: ApplicationRegistry
  readonly directoryLogs: DirectoryLogs
  /** Guests on the way, whose Microsoft account opened encrypted content (IDN-139). */
  readonly contentGuests: readonly { readonly user: DirectoryUser }[]
  /** What the risk engine of a person's own tenant thinks, by address (IDN-167). */
  readonly userRisks: Readonly<Record<string, UserRisk>>
}

/** Every world above crypto has this slice. */
export interface IdentityWorld extends CryptoWorld {
  readonly identity: IdentityState
}

/** No organization, nobody in it: nothing is allowed to anybody. */
export const initialState: IdentityState = {
  organization: undefined,
  foreignOrganizations: HashMap.empty(),
  people: HashMap.empty(),
  aliases: HashMap.empty(),
  users: HashMap.empty(),
  userIds: HashMap.empty(),
  deletedUsers: HashMap.empty(),
  contacts: HashMap.empty(),
  dynamicDistributionGroups: [],
  devices: HashMap.empty(),
  groups: HashMap.empty(),
  groupIds: HashMap.empty(),
  members: HashMap.empty(),
  groupsOfMember: HashMap.empty(),
  dynamicGroups: [],
  groupSettings: HashMap.empty(),
  membershipStaleSince: undefined,
  membershipProcessing: nothingProcessed,
  roles: HashMap.empty(),
  invitations: HashMap.empty(),
  invitationOfUser: HashMap.empty(),
  tickets: HashMap.empty(),
  codes: HashMap.empty(),
  sessions: HashMap.empty(),
  settings: initialCollaborationSettings,
  crossTenantAccess: untouchedPolicy,
  conditionalAccess: {},
  replacedPolicies: [],
  namedLocations: {},
  governance: initialGovernance,
  administration: initialAdministration,
  extents: initialExtents,
  partnership: initialPartnership,
  signInProtection: initialSignInProtection,
  securityDefaults: initialSecurityDefaults,
  securityTokenService: noTokens,
  privilegedAccess: noPrivilegedAccess,
  applicationRegistry: noApplications,
  directoryLogs: emptyLogs,
  contentGuests: [],
  userRisks: {},
}
