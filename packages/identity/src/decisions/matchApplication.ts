import { adminPortals, appIds, office365Suite } from "../CloudApp.ts"
import type { ApplicationCondition } from "../ConditionalAccessPolicy.ts"
import type { SignInContext } from "./SignInContext.ts"

/** What somebody can want beside a resource (IDN-160). */
export const userActions = ["urn:user:registersecurityinfo", "urn:user:registerdevice"] as const

const oidcScopes = ["email", "offline_access", "openid", "profile"]

/** What nearly every application asks for; enforcement on these alone has a rule of its own (IDN-162). */
const baselineScopes = [
  ...oidcScopes,
  "User.Read",
  "User.Read.All",
  "User.ReadBasic.All",
  "People.Read",
  "People.Read.All",
  "GroupMember.Read.All",
  "Member.Read.Hidden",
]

const isWithin = (scopes: readonly string[] | undefined, allowed: readonly string[]): boolean =>
  scopes !== undefined && scopes.length > 0 && scopes.every((it) => allowed.includes(it))

const namesApp = (targets: readonly string[], appId: string): boolean =>
  targets.includes(appId) ||
  targets.includes("All") ||
  (targets.includes("Office365") && office365Suite.includes(appId)) ||
  (targets.includes("MicrosoftAdminPortals") && adminPortals.includes(appId))

const isTarget = (apps: ApplicationCondition, appId: string): boolean =>
  namesApp(apps.includeApplications, appId) && !namesApp(apps.excludeApplications, appId)

/**
 * A request for baseline scopes only, under a policy on all resources that excludes some: it used to
 * pass, and is now judged as a request to the directory itself. An excluded application that keeps a
 * secret and only signs people in stays excluded (IDN-162).
 */
const matchBaseline = (apps: ApplicationCondition, it: SignInContext): boolean => {
  if (it.areBaselineScopesExempt) return false
  const { confidentialClient } = it
  return confidentialClient !== undefined &&
    namesApp(apps.excludeApplications, confidentialClient) &&
    isWithin(it.scopes, oidcScopes)
    ? false
    : isTarget(apps, appIds.windowsAzureActiveDirectory)
}

/** Whether the target of a policy is what this sign-in asks for (IDN-160). */
export const matchApplication = (apps: ApplicationCondition, it: SignInContext): boolean => {
  if (it.userAction !== undefined) return apps.includeUserActions.includes(it.userAction)
  const { authenticationContext: wanted } = it
  if (wanted !== undefined && apps.includeAuthenticationContexts?.includes(wanted) === true) {
    return true
  }
  const hasExclusions =
    apps.includeApplications.includes("All") && apps.excludeApplications.length > 0
  return hasExclusions && isWithin(it.scopes, baselineScopes)
    ? matchBaseline(apps, it)
    : isTarget(apps, it.appId)
}

/** What kind of target a policy has, in the words of the What If answer. */
export const targetKind = (
  apps: ApplicationCondition,
  it: Pick<SignInContext, "userAction">,
): "application" | "userActions" | "authenticationContext" => {
  if (it.userAction !== undefined) return "userActions"
  return (apps.includeAuthenticationContexts ?? []).length > 0
    ? "authenticationContext"
    : "application"
}
