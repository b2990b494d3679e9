import { Schema } from "effect"

/** CRY-201: how much the other side has to prove; absent: no more than the defaults ask. */
export const TlsSettings = Schema.Literals([
  "EncryptionOnly",
  "CertificateValidation",
  "DomainValidation",
])
export type TlsSettings = typeof TlsSettings.Type

/** EXO-216. */
export const SmtpDaneMode = Schema.Literals(["Opportunistic", "Mandatory", "None"])
export type SmtpDaneMode = typeof SmtpDaneMode.Type

/** EXO-209. */
export const MtaStsMode = Schema.Literals(["Opportunistic", "None"])
export type MtaStsMode = typeof MtaStsMode.Type

/** Settings for mail to certain domains; names and defaults are those of the cmdlet (CRY-201). */
export const OutboundConnector = Schema.Struct({
  name: Schema.NonEmptyString,
  guid: Schema.NonEmptyString,
  isEnabled: Schema.Boolean,
  connectorType: Schema.Literals(["Partner", "OnPremises"]),
  connectorSource: Schema.Literals(["Default", "HybridWizard", "Migrated"]),
  comment: Schema.String,
  recipientDomains: Schema.Array(Schema.NonEmptyString),
  smartHosts: Schema.Array(Schema.NonEmptyString),
  useMxRecord: Schema.Boolean,
  isTransportRuleScoped: Schema.Boolean,
  allAcceptedDomains: Schema.Boolean,
  routeAllMessagesViaOnPremises: Schema.Boolean,
  cloudServicesMailEnabled: Schema.Boolean,
  senderRewritingEnabled: Schema.Boolean,
  testMode: Schema.Boolean,
  tlsSettings: Schema.NullOr(TlsSettings),
  tlsDomain: Schema.NullOr(Schema.NonEmptyString),
  smtpDaneMode: SmtpDaneMode,
  mtaStsMode: MtaStsMode,
})
export type OutboundConnector = typeof OutboundConnector.Type

/** Whether a pattern (`contoso.com`, `*.contoso.com`, `*`) covers a domain; a star covers the domain, too. */
export const coversDomain = (pattern: string, domain: string): boolean => {
  const [wanted, given] = [pattern.toLowerCase(), domain.toLowerCase()]
  if (wanted === "*") return true
  if (!wanted.startsWith("*.")) return wanted === given
  return given === wanted.slice(2) || given.endsWith(wanted.slice(1))
}

/** A domain or a star followed by one; a star inside is refused. */
export const isDomainPattern = (pattern: string): boolean =>
  pattern === "*" ||
  /^(?:\*\.)?(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]*$/i.test(
    pattern,
  )

/** How exactly a pattern names the domain; the most exact connector serves. */
const exactness = (pattern: string): number =>
  pattern === "*" ? 0 : pattern.startsWith("*.") ? pattern.length : pattern.length + 1000

/** The one whose pattern names the domain most exactly; undefined where no pattern covers it. */
export const mostExact = <A>(
  connectors: readonly A[],
  patternsOf: (connector: A) => readonly string[],
  domain: string,
): A | undefined => {
  let best: { readonly connector: A; readonly rank: number } | undefined
  for (const connector of connectors) {
    for (const pattern of patternsOf(connector)) {
      const rank = exactness(pattern)
      if (coversDomain(pattern, domain) && (best === undefined || rank > best.rank)) {
        best = { connector, rank }
      }
    }
  }
  return best?.connector
}

/** The connector that serves a domain: enabled, no rule's own, its pattern the most exact one. */
export const connectorFor = (
  connectors: readonly OutboundConnector[],
  domain: string,
): OutboundConnector | undefined =>
  mostExact(
    connectors.filter((it) => it.isEnabled && !it.isTransportRuleScoped && !it.testMode),
    ({ recipientDomains }) => recipientDomains,
    domain,
  )
