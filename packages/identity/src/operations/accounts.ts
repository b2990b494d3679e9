import {
  type Call,
  decideByGates,
  deny,
  type GateRules,
  gate,
  hours,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { evaluateUserChange } from "../decisions/evaluateUserChange.ts"
import { roleAssignmentsOf, userOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { isActiveAt } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { requestDenied } from "./graphCmdlet.ts"
import { userManagers } from "./users.ts"

const switchAccount = (
  call: Call<IdentityWorld>,
  idOrName: string,
  accountEnabled: boolean,
): Ruling<IdentityEvent> => {
  const { world, now } = call
  const decision = evaluateUserChange({ world, change: "update", idOrName })
  const user = userOf(world, idOrName)
  if (decision.outcome !== "allow" || user === undefined) return { decision }
  return {
    decision,
    events: [{ _tag: "UserUpdated", userId: user.id, changes: { accountEnabled }, at: now }],
    audit: [
      auditLine(accountEnabled ? "Enable account" : "Disable account", user.userPrincipalName),
    ],
    output: [{ id: user.id, userPrincipalName: user.userPrincipalName, accountEnabled }],
  }
}

const account = Schema.Struct({
  user: Schema.NonEmptyString.annotate({ description: "Principal name, address or object id" }),
})

/** Blocks the sign-in; memberships and permissions stay (IDN-013). */
export const disableAccount = operation({
  name: "disable-account",
  summary: "Blocks a user of the tenant from signing in.",
  params: account,
  roles: userManagers,
  roleRefusal: requestDenied,
  facts: ["IDN-013"],
  decide: (call: Call<IdentityWorld>, { user }) => switchAccount(call, user, false),
})

export const enableAccount = operation({
  name: "enable-account",
  summary: "Lets a blocked user of the tenant sign in again.",
  params: account,
  roles: userManagers,
  roleRefusal: requestDenied,
  facts: ["IDN-013"],
  decide: (call: Call<IdentityWorld>, { user }) => switchAccount(call, user, true),
})

/** The default of the longest activation; the settings of a role can say otherwise (IDN-247). */
export const activationHours = 8

interface ActivationFacets {
  readonly assignment: "eligible" | "active" | "none"
  readonly hours: number
  readonly hasJustification: boolean
}

const activationGate = gate<ActivationFacets>()

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
          {
            code: "RoleAssignmentExists",
            message: "The Role assignment already exists.",
          },
        )
      case "none":
        return deny(
          "The account is not eligible for the role.",
          { assignment },
          {
            code: "RoleAssignmentDoesNotExist",
            message: "The Role assignment does not exist.",
          },
        )
    }
  },
})

const isShortEnough = activationGate({
  name: "activation-duration",
  facts: ["IDN-247"],
  reads: ["hours"],
  check: ({ hours: asked }) =>
    asked > 0 && asked <= activationHours
      ? pass("The activation is not longer than the role's settings admit.", { hours: asked })
      : deny(
          "The activation is longer than the role's settings admit.",
          { hours: asked, longest: activationHours },
          {
            code: "RoleAssignmentRequestPolicyValidationFailed",
            message: 'The following policy rules failed: ["ExpirationRule"]',
          },
        ),
})

const isJustified = activationGate({
  name: "activation-justification",
  facts: ["IDN-247"],
  reads: ["hasJustification"],
  check: ({ hasJustification }) =>
    hasJustification
      ? pass("The activation is justified.")
      : deny(
          "The activation needs a justification.",
          {},
          {
            code: "RoleAssignmentRequestPolicyValidationFailed",
            message: 'The following policy rules failed: ["JustificationRule"]',
          },
        ),
})

const activationGates: GateRules<ActivationFacets> = [isEligible, isJustified, isShortEnough]

const assignmentOf = (
  call: Call<IdentityWorld>,
  role: string,
): { readonly kind: ActivationFacets["assignment"]; readonly principalId: string } => {
  const held = roleAssignmentsOf(call.world, call.actor.id).filter((it) => it.role === role)
  const active = held.find((it) => isActiveAt(it, call.now))
  if (active !== undefined) return { kind: "active", principalId: active.principalId }
  const eligible = held.find(
    (it) =>
      it.assignment === "eligible" &&
      it.from <= call.now &&
      (it.until === undefined || call.now < it.until),
  )
  return eligible === undefined
    ? { kind: "none", principalId: "" }
    : { kind: "eligible", principalId: eligible.principalId }
}

/** Until activated, an eligible role gives nothing; afterwards it gives everything for a while. */
export const activateRole = operation({
  name: "activate-role",
  summary: "Activates a directory role that the actor is eligible for.",
  params: Schema.Struct({
    role: Schema.NonEmptyString.annotate({ description: "Display name of the role" }),
    hours: Schema.optionalKey(Schema.Number.annotate({ description: "How long; 8 if absent" })),
    justification: Schema.optionalKey(Schema.String.annotate({ description: "Why" })),
  }),
  facts: ["IDN-247"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { role, hours: wanted = activationHours, justification = "" } = params
    const { kind, principalId } = assignmentOf(call, role)
    const decision = decideByGates(activationGates, {
      assignment: kind,
      hours: wanted,
      hasJustification: justification.trim() !== "",
    })
    if (decision.outcome !== "allow") return { decision }
    const until = call.now + hours(wanted)
    return {
      decision,
      events: [{ _tag: "RoleActivated", principalId, role, until, at: call.now }],
      audit: [
        auditLine("Add member to role completed (PIM activation)", call.actor.id, {
          Role: role,
          Justification: justification,
        }),
      ],
      output: [{ id: role, until }],
    }
  },
})
