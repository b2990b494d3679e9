import { challenge, deny, type Finding, gate, pass, unknown } from "@twin/kernel"
import { stsError } from "./StsError.ts"
import type { SignInFacets } from "./signInFacets.ts"

const policyGate = gate<SignInFacets>()

export const conditionalAccessBlock = policyGate({
  name: "conditional-access-block",
  facts: ["IDN-145", "IDN-147", "IDN-151", "IDN-155", "IDN-160", "IDN-167", "IDN-273"],
  reads: ["policyOutcome", "policies", "control", "isHomeRisk"],
  check: ({ policyOutcome, policies, control, isHomeRisk }) => {
    if (policyOutcome === "blocked" && isHomeRisk) {
      return deny(
        "A Conditional Access policy blocks a guest whose account is at risk at home.",
        { policies },
        stsError(53011),
      )
    }
    if (policyOutcome === "blocked") {
      return deny("A Conditional Access policy blocks this sign-in.", { policies }, stsError(53003))
    }
    if (policyOutcome === "unknown" && control === "none") {
      return unknown("A Conditional Access policy has a condition that is not recorded.", {
        policies,
      })
    }
    return pass("No Conditional Access policy blocks this sign-in.")
  },
})

const askForMfa = ({
  policies,
  mfaTenant,
  hasMfaMethod,
  isInteractive,
}: Pick<SignInFacets, "policies" | "mfaTenant" | "hasMfaMethod" | "isInteractive">): Finding =>
  hasMfaMethod
    ? challenge(
        "A Conditional Access policy asks for a second factor.",
        { policies, control: "mfa", answeredIn: `${mfaTenant} tenant` },
        stsError(50076),
      )
    : challenge(
        "A Conditional Access policy asks for a second factor, and none is registered yet.",
        { policies, control: "mfa", registeredIn: `${mfaTenant} tenant`, isInteractive },
        stsError(isInteractive ? 50072 : 50079),
      )

const refuseMfa = ({ policies, mfaObstacle }: Pick<SignInFacets, "policies" | "mfaObstacle">) => {
  const details = { policies, control: "mfa", mfaObstacle }
  switch (mfaObstacle) {
    case "legacy-client":
      return deny(
        "A policy asks for a second factor, which this kind of client cannot give.",
        details,
        stsError(53003),
      )
    case "pass-through":
      return deny(
        "A policy asks for a second factor, which somebody without an account in this directory cannot give here.",
        details,
        stsError(90072),
      )
    case "risk":
      return deny(
        "A policy asks for a second factor, and none can be registered in a risky sign-in.",
        details,
        stsError(53004),
      )
    case "registration-elsewhere":
      return deny(
        "A policy asks for a second factor before one is registered, which a guest of this provider cannot give.",
        details,
        stsError(53010),
      )
    // Without an obstacle the factor is asked for, not refused.
    case "none":
    case "registration-blocked":
      return deny(
        "A policy asks for a second factor, but cross-tenant access keeps the guest from the pages where one is registered.",
        details,
        stsError(53010),
      )
  }
}

const deviceCodes = {
  compliantDevice: 53000,
  domainJoinedDevice: 53001,
  approvedApplication: 53002,
  compliantApplication: 53009,
} as const

const demand: Record<Exclude<SignInFacets["control"], "none" | "mfa">, string> = {
  authenticationStrength: "an authentication strength",
  compliantDevice: "a compliant device",
  domainJoinedDevice: "a hybrid joined device",
  approvedApplication: "an approved client app",
  compliantApplication: "an app protection policy",
  passwordChange: "a password change",
  riskRemediation: "a remediation of the risk",
  termsOfUse: "acceptance of the terms of use",
}

export const conditionalAccessGrant = policyGate({
  name: "conditional-access-grant",
  facts: [
    "IDN-116",
    "IDN-128",
    "IDN-129",
    "IDN-148",
    "IDN-149",
    "IDN-167",
    "IDN-171",
    "IDN-172",
    "IDN-173",
    "IDN-273",
    "IDN-274",
  ],
  reads: [
    "policyOutcome",
    "policies",
    "control",
    "mfaObstacle",
    "mfaTenant",
    "hasMfaMethod",
    "isInteractive",
    "isHomeRisk",
  ],
  check: (facets) => {
    const { policyOutcome, policies, control } = facets
    if (policyOutcome === "notApplied") {
      return pass("No Conditional Access policy applies to this sign-in.")
    }
    if (control === "none") {
      return pass("Every Conditional Access policy that applies is satisfied.", { policies })
    }
    if (control === "mfa") {
      return policyOutcome === "interrupted" ? askForMfa(facets) : refuseMfa(facets)
    }
    const details = { policies, control }
    if (policyOutcome === "unknown") {
      return unknown(`A policy asks for ${demand[control]}, which is not recorded here.`, details)
    }
    if (policyOutcome === "interrupted") {
      return challenge(`A policy asks for ${demand[control]}.`, details, stsError(50076))
    }
    if (facets.isHomeRisk && (control === "passwordChange" || control === "riskRemediation")) {
      return deny(
        "A policy asks a guest whose account is at risk at home for a new password, which this organization does not keep.",
        details,
        stsError(53011),
      )
    }
    const code = control in deviceCodes ? deviceCodes[control as keyof typeof deviceCodes] : 53003
    return deny(
      `A policy asks for ${demand[control]}, which this sign-in cannot show.`,
      details,
      stsError(code),
    )
  },
})

export const signInFrequency = policyGate({
  name: "sign-in-frequency",
  facts: ["IDN-174", "IDN-175", "IDN-274"],
  reads: ["signInFrequencyHours", "isSignInFresh", "isSecondFactorFresh"],
  check: ({ signInFrequencyHours, isSignInFresh, isSecondFactorFresh }) => {
    if (!isSignInFresh) {
      return challenge(
        "The last sign-in is too long ago.",
        { signInFrequencyHours },
        stsError(70043),
      )
    }
    return isSecondFactorFresh
      ? pass("The last sign-in is recent enough.", { signInFrequencyHours })
      : challenge(
          "The last second factor is older than a policy allows.",
          { signInFrequencyHours },
          stsError(50078),
        )
  },
})
