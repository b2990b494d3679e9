import { type Dated, inForce, instant } from "@twin/kernel"
import { Schema } from "effect"
import { olderSuites, tls12Suites, tls13Suites, tripleDesSuite } from "./CipherSuite.ts"
import type { TlsVersion } from "./TlsVersion.ts"

export const CloudInstance = Schema.Literals(["Worldwide", "GCC", "GCCHigh", "DoD", "21Vianet"])
export type CloudInstance = typeof CloudInstance.Type

/** What a client connects to. Teams and `AzureFrontDoor` stand behind Azure Front Door (CRY-181). */
export const TlsService = Schema.Literals([
  "ExchangeOnline",
  "SharePointOnline",
  "OneDrive",
  "Teams",
  "AzureFrontDoor",
  "SmtpSubmission",
  "SmtpLegacySubmission",
])
export type TlsService = typeof TlsService.Type

/** From when the older versions are unsupported, and from when they are refused. ISO days. */
export interface TlsDeprecation {
  readonly cloud: CloudInstance
  readonly deprecated: string
  readonly disabled: string
}

/** CRY-174. Where a roll-out is published instead of a day, its first day counts. */
export const tlsDeprecations: readonly TlsDeprecation[] = [
  { cloud: "GCCHigh", deprecated: "2018-10-31", disabled: "2020-01-15" },
  { cloud: "DoD", deprecated: "2018-10-31", disabled: "2020-01-15" },
  { cloud: "Worldwide", deprecated: "2018-10-31", disabled: "2020-10-15" },
  { cloud: "GCC", deprecated: "2018-10-31", disabled: "2020-10-15" },
  { cloud: "21Vianet", deprecated: "2018-10-31", disabled: "2023-06-30" },
]

/** Where TLS 1.0 and 1.1 stand in a cloud: `deprecated` still works, nobody mends it (CRY-174). */
export type OlderTlsStatus = "supported" | "deprecated" | "disabled"

export const olderTlsStatus = (cloud: CloudInstance, at: number): OlderTlsStatus => {
  const row = tlsDeprecations.find((it) => it.cloud === cloud)
  if (row === undefined || instant(row.disabled) <= at) return "disabled"
  return instant(row.deprecated) <= at ? "deprecated" : "supported"
}

/** CRY-179, everywhere. */
const tripleDes: Dated<OlderTlsStatus> = {
  before: "supported",
  changes: [
    { from: "2018-10-31", value: "deprecated" },
    { from: "2019-02-28", value: "disabled" },
  ],
}

export const tripleDesStatus = (at: number): OlderTlsStatus => inForce(tripleDes, at)

/** From when a service speaks TLS 1.3 as well; the others do where a caller says so (CRY-175, CRY-181). */
const tls13Since: Partial<Record<TlsService, string>> = {
  Teams: "2025-03-01",
  AzureFrontDoor: "2025-03-01",
}

export const FrontDoorPolicy = Schema.Literals(["TLSv1.2_2023", "TLSv1.2_2022", "classic"])
export type FrontDoorPolicy = typeof FrontDoorPolicy.Type

/**
 * Predefined policies of Azure Front Door, in the order of preference (CRY-181; lists as of the page
 * learn.microsoft.com/azure/frontdoor/tls-policy). `classic` is the design before them, with the DHE
 * suites that Windows 7, 8 and 8.1 relied on.
 */
export const frontDoorSuites: Record<FrontDoorPolicy, readonly string[]> = {
  "TLSv1.2_2023": [
    ...tls13Suites,
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  ],
  "TLSv1.2_2022": [
    ...tls13Suites,
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
  ],
  classic: [
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
  ],
}

/** The policy of a Front Door that nobody configured; TLS 1.0 and 1.1 end for all on 2025-03-01 (CRY-181). */
export const defaultFrontDoorPolicy: Dated<FrontDoorPolicy> = {
  before: "classic",
  changes: [{ from: "2025-03-01", value: "TLSv1.2_2023" }],
}

/** What a server accepts, the first choice first. */
export interface TlsPolicy {
  readonly name: string
  readonly versions: readonly TlsVersion[]
  readonly suites: readonly string[]
  /** Curves, the first choice first (CRY-181, CRY-196). */
  readonly groups: readonly string[]
}

/** CRY-196: curves; the order is that of the strength of the first suite of CRY-176. */
export const serverGroups: readonly string[] = ["secp384r1", "secp256r1", "secp521r1"]

export interface PolicyQuestion {
  readonly cloud: CloudInstance
  readonly service: TlsService
  /** Epoch milliseconds. */
  readonly at: number
  /** Whether this service speaks TLS 1.3; the published dates unless given. */
  readonly isTls13Enabled?: boolean | undefined
  /** Whether the legacy endpoint is open to the tenant (CRY-185). */
  readonly isLegacyEndpointOpen?: boolean | undefined
  readonly frontDoorPolicy?: FrontDoorPolicy | undefined
}

const olderVersions: readonly TlsVersion[] = ["TLS 1.0", "TLS 1.1"]

const isBehindFrontDoor = (service: TlsService): boolean =>
  service === "Teams" || service === "AzureFrontDoor"

/** The policy of a service of a cloud at a moment (CRY-174 to CRY-181, CRY-185). */
export const tlsPolicyOf = (question: PolicyQuestion): TlsPolicy => {
  const { cloud, service, at } = question
  const since = tls13Since[service]
  const speaks13 = question.isTls13Enabled ?? (since !== undefined && instant(since) <= at)
  const isLegacyOpen = service === "SmtpLegacySubmission" && question.isLegacyEndpointOpen === true
  const acceptsOlder = isLegacyOpen || olderTlsStatus(cloud, at) !== "disabled"
  const versions: readonly TlsVersion[] = [
    ...(acceptsOlder ? olderVersions : []),
    "TLS 1.2",
    ...(speaks13 ? (["TLS 1.3"] as const) : []),
  ]
  const name = `${service} ${cloud}`
  if (isBehindFrontDoor(service)) {
    const policy = question.frontDoorPolicy ?? inForce(defaultFrontDoorPolicy, at)
    const listed = frontDoorSuites[policy].filter((it) => speaks13 || !tls13Suites.includes(it))
    const suites = acceptsOlder ? union(listed, olderSuites) : listed
    return { name: `${name} ${policy}`, versions, suites, groups: serverGroups }
  }
  const suites = union(
    speaks13 ? tls13Suites : [],
    tls12Suites.map((it) => it.name),
    acceptsOlder ? olderSuites : [],
    tripleDesStatus(at) === "disabled" ? [] : [tripleDesSuite],
  )
  return { name, versions, suites, groups: serverGroups }
}

const union = (...lists: readonly (readonly string[])[]): readonly string[] => [
  ...new Set(lists.flat()),
]

/** Days on which something about TLS changed, for a timeline (CRY-174, 175, 179, 180, 181, 185, 187). */
export const tlsTimeline: readonly { readonly day: string; readonly what: string }[] = [
  { day: "2016-06-01", what: "Chains signed with SHA-1 are refused" },
  { day: "2018-09-03", what: "Exchange Online presents an SMTP certificate below GlobalSign" },
  { day: "2018-10-31", what: "TLS 1.0, TLS 1.1 and 3DES are unsupported in every cloud" },
  { day: "2019-02-28", what: "3DES is switched off" },
  { day: "2020-01-15", what: "TLS 1.0 and 1.1 are switched off in GCC High and DoD" },
  { day: "2020-10-15", what: "TLS 1.0 and 1.1 begin to be switched off in Worldwide and GCC" },
  { day: "2021-02-15", what: "Azure services begin to use other root certificates" },
  { day: "2023-06-30", what: "TLS 1.0 and 1.1 are switched off at 21Vianet, legacy mail too" },
  { day: "2025-03-01", what: "Azure Front Door admits no minimum below TLS 1.2" },
]
