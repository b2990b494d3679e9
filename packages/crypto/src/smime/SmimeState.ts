import { Schema, Struct } from "effect"
import { type SmimeConfig, smimeParameters } from "./SmimeConfig.ts"

export const smimeChanges = Struct.map(smimeParameters, Schema.optionalKey)
const SmimeChanges = Schema.Struct(smimeChanges)

/** A person's certificate. The private key is the person's; the service knows its name at most (CRY-205). */
export const SmimeCertificate = Schema.Struct({
  address: Schema.NonEmptyString,
  /** PEM. */
  certificate: Schema.NonEmptyString,
  /** Where the person's own device keeps the key. */
  keyId: Schema.NonEmptyString,
  /** Whether directory synchronization brought the certificate to the service (CRY-205). */
  isPublished: Schema.Boolean,
})
export type SmimeCertificate = typeof SmimeCertificate.Type

/** A message in S/MIME: its bytes lie in the blob store. */
export const SmimeMessage = Schema.Struct({
  id: Schema.NonEmptyString,
  from: Schema.NonEmptyString,
  to: Schema.Array(Schema.NonEmptyString),
  isSigned: Schema.Boolean,
  isEncrypted: Schema.Boolean,
  /** One blob for each copy, by recipient; Bcc recipients have their own (CRY-207). */
  copies: Schema.Array(
    Schema.Struct({ recipients: Schema.Array(Schema.NonEmptyString), blob: Schema.NonEmptyString }),
  ),
})
export type SmimeMessage = typeof SmimeMessage.Type

export interface SmimeState {
  readonly changes: Partial<SmimeConfig>
  /** Roots and intermediates of `SMIMECertificateIssuingCA`, PEM. */
  readonly issuingAuthorities: readonly string[]
  /** By address in lower case. */
  readonly certificates: Readonly<Record<string, SmimeCertificate>>
  readonly messages: Readonly<Record<string, SmimeMessage>>
}

export const initialSmimeState: SmimeState = {
  changes: {},
  issuingAuthorities: [],
  certificates: {},
  messages: {},
}

export const smimeEvents = {
  SmimeConfigChanged: {
    changes: SmimeChanges,
    issuingAuthorities: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  },
  SmimeCertificateEnrolled: { certificate: SmimeCertificate },
  SmimeCertificatePublished: { address: Schema.NonEmptyString },
  SmimeMessageSent: { message: SmimeMessage },
}

const SmimeEvent = Schema.TaggedUnion(smimeEvents)
export type SmimeEvent = typeof SmimeEvent.Type

export const evolveSmime = (state: SmimeState, event: SmimeEvent): SmimeState => {
  switch (event._tag) {
    case "SmimeConfigChanged":
      return {
        ...state,
        changes: { ...state.changes, ...event.changes },
        issuingAuthorities: event.issuingAuthorities ?? state.issuingAuthorities,
      }
    case "SmimeCertificateEnrolled": {
      const { certificate } = event
      const key = certificate.address.toLowerCase()
      return { ...state, certificates: { ...state.certificates, [key]: certificate } }
    }
    case "SmimeCertificatePublished": {
      const key = event.address.toLowerCase()
      const certificate = state.certificates[key]
      if (certificate === undefined) return state
      const published = { ...certificate, isPublished: true }
      return { ...state, certificates: { ...state.certificates, [key]: published } }
    }
    case "SmimeMessageSent": {
      const { message } = event
      return { ...state, messages: { ...state.messages, [message.id]: message } }
    }
  }
}
