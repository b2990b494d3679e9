import { instant } from "@twin/kernel"
import type { CloudInstance, TlsService } from "./TlsPolicy.ts"

/** A host to which clients submit mail, and what it is. */
export interface SmtpEndpoint {
  readonly host: string
  readonly cloud: "Worldwide" | "21Vianet"
  readonly service: Extract<TlsService, "SmtpSubmission" | "SmtpLegacySubmission">
}

/** CRY-184, CRY-185: hosts for authenticated submission. */
export const smtpEndpoints: readonly SmtpEndpoint[] = [
  { host: "smtp.office365.com", cloud: "Worldwide", service: "SmtpSubmission" },
  { host: "smtp.partner.outlook.cn", cloud: "21Vianet", service: "SmtpSubmission" },
  { host: "smtp-legacy.office365.com", cloud: "Worldwide", service: "SmtpLegacySubmission" },
  { host: "smtp-legacy.partner.outlook.cn", cloud: "21Vianet", service: "SmtpLegacySubmission" },
]

/** What the service answers to a client below TLS 1.2 (CRY-184). */
export const smtpTlsRefusal = {
  code: "421 4.7.66",
  message:
    "421 4.7.66 TLS 1.0 and 1.1 are not supported. Please upgrade/update your client to support TLS 1.2. Visit https://aka.ms/smtp_auth_tls",
} as const

/**
 * Whether the legacy endpoint takes TLS 1.0 and 1.1 from this tenant: the tenant asked for it, and
 * its cloud has one at that moment (CRY-185).
 */
export const isLegacyEndpointOpen = (
  allowLegacyTlsClients: boolean,
  cloud: CloudInstance,
  at: number,
): boolean => {
  if (!allowLegacyTlsClients) return false
  if (cloud === "Worldwide") return true
  return cloud === "21Vianet" && at < instant("2023-06-30")
}
