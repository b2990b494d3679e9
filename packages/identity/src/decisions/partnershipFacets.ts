import { type Dated, inForce } from "@twin/kernel"
import { HashMap, Option } from "effect"
import { appIds } from "../CloudApp.ts"
import { admission, serviceDefault } from "../CrossTenantAccess.ts"
import { foreignOrganizationOf, organizationOf, sessionOf } from "../directory.ts"
import { assertionDefect } from "../ExternalFederation.ts"
import type { Cloud } from "../Partnership.ts"
import { networkOf } from "../TenantRestrictions.ts"
import { federationFor } from "./identityProvider.ts"
import type { SignInSubject } from "./signInSubject.ts"

/** What relations with others mean for a sign-in. */
export interface PartnershipFacets {
  readonly tenantRestriction: "none" | "admitted" | "tenant-not-listed" | "policy" | "personal"
  readonly restrictedBy: string
  readonly endpoint: "tenant" | "common" | "common-organization"
  readonly accountPicked: "free" | "picked" | "other-session"
  readonly federation: "not-asked" | "accepted" | NonNullable<ReturnType<typeof assertionDefect>>
  readonly webView: "not-embedded" | "admitted" | "refused" | "moved-to-browser"
  readonly passcodeAtSharePoint: "not-asked" | "admitted" | "refused"
  readonly cloud: "same" | "enabled" | "not-enabled"
}

/** Google refuses web views inside apps since then (IDN-063). */
const googleWebViews: Dated<"admitted" | "refused"> = {
  before: "admitted",
  changes: [{ from: "2021-09-30", value: "refused" }],
}

/** Guests who got the passcode by a configured order were kept out of SharePoint for a while (IDN-060). */
const configuredPasscodes: Dated<"admitted" | "refused"> = {
  before: "admitted",
  changes: [
    { from: "2024-01-01", value: "refused" },
    { from: "2024-08-01", value: "admitted" },
  ],
}

const restriction = (
  subject: SignInSubject,
): Pick<PartnershipFacets, "tenantRestriction" | "restrictedBy"> => {
  const { question, person, user, provider, isInternal, appId } = subject
  const { world } = question
  const own = organizationOf(world)
  const network = networkOf(world.identity.partnership.networks, question.client.ipAddress)
  if (network === undefined || own === undefined) {
    return { tenantRestriction: "none", restrictedBy: "" }
  }
  const restrictedBy = network.addressPrefix
  if (network.restrictMsa && provider === "microsoftAccount") {
    return { tenantRestriction: "personal", restrictedBy }
  }
  const listed = network.restrictAccessToTenants
  if (listed !== undefined) {
    const names = [own.tenantId, own.initialDomain, ...own.verifiedDomains].map((it) =>
      it.toLowerCase(),
    )
    if (!listed.some((it) => names.includes(it.toLowerCase()))) {
      return { tenantRestriction: "tenant-not-listed", restrictedBy }
    }
  }
  const policyTenant = network.policyTenantId
  if (policyTenant === undefined || policyTenant === own.tenantId) {
    return { tenantRestriction: "admitted", restrictedBy }
  }
  // Version 2 is about accounts that this tenant, or somebody else, has given out: people who come
  // with an account of the restricting organization are a matter of its outbound settings.
  const isOwnAccount = !isInternal && person?.homeTenant === policyTenant
  const policy = foreignOrganizationOf(world, policyTenant)?.tenantRestrictions
  if (isOwnAccount || policy === undefined) return { tenantRestriction: "admitted", restrictedBy }
  const setting = Object.hasOwn(policy.partners, own.tenantId)
    ? (policy.partners[own.tenantId] ?? policy.default)
    : policy.default
  const answer = admission(setting, {
    userAndGroupIds: user === undefined ? [] : [user.id],
    appId,
  })
  return { tenantRestriction: answer === "admitted" ? "admitted" : "policy", restrictedBy }
}

/** A session at home gets in the way of a passcode, unless another account is picked (IDN-059). */
const pickedAccount = ({
  question,
  person,
  provider,
}: SignInSubject): PartnershipFacets["accountPicked"] => {
  if (provider !== "emailOneTimePasscode" || person?.account !== "entra") return "free"
  const { world } = question
  if (!HashMap.has(world.identity.partnership.homeSessions, person.address)) return "free"
  return question.usesAnotherAccount === true ? "picked" : "other-session"
}

const federationState = (subject: SignInSubject): PartnershipFacets["federation"] => {
  const { question, person, provider } = subject
  if (provider !== "externalFederation" || person === undefined) return "not-asked"
  const { world, now } = question
  const federation = federationFor(world, person.address, now)
  if (federation === undefined) return "no-provider"
  const known = HashMap.get(
    world.identity.partnership.providers,
    person.federatedIssuer ?? federation.issuerUri,
  )
  return assertionDefect(federation, Option.getOrUndefined(known)) ?? "accepted"
}

const webViewState = (subject: SignInSubject): PartnershipFacets["webView"] => {
  const { question, provider, person } = subject
  if (question.isEmbeddedWebView !== true || provider !== "google") return "not-embedded"
  const { world, now } = question
  if (inForce(googleWebViews, now) === "admitted") return "admitted"
  const session = sessionOf(world, person?.address ?? question.address, now)
  const code = Option.getOrUndefined(
    HashMap.get(world.identity.partnership.deviceCodes, person?.address ?? question.address),
  )
  return session?.provider === "google" && code?.takenAt !== undefined
    ? "moved-to-browser"
    : "refused"
}

/** Whether the order of providers is another one than the service's. */
const isOrderConfigured = ({ question }: SignInSubject): boolean => {
  const { invitationRedemptionIdentityProviderConfiguration: now } =
    question.world.identity.crossTenantAccess.default
  const { invitationRedemptionIdentityProviderConfiguration: untouched } = serviceDefault
  return JSON.stringify(now) !== JSON.stringify(untouched)
}

const passcodeState = (subject: SignInSubject): PartnershipFacets["passcodeAtSharePoint"] => {
  const { appId, provider, isInternal, question } = subject
  if (appId !== appIds.sharePointOnline || provider !== "emailOneTimePasscode" || isInternal) {
    return "not-asked"
  }
  return isOrderConfigured(subject) ? inForce(configuredPasscodes, question.now) : "admitted"
}

const commercial: Cloud = "microsoftonline.com"

/** Whether two organizations in different clouds have both switched the other cloud on (IDN-119). */
export const cloudBetween = (
  world: SignInSubject["question"]["world"],
  homeTenant: string | undefined,
): PartnershipFacets["cloud"] => {
  const own = organizationOf(world)
  const home = homeTenant === undefined ? undefined : foreignOrganizationOf(world, homeTenant)
  const ownCloud = own?.cloud ?? commercial
  const homeCloud = home?.cloud ?? commercial
  if (home === undefined || ownCloud === homeCloud) return "same"
  const isOn =
    world.identity.partnership.allowedCloudEndpoints.includes(homeCloud) &&
    (home.allowedCloudEndpoints ?? []).includes(ownCloud)
  return isOn ? "enabled" : "not-enabled"
}

/** Everything that relations with others add to the facets of a sign-in. */
export const partnershipFacets = (subject: SignInSubject): PartnershipFacets => ({
  ...restriction(subject),
  endpoint: subject.question.endpoint ?? "tenant",
  accountPicked: pickedAccount(subject),
  federation: federationState(subject),
  webView: webViewState(subject),
  passcodeAtSharePoint: passcodeState(subject),
  cloud:
    !subject.isInternal && subject.provider === "azureActiveDirectory"
      ? cloudBetween(subject.question.world, subject.person?.homeTenant)
      : "same",
})
