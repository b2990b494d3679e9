import { challenge, deny, gate, pass } from "@twin/kernel"
import type { PartnershipFacets } from "./partnershipFacets.ts"
import { stsError } from "./StsError.ts"

interface SeenFacets extends PartnershipFacets {
  readonly provider: string
  readonly isInternal: boolean
  readonly organization: string
}

const partnershipGate = gate<SeenFacets>()

export const tenantRestrictions = partnershipGate({
  name: "tenant-restrictions",
  facts: ["IDN-120"],
  reads: ["tenantRestriction", "restrictedBy", "organization"],
  check: ({ tenantRestriction, restrictedBy, organization }) => {
    const details = { tenantRestriction, restrictedBy, organization }
    switch (tenantRestriction) {
      case "none":
        return pass("The network does not restrict which tenants are reached.", details)
      case "admitted":
        return pass("The network admits sign-ins to this tenant.", details)
      case "tenant-not-listed":
        return deny(
          "The network lists the tenants that may be reached, and this is none of them.",
          details,
          stsError(500021),
        )
      case "personal":
        return deny("The network admits no personal accounts.", details, stsError(500022))
      case "policy":
        return deny(
          "The organization behind the network does not let foreign accounts be used here.",
          details,
          stsError(5000211),
        )
    }
  },
})

export const signInEndpoint = partnershipGate({
  name: "sign-in-endpoint",
  facts: ["IDN-061"],
  reads: ["endpoint", "provider"],
  check: ({ endpoint, provider }) => {
    const details = { endpoint, provider }
    if (endpoint !== "common" || provider !== "emailOneTimePasscode") {
      return pass("This address leads to the organization.", details)
    }
    return deny(
      "A passcode is offered at the address of the organization, or after picking it in the sign-in options.",
      details,
      stsError(50020, "Select Sign-in options, then Sign in to an organization."),
    )
  },
})

export const accountPicked = partnershipGate({
  name: "account-picker",
  facts: ["IDN-059"],
  reads: ["accountPicked"],
  check: ({ accountPicked: state }) => {
    switch (state) {
      case "free":
        return pass("No other sign-in gets in the way.", { state })
      case "picked":
        return pass("The person has picked another account and typed the address again.", { state })
      case "other-session":
        return deny(
          "The browser goes on with the work account, which is not the guest's way in here.",
          { state },
          stsError(50020, "Pick Use another account and type the address again."),
        )
    }
  },
})

export const googleWebView = partnershipGate({
  name: "google-web-view",
  facts: ["IDN-063"],
  reads: ["webView"],
  check: ({ webView }) => {
    switch (webView) {
      case "not-embedded":
      case "admitted":
        return pass("The provider shows its page here.", { webView })
      case "moved-to-browser":
        return pass("The person has signed in with the code in a browser.", { webView })
      case "refused":
        return challenge(
          "Google shows no page inside an app: the sign-in goes on in a browser, with a code.",
          { webView, page: "https://microsoft.com/devicelogin", characters: 9 },
          { message: "Open https://microsoft.com/devicelogin in a browser and enter the code." },
        )
    }
  },
})

const defects = {
  "no-provider": "No provider of this domain is set up or answers.",
  "wrong-issuer": "The assertion comes from another issuer than the one that is set up.",
  "wrong-certificate": "The assertion is signed with a certificate that is not known here.",
  "wrong-subject": "The assertion names the person in another format than is required.",
  "no-address": "The assertion does not carry the address of the person.",
} as const

export const federatedAssertion = partnershipGate({
  name: "federated-assertion",
  facts: ["IDN-064", "IDN-067"],
  reads: ["federation"],
  check: ({ federation }) => {
    switch (federation) {
      case "not-asked":
        return pass("No federated provider vouches for this person.", { federation })
      case "accepted":
        return pass("The federated provider's assertion is accepted.", { federation })
      default:
        return deny(defects[federation], { federation }, stsError(50020))
    }
  },
})

export const passcodeAtSharePoint = partnershipGate({
  name: "passcode-at-sharepoint",
  facts: ["IDN-060"],
  reads: ["passcodeAtSharePoint"],
  check: ({ passcodeAtSharePoint: state }) =>
    state === "refused"
      ? deny(
          "At this time a passcode that the configured order asks for does not open SharePoint.",
          { state },
          stsError(50020),
        )
      : pass("The application takes this way of signing in.", { state }),
})

export const cloudEndpoint = partnershipGate({
  name: "cloud-endpoint",
  facts: ["IDN-119"],
  reads: ["cloud"],
  check: ({ cloud }) =>
    cloud === "not-enabled"
      ? deny(
          "The organizations are in different clouds, and not both have switched the other one on.",
          { cloud },
          stsError(1000104),
        )
      : pass("The clouds of both organizations work together.", { cloud }),
})
