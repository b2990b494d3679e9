import type { Refusal } from "@twin/kernel"

/** The kind of message each code carries (IDN-262, IDN-270 to IDN-276); only codes the twin emits. */
const messages = {
  16000: "The user account does not exist in this organization and cannot access it.",
  16003: "The user hasn't been explicitly added to the tenant.",
  50003: "Sign-in failed because of a missing signing key or certificate.",
  50011:
    "The reply address specified in the request does not match the reply addresses configured for the application.",
  50014: "The guest user has not accepted the invitation of this organization yet.",
  50053:
    "The account is locked because the user tried to sign in too many times with an incorrect user ID or password.",
  50055: "The password is expired.",
  50058: "A silent sign-in request was sent but no user is signed in.",
  50173: "The provided grant has expired due to it being revoked, a fresh auth token is needed.",
  70008:
    "The refresh token has expired due to inactivity or a new policy, and has to be asked for again.",
  90002: "The tenant was not found. Check to make sure you have the correct tenant ID.",
  700082: "The refresh token has expired due to inactivity.",
  9002313: "Invalid request. The request is malformed or invalid.",
  50020:
    "The user account from the external identity provider does not exist in the tenant and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first.",
  50034: "The user account does not exist in the directory.",
  50057: "The user account is disabled.",
  50072: "The user needs to enroll for second factor authentication (interactive).",
  50074: "Strong authentication is required and the user did not pass the challenge.",
  50076:
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multifactor authentication to access the resource.",
  50078:
    "Presented multifactor authentication has expired due to policies configured by your administrator, you must refresh your multifactor authentication to access the resource.",
  50079:
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multifactor authentication to access the resource.",
  50126: "Error validating credentials due to invalid username or password.",
  50105:
    "The signed in user is not assigned to a role for the application, which requires an assignment.",
  51004: "The user account does not exist in the directory.",
  53000: "Conditional Access policy requires a compliant device, and the device isn't compliant.",
  53001:
    "Conditional Access policy requires a domain joined device, and the device isn't domain joined.",
  53002: "The application used isn't an approved application for Conditional Access.",
  53003: "Access has been blocked by Conditional Access policies.",
  53004:
    "Proof-up is blocked due to risk: multifactor authentication has to be registered before this content can be accessed.",
  53009: "The application needs to enforce Intune protection policies.",
  53010: "Registration of security information is blocked for this user.",
  50194:
    "The application isn't configured as a multitenant application. Usage of the /common endpoint isn't supported for such applications created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multitenant.",
  53011: "User blocked due to risk on home tenant.",
  65001:
    "The user or administrator hasn't consented to use the application. Send an interactive authorization request for this user and resource.",
  65004: "The user declined to consent.",
  70011: "The provided value for the input parameter 'scope' isn't valid.",
  70043: "The refresh token has expired due to the sign-in frequency checks by Conditional Access.",
  75016: "SAML2 Authentication Request has invalid NameIdPolicy.",
  90033: "A transient error has occurred. Please try again.",
  90094: "The grant requires administrator permission.",
  90072:
    "The external account does not exist on the tenant that it signed in to, so it can't satisfy the multifactor authentication requirements of that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Microsoft Entra user account.",
  530035: "Access has been blocked by security defaults.",
  90071:
    "An admin from the organization must update their access settings to accept inbound multifactor authentication.",
  500011: "The resource principal was not found in the tenant.",
  700016: "The application was not found in the directory.",
  500021: "Access to the tenant is denied: the tenant restrictions of this network do not list it.",
  500022:
    "Access to the tenant is denied: the tenant restrictions feature is configured, and the tenant is not in its list of permitted tenants.",
  500212:
    "The user's administrator has set an outbound access policy that does not allow access to the resource tenant.",
  500213:
    "The resource tenant's cross-tenant access policy does not allow this user to access this tenant.",
  650052:
    "The app needs access to a service that your organization hasn't subscribed to or enabled. Contact your IT Admin to review the configuration of your service subscriptions.",
  650056:
    "Misconfigured application. Check the application identifier in the request to ensure it matches the configured client application identifier.",
  650057:
    "Invalid resource. The client has requested access to a resource which isn't listed in the requested permissions in the client's application registration.",
  7000112: "The application is disabled.",
  1000104:
    "The home and the resource tenant are in different clouds, and their settings do not let them work together.",
  5000211:
    "A tenant restrictions policy added by your organization doesn't allow access to this tenant.",
} as const

export type StsCode = keyof typeof messages

/** The refusal as the security token service words it: `AADSTSnnnnn: ...`. */
export const stsError = (code: StsCode, detail?: string): Refusal => ({
  code: `AADSTS${code}`,
  message: `AADSTS${code}: ${messages[code]}${detail === undefined ? "" : ` ${detail}`}`,
})
