import { type Dated, hours, inForce, isFaultOn } from "@twin/kernel"
import { applicationNameOf } from "../applications.ts"
import { appIds } from "../CloudApp.ts"
import type { ConditionalAccessPolicy } from "../ConditionalAccessPolicy.ts"
import { type Admission, admission, collaborationSetting } from "../CrossTenantAccess.ts"
import {
  foreignOrganizationOf,
  groupsOfObject,
  organizationOf,
  rolesOf,
  userRiskOf,
} from "../directory.ts"
import { type ConditionalAccessResult, evaluateConditionalAccess } from "./conditionalAccess.ts"
import {
  isHomeMfaTrusted,
  type MfaObstacle,
  mfaObstacleOf,
  proofOf,
  trustedDevice,
} from "./controlStates.ts"
import { type Discovered, hasAccountAt, isEmailOtpOn } from "./identityProvider.ts"
import { matchPolicy } from "./matchPolicy.ts"
import { type PartnershipFacets, partnershipFacets } from "./partnershipFacets.ts"
import {
  continuousResources,
  evaluatedAsOf,
  policiesAsOf,
  tokenAddress,
} from "./policiesInForce.ts"
import { type ProtectionFacets, protectionFacets } from "./protectionFacets.ts"
import type { SignInContext } from "./SignInContext.ts"
import { type SecurityDefaultsState, securityDefaultsStateOf } from "./securityDefaults.ts"
import {
  clientAppTypeOf,
  type SignInQuestion,
  type SignInSubject,
  signInSubject,
} from "./signInSubject.ts"

/** What the gates of a sign-in look at. */
export interface SignInFacets extends PartnershipFacets, ProtectionFacets {
  readonly isDirectoryUp: boolean
  readonly hasOrganization: boolean
  readonly app: string
  readonly isAppKnown: boolean
  readonly asksFor: "application" | "resource"
  readonly isRightsManagement: boolean
  readonly clientAppType: string
  readonly isInternal: boolean
  readonly account: string
  readonly provider: Discovered
  readonly isBound: boolean
  readonly isEmailOtpOn: boolean
  readonly hasHomeAccount: boolean
  readonly firstFactor: "accepted" | "wrong" | "home-account-disabled" | "passcode-needed"
  /** `stale`: the guest object belongs to an older home account of the same name. */
  readonly directoryObject: "present" | "absent" | "stale"
  readonly accountEnabled: boolean
  readonly invitationState: string
  readonly homeOrganization: string
  readonly organization: string
  readonly outbound: Admission | "not-asked" | "not-recorded"
  readonly outboundFrom: string
  readonly inbound: Admission | "not-asked"
  readonly inboundFrom: string
  readonly securityDefaults: SecurityDefaultsState
  readonly policyOutcome: ConditionalAccessResult["outcome"]
  readonly policies: string
  readonly control: ConditionalAccessResult["control"]
  readonly mfaObstacle: MfaObstacle
  readonly mfaTenant: "home" | "resource"
  readonly hasMfaMethod: boolean
  readonly isInteractive: boolean
  /** The user risk of a guest, which the home tenant knows, makes a policy decide (IDN-167). */
  readonly isHomeRisk: boolean
  readonly signInFrequencyHours: number
  readonly isSignInFresh: boolean
  /** False: a policy asks for a second factor, and the last one is older than it allows. */
  readonly isSecondFactorFresh: boolean
}

/** Excluding any resource let requests for baseline scopes through until 2026 (IDN-162). */
const baselineScopesExempt: Dated<boolean> = {
  before: true,
  changes: [{ from: "2026-03-27", value: false }],
}

/** The address to judge: Exchange and SharePoint see a new one at once, others with the next token. */
const addressSeen = (
  subject: SignInSubject,
  context: SignInContext,
  policies: readonly ConditionalAccessPolicy[],
): string => {
  const earlier = tokenAddress(subject)
  if (earlier === undefined) return context.ipAddress
  const isSwitchedOff = policies.some(
    (policy) =>
      policy.state === "enabled" &&
      policy.sessionControls?.continuousAccessEvaluation === "disabled" &&
      matchPolicy(policy, context).applies === "yes",
  )
  return continuousResources.includes(context.appId) && !isSwitchedOff ? context.ipAddress : earlier
}

const contextOf = (subject: SignInSubject): SignInContext => {
  const { question, user, person, appId, externalUserTypes } = subject
  const { world, now, client, platform, userAction, authenticationContext, scopes } = question
  const asOf = evaluatedAsOf(subject)
  const device = trustedDevice(subject)
  const context: SignInContext = {
    userId: user?.id ?? "",
    externalUserTypes,
    homeTenant: person?.homeTenant ?? "",
    groupIds: user === undefined ? [] : groupsOfObject(world, user.id, asOf).map(({ id }) => id),
    roles: user === undefined ? [] : rolesOf(world, user.id, now),
    appId: appId ?? "",
    ...(userAction === undefined ? {} : { userAction }),
    ...(authenticationContext === undefined ? {} : { authenticationContext }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(question.confidentialClient === undefined
      ? {}
      : { confidentialClient: question.confidentialClient }),
    areBaselineScopesExempt: inForce(baselineScopesExempt, now),
    clientAppType: clientAppTypeOf(question),
    ipAddress: client.ipAddress,
    ...(platform === undefined ? {} : { platform }),
    ...(question.country === undefined ? {} : { country: question.country }),
    ...(device === undefined ? {} : { device }),
    signInRiskLevel: question.signInRiskLevel ?? "none",
    userRiskLevel: userRiskOf(world, person?.address ?? ""),
    namedLocations: world.identity.namedLocations,
  }
  return { ...context, ipAddress: addressSeen(subject, context, policiesAsOf(world, asOf)) }
}

/** All policies against this sign-in, report-only ones included. */
export const conditionalAccessOf = (subject: SignInSubject): ConditionalAccessResult =>
  evaluateConditionalAccess(
    policiesAsOf(subject.question.world, evaluatedAsOf(subject)),
    contextOf(subject),
    proofOf(subject),
  )

const firstFactorOf = (subject: SignInSubject): SignInFacets["firstFactor"] => {
  const { question, person, isInternal, provider, session } = subject
  if (question.hasWrongPassword === true) return "wrong"
  // The account of a member is judged by its own gate, in its place in the order.
  if (!isInternal && person?.accountEnabled === false) return "home-account-disabled"
  return provider === "emailOneTimePasscode" && session?.provider !== "emailOneTimePasscode"
    ? "passcode-needed"
    : "accepted"
}

/** Cross-tenant access concerns Entra organizations only (IDN-107). */
const crossTenantFacets = (
  subject: SignInSubject,
): Pick<
  SignInFacets,
  "outbound" | "outboundFrom" | "inbound" | "inboundFrom" | "homeOrganization"
> => {
  const { question, person, isInternal, provider, appId } = subject
  const { world } = question
  const resource = organizationOf(world)
  if (isInternal || provider !== "azureActiveDirectory") {
    return {
      outbound: "not-asked",
      outboundFrom: "none",
      inbound: "not-asked",
      inboundFrom: "none",
      homeOrganization: "",
    }
  }
  const asked = { userAndGroupIds: person?.objectId === undefined ? [] : [person.objectId], appId }
  // A work account without a recorded home is a work account of an unrecorded home.
  const homeTenant = person?.homeTenant ?? ""
  const home = foreignOrganizationOf(world, homeTenant)
  const inbound = collaborationSetting(
    world.identity.crossTenantAccess,
    "b2bCollaborationInbound",
    homeTenant,
  )
  const outbound =
    home === undefined
      ? undefined
      : collaborationSetting(
          home.crossTenantAccess,
          "b2bCollaborationOutbound",
          resource?.tenantId ?? "",
        )
  return {
    outbound: outbound === undefined ? "not-recorded" : admission(outbound.setting, asked),
    outboundFrom: outbound?.from ?? "none",
    inbound: admission(inbound.setting, asked),
    inboundFrom: inbound.from,
    homeOrganization: home?.displayName ?? "",
  }
}

const directoryObjectOf = ({
  user,
  person,
  isInternal,
  isBound,
}: SignInSubject): SignInFacets["directoryObject"] => {
  if (user === undefined) return "absent"
  const knownAs = user.identities[0]?.issuerAssignedId
  const isStale =
    !isInternal &&
    isBound &&
    person?.objectId !== undefined &&
    knownAs !== undefined &&
    knownAs !== person.objectId
  return isStale ? "stale" : "present"
}

const freshness = (subject: SignInSubject, frequencyHours: number): boolean =>
  subject.session === undefined ||
  subject.question.now - subject.session.authenticatedAt < hours(frequencyHours)

/** How old a second factor may be is what the policies that ask for one say with their frequency. */
const secondFactorFreshness = (
  { session, question }: SignInSubject,
  { policies }: ConditionalAccessResult,
): boolean => {
  const given = session?.mfa
  if (given === undefined) return true
  return policies
    .filter(({ policy, match }) => policy.state === "enabled" && match.applies === "yes")
    .filter(
      ({ policy: { grantControls: grant } }) =>
        grant?.builtInControls.includes("mfa") === true ||
        grant?.authenticationStrength !== undefined,
    )
    .every(({ policy }) => {
      const frequency = policy.sessionControls?.signInFrequencyHours
      return frequency === undefined || question.now - given.at < hours(frequency)
    })
}

/** A policy on user risk is what decides, and the person is somebody else's to watch. */
const isByHomeRisk = (
  { isInternal }: SignInSubject,
  { policies, decidedBy }: ConditionalAccessResult,
): boolean =>
  !isInternal &&
  policies.some(
    ({ policy, match }) =>
      decidedBy.includes(policy.displayName) &&
      match.applies === "yes" &&
      policy.conditions.userRiskLevels.length > 0,
  )

/** Turns the question into facets; everything is looked up here and nowhere else. */
export const signInFacets = (question: SignInQuestion): SignInFacets => {
  const subject = signInSubject(question)
  const { world, now } = question
  const { person, user, provider, appId } = subject
  const organization = organizationOf(world)
  const conditionalAccess = conditionalAccessOf(subject)
  const isAtHome = isHomeMfaTrusted(subject)
  return {
    isDirectoryUp: !isFaultOn(world, "directory-outage"),
    hasOrganization: organization !== undefined,
    app: appId === undefined ? question.app : applicationNameOf(world, appId),
    isAppKnown: appId !== undefined,
    asksFor: question.asksFor ?? "application",
    isRightsManagement: appId === appIds.rightsManagement,
    clientAppType: clientAppTypeOf(question),
    isInternal: subject.isInternal,
    account: person?.account ?? "unknown",
    provider,
    isBound: subject.isBound,
    isEmailOtpOn: isEmailOtpOn(world, now),
    hasHomeAccount:
      person !== undefined &&
      provider !== "none" &&
      provider !== "createMicrosoftAccount" &&
      (subject.isInternal || hasAccountAt(person, provider)),
    firstFactor: firstFactorOf(subject),
    directoryObject: directoryObjectOf(subject),
    accountEnabled: user?.accountEnabled ?? true,
    invitationState: user?.externalUserState ?? "none",
    organization: organization?.displayName ?? "",
    ...crossTenantFacets(subject),
    ...partnershipFacets(subject),
    ...protectionFacets(subject),
    securityDefaults: securityDefaultsStateOf(subject),
    policyOutcome: conditionalAccess.outcome,
    policies: conditionalAccess.decidedBy.join(", "),
    control: conditionalAccess.control,
    mfaObstacle: mfaObstacleOf(subject),
    mfaTenant: isAtHome ? "home" : "resource",
    hasMfaMethod: (isAtHome ? (person?.mfaMethods ?? []) : (user?.mfaMethods ?? [])).length > 0,
    isInteractive: question.isInteractive ?? true,
    isHomeRisk: isByHomeRisk(subject, conditionalAccess),
    signInFrequencyHours: conditionalAccess.signInFrequencyHours,
    isSignInFresh: freshness(subject, conditionalAccess.signInFrequencyHours),
    isSecondFactorFresh: secondFactorFreshness(subject, conditionalAccess),
  }
}
