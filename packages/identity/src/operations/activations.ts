import {
  type Call,
  decideByGates,
  deny,
  gate,
  hours,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { eligibilityOf, evaluateActivation } from "../decisions/evaluateActivation.ts"
import { userOf } from "../directory.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { activationHours, type RoleSettings, roleSettingsOf } from "../PrivilegedAccess.ts"
import { roleNameOf, roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"

const administrators: readonly string[] = [
  roles.privilegedRoleAdministrator,
  roles.globalAdministrator,
]
const role = Schema.NonEmptyString.annotate({ description: "Display name or template id" })

/** Until activated, an eligible role gives nothing; afterwards it gives everything for a while. */
export const activateRole = operation({
  name: "activate-role",
  summary: "Activates a directory role that the actor is eligible for, or asks for approval.",
  params: Schema.Struct({
    role,
    hours: Schema.optionalKey(
      Schema.Number.annotate({ description: "How long; the longest admitted if absent" }),
    ),
    justification: Schema.optionalKey(Schema.String.annotate({ description: "Why" })),
    ticket: Schema.optionalKey(Schema.String.annotate({ description: "Number of a ticket" })),
  }),
  facts: ["IDN-247", "IDN-248"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, actor, now, draw } = call
    const name = roleNameOf(params.role) ?? params.role
    const settings = roleSettingsOf(world.identity.privilegedAccess, name)
    const { justification = "", ticket = "" } = params
    const wanted = params.hours ?? Math.min(settings.maximumHours, activationHours)
    const asked = { world, actor, now, role: name, hours: wanted, justification, ticket }
    const decision = evaluateActivation(asked)
    if (decision.outcome !== "allow") return { decision }
    const { principalId } = eligibilityOf(world, actor.id, name, now)
    if (settings.requiresApproval) {
      const id = draw.guid(`activation ${name}`)
      return {
        decision,
        events: [
          {
            _tag: "ActivationRequested",
            request: {
              id,
              principalId,
              requestedBy: actor.id,
              role: name,
              hours: wanted,
              justification,
              at: now,
              status: "PendingApproval",
            },
          },
        ],
        audit: [
          auditLine("Add member to role requested (PIM activation)", actor.id, { Role: name }),
        ],
        output: [{ id, status: "PendingApproval" }],
      }
    }
    const until = now + hours(wanted)
    return {
      decision,
      events: [{ _tag: "RoleActivated", principalId, role: name, until, at: now }],
      audit: [
        auditLine("Add member to role completed (PIM activation)", actor.id, {
          Role: name,
          Justification: justification,
        }),
      ],
      output: [{ id: name, until, status: "Provisioned" }],
    }
  },
})

interface ApprovalFacets {
  readonly request: "pending" | "decided" | "unknown"
  readonly isOwn: boolean
  readonly isApprover: boolean
}

const approvalGate = gate<ApprovalFacets>()

const requestPending = approvalGate({
  name: "activation-request",
  facts: ["IDN-247"],
  reads: ["request"],
  check: ({ request }) =>
    request === "pending"
      ? pass("The request waits for an answer.", { request })
      : deny(
          "No such request waits for an answer.",
          { request },
          {
            code: "RoleAssignmentRequestNotFound",
            message: "The role assignment request was not found or is not pending approval.",
          },
        ),
})

const mayApprove = approvalGate({
  name: "activation-approver",
  facts: ["IDN-247"],
  reads: ["isOwn", "isApprover"],
  check: ({ isOwn, isApprover }) =>
    isApprover && !isOwn
      ? pass("This person decides about activations of the role.")
      : deny(
          isOwn
            ? "Nobody approves the own request."
            : "This person does not decide about the role.",
          { isOwn, isApprover },
          requestDenied,
        ),
})

/** Nobody chosen means whoever administers privileged roles (IDN-247). */
const isApproverOf = ({ world, actor }: Call<IdentityWorld>, settings: RoleSettings): boolean =>
  settings.approvers.length === 0
    ? actor.roles.some((it) => administrators.includes(it))
    : settings.approvers.includes(userOf(world, actor.id)?.id ?? "")

export const decideActivation = operation({
  name: "decide-activation",
  summary: "Approves or denies the activation of a role that somebody asked for.",
  params: Schema.Struct({
    request: Schema.NonEmptyString.annotate({ description: "Id of the request" }),
    approve: Schema.Boolean.annotate({ description: "true: the role becomes active now" }),
  }),
  facts: ["IDN-247"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, actor, now } = call
    const { requests } = world.identity.privilegedAccess
    const request = Object.hasOwn(requests, params.request) ? requests[params.request] : undefined
    const settings = roleSettingsOf(world.identity.privilegedAccess, request?.role ?? "")
    const decision = decideByGates([requestPending, mayApprove], {
      request:
        request === undefined
          ? "unknown"
          : request.status === "PendingApproval"
            ? "pending"
            : "decided",
      isOwn: request?.requestedBy === actor.id,
      isApprover: isApproverOf(call, settings),
    })
    if (decision.outcome !== "allow" || request === undefined) return { decision }
    const status = params.approve ? "Provisioned" : "Denied"
    return {
      decision,
      events: [
        { _tag: "ActivationDecided", requestId: request.id, status, at: now },
        ...(params.approve
          ? [
              {
                _tag: "RoleActivated" as const,
                principalId: request.principalId,
                role: request.role,
                until: now + hours(request.hours),
                at: now,
              },
            ]
          : []),
      ],
      audit: [
        auditLine(
          params.approve
            ? "Add member to role request approved (PIM activation)"
            : "Add member to role request denied (PIM activation)",
          request.requestedBy,
          { Role: request.role },
        ),
      ],
      output: [{ id: request.id, status }],
    }
  },
})

const settingsFit = gate<{
  readonly isRoleKnown: boolean
  readonly maximumHours: number
  readonly unknownApprover: string
}>()({
  name: "role-settings",
  facts: ["IDN-247"],
  reads: ["isRoleKnown", "maximumHours", "unknownApprover"],
  check: ({ isRoleKnown, maximumHours, unknownApprover }) => {
    const details = { isRoleKnown, maximumHours, unknownApprover }
    return isRoleKnown && maximumHours >= 1 && maximumHours <= 24 && unknownApprover === ""
      ? pass("The settings are ones that the role can have.", details)
      : deny("The role, its approvers or the longest activation do not fit.", details, {
          code: "Request_BadRequest",
          message: "The role, its approvers or the maximum duration (1 to 24 hours) are invalid.",
        })
  },
})

const yesNo = (description: string) => Schema.optionalKey(Schema.Boolean.annotate({ description }))

export const setRoleSettings = operation({
  name: "set-role-settings",
  summary: "Says what activating a role asks for: time, proof, justification, approval.",
  params: Schema.Struct({
    role,
    maximumHours: Schema.optionalKey(
      Schema.Number.annotate({ description: "1 to 24; 8 at first" }),
    ),
    requiresJustification: yesNo("Whether a reason is due; true at first"),
    requiresTicket: yesNo("Whether a ticket number is due"),
    requiresMfa: yesNo("Whether a second factor is due"),
    authenticationContext: Schema.optionalKey(
      Schema.String.annotate({ description: "Context such as c1; empty for none" }),
    ),
    requiresApproval: yesNo("Whether somebody else has to approve"),
    approvers: Schema.optionalKey(
      Schema.Array(Schema.NonEmptyString).annotate({
        description: "Who approves; nobody chosen: the role administrators",
      }),
    ),
  }),
  roles: administrators,
  roleRefusal: requestDenied,
  facts: ["IDN-242", "IDN-247", "IDN-248"],
  decide: (call: Call<IdentityWorld>, { role: given, ...changes }): Ruling<IdentityEvent> => {
    const { world, now } = call
    const name = roleNameOf(given)
    const { authenticationContext: before, ...kept } = roleSettingsOf(
      world.identity.privilegedAccess,
      name ?? given,
    )
    const { authenticationContext: context = before, approvers: named, ...rest } = changes
    const settings: RoleSettings = {
      ...kept,
      ...rest,
      ...(context === undefined || context === "" ? {} : { authenticationContext: context }),
      ...(named === undefined ? {} : { approvers: named.map((it) => userOf(world, it)?.id ?? it) }),
    }
    const decision = decideByGates([settingsFit], {
      isRoleKnown: name !== undefined,
      maximumHours: settings.maximumHours,
      unknownApprover: settings.approvers.find((it) => userOf(world, it) === undefined) ?? "",
    })
    if (decision.outcome !== "allow" || name === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "RoleSettingsSet", role: name, settings, at: now }],
      audit: [auditLine("Update role setting in PIM", name)],
      output: [{ id: name, ...settings }],
    }
  },
})
