import {
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  isFaultOn,
  pass,
  unknown,
} from "@twin/kernel"
import { normalizeAddress } from "../Address.ts"
import { organizationOf, passcodeOf } from "../directory.ts"
import { mayAskForSomething } from "../entitlements.ts"
import { judgingClock } from "../judgingClock.ts"
import { type CodeState, checkCode } from "../OneTimeCode.ts"
import type { IdentityWorld } from "../State.ts"
import { isEmailOtpOn } from "./identityProvider.ts"
import { stsError } from "./StsError.ts"
import { signInSubject } from "./signInSubject.ts"

/** The purpose of the codes that sign guests in. */
export const passcodePurpose = "entra-sign-in"

/**
 * Entra's passcode: 30 minutes, single use (IDN-049, IDN-050). Eight digits and five tries are a
 * choice of the twin: no source gives them.
 */
export const passcodeRules = { lifetimeMinutes: 30, digits: 8, tries: 5 } as const

/** The session that a passcode opens ends after this time, whatever happens in it (IDN-049). */
export const passcodeSessionHours = 24

export interface PasscodeFacets {
  readonly isDirectoryUp: boolean
  readonly hasOrganization: boolean
  readonly isEmailOtpOn: boolean
  readonly provider: string
  /** `may-request`: no object, but a package of the tenant that may be asked for. */
  readonly directoryObject: "present" | "absent" | "may-request"
  readonly isMailSendable: boolean
  readonly code: CodeState
}

const passcodeGate = gate<PasscodeFacets>()

const directoryReachable = passcodeGate({
  name: "directory-reachable",
  facts: ["IDN-048"],
  reads: ["isDirectoryUp", "hasOrganization"],
  check: ({ isDirectoryUp, hasOrganization }) => {
    if (!hasOrganization) return unknown("There is no organization to sign in to.")
    return isDirectoryUp
      ? pass("The directory answers.")
      : deny("The directory does not answer.", { fault: "directory-outage" }, stsError(90033))
  },
})

const passcodeSwitchedOn = passcodeGate({
  name: "passcode-switched-on",
  facts: ["IDN-051", "IDN-055"],
  reads: ["isEmailOtpOn"],
  check: ({ isEmailOtpOn: isOn }) =>
    isOn
      ? pass("Guests may sign in with an email one-time passcode.", { isOn })
      : deny("The email one-time passcode is switched off.", { isOn }, stsError(50020)),
})

const passcodeRecipient = passcodeGate({
  name: "passcode-recipient",
  facts: ["IDN-048", "IDN-050", "IDN-053"],
  reads: ["provider", "directoryObject"],
  check: ({ provider, directoryObject }) => {
    const details = { provider, directoryObject }
    if (directoryObject === "absent") {
      return deny("No guest of the organization has this address.", details, stsError(50020))
    }
    return provider === "emailOneTimePasscode"
      ? pass("The passcode is the way in for this guest.", details)
      : deny(
          "This person has another way to sign in, so no passcode is sent.",
          details,
          stsError(50020),
        )
  },
})

const mailSendable = passcodeGate({
  name: "code-mail",
  facts: ["IDN-279"],
  reads: ["isMailSendable"],
  check: ({ isMailSendable }) =>
    isMailSendable
      ? pass("The mail with the code is sent.")
      : deny(
          "The mail with the code cannot be sent.",
          { fault: "code-mail-unavailable" },
          {
            message: "Unable to send a code. Wait a few minutes and try again.",
          },
        ),
})

const refusals: Record<
  Exclude<CodeState, "accepted">,
  readonly [reason: string, message: string]
> = {
  "not-issued": ["No code has been sent to this address.", "Request a code first."],
  "other-address": ["The code was sent to another address.", "That code didn't work."],
  "other-purpose": ["The code was sent for something else.", "That code didn't work."],
  used: ["The code has been used already.", "That code has been used. Request a new code."],
  "not-yet-valid": ["The code is not valid yet.", "That code didn't work."],
  expired: ["The code is older than its lifetime.", "That code has expired. Request a new code."],
  "too-many-tries": [
    "The code was mistyped too often.",
    "You've entered the wrong code too many times. Request a new code.",
  ],
  wrong: [
    "The code is not the one that was sent.",
    "That code didn't work. Check it and try again.",
  ],
}

/** Codes have no error number of their own: the page says it and offers another code (IDN-278). */
export const codeGate = passcodeGate({
  name: "one-time-code",
  facts: ["IDN-049", "IDN-050", "IDN-278"],
  reads: ["code"],
  check: ({ code }) => {
    if (code === "accepted")
      return pass("The code is the one that was sent, and in time.", { code })
    const [reason, message] = refusals[code]
    return deny(reason, { code, ...passcodeRules }, { message })
  },
})

const facetsOf = (
  world: IdentityWorld,
  address: string,
  asked: { readonly now: number; readonly code: string },
): PasscodeFacets => {
  const { now, code } = asked
  const subject = signInSubject({
    world,
    address,
    app: "My Apps",
    client: { app: "browser", device: "unmanaged", ipAddress: "" },
    now,
  })
  return {
    isDirectoryUp: !isFaultOn(world, "directory-outage"),
    hasOrganization: organizationOf(world) !== undefined,
    isEmailOtpOn: isEmailOtpOn(world, now),
    provider: subject.provider,
    directoryObject:
      subject.user !== undefined
        ? "present"
        : mayAskForSomething(world, address)
          ? "may-request"
          : "absent",
    isMailSendable: !isFaultOn(world, "code-mail-unavailable"),
    code: checkCode(passcodeOf(world, address), {
      purpose: passcodePurpose,
      address: normalizeAddress(address),
      code,
      now: judgingClock(world, now),
    }),
  }
}

const requestGates: GateRules<PasscodeFacets> = [
  directoryReachable,
  passcodeSwitchedOn,
  passcodeRecipient,
  mailSendable,
]
const entryGates: GateRules<PasscodeFacets> = [directoryReachable, passcodeSwitchedOn, codeGate]

/** Whether a passcode is sent to this address. */
export const evaluatePasscodeRequest = (
  world: IdentityWorld,
  address: string,
  now: number,
): Decision => decideByGates(requestGates, facetsOf(world, address, { now, code: "" }))

/** Whether this code signs this address in. */
export const evaluatePasscode = (
  world: IdentityWorld,
  address: string,
  asked: { readonly now: number; readonly code: string },
): Decision => decideByGates(entryGates, facetsOf(world, address, asked))
