import { type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"

/** A message that somebody wants to sign or encrypt in a client, flat. */
export interface SmimeSendFacets {
  readonly signs: boolean
  readonly encrypts: boolean
  readonly hasSigningCertificate: boolean
  readonly isSigningCertificateInTime: boolean
  /** Recipients whose certificate the service does not know. */
  readonly missing: string
  readonly expired: string
  /** What was chosen of the preferences; empty: nothing that the client has. */
  readonly cipher: string
  readonly hash: string
  readonly preferredCiphers: string
  readonly preferredHashes: string
  readonly isRevocationAsked: boolean
  readonly isRevocationReachable: boolean
  readonly stopsWithoutList: boolean
  readonly needsSmartCard: boolean
  readonly hasSmartCard: boolean
}

const smartCard = gate<SmimeSendFacets>()({
  name: "smart-card",
  facts: ["CRY-207"],
  reads: ["signs", "needsSmartCard", "hasSmartCard"],
  check: ({ signs, needsSmartCard, hasSmartCard }) =>
    signs && needsSmartCard && !hasSmartCard
      ? deny("The organization wants keys on a smart card, and there is none.")
      : pass("The key is where the organization wants it.", { needsSmartCard }),
})

const signer = gate<SmimeSendFacets>()({
  name: "signing-certificate",
  facts: ["CRY-205"],
  reads: ["signs", "hasSigningCertificate", "isSigningCertificateInTime"],
  check: ({ signs, hasSigningCertificate, isSigningCertificateInTime }) => {
    if (!signs) return pass("The message is not to be signed.")
    if (!hasSigningCertificate) return deny("The sender has no certificate to sign with.")
    return isSigningCertificateInTime
      ? pass("The sender has a certificate to sign with.")
      : deny("The sender's certificate has expired.")
  },
})

const hash = gate<SmimeSendFacets>()({
  name: "signing-algorithm",
  facts: ["CRY-206"],
  reads: ["signs", "hash", "preferredHashes"],
  check: ({ signs, hash: chosen, preferredHashes }) => {
    if (!signs) return pass("The message is not to be signed.")
    return chosen === ""
      ? deny("The client has none of the signing algorithms of the organization.", {
          preferredHashes,
        })
      : pass("The client has a signing algorithm of the organization.", { hash: chosen })
  },
})

const recipients = gate<SmimeSendFacets>()({
  name: "recipient-certificates",
  facts: ["CRY-205"],
  reads: ["encrypts", "missing", "expired"],
  check: ({ encrypts, missing, expired }) => {
    if (!encrypts) return pass("The message is not to be encrypted.")
    if (missing !== "") {
      return deny("The directory holds no certificate of a recipient.", { missing })
    }
    return expired === ""
      ? pass("The directory holds a certificate of each recipient.")
      : deny("The certificate of a recipient has expired.", { expired })
  },
})

const cipher = gate<SmimeSendFacets>()({
  name: "encryption-algorithm",
  facts: ["CRY-206"],
  reads: ["encrypts", "cipher", "preferredCiphers"],
  check: ({ encrypts, cipher: chosen, preferredCiphers }) => {
    if (!encrypts) return pass("The message is not to be encrypted.")
    return chosen === ""
      ? deny(
          "The client has none of the encryption algorithms of the organization, so it does not encrypt at all.",
          { preferredCiphers },
        )
      : pass("The client has an encryption algorithm of the organization.", { cipher: chosen })
  },
})

const revocation = gate<SmimeSendFacets>()({
  name: "revocation-list",
  facts: ["CRY-207"],
  reads: ["signs", "encrypts", "isRevocationAsked", "isRevocationReachable", "stopsWithoutList"],
  check: ({ signs, encrypts, isRevocationAsked, isRevocationReachable, stopsWithoutList }) => {
    if (!isRevocationAsked || !(signs || encrypts)) {
      return pass("Nobody asks whether certificates are revoked.")
    }
    if (isRevocationReachable) return pass("The revocation lists can be read.")
    return stopsWithoutList
      ? deny("A revocation list cannot be reached, and without it nothing is sent.")
      : pass("A revocation list cannot be reached, and the message is sent all the same.")
  },
})

/** Whether a client sends a message signed or encrypted as the organization has set it (CRY-205 to CRY-207). */
export const evaluateSmimeSend = (facets: SmimeSendFacets): Decision =>
  decideByGates([smartCard, signer, hash, recipients, cipher, revocation], facets)

/** Who wants to read a message, and how far the bytes went along. */
export interface SmimeOpenFacets {
  readonly isFound: boolean
  readonly isService: boolean
  readonly isEncrypted: boolean
  readonly hasPrivateKey: boolean
  /** Empty: it opened, or was not encrypted. */
  readonly openProblem: string
  readonly isSigned: boolean
  /** Empty: every signature verified. */
  readonly signatureProblem: string
  /** Empty: the signer's certificate is trusted, in time and made out to the sender. */
  readonly trustProblem: string
}

const message = gate<SmimeOpenFacets>()({
  name: "message",
  facts: ["CRY-208"],
  reads: ["isFound"],
  check: ({ isFound }) =>
    isFound
      ? pass("There is a message in S/MIME of this id.")
      : deny("There is no message in S/MIME of this id."),
})

const privateKey = gate<SmimeOpenFacets>()({
  name: "smime-private-key",
  facts: ["CRY-205", "EXO-193"],
  reads: ["isService", "isEncrypted", "hasPrivateKey", "openProblem"],
  check: ({ isService, isEncrypted, hasPrivateKey, openProblem }) => {
    if (!isEncrypted) return pass("The message is not encrypted.")
    if (isService) {
      return deny("The keys belong to the customer's people; the service has none of them.")
    }
    if (!hasPrivateKey) return deny("The reader has no key of S/MIME.")
    return openProblem === ""
      ? pass("The reader's own key opens the message.")
      : deny("The reader's key does not open the message.", { openProblem })
  },
})

const signature = gate<SmimeOpenFacets>()({
  name: "smime-signature",
  facts: ["CRY-208"],
  reads: ["isSigned", "signatureProblem"],
  check: ({ isSigned, signatureProblem }) => {
    if (!isSigned) return pass("The message is not signed.")
    return signatureProblem === ""
      ? pass("Nothing was changed since the message was signed.")
      : deny("The signature does not fit the message.", { signatureProblem })
  },
})

const trust = gate<SmimeOpenFacets>()({
  name: "smime-trust",
  facts: ["CRY-205", "CRY-207"],
  reads: ["isSigned", "trustProblem"],
  check: ({ isSigned, trustProblem }) => {
    if (!isSigned) return pass("Nobody has to be trusted for a signature.")
    return trustProblem === ""
      ? pass("The signer's certificate is trusted and made out to the sender.")
      : deny("The signer's certificate is not one to rely on.", { trustProblem })
  },
})

/** Whether a reader gets to the content, and whether its signature holds (CRY-205, CRY-208). */
export const evaluateSmimeOpen = (facets: SmimeOpenFacets): Decision =>
  decideByGates([message, privateKey, signature, trust], facets)
