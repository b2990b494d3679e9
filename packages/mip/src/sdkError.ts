import { type Decision, decidingGate, refusalOf } from "@twin/kernel"

/** Errors of the information protection SDK that an application can meet here (MIP-282). */
export const sdkErrorTypes = [
  "NoPermissionsError",
  "ServiceDisabledError",
  "TemplateArchivedError",
  "TemplateNotFoundError",
  "LicenseNotRegisteredError",
  "CustomerKeyUnavailableError",
  "BadInputError",
  "JustificationRequiredError",
  "PrivilegedRequiredError",
  "LabelDisabledError",
  "LabelNotFoundError",
  "AdhocProtectionRequiredError",
  "NoPolicyError",
  "NotSupportedError",
  "NetworkError",
] as const
export type SdkErrorType = (typeof sdkErrorTypes)[number]

/** What an application catches: a type, and for two types a category (MIP-282). */
export interface SdkError {
  readonly type: SdkErrorType
  readonly category?: string
  /** For whom the service is off (MIP-006): only the tenant switches it off here. */
  readonly extent?: "Tenant"
}

/** Why there is no permission, by the gate that decided; everything else is `Unknown`. */
const permissionCategories: Readonly<Record<string, string>> = {
  "usage-rights": "AccessDenied",
  "application-enforces": "AccessDenied",
  "already-protected": "AccessDenied",
  "server-super-user": "AccessDenied",
  revocation: "AccessDenied",
  "conditional-access-block": "AccessDenied",
  "conditional-access-grant": "AccessDenied",
  "software-supports-identity": "AccessDenied",
  "content-expiry": "AccessExpired",
  "identity-provider": "UserNotFound",
  "account-in-directory": "UserNotFound",
  "account-enabled": "UserNotFound",
  "content-known": "UnknownTenant",
  "home-outbound": "UnknownTenant",
  "resource-inbound": "UnknownTenant",
}

/** Codes that are categories themselves. */
const permissionCodes: readonly string[] = ["InvalidEmail", "NotOwner", "NotPremiumLicenseUser"]

const inputCategories: Readonly<Record<string, string>> = {
  "second-key": "DoubleKey",
  "content-cipher": "LicenseNotTrusted",
  "publishing-licence": "ParameterParsing",
}

/** Codes of the service that the SDK names differently. */
const renamed: Readonly<Record<string, SdkErrorType>> = {
  LicenseNotRegistered: "LicenseNotRegisteredError",
  ServiceUnreachable: "NetworkError",
}

const categoryOf = (decision: Decision, code: string): string | undefined => {
  const { name, details } = decidingGate(decision)
  if (permissionCodes.includes(code)) return code
  // An address without any account behind it.
  if (details["identities"] === "none") return "UserNotFound"
  return Object.hasOwn(permissionCategories, name) ? permissionCategories[name] : undefined
}

const isSdkType = (code: string): code is SdkErrorType =>
  (sdkErrorTypes as readonly string[]).includes(code)

/** The error that an application built with the SDK meets; undefined where nothing was refused. */
export const sdkErrorOf = (decision: Decision): SdkError | undefined => {
  if (decision.outcome === "allow") return undefined
  const { name } = decidingGate(decision)
  const code = refusalOf(decision)?.code ?? ""
  const input = Object.hasOwn(inputCategories, name) ? inputCategories[name] : undefined
  if (input !== undefined && code !== "CustomerKeyUnavailableError") {
    return { type: "BadInputError", category: input }
  }
  const category = categoryOf(decision, code)
  if (category !== undefined) return { type: "NoPermissionsError", category }
  const type = Object.hasOwn(renamed, code) ? renamed[code] : isSdkType(code) ? code : undefined
  if (type === undefined || type === "NoPermissionsError") {
    return { type: "NoPermissionsError", category: "Unknown" }
  }
  return type === "ServiceDisabledError" ? { type, extent: "Tenant" } : { type }
}
