import {
  type Actor,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
} from "@twin/kernel"
import { appIds } from "../CloudApp.ts"
import { roleAssignmentsOf, sessionOf, userOf } from "../directory.ts"
import { roleSettingsOf } from "../PrivilegedAccess.ts"
import { isActiveAt } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { isLicensed } from "./evaluateReviewDefinition.ts"
import { evaluateSignIn } from "./evaluateSignIn.ts"

export interface ActivationQuestion {
  readonly world: IdentityWorld
  readonly actor: Actor
  readonly now: number
  readonly role: string
  readonly hours: number
  readonly justification: string
  readonly ticket: string
}

export interface ActivationFacets {
  readonly isLicensed: boolean
  readonly assignment: "eligible" | "active" | "none"
  readonly hours: number
  readonly longest: number
  readonly requiresJustification: boolean
  readonly hasJustification: boolean
  readonly requiresTicket: boolean
  readonly hasTicket: boolean
  readonly proof: "not-asked" | "mfa-shown" | "mfa-missing" | "context-met" | "context-missing"
  readonly context: string
}

const activationGate = gate<ActivationFacets>()

const ruleFailed = (rule: string) => ({
  code: "RoleAssignmentRequestPolicyValidationFailed",
  message: `The following policy rules failed: ["${rule}"]`,
})

const licensed = activationGate({
  name: "pim-licence",
  facts: ["IDN-249"],
  reads: ["isLicensed"],
  check: ({ isLicensed: hasLicence }) =>
    hasLicence
      ? pass("The tenant is licensed for eligible roles.")
      : deny(
          "Eligible roles need a licence that the tenant does not have.",
          {},
          {
            code: "AadPremiumLicenseRequired",
            message:
              "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
          },
        ),
})

const isEligible = activationGate({
  name: "role-eligible",
  facts: ["IDN-247"],
  reads: ["assignment"],
  check: ({ assignment }) => {
    switch (assignment) {
      case "eligible":
        return pass("The account is eligible for the role.", { assignment })
      case "active":
        return deny(
          "The role is active already.",
          { assignment },
          { code: "RoleAssignmentExists", message: "The Role assignment already exists." },
        )
      case "none":
        return deny(
          "The account is not eligible for the role.",
          { assignment },
          { code: "RoleAssignmentDoesNotExist", message: "The Role assignment does not exist." },
        )
    }
  },
})

const isJustified = activationGate({
  name: "activation-justification",
  facts: ["IDN-247"],
  reads: ["requiresJustification", "hasJustification"],
  check: ({ requiresJustification, hasJustification }) =>
    !requiresJustification || hasJustification
      ? pass("The activation is justified, or does not have to be.")
      : deny("The activation needs a justification.", {}, ruleFailed("JustificationRule")),
})

const hasTicketGate = activationGate({
  name: "activation-ticket",
  facts: ["IDN-247"],
  reads: ["requiresTicket", "hasTicket"],
  check: ({ requiresTicket, hasTicket }) =>
    !requiresTicket || hasTicket
      ? pass("A ticket is named, or does not have to be; nobody looks it up.")
      : deny("The activation needs the number of a ticket.", {}, ruleFailed("TicketingRule")),
})

const isShortEnough = activationGate({
  name: "activation-duration",
  facts: ["IDN-247"],
  reads: ["hours", "longest"],
  check: ({ hours, longest }) =>
    hours > 0 && hours <= longest
      ? pass("The activation is not longer than the role's settings admit.", { hours, longest })
      : deny(
          "The activation is longer than the role's settings admit.",
          { hours, longest },
          ruleFailed("ExpirationRule"),
        ),
})

const isProven = activationGate({
  name: "activation-proof",
  facts: ["IDN-247", "IDN-248"],
  reads: ["proof", "context"],
  check: ({ proof, context }) => {
    switch (proof) {
      case "not-asked":
        return pass("The settings ask for no further proof.")
      case "mfa-shown":
        return pass("A second factor was shown earlier in the session.")
      case "context-met":
        return pass("The session meets the policies on the authentication context.", { context })
      case "mfa-missing":
        return deny(
          "The activation needs a second factor in this session.",
          { context },
          ruleFailed("MfaRule"),
        )
      case "context-missing":
        return deny(
          "A policy on the authentication context asks for more than the session has shown.",
          { context },
          {
            code: "RoleAssignmentRequestAcrsValidationFailed",
            message: `The request requires the authentication context ${context}.`,
          },
        )
    }
  },
})

const gates: GateRules<ActivationFacets> = [
  licensed,
  isEligible,
  isJustified,
  hasTicketGate,
  isShortEnough,
  isProven,
]

/** Where the role is held from: by the account or by a group. */
export const eligibilityOf = (
  world: IdentityWorld,
  who: string,
  role: string,
  now: number,
): { readonly kind: ActivationFacets["assignment"]; readonly principalId: string } => {
  const held = roleAssignmentsOf(world, who).filter((it) => it.role === role)
  const active = held.find((it) => isActiveAt(it, now))
  if (active !== undefined) return { kind: "active", principalId: active.principalId }
  const eligible = held.find(
    (it) =>
      it.assignment === "eligible" && it.from <= now && (it.until === undefined || now < it.until),
  )
  return eligible === undefined
    ? { kind: "none", principalId: "" }
    : { kind: "eligible", principalId: eligible.principalId }
}

/**
 * A context that no policy targets falls back to a second factor. A policy that is off, in report
 * mode or excludes the user counts as one that targets it, and asks for nothing (IDN-248).
 */
const proofOf = ({ world, actor, now, role }: ActivationQuestion): ActivationFacets["proof"] => {
  const { requiresMfa, authenticationContext } = roleSettingsOf(
    world.identity.privilegedAccess,
    role,
  )
  const hasMfa = sessionOf(world, actor.id, now)?.mfa !== undefined
  if (authenticationContext === undefined) {
    return requiresMfa ? (hasMfa ? "mfa-shown" : "mfa-missing") : "not-asked"
  }
  const isTargeted = Object.values(world.identity.conditionalAccess).some(({ conditions }) =>
    conditions.applications.includeAuthenticationContexts?.includes(authenticationContext),
  )
  if (!isTargeted) return hasMfa ? "mfa-shown" : "mfa-missing"
  const signIn = evaluateSignIn({
    world,
    address: userOf(world, actor.id)?.id ?? actor.id,
    app: appIds.azureManagement,
    client: actor.client,
    now,
    authenticationContext,
  })
  return signIn.outcome === "allow" ? "context-met" : "context-missing"
}

/** Whether an eligible role may be activated now (IDN-247, IDN-248). */
export const evaluateActivation = (question: ActivationQuestion): Decision => {
  const { world, actor, now, role } = question
  const settings = roleSettingsOf(world.identity.privilegedAccess, role)
  return decideByGates(gates, {
    isLicensed: isLicensed(world, ["P2", "Governance"]),
    assignment: eligibilityOf(world, actor.id, role, now).kind,
    hours: question.hours,
    longest: settings.maximumHours,
    requiresJustification: settings.requiresJustification,
    hasJustification: question.justification.trim() !== "",
    requiresTicket: settings.requiresTicket,
    hasTicket: question.ticket.trim() !== "",
    proof: proofOf(question),
    context: settings.authenticationContext ?? "none",
  })
}
