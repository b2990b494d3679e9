import { type Dated, inForce } from "@twin/kernel"
import { HashMap } from "effect"
import { domainOf } from "../Address.ts"
import type { RedemptionConfiguration } from "../CrossTenantAccess.ts"
import { type DirectoryUser, isExternalUser, issuerOf } from "../DirectoryUser.ts"
import { foreignOrganizationByDomain } from "../directory.ts"
import { type ExternalFederation, federationDelay } from "../ExternalFederation.ts"
import type { Person } from "../Person.ts"
import type { SignInProvider } from "../Session.ts"
import type { IdentityWorld } from "../State.ts"

/** Issuer of an accepted guest for each provider (IDN-007). */
export const issuerOfProvider: Readonly<
  Record<Exclude<SignInProvider, "externalFederation">, string>
> = {
  azureActiveDirectory: "ExternalAzureAD",
  microsoftAccount: "MicrosoftAccount",
  google: "google.com",
  emailOneTimePasscode: "mail",
}

/** The issuer that a redemption writes down: a federated provider by its own URI (IDN-007). */
export const issuerAt = (provider: SignInProvider, person: Person | undefined): string =>
  provider === "externalFederation" ? (person?.federatedIssuer ?? "") : issuerOfProvider[provider]

/** The federation for a domain that counts at this moment (IDN-064). */
export const federationFor = (
  world: IdentityWorld,
  address: string,
  now: number,
): ExternalFederation | undefined =>
  HashMap.toValues(world.identity.partnership.federations)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .find(
      ({ domains, changedAt }) =>
        domains.includes(domainOf(address)) && changedAt + federationDelay <= now,
    )

/**
 * Who will sign somebody in. `createMicrosoftAccount` is the last resort of the discovery (IDN-033);
 * `none` means that nobody can.
 */
export type Discovered = SignInProvider | "createMicrosoftAccount" | "none"

/** What `default` means for the passcode: on since October 2021, opt-in before (IDN-051, IDN-052). */
const otpByDefault: Dated<boolean> = {
  before: false,
  changes: [{ from: "2021-10-01", value: true }],
}

/** Whether guests may be sent a passcode at this moment. */
export const isEmailOtpOn = (world: IdentityWorld, now: number): boolean => {
  const { allowExternalIdToUseEmailOtp } = world.identity.settings
  return allowExternalIdToUseEmailOtp === "default"
    ? inForce(otpByDefault, now)
    : allowExternalIdToUseEmailOtp === "enabled"
}

const googleDomains = ["gmail.com", "googlemail.com"]

const hasMicrosoftAccount = (person: Person): boolean =>
  person.account === "microsoft-account" || person.hasMicrosoftAccount === true

const primaryProvider = (
  kind: RedemptionConfiguration["primaryIdentityProviderPrecedenceOrder"][number],
  person: Person,
  isGoogleFederated: boolean,
  isFederated: boolean,
): SignInProvider | undefined => {
  switch (kind) {
    // User-based: a domain of an Entra tenant is not enough, and an unmanaged account is none.
    case "azureActiveDirectory":
      return person.account === "entra" ? "azureActiveDirectory" : undefined
    case "socialIdentityProviders":
      return isGoogleFederated &&
        person.account === "google" &&
        googleDomains.includes(domainOf(person.address))
        ? "google"
        : undefined
    case "externalFederation":
      return isFederated ? "externalFederation" : undefined
  }
}

/**
 * The provider found when an invitation is redeemed (IDN-033): the first primary of the configured
 * order that knows the person, or else the fallback.
 */
export const discoverProvider = (world: IdentityWorld, person: Person, now: number): Discovered => {
  const { settings, crossTenantAccess } = world.identity
  const { primaryIdentityProviderPrecedenceOrder: order, fallbackIdentityProvider: fallback } =
    crossTenantAccess.default.invitationRedemptionIdentityProviderConfiguration
  const isFederated = federationFor(world, person.address, now) !== undefined
  for (const kind of order) {
    const found = primaryProvider(kind, person, settings.isGoogleFederated, isFederated)
    if (found !== undefined) return found
  }
  if (fallback !== "emailOneTimePasscode" && hasMicrosoftAccount(person)) return "microsoftAccount"
  if (fallback !== "microsoftAccount" && isEmailOtpOn(world, now)) return "emailOneTimePasscode"
  if (fallback === "emailOneTimePasscode") return "none"
  // A personal account cannot be made from an address whose domain an Entra tenant owns (IDN-036).
  return foreignOrganizationByDomain(world, domainOf(person.address)) === undefined
    ? "createMicrosoftAccount"
    : "none"
}

/** The provider that an accepted guest is bound to until the redemption is reset (IDN-053, IDN-054). */
export const boundProviderOf = (user: DirectoryUser): SignInProvider | undefined => {
  if (!isExternalUser(user)) return "azureActiveDirectory"
  if (user.externalUserState !== "Accepted") return undefined
  switch (issuerOf(user)) {
    case issuerOfProvider.azureActiveDirectory:
      return "azureActiveDirectory"
    case issuerOfProvider.microsoftAccount:
      return "microsoftAccount"
    case issuerOfProvider.google:
      return "google"
    case issuerOfProvider.emailOneTimePasscode:
      return "emailOneTimePasscode"
    default:
      // A federated guest is known by the URI of the issuer, also when the federation is gone.
      return /^(https?:\/\/|urn:)/i.test(issuerOf(user)) ? "externalFederation" : undefined
  }
}

/** Whether the person still has the account that a provider would ask for. */
export const hasAccountAt = (person: Person, provider: SignInProvider): boolean => {
  switch (provider) {
    case "azureActiveDirectory":
      return person.account === "entra"
    case "microsoftAccount":
      return hasMicrosoftAccount(person)
    case "google":
      return person.account === "google"
    case "externalFederation":
      return person.federatedIssuer !== undefined
    case "emailOneTimePasscode":
      return true
  }
}
