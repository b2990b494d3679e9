import { HashMap, Schema } from "effect"

const id = Schema.NonEmptyString
/** Epoch milliseconds. */
const at = Schema.Number

/** A domain that was added to the tenant and is not verified yet. */
export const AddedDomain = Schema.Struct({
  /** Lower case. */
  name: id,
  /** The text record that proves the domain, e.g. `MS=ms12345678`. */
  verificationText: id,
  addedAt: Schema.Number,
})
export type AddedDomain = typeof AddedDomain.Type

/** One document of terms of use, in one language. */
export const AgreementFile = Schema.Struct({
  fileName: id,
  displayName: Schema.String,
  language: id,
  isDefault: Schema.Boolean,
})

/** Terms of use that a Conditional Access policy can ask for. */
export const Agreement = Schema.Struct({
  id,
  displayName: id,
  isViewingBeforeAcceptanceRequired: Schema.Boolean,
  isPerDeviceAcceptanceRequired: Schema.Boolean,
  /** ISO 8601 duration, e.g. `P90D`. */
  userReacceptRequiredFrequency: Schema.optionalKey(Schema.String),
  files: Schema.Array(AgreementFile),
  createdAt: Schema.Number,
})
export type Agreement = typeof Agreement.Type

/** What a tenant has only so many of: domains on the way, and terms of use. */
export interface DirectoryExtents {
  /** By name. */
  readonly addedDomains: HashMap.HashMap<string, AddedDomain>
  readonly agreements: HashMap.HashMap<string, Agreement>
}

export const initialExtents: DirectoryExtents = {
  addedDomains: HashMap.empty(),
  agreements: HashMap.empty(),
}

/** Events of these objects, spread into the union of the domain. */
export const extentEvents = {
  DomainAdded: { domain: AddedDomain },
  /** From here on the domain is one of the organization. */
  DomainVerified: { name: id, at },
  DomainRemoved: { name: id, at },
  AgreementSet: { agreement: Agreement, at },
  AgreementRemoved: { agreementId: id, at },
} as const

const union = Schema.TaggedUnion(extentEvents)
export type ExtentEvent = typeof union.Type

/** The only place where this part changes; pure and total. What is verified, the organization keeps. */
export const evolveExtents = (state: DirectoryExtents, event: ExtentEvent): DirectoryExtents =>
  union.match(event, {
    DomainAdded: ({ domain }) => ({
      ...state,
      addedDomains: HashMap.set(state.addedDomains, domain.name, domain),
    }),
    DomainVerified: ({ name }) => ({
      ...state,
      addedDomains: HashMap.remove(state.addedDomains, name),
    }),
    DomainRemoved: ({ name }) => ({
      ...state,
      addedDomains: HashMap.remove(state.addedDomains, name),
    }),
    AgreementSet: ({ agreement }) => ({
      ...state,
      agreements: HashMap.set(state.agreements, agreement.id, agreement),
    }),
    AgreementRemoved: ({ agreementId }) => ({
      ...state,
      agreements: HashMap.remove(state.agreements, agreementId),
    }),
  })
