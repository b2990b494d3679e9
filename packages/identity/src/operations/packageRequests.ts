import { type Call, isoOf, type OutputObject, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { flattenedMembers } from "../accessReviews.ts"
import { evaluatePackageRequest, policyOfQuestion } from "../decisions/evaluatePackageRequest.ts"
import { evaluatePackageStep, evaluateSetUp } from "../decisions/evaluatePackageStep.ts"
import {
  deliverPackage,
  endAssignment,
  expiryUnder,
  packageLine,
  stillInvitable,
} from "../deliverPackage.ts"
import { userOf } from "../directory.ts"
import { packageMail } from "../dueAssignments.ts"
import type { AssignmentPolicy, AssignmentRequest } from "../EntitlementManagement.ts"
import { assignmentsOf, packageOf, policyOf, requestOf, requestorOf } from "../entitlements.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import type { IdentityWorld } from "../State.ts"
import { reviewAdministrators } from "./accessReviews.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"

/** Approvers of a stage: groups are taken apart. */
const approversOf = (
  world: IdentityWorld,
  policy: AssignmentPolicy | undefined,
  stage: number,
): readonly string[] =>
  (policy?.stages[stage]?.approverIds ?? []).flatMap((id) =>
    userOf(world, id) === undefined ? flattenedMembers(world, id).map(({ user }) => user.id) : [id],
  )

const approverMails = (
  world: IdentityWorld,
  policy: AssignmentPolicy,
  request: Pick<AssignmentRequest, "id" | "requestor" | "stage">,
) =>
  approversOf(world, policy, request.stage).flatMap((id) => {
    const to = userOf(world, id)?.mail
    return to === undefined
      ? []
      : [
          packageMail(
            to,
            `Action required: access request of ${request.requestor}`,
            "Approve or deny the request in My Access.",
            request.id,
          ),
        ]
  })

interface Wish {
  readonly package: string
  readonly who: string
  readonly policyId?: string
  readonly justification: string
  readonly wants: "userAdd" | "adminAdd" | "userExtend"
}

const requestRow = (request: AssignmentRequest): OutputObject => ({
  id: request.id,
  requestType: request.requestType,
  requestor: request.requestor,
  state: request.state,
  createdDateTime: isoOf(request.at),
})

const asked = (call: Call<IdentityWorld>, wish: Wish): Ruling<IdentityEvent> => {
  const { world, now, draw, actor } = call
  const accessPackage = packageOf(world, wish.package)
  const requestor = requestorOf(world, wish.who)
  const given = wish.policyId === undefined ? undefined : policyOf(world, wish.policyId)
  const question = {
    world,
    accessPackage,
    requestor,
    policy: given,
    justification: wish.justification,
    wants: wish.wants,
    client: actor.client,
    now,
  }
  const isMissing = wish.policyId !== undefined && given === undefined
  const decision = isMissing ? evaluateSetUp("assignment policy") : evaluatePackageRequest(question)
  const policy = policyOfQuestion(question)
  if (decision.outcome !== "allow" || accessPackage === undefined || policy === undefined) {
    return { decision }
  }
  const needsApproval = wish.wants !== "adminAdd" && policy.stages.length > 0
  const request: AssignmentRequest = {
    id: draw.guid(`request ${accessPackage.id} ${requestor.address}`),
    requestType: wish.wants,
    accessPackageId: accessPackage.id,
    policyId: policy.id,
    requestor: requestor.address,
    justification: wish.justification,
    state: "pendingApproval",
    stage: 0,
    stageSince: now,
    at: now,
  }
  const done = needsApproval ? undefined : carriedOut(call, request)
  return {
    decision,
    events: [{ _tag: "PackageRequested", request }, ...(done?.events ?? [])],
    audit: [
      packageLine("User requests access package assignment", requestor.address, {
        Package: accessPackage.displayName,
      }),
      ...(done?.audit ?? []),
    ],
    mail: needsApproval ? approverMails(world, policy, request) : [],
    output: [
      {
        ...requestRow(request),
        state: done === undefined ? "pendingApproval" : done.state,
        link: request.id,
      },
    ],
  }
}

/** What an approved request does: a delivery, or more time. */
const carriedOut = (
  call: Call<IdentityWorld>,
  request: AssignmentRequest,
): {
  readonly state: string
  readonly events: readonly IdentityEvent[]
  readonly audit: NonNullable<Ruling<IdentityEvent>["audit"]>
} => {
  const { world, now } = call
  const accessPackage = packageOf(world, request.accessPackageId)
  const policy = policyOf(world, request.policyId)
  if (accessPackage === undefined || policy === undefined) {
    return { state: "deliveryFailed", events: [], audit: [] }
  }
  if (request.requestType !== "userExtend") {
    const delivery = deliverPackage(call, accessPackage, policy, request)
    return { ...delivery, state: delivery.isDelivered ? "delivered" : "deliveryFailed" }
  }
  const userId = requestorOf(world, request.requestor).user?.id ?? ""
  const assignment = assignmentsOf(world, userId).find(
    (it) => it.accessPackageId === accessPackage.id && it.state === "delivered",
  )
  const expiresAt = expiryUnder(policy, Math.max(now, assignment?.expiresAt ?? now))
  return {
    state: assignment === undefined ? "deliveryFailed" : "delivered",
    events: [
      ...(assignment === undefined
        ? []
        : [
            {
              _tag: "PackageAssignmentExtended" as const,
              assignmentId: assignment.id,
              at: now,
              ...(expiresAt === undefined ? {} : { expiresAt }),
            },
          ]),
      {
        _tag: "PackageRequestMoved",
        requestId: request.id,
        state: assignment === undefined ? "deliveryFailed" : "delivered",
        stage: request.stage,
        at: now,
      },
    ],
    audit: [packageLine("Extend access package assignment", request.requestor)],
  }
}

const justification = Schema.optionalKey(Schema.String.annotate({ description: "Why" }))
const packageName = Schema.NonEmptyString.annotate({ description: "Name or id of the package" })

export const requestAccessPackage = operation({
  name: "request-access-package",
  summary: "Asks in My Access for a package, also from outside without a guest account.",
  params: Schema.Struct({
    package: packageName,
    justification,
    policy: Schema.optionalKey(
      Schema.NonEmptyString.annotate({
        description: "Under which policy, by name or id; needed where several would do",
      }),
    ),
    extend: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "More time for what the actor has" }),
    ),
  }),
  facts: ["IDN-240", "IDN-241"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> =>
    asked(call, {
      package: params.package,
      who: call.actor.id,
      justification: params.justification ?? "",
      wants: params.extend === true ? "userExtend" : "userAdd",
      ...(params.policy === undefined ? {} : { policyId: params.policy }),
    }),
})

const settled = (
  call: Call<IdentityWorld>,
  requestId: string,
  wants: "approve" | "deny" | "cancel",
  why: string,
): Ruling<IdentityEvent> => {
  const { world, actor, now } = call
  const known = requestOf(world, requestId)
  const policy = known === undefined ? undefined : policyOf(world, known.policyId)
  const self = requestorOf(world, actor.id)
  const decision = evaluatePackageStep({
    request: known,
    policy,
    approverIds: approversOf(world, policy, known?.stage ?? 0),
    actorId: self.user?.id ?? "",
    actorAddress: self.address,
    wants,
    justification: why,
  })
  if (decision.outcome !== "allow" || known === undefined || policy === undefined) {
    return { decision }
  }
  const move = (state: AssignmentRequest["state"], stage: number): IdentityEvent => ({
    _tag: "PackageRequestMoved",
    requestId: known.id,
    state,
    stage,
    at: now,
  })
  if (wants !== "approve") {
    const state = wants === "deny" ? "denied" : "canceled"
    return {
      decision,
      events: [move(state, known.stage)],
      audit: [packageLine(`Access package request ${state}`, known.requestor, { By: actor.id })],
      mail:
        wants === "deny"
          ? [packageMail(known.requestor, "Your request was denied", why || "No reason was given.")]
          : [],
      output: [{ ...requestRow(known), state }],
    }
  }
  const next = known.stage + 1
  if (next < policy.stages.length) {
    return {
      decision,
      events: [move("pendingApproval", next)],
      mail: approverMails(world, policy, { ...known, stage: next }),
      output: [requestRow(known)],
    }
  }
  const blocked = stillInvitable(world, known, now)
  const done = carriedOut(call, known)
  return {
    decision,
    events: done.events,
    audit: [
      packageLine("Access package request approved", known.requestor, { By: actor.id }),
      ...done.audit,
    ],
    mail: [
      packageMail(
        known.requestor,
        done.state === "delivered" ? "You now have access" : "Your request could not be delivered",
        blocked?.gates.at(-1)?.refusal?.message ?? "Open My Access to see what you have.",
      ),
    ],
    output: [{ ...requestRow(known), state: done.state }],
  }
}

const request = Schema.NonEmptyString.annotate({ description: "Id of the request" })
const settle = (name: string, summary: string, wants: "approve" | "deny" | "cancel") =>
  operation({
    name,
    summary,
    params: Schema.Struct({ request, justification }),
    facts: ["IDN-240"],
    decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> =>
      settled(call, params.request, wants, params.justification ?? ""),
  })

export const approveAccessRequest = settle(
  "approve-access-request",
  "Approves somebody's request for a package.",
  "approve",
)
export const denyAccessRequest = settle(
  "deny-access-request",
  "Denies somebody's request for a package.",
  "deny",
)
export const cancelAccessRequest = settle(
  "cancel-access-request",
  "Withdraws the actor's own request for a package.",
  "cancel",
)

/** Ends the actor's own assignment, or, for an administrator, anybody's. */
const ended = (call: Call<IdentityWorld>, userId: string, name: string): Ruling<IdentityEvent> => {
  const { world, now } = call
  const accessPackage = packageOf(world, name)
  const assignment = assignmentsOf(world, userId).find(
    (it) => it.accessPackageId === accessPackage?.id && it.state === "delivered",
  )
  const decision = evaluateSetUp(assignment === undefined ? "assignment" : "")
  return assignment === undefined
    ? { decision }
    : { decision, ...endAssignment(world, assignment, now) }
}

export const returnAccessPackage = operation({
  name: "return-access-package",
  summary: "Gives up a package that the actor has.",
  params: Schema.Struct({ package: packageName }),
  facts: ["IDN-240"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> =>
    ended(call, requestorOf(call.world, call.actor.id).user?.id ?? "", params.package),
})

export const newAssignmentRequest = graphCmdlet({
  name: "New-MgEntitlementManagementAssignmentRequest",
  summary: "Assigns a package to somebody directly, or takes it away.",
  params: {
    RequestType: Schema.optionalKey(
      Schema.String.annotate({ description: "adminAdd or adminRemove" }),
    ),
    Assignment: Schema.optionalKey(
      hashtable.annotate({ description: "targetId, assignmentPolicyId, accessPackageId; or id" }),
    ),
    Justification: justification,
  },
  body: Schema.Struct({
    requestType: Schema.Literals(["adminAdd", "adminRemove"]),
    assignment: Schema.Struct({
      id: Schema.optionalKey(Schema.String),
      targetId: Schema.optionalKey(Schema.String),
      assignmentPolicyId: Schema.optionalKey(Schema.String),
      accessPackageId: Schema.optionalKey(Schema.String),
    }),
    justification: Schema.optionalKey(Schema.String),
  }),
  roles: reviewAdministrators,
  facts: ["IDN-240"],
  decide: (call, { requestType, assignment, ...rest }): Ruling<IdentityEvent> => {
    const { world } = call
    if (requestType === "adminRemove") {
      const known = assignmentsOf(world).find(({ id }) => id === assignment.id)
      return known === undefined
        ? { decision: evaluateSetUp("assignment") }
        : ended(call, known.userId, known.accessPackageId)
    }
    const { targetId = "", assignmentPolicyId } = assignment
    return asked(call, {
      package: assignment.accessPackageId ?? "",
      who: userOf(world, targetId)?.mail ?? targetId,
      justification: rest.justification ?? "",
      wants: "adminAdd",
      ...(assignmentPolicyId === undefined ? {} : { policyId: assignmentPolicyId }),
    })
  },
})
