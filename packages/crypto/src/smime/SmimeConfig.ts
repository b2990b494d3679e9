import { Schema } from "effect"

const unsigned = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_294_967_295 }))
const on = (description: string) => Schema.Boolean.annotate({ description })

/** The parameters of `Set-SmimeConfig` that hold a value, named as they are (CRY-206, CRY-207). */
export const smimeParameters = {
  OWAAllowUserChoiceOfSigningCertificate: on("People choose the certificate they sign with"),
  OWAAlwaysEncrypt: on("Every message that leaves is encrypted"),
  OWAAlwaysSign: on("Every message that leaves is signed"),
  OWABCCEncryptedEmailForking: Schema.Literals([0, 1, 2]).annotate({
    description: "0: a message for each Bcc recipient; 1: one for all of them; 2: no forking",
  }),
  OWACheckCRLOnSend: on("Without a reachable revocation list nothing is sent"),
  OWAClearSign: on("Signed messages stay readable without S/MIME"),
  OWACopyRecipientHeaders: on("Reserved"),
  OWACRLConnectionTimeout: unsigned.annotate({ description: "Milliseconds for one list" }),
  OWACRLRetrievalTimeout: unsigned.annotate({ description: "Milliseconds for all lists" }),
  OWADisableCRLCheck: on("Nobody asks whether certificates are revoked"),
  OWADLExpansionTimeout: unsigned.annotate({ description: "Milliseconds to expand a group" }),
  OWAEncryptionAlgorithms: Schema.String.annotate({
    description: "Algorithm ids in the order of preference, for example 6610;660F;6602:128",
  }),
  OWAEncryptTemporaryBuffers: on("Buffers of the client are encrypted"),
  OWAForceSMIMEClientUpgrade: on("An older control has to be replaced first"),
  OWAIncludeCertificateChainAndRootCertificate: on("Chain and root travel along"),
  OWAIncludeCertificateChainWithoutRootCertificate: on("The chain travels along, not the root"),
  OWAIncludeSMIMECapabilitiesInMessage: on("Messages say what their sender can decrypt"),
  OWAOnlyUseSmartCard: on("Keys have to be on a smart card"),
  OWASenderCertificateAttributesToDisplay: Schema.NullOr(Schema.String).annotate({
    description: "Identifiers of attributes to show where address and certificate differ",
  }),
  OWASignedEmailCertificateInclusion: on("Signed messages bring the certificates along"),
  OWASigningAlgorithms: Schema.String.annotate({
    description: "Hash ids in the order of preference, for example 800E;8004",
  }),
  OWATripleWrapSignedEncryptedMail: on("Signed, encrypted and signed again"),
  OWAUseKeyIdentifier: on("Recipients are named by key identifier"),
  OWAUseSecondaryProxiesWhenFindingCertificates: on("Other addresses of a recipient count, too"),
  NoSignOnReply: on("A reply does not inherit the signature"),
} as const

export const SmimeConfig = Schema.Struct(smimeParameters)
export type SmimeConfig = typeof SmimeConfig.Type

/** What holds as long as nobody sets anything (CRY-206, CRY-207; EXO-195). */
export const defaultSmimeConfig: SmimeConfig = {
  OWAAllowUserChoiceOfSigningCertificate: false,
  OWAAlwaysEncrypt: false,
  OWAAlwaysSign: false,
  OWABCCEncryptedEmailForking: 0,
  OWACheckCRLOnSend: false,
  OWAClearSign: true,
  OWACopyRecipientHeaders: false,
  OWACRLConnectionTimeout: 60_000,
  OWACRLRetrievalTimeout: 10_000,
  OWADisableCRLCheck: false,
  OWADLExpansionTimeout: 60_000,
  OWAEncryptionAlgorithms: "6610",
  OWAEncryptTemporaryBuffers: true,
  OWAForceSMIMEClientUpgrade: true,
  OWAIncludeCertificateChainAndRootCertificate: false,
  OWAIncludeCertificateChainWithoutRootCertificate: false,
  OWAIncludeSMIMECapabilitiesInMessage: false,
  OWAOnlyUseSmartCard: false,
  OWASenderCertificateAttributesToDisplay: null,
  OWASignedEmailCertificateInclusion: true,
  OWASigningAlgorithms: "8004",
  OWATripleWrapSignedEncryptedMail: false,
  OWAUseKeyIdentifier: false,
  OWAUseSecondaryProxiesWhenFindingCertificates: true,
  NoSignOnReply: true,
}
