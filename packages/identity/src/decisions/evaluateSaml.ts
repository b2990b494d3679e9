import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { stsError } from "./StsError.ts"

/** How an application is set up for assertions, and what the request asks of it. */
export interface SamlRequestFacets {
  readonly app: string
  readonly mode: "saml" | "other"
  readonly hasCertificate: boolean
  /** `missing`: the application has no reply address at all. */
  readonly replyAddress: "configured" | "other" | "missing"
  readonly nameIdFormat: string
  readonly isFormatKnown: boolean
}

const requestGate = gate<SamlRequestFacets>()

const samlMode = requestGate({
  name: "saml-application",
  facts: ["IDN-256"],
  reads: ["app", "mode"],
  check: ({ app, mode }) =>
    mode === "saml"
      ? pass("People sign in to the application with assertions.", { app })
      : deny("The application is not set up for assertions.", { app, mode }, stsError(650056)),
})

const replyAddress = requestGate({
  name: "saml-reply-address",
  facts: ["IDN-256"],
  reads: ["app", "replyAddress"],
  check: ({ app, replyAddress: state }) =>
    state === "configured"
      ? pass("The assertion goes to an address of the application.", { app })
      : deny(
          "The assertion would go to an address that is not one of the application.",
          { app, replyAddress: state },
          stsError(50011),
        ),
})

const nameIdPolicy = requestGate({
  name: "saml-name-id-policy",
  facts: ["IDN-256"],
  reads: ["nameIdFormat", "isFormatKnown"],
  check: ({ nameIdFormat, isFormatKnown }) =>
    isFormatKnown
      ? pass("The name of the person can be given in this format.", { nameIdFormat })
      : deny("No name is given in this format.", { nameIdFormat }, stsError(75016)),
})

const signingCertificate = requestGate({
  name: "saml-signing-certificate",
  facts: ["IDN-256"],
  reads: ["app", "hasCertificate"],
  check: ({ app, hasCertificate }) =>
    hasCertificate
      ? pass("The application has a certificate to sign its assertions with.", { app })
      : deny(
          "The application has no certificate to sign its assertions with.",
          { app },
          stsError(50003),
        ),
})

const requestGates: GateRules<SamlRequestFacets> = [
  samlMode,
  replyAddress,
  nameIdPolicy,
  signingCertificate,
]

/** Whether a request for an assertion can be answered at all. */
export const evaluateSamlRequest = (facets: SamlRequestFacets): Decision =>
  decideByGates(requestGates, facets)

/** What an application looks at before it believes an assertion. */
export interface AssertionFacets {
  readonly form: "readable" | "unreadable" | "no-assertion" | "many-assertions"
  readonly signature: "good" | "bad" | "missing"
  readonly issuer: string
  readonly isTrustedIssuer: boolean
  readonly audience: string
  readonly isOwnAudience: boolean
  readonly isOwnRecipient: boolean
  readonly lifetime: "current" | "expired" | "not-yet" | "shown-too-late"
}

const assertionGate = gate<AssertionFacets>()

const invalid = (message: string) => ({ code: "InvalidSamlToken", message })

const form = assertionGate({
  name: "assertion-form",
  facts: ["IDN-256"],
  reads: ["form"],
  check: ({ form: found }) =>
    found === "readable"
      ? pass("The message carries one assertion.")
      : deny(
          "The message cannot be read, or does not carry exactly one assertion.",
          { form: found },
          invalid("The SAML response is not well formed."),
        ),
})

const signature = assertionGate({
  name: "assertion-signature",
  facts: ["IDN-256"],
  reads: ["signature"],
  check: ({ signature: found }) =>
    found === "good"
      ? pass("The issuer has signed the assertion as it stands.")
      : deny(
          "The assertion is not what the issuer has signed.",
          { signature: found },
          invalid("The signature of the SAML assertion is not valid."),
        ),
})

const issuer = assertionGate({
  name: "assertion-issuer",
  facts: ["IDN-256"],
  reads: ["issuer", "isTrustedIssuer"],
  check: (it) =>
    it.isTrustedIssuer
      ? pass("The assertion comes from the tenant that the application trusts.", {
          issuer: it.issuer,
        })
      : deny(
          "The assertion comes from somebody else.",
          { issuer: it.issuer },
          invalid("The issuer of the SAML assertion is not trusted."),
        ),
})

const audience = assertionGate({
  name: "assertion-audience",
  facts: ["IDN-256"],
  reads: ["audience", "isOwnAudience", "isOwnRecipient"],
  check: (it) =>
    it.isOwnAudience && it.isOwnRecipient
      ? pass("The assertion is meant for this application.", { audience: it.audience })
      : deny(
          "The assertion is meant for another application, or another address of it.",
          { audience: it.audience, isOwnRecipient: it.isOwnRecipient },
          invalid("The audience or the recipient of the SAML assertion is another one."),
        ),
})

const reasons = {
  expired: "The assertion has expired.",
  "not-yet": "The assertion is not valid yet.",
  "shown-too-late": "The assertion was not shown within the minutes after it was made.",
} as const

const lifetime = assertionGate({
  name: "assertion-lifetime",
  facts: ["IDN-256", "IDN-258"],
  reads: ["lifetime"],
  check: ({ lifetime: state }) =>
    state === "current"
      ? pass("The assertion is valid at this moment.")
      : deny(
          reasons[state],
          { lifetime: state },
          invalid("The SAML assertion is not within its validity period."),
        ),
})

const assertionGates: GateRules<AssertionFacets> = [form, signature, issuer, audience, lifetime]

/** Whether an application believes an assertion. */
export const evaluateAssertion = (facets: AssertionFacets): Decision =>
  decideByGates(assertionGates, facets)
