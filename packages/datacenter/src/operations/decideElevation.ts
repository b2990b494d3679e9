import type { CryptoServices } from "@twin/crypto"
import { rolesOf, usersOf } from "@twin/identity"
import {
  type Decision,
  hours,
  isFaultOn,
  isoOf,
  type OutgoingMail,
  type OutputObject,
  operation,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import type { CustomerLockboxRequest } from "../CustomerLockboxRequest.ts"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import {
  approverSetOf,
  evaluateApproval,
  evaluateDenial,
  factsOfApproval,
  isLastStep,
  nextStepOf,
} from "../decisions/evaluateApproval.ts"
import { customerApproverRoles } from "../decisions/evaluateCustomerDecision.ts"
import { worldAfter } from "../evolve.ts"
import { approvalChannelUnavailable } from "../faults.ts"
import { type Happening, lockboxMail, outcomeOf } from "../Happening.ts"
import { scrub } from "../InternalRecord.ts"
import type { Approval, LockboxRequest } from "../LockboxRequest.ts"
import { accountFor, accountOutput, provisioned } from "../provision.ts"
import { type DatacenterWorld, elevationOf, isCustomerLockboxInForce } from "../State.ts"
import { callerOf, type DatacenterCall, engineerAlias } from "./caller.ts"
import { destroyDeadPasswords, issuePassword } from "./passwordSafe.ts"

const Decide = Schema.Struct({
  request: Schema.NonEmptyString.annotate({ description: "Id of the elevation request" }),
  comment: Schema.optionalKey(Schema.String).annotate({ description: "Why" }),
})

/** What an allowed approval leads to: the next approver, the tenant, or the account. */
interface Progress {
  readonly events: readonly DatacenterEvent[]
  readonly transitions: readonly string[]
  readonly output: OutputObject
  readonly mail: readonly OutgoingMail[]
  readonly provisions: boolean
}

const toNextApprover = (
  { world }: DatacenterCall,
  request: LockboxRequest,
  approval: Approval,
): Progress => {
  const events: DatacenterEvent[] = [
    { _tag: "ElevationStepApproved", request: request.id, approval },
  ]
  const later = elevationOf(worldAfter(world, events), request.id) ?? request
  return {
    events,
    transitions: ["LBX-03b"],
    output: { state: "PendingManager", nextStep: nextStepOf(world, later) ?? "none" },
    mail: approverSetOf(world, later).map(({ id }) =>
      lockboxMail({
        to: id,
        kind: "approval-request",
        subject: `Elevation request: ${request.role}`,
        text: `${request.requester} asks for ${request.role}: ${request.reason}`,
        request: request.id,
      }),
    ),
    provisions: false,
  }
}

const toTenant = (
  { world, now, draw }: DatacenterCall,
  request: LockboxRequest,
  approval: Approval,
  scope: { readonly tenant: string; readonly service: CustomerLockboxRequest["service"] },
): Progress => {
  const { settings } = world.datacenter
  const customerRequest: CustomerLockboxRequest = {
    id: `EXSR${draw.digits("customer lockbox request", 6)}`,
    guid: draw.guid("customer lockbox request"),
    elevation: request.id,
    tenant: scope.tenant,
    service: scope.service,
    serviceRequest: request.serviceRequest ?? "",
    reason: request.reason,
    ...(request.scope.container === undefined ? {} : { container: request.scope.container }),
    requestedMinutes: request.durationMinutes,
    createdAt: now,
    dueAt: now + hours(settings.customerDecisionHours),
    status: "Pending",
  }
  return {
    events: [{ _tag: "ElevationSentToCustomer", request: request.id, approval, customerRequest }],
    transitions: ["LBX-04", "CLB-01"],
    output: {
      state: "PendingCustomer",
      customerRequest: customerRequest.id,
      dueAt: isoOf(customerRequest.dueAt),
    },
    mail: isFaultOn(world, approvalChannelUnavailable)
      ? []
      : tenantMails(world, customerRequest, now),
    provisions: false,
  }
}

/** To everybody who may decide and has a mailbox; never with a link to sign in (DCO-115, DCO-118). */
const tenantMails = (
  world: DatacenterWorld,
  request: CustomerLockboxRequest,
  now: number,
): readonly OutgoingMail[] =>
  usersOf(world)
    .filter(({ userPrincipalName }) =>
      customerApproverRoles.some((role) => rolesOf(world, userPrincipalName, now).includes(role)),
    )
    .flatMap(({ mail }) =>
      mail === undefined
        ? []
        : [
            {
              kind: "approval-request",
              from: "customerlockbox@microsoft.example",
              to: mail,
              subject: `Customer Lockbox request ${request.id}`,
              text: `A Microsoft engineer asks for access to content in ${request.service} for service request ${request.serviceRequest}, for ${request.requestedMinutes} minutes. Decide in the admin center under Support, Customer Lockbox Requests, before ${isoOf(request.dueAt)}.`,
            } as const,
          ],
    )

const toAccount = (call: DatacenterCall, request: LockboxRequest, approval: Approval): Progress => {
  const { world, now, draw } = call
  const account = accountFor(world, { request, approvedAt: now, draw })
  return {
    events: [
      { _tag: "ElevationApproved", request: request.id, approval, at: now },
      provisioned(account),
    ],
    transitions: ["LBX-03", "LBX-11"],
    output: { state: "Provisioned", ...accountOutput(account) },
    mail: [
      lockboxMail({
        to: request.requester,
        subject: `Elevation approved: ${request.role}`,
        text: `Your just-in-time account works until ${isoOf(account.notAfter)}. The password lies in the safe.`,
        request: request.id,
      }),
    ],
    provisions: true,
  }
}

const progressOf = (call: DatacenterCall, request: LockboxRequest): Progress => {
  const { world, actor, now } = call
  const step = nextStepOf(world, request) ?? "Manager"
  const approval: Approval = { by: engineerAlias(actor), step, at: now }
  if (!isLastStep(world, request)) return toNextApprover(call, request, approval)
  const { service, scope } = request
  return request.touchesCustomerContent &&
    service !== undefined &&
    scope.tenant !== undefined &&
    isCustomerLockboxInForce(world, service, now)
    ? toTenant(call, request, approval, { tenant: scope.tenant, service })
    : toAccount(call, request, approval)
}

/** What an approval attempt leaves in the log, whoever tried. */
export const approvalHappening = (
  world: DatacenterWorld,
  o: {
    readonly by: { readonly who: string; readonly where: string }
    readonly what: string
    readonly request: string
    readonly decision: Decision
    readonly transitions: readonly string[]
  },
): Happening => {
  const request = elevationOf(world, o.request)
  return {
    draft: {
      ...o.by,
      kind: "approval",
      what: o.what,
      ...outcomeOf(o.decision),
      ...(o.transitions.length === 0 ? {} : { transitions: o.transitions }),
      request: o.request,
      ...(request === undefined ? {} : { partition: request.scope.partition }),
      ...(request?.scope.tenant === undefined ? {} : { tenant: scrub(request.scope.tenant) }),
    },
  }
}

/** LBX-03 to LBX-05 and LBX-11. */
export const approveElevation = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof Decide.fields,
  CryptoServices
>({
  name: "approve-elevation",
  summary: "A designated approver says yes; the last yes makes the just-in-time account.",
  params: Decide,
  facts: ["DCO-047", "DCO-050", "DCO-055", "DCO-061"],
  decide: Effect.fnUntraced(function* (call: DatacenterCall, params: typeof Decide.Type) {
    const { world, actor, now } = call
    const by = engineerAlias(actor)
    const decision = evaluateApproval(factsOfApproval(world, { request: params.request, by }, now))
    const request = elevationOf(world, params.request)
    const progress =
      decision.outcome === "allow" && request !== undefined ? progressOf(call, request) : undefined
    const account = progress?.events.find(({ _tag }) => _tag === "JitAccountProvisioned")
    if (account?._tag === "JitAccountProvisioned") yield* issuePassword(account.account)
    yield* destroyDeadPasswords(world)
    return conclude(world, now, {
      decision,
      ...(progress === undefined
        ? {}
        : {
            events: progress.events,
            output: [{ id: params.request, request: params.request, ...progress.output }],
            mail: progress.mail,
          }),
      happenings: [
        approvalHappening(world, {
          by: callerOf(actor),
          what: "approve-elevation",
          request: params.request,
          decision,
          transitions: progress?.transitions ?? refusedTransition(decision),
        }),
      ],
    })
  }),
})

/** LBX-05 is the one refusal that the state machine names. */
const refusedTransition = (decision: Decision): readonly string[] =>
  outcomeOf(decision).code === "SelfApprovalForbidden" ? ["LBX-05"] : []

/** LBX-06. */
export const denyElevation = operation<DatacenterWorld, DatacenterEvent, typeof Decide.fields>({
  name: "deny-elevation",
  summary: "A designated approver says no; the request is over.",
  params: Decide,
  facts: ["DCO-048", "DCO-061", "DCO-114"],
  decide: ({ world, actor, now }, params) => {
    const by = engineerAlias(actor)
    const decision = evaluateDenial(factsOfApproval(world, { request: params.request, by }, now))
    const request = elevationOf(world, params.request)
    const isDenied = decision.outcome === "allow" && request !== undefined
    return conclude(world, now, {
      decision,
      events: isDenied ? [{ _tag: "ElevationDenied", request: request.id, by, at: now }] : [],
      happenings: [
        approvalHappening(world, {
          by: callerOf(actor),
          what: "deny-elevation",
          request: params.request,
          decision,
          transitions: isDenied ? ["LBX-06"] : [],
        }),
      ],
      ...(isDenied
        ? {
            output: [{ id: request.id, request: request.id, state: "Denied" }],
            mail: [
              lockboxMail({
                to: request.requester,
                subject: `Elevation denied: ${request.role}`,
                text: params.comment ?? "The approver said no.",
                request: request.id,
              }),
            ],
          }
        : {}),
    })
  },
})
