import {
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  objectNotFound,
  pass,
} from "@twin/kernel"

/** A cmdlet about mail that comes in to one domain, flat. */
export interface InboundDaneFacets {
  readonly domain: string
  readonly isAccepted: boolean
  /** Given by Microsoft, below onmicrosoft.com. */
  readonly isInitial: boolean
  readonly hasDnssec: boolean
  readonly hasDane: boolean
  readonly mxProblem: string
  readonly mtaStsProblem: string
}

const accepted = gate<InboundDaneFacets>()({
  name: "accepted-domain",
  facts: ["EXO-225"],
  reads: ["domain", "isAccepted"],
  check: ({ domain, isAccepted }) =>
    isAccepted
      ? pass("The organization takes mail for this domain.", { domain })
      : deny("The organization has no such domain.", { domain }, objectNotFound(domain)),
})

const eligible = gate<InboundDaneFacets>()({
  name: "domain-eligible",
  facts: ["EXO-225"],
  reads: ["domain", "isInitial"],
  check: ({ domain, isInitial }) =>
    isInitial
      ? deny(
          "Domains that Microsoft gives cannot be secured this way.",
          { domain },
          {
            code: "DomainNotSupported",
            message: `Domain '${domain}' is not supported: onmicrosoft.com domains are not eligible.`,
          },
        )
      : pass("The domain is the organization's own.", { domain }),
})

const dnssecFirst = gate<InboundDaneFacets>()({
  name: "dnssec-feature",
  facts: ["EXO-224"],
  reads: ["hasDnssec"],
  check: ({ hasDnssec }) =>
    hasDnssec
      ? pass("The domain has a host in the signed zone.")
      : deny(
          "Without DNSSEC nobody could trust the records of DANE.",
          {},
          {
            code: "DnssecNotEnabled",
            message: "DNSSEC is not enabled. Run Enable-DnssecForVerifiedDomain first.",
          },
        ),
})

const mxRecord = gate<InboundDaneFacets>()({
  name: "mx-record",
  facts: ["EXO-225"],
  reads: ["mxProblem"],
  check: ({ mxProblem }) =>
    mxProblem === ""
      ? pass("Mail for the domain goes to the host in the signed zone, and nowhere else.")
      : deny(
          "Mail for the domain does not go to the host in the signed zone alone.",
          { mxProblem },
          { code: "MxRecordNotValid", message: mxProblem },
        ),
})

const mtaSts = gate<InboundDaneFacets>()({
  name: "own-mta-sts-policy",
  facts: ["EXO-225"],
  reads: ["mtaStsProblem"],
  check: ({ mtaStsProblem }) =>
    mtaStsProblem === ""
      ? pass("The domain has no policy of MTA-STS, or one that lists the host.")
      : deny(
          "The domain's own policy of MTA-STS keeps senders from the host.",
          { mtaStsProblem },
          { code: "MtaStsPolicyNotValid", message: mtaStsProblem },
        ),
})

const daneLast = gate<InboundDaneFacets>()({
  name: "dane-off",
  facts: ["EXO-225"],
  reads: ["hasDane"],
  check: ({ hasDane }) =>
    hasDane
      ? deny(
          "DANE leans on the signed zone, so it has to be switched off first.",
          {},
          {
            code: "SmtpDaneEnabled",
            message: "SMTP DANE is enabled. Run Disable-SmtpDaneInbound first.",
          },
        )
      : pass("Nothing leans on the signed zone."),
})

const domainGates: GateRules<InboundDaneFacets> = [accepted, eligible]

const gates = {
  "enable-dnssec": domainGates,
  "disable-dnssec": [...domainGates, daneLast],
  "enable-dane": [...domainGates, dnssecFirst, mxRecord, mtaSts],
  "disable-dane": domainGates,
  look: [accepted],
} satisfies Record<string, GateRules<InboundDaneFacets>>

/** In the order of the set-up: the domain, DNSSEC, the MX record, DANE (EXO-224, EXO-225). */
export const evaluateInboundDane = (
  step: keyof typeof gates,
  facets: InboundDaneFacets,
): Decision => decideByGates<InboundDaneFacets>(gates[step], facets)
