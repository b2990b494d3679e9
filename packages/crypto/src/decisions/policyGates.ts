import { deny, gate, objectNotFound, pass, type Refusal } from "@twin/kernel"
import { activeMailboxPolicyLimit } from "../customer-key/DataEncryptionPolicy.ts"

/** What the gates about data encryption policies look at. */
export interface PolicyFacets {
  readonly policy: string
  readonly isFound: boolean
  readonly isOnboarded: boolean
  readonly isNameTaken: boolean
  /** Of this kind, without the one in question. */
  readonly activePolicies: number
  /** It becomes one more that is active. */
  readonly isActivated: boolean
  readonly isEnabled: boolean
  readonly isPurgeRequested: boolean
  readonly isAssigned: boolean
  readonly isSwitchedOff: boolean
  /** Both the keys that content hangs on now and those that it would hang on. */
  readonly areKeysReachable: boolean
}

const refusal = (code: string, message: string): Refusal => ({
  code: `CustomerKey.${code}`,
  message,
})

export const onboarding = gate<PolicyFacets>()({
  name: "customer-key-onboarding",
  facts: ["CRY-051", "CRY-052"],
  reads: ["isOnboarded"],
  check: ({ isOnboarded }) =>
    isOnboarded
      ? pass("The tenant is onboarded to Customer Key for this workload.")
      : deny(
          "The tenant is not onboarded to Customer Key for this workload.",
          {},
          refusal("NotOnboarded", "The organization has not completed Customer Key onboarding."),
        ),
})

export const policyName = gate<PolicyFacets>()({
  name: "policy-name",
  facts: ["CRY-078"],
  reads: ["policy", "isNameTaken"],
  check: ({ policy, isNameTaken }) =>
    isNameTaken
      ? deny(
          "Another policy has this name.",
          { policy },
          refusal("NameTaken", `A data encryption policy named '${policy}' already exists.`),
        )
      : pass("The name is free; spaces are accepted.", { policy }),
})

export const policyLimit = gate<PolicyFacets>()({
  name: "policy-limit",
  facts: ["CRY-071"],
  reads: ["activePolicies", "isActivated"],
  check: ({ activePolicies, isActivated }) => {
    if (!isActivated) return pass("No more mailbox policies are active than before.")
    return activePolicies < activeMailboxPolicyLimit
      ? pass("There is room for another active mailbox policy.", { activePolicies })
      : deny(
          "The tenant has as many active mailbox policies as it may have.",
          { activePolicies, limit: activeMailboxPolicyLimit },
          refusal(
            "DepLimitReached",
            `The organization already has ${activeMailboxPolicyLimit} active data encryption policies.`,
          ),
        )
  },
})

export const policyFound = gate<PolicyFacets>()({
  name: "data-encryption-policy",
  facts: ["CRY-071", "CRY-117", "CRY-128"],
  reads: ["policy", "isFound"],
  check: ({ policy, isFound }) =>
    isFound
      ? pass("The policy exists.", { policy })
      : deny(
          "There is no such policy of the tenant; Microsoft's own cannot be named.",
          { policy },
          objectNotFound(policy),
        ),
})

export const policyUsable = gate<PolicyFacets>()({
  name: "policy-usable",
  facts: ["CRY-080", "CRY-124"],
  reads: ["isEnabled", "isPurgeRequested"],
  check: ({ isEnabled, isPurgeRequested }) => {
    if (isPurgeRequested) {
      return deny(
        "A purge was requested for this policy, so it is assigned to nothing more.",
        { isPurgeRequested },
        refusal("PurgeRequested", "The policy is marked for permanent data purge."),
      )
    }
    return isEnabled
      ? pass("The policy is enabled.")
      : deny(
          "The policy is disabled.",
          { isEnabled },
          refusal("PolicyDisabled", "The data encryption policy is disabled."),
        )
  },
})

export const keysReachable = gate<PolicyFacets>()({
  name: "keys-for-rewrapping",
  facts: ["CRY-074", "CRY-115"],
  reads: ["areKeysReachable"],
  check: ({ areKeysReachable }) =>
    areKeysReachable
      ? pass("The service can unwrap the old way and wrap the new way; content stays as it is.")
      : deny(
          "The service reaches no key to unwrap what is to be wrapped anew.",
          {},
          refusal("KeyUnavailable", "The keys that protect the data at present are not available."),
        ),
})

export const switchingOff = gate<PolicyFacets>()({
  name: "switching-off",
  facts: ["CRY-080"],
  reads: ["isSwitchedOff", "isAssigned"],
  check: ({ isSwitchedOff, isAssigned }) =>
    isSwitchedOff && isAssigned
      ? deny(
          "An assigned policy cannot be disabled: another one has to take its place first.",
          { isAssigned },
          refusal("PolicyAssigned", "The policy is assigned and cannot be disabled."),
        )
      : pass("Nothing is switched off that is in use."),
})
