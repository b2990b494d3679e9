import { HashMap, Schema } from "effect"
import { ExternalFederation, PartnerProvider } from "./ExternalFederation.ts"
import { InvitationStatus } from "./Invitation.ts"
import { SharedChannel } from "./SharedChannel.ts"
import { SynchronizationJob } from "./Synchronization.ts"
import { RestrictedNetwork } from "./TenantRestrictions.ts"

const id = Schema.NonEmptyString
const at = Schema.Number

/** The cloud an organization lives in, by its sign-in host. */
export const Cloud = Schema.Literals([
  "microsoftonline.com",
  "microsoftonline.us",
  "partner.microsoftonline.cn",
])
export type Cloud = typeof Cloud.Type

/** Published privacy information, and whether people from outside may leave by themselves. */
export const LeavePolicy = Schema.Struct({
  privacyContact: Schema.optionalKey(Schema.String),
  privacyStatementUrl: Schema.optionalKey(Schema.String),
  isLeaveAllowed: Schema.Boolean,
})
export type LeavePolicy = typeof LeavePolicy.Type

/** A code of nine characters that moves a sign-in from an app into a browser (IDN-063). */
export const DeviceCode = Schema.Struct({
  address: id,
  digest: id,
  expiresAt: Schema.Number,
  takenAt: Schema.optionalKey(Schema.Number),
})
export type DeviceCode = typeof DeviceCode.Type

/** Relations with organizations and providers outside: one part of the identity slice. */
export interface Partnership {
  readonly federations: HashMap.HashMap<string, ExternalFederation>
  /** By issuer. */
  readonly providers: HashMap.HashMap<string, PartnerProvider>
  /** Domain, lower case -> text records that its owner publishes. */
  readonly textRecords: HashMap.HashMap<string, readonly string[]>
  /** Address -> since when the account's own organization has signed the person in. */
  readonly homeSessions: HashMap.HashMap<string, number>
  readonly networks: readonly RestrictedNetwork[]
  readonly channels: HashMap.HashMap<string, SharedChannel>
  readonly allowedCloudEndpoints: readonly Cloud[]
  /** Home tenants whose users may be synchronized into this directory. */
  readonly inboundSync: HashMap.HashMap<string, boolean>
  /** The same for their groups. */
  readonly inboundGroupSync: HashMap.HashMap<string, boolean>
  readonly syncJobs: HashMap.HashMap<string, SynchronizationJob>
  /** Address -> code that an embedded sign-in page shows, for a browser to take (IDN-063). */
  readonly deviceCodes: HashMap.HashMap<string, DeviceCode>
  /** Address -> scopes of the session of the Graph module. */
  readonly graphSessions: HashMap.HashMap<string, readonly string[]>
  readonly leavePolicy: LeavePolicy
  /** Invitations that the service still works on, and since when (IDN-017). */
  readonly invitationsInProgress: readonly { readonly id: string; readonly at: number }[]
  /** Settings that are kept and obeyed by nothing, by owner: `default` or a tenant id (IDN-121). */
  readonly keptSettings: HashMap.HashMap<string, Readonly<Record<string, Schema.Json>>>
}

export const initialPartnership: Partnership = {
  federations: HashMap.empty(),
  providers: HashMap.empty(),
  textRecords: HashMap.empty(),
  homeSessions: HashMap.empty(),
  networks: [],
  channels: HashMap.empty(),
  allowedCloudEndpoints: [],
  inboundSync: HashMap.empty(),
  inboundGroupSync: HashMap.empty(),
  syncJobs: HashMap.empty(),
  deviceCodes: HashMap.empty(),
  graphSessions: HashMap.empty(),
  leavePolicy: { isLeaveAllowed: true },
  invitationsInProgress: [],
  keptSettings: HashMap.empty(),
}

/** Events of these relations, spread into the union of the domain. */
export const partnershipEvents = {
  FederationSet: { federation: ExternalFederation },
  FederationRemoved: { federationId: id, at },
  /** The partner sets its own provider up, or renews its certificate. */
  PartnerProviderSet: { provider: PartnerProvider, at },
  DomainTextPublished: { domain: id, text: Schema.String, at },
  HomeSessionOpened: { address: id, at },
  RestrictedNetworkSet: { network: RestrictedNetwork, at },
  SharedChannelCreated: { channel: SharedChannel },
  SharedChannelMembersSet: { channelId: id, members: Schema.Array(id), at },
  CloudEndpointsSet: { endpoints: Schema.Array(Cloud), at },
  InboundSyncSet: { tenantId: id, isSyncAllowed: Schema.Boolean, at },
  InboundGroupSyncSet: { tenantId: id, isSyncAllowed: Schema.Boolean, at },
  SynchronizationScheduled: { job: SynchronizationJob, at },
  SynchronizationStopped: { homeTenant: id, at },
  DeviceCodeShown: { code: DeviceCode },
  DeviceCodeTaken: { address: id, at },
  GraphSessionOpened: { address: id, scopes: Schema.Array(Schema.String), at },
  GraphSessionClosed: { address: id, at },
  LeavePolicySet: { policy: LeavePolicy, at },
  SettingsKept: { owner: id, settings: Schema.Record(Schema.String, Schema.Json), at },
  InvitationStatusChanged: { invitationId: id, status: InvitationStatus, at },
} as const

const union = Schema.TaggedUnion(partnershipEvents)
export type PartnershipEvent = typeof union.Type

/** The only place where this part changes; pure and total. */
export const evolvePartnership = (state: Partnership, event: PartnershipEvent): Partnership =>
  union.match(event, {
    FederationSet: ({ federation }) => ({
      ...state,
      federations: HashMap.set(state.federations, federation.id, federation),
    }),
    FederationRemoved: ({ federationId }) => ({
      ...state,
      federations: HashMap.remove(state.federations, federationId),
    }),
    PartnerProviderSet: ({ provider }) => ({
      ...state,
      providers: HashMap.set(state.providers, provider.issuerUri, provider),
    }),
    DomainTextPublished: ({ domain, text }) => {
      const name = domain.toLowerCase()
      const known = HashMap.has(state.textRecords, name)
        ? HashMap.getUnsafe(state.textRecords, name)
        : []
      return { ...state, textRecords: HashMap.set(state.textRecords, name, [...known, text]) }
    },
    HomeSessionOpened: ({ address, at: now }) => ({
      ...state,
      homeSessions: HashMap.set(state.homeSessions, address, now),
    }),
    RestrictedNetworkSet: ({ network }) => ({
      ...state,
      networks: [
        ...state.networks.filter((it) => it.addressPrefix !== network.addressPrefix),
        network,
      ],
    }),
    SharedChannelCreated: ({ channel }) => ({
      ...state,
      channels: HashMap.set(state.channels, channel.id, channel),
    }),
    SharedChannelMembersSet: ({ channelId, members }) => {
      if (!HashMap.has(state.channels, channelId)) return state
      const channel = HashMap.getUnsafe(state.channels, channelId)
      return { ...state, channels: HashMap.set(state.channels, channelId, { ...channel, members }) }
    },
    CloudEndpointsSet: ({ endpoints }) => ({ ...state, allowedCloudEndpoints: endpoints }),
    InboundSyncSet: ({ tenantId, isSyncAllowed }) => ({
      ...state,
      inboundSync: HashMap.set(state.inboundSync, tenantId, isSyncAllowed),
    }),
    InboundGroupSyncSet: ({ tenantId, isSyncAllowed }) => ({
      ...state,
      inboundGroupSync: HashMap.set(state.inboundGroupSync, tenantId, isSyncAllowed),
    }),
    SynchronizationScheduled: ({ job }) => ({
      ...state,
      syncJobs: HashMap.set(state.syncJobs, job.homeTenant, job),
    }),
    SynchronizationStopped: ({ homeTenant }) => ({
      ...state,
      syncJobs: HashMap.remove(state.syncJobs, homeTenant),
    }),
    DeviceCodeShown: ({ code }) => ({
      ...state,
      deviceCodes: HashMap.set(state.deviceCodes, code.address, code),
    }),
    DeviceCodeTaken: ({ address, at: now }) => ({
      ...state,
      deviceCodes: HashMap.modify(state.deviceCodes, address, (it) => ({ ...it, takenAt: now })),
    }),
    GraphSessionOpened: ({ address, scopes }) => ({
      ...state,
      graphSessions: HashMap.set(state.graphSessions, address, scopes),
    }),
    GraphSessionClosed: ({ address }) => ({
      ...state,
      graphSessions: HashMap.remove(state.graphSessions, address),
    }),
    LeavePolicySet: ({ policy }) => ({ ...state, leavePolicy: policy }),
    SettingsKept: ({ owner, settings }) => {
      const known = HashMap.has(state.keptSettings, owner)
        ? HashMap.getUnsafe(state.keptSettings, owner)
        : {}
      return {
        ...state,
        keptSettings: HashMap.set(state.keptSettings, owner, { ...known, ...settings }),
      }
    },
    // The invitation itself is kept beside the users: see the hook of the slice.
    InvitationStatusChanged: ({ invitationId, status, at: now }) => {
      const others = state.invitationsInProgress.filter(({ id: known }) => known !== invitationId)
      const isOpen = status === "InProgress"
      return isOpen || others.length < state.invitationsInProgress.length
        ? {
            ...state,
            invitationsInProgress: isOpen ? [...others, { id: invitationId, at: now }] : others,
          }
        : state
    },
  })
