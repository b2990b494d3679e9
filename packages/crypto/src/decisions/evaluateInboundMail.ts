import { type Decision, decideByGates, deny, gate, pass, unknown } from "@twin/kernel"
import { Result } from "effect"
import { certificateFrom } from "../certificates/Certificate.ts"
import { isInRanges } from "../transport/addressRange.ts"
import type { InboundConnector } from "../transport/InboundConnector.ts"
import type { MailDestination, SendingServer } from "../transport/MailDestination.ts"
import { chainProblem, isNamedAs } from "./chainProblem.ts"
import { chainFacets } from "./evaluateCertificateChain.ts"

/** A server of another domain that hands in a mail. */
export interface InboundMailRequest {
  readonly now: number
  /** Undefined: no connector covers the domain. */
  readonly connector: InboundConnector | undefined
  readonly sending: SendingServer
  /** Whose certificates count, as its owner described them. */
  readonly authority: Pick<MailDestination, "trustedRoots" | "revoked"> | undefined
  /** Nobody described certificate and address: only that it speaks TLS is taken for granted. */
  readonly isAssumed: boolean
}

interface InboundFacets {
  readonly connector: string
  readonly requiresTls: boolean
  readonly hasTls: boolean
  /** Empty: the connector asks for no certificate. */
  readonly certificateName: string
  readonly certificateProblem: string
  readonly asksAddress: boolean
  readonly address: string
  readonly isAddressListed: boolean
  readonly isAssumed: boolean
}

const tls = gate<InboundFacets>()({
  name: "inbound-connector",
  facts: ["CRY-200", "CRY-201", "EXO-198", "EXO-200", "EXO-203"],
  reads: ["connector", "requiresTls", "hasTls"],
  check: ({ connector, requiresTls, hasTls }) => {
    if (!requiresTls) return pass("No connector asks for TLS on mail from this domain.")
    return hasTls
      ? pass("The connector asks for TLS, and the sender speaks it.", { connector })
      : deny(
          "The connector asks for TLS, and the sender does not speak it.",
          { connector },
          { code: "5.7.3", message: "451 5.7.3 Must issue a STARTTLS command first." },
        )
  },
})

/** What a sender gets whom a partner connector keeps out (EXO-200). */
const notThePartner = {
  code: "5.7.51",
  message:
    "550 5.7.51 TenantInboundAttribution; There is a partner connector configured that matched the message's recipient domain. The connector had either the RestrictDomainsToIPAddresses or RestrictDomainsToCertificate set",
}

const certificate = gate<InboundFacets>()({
  name: "inbound-certificate",
  facts: ["EXO-200"],
  reads: ["connector", "certificateName", "certificateProblem", "isAssumed"],
  check: ({ connector, certificateName, certificateProblem, isAssumed }) => {
    if (certificateName === "") return pass("No connector asks whose certificate the sender shows.")
    const details = { connector, certificateName }
    if (isAssumed) {
      return unknown("Nobody described which certificate the sender's servers show.", details)
    }
    return certificateProblem === ""
      ? pass("The sender shows a certificate in the name that the connector asks for.", details)
      : deny(
          "The sender does not show the certificate that the connector asks for.",
          { ...details, certificateProblem },
          notThePartner,
        )
  },
})

const address = gate<InboundFacets>()({
  name: "inbound-address",
  facts: ["EXO-200"],
  reads: ["connector", "asksAddress", "address", "isAddressListed"],
  check: ({ connector, asksAddress, address: from, isAddressListed }) => {
    if (!asksAddress) return pass("No connector asks from which address the mail comes.")
    const details = { connector, address: from }
    if (from === "") {
      return unknown("Nobody described from which address the sender's servers connect.", details)
    }
    return isAddressListed
      ? pass("The mail comes from an address that the connector lists.", details)
      : deny("The connector does not list the address of the sender.", details, notThePartner)
  },
})

/** Whether mail from another domain is taken, by the connector that covers the domain (EXO-200). */
export const evaluateInboundMail = (request: InboundMailRequest): Decision => {
  const { connector, sending } = request
  const asksCertificate = connector?.restrictDomainsToCertificate === true
  const certificateName = asksCertificate ? (connector.tlsSenderCertificateName ?? "") : ""
  return decideByGates([tls, certificate, address], {
    connector: connector?.name ?? "",
    requiresTls: connector?.requireTls ?? false,
    hasTls: sending.hasTls,
    certificateName,
    certificateProblem: certificateName === "" ? "" : problemOf(request, certificateName),
    asksAddress: connector?.restrictDomainsToIPAddresses ?? false,
    address: sending.ipAddress ?? "",
    isAddressListed: isInRanges(connector?.senderIPAddresses ?? [], sending.ipAddress ?? ""),
    isAssumed: request.isAssumed,
  })
}

const problemOf = (
  { sending, authority, now }: InboundMailRequest,
  certificateName: string,
): string => {
  // Without TLS nobody shows anything.
  if (!sending.hasTls) return "NoCertificate"
  const facets = chainFacets({
    chain: sending.chain,
    trustedRoots: authority?.trustedRoots ?? [],
    now,
    revoked: authority?.revoked ?? [],
  })
  const [pem] = sending.chain
  const leaf = pem === undefined ? undefined : Result.getOrUndefined(certificateFrom(pem))
  const problem = Result.match(facets, {
    onFailure: () => "UnreadableCertificate",
    onSuccess: (it) => chainProblem(it, false),
  })
  if (problem !== "") return problem
  return isNamedAs(leaf, certificateName) ? "" : "SubjectMismatch"
}
