import { HashMap, Schema } from "effect"
import { ownValue } from "../ownValue.ts"
import { DataEncryptionPolicy } from "./DataEncryptionPolicy.ts"

const Id = Schema.NonEmptyString

/** CRY-103. */
export const GeoEncryptionState = Schema.Literals([
  "Unregistered",
  "Registering",
  "Registered",
  "Rolling",
])
export type GeoEncryptionState = typeof GeoEncryptionState.Type

/** What a tenant can onboard by itself; SharePoint goes by contact with Microsoft (CRY-051). */
export const OnboardingScenario = Schema.Literals(["MDEP", "EXO", "SPO"])
export type OnboardingScenario = typeof OnboardingScenario.Type

/** What happens to data encryption policies and where they apply. */
export const policyEvents = {
  CustomerKeyOnboarded: { scenario: OnboardingScenario, at: Schema.Finite },
  DataEncryptionPolicyCreated: { policy: DataEncryptionPolicy },
  DataEncryptionPolicyChanged: {
    policyId: Id,
    name: Schema.optionalKey(Schema.NonEmptyString),
    description: Schema.optionalKey(Schema.String),
    isEnabled: Schema.optionalKey(Schema.Boolean),
  },
  /** The policy's key was wrapped anew under these roots; the availability key stayed (CRY-107). */
  DataEncryptionPolicyRolled: { policyId: Id, rootKeys: Schema.Array(Id), versionId: Id },
  /** Microsoft rolled the third root on its own schedule (CRY-091). */
  AvailabilityKeyRolled: { policyId: Id, availabilityKeyId: Id },
  DataPurgeRequested: {
    policyId: Id,
    reason: Schema.String,
    contact: Schema.String,
    requestedBy: Schema.String,
    at: Schema.Finite,
  },
  DataPurgeDocumentIssued: { policyId: Id, at: Schema.Finite },
  DataPurged: { policyId: Id },
  /** No policy: back to Microsoft-managed keys (CRY-117). */
  MailboxPolicyAssigned: { mailbox: Id, policyId: Schema.optionalKey(Id) },
  TenantPolicyAssigned: { policyId: Id },
  /** Offboarding is done: Microsoft's keys from now on (CRY-118). */
  TenantPolicyUnassigned: { policyId: Id },
  /** The geo began to register or roll; done at `doneAt` (CRY-103). */
  GeoEncryptionStarted: {
    policyId: Id,
    state: GeoEncryptionState,
    at: Schema.Finite,
    doneAt: Schema.Finite,
    /** After a restore: when the sites can be read again (CRY-116). */
    accessAt: Schema.optionalKey(Schema.Finite),
  },
  /** No root key has answered since then, and the cache of the front ends is about to end (CRY-097). */
  GeoCacheAlertRaised: { since: Schema.Finite, at: Schema.Finite },
  GeoAccessRestored: { at: Schema.Finite },
  GeoEncryptionFinished: { at: Schema.Finite },
} as const

/** Where SharePoint and OneDrive stand: one policy for the whole geo (CRY-072). */
export interface GeoEncryption {
  readonly state: GeoEncryptionState
  readonly policyId?: string
  /** While it registers or rolls: when it began and when it will be done, epoch milliseconds. */
  readonly startedAt?: number
  readonly doneAt?: number
  /** While nobody can read after a restore: when that will end, epoch milliseconds (CRY-116). */
  readonly accessAt?: number
  /** The silence of the root keys about which engineering was alerted last; its beginning. */
  readonly alertedSince?: number
  /** Since when no root key has answered, whatever the reasons were; absent while one does. */
  readonly silentSince?: number
}

/** Policies and where they apply. */
export interface CustomerKeyState {
  readonly onboarded: readonly OnboardingScenario[]
  readonly policies: Readonly<Record<string, DataEncryptionPolicy>>
  /** Mailbox in lower case -> policy. */
  readonly mailboxes: HashMap.HashMap<string, string>
  /** The one multi-workload policy that is assigned (CRY-070). */
  readonly tenantPolicyId?: string
  readonly geo: GeoEncryption
}

export const initialCustomerKeyState: CustomerKeyState = {
  onboarded: [],
  policies: {},
  mailboxes: HashMap.empty(),
  geo: { state: "Unregistered" },
}

const events = Schema.TaggedUnion(policyEvents)
export type PolicyEvent = typeof events.Type

const change = (
  state: CustomerKeyState,
  policyId: string,
  edit: (it: DataEncryptionPolicy) => DataEncryptionPolicy,
): CustomerKeyState => {
  const policy = ownValue(state.policies, policyId)
  if (policy === undefined) return state
  return { ...state, policies: { ...state.policies, [policyId]: edit(policy) } }
}

/** Pure and total. */
export const evolveCustomerKey = (state: CustomerKeyState, event: PolicyEvent): CustomerKeyState =>
  events.match(event, {
    CustomerKeyOnboarded: ({ scenario }) => ({
      ...state,
      onboarded: [...new Set([...state.onboarded, scenario])],
    }),
    DataEncryptionPolicyCreated: ({ policy }) => ({
      ...state,
      policies: { ...state.policies, [policy.id]: policy },
    }),
    DataEncryptionPolicyChanged: ({ policyId, name, description, isEnabled }) =>
      change(state, policyId, (it) => ({
        ...it,
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
        ...(isEnabled === undefined ? {} : { isEnabled }),
      })),
    DataEncryptionPolicyRolled: ({ policyId, rootKeys, versionId }) =>
      change(state, policyId, (it) => ({
        ...it,
        rootKeys,
        formerRootKeys: [
          ...new Set([
            ...(it.formerRootKeys ?? []),
            ...it.rootKeys.filter((key) => !rootKeys.includes(key)),
          ]),
        ],
        versionIds: [...it.versionIds, versionId],
      })),
    AvailabilityKeyRolled: ({ policyId, availabilityKeyId }) =>
      change(state, policyId, (it) => ({ ...it, availabilityKeyId })),
    DataPurgeRequested: ({ policyId, reason, contact, requestedBy, at }) =>
      change(state, policyId, (it) => ({
        ...it,
        purgeRequest: { reason, contact, requestedBy, at },
      })),
    DataPurgeDocumentIssued: ({ policyId, at }) =>
      change(state, policyId, (it) =>
        it.purgeRequest === undefined
          ? it
          : { ...it, purgeRequest: { ...it.purgeRequest, documentAt: at } },
      ),
    DataPurged: ({ policyId }) => change(state, policyId, (it) => ({ ...it, isPurged: true })),
    MailboxPolicyAssigned: ({ mailbox, policyId }) => ({
      ...state,
      mailboxes:
        policyId === undefined
          ? HashMap.remove(state.mailboxes, mailbox)
          : HashMap.set(state.mailboxes, mailbox, policyId),
    }),
    TenantPolicyAssigned: ({ policyId }) => ({ ...state, tenantPolicyId: policyId }),
    TenantPolicyUnassigned: () => {
      const { tenantPolicyId: _gone, ...rest } = state
      return rest
    },
    GeoEncryptionStarted: ({ policyId, state: reached, at, doneAt, accessAt }) => ({
      ...state,
      geo: {
        state: reached,
        policyId,
        startedAt: at,
        doneAt,
        ...(state.geo.silentSince === undefined ? {} : { silentSince: state.geo.silentSince }),
        ...(accessAt === undefined ? {} : { accessAt }),
      },
    }),
    GeoCacheAlertRaised: ({ since }) => ({
      ...state,
      geo: { ...state.geo, alertedSince: since },
    }),
    GeoAccessRestored: () => {
      const { accessAt: _over, ...geo } = state.geo
      return { ...state, geo }
    },
    GeoEncryptionFinished: (): CustomerKeyState => {
      const { startedAt: _startedAt, doneAt: _doneAt, ...geo } = state.geo
      return { ...state, geo: { ...geo, state: "Registered" } }
    },
  })
