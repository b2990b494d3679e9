import { deny, type GateRules, gate, pass } from "@twin/kernel"
import type { ProductionFacets } from "./evaluateProductionAccess.ts"

const networkPath = gate<ProductionFacets>()({
  name: "network-path",
  facts: ["DCO-298", "DCO-087", "DCO-090", "DCO-089"],
  reads: ["path", "sourceSegment", "targetSegment", "protocol"],
  check: ({ path, sourceSegment, targetSegment, protocol }) => {
    const details = { path, sourceSegment, targetSegment, protocol }
    const refusal = { code: "NetworkDenied", message: "The connection could not be established." }
    switch (path) {
      case "approved":
        return pass("An approved network rule opens this path.", details)
      case "local":
        return pass(
          "The work happens on the machine itself, so no network path is needed.",
          details,
        )
      case "target-isolated":
        return deny("The machine is isolated from the network.", details, refusal)
      case "source-blocked":
        return deny("The source of the connection is blocked.", details, refusal)
      case "no-target":
        return deny("There is no such machine to connect to.", details, refusal)
      case "none":
        return deny("No approved network rule opens this path.", details, refusal)
    }
  },
})

const secureWorkstation = gate<ProductionFacets>()({
  name: "secure-workstation",
  facts: ["DCO-298", "DCO-067", "DCO-068", "DCO-077"],
  reads: ["isHuman", "workstation", "interface", "isRemotePowerShellAuthorised"],
  check: ({ isHuman, workstation, interface: via, isRemotePowerShellAuthorised }) => {
    const details = { workstation, interface: via }
    if (!isHuman) return pass("Service code runs without a workstation.")
    if (workstation === "none" || via === "none") {
      return deny(
        "People reach production from a secure workstation through the gateway or remote PowerShell, and no other way.",
        details,
        { code: "SawRequired", message: "A secure access workstation is required." },
      )
    }
    if (workstation === "non-compliant") {
      return deny("The secure workstation did not pass its health check.", details, {
        code: "SawNonCompliant",
        message: "This secure access workstation is not compliant.",
      })
    }
    return via === "RemotePowerShell" && !isRemotePowerShellAuthorised
      ? deny(
          "Remote PowerShell needs the operations role and the authorisation to debug.",
          details,
          {
            code: "RemotePowerShellNotAuthorised",
            message: "You are not authorised for remote PowerShell.",
          },
        )
      : pass("The connection comes from a compliant secure workstation.", details)
  },
})

const secondFactor = gate<ProductionFacets>()({
  name: "smart-card",
  facts: ["DCO-298", "DCO-075", "DCO-076"],
  reads: ["isHuman", "smartCard"],
  check: ({ isHuman, smartCard }) => {
    if (!isHuman) return pass("Service code signs in without a smart card.")
    return smartCard === "matching"
      ? pass("The smart card of this platform was presented.", { smartCard })
      : deny(
          smartCard === "none"
            ? "No smart card was presented; one factor never suffices."
            : "The smart card belongs to another platform.",
          { smartCard },
          { code: "MfaRequired", message: "Multifactor authentication is required." },
        )
  },
})

const withoutAccount = {
  foreign: "The just-in-time account belongs to another person.",
  withdrawn: "The just-in-time account was withdrawn.",
  disabled: "The just-in-time account was withdrawn.",
  unknown: "There is no just-in-time account for this request.",
} as const

const noStandingAccess = gate<ProductionFacets>()({
  name: "no-standing-access",
  facts: ["DCO-298", "DCO-011", "DCO-012", "DCO-015", "DCO-018", "DCO-019", "DCO-022"],
  reads: ["principal", "principalState", "isBaseline", "isOwnPurpose"],
  check: ({ principal, principalState, isBaseline, isOwnPurpose }) => {
    const details = { principal, principalState, isBaseline }
    const refused = (reason: string) =>
      deny(reason, details, {
        code: "NoStandingAccess",
        message: "Access is denied. Request an elevation for this task.",
      })
    switch (principal) {
      case "jit-account":
        if (principalState === "enabled" || principalState === "elapsed") {
          return pass("A just-in-time account made for one approved task is used.", details)
        }
        return refused(withoutAccount[principalState])
      case "service-team-account":
        if (principalState !== "enabled") {
          return refused("The service team account is not enabled.")
        }
        return isBaseline
          ? pass("A service team account may read system metadata.", details)
          : refused("Nobody holds standing access: this needs an approved elevation.")
      case "service-account":
        return principalState === "enabled" && isOwnPurpose
          ? pass("Service code does what its account is there for.", details)
          : refused("A service account serves its own purpose only, and never a person.")
      case "corporate-account":
        return refused("A corporate account gives nothing in production.")
    }
  },
})

const grantWindow = gate<ProductionFacets>()({
  name: "grant-window",
  facts: ["DCO-298", "DCO-052", "DCO-053", "DCO-013"],
  reads: ["window"],
  check: ({ window }) => {
    if (window === "not-applicable") return pass("No elevation is used, so none can have run out.")
    return window === "inside"
      ? pass("The elevation is inside its approved time.", { window })
      : deny(
          window === "before"
            ? "The elevation has not begun yet."
            : "The approved time of the elevation is over.",
          { window },
          { code: "ElevationExpired", message: "Your elevation has expired." },
        )
  },
})

const sessionRules = gate<ProductionFacets>()({
  name: "session-rules",
  facts: ["DCO-298", "DCO-071", "DCO-072", "DCO-073"],
  reads: ["isHuman", "session"],
  check: ({ isHuman, session }) => {
    if (!isHuman) return pass("Service code needs no session.")
    const limit = {
      code: "SessionLimitReached",
      message: "The maximum number of sessions has been reached.",
    }
    const timedOut = { code: "SessionTimedOut", message: "The session has ended." }
    switch (session) {
      case "none":
        return pass("No other session stands in the way.", { session })
      case "open":
        return pass("The session is open.", { session })
      case "second-on-server":
        return deny("Each machine accepts one session of a person at a time.", { session }, limit)
      case "second-gateway":
        return deny("A person uses one gateway connection at a time.", { session }, limit)
      case "idle":
        return deny("The session was idle for too long.", { session }, timedOut)
      case "over-limit":
        return deny("The session reached its longest duration.", { session }, timedOut)
      case "ended":
        return deny("The session has ended.", { session }, timedOut)
    }
  },
})

/** Gates 1 to 6 of DCO-298: what every connection must pass. */
export const connectionGates: GateRules<ProductionFacets> = [
  networkPath,
  secureWorkstation,
  secondFactor,
  noStandingAccess,
  grantWindow,
  sessionRules,
]
