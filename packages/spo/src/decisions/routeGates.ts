import { challenge, deny, gate, pass } from "@twin/kernel"
import { retiredCodeMessage } from "../in-force/integration.ts"
import { isAtLeast } from "../SharingCapability.ts"
import type { AccessFacets } from "./AccessFacets.ts"

const accessGate = gate<AccessFacets>()

/** What a challenge of the gate `verification-code` asks for where the integration is on. */
export const guestOnDemandStep = "guest-on-demand"

/** Gate 1 of SPO-301: there is something to open. */
export const itemPresent = accessGate({
  name: "item-present",
  facts: ["SPO-280", "SPO-281", "SPO-301"],
  reads: ["itemState"],
  check: ({ itemState }) => {
    switch (itemState) {
      case "present":
        return pass("The item and its site are there.")
      case "recycled":
        return deny(
          "The item lies in the recycle bin: until it is restored nobody reaches it.",
          {},
          gone,
        )
      case "site-recycled":
        return deny(
          "The site was deleted: until it is restored nobody reaches its content.",
          {},
          gone,
        )
      case "missing":
        return deny("There is no such item.", {}, gone)
    }
  },
})

const gone = {
  code: "itemNotFound",
  message: "Sorry, we couldn't find the item you're looking for.",
}

/** Gate 1 of SPO-301: the link or grant exists and has not run out. */
export const wayIn = accessGate({
  name: "link-or-grant",
  facts: ["SPO-020", "SPO-022", "SPO-028", "SPO-029", "SPO-037", "SPO-301"],
  reads: ["route", "linkState", "password"],
  check: ({ route, linkState, password }) => {
    if (route === "none") {
      return deny("No link, permission or group leads this person to the item.", {}, noAccess)
    }
    if (linkState === "expired") {
      return deny(
        "The link has expired; an expired link cannot be renewed.",
        { route },
        {
          code: "linkExpired",
          message: "This link has expired. Ask the person who shared it for a new link.",
        },
      )
    }
    if (linkState === "removed" || linkState === "unknown") {
      return deny(
        "The link has been removed or never existed.",
        { route },
        {
          code: "linkRemoved",
          message: "This link has been removed. Ask the person who shared it for access.",
        },
      )
    }
    if (password === "missing") return challenge("The link asks for a password.", { route })
    if (password === "wrong") {
      return deny(
        "The password of the link is wrong.",
        { route },
        {
          code: "accessDenied",
          message: "The password you entered is incorrect.",
        },
      )
    }
    return pass("A link or permission leads to the item.", { route })
  },
})

const noAccess = {
  code: "accessDenied",
  message: "You need permission to access this item.",
}

/** Gate 2 of SPO-301. */
export const lock = accessGate({
  name: "lock-state",
  facts: ["SPO-283", "SPO-301"],
  reads: ["lockState", "action", "noAccessRedirect"],
  check: ({ lockState, action, noAccessRedirect }) => {
    if (lockState === "NoAccess") {
      return deny(
        "The site is locked for everybody.",
        { lockState },
        {
          code: "403",
          message: noAccessRedirect === "" ? "403 FORBIDDEN" : `Redirected to ${noAccessRedirect}`,
        },
      )
    }
    if (lockState === "ReadOnly" && (action === "edit" || action === "upload")) {
      return deny(
        "The site is read-only: nothing can be added, changed or deleted.",
        { lockState },
        {
          code: "resourceLocked",
          message: "This site is read only at the administrator's request.",
        },
      )
    }
    return pass("The lock of the site lets this through.", { lockState })
  },
})

/** Gate 3 of SPO-301: the level in force still admits this kind of person or link. */
export const sharingLevel = accessGate({
  name: "external-sharing-level",
  facts: ["SPO-003", "SPO-007", "SPO-029", "SPO-304", "SPO-305", "SPO-301"],
  reads: ["level", "levelSetBy", "person", "route"],
  check: ({ level, levelSetBy, person, route }) => {
    const floor =
      route === "anonymous-link"
        ? "ExternalUserAndGuestSharing"
        : person === "guest"
          ? "ExistingExternalUserSharingOnly"
          : person === "ad-hoc"
            ? "ExternalUserSharingOnly"
            : undefined
    if (floor === undefined) return pass("This way stays inside the organization.", { level })
    return isAtLeast(level, floor)
      ? pass("The sharing level in force admits this kind of visitor.", { level, floor })
      : deny(
          "The sharing level in force no longer admits this kind of visitor.",
          { level, floor, levelSetBy },
          {
            code: "accessDenied",
            message: "Your organization's policies don't allow this access.",
          },
        )
  },
})

/** Gate 3 of SPO-301: somebody who is known already meets the limit by domain here (SPO-078). */
export const domainLimit = accessGate({
  name: "domain-limit",
  facts: ["SPO-076", "SPO-077", "SPO-078", "SPO-079"],
  reads: ["person", "route", "tenantDomain", "siteDomain"],
  check: ({ person, route, tenantDomain, siteDomain }) => {
    if (person === "member" || person === "anonymous" || route === "anonymous-link") {
      return pass("The limit by domain is for people outside who are named.")
    }
    const refusing = [tenantDomain, siteDomain].find(
      (it) => it === "not-on-allow-list" || it === "on-block-list",
    )
    return refusing === undefined
      ? pass("The visitor's domain may be shared with.", { tenantDomain, siteDomain })
      : deny(
          "The visitor's domain may not be shared with.",
          { tenantDomain, siteDomain },
          {
            code: "accessDenied",
            message: "Your organization's policies don't allow this access.",
          },
        )
  },
})

/** Gate 3 of SPO-301, for links that only work inside. */
export const organizationLinks = accessGate({
  name: "organization-links",
  facts: ["SPO-030", "SPO-218"],
  reads: ["route", "areOrganizationLinksOn"],
  check: ({ route, areOrganizationLinksOn }) =>
    route !== "organization-link"
      ? pass("The way does not depend on organization links.")
      : areOrganizationLinksOn
        ? pass("Organization links work on this site.")
        : deny("Organization links are switched off on this site.", {}, noAccess),
})

/** Gate 4 of SPO-301: the link means this person. */
export const linkScope = accessGate({
  name: "link-scope",
  facts: ["SPO-020", "SPO-021", "SPO-023", "SPO-115", "SPO-301"],
  reads: ["route", "person", "naming", "addedAs"],
  check: ({ route, person, naming, addedAs }) => {
    if (route === "anonymous-link") return pass("Whoever holds an Anyone link may use it.")
    if (route === "organization-link") {
      if (person === "anonymous") return challenge("The link asks people to sign in first.")
      return person === "member"
        ? pass("The link works for every member of the organization.")
        : deny("The link works for members of the organization only.", { person }, noAccess)
    }
    if (route === "users-link") {
      if (person === "anonymous") return challenge("The link asks people to prove who they are.")
      if (naming === "by-alias" && addedAs === "ad-hoc") {
        return pass("The link names another address of this mailbox, and the code goes there.", {
          naming,
        })
      }
      if (naming === "by-alias") {
        return deny(
          "The link names an alias, and signing in compares the primary address only.",
          { naming },
          {
            code: "AADSTS50020",
            message: "The selected user account does not exist in the tenant.",
          },
        )
      }
      return naming === "named"
        ? pass("The link names this person.")
        : deny(
            "The link works for the people it names, and this person is not among them.",
            {},
            {
              code: "accessDenied",
              message: "This link only works for the people it was shared with.",
            },
          )
    }
    return pass("The permission belongs to this person.", { route })
  },
})

/**
 * Gate 5 of SPO-301 for people without a directory object: SharePoint's own code, while it lived.
 * Members and guests sign in to Entra instead.
 */
export const verificationCode = accessGate({
  name: "verification-code",
  facts: ["SPO-096", "SPO-099", "SPO-111", "SPO-118", "SPO-120", "SPO-094", "SPO-041"],
  reads: [
    "person",
    "route",
    "addedAs",
    "codeAccess",
    "proof",
    "canSharerStillShare",
    "tracksAnyoneUsers",
  ],
  check: (it) => {
    if (it.route === "anonymous-link") {
      if (!it.tracksAnyoneUsers || it.person === "member" || it.person === "guest") {
        return pass("An Anyone link asks for no identity.")
      }
      return it.proof === "fresh"
        ? pass("The holder of the link has verified an address.")
        : challenge("Holders of Anyone links have to verify an address first.")
    }
    if (it.person === "member" || it.person === "guest") {
      return pass("The person has an account in the directory and signs in with it.")
    }
    if (it.route !== "users-link" || it.addedAs !== "ad-hoc") {
      return deny(
        "The directory has no account for this person any more.",
        { addedAs: it.addedAs },
        noAccess,
      )
    }
    switch (it.codeAccess) {
      case "code":
        return provenByCode(it.proof)
      case "guest-on-demand":
        return it.canSharerStillShare
          ? challenge(
              "An older link: a guest account is made on behalf of the person who shared it, then the visitor signs in.",
              { next: guestOnDemandStep },
            )
          : deny(
              "Whoever made the link may no longer share, so no guest account is made: share the item again.",
              {},
              noAccess,
            )
      case "refused":
        return deny(
          "Codes of SharePoint are retired: only people with a guest account get in.",
          {},
          {
            code: "accessDenied",
            message: retiredCodeMessage,
          },
        )
    }
  },
})

const provenByCode = (proof: AccessFacets["proof"]) => {
  switch (proof) {
    case "fresh":
      return pass("The person has proven the mailbox by a code.")
    case "none":
      return challenge("The person has to prove the mailbox with a code that is sent there.")
    case "reauthentication-due":
      return challenge("The last proof is too old: a new code is due.")
  }
}
