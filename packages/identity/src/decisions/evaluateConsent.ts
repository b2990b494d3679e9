import {
  challenge,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
  unknown,
} from "@twin/kernel"
import { HashMap } from "effect"
import { applicationOf, grantsFor, scopesOf, servicePrincipalOf } from "../applications.ts"
import { appIds, isMicrosoftApp } from "../CloudApp.ts"
import { grantsForSelf, policyAsSet } from "../CollaborationSettings.ts"
import type { DirectoryUser } from "../DirectoryUser.ts"
import { organizationOf, rolesOf } from "../directory.ts"
import { roles } from "../Role.ts"
import { signInScopes } from "../resourcePermissions.ts"
import { assignmentOf } from "../SignInProtection.ts"
import {
  asksForDefault,
  type ClientRequest,
  listedPermissions,
  namedPermissions,
  type Permission,
} from "./evaluateClient.ts"
import { stsError } from "./StsError.ts"

/** What a person does at the consent page: for oneself, for the organization, or not at all. */
export type ConsentAnswer = "accept" | "accept-for-organization" | "decline"

export interface ConsentQuestion extends ClientRequest {
  readonly user: DirectoryUser
  readonly now: number
  readonly answer?: ConsentAnswer
}

/** Who may consent to delegated permissions for the whole organization. */
export const consentAdministrators: readonly string[] = [
  roles.cloudApplicationAdministrator,
  roles.applicationAdministrator,
  roles.privilegedRoleAdministrator,
  roles.globalAdministrator,
]

interface ConsentFacets {
  readonly consent: "preauthorized" | "granted" | "missing"
  readonly missing: string
  readonly answer: ConsentAnswer | "none"
  readonly mayConsent:
    | "administrator"
    | "user"
    | "assignment-required"
    | "administrators-permission"
    | "resource-missing"
    | "switched-off"
    | "not-low"
    | "not-recorded"
  readonly policies: string
}

const consentGate = gate<ConsentFacets>()

const refusals = {
  "assignment-required":
    "An application that asks for an assignment needs the consent of an administrator.",
  "administrators-permission": "Only an administrator can grant one of the permissions.",
  "switched-off": "Users may not consent to applications in this organization.",
  "not-low":
    "Users may consent to known applications only, and to permissions that are classified as low.",
} as const

const consentPolicy = consentGate({
  name: "consent-policy",
  facts: ["IDN-041", "IDN-276"],
  reads: ["consent", "missing", "answer", "mayConsent", "policies"],
  check: ({ consent, missing, answer, mayConsent, policies }) => {
    if (consent !== "missing") return pass("Nobody has to consent to anything.", { consent })
    const details = { missing, policies, mayConsent }
    switch (mayConsent) {
      case "administrator":
        return pass("An administrator may consent to these permissions.", details)
      case "user":
        return answer === "accept-for-organization"
          ? deny(
              "Only an administrator can consent for the whole organization.",
              details,
              stsError(90094),
            )
          : pass("Users may consent to these permissions for themselves.", details)
      case "resource-missing":
        return deny(
          "The application needs a resource that this organization does not have.",
          details,
          stsError(650052),
        )
      case "not-recorded":
        return unknown("What this policy of consent admits is not recorded.", details)
      default:
        return deny(refusals[mayConsent], details, stsError(90094))
    }
  },
})

const consentGiven = consentGate({
  name: "application-consent",
  facts: ["IDN-276"],
  reads: ["consent", "missing", "answer"],
  check: ({ consent, missing, answer }) => {
    if (consent === "preauthorized") {
      return pass("Microsoft's own applications were given their permissions beforehand.")
    }
    if (consent === "granted") {
      return pass("The permissions were granted earlier, to this person or to everybody.")
    }
    switch (answer) {
      case "none":
        return challenge(
          "Nobody has consented to these permissions of the application yet.",
          { missing },
          stsError(65001),
        )
      case "decline":
        return deny("The person declines to consent.", { missing }, stsError(65004))
      case "accept":
        return pass("The person consents for the own account.", { missing })
      case "accept-for-organization":
        return pass("An administrator consents for the whole organization.", { missing })
    }
  },
})

const gates: GateRules<ConsentFacets> = [consentPolicy, consentGiven]

const isSignIn = (name: string): boolean => signInScopes.some((it) => it === name)

/** The permissions that somebody would have to consent to before a token is given. */
export const wantedPermissions = (
  request: ClientRequest,
  hasGrantAtResource: boolean,
): readonly Permission[] => {
  const { world, resource } = request
  const application = applicationOf(world, request.client)
  const listed = application === undefined ? [] : listedPermissions(world, application)
  if (application !== undefined && resource === application.appId) {
    const openId = ["openid", "profile"].map((value) => ({
      resourceAppId: appIds.microsoftGraph,
      value,
    }))
    return listed.length === 0 ? openId : listed
  }
  const named = namedPermissions(request)
  if (!asksForDefault(request) || hasGrantAtResource) return named
  const offered = scopesOf(world, resource ?? "").map(({ value }) => ({
    resourceAppId: resource ?? "",
    value,
  }))
  return [...named, ...(application === undefined ? offered : listed)]
}

/** Whether permissions of this client need no consent: both sides are Microsoft's. */
const isPreauthorized = ({ world, client, resource = "" }: ClientRequest): boolean =>
  isMicrosoftApp(servicePrincipalOf(world, client)?.appId ?? "") && isMicrosoftApp(resource)

/** Those of the wanted permissions that nobody has granted yet. */
export const missingPermissions = (
  request: ClientRequest & { readonly user: Pick<DirectoryUser, "id"> },
): readonly Permission[] => {
  if (isPreauthorized(request)) return []
  const { world, resource = "" } = request
  const clientId = servicePrincipalOf(world, request.client)?.id
  const grants = grantsFor(world, { clientId, userId: request.user.id })
  const isHeld = ({ resourceAppId, value }: Permission): boolean => {
    // Whoever was given anything may also sign the person in.
    if (isSignIn(value) && grants.length > 0) return true
    const resourceId = servicePrincipalOf(world, resourceAppId)?.id
    return grants.some((it) => it.resourceId === resourceId && it.scopes.includes(value))
  }
  const atResource = servicePrincipalOf(world, resource)?.id
  const hasGrant = grants.some(({ resourceId }) => resourceId === atResource)
  return wantedPermissions(request, hasGrant).filter((it) => !isHeld(it))
}

const typeOf = ({ world }: ConsentQuestion, { resourceAppId, value }: Permission) =>
  scopesOf(world, resourceAppId).find((it) => it.value === value)?.type ?? "Admin"

/** Low: of this organization or a verified publisher, and nothing but what was classified so. */
const isLow = (question: ConsentQuestion, missing: readonly Permission[]): boolean => {
  const { world, user } = question
  const application = applicationOf(world, question.client)
  const isTrusted =
    application?.isPublisherVerified === true ||
    (application !== undefined && application.homeTenant === organizationOf(world)?.tenantId)
  const low = HashMap.toValues(world.identity.applicationRegistry.classifications)
  return (
    user.userType === "Member" &&
    isTrusted &&
    missing.every(({ resourceAppId, value }) =>
      low.some(
        ({ resourceId, permissionName }) =>
          permissionName === value && resourceId === servicePrincipalOf(world, resourceAppId)?.id,
      ),
    )
  )
}

const selfPolicies = ({ world }: ConsentQuestion): readonly string[] =>
  policyAsSet(world.identity.settings)
    .defaultUserRolePermissions.permissionGrantPoliciesAssigned.filter((it) =>
      it.toLowerCase().startsWith(grantsForSelf.toLowerCase()),
    )
    .map((it) => it.slice(grantsForSelf.length).toLowerCase())

const mayConsent = (
  question: ConsentQuestion,
  missing: readonly Permission[],
): ConsentFacets["mayConsent"] => {
  const { world, user, now, client } = question
  if (missing.some(({ resourceAppId }) => servicePrincipalOf(world, resourceAppId) === undefined)) {
    return "resource-missing"
  }
  const held = rolesOf(world, user.id, now)
  if (held.some((it) => consentAdministrators.includes(it))) return "administrator"
  const appId = applicationOf(world, client)?.appId ?? client
  if (assignmentOf(world.identity.signInProtection, appId).isRequired) return "assignment-required"
  if (missing.some((it) => typeOf(question, it) === "Admin")) return "administrators-permission"
  const policies = selfPolicies(question)
  if (policies.length === 0) return "switched-off"
  if (policies.includes("microsoft-user-default-legacy")) return "user"
  if (policies.includes("microsoft-user-default-low") && isLow(question, missing)) return "user"
  return policies.every((it) => it === "microsoft-user-default-low") ? "not-low" : "not-recorded"
}

/** Whether everything that an application asks for was granted, or is granted now (IDN-276). */
export const evaluateConsent = (question: ConsentQuestion): Decision => {
  const preauthorized = isPreauthorized(question)
  const missing = missingPermissions(question)
  return decideByGates(gates, {
    consent: preauthorized ? "preauthorized" : missing.length === 0 ? "granted" : "missing",
    missing: missing.map(({ value }) => value).join(" "),
    answer: question.answer ?? "none",
    mayConsent: mayConsent(question, missing),
    policies: selfPolicies(question).join(", "),
  })
}

/**
 * The delegated permissions that a token for the resource carries, once everything that was missing has
 * been consented to; undefined for Microsoft's own clients, who get what they ask for.
 */
export const tokenScopes = (
  request: ClientRequest & { readonly user: Pick<DirectoryUser, "id"> },
): readonly string[] | undefined => {
  if (isPreauthorized(request)) return undefined
  const { world, resource = "" } = request
  const resourceId = servicePrincipalOf(world, resource)?.id
  const grants = grantsFor(world, {
    clientId: servicePrincipalOf(world, request.client)?.id,
    userId: request.user.id,
  })
  const held = grants.filter((it) => it.resourceId === resourceId).flatMap((it) => it.scopes)
  const added = missingPermissions(request)
    .filter(({ resourceAppId }) => resourceAppId === resource)
    .map(({ value }) => value)
  return [...new Set([...held, ...added])].toSorted()
}
