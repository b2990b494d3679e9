import {
  type Actor,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
} from "@twin/kernel"
import { normalizeAddress } from "../Address.ts"
import { type DirectoryUser, isExternalUser } from "../DirectoryUser.ts"
import { requestDenied } from "../graphRefusals.ts"
import { roles } from "../Role.ts"

interface ResetFacets {
  readonly roleHeld: string
  readonly target: "external" | "internal" | "absent"
  readonly isAddressKnown: boolean
}

const resetGate = gate<ResetFacets>()

const accepted: readonly string[] = [
  roles.helpdeskAdministrator,
  roles.userAdministrator,
  roles.globalAdministrator,
]

const roleHeldGate = resetGate({
  name: "role",
  facts: ["IDN-044"],
  reads: ["roleHeld"],
  check: ({ roleHeld }) =>
    roleHeld === ""
      ? deny("Resetting a redemption needs an administrator's role.", { accepted }, requestDenied)
      : pass("The account holds a role that may do this.", { roleHeld }),
})

const targetIsGuest = resetGate({
  name: "reset-target",
  facts: ["IDN-043"],
  reads: ["target"],
  check: ({ target }) =>
    target === "external"
      ? pass("The user is an external one.", { target })
      : deny(
          "Only an external user has a redemption to reset.",
          { target },
          {
            code: "BadRequest",
            message: "The invited user was not found or is not an external user.",
          },
        ),
})

const addressKnown = resetGate({
  name: "reset-address",
  facts: ["IDN-043"],
  reads: ["isAddressKnown"],
  check: ({ isAddressKnown }) =>
    isAddressKnown
      ? pass("The new address stands in the user's mail or other mails.", { isAddressKnown })
      : deny(
          "The new address has to stand in the user's mail or other mails first.",
          {
            isAddressKnown,
          },
          {
            code: "BadRequest",
            message:
              "The invited user email address does not match the mail or otherMails of the user.",
          },
        ),
})

const gates: GateRules<ResetFacets> = [roleHeldGate, targetIsGuest, addressKnown]

/** Whether a guest may be made to redeem again, with this address. */
export const evaluateRedemptionReset = (question: {
  readonly actor: Actor
  readonly user: DirectoryUser | undefined
  readonly address: string
}): Decision => {
  const { actor, user, address } = question
  const known =
    user === undefined ? [] : [user.mail ?? "", ...user.otherMails].map(normalizeAddress)
  return decideByGates(gates, {
    roleHeld: accepted.find((role) => actor.roles.includes(role)) ?? "",
    target: user === undefined ? "absent" : isExternalUser(user) ? "external" : "internal",
    isAddressKnown: known.includes(address),
  })
}
