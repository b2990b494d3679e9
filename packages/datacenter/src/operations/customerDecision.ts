import type { CryptoServices } from "@twin/crypto"
import { isoOf, operation, type Ruling } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { customerDecisionEntry } from "../auditEntries.ts"
import type { CustomerLockboxRequest } from "../CustomerLockboxRequest.ts"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import {
  evaluateCustomerApproval,
  evaluateCustomerCancellation,
  evaluateCustomerDenial,
  factsOfCustomerDecision,
} from "../decisions/evaluateCustomerDecision.ts"
import { worldAfter } from "../evolve.ts"
import { lockboxMail, outcomeOf } from "../Happening.ts"
import { scrub } from "../InternalRecord.ts"
import { isLive } from "../LockboxRequest.ts"
import { accountFor, provisioned } from "../provision.ts"
import { customerRequestOf, type DatacenterWorld, elevationOf } from "../State.ts"
import { callerOf, type DatacenterCall } from "./caller.ts"
import { destroyDeadPasswords, issuePassword } from "./passwordSafe.ts"

type Word = "Approve" | "Deny" | "Cancel"

const evaluators = {
  Approve: evaluateCustomerApproval,
  Deny: evaluateCustomerDenial,
  Cancel: evaluateCustomerCancellation,
} as const

interface Step {
  readonly events: readonly DatacenterEvent[]
  readonly transitions: readonly string[]
}

const approve = (
  { world, actor, now, draw }: DatacenterCall,
  asked: CustomerLockboxRequest,
  comment: string | undefined,
): Step => {
  const elevation = elevationOf(world, asked.elevation)
  if (elevation === undefined) return { events: [], transitions: [] }
  const minutes = Math.min(asked.requestedMinutes, world.datacenter.settings.customerAccessMinutes)
  const accessUntil = now + minutes * 60_000
  return {
    events: [
      {
        _tag: "CustomerLockboxApproved",
        customerRequest: asked.id,
        by: actor.id,
        at: now,
        accessUntil,
        ...(comment === undefined ? {} : { comment }),
      },
      provisioned(accountFor(world, { request: elevation, approvedAt: now, accessUntil, draw })),
    ],
    transitions: ["CLB-02", "LBX-09", "LBX-11"],
  }
}

const stepOf = (
  call: DatacenterCall,
  word: Word,
  asked: CustomerLockboxRequest,
  comment: string | undefined,
): Step => {
  const { world, actor, now } = call
  if (word === "Approve") return approve(call, asked, comment)
  const decided = {
    customerRequest: asked.id,
    by: actor.id,
    at: now,
    ...(comment === undefined ? {} : { comment }),
  }
  if (word === "Deny") {
    return {
      events: [{ _tag: "CustomerLockboxDenied", ...decided }],
      transitions: ["CLB-03", "LBX-10"],
    }
  }
  const elevation = elevationOf(world, asked.elevation)
  const canceled: DatacenterEvent = { _tag: "CustomerLockboxCanceled", ...decided }
  if (asked.status === "Pending") return { events: [canceled], transitions: ["CLB-04", "LBX-10"] }
  return elevation !== undefined && isLive(elevation.state)
    ? {
        events: [
          canceled,
          {
            _tag: "ElevationRevoked",
            request: elevation.id,
            because: "Canceled by the tenant",
            at: now,
          },
        ],
        transitions: ["CLB-06", "LBX-15"],
      }
    : { events: [canceled], transitions: ["CLB-06"] }
}

/** What the tenant decides, by portal or by cmdlet: the same gates, the same record (DCO-131). */
const decideForTenant = Effect.fnUntraced(function* (
  call: DatacenterCall,
  o: {
    readonly word: Word
    readonly request: string
    readonly comment: string | undefined
    readonly prints: boolean
  },
) {
  const { world, actor, now } = call
  const decision = evaluators[o.word](
    factsOfCustomerDecision(world, { request: o.request, actor }, now),
  )
  const asked = customerRequestOf(world, o.request)
  const isAllowed = decision.outcome === "allow" && asked !== undefined
  const { events, transitions }: Step = isAllowed
    ? stepOf(call, o.word, asked, o.comment)
    : { events: [], transitions: [] }
  for (const event of events) {
    if (event._tag === "JitAccountProvisioned") yield* issuePassword(event.account)
  }
  const later = worldAfter(world, events)
  yield* destroyDeadPasswords(later)
  const next = asked === undefined ? undefined : customerRequestOf(later, asked.id)
  const elevation = asked === undefined ? undefined : elevationOf(world, asked.elevation)
  const ruling: Ruling<DatacenterEvent> = conclude(world, now, {
    decision,
    events,
    happenings: [
      {
        draft: {
          ...callerOf(actor),
          kind: "customer-decision",
          what: "Set-AccessToCustomerDataRequest",
          ...outcomeOf(decision),
          ...(transitions.length === 0 ? {} : { transitions }),
          ...(asked === undefined ? {} : { request: asked.elevation, tenant: scrub(asked.tenant) }),
        },
        visible: customerDecisionEntry({
          service: asked?.service ?? "Exchange",
          guid: asked?.guid ?? o.request,
          requestId: o.request,
          decision: o.word,
          comment: o.comment,
          isSucceeded: isAllowed,
        }),
      },
    ],
    mail:
      elevation === undefined || !isAllowed
        ? []
        : [
            lockboxMail({
              to: elevation.requester,
              subject: `The customer's decision: ${o.word}`,
              text: `Customer Lockbox request ${asked.id} is ${next?.status ?? ""}.`,
              request: elevation.id,
            }),
          ],
    ...(o.prints && next !== undefined && isAllowed
      ? {
          output: [
            {
              id: next.id,
              request: next.id,
              elevation: next.elevation,
              status: next.status,
              ...(next.accessUntil === undefined ? {} : { accessUntil: isoOf(next.accessUntil) }),
            },
          ],
        }
      : {}),
  })
  return ruling
})

const Portal = Schema.Struct({
  request: Schema.NonEmptyString.annotate({
    description: "Reference of the Customer Lockbox request: EXSR and digits",
  }),
  comment: Schema.optionalKey(Schema.String).annotate({ description: "Why" }),
})

const portal = (name: string, word: Word, summary: string) =>
  operation<DatacenterWorld, DatacenterEvent, typeof Portal.fields, CryptoServices>({
    name,
    summary,
    params: Portal,
    facts: ["DCO-107", "DCO-115", "DCO-127"],
    decide: (call, { request, comment }) =>
      decideForTenant(call, { word, request, comment, prints: true }),
  })

/** The decisions in the admin center: Support, Customer Lockbox Requests (DCO-127). */
export const approveLockbox = portal(
  "approve-lockbox",
  "Approve",
  "The tenant approves a Customer Lockbox request in the admin center.",
)
export const denyLockbox = portal(
  "deny-lockbox",
  "Deny",
  "The tenant denies a Customer Lockbox request in the admin center.",
)
export const cancelLockbox = portal(
  "cancel-lockbox",
  "Cancel",
  "The tenant withdraws a Customer Lockbox request, also after having approved it.",
)

const SetAccessToCustomerDataRequest = Schema.Struct({
  ApprovalDecision: Schema.Literals(["Approve", "Deny", "Cancel"]).annotate({
    description: "What the tenant decides",
  }),
  RequestId: Schema.NonEmptyString.annotate({
    description: "Reference of the request, e.g. EXSR123456",
  }),
  Comment: Schema.optionalKey(Schema.String).annotate({ description: "Comment on the decision" }),
  ServiceName: Schema.optionalKey(
    Schema.Literals(["EOP", "Exchange", "SharePoint", "Teams"]),
  ).annotate({ description: "Service that the request is about" }),
})

/** The decision by cmdlet (DCO-128); prints nothing. */
export const setAccessToCustomerDataRequest = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof SetAccessToCustomerDataRequest.fields,
  CryptoServices
>({
  name: "Set-AccessToCustomerDataRequest",
  summary: "Approves, denies or cancels a Customer Lockbox request.",
  params: SetAccessToCustomerDataRequest,
  facts: ["DCO-128", "DCO-129", "DCO-131"],
  decide: (call, { ApprovalDecision, RequestId, Comment }) =>
    decideForTenant(call, {
      word: ApprovalDecision,
      request: RequestId,
      comment: Comment,
      prints: false,
    }),
})
