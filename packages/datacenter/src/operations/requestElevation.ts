import { hours, isoOf, operation } from "@twin/kernel"
import { Schema } from "effect"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import { approverSetOf } from "../decisions/evaluateApproval.ts"
import { evaluateSubmission, factsOfSubmission } from "../decisions/evaluateSubmission.ts"
import { lockboxMail, outcomeOf } from "../Happening.ts"
import { type LockboxRequest, RejectionReason } from "../LockboxRequest.ts"
import { componentOf, type DatacenterWorld } from "../State.ts"
import {
  callerOf,
  canonicalTenant,
  type DatacenterCall,
  engineerAlias,
  tenantsOf,
} from "./caller.ts"

const RequestElevation = Schema.Struct({
  role: Schema.optionalKey(Schema.String).annotate({
    description: "Lockbox role that the work needs, e.g. ServiceEngineerOperations",
  }),
  actions: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)).annotate({
    description: "Commands of the role that are needed; all of them when absent",
  }),
  components: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)).annotate({
    description: "Machines the work is on, all in one partition",
  }),
  tenant: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Tenant whose content or configuration the work is on",
  }),
  container: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Mailbox address or site URL, where the work is on one of them",
  }),
  durationMinutes: Schema.optionalKey(Schema.Finite).annotate({
    description: "Time needed, up to the maximum of the role",
  }),
  reason: Schema.optionalKey(Schema.String).annotate({ description: "Business justification" }),
  serviceRequest: Schema.optionalKey(Schema.String).annotate({
    description: "Number of the customer's service request; needed for customer content",
  }),
  mode: Schema.optionalKey(Schema.Literals(["Workflow", "DirectSession"])).annotate({
    description: "Automated workflow (default), or a person on the machine",
  }),
})

const rejectionOf = (code: string | undefined): RejectionReason =>
  RejectionReason.literals.find((it) => it === code) ?? "NotEligible"

const requestOf = (
  { world, actor, now, draw }: DatacenterCall,
  params: typeof RequestElevation.Type,
  touchesCustomerContent: boolean,
): LockboxRequest => {
  const components = params.components ?? []
  const first = componentOf(world, components[0] ?? "")
  return {
    id: draw.guid("elevation request"),
    requester: actor.id.toLowerCase(),
    role: params.role ?? "",
    actions: params.actions ?? [],
    scope: {
      partition: first?.partition ?? "",
      components: [...new Set(components)],
      ...(params.tenant === undefined ? {} : { tenant: canonicalTenant(world, params.tenant) }),
      ...(params.container === undefined ? {} : { container: params.container }),
    },
    ...(first === undefined ? {} : { service: first.service }),
    touchesCustomerContent,
    durationMinutes: params.durationMinutes ?? 0,
    reason: params.reason ?? "",
    ...(params.serviceRequest === undefined || params.serviceRequest === ""
      ? {}
      : { serviceRequest: params.serviceRequest }),
    mode: params.mode ?? "Workflow",
    state: "PendingManager",
    submittedAt: now,
    dueAt: now + hours(world.datacenter.settings.approvalTimeoutHours),
    approvals: [],
  }
}

/** LBX-01 and LBX-02. */
export const requestElevation = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof RequestElevation.fields
>({
  name: "request-elevation",
  summary: "An engineer asks for a just-in-time elevation for one task.",
  params: RequestElevation,
  facts: ["DCO-042", "DCO-043", "DCO-044", "DCO-062"],
  decide: (call, params) => {
    const { world, actor, now } = call
    const facets = factsOfSubmission(
      world,
      {
        requester: engineerAlias(actor),
        role: params.role ?? "",
        actions: params.actions ?? [],
        components: params.components ?? [],
        tenant: params.tenant === undefined ? undefined : canonicalTenant(world, params.tenant),
        durationMinutes: params.durationMinutes ?? 0,
        reason: params.reason ?? "",
        serviceRequest: params.serviceRequest,
      },
      tenantsOf(world),
      now,
    )
    const decision = evaluateSubmission(facets)
    const draft = {
      ...callerOf(actor),
      kind: "request",
      what: "request-elevation",
      ...outcomeOf(decision),
    } as const
    if (!facets.isLockboxAvailable)
      return conclude(world, now, { decision, happenings: [{ draft }] })

    const request = requestOf(call, params, facets.touchesCustomerContent)
    const isAccepted = decision.outcome === "allow"
    return conclude(world, now, {
      decision,
      events: isAccepted
        ? [{ _tag: "ElevationRequested", request }]
        : [
            {
              _tag: "ElevationRejected",
              request: {
                ...request,
                state: "Rejected",
                rejectedBecause: rejectionOf(draft.code),
                closedAt: now,
              },
            },
          ],
      happenings: [
        {
          draft: {
            ...draft,
            transitions: [isAccepted ? "LBX-02" : "LBX-01"],
            request: request.id,
            partition: request.scope.partition,
          },
        },
      ],
      output: [
        {
          id: request.id,
          request: request.id,
          state: isAccepted ? "PendingManager" : "Rejected",
          role: request.role,
          partition: request.scope.partition,
          ...(isAccepted ? { dueAt: isoOf(request.dueAt) } : { reason: rejectionOf(draft.code) }),
        },
      ],
      mail: isAccepted ? approverMails(world, request) : [],
    })
  },
})

const approverMails = (world: DatacenterWorld, request: LockboxRequest) =>
  approverSetOf(world, request).map(({ id }) =>
    lockboxMail({
      to: id,
      kind: "approval-request",
      subject: `Elevation request: ${request.role}`,
      text: `${request.requester} asks for ${request.role} on ${request.scope.components.join(", ")} for ${request.durationMinutes} minutes: ${request.reason}`,
      request: request.id,
    }),
  )
