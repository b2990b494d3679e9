import { deny, type GateRules, gate, pass, type Refusal } from "@twin/kernel"

/** One attempt to hand a mail to one server, flat. */
export interface OutboundTlsFacets {
  readonly domain: string
  readonly host: string
  /** The last attempt: codes begin with 5 (CRY-203, CRY-204). */
  readonly isFinal: boolean
  /** STARTTLS is offered and the handshake comes to an agreement. */
  readonly hasTls: boolean
  readonly version: string
  readonly suite: string
  readonly hasForwardSecrecy: boolean
  /** Empty: no connector asks for anything (CRY-201). */
  readonly tlsSettings: string
  readonly isTlsRequired: boolean
  /** Empty: the chain is good; otherwise what is wrong with it. */
  readonly chainProblem: string
  readonly tlsDomain: string
  readonly isTlsDomainNamed: boolean
  readonly isDaneAsked: boolean
  readonly isDaneMandatory: boolean
  /** `bogus`: DNSSEC was promised and the answer does not verify. */
  readonly dnssec: string
  /** Empty: no authentic TLSA record, so DANE does not apply. */
  readonly dane: string
  /** `none` where there is no policy or nobody asks for one. */
  readonly stsMode: string
  readonly stsSource: string
  readonly isStsListed: boolean
  /** Empty: trusted, in time, and made out to the host. */
  readonly stsCertificateProblem: string
}

/** Enhanced codes while the service still tries and when it gives up. */
const refusal = (isFinal: boolean, code: string, message: string): Refusal => {
  const full = `${isFinal ? "5" : "4"}.${code}`
  return { code: full, message: `${full} ${message}` }
}

/** What a connector that cannot be satisfied leaves behind (EXO-199, EXO-203). */
const noTls = (isFinal: boolean): Refusal => {
  const answer = "451 5.7.3 STARTTLS is required to send mail"
  return isFinal
    ? {
        code: "5.4.317",
        message: `5.4.317 Message expired, cannot connect to remote server(${answer})`,
      }
    : { code: "4.4.317", message: `4.4.317 Cannot connect to remote server [Message=${answer}]` }
}

const badCertificate = (isFinal: boolean, problem: string): Refusal =>
  refusal(isFinal, "7.320", `Certificate validation failed [Message=${problem}]`)

const connectorEncryption = gate<OutboundTlsFacets>()({
  name: "connector-encryption",
  facts: ["CRY-200", "CRY-201", "CRY-202", "EXO-135", "EXO-199"],
  reads: ["tlsSettings", "isTlsRequired", "hasTls", "isFinal"],
  check: ({ tlsSettings, isTlsRequired, hasTls, isFinal }) => {
    if (tlsSettings === "" && !isTlsRequired) {
      return pass("No connector and no rule asks for TLS.")
    }
    return hasTls
      ? pass("TLS is required, and the server speaks it.", { tlsSettings })
      : deny(
          "TLS is required, and the server does not speak it, so nothing is sent.",
          { tlsSettings },
          noTls(isFinal),
        )
  },
})

const connectorCertificate = gate<OutboundTlsFacets>()({
  name: "connector-certificate",
  facts: ["CRY-180", "CRY-186", "CRY-201", "EXO-199"],
  reads: ["tlsSettings", "chainProblem", "isFinal"],
  check: ({ tlsSettings, chainProblem, isFinal }) => {
    if (tlsSettings !== "CertificateValidation" && tlsSettings !== "DomainValidation") {
      return pass("No connector asks for a certificate that can be trusted.", { tlsSettings })
    }
    return chainProblem === ""
      ? pass("Chain and revocation of the certificate are in order.", { tlsSettings })
      : deny(
          "The connector asks for a certificate that can be trusted, and this one cannot.",
          { tlsSettings, chainProblem },
          badCertificate(isFinal, chainProblem),
        )
  },
})

const connectorDomain = gate<OutboundTlsFacets>()({
  name: "connector-domain",
  facts: ["CRY-201", "EXO-199"],
  reads: ["tlsSettings", "tlsDomain", "isTlsDomainNamed", "isFinal"],
  check: ({ tlsSettings, tlsDomain, isTlsDomainNamed, isFinal }) => {
    if (tlsSettings !== "DomainValidation") {
      return pass("No connector asks for a name in the certificate.")
    }
    return isTlsDomainNamed
      ? pass("The certificate is made out to the domain that the connector names.", { tlsDomain })
      : deny(
          "The certificate is not made out to the domain that the connector names.",
          { tlsDomain },
          badCertificate(isFinal, "SubjectMismatch"),
        )
  },
})

const dnssec = gate<OutboundTlsFacets>()({
  name: "dnssec",
  facts: ["CRY-204", "EXO-214", "EXO-219", "EXO-221", "EXO-222"],
  reads: ["isDaneAsked", "dnssec", "isFinal"],
  check: ({ isDaneAsked, dnssec: state, isFinal }) => {
    if (!isDaneAsked) return pass("Nobody asks for DANE on this way.")
    return state === "bogus"
      ? deny(
          "The domain promises signed DNS answers, and this one does not verify.",
          { state },
          refusal(
            isFinal,
            "7.324",
            "dnssec-invalid: Destination domain returned invalid DNSSEC records",
          ),
        )
      : pass("The DNS answers are authentic, or the domain promises no signatures.", { state })
  },
})

const daneRequired = gate<OutboundTlsFacets>()({
  name: "dane-required",
  facts: ["EXO-213", "EXO-216"],
  reads: ["isDaneMandatory", "dane"],
  check: ({ isDaneMandatory, dane }) =>
    isDaneMandatory && dane === ""
      ? deny(
          "The connector insists on DANE, and the domain has no authentic record.",
          {},
          {
            code: "dane-required",
            message: "dane-required: The destination domain has no DANE records.",
          },
        )
      : pass("The connector does not insist on more DANE than there is."),
})

const daneStartTls = gate<OutboundTlsFacets>()({
  name: "dane-starttls",
  facts: ["CRY-204", "EXO-218", "EXO-222"],
  reads: ["dane", "hasTls", "isFinal"],
  check: ({ dane, hasTls, isFinal }) => {
    if (dane === "") return pass("The server has no authentic record of DANE.")
    return hasTls
      ? pass("The record asks for TLS, and the server speaks it.")
      : deny(
          "An authentic record asks for TLS, and the server does not speak it.",
          {},
          refusal(
            isFinal,
            "7.321",
            "starttls-not-supported: Destination mail server must support TLS to receive mail.",
          ),
        )
  },
})

const daneWords: Readonly<Record<string, readonly [string, string]>> = {
  expired: ["7.322", "certificate-expired: Destination mail server's certificate is expired."],
  "other-name": [
    "7.325",
    "certificate-host-mismatch: Remote certificate MUST have a common name or subject alternative name matching the hostname (DANE)",
  ],
}

const daneCertificate = gate<OutboundTlsFacets>()({
  name: "dane-certificate",
  facts: ["CRY-204", "EXO-218", "EXO-220", "EXO-222", "EXO-223"],
  reads: ["dane", "isFinal"],
  check: ({ dane, isFinal }) => {
    if (dane === "") return pass("No record says which certificate the server has to show.")
    if (dane === "tls-only") return pass("The records cannot be used, so TLS alone is asked for.")
    if (dane === "match") return pass("The server shows the certificate that its record names.")
    const [code, message] = daneWords[dane] ?? [
      "7.323",
      "tlsa-invalid: The domain failed DANE validation.",
    ]
    return deny(
      "The server does not show a certificate as its record asks.",
      { dane },
      refusal(isFinal, code, message),
    )
  },
})

const stsHost = gate<OutboundTlsFacets>()({
  name: "mta-sts-host",
  facts: ["CRY-203", "EXO-206", "EXO-208", "EXO-212"],
  reads: ["dane", "stsMode", "stsSource", "isStsListed", "domain", "host", "isFinal"],
  check: ({ dane, stsMode, stsSource, isStsListed, domain, host, isFinal }) => {
    if (dane !== "") return pass("DANE decides where both apply.")
    if (stsMode !== "enforce") {
      return pass("No policy of the recipient forbids this server.", { stsMode, stsSource })
    }
    return isStsListed
      ? pass("The recipient's policy lists this server.", { host, stsSource })
      : deny(
          "The recipient's policy does not list this server.",
          { host, stsSource },
          isFinal
            ? { code: "5.4.8", message: stsMessage("5.4.8", domain) }
            : { code: "4.4.8", message: stsMessage("4.4.8", domain) },
        )
  },
})

const stsMessage = (code: string, domain: string): string =>
  `${code} MX hosts of '${domain}' failed MTA-STS validation.`

const stsCertificate = gate<OutboundTlsFacets>()({
  name: "mta-sts-certificate",
  facts: ["CRY-203", "EXO-207", "EXO-208", "EXO-212"],
  reads: ["dane", "stsMode", "hasTls", "stsCertificateProblem", "isFinal"],
  check: ({ dane, stsMode, hasTls, stsCertificateProblem, isFinal }) => {
    if (dane !== "") return pass("DANE decides where both apply.")
    const problem = hasTls ? stsCertificateProblem : "NoTls"
    if (stsMode !== "enforce") {
      return pass("No policy of the recipient asks for a certificate.", { stsMode })
    }
    return problem === ""
      ? pass("TLS and certificate are as the recipient's policy asks.")
      : deny(
          "The recipient's policy asks for TLS with a certificate that can be trusted.",
          { problem },
          refusal(
            isFinal,
            "7.5",
            `Remote certificate failed MTA-STS validation. Reason: ${problem}`,
          ),
        )
  },
})

const opportunistic = gate<OutboundTlsFacets>()({
  name: "opportunistic-tls",
  facts: ["CRY-199", "CRY-200", "CRY-202", "EXO-196"],
  reads: ["hasTls", "version", "suite", "hasForwardSecrecy", "host"],
  check: ({ hasTls, version, suite, hasForwardSecrecy, host }) =>
    hasTls
      ? pass("The connection is encrypted.", { host, version, suite, hasForwardSecrecy })
      : pass("Nothing requires TLS and the server does not speak it: the mail goes in clear.", {
          host,
        }),
})

/** In the order in which the service asks: connector, DANE, MTA-STS, and otherwise as good as it gets. */
export const outboundTlsGates: GateRules<OutboundTlsFacets> = [
  connectorEncryption,
  connectorCertificate,
  connectorDomain,
  dnssec,
  daneRequired,
  daneStartTls,
  daneCertificate,
  stsHost,
  stsCertificate,
  opportunistic,
]
