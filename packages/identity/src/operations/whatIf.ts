import {
  type Call,
  decideByGates,
  deny,
  type GateRules,
  gate,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { appIdOf } from "../CloudApp.ts"
import { ClientAppType, ExternalUserType, RiskLevel } from "../ConditionalAccessPolicy.ts"
import { matchPolicy, type SignInContext } from "../decisions/matchPolicy.ts"
import { signInSubject } from "../decisions/signInSubject.ts"
import { groupsOfObject, rolesOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { policyAdministrators } from "./conditionalAccess.ts"
import { requestDenied } from "./graphCmdlet.ts"

const params = Schema.Struct({
  user: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Whose sign-in is simulated" }),
  ),
  externalUserType: Schema.optionalKey(
    ExternalUserType.annotate({ description: "Instead of a user: a kind of external user" }),
  ),
  externalTenantId: Schema.optionalKey(
    Schema.String.annotate({ description: "Home tenant of the external user" }),
  ),
  app: Schema.NonEmptyString.annotate({ description: "Application by name or id" }),
  devicePlatform: Schema.Literals(["android", "iOS", "windows", "macOS", "linux"]).annotate({
    description: "Device platform",
  }),
  clientAppType: ClientAppType.pick([
    "browser",
    "mobileAppsAndDesktopClients",
    "exchangeActiveSync",
    "other",
  ]).annotate({ description: "Kind of client" }),
  ipAddress: Schema.optionalKey(Schema.String.annotate({ description: "Public address" })),
  signInRiskLevel: Schema.optionalKey(RiskLevel.annotate({ description: "Sign-in risk" })),
  userRiskLevel: Schema.optionalKey(RiskLevel.annotate({ description: "User risk" })),
})
type Params = typeof params.Type

interface WhatIfFacets {
  readonly identity: "user" | "type" | "none"
  readonly isAppKnown: boolean
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
          {
            code: "BadRequest",
            message: "The sign-in identity is missing or unknown.",
          },
        )
      : pass("The simulation knows whose sign-in it is about.", { identity }),
})

/** A suite is no application: naming one matches nothing, so it is not taken (IDN-181). */
const applicationGiven = whatIfGate({
  name: "what-if-application",
  facts: ["IDN-177", "IDN-181"],
  reads: ["isAppKnown"],
  check: ({ isAppKnown }) =>
    isAppKnown
      ? pass("The simulation knows the target resource.")
      : deny(
          "The simulation needs a single application.",
          { isAppKnown },
          {
            code: "BadRequest",
            message: "The application is unknown.",
          },
        ),
})

const gates: GateRules<WhatIfFacets> = [identityGiven, applicationGiven]

const contextFor = (call: Call<IdentityWorld>, given: Params): SignInContext | undefined => {
  const { world, now, actor } = call
  const subject =
    given.user === undefined
      ? undefined
      : signInSubject({ world, address: given.user, app: given.app, client: actor.client, now })
  if (subject !== undefined && subject.person === undefined) return undefined
  const type = given.externalUserType ?? subject?.externalUserType
  if (type === undefined) return undefined
  const userId = subject?.user?.id ?? ""
  return {
    userId,
    externalUserType: type,
    homeTenant: given.externalTenantId ?? subject?.person?.homeTenant ?? "",
    groupIds: userId === "" ? [] : groupsOfObject(world, userId).map(({ id }) => id),
    roles: userId === "" ? [] : rolesOf(world, userId, now),
    appId: appIdOf(given.app) ?? "",
    clientAppType: given.clientAppType,
    ipAddress: given.ipAddress ?? "",
    platform: given.devicePlatform,
    signInRiskLevel: given.signInRiskLevel ?? "none",
    userRiskLevel: given.userRiskLevel ?? "none",
    namedLocations: world.identity.namedLocations,
  }
}

/**
 * The What If tool: which enabled and report-only policies would apply, and for the others the first
 * condition that is not met. It assumes nothing that is not given (IDN-181) and grants nothing.
 */
export const whatIf = operation({
  name: "evaluate-conditional-access",
  summary: "Simulates a sign-in and shows which Conditional Access policies would apply, and why.",
  params,
  roles: [...policyAdministrators, roles.globalReader],
  roleRefusal: requestDenied,
  facts: ["IDN-131", "IDN-177", "IDN-178", "IDN-179", "IDN-180", "IDN-181"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, given): Ruling<IdentityEvent> => {
    const context = contextFor(call, given)
    const decision = decideByGates(gates, {
      identity: context === undefined ? "none" : given.user === undefined ? "type" : "user",
      isAppKnown: appIdOf(given.app) !== undefined,
    })
    if (decision.outcome !== "allow" || context === undefined) return { decision }
    return {
      decision,
      output: Object.values(call.world.identity.conditionalAccess)
        .filter(({ state }) => state !== "disabled")
        .toSorted((a, b) => (a.displayName < b.displayName ? -1 : 1))
        .map((policy) => {
          const match = matchPolicy(policy, context)
          return {
            id: policy.id,
            displayName: policy.displayName,
            state: policy.state,
            policyApplies: match.applies === "yes",
            analysisReasons:
              match.applies === "unknown" ? "notEnoughInformation" : (match.reason ?? "notSet"),
            grantControls: policy.grantControls?.builtInControls ?? [],
          }
        }),
    }
  },
})
