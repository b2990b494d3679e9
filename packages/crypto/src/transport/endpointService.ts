import { smtpEndpoints } from "./SmtpEndpoint.ts"
import { type CloudInstance, TlsService } from "./TlsPolicy.ts"

/** What stands behind the name that a client connects to. */
export interface Endpoint {
  readonly service: TlsService
  /** Where the name belongs to one cloud alone. */
  readonly cloud?: CloudInstance
}

const suffixes: readonly (readonly [string, TlsService])[] = [
  ["-my.sharepoint.com", "OneDrive"],
  [".sharepoint.com", "SharePointOnline"],
  ["outlook.office365.com", "ExchangeOnline"],
  ["outlook.office.com", "ExchangeOnline"],
  [".mail.protection.outlook.com", "ExchangeOnline"],
  ["teams.microsoft.com", "Teams"],
  [".azurefd.net", "AzureFrontDoor"],
]

/** By host name, or by the name of the service itself. Undefined: not one of the service's. */
export const endpointService = (endpoint: string): Endpoint | undefined => {
  const service = TlsService.literals.find((it) => it === endpoint)
  if (service !== undefined) return { service }
  const host = endpoint.toLowerCase().replace(/\.$/, "")
  const smtp = smtpEndpoints.find((it) => it.host === host)
  if (smtp !== undefined) {
    // The worldwide hosts serve GCC, too, and whoever asks from elsewhere says so.
    return smtp.cloud === "21Vianet"
      ? { service: smtp.service, cloud: smtp.cloud }
      : { service: smtp.service }
  }
  const found = suffixes.find(([suffix]) =>
    suffix.startsWith(".") || suffix.startsWith("-") ? host.endsWith(suffix) : host === suffix,
  )
  return found === undefined ? undefined : { service: found[1] }
}
