import { challenge, deny, gate, pass, unknown } from "@twin/kernel"
import { stsError } from "./StsError.ts"
import type { SignInFacets } from "./signInFacets.ts"

const signInGate = gate<SignInFacets>()

export const directoryReachable = signInGate({
  name: "directory-reachable",
  facts: ["IDN-262"],
  reads: ["isDirectoryUp", "hasOrganization"],
  check: ({ isDirectoryUp, hasOrganization }) => {
    if (!hasOrganization) return unknown("There is no organization to sign in to.")
    return isDirectoryUp
      ? pass("The directory answers.")
      : deny("The directory does not answer.", { fault: "directory-outage" }, stsError(90033))
  },
})

export const applicationKnown = signInGate({
  name: "application-known",
  facts: ["IDN-161", "IDN-276"],
  reads: ["app", "isAppKnown", "asksFor"],
  check: ({ app, isAppKnown, asksFor }) =>
    isAppKnown
      ? pass("The application is known to the organization.", { app })
      : deny(
          "The organization has no such application.",
          { app },
          stsError(asksFor === "resource" ? 500011 : 700016),
        ),
})

export const identityProvider = signInGate({
  name: "identity-provider",
  facts: ["IDN-033", "IDN-036", "IDN-048", "IDN-053", "IDN-055"],
  reads: ["account", "provider", "isBound", "isEmailOtpOn", "hasHomeAccount", "isInternal"],
  check: ({ account, provider, isBound, isEmailOtpOn, hasHomeAccount, isInternal }) => {
    const details = { account, provider, isBound, emailOneTimePasscode: isEmailOtpOn }
    if (account === "unknown") {
      return deny("Nobody has an account or a mailbox of this address.", details, stsError(50034))
    }
    if (isInternal) return pass("The organization itself signs its members in.", details)
    if (provider === "emailOneTimePasscode" && !isEmailOtpOn) {
      return deny(
        "The guest is bound to the email one-time passcode, which is switched off.",
        details,
        stsError(50020),
      )
    }
    if (provider === "createMicrosoftAccount") {
      return challenge(
        "No identity provider knows this address: a Microsoft account has to be created first.",
        details,
        { message: "Create a Microsoft account with this address to continue." },
      )
    }
    if (provider === "none" || !hasHomeAccount) {
      return deny("No identity provider can sign this person in.", details, stsError(50034))
    }
    return isBound
      ? pass("The guest signs in with the provider used at redemption.", details)
      : pass("An identity provider for this address has been found.", details)
  },
})

export const firstFactor = signInGate({
  name: "first-factor",
  facts: ["IDN-001", "IDN-049", "IDN-150", "IDN-275"],
  reads: ["firstFactor", "provider"],
  check: ({ firstFactor: state, provider }) => {
    switch (state) {
      case "accepted":
        return pass("The identity provider vouches for the person.", { provider })
      case "wrong":
        return deny("The password is wrong.", { provider }, stsError(50126))
      case "home-account-disabled":
        return deny("The account is disabled where it lives.", { provider }, stsError(50057))
      case "passcode-needed":
        return challenge(
          "A one-time passcode has to be requested and entered first.",
          { provider, sessionHours: 24 },
          { message: "We'll send a code to your email address. Select Send code to continue." },
        )
    }
  },
})

export const rightsManagementIdentity = signInGate({
  name: "rights-management-identity",
  facts: ["IDN-138"],
  reads: ["provider", "clientAppType"],
  check: ({ provider, clientAppType }) => {
    const details = { provider, clientAppType }
    if (provider === "azureActiveDirectory" || provider === "microsoftAccount") {
      return pass("The Office apps can sign in with this kind of account.", details)
    }
    return deny(
      "The Office apps cannot sign in with this kind of identity to open encrypted content.",
      details,
      { message: "You can't open this content with this account in this app." },
    )
  },
})

export const accountInDirectory = signInGate({
  name: "account-in-directory",
  facts: ["IDN-045", "IDN-092", "IDN-093", "IDN-270", "IDN-275"],
  reads: ["directoryObject", "account"],
  check: ({ directoryObject, account }) => {
    const details = { account, directoryObject }
    switch (directoryObject) {
      case "present":
        return pass("The directory has a user for the address that was proven.", details)
      case "stale":
        return deny(
          "The guest belongs to an older account of the same name; its redemption has to be reset.",
          details,
          stsError(50020),
        )
      case "absent":
        return deny(
          "The directory has no user for the address that was proven.",
          details,
          stsError(50020),
        )
    }
  },
})

export const accountEnabled = signInGate({
  name: "account-enabled",
  facts: ["IDN-013", "IDN-275"],
  reads: ["directoryObject", "accountEnabled"],
  check: ({ directoryObject, accountEnabled: isEnabled }) => {
    if (!isEnabled) {
      return deny("The account is disabled in this directory.", { isEnabled }, stsError(50057))
    }
    return directoryObject === "absent"
      ? pass("There is no account in this directory that could be disabled.")
      : pass("The account is enabled.", { isEnabled })
  },
})

export const homeOutbound = signInGate({
  name: "home-outbound",
  facts: ["IDN-047", "IDN-107", "IDN-113", "IDN-125", "IDN-127"],
  reads: ["outbound", "outboundFrom", "homeOrganization", "app", "isRightsManagement"],
  check: ({ outbound, outboundFrom, homeOrganization, app, isRightsManagement }) => {
    const details = { outbound, setting: outboundFrom, homeOrganization, app }
    switch (outbound) {
      case "not-asked":
        return pass("No other organization has to let the person out.", { outbound })
      case "not-recorded":
        return unknown("What the home organization allows outbound is not recorded.", details)
      case "admitted":
        return pass("The home organization lets its user out to this application.", details)
      case "user-blocked":
      case "app-blocked":
        return deny(
          "The home organization does not let its user out to this application.",
          details,
          isRightsManagement
            ? {
                code: "AADSTS500212",
                message:
                  "AADSTS500212: Access is blocked by your organization. Contact Your tenant administrator.",
              }
            : stsError(500212),
        )
    }
  },
})

export const resourceInbound = signInGate({
  name: "resource-inbound",
  facts: ["IDN-047", "IDN-107", "IDN-113", "IDN-125", "IDN-127"],
  reads: ["inbound", "inboundFrom", "organization", "app", "isRightsManagement"],
  check: ({ inbound, inboundFrom, organization, app, isRightsManagement }) => {
    const details = { inbound, setting: inboundFrom, app }
    switch (inbound) {
      case "not-asked":
        return pass("Cross-tenant access does not concern this kind of identity.", { inbound })
      case "not-recorded":
        return unknown("Whether the user is in a named partner group is not recorded.", details)
      case "admitted":
        return pass("This organization lets the partner's user in to this application.", details)
      case "user-blocked":
      case "app-blocked":
        return deny(
          "This organization does not let the partner's user in to this application.",
          details,
          isRightsManagement
            ? {
                code: "AADSTS500213",
                message: `AADSTS500213: Access is blocked by the organization. The ${organization} organization doesn't allow it.`,
              }
            : stsError(500213),
        )
    }
  },
})

export const invitationRedeemed = signInGate({
  name: "invitation-redeemed",
  facts: ["IDN-006", "IDN-039", "IDN-042", "IDN-275"],
  reads: ["invitationState"],
  check: ({ invitationState }) =>
    invitationState === "PendingAcceptance"
      ? challenge(
          "The guest still has to review and accept the permissions of the organization.",
          { invitationState },
          stsError(50014, "Review permissions and accept to continue."),
        )
      : pass("No invitation is waiting to be accepted.", { invitationState }),
})
