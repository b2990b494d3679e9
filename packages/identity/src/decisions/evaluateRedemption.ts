import {
  andThen,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
} from "@twin/kernel"
import { domainOf } from "../Address.ts"
import { isListed } from "../CollaborationSettings.ts"
import { partnerOf } from "../CrossTenantAccess.ts"
import { directoryLimits } from "../DirectoryLimits.ts"
import type { DirectoryUser } from "../DirectoryUser.ts"
import { foreignOrganizationOf, organizationOf, personOf } from "../directory.ts"
import type { IdentityWorld } from "../State.ts"
import { redemptionSignInGates } from "./evaluateSignIn.ts"
import { stsError } from "./StsError.ts"
import { signInFacets } from "./signInFacets.ts"
import type { SignInQuestion } from "./signInSubject.ts"

/** May this person turn the invitation into an account that works, and does the person consent? */
export interface RedemptionQuestion {
  readonly signIn: SignInQuestion
  /** The guest that is meant; absent where no invitation leads anywhere. */
  readonly user: DirectoryUser | undefined
  /** What the person answers to "Review permissions". */
  readonly hasConsented: boolean
}

export interface RedemptionFacets {
  readonly invitation: "found" | "missing"
  readonly invitationState: string
  readonly domain: string
  readonly domainList: "allow" | "block"
  readonly isDomainListed: boolean
  readonly tenants: number
  readonly consent: "given" | "declined" | "not-asked"
  readonly hasOutboundConsent: boolean
  readonly hasInboundConsent: boolean
}

const redemptionGate = gate<RedemptionFacets>()

const invitationFound = redemptionGate({
  name: "invitation",
  facts: ["IDN-001", "IDN-015", "IDN-042"],
  reads: ["invitation", "invitationState"],
  check: ({ invitation, invitationState }) =>
    invitation === "found"
      ? pass("There is an invitation for this person.", { invitationState })
      : deny("There is no invitation for this person.", { invitation }, stsError(50020)),
})

const domainStillAdmitted = redemptionGate({
  name: "domain-list",
  facts: ["IDN-046"],
  reads: ["invitationState", "domain", "domainList", "isDomainListed"],
  check: ({ invitationState, domain, domainList, isDomainListed }) => {
    const details = { domain, domainList, isDomainListed }
    if (invitationState === "Accepted") {
      return pass("The list does not concern somebody who has redeemed already.", details)
    }
    return isDomainListed === (domainList === "allow")
      ? pass("The collaboration restrictions admit the domain.", details)
      : deny("The collaboration restrictions have come to exclude the domain.", details, {
          message: `The user's domain ${domain} is currently blocked by the invitation policy.`,
        })
  },
})

/** Counted with the home tenant and this one; who is in already stays in. */
const tenantsLeft = redemptionGate({
  name: "tenants-per-user",
  facts: ["IDN-280"],
  reads: ["invitationState", "tenants"],
  check: ({ invitationState, tenants }) => {
    const { limit } = directoryLimits.tenantsPerUser
    return invitationState === "Accepted" || tenants <= limit
      ? pass("The person may be a user of another organization.", { tenants, limit })
      : deny(
          "The person is a user of as many organizations as one can be.",
          { tenants, limit },
          {
            message:
              "You can't join this organization: you have reached the maximum number of organizations that you can belong to.",
          },
        )
  },
})

const consentGiven = redemptionGate({
  name: "consent",
  facts: ["IDN-039", "IDN-040", "IDN-041", "IDN-276"],
  reads: ["consent", "hasOutboundConsent", "hasInboundConsent"],
  check: ({ consent, hasOutboundConsent, hasInboundConsent }) => {
    const details = { outboundAllowed: hasOutboundConsent, inboundAllowed: hasInboundConsent }
    switch (consent) {
      case "not-asked":
        return pass("The person is not asked to review permissions.", details)
      case "given":
        return pass("The person has reviewed and accepted the organization's permissions.", details)
      case "declined":
        return deny(
          "The person has declined the organization's permissions.",
          details,
          stsError(65004),
        )
    }
  },
})

const beforeSignIn: GateRules<RedemptionFacets> = [invitationFound, domainStillAdmitted]
const afterSignIn: GateRules<RedemptionFacets> = [tenantsLeft, consentGiven]

/** Suppressed only where both organizations chose it for each other (IDN-041). */
const automaticConsent = (
  world: IdentityWorld,
  address: string,
): Pick<RedemptionFacets, "hasOutboundConsent" | "hasInboundConsent"> => {
  const homeTenant = personOf(world, address)?.homeTenant
  const own = organizationOf(world)?.tenantId
  if (homeTenant === undefined || own === undefined) {
    return { hasOutboundConsent: false, hasInboundConsent: false }
  }
  const home = foreignOrganizationOf(world, homeTenant)
  const outbound = home === undefined ? undefined : partnerOf(home.crossTenantAccess, own)
  const inbound = partnerOf(world.identity.crossTenantAccess, homeTenant)
  return {
    hasOutboundConsent: outbound?.automaticUserConsentSettings?.outboundAllowed === true,
    hasInboundConsent: inbound?.automaticUserConsentSettings?.inboundAllowed === true,
  }
}

/** Tenants of a person once this one is among them: home, others, this. */
const tenantsWith = (world: IdentityWorld, address: string): number => {
  const person = personOf(world, address)
  return (person?.homeTenant === undefined ? 0 : 1) + (person?.otherTenants ?? 0) + 1
}

const redemptionFacets = ({ signIn, user, hasConsented }: RedemptionQuestion): RedemptionFacets => {
  const { world, address } = signIn
  const { domainList } = world.identity.settings
  const domain = domainOf(user?.invitedAddress ?? user?.mail ?? address)
  const automatic = automaticConsent(world, address)
  const isSilent =
    user?.externalUserState === "Accepted" ||
    (automatic.hasOutboundConsent && automatic.hasInboundConsent)
  return {
    invitation: user === undefined ? "missing" : "found",
    invitationState: user?.externalUserState ?? "none",
    domain,
    domainList: domainList.kind,
    isDomainListed: isListed(domainList, domain),
    tenants: tenantsWith(world, address),
    consent: isSilent ? "not-asked" : hasConsented ? "given" : "declined",
    ...automatic,
  }
}

/**
 * Redemption: the invitation, then the sign-in with everything that can stop it, then the consent.
 * A block on the way leaves the guest pending.
 */
export const evaluateRedemption = (question: RedemptionQuestion): Decision => {
  const facets = redemptionFacets(question)
  return andThen(
    andThen(decideByGates(beforeSignIn, facets), () =>
      decideByGates(redemptionSignInGates, signInFacets(question.signIn)),
    ),
    () => decideByGates(afterSignIn, facets),
  )
}
