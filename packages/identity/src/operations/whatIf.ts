import { type Call, type OutputObject, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { ClientAppType, ExternalUserType, RiskLevel } from "../ConditionalAccessPolicy.ts"
import {
  evaluateWhatIf,
  type WhatIfAnswer,
  type WhatIfRequest,
} from "../decisions/evaluateWhatIf.ts"
import { userActions } from "../decisions/matchApplication.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { policyAdministrators, policyRow } from "./conditionalAccess.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"

const platform = Schema.Literals(["android", "iOS", "windows", "windowsPhone", "macOS", "linux"])
const clientAppType = ClientAppType.pick([
  "browser",
  "mobileAppsAndDesktopClients",
  "exchangeActiveSync",
  "other",
])
const readers: readonly string[] = [...policyAdministrators, roles.globalReader]

const answerOf = ({ match }: WhatIfAnswer): OutputObject => ({
  policyApplies: match.applies === "yes",
  analysisReasons:
    match.applies === "unknown" ? "notEnoughInformation" : (match.reason ?? "notSet"),
})

/**
 * The What If tool: which enabled and report-only policies would apply, and for the others the first
 * condition that is not met. It assumes nothing that is not given (IDN-181) and grants nothing.
 */
export const whatIf = operation({
  name: "evaluate-conditional-access",
  summary: "Simulates a sign-in and shows which Conditional Access policies would apply, and why.",
  params: Schema.Struct({
    user: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Whose sign-in is simulated" }),
    ),
    externalUserType: Schema.optionalKey(
      ExternalUserType.annotate({ description: "Instead of a user: a kind of external user" }),
    ),
    externalTenantId: Schema.optionalKey(
      Schema.String.annotate({ description: "Home tenant of the external user" }),
    ),
    app: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Application by name or id" }),
    ),
    userAction: Schema.optionalKey(
      Schema.Literals(userActions).annotate({ description: "Instead of an application" }),
    ),
    authenticationContext: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Instead of an application, e.g. c1" }),
    ),
    devicePlatform: platform.annotate({ description: "Device platform" }),
    clientAppType: clientAppType.annotate({ description: "Kind of client" }),
    country: Schema.optionalKey(Schema.String.annotate({ description: "Two letters, e.g. DE" })),
    ipAddress: Schema.optionalKey(Schema.String.annotate({ description: "Public address" })),
    signInRiskLevel: Schema.optionalKey(RiskLevel.annotate({ description: "Sign-in risk" })),
    userRiskLevel: Schema.optionalKey(RiskLevel.annotate({ description: "User risk" })),
  }),
  roles: readers,
  roleRefusal: requestDenied,
  facts: ["IDN-131", "IDN-177", "IDN-178", "IDN-180", "IDN-181"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, given): Ruling<IdentityEvent> => {
    const { decision, answers } = evaluateWhatIf(call, given)
    return {
      decision,
      output: answers.map(({ policy, match }) => ({
        id: policy.id,
        displayName: policy.displayName,
        state: policy.state,
        ...answerOf({ policy, match }),
        grantControls: policy.grantControls?.builtInControls ?? [],
        sessionControls: { ...policy.sessionControls },
      })),
    }
  },
})

const text = Schema.optionalKey(Schema.NullOr(Schema.String))
const risk = Schema.optionalKey(Schema.NullOr(RiskLevel))

const SignInIdentity = Schema.Struct({
  userId: text,
  externalTenantId: text,
  externalUserType: Schema.optionalKey(Schema.NullOr(ExternalUserType)),
})

const SignInContextBody = Schema.Struct({
  includeApplications: Schema.optionalKey(Schema.Array(Schema.String)),
  authContext: text,
  authenticationContext: text,
  userAction: text,
})

const SignInConditions = Schema.Struct({
  devicePlatform: platform,
  clientAppType,
  country: text,
  deviceInfo: Schema.optionalKey(
    Schema.NullOr(Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Boolean]))),
  ),
  ipAddress: text,
  signInRiskLevel: risk,
  userRiskLevel: risk,
})

/** The properties that say something; an absent one is not assumed. */
const said = <A extends object>(values: A): { readonly [K in keyof A]?: NonNullable<A[K]> } =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  ) as { readonly [K in keyof A]?: NonNullable<A[K]> }

const userActionOf = (word: string | null | undefined): string | undefined =>
  userActions.find((it) => it === word || it.endsWith(`:${(word ?? "").toLowerCase()}`))

/** The same over Graph, for one application, user action or authentication context (IDN-179). */
export const testConditionalAccess = graphCmdlet({
  name: "Test-MgBetaIdentityConditionalAccess",
  summary: "Evaluates all Conditional Access policies for a sign-in that nobody makes.",
  params: {
    SignInIdentity: Schema.optionalKey(
      hashtable.annotate({ description: "userId, or externalUserType and externalTenantId" }),
    ),
    SignInContext: Schema.optionalKey(
      hashtable.annotate({ description: "includeApplications, userAction or authContext" }),
    ),
    SignInConditions: Schema.optionalKey(
      hashtable.annotate({ description: "devicePlatform, clientAppType, ipAddress, country, ..." }),
    ),
    AppliedPoliciesOnly: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Only the policies that apply; switch" }),
    ),
  },
  body: Schema.Struct({
    signInIdentity: SignInIdentity,
    signInContext: SignInContextBody,
    signInConditions: SignInConditions,
    appliedPoliciesOnly: Schema.optionalKey(Schema.Boolean),
  }),
  binding: { switches: ["AppliedPoliciesOnly"] },
  roles: readers,
  facts: ["IDN-177", "IDN-178", "IDN-179", "IDN-180", "IDN-181"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const { signInIdentity: who, signInContext: what, signInConditions: how } = body
    const [app, ...more] = what.includeApplications ?? []
    const action = what.userAction ?? undefined
    const request: WhatIfRequest = {
      ...said({
        user: who.userId,
        externalUserType: who.externalUserType,
        externalTenantId: who.externalTenantId,
        // Several applications are several sign-ins: the service evaluates one at a time.
        app: more.length === 0 ? app : undefined,
        userAction: action === undefined ? undefined : (userActionOf(action) ?? action),
        authenticationContext: what.authContext ?? what.authenticationContext,
      }),
      ...said({
        country: how.country,
        ipAddress: how.ipAddress,
        signInRiskLevel: how.signInRiskLevel,
        userRiskLevel: how.userRiskLevel,
        device: how.deviceInfo,
      }),
      devicePlatform: how.devicePlatform,
      clientAppType: how.clientAppType,
    }
    const { decision, answers } = evaluateWhatIf(call, request)
    return {
      decision,
      output: answers
        .filter(({ match }) => body.appliedPoliciesOnly !== true || match.applies === "yes")
        .map((answer) => ({ ...policyRow(answer.policy), ...answerOf(answer) })),
    }
  },
})
