import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { canonicalAddress } from "../identityClass.ts"
import { policySettingOf } from "../publishedLabels.ts"
import { areRightsPlansRecorded, hasRightsPlan } from "../rightsPlan.ts"
import { type MipWorld, rmsServiceOf, trackedContentOf } from "../State.ts"

/** Who wants to follow, revoke or give back a content. */
export interface TrackingRequest {
  readonly world: MipWorld
  /** Undefined where the thing that was named is not protected. */
  readonly contentId: string | undefined
  readonly address: string
  readonly now: number
  readonly isAdmin: boolean
  /** The issuer that the cmdlet was given. */
  readonly issuerName?: string
  /** In the Office menu, which a policy can hide (MIP-229). */
  readonly isInOffice?: boolean
  /** The document is still open since this person protected it (MIP-228). */
  readonly isSameSession?: boolean
}

interface TrackingFacets {
  readonly documentTracking: "Enabled" | "Disabled"
  readonly isRegistered: boolean
  readonly issuerNamed: "not-named" | "matches" | "differs"
  readonly standing: "issuer" | "administrator" | "other"
  readonly isUnlicensed: boolean
  readonly isMenuHidden: boolean
  readonly isSameSession: boolean
}

const facetsOf = (request: TrackingRequest): TrackingFacets => {
  const { world, contentId, address, now, isAdmin, issuerName, isInOffice = false } = request
  const content = contentId === undefined ? undefined : trackedContentOf(world, contentId)
  const issuer = content === undefined ? undefined : canonicalAddress(world, content.issuer)
  const isIssuer = issuer === canonicalAddress(world, address)
  const named = issuerName === undefined ? undefined : canonicalAddress(world, issuerName)
  return {
    documentTracking: rmsServiceOf(world).documentTracking,
    isRegistered: content !== undefined,
    issuerNamed: named === undefined ? "not-named" : named === issuer ? "matches" : "differs",
    standing: isIssuer ? "issuer" : isAdmin ? "administrator" : "other",
    isSameSession: isInOffice && !isAdmin && request.isSameSession === true,
    isUnlicensed: !isAdmin && areRightsPlansRecorded(world) && !hasRightsPlan(world, address),
    isMenuHidden:
      isInOffice &&
      !isAdmin &&
      policySettingOf(world, address, "enableRevoke", now)?.toLowerCase() === "false",
  }
}

const rule = gate<TrackingFacets>()

const trackingOn = rule({
  name: "document-tracking",
  facts: ["MIP-230"],
  reads: ["documentTracking"],
  check: ({ documentTracking }) =>
    documentTracking === "Enabled"
      ? pass("Document tracking is on for the organization.", { documentTracking })
      : deny(
          "Document tracking is off for the organization.",
          { documentTracking },
          {
            message: "Document tracking is disabled for this organization.",
          },
        ),
})

const registered = rule({
  name: "registered",
  facts: ["MIP-219", "MIP-220"],
  reads: ["isRegistered"],
  check: ({ isRegistered }) =>
    isRegistered
      ? pass("The document is registered for tracking.")
      : deny(
          "The document was never registered for tracking.",
          {},
          {
            code: "LicenseNotRegistered",
            message: "The document is not registered: no content was found for it.",
          },
        ),
})

const issuerMatches = rule({
  name: "issuer-named",
  facts: ["MIP-224"],
  reads: ["issuerNamed"],
  check: ({ issuerNamed }) =>
    issuerNamed === "differs"
      ? deny(
          "Somebody else issued the document.",
          { issuerNamed },
          {
            code: "LicenseNotRegistered",
            message: "No document with this content id was found for the issuer.",
          },
        )
      : pass("The issuer that was named is the one who protected the document.", { issuerNamed }),
})

const menuShown = rule({
  name: "revoke-menu",
  facts: ["MIP-229"],
  reads: ["isMenuHidden"],
  check: ({ isMenuHidden }) =>
    isMenuHidden
      ? deny(
          "The label policy hides tracking and revocation from this person.",
          {},
          {
            message: "Track & Revoke Access is not available. Contact your administrator.",
          },
        )
      : pass("No label policy hides tracking and revocation."),
})

const issuerOrAdmin = rule({
  name: "issuer-or-administrator",
  facts: ["MIP-224", "MIP-228"],
  reads: ["standing"],
  check: ({ standing }) => {
    const details = { standing }
    return standing === "other"
      ? deny("Only who protected the document, or an administrator, may do this.", details, {
          code: "NotOwner",
          message: "You are not the owner of this document.",
        })
      : pass("Whoever protected the document or administers the service asks.", details)
  },
})

const premiumLicence = rule({
  name: "premium-licence",
  facts: ["MIP-224"],
  reads: ["isUnlicensed"],
  check: ({ isUnlicensed }) =>
    isUnlicensed
      ? deny(
          "The account has no licence for tracking and revoking.",
          { isUnlicensed },
          {
            code: "NotPremiumLicenseUser",
            message: "Your account is not licensed to track and revoke documents.",
          },
        )
      : pass("Nothing is missing from the licence of the account."),
})

const otherSession = rule({
  name: "another-session",
  facts: ["MIP-228"],
  reads: ["isSameSession"],
  check: ({ isSameSession }) =>
    isSameSession
      ? deny(
          "The document is still open since it was protected: Office revokes it in another session.",
          {},
          { message: "Close the document and open it again to revoke access." },
        )
      : pass("The document was protected in an earlier session."),
})

const trackingGates: GateRules<TrackingFacets> = [
  trackingOn,
  registered,
  issuerMatches,
  menuShown,
  issuerOrAdmin,
  premiumLicence,
]
const revocationGates: GateRules<TrackingFacets> = [...trackingGates, otherSession]

/** Whether somebody may follow a document. */
export const evaluateTracking = (request: TrackingRequest): Decision =>
  decideByGates(trackingGates, facetsOf(request))

/** Whether somebody may revoke a document, or give access back (MIP-224, MIP-226). */
export const evaluateRevocation = (request: TrackingRequest): Decision =>
  decideByGates(revocationGates, facetsOf(request))
