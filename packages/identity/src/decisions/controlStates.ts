import { appIds } from "../CloudApp.ts"
import { admission, collaborationSetting, inboundTrustOf } from "../CrossTenantAccess.ts"
import { userRiskOf } from "../directory.ts"
import type { MfaMethod } from "../Person.ts"
import type { DeviceAttributes } from "../rules/deviceFilter.ts"
import type { ControlState, Proof } from "./conditionalAccess.ts"
import { userActions } from "./matchApplication.ts"
import { clientAppTypeOf, type SignInSubject } from "./signInSubject.ts"

/** Why a second factor cannot be given at all. */
export type MfaObstacle =
  | "none"
  | "legacy-client"
  | "pass-through"
  | "registration-blocked"
  | "registration-elsewhere"
  | "risk"

const resourceMethods: readonly string[] = ["sms", "voice", "authenticatorPush", "oathSoftware"]

const strengths: Readonly<Record<string, readonly MfaMethod[]>> = {
  "passwordless mfa": [
    "authenticatorPhoneSignIn",
    "fido2",
    "windowsHelloForBusiness",
    "certificate",
  ],
  "phishing-resistant mfa": ["fido2", "windowsHelloForBusiness", "certificate"],
}
const strengthNames: Readonly<Record<string, string>> = {
  "00000000-0000-0000-0000-000000000002": "multifactor authentication",
  "00000000-0000-0000-0000-000000000003": "passwordless mfa",
  "00000000-0000-0000-0000-000000000004": "phishing-resistant mfa",
}

/** The methods that a strength accepts; undefined for a custom one, which the twin does not record. */
export const methodsOfStrength = (strength: string): readonly string[] | undefined => {
  const key = strength.toLowerCase()
  const name = Object.hasOwn(strengthNames, key) ? strengthNames[key] : key
  if (name === undefined) return undefined
  if (name === "multifactor authentication") return [...resourceMethods, ...everyOtherMethod]
  return Object.hasOwn(strengths, name) ? strengths[name] : undefined
}
const everyOtherMethod: readonly string[] = [
  "authenticatorPhoneSignIn",
  "oathHardware",
  "fido2",
  "windowsHelloForBusiness",
  "certificate",
]

const isEntraOutsider = ({ isInternal, provider }: SignInSubject): boolean =>
  !isInternal && provider === "azureActiveDirectory"

const trustFor = ({ question, person }: SignInSubject) =>
  inboundTrustOf(question.world.identity.crossTenantAccess, person?.homeTenant)

/** Whether a second factor of the home tenant counts here (IDN-116). */
export const isHomeMfaTrusted = (subject: SignInSubject): boolean =>
  isEntraOutsider(subject) && trustFor(subject).isMfaAccepted

/**
 * Registering a method here takes the registration pages; an inbound list of applications without
 * them leaves the guest unable to (IDN-114).
 */
const canRegisterHere = (subject: SignInSubject): boolean => {
  const { question, person } = subject
  if (!isEntraOutsider(subject) || person?.homeTenant === undefined) return true
  const { setting } = collaborationSetting(
    question.world.identity.crossTenantAccess,
    "b2bCollaborationInbound",
    person.homeTenant,
  )
  return [appIds.mySignIns, appIds.accessPanel, appIds.myProfile, appIds.myApps].every(
    (appId) =>
      admission(setting, { userAndGroupIds: [person.objectId ?? ""], appId }) !== "app-blocked",
  )
}

/** Whether a policy that asks for risk would see any in this sign-in. */
const isRisky = ({ question, person }: SignInSubject): boolean =>
  (question.signInRiskLevel ?? "none") !== "none" ||
  userRiskOf(question.world, person?.address ?? "") !== "none"

/** Why somebody without a second factor cannot register one in this sign-in. */
const registrationObstacle = (subject: SignInSubject): MfaObstacle => {
  if (isRisky(subject)) return "risk"
  if (!canRegisterHere(subject)) return "registration-blocked"
  const isOfOtherProvider =
    !subject.isInternal &&
    subject.provider !== "azureActiveDirectory" &&
    subject.provider !== "microsoftAccount"
  return subject.question.userAction === userActions[0] && isOfOtherProvider
    ? "registration-elsewhere"
    : "none"
}

/** What stands in the way of a second factor, if anything. */
export const mfaObstacleOf = (subject: SignInSubject): MfaObstacle => {
  const type = clientAppTypeOf(subject.question)
  if (type === "other" || type === "exchangeActiveSync") return "legacy-client"
  if (isHomeMfaTrusted(subject)) return "none"
  if (!subject.isInternal && subject.user === undefined) return "pass-through"
  return (subject.user?.mfaMethods ?? []).length === 0 ? registrationObstacle(subject) : "none"
}

const doneMfa = (subject: SignInSubject): string | undefined => {
  const mfa = subject.session?.mfa
  if (mfa === undefined) return undefined
  if (subject.isInternal || mfa.tenant === "resource" || isHomeMfaTrusted(subject))
    return mfa.method
  return undefined
}

const mfaState = (subject: SignInSubject): ControlState => {
  if (mfaObstacleOf(subject) !== "none") return "unattainable"
  return doneMfa(subject) === undefined ? "obtainable" : "satisfied"
}

/** A strength is an Entra matter: it cannot be put to guests of other providers (IDN-185). */
const strengthState = (subject: SignInSubject, strength: string): ControlState => {
  const methods = methodsOfStrength(strength)
  if (methods === undefined) return "unknown"
  if (!subject.isInternal && subject.provider !== "azureActiveDirectory") return "unknown"
  if (mfaObstacleOf(subject) !== "none") return "unattainable"
  const done = doneMfa(subject)
  if (done !== undefined && methods.includes(done)) return "satisfied"
  // Without trust only these can be registered here (IDN-186).
  const possible =
    subject.isInternal || isHomeMfaTrusted(subject)
      ? methods
      : methods.filter((it) => resourceMethods.includes(it))
  return possible.length > 0 ? "obtainable" : "unattainable"
}

/** What policies may know of the device: nothing of an outsider's without trust in its claims (IDN-168). */
export const trustedDevice = (subject: SignInSubject): DeviceAttributes | undefined => {
  const { question, isInternal } = subject
  const trust = trustFor(subject)
  const isTrusted =
    isEntraOutsider(subject) &&
    (trust.isCompliantDeviceAccepted || trust.isHybridAzureADJoinedDeviceAccepted)
  return isInternal || isTrusted
    ? { isCompliant: question.client.device === "managed", ...question.device }
    : undefined
}

const isJoinedHybrid = ({ question }: SignInSubject): ControlState => {
  const trustType = question.device?.["trustType"]
  if (typeof trustType !== "string") return "unknown"
  return trustType.toLowerCase() === "serverad" ? "satisfied" : "unattainable"
}

/** A device counts where this tenant manages it, or trusts the tenant that does (IDN-171). */
const deviceState = (
  subject: SignInSubject,
  isTrusted: boolean,
  whenManaged: ControlState,
): ControlState => {
  const counts = subject.isInternal || (isEntraOutsider(subject) && isTrusted)
  const type = clientAppTypeOf(subject.question)
  if (!counts || type === "other" || type === "exchangeActiveSync") return "unattainable"
  return subject.question.client.device === "managed" ? whenManaged : "unattainable"
}

const mobileApps = ["office-mobile", "outlook-mobile"]

/**
 * Where each control stands for this sign-in. Where hybrid join or app protection would decide and
 * was not recorded, it says so.
 */
export const proofOf = (subject: SignInSubject): Proof => {
  const { question, isInternal, session } = subject
  const { isAppProtected } = question
  // A password can be changed where it is kept; the tenant keeps none for a guest (IDN-167).
  const passwordChange: ControlState = !isInternal
    ? "unattainable"
    : session?.passwordChangedAt === undefined
      ? "obtainable"
      : "satisfied"
  const trust = trustFor(subject)
  const isMobileApp = mobileApps.includes(question.client.app)
  return {
    controls: {
      mfa: mfaState(subject),
      compliantDevice: deviceState(subject, trust.isCompliantDeviceAccepted, "satisfied"),
      domainJoinedDevice: deviceState(
        subject,
        trust.isHybridAzureADJoinedDeviceAccepted,
        isJoinedHybrid(subject),
      ),
      approvedApplication: isInternal && isMobileApp ? "satisfied" : "unattainable",
      compliantApplication:
        !isInternal || !isMobileApp || isAppProtected === false
          ? "unattainable"
          : isAppProtected === true
            ? "satisfied"
            : "unknown",
      passwordChange,
      riskRemediation: passwordChange,
      termsOfUse: session?.termsAcceptedAt === undefined ? "obtainable" : "satisfied",
    },
    strength: (strength) => strengthState(subject, strength),
  }
}
