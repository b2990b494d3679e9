import {
  type Actor,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
} from "@twin/kernel"
import { resourceIdOf } from "../applications.ts"
import type {
  ClientAppType,
  ConditionalAccessPolicy,
  ExternalUserType,
} from "../ConditionalAccessPolicy.ts"
import { groupsOfObject, rolesOf } from "../directory.ts"
import type { DeviceAttributes } from "../rules/deviceFilter.ts"
import type { IdentityWorld } from "../State.ts"
import { userActions } from "./matchApplication.ts"
import { matchPolicy, type PolicyMatch } from "./matchPolicy.ts"
import type { SignInContext } from "./SignInContext.ts"
import { signInSubject } from "./signInSubject.ts"

/** A sign-in that nobody makes. What is left out is not assumed (IDN-181). */
export interface WhatIfRequest {
  /** Address, principal name or object id. */
  readonly user?: string
  readonly externalUserType?: ExternalUserType
  readonly externalTenantId?: string
  /** Exactly one of these three: what the token is for. */
  readonly app?: string
  readonly userAction?: string
  readonly authenticationContext?: string
  readonly devicePlatform: string
  readonly clientAppType: Exclude<ClientAppType, "all" | "easSupported">
  /** Two letters. */
  readonly country?: string
  readonly ipAddress?: string
  readonly device?: DeviceAttributes
  readonly signInRiskLevel?: string
  readonly userRiskLevel?: string
}

/** One policy's answer, for enabled and report-only policies, by name. */
export interface WhatIfAnswer {
  readonly policy: ConditionalAccessPolicy
  readonly match: PolicyMatch
}

interface WhatIfFacets {
  readonly identity: "user" | "type" | "none"
  readonly target: "application" | "userAction" | "authenticationContext" | "unknown" | "none"
}

const whatIfGate = gate<WhatIfFacets>()

const identityGiven = whatIfGate({
  name: "what-if-identity",
  facts: ["IDN-177"],
  reads: ["identity"],
  check: ({ identity }) =>
    identity === "none"
      ? deny(
          "The simulation needs a user or a kind of external user.",
          { identity },
          { code: "BadRequest", message: "The sign-in identity is missing or unknown." },
        )
      : pass("The simulation knows whose sign-in it is about.", { identity }),
})

/** A suite is no application: naming one matches nothing, so it is not taken (IDN-181). */
const targetGiven = whatIfGate({
  name: "what-if-target",
  facts: ["IDN-177", "IDN-179", "IDN-181"],
  reads: ["target"],
  check: ({ target }) => {
    switch (target) {
      case "none":
        return deny(
          "The simulation needs one target: an application, a user action or an authentication context.",
          { target },
          { code: "BadRequest", message: "The sign-in context is missing." },
        )
      case "unknown":
        return deny(
          "The simulation needs a target that the organization has.",
          { target },
          { code: "BadRequest", message: "The target of the sign-in is unknown." },
        )
      default:
        return pass("The simulation knows the target resource.", { target })
    }
  },
})

const gates: GateRules<WhatIfFacets> = [identityGiven, targetGiven]

const targetOf = (
  world: IdentityWorld,
  { app, userAction, authenticationContext }: WhatIfRequest,
): WhatIfFacets["target"] => {
  const given = [app, userAction, authenticationContext].filter((it) => it !== undefined)
  if (given.length !== 1) return "none"
  if (app !== undefined) return resourceIdOf(world, app) === undefined ? "unknown" : "application"
  if (userAction !== undefined)
    return (userActions as readonly string[]).includes(userAction) ? "userAction" : "unknown"
  return "authenticationContext"
}

const contextFor = (
  {
    world,
    actor,
    now,
  }: { readonly world: IdentityWorld; readonly actor: Actor; readonly now: number },
  given: WhatIfRequest,
): SignInContext | undefined => {
  const { user, externalUserType, app = "", country, userAction, authenticationContext } = given
  const subject =
    user === undefined
      ? undefined
      : signInSubject({ world, address: user, app, client: actor.client, now })
  if (subject !== undefined && subject.person === undefined) return undefined
  const types = externalUserType === undefined ? subject?.externalUserTypes : [externalUserType]
  if (types === undefined) return undefined
  const userId = subject?.user?.id ?? ""
  return {
    userId,
    externalUserTypes: types,
    homeTenant: given.externalTenantId ?? subject?.person?.homeTenant ?? "",
    groupIds: userId === "" ? [] : groupsOfObject(world, userId).map(({ id }) => id),
    roles: userId === "" ? [] : rolesOf(world, userId, now),
    appId: resourceIdOf(world, app) ?? "",
    ...(userAction === undefined ? {} : { userAction }),
    ...(authenticationContext === undefined ? {} : { authenticationContext }),
    areBaselineScopesExempt: false,
    clientAppType: given.clientAppType,
    ipAddress: given.ipAddress ?? "",
    country: country ?? "",
    platform: given.devicePlatform,
    ...(given.device === undefined ? {} : { device: given.device }),
    signInRiskLevel: given.signInRiskLevel ?? "none",
    userRiskLevel: given.userRiskLevel ?? "none",
    namedLocations: world.identity.namedLocations,
  }
}

/**
 * Which policies would apply to a sign-in, and for the others the first condition that is not met
 * (IDN-177 to IDN-181). Disabled policies are not asked, and nothing is granted.
 */
export const evaluateWhatIf = (
  asked: { readonly world: IdentityWorld; readonly actor: Actor; readonly now: number },
  request: WhatIfRequest,
): { readonly decision: Decision; readonly answers: readonly WhatIfAnswer[] } => {
  const context = contextFor(asked, request)
  const decision = decideByGates(gates, {
    identity: context === undefined ? "none" : request.user === undefined ? "type" : "user",
    target: targetOf(asked.world, request),
  })
  if (decision.outcome !== "allow" || context === undefined) return { decision, answers: [] }
  return {
    decision,
    answers: Object.values(asked.world.identity.conditionalAccess)
      .filter(({ state }) => state !== "disabled")
      .toSorted((a, b) => (a.displayName < b.displayName ? -1 : 1))
      .map((policy) => ({ policy, match: matchPolicy(policy, context) })),
  }
}
