import {
  type Actor,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  isFaultOn,
  pass,
  unknown,
} from "@twin/kernel"
import { addressDefect, domainOf, normalizeAddress } from "../Address.ts"
import {
  type AllowInvitesFrom,
  type InvitationRestrictions,
  inviteSettingDelay,
  isListed,
  policyInForce,
} from "../CollaborationSettings.ts"
import { type Admission, admission, collaborationSetting } from "../CrossTenantAccess.ts"
import { isExternalUser } from "../DirectoryUser.ts"
import {
  contactOf,
  foreignOrganizationByDomain,
  isOwnDomain,
  organizationOf,
  personOf,
  userOf,
} from "../directory.ts"
import { requestDenied } from "../graphRefusals.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { cloudBetween } from "./partnershipFacets.ts"
import { stsError } from "./StsError.ts"

/** May this actor invite the person behind an address into the directory? */
export interface InvitationQuestion {
  readonly world: IdentityWorld
  readonly inviter: Actor
  readonly address: string
  readonly now: number
  readonly userType?: "Member" | "Guest"
  /** The service itself invites, after an approval: nobody's right to invite is asked (IDN-240). */
  readonly isGoverned?: boolean
}

export interface InvitationFacets {
  readonly isDirectoryUp: boolean
  readonly hasOrganization: boolean
  readonly inviter: "administrator" | "guest-inviter" | "member" | "guest" | "other"
  readonly isGlobalAdministrator: boolean
  readonly allowInvitesFrom: AllowInvitesFrom
  readonly userType: "Member" | "Guest"
  readonly addressDefect: string
  readonly domain: string
  readonly domainList: "allow" | "block"
  readonly isDomainListed: boolean
  readonly partner: string
  readonly outbound: Admission | "not-asked"
  readonly inbound: Admission | "not-asked"
  readonly cloud: "same" | "enabled" | "not-enabled"
  readonly isCrossCloudWorkerDisabled: boolean
  /** The domain is federated at home, and the home directory lacks the person. */
  readonly isUnsynchronized: boolean
  readonly owner: "nobody" | "member" | "guest" | "contact" | "own-domain"
}

const invitationGate = gate<InvitationFacets>()

const organizationReachable = invitationGate({
  name: "directory-reachable",
  facts: ["IDN-015"],
  reads: ["isDirectoryUp", "hasOrganization"],
  check: ({ isDirectoryUp, hasOrganization }) => {
    if (!hasOrganization) return unknown("There is no organization to invite into.")
    return isDirectoryUp
      ? pass("The directory answers.")
      : deny("The directory does not answer.", { fault: "directory-outage" }, stsError(90033))
  },
})

/** Who is among those whom each value admits (IDN-024). */
const admitted: Record<AllowInvitesFrom, readonly InvitationFacets["inviter"][]> = {
  none: [],
  adminsAndGuestInviters: ["administrator", "guest-inviter"],
  adminsGuestInvitersAndAllMembers: ["administrator", "guest-inviter", "member"],
  everyone: ["administrator", "guest-inviter", "member", "guest"],
}

const invitePolicy = invitationGate({
  name: "invite-policy",
  facts: ["IDN-020", "IDN-024", "IDN-025", "IDN-030"],
  reads: ["inviter", "allowInvitesFrom"],
  check: ({ inviter, allowInvitesFrom }) =>
    admitted[allowInvitesFrom].includes(inviter)
      ? pass("The guest invite settings let this person invite.", { inviter, allowInvitesFrom })
      : deny(
          "The guest invite settings do not let this person invite.",
          { inviter, allowInvitesFrom },
          {
            code: "Forbidden",
            message:
              "Guest invitations not allowed for your company. Contact your company administrator for more details.",
          },
        ),
})

const memberInvitation = invitationGate({
  name: "invited-user-type",
  facts: ["IDN-003"],
  reads: ["userType", "isGlobalAdministrator"],
  check: ({ userType, isGlobalAdministrator }) =>
    userType === "Guest" || isGlobalAdministrator
      ? pass("The person may be invited with this user type.", { userType })
      : deny(
          "Only a global administrator can invite somebody as a member.",
          { userType },
          requestDenied,
        ),
})

const addressSyntax = invitationGate({
  name: "address-syntax",
  facts: ["IDN-018"],
  reads: ["addressDefect"],
  check: ({ addressDefect: defect }) =>
    defect === ""
      ? pass("The address can be invited as it is written.")
      : deny(
          "The address has characters or a form that an invitation does not take.",
          { defect },
          { code: "BadRequest", message: "The invited user email address is invalid." },
        ),
})

const domainListGate = invitationGate({
  name: "domain-list",
  facts: ["IDN-023", "IDN-026", "IDN-102"],
  reads: ["domain", "domainList", "isDomainListed"],
  check: ({ domain, domainList, isDomainListed }) =>
    isDomainListed === (domainList === "allow")
      ? pass("The collaboration restrictions admit the domain.", { domain, domainList })
      : deny(
          "The collaboration restrictions do not admit the domain.",
          { domain, domainList, isDomainListed },
          {
            code: "BadRequest",
            message: `The user's domain ${domain} is currently blocked by the invitation policy.`,
          },
        ),
})

const crossTenantAccess = invitationGate({
  name: "cross-tenant-access",
  facts: ["IDN-022", "IDN-023", "IDN-027", "IDN-107"],
  reads: ["partner", "outbound", "inbound"],
  check: ({ partner, outbound, inbound }) => {
    const details = { partner, outbound, inbound }
    if (outbound === "not-asked") {
      return pass("The address belongs to no other Entra organization.", details)
    }
    const answers = [outbound, inbound]
    if (answers.includes("user-blocked") || answers.includes("app-blocked")) {
      return deny(
        "Cross-tenant access settings block collaboration with this organization.",
        details,
        {
          code: "BadRequest",
          message:
            "This invitation is blocked by cross-tenant access settings. Admins in both your organization and the invited user's organization must configure cross-tenant access settings to allow the invitation.",
        },
      )
    }
    return answers.includes("not-recorded")
      ? unknown(
          "A setting names groups of the partner, and their members are not recorded.",
          details,
        )
      : pass("Both organizations allow the collaboration.", details)
  },
})

const cloudsConnected = invitationGate({
  name: "cloud-endpoint",
  facts: ["IDN-029", "IDN-119"],
  reads: ["cloud", "isCrossCloudWorkerDisabled"],
  check: ({ cloud, isCrossCloudWorkerDisabled }) => {
    const details = { cloud, isCrossCloudWorkerDisabled }
    if (cloud === "not-enabled") {
      return deny(
        "The organizations are in different clouds, and not both have switched the other one on.",
        details,
        stsError(1000104),
      )
    }
    return cloud === "enabled" && isCrossCloudWorkerDisabled
      ? deny(
          "The app that carries invitations between clouds is disabled at the other side.",
          details,
          {
            code: "BadRequest",
            message:
              "This action can't be completed because the Microsoft B2B Cross Cloud Worker application has been disabled in the invited user's tenant. Ask the invited user's admin to re-enable it, then try again.",
          },
        )
      : pass("The clouds of both organizations work together.", details)
  },
})

const federatedUserKnown = invitationGate({
  name: "federated-user",
  facts: ["IDN-031"],
  reads: ["isUnsynchronized", "partner"],
  check: ({ isUnsynchronized, partner }) =>
    isUnsynchronized
      ? deny(
          "The domain signs in at its own provider, and its directory does not have this user yet.",
          { partner },
          {
            code: "BadRequest",
            message:
              "The invited user's domain is federated, and the user does not exist in Microsoft Entra ID. Ask the user's admin to synchronize the user first.",
          },
        )
      : pass("Nothing has to be synchronized before the person can be invited.", { partner }),
})

const addressConflict = invitationGate({
  name: "address-conflict",
  facts: ["IDN-011", "IDN-012", "IDN-029"],
  reads: ["owner"],
  check: ({ owner }) => {
    switch (owner) {
      case "nobody":
        return pass("Nobody in the directory owns the address yet.", { owner })
      case "guest":
        return pass("The person is a guest already: the same object is invited again.", { owner })
      case "contact":
        return pass("A contact has the address: the guest gets no proxy address.", { owner })
      case "member":
        return deny(
          "A user of the organization already owns the address.",
          { owner },
          {
            code: "BadRequest",
            message:
              "Another object with the same value for property proxyAddresses already exists.",
          },
        )
      case "own-domain":
        return deny(
          "The address lies in a domain of the organization itself.",
          { owner },
          {
            code: "BadRequest",
            message:
              "This user can't be invited to this directory. Please try a different email address for the user or create a user account for them in your Azure AD directory.",
          },
        )
    }
  },
})

/** The order of the checks at invitation (IDN-022). */
export const invitationGates: GateRules<InvitationFacets> = [
  organizationReachable,
  invitePolicy,
  memberInvitation,
  addressSyntax,
  domainListGate,
  cloudsConnected,
  crossTenantAccess,
  federatedUserKnown,
  addressConflict,
]

/** What still holds when entitlement management makes the guest (IDN-240). */
const governedInvitationGates: GateRules<InvitationFacets> = [
  organizationReachable,
  addressSyntax,
  domainListGate,
  cloudsConnected,
  crossTenantAccess,
  federatedUserKnown,
  addressConflict,
]

const administrators: readonly string[] = [roles.globalAdministrator, roles.userAdministrator]

/** An app-only caller counts by its roles alone, as the invite settings name people. */
const inviterKind = ({ kind, roles: held }: Actor): InvitationFacets["inviter"] => {
  if (held.some((role) => administrators.includes(role))) return "administrator"
  if (held.includes(roles.guestInviter)) return "guest-inviter"
  return kind === "member" || kind === "guest" ? kind : "other"
}

const partnerFacets = (
  world: IdentityWorld,
  address: string,
): Pick<InvitationFacets, "partner" | "outbound" | "inbound"> => {
  const partner = foreignOrganizationByDomain(world, domainOf(address))
  if (partner === undefined) return { partner: "", outbound: "not-asked", inbound: "not-asked" }
  const objectId = personOf(world, address)?.objectId
  const asked = { userAndGroupIds: objectId === undefined ? [] : [objectId], appId: undefined }
  const outbound = collaborationSetting(
    partner.crossTenantAccess,
    "b2bCollaborationOutbound",
    organizationOf(world)?.tenantId ?? "",
  )
  const inbound = collaborationSetting(
    world.identity.crossTenantAccess,
    "b2bCollaborationInbound",
    partner.tenantId,
  )
  return {
    partner: partner.displayName,
    outbound: admission(outbound.setting, asked),
    inbound: admission(inbound.setting, asked),
  }
}

const partnerStateFacets = (
  world: IdentityWorld,
  address: string,
): Pick<InvitationFacets, "cloud" | "isCrossCloudWorkerDisabled" | "isUnsynchronized"> => {
  const partner = foreignOrganizationByDomain(world, domainOf(address))
  return {
    cloud: cloudBetween(world, partner?.tenantId),
    isCrossCloudWorkerDisabled: partner?.isCrossCloudWorkerDisabled ?? false,
    isUnsynchronized:
      (partner?.federatedDomains ?? []).includes(domainOf(address)) &&
      personOf(world, address)?.account !== "entra",
  }
}

const ownerOf = (world: IdentityWorld, address: string): InvitationFacets["owner"] => {
  const user = userOf(world, address)
  if (user !== undefined) return isExternalUser(user) ? "guest" : "member"
  if (contactOf(world, address) !== undefined) return "contact"
  return isOwnDomain(world, domainOf(address)) ? "own-domain" : "nobody"
}

export const invitationFacets = (question: InvitationQuestion): InvitationFacets => {
  const { world, inviter, now } = question
  const address = normalizeAddress(question.address)
  const { settings } = world.identity
  return {
    isDirectoryUp: !isFaultOn(world, "directory-outage"),
    hasOrganization: organizationOf(world) !== undefined,
    inviter: inviterKind(inviter),
    isGlobalAdministrator: inviter.roles.includes(roles.globalAdministrator),
    allowInvitesFrom: policyInForce(settings, now, inviteSettingDelay).allowInvitesFrom,
    userType: question.userType ?? "Guest",
    addressDefect: addressDefect(address) ?? "",
    domain: domainOf(address),
    domainList: settings.domainList.kind,
    isDomainListed: isListed(settings.domainList, domainOf(address)),
    ...partnerFacets(world, address),
    ...partnerStateFacets(world, address),
    owner: ownerOf(world, address),
  }
}

/** Whether an invitation would be made; every refusal is in the words of the inviter's dialog. */
export const evaluateInvitation = (question: InvitationQuestion): Decision =>
  decideByGates(
    question.isGoverned === true ? governedInvitationGates : invitationGates,
    invitationFacets(question),
  )

/**
 * The first two questions of an invitation, asked of restrictions that somebody else has read: the
 * service that keeps a copy of them decides by the same rules as Entra (IDN-077).
 */
export const evaluateRestrictions = (
  { allowInvitesFrom, domainList }: InvitationRestrictions,
  { inviter, address }: Pick<InvitationQuestion, "inviter" | "address">,
): Decision => {
  const domain = domainOf(normalizeAddress(address))
  return decideByGates([invitePolicy, domainListGate], {
    inviter: inviterKind(inviter),
    allowInvitesFrom,
    domain,
    domainList: domainList.kind,
    isDomainListed: isListed(domainList, domain),
  })
}
