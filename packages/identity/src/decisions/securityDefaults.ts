import { challenge, type Decision, days, decideByGates, deny, gate, pass } from "@twin/kernel"
import { appIds } from "../CloudApp.ts"
import { organizationOf, rolesOf } from "../directory.ts"
import { guardedRoles, registrationDaysOf } from "../SecurityDefaults.ts"
import type { IdentityWorld } from "../State.ts"
import { proofOf } from "./controlStates.ts"
import { stsError } from "./StsError.ts"
import { clientAppTypeOf, type SignInSubject } from "./signInSubject.ts"

/** Where security defaults leave a sign-in. */
export type SecurityDefaultsState =
  | "off"
  | "legacy-client"
  | "factor-needed"
  | "registration-needed"
  | "registration-open"
  | "satisfied"

const registered = ({ user }: SignInSubject): boolean => (user?.mfaMethods ?? []).length > 0

/** Days since the first sign-in, against the days in which registering may be put off. */
const isRegistrationDue = ({ question, person }: SignInSubject): boolean => {
  const { world, now } = question
  const { firstSignIns } = world.identity.securityDefaults
  const address = person?.address ?? ""
  const since = Object.hasOwn(firstSignIns, address) ? (firstSignIns[address] ?? now) : now
  return now - since >= days(registrationDaysOf(organizationOf(world)?.createdAt ?? now))
}

/** What the defaults ask of this sign-in: guests are treated like the tenant's own users (IDN-187). */
export const securityDefaultsStateOf = (subject: SignInSubject): SecurityDefaultsState => {
  const { question, user, appId } = subject
  const { world, now } = question
  if (!world.identity.securityDefaults.isEnabled || user === undefined) return "off"
  const type = clientAppTypeOf(question)
  if (type === "other" || type === "exchangeActiveSync") return "legacy-client"
  if (proofOf(subject).controls.mfa === "satisfied") return "satisfied"
  const isGuarded =
    appId === appIds.azureManagement ||
    rolesOf(world, user.id, now).some((role) => guardedRoles.includes(role))
  if (isGuarded) return registered(subject) ? "factor-needed" : "registration-needed"
  if (registered(subject)) return "satisfied"
  return isRegistrationDue(subject) ? "registration-needed" : "registration-open"
}

interface DefaultsFacets {
  readonly securityDefaults: SecurityDefaultsState
  readonly isInteractive: boolean
}

export const securityDefaults = gate<DefaultsFacets>()({
  name: "security-defaults",
  facts: ["IDN-187", "IDN-274"],
  reads: ["securityDefaults", "isInteractive"],
  check: ({ securityDefaults: state, isInteractive }) => {
    const details = { securityDefaults: state }
    switch (state) {
      case "off":
        return pass("Security defaults are off, or do not concern this person.", details)
      case "satisfied":
        return pass("Security defaults ask for nothing more.", details)
      case "registration-open":
        return pass(
          "A second factor has to be registered soon; for now it can be put off.",
          details,
        )
      case "legacy-client":
        return deny("Security defaults block legacy authentication.", details, stsError(530035))
      case "registration-needed":
        return challenge(
          "Security defaults ask for a second factor, and none is registered yet.",
          details,
          stsError(isInteractive ? 50072 : 50079),
        )
      case "factor-needed":
        return challenge(
          "Security defaults ask administrators, and everybody who manages Azure, for a second factor.",
          details,
          stsError(50076),
        )
    }
  },
})

interface SwitchFacets {
  readonly isEnabled: boolean
  readonly enforcedPolicies: string
}

const noPolicies = gate<SwitchFacets>()({
  name: "no-conditional-access",
  facts: ["IDN-153"],
  reads: ["isEnabled", "enforcedPolicies"],
  check: ({ isEnabled, enforcedPolicies }) =>
    isEnabled && enforcedPolicies !== ""
      ? deny(
          "Security defaults and Conditional Access cannot be used together.",
          { enforcedPolicies },
          {
            code: "BadRequest",
            message:
              "Conditional Access policies are enabled. Disable them before you enable security defaults.",
          },
        )
      : pass("No Conditional Access policy is in the way of the switch.", { isEnabled }),
})

/** Whether the switch may be thrown: not on beside policies that are on (IDN-153). */
export const evaluateSecurityDefaultsChange = (
  world: IdentityWorld,
  isEnabled: boolean,
): Decision =>
  decideByGates([noPolicies], {
    isEnabled,
    enforcedPolicies: Object.values(world.identity.conditionalAccess)
      .filter(({ state }) => state === "enabled")
      .map(({ displayName }) => displayName)
      .toSorted()
      .join(", "),
  })
