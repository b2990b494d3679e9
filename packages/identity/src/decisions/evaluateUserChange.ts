import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { domainOf } from "../Address.ts"
import { deletedUserOf, isOwnDomain, userOf } from "../directory.ts"
import { resourceNotFound } from "../graphRefusals.ts"
import type { IdentityWorld } from "../State.ts"

/** An administrator makes, changes, deletes or restores a user object. */
export interface UserChangeQuestion {
  readonly world: IdentityWorld
  readonly change: "create" | "update" | "delete" | "restore"
  readonly idOrName: string
}

interface UserChangeFacets {
  readonly presence: "present" | "deleted" | "absent"
  readonly isOwnDomain: boolean
}

const userGate = gate<UserChangeFacets>()

const userPresent = userGate({
  name: "user-present",
  facts: ["IDN-001", "IDN-014"],
  reads: ["presence"],
  check: ({ presence }) =>
    presence === "present"
      ? pass("The directory has this user.", { presence })
      : deny("The directory has no such user.", { presence }, resourceNotFound()),
})

const userDeleted = userGate({
  name: "user-deleted",
  facts: ["IDN-014"],
  reads: ["presence"],
  check: ({ presence }) =>
    presence === "deleted"
      ? pass("The user was deleted less than thirty days ago.", { presence })
      : deny("No such user can be restored.", { presence }, resourceNotFound()),
})

const nameFree = userGate({
  name: "principal-name-free",
  facts: ["IDN-012"],
  reads: ["presence"],
  check: ({ presence }) =>
    presence === "present"
      ? deny(
          "Another object has this name.",
          { presence },
          {
            code: "Request_BadRequest",
            message:
              "Another object with the same value for property userPrincipalName already exists.",
          },
        )
      : pass("Nobody has this name yet.", { presence }),
})

const domainVerified = userGate({
  name: "principal-name-domain",
  facts: ["IDN-232"],
  reads: ["isOwnDomain"],
  check: ({ isOwnDomain: isVerified }) =>
    isVerified
      ? pass("The domain is verified in this organization.", { isVerified })
      : deny(
          "The domain is not verified in this organization.",
          { isVerified },
          {
            code: "Request_BadRequest",
            message:
              "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
          },
        ),
})

const gatesOf: Record<UserChangeQuestion["change"], GateRules<UserChangeFacets>> = {
  create: [domainVerified, nameFree],
  update: [userPresent],
  delete: [userPresent],
  restore: [userDeleted],
}

const presenceOf = (world: IdentityWorld, idOrName: string): UserChangeFacets["presence"] => {
  if (userOf(world, idOrName) !== undefined) return "present"
  return deletedUserOf(world, idOrName.toLowerCase()) === undefined ? "absent" : "deleted"
}

/** Whether the change fits what the directory holds. */
export const evaluateUserChange = ({ world, change, idOrName }: UserChangeQuestion): Decision =>
  decideByGates(gatesOf[change], {
    presence: presenceOf(world, idOrName),
    isOwnDomain: isOwnDomain(world, domainOf(idOrName)),
  })
