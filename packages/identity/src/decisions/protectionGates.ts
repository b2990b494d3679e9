import { challenge, type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"
import type { ProtectionFacets } from "./protectionFacets.ts"
import { stsError } from "./StsError.ts"

const protectionGate = gate<ProtectionFacets>()

/** Asked before the password: while an account is locked, the right one is refused as well. */
export const accountLocked = protectionGate({
  name: "account-locked",
  facts: ["IDN-275"],
  reads: ["password"],
  check: ({ password }) =>
    password === "locked"
      ? deny("Too many wrong passwords have locked the account.", { password }, stsError(50053))
      : pass("The account is not locked.", { password }),
})

/** Asked after the password: only who knows the old one is asked for a new one. */
export const passwordCurrent = protectionGate({
  name: "password-current",
  facts: ["IDN-275"],
  reads: ["password"],
  check: ({ password }) =>
    password === "expired"
      ? challenge(
          "The password has expired; a new one has to be set.",
          { password },
          stsError(50055),
        )
      : pass("The password has not expired here.", { password }),
})

export const assignedToApplication = protectionGate({
  name: "application-assignment",
  facts: ["IDN-276"],
  reads: ["assignment"],
  check: ({ assignment }) =>
    assignment === "missing"
      ? deny(
          "The application lets in only users who are assigned to it.",
          { assignment },
          stsError(50105),
        )
      : pass("The application asks for no assignment, or the user has one.", { assignment }),
})

/** The same question about the application that asks, where it is another one than the resource. */
export const evaluateAssignment = (assignment: ProtectionFacets["assignment"]): Decision =>
  decideByGates([assignedToApplication], { assignment })
