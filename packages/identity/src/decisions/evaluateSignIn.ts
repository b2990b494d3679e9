import { type Decision, decideByGates, type GateRules } from "@twin/kernel"
import {
  conditionalAccessBlock,
  conditionalAccessGrant,
  signInFrequency,
} from "./conditionalAccessGates.ts"
import {
  accountPicked,
  cloudEndpoint,
  federatedAssertion,
  googleWebView,
  passcodeAtSharePoint,
  signInEndpoint,
  tenantRestrictions,
} from "./partnershipGates.ts"
import { accountLocked, assignedToApplication, passwordCurrent } from "./protectionGates.ts"
import { securityDefaults } from "./securityDefaults.ts"
import { type SignInFacets, signInFacets } from "./signInFacets.ts"
import {
  accountEnabled,
  accountInDirectory,
  applicationKnown,
  directoryReachable,
  firstFactor,
  homeOutbound,
  identityProvider,
  invitationRedeemed,
  resourceInbound,
  rightsManagementIdentity,
} from "./signInGates.ts"
import type { SignInQuestion } from "./signInSubject.ts"

/** Who it is: what is asked before anybody looks for an account in this tenant. */
const beforeAccount = [
  directoryReachable,
  applicationKnown,
  tenantRestrictions,
  signInEndpoint,
  identityProvider,
  googleWebView,
  accountPicked,
  accountLocked,
  firstFactor,
  passwordCurrent,
  federatedAssertion,
  passcodeAtSharePoint,
] as const

/** From the account to the token. */
const fromAccount = [
  accountEnabled,
  assignedToApplication,
  cloudEndpoint,
  homeOutbound,
  resourceInbound,
  securityDefaults,
  conditionalAccessBlock,
  conditionalAccessGrant,
  signInFrequency,
] as const

/** Up to the token: what holds for the first visit as well, before the consent of a guest. */
const upToConsent = [...beforeAccount, accountInDirectory, ...fromAccount] as const

/** The order of a sign-in to an application of this tenant (second of the documented interactions). */
export const signInGates: GateRules<SignInFacets> = [...upToConsent, invitationRedeemed]

/** The same without the question whether the guest has consented: that is what redemption adds. */
export const redemptionSignInGates: GateRules<SignInFacets> = upToConsent

/**
 * The order in which a token for encrypted content is given (third of the documented interactions):
 * nobody needs a user object here, and a disabled one is found only after cross-tenant access.
 */
export const rightsManagementGates: GateRules<SignInFacets> = [
  directoryReachable,
  applicationKnown,
  tenantRestrictions,
  identityProvider,
  rightsManagementIdentity,
  accountLocked,
  firstFactor,
  passwordCurrent,
  cloudEndpoint,
  homeOutbound,
  resourceInbound,
  accountEnabled,
  securityDefaults,
  conditionalAccessBlock,
  conditionalAccessGrant,
  signInFrequency,
]

/** My Access, where people from outside ask for a package: nobody needs a user object yet (IDN-240). */
export const entitlementSignInGates: GateRules<SignInFacets> = [...beforeAccount, ...fromAccount]

/** The gates that a question is asked by; which ones depends on the application alone. */
export const signInGatesFor = (
  facets: Pick<SignInFacets, "isRightsManagement">,
): GateRules<SignInFacets> => (facets.isRightsManagement ? rightsManagementGates : signInGates)

/**
 * Whether somebody gets a token for an application. Pure: asks with what is on record (a passcode
 * session, a second factor), so that the answer is a challenge where something has to be shown first.
 */
export const evaluateSignIn = (question: SignInQuestion): Decision => {
  const facets = signInFacets(question)
  return decideByGates(signInGatesFor(facets), facets)
}
