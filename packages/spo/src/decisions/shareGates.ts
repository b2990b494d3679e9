import { deny, gate, pass, type Refusal, unknown } from "@twin/kernel"
import { isAtLeast } from "../SharingCapability.ts"
import type { ShareFacets } from "./ShareFacets.ts"

const shareGate = gate<ShareFacets>()

/** The text that a policy refusal carries; an address for help is appended when set (SPO-271). */
const policyRefusal = (code: string, errorUrl: string): Refusal => ({
  code,
  message:
    "Your organization's policies don't allow you to share with these users." +
    (errorUrl === "" ? "" : ` ${errorUrl}`),
})

export const denied = (message: string): Refusal => ({ code: "accessDenied", message })

/** Gate 1 of SPO-300, first half. */
export const callerKnown = shareGate({
  name: "caller-authenticated",
  facts: ["SPO-300", "SPO-261"],
  reads: ["caller"],
  check: ({ caller }) =>
    caller === "member" || caller === "guest"
      ? pass("The person who shares has an account in the directory.", { caller })
      : deny(
          "Only people with an account in the directory can share.",
          { caller },
          {
            code: "unauthenticated",
            message: "Sign in to share this item.",
          },
        ),
})

/** Gate 1 of SPO-300, second half. */
export const itemShareable = shareGate({
  name: "item-present",
  facts: ["SPO-280", "SPO-281", "SPO-300"],
  reads: ["itemState"],
  check: ({ itemState }) =>
    itemState === "present"
      ? pass("The item and its site are there.")
      : deny(
          "What is deleted or does not exist cannot be shared.",
          { itemState },
          {
            code: "itemNotFound",
            message: "The item could not be found.",
          },
        ),
})

/** Gate 2 of SPO-300: the site is unlocked. */
export const siteUnlocked = shareGate({
  name: "lock-state",
  facts: ["SPO-283", "SPO-300"],
  reads: ["lockState"],
  check: ({ lockState }) =>
    lockState === "Unlock"
      ? pass("The site is not locked.", { lockState })
      : deny(
          "On a locked site nothing can be shared.",
          { lockState },
          {
            code: "resourceLocked",
            message: "The site is locked.",
          },
        ),
})

/** Gate 3 of SPO-300: the sharer's permission and what members may do here. */
export const maySharerShare = shareGate({
  name: "members-can-share",
  facts: ["SPO-070", "SPO-071", "SPO-300"],
  reads: [
    "scope",
    "what",
    "heldRole",
    "isOneDrive",
    "membersCanShare",
    "odbMembersCanShare",
    "areAccessRequestsOn",
  ],
  check: (it) => {
    const details = { heldRole: it.heldRole, membersCanShare: it.membersCanShare }
    const refusal = denied(
      it.areAccessRequestsOn
        ? "Only the owner can share this. Your request can be sent to the owner."
        : "Only the owner can share this.",
    )
    if (it.heldRole === "none" || it.heldRole === "createOnly") {
      return deny("The person has no permission on what should be shared.", details, refusal)
    }
    if (it.scope === "existingAccess") {
      return pass("A link for people with existing access changes no permission.", details)
    }
    if (it.heldRole === "full") {
      return pass("Owners share whatever they own.", details)
    }
    if (it.heldRole !== "edit") {
      return deny("Sharing needs permission to edit.", details, refusal)
    }
    if (it.isOneDrive) {
      return it.odbMembersCanShare === "Off"
        ? deny("In this OneDrive only the owner shares.", { odbMembersCanShare: "Off" }, refusal)
        : pass("People with edit may share from a OneDrive.", {
            odbMembersCanShare: it.odbMembersCanShare,
          })
    }
    if (it.what === "site") {
      return it.membersCanShare === "MemberShareAll"
        ? pass("Members of this site may share the site.", details)
        : deny("Only owners of this site may share the site.", details, refusal)
    }
    return it.membersCanShare === "MemberShareNone"
      ? deny("Only owners of this site may share.", details, refusal)
      : pass("People with edit may share files and folders.", details)
  },
})

/** Gate 3 of SPO-300: guests who share on. */
export const guestResharing = shareGate({
  name: "guest-resharing",
  facts: ["SPO-072", "SPO-300"],
  reads: ["caller", "isResharingPrevented", "ownsItem", "heldRole", "scope"],
  check: ({ caller, isResharingPrevented, ownsItem, heldRole, scope }) => {
    if (caller !== "guest") return pass("The person who shares is not a guest.", { caller })
    if (scope === "existingAccess") return pass("Nothing is given to anybody.", { scope })
    if (ownsItem || heldRole === "full") return pass("Guests share what they own.", { caller })
    return isResharingPrevented
      ? deny(
          "Guests cannot share what they do not own.",
          { PreventExternalUsersFromResharing: true },
          denied("Guests can't share this item."),
        )
      : pass("Guests may share on within their permission.", {
          PreventExternalUsersFromResharing: false,
        })
  },
})

/** Gate 4 of SPO-300. */
export const barrierMode = shareGate({
  name: "information-barriers",
  facts: ["SPO-218", "SPO-300"],
  reads: ["barriers", "scope"],
  check: ({ barriers, scope }) => {
    if (barriers === "off" || barriers === "open") {
      return pass("Information barriers do not bind this site.", { barriers })
    }
    if (scope === "anonymous" || scope === "organization") {
      return deny("Information barriers switch this kind of link off here.", { barriers, scope })
    }
    return barriers === "segments"
      ? unknown("Information barriers compare segments, which the twin does not model.", {
          barriers,
        })
      : pass("The barrier is asked again when somebody opens the item.", { barriers })
  },
})

/** Gate 5 of SPO-300: whether this kind of link exists here. */
export const linkKind = shareGate({
  name: "link-kind",
  facts: ["SPO-004", "SPO-020", "SPO-021", "SPO-030", "SPO-264", "SPO-300"],
  reads: ["scope", "level", "levelSetBy", "isSharedChannel", "areOrganizationLinksOn", "recipient"],
  check: ({ scope, level, levelSetBy, isSharedChannel, areOrganizationLinksOn, recipient }) => {
    if (scope === "anonymous") {
      return isAtLeast(level, "ExternalUserAndGuestSharing") && !isSharedChannel
        ? pass("Anyone links are allowed here.", { level })
        : deny(
            "Anyone links are not allowed here.",
            { level, levelSetBy, isSharedChannel },
            {
              code: "accessDenied",
              message: "Sharing by link is not enabled on the web, site, or tenant.",
            },
          )
    }
    if (scope === "organization") {
      if (!areOrganizationLinksOn) {
        return deny(
          "Organization links are switched off on this site.",
          {},
          {
            code: "accessDenied",
            message: "Sharing by link is not enabled on the web, site, or tenant.",
          },
        )
      }
      return recipient === "guest" || recipient === "new-guest"
        ? deny(
            "An organization link does not work for people outside.",
            { recipient },
            {
              code: "accessDenied",
              message:
                "This link only works for people in your organization. Choose Specific people.",
            },
          )
        : pass("Organization links are allowed here.", { scope })
    }
    return pass("This kind of sharing needs no special link.", { scope })
  },
})

/** Gate 5 of SPO-300: whether the level admits the recipient, with the service's codes (SPO-270). */
export const recipientLevel = shareGate({
  name: "external-sharing-level",
  facts: ["SPO-003", "SPO-005", "SPO-270", "SPO-271", "SPO-272", "SPO-300"],
  reads: ["scope", "recipient", "level", "levelSetBy", "isOneDrive", "errorUrl"],
  check: ({ scope, recipient, level, levelSetBy, isOneDrive, errorUrl }) => {
    if (recipient === "none" || recipient === "member" || scope === "anonymous") {
      return pass("Nobody from outside is named.", { recipient })
    }
    const floor =
      recipient === "guest" ? "ExistingExternalUserSharingOnly" : "ExternalUserSharingOnly"
    if (isAtLeast(level, floor)) {
      return pass("The sharing level in force admits this recipient.", { level, floor })
    }
    const isOff = level === "Disabled"
    const code =
      levelSetBy === "tenant"
        ? isOff
          ? "OSE201"
          : "OSE202"
        : isOneDrive
          ? isOff
            ? "OSE207"
            : "OSE208"
          : isOff
            ? "OSE204"
            : "OSE205"
    return deny(
      isOff
        ? "Sharing with people outside is switched off."
        : "Sharing is limited to guests who are in the directory already.",
      { level, floor, levelSetBy },
      policyRefusal(code, errorUrl),
    )
  },
})

/** Gate 6 of SPO-300: the lists of security groups. */
export const securityGroups = shareGate({
  name: "security-group-limit",
  facts: ["SPO-073", "SPO-074", "SPO-270", "SPO-300"],
  reads: ["scope", "recipient", "groupLimit", "hasAnyoneList", "errorUrl"],
  check: ({ scope, recipient, groupLimit, hasAnyoneList, errorUrl }) => {
    const isAnyone = scope === "anonymous"
    if (!isAnyone && (recipient === "none" || recipient === "member")) {
      return pass("Nobody from outside is named.", { recipient })
    }
    if (groupLimit === "no-list") return pass("Everybody may share outside.", { groupLimit })
    if (groupLimit === "in-anyone-list") {
      return pass("The sharer may share with guests and make Anyone links.", { groupLimit })
    }
    if (groupLimit === "in-guest-list" && !isAnyone) {
      return pass("The sharer may share with guests.", { groupLimit })
    }
    const code = isAnyone || hasAnyoneList ? "OSE303" : "OSE304"
    return deny(
      isAnyone
        ? "The sharer belongs to no group that may make Anyone links."
        : "The sharer belongs to no group that may share outside.",
      { groupLimit },
      policyRefusal(code, errorUrl),
    )
  },
})

const domainGate = (which: "tenantDomain" | "siteDomain") =>
  shareGate({
    name: which === "tenantDomain" ? "tenant-domain-limit" : "site-domain-limit",
    facts: ["SPO-076", "SPO-077", "SPO-078", "SPO-079", "SPO-270", "SPO-300"],
    reads: [which, "recipient", "scope", "errorUrl"],
    check: (
      it: Pick<ShareFacets, "tenantDomain" | "siteDomain" | "recipient" | "scope" | "errorUrl">,
    ) => {
      const verdict = it[which]
      if (it.recipient !== "new-guest" || it.scope === "anonymous") {
        return pass("Only people who are new to the directory are checked by domain now.", {
          recipient: it.recipient,
        })
      }
      if (verdict === "no-list" || verdict === "allowed") {
        return pass("The recipient's domain may be shared with.", { verdict })
      }
      const isAllow = verdict === "not-on-allow-list"
      const code =
        which === "tenantDomain" ? (isAllow ? "OSE401" : "OSE402") : isAllow ? "OSE403" : "OSE404"
      return deny(
        isAllow
          ? "The recipient's domain is not on the list of allowed domains."
          : "The recipient's domain is on the list of blocked domains.",
        { verdict },
        policyRefusal(code, it.errorUrl),
      )
    },
  })

/** Gate 6 of SPO-300: the tenant's domains, then the site's. */
export const tenantDomains = domainGate("tenantDomain")
export const siteDomains = domainGate("siteDomain")

/** Gate 6 of SPO-300: a site that only some groups reach may refuse to be shared beyond them. */
export const restrictedSharing = shareGate({
  name: "restricted-access-control-sharing",
  facts: ["SPO-216", "SPO-300"],
  reads: ["restrictedAccess"],
  check: ({ restrictedAccess: state }) =>
    state === "recipient-outside"
      ? deny(
          "This site is not shared beyond the groups that reach it.",
          { state },
          {
            code: "accessDenied",
            message: "Sharing outside of the groups of this site is not allowed.",
          },
        )
      : pass("The restriction of the site does not stand against this.", { state }),
})
