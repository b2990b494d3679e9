import { minutes } from "@twin/kernel"
import { Schema } from "effect"

const id = Schema.NonEmptyString

export const FederationProtocol = Schema.Literals(["saml", "wsFed"])
export type FederationProtocol = typeof FederationProtocol.Type

/** A SAML or WS-Fed provider as this tenant has set it up (IDN-064). */
export const ExternalFederation = Schema.Struct({
  id,
  displayName: id,
  issuerUri: id,
  passiveSignInUri: id,
  preferredAuthenticationProtocol: FederationProtocol,
  signingCertificate: id,
  /** Where the provider publishes its certificates: a renewed one is taken from there. */
  metadataExchangeUri: Schema.optionalKey(Schema.String),
  /** Lower case. */
  domains: Schema.NonEmptyArray(id),
  changedAt: Schema.Number,
})
export type ExternalFederation = typeof ExternalFederation.Type

/** It takes five to ten minutes until a change counts; the twin takes the longer one (IDN-064). */
export const federationDelay = minutes(10)

/** What the partner's own provider is like, whoever trusts it. */
export const PartnerProvider = Schema.Struct({
  issuerUri: id,
  protocol: FederationProtocol,
  /** The certificate it signs with today. */
  signingCertificate: id,
  /** Format of the NameID in SAML, or the name of the immutable id in WS-Fed; as it is sent. */
  subjectFormat: Schema.String,
  /** Whether the assertion carries the address of the person. */
  sendsEmailAddress: Schema.Boolean,
})
export type PartnerProvider = typeof PartnerProvider.Type

/** What the subject has to look like (IDN-064). */
export const requiredSubject: Readonly<Record<FederationProtocol, string>> = {
  saml: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  wsFed: "http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID",
}

/** The claim that carries the address, in either protocol. */
export const emailAddressClaim =
  "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"

/** Where the text record of the partner points (IDN-065). */
export const directFederationRecord = (passiveSignInUri: string): string =>
  `DirectFedAuthUrl=${passiveSignInUri}`

/** Host of an https address; undefined for anything else. */
export const httpsHostOf = (uri: string): string | undefined =>
  /^https:\/\/([a-z0-9.-]+)(?::\d+)?(?:[/?#]|$)/i.exec(uri)?.[1]?.toLowerCase()

/** Whether the provider signs in at an address inside the partner's own domain. */
export const isHostInside = (host: string, domain: string): boolean =>
  host === domain || host.endsWith(`.${domain}`)

/** Why an assertion of this provider is not accepted; undefined where it is (IDN-064). */
export const assertionDefect = (
  federation: ExternalFederation,
  provider: PartnerProvider | undefined,
):
  | "no-provider"
  | "wrong-issuer"
  | "wrong-certificate"
  | "wrong-subject"
  | "no-address"
  | undefined => {
  if (provider === undefined) return "no-provider"
  if (provider.issuerUri !== federation.issuerUri) return "wrong-issuer"
  const isRenewed = federation.metadataExchangeUri !== undefined
  if (!isRenewed && provider.signingCertificate !== federation.signingCertificate) {
    return "wrong-certificate"
  }
  if (provider.subjectFormat !== requiredSubject[federation.preferredAuthenticationProtocol]) {
    return "wrong-subject"
  }
  return provider.sendsEmailAddress ? undefined : "no-address"
}
