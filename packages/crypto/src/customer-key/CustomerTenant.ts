import { Schema } from "effect"
import { ownValue } from "../ownValue.ts"
import { PolicyKind } from "./DataEncryptionPolicy.ts"

/** Plans that a user can have; the last one does not bring Customer Key (CRY-034). */
export const LicencePlan = Schema.Literals([
  "Office 365 E5",
  "Microsoft 365 E5",
  "Microsoft 365 E5 Compliance",
  "Microsoft 365 E5 Information Protection & Governance",
  "Microsoft 365 Security and Compliance for frontline workers",
  "Office 365 Advanced Compliance",
  "Office 365 E3",
])
export type LicencePlan = typeof LicencePlan.Type

/** Plans with Customer Key. The last one keeps working where it is, but is no longer sold (CRY-034). */
export const customerKeyPlans: readonly LicencePlan[] = [
  "Office 365 E5",
  "Microsoft 365 E5",
  "Microsoft 365 E5 Compliance",
  "Microsoft 365 E5 Information Protection & Governance",
  "Microsoft 365 Security and Compliance for frontline workers",
  "Office 365 Advanced Compliance",
]
export const discontinuedPlans: readonly LicencePlan[] = ["Office 365 Advanced Compliance"]

export const hasCustomerKeyPlan = (plans: readonly LicencePlan[]): boolean =>
  plans.some((plan) => customerKeyPlans.includes(plan))

/** What a mailbox policy can be assigned to (CRY-071). */
export const RecipientType = Schema.Literals([
  "UserMailbox",
  "MailUser",
  "Group",
  "PublicFolder",
  "Shared",
])
export type RecipientType = typeof RecipientType.Type

/** Recipients that need a licence of their own; the others live on the tenant's (CRY-035). */
export const needsLicence = (type: RecipientType): boolean =>
  type === "UserMailbox" || type === "MailUser"

/** Where a mailbox lies whose content the service has not encrypted yet. */
export const UnencryptedPlace = Schema.Literals(["OnPremises", "Cloud"])
export type UnencryptedPlace = typeof UnencryptedPlace.Type

/** A mailbox that is to be encrypted while it is moved (CRY-075, CRY-076). */
export interface UnencryptedMailbox {
  readonly place: UnencryptedPlace
  readonly objectIds: readonly string[]
  /** When a policy was assigned and the move asked for; epoch milliseconds. */
  readonly markedAt?: number
}

/** If it is not encrypted after this time, the administrator is to ask Microsoft (CRY-075). */
export const encryptionWaitDays = 7

/** Whom to write to in the legacy way of onboarding (CRY-050). */
export const onboardingAddresses: Readonly<Record<PolicyKind, string>> = {
  Mailbox: "exock@microsoft.com",
  SharePointGeo: "spock@microsoft.com",
  MultiWorkload: "m365-ck@service.microsoft.com",
}

/** A FastTrack offer: who may later approve that keys and data are destroyed (CRY-050). */
export interface Offer {
  readonly approvers: readonly string[]
  readonly at: number
}

const Name = Schema.NonEmptyString

/** What happens around Customer Key apart from keys and policies. */
export const customerTenantEvents = {
  CustomerKeyOfferSubmitted: {
    kind: PolicyKind,
    approvers: Schema.Array(Name),
    at: Schema.Finite,
  },
  /** Without a user: what everybody has who has nothing of his own. */
  LicencesSet: { user: Schema.optionalKey(Name), plans: Schema.Array(LicencePlan) },
  RecipientTypeSet: { mailbox: Name, type: RecipientType },
  RecipientItemHeld: { mailbox: Name, place: UnencryptedPlace, objectId: Name },
  RecipientMoveMarked: { mailbox: Name, at: Schema.Finite },
  RecipientMoved: { mailbox: Name },
  /** A support ticket: the multi-workload policy is to go (CRY-118). */
  CustomerKeyOffboardingAsked: { policyId: Name, contact: Name, reason: Name, at: Schema.Finite },
  CustomerKeyOffboarded: { policyId: Name },
  /** Microsoft was asked to activate SharePoint's availability key (CRY-099, CRY-116). */
  CustomerRecoveryStarted: { at: Schema.Finite },
  CustomerRecoveryEnded: {},
} as const

export interface CustomerTenant {
  readonly offers: Readonly<Record<string, Offer>>
  readonly plans: readonly LicencePlan[]
  readonly userPlans: Readonly<Record<string, readonly LicencePlan[]>>
  readonly recipients: Readonly<Record<string, RecipientType>>
  readonly unencrypted: Readonly<Record<string, UnencryptedMailbox>>
  /** The multi-workload policy whose end was asked for. */
  readonly offboardingPolicyId?: string
  /** SharePoint is in recovery mode since then. */
  readonly recoverySince?: number
}

export const initialCustomerTenant: CustomerTenant = {
  offers: {},
  plans: ["Microsoft 365 E5"],
  userPlans: {},
  recipients: {},
  unencrypted: {},
}

const events = Schema.TaggedUnion(customerTenantEvents)
export type CustomerTenantEvent = typeof events.Type

/** Pure and total. */
export const evolveCustomerTenant = (
  state: CustomerTenant,
  event: CustomerTenantEvent,
): CustomerTenant =>
  events.match(event, {
    CustomerKeyOfferSubmitted: ({ kind, approvers, at }) => ({
      ...state,
      offers: { ...state.offers, [kind]: { approvers, at } },
    }),
    LicencesSet: ({ user, plans }) =>
      user === undefined
        ? { ...state, plans }
        : { ...state, userPlans: { ...state.userPlans, [user]: plans } },
    RecipientTypeSet: ({ mailbox, type }) => ({
      ...state,
      recipients: { ...state.recipients, [mailbox]: type },
    }),
    RecipientItemHeld: ({ mailbox, place, objectId }) => {
      const objectIds = [...(ownValue(state.unencrypted, mailbox)?.objectIds ?? []), objectId]
      const held = { ...ownValue(state.unencrypted, mailbox), place, objectIds }
      return { ...state, unencrypted: { ...state.unencrypted, [mailbox]: held } }
    },
    RecipientMoveMarked: ({ mailbox, at }) => {
      const held = ownValue(state.unencrypted, mailbox)
      if (held === undefined) return state
      return {
        ...state,
        unencrypted: { ...state.unencrypted, [mailbox]: { ...held, markedAt: at } },
      }
    },
    RecipientMoved: ({ mailbox }) => ({
      ...state,
      unencrypted: Object.fromEntries(
        Object.entries(state.unencrypted).filter(([name]) => name !== mailbox),
      ),
    }),
    CustomerKeyOffboardingAsked: ({ policyId }) => ({ ...state, offboardingPolicyId: policyId }),
    CustomerKeyOffboarded: () => {
      const { offboardingPolicyId: _done, ...rest } = state
      return rest
    },
    CustomerRecoveryStarted: ({ at }) => ({ ...state, recoverySince: at }),
    CustomerRecoveryEnded: () => {
      const { recoverySince: _done, ...rest } = state
      return rest
    },
  })

/** A mailbox that nobody described is a person's. */
export const recipientTypeOf = (tenant: CustomerTenant, mailbox: string): RecipientType =>
  ownValue(tenant.recipients, mailbox.toLowerCase()) ?? "UserMailbox"

/** The plans that count for a recipient: its own or the tenant's (CRY-035). */
export const plansOf = (tenant: CustomerTenant, mailbox: string): readonly LicencePlan[] =>
  needsLicence(recipientTypeOf(tenant, mailbox))
    ? (ownValue(tenant.userPlans, mailbox.toLowerCase()) ?? tenant.plans)
    : [...tenant.plans, ...Object.values(tenant.userPlans).flat()]
