import type { ClientAppType, ExternalUserType, NamedLocation } from "../ConditionalAccessPolicy.ts"
import type { DeviceAttributes } from "../rules/deviceFilter.ts"

/** Everything a policy's conditions look at, for one sign-in. */
export interface SignInContext {
  /** Object id in this tenant; empty for somebody without a user object. */
  readonly userId: string
  /** None for a member; a guest who is also let into shared channels counts as both kinds (IDN-159). */
  readonly externalUserTypes: readonly ExternalUserType[]
  readonly homeTenant: string
  readonly groupIds: readonly string[]
  /** Active built-in roles. */
  readonly roles: readonly string[]
  readonly appId: string
  readonly userAction?: string
  /** Authentication context that the resource asks for, e.g. `c1`. */
  readonly authenticationContext?: string
  /** Scopes of the request; absent where more than the baseline is asked for (IDN-162). */
  readonly scopes?: readonly string[]
  /** Id of the client, where it is an application that keeps a secret of its own. */
  readonly confidentialClient?: string
  /** Whether the exclusion of a resource lets requests for baseline scopes through (IDN-162). */
  readonly areBaselineScopesExempt: boolean
  readonly clientAppType: Exclude<ClientAppType, "all" | "easSupported">
  readonly ipAddress: string
  /** Country of the address, two letters; absent where it was not recorded, empty where it is not assumed. */
  readonly country?: string
  /** Absent where it was not recorded. */
  readonly platform?: string
  /** What the device says about itself; absent where nothing of it can be trusted (IDN-168). */
  readonly device?: DeviceAttributes
  readonly signInRiskLevel: string
  readonly userRiskLevel: string
  readonly namedLocations: Readonly<Record<string, NamedLocation>>
}
