import type { CryptoServices } from "@twin/crypto"
import { type Decision, operation, type Ruling } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import {
  evaluateCancellation,
  evaluateCompletion,
  evaluateRevocation,
  factsOfEnding,
} from "../decisions/evaluateEnding.ts"
import { worldAfter } from "../evolve.ts"
import { outcomeOf } from "../Happening.ts"
import { type DatacenterWorld, elevationOf } from "../State.ts"
import { callerOf, type DatacenterCall, engineerAlias } from "./caller.ts"
import { destroyDeadPasswords } from "./passwordSafe.ts"

const Own = Schema.Struct({
  request: Schema.NonEmptyString.annotate({ description: "Id of the elevation request" }),
})
const Revoke = Schema.Struct({
  ...Own.fields,
  reason: Schema.optionalKey(Schema.String).annotate({ description: "Why it has to end" }),
})

const ending = (
  { world, actor, now }: DatacenterCall,
  o: {
    readonly what: string
    readonly request: string
    readonly decision: Decision
    readonly event: DatacenterEvent
    readonly transitions: readonly string[]
  },
): Ruling<DatacenterEvent> => {
  const isAllowed = o.decision.outcome === "allow"
  const events = isAllowed ? [o.event] : []
  const request = elevationOf(worldAfter(world, events), o.request)
  return conclude(world, now, {
    decision: o.decision,
    events,
    happenings: [
      {
        draft: {
          ...callerOf(actor),
          kind: "request",
          what: o.what,
          ...outcomeOf(o.decision),
          ...(isAllowed ? { transitions: o.transitions } : {}),
          request: o.request,
          ...(request === undefined ? {} : { partition: request.scope.partition }),
        },
      },
    ],
    output:
      request === undefined || !isAllowed
        ? []
        : [{ id: request.id, request: request.id, state: request.state }],
  })
}

/** LBX-08: the requester withdraws while somebody still has to decide. */
export const cancelElevation = operation<DatacenterWorld, DatacenterEvent, typeof Own.fields>({
  name: "cancel-elevation",
  summary: "The requester withdraws a pending elevation request.",
  params: Own,
  facts: ["DCO-059"],
  decide: (call, { request }) => {
    const by = engineerAlias(call.actor)
    const isWithTenant = elevationOf(call.world, request)?.state === "PendingCustomer"
    return ending(call, {
      what: "cancel-elevation",
      request,
      decision: evaluateCancellation(factsOfEnding(call.world, { request, by })),
      event: { _tag: "ElevationCancelled", request, at: call.now },
      transitions: isWithTenant ? ["LBX-08", "CLB-04"] : ["LBX-08"],
    })
  },
})

/** LBX-14: the work is done, the access ends at once. */
export const completeElevation = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof Own.fields,
  CryptoServices
>({
  name: "complete-elevation",
  summary: "The engineer finishes early; the just-in-time account is deleted at once.",
  params: Own,
  facts: ["DCO-059", "DCO-052"],
  decide: Effect.fnUntraced(function* (call: DatacenterCall, { request }: typeof Own.Type) {
    const by = engineerAlias(call.actor)
    const ruling = ending(call, {
      what: "complete-elevation",
      request,
      decision: evaluateCompletion(factsOfEnding(call.world, { request, by })),
      event: { _tag: "ElevationCompleted", request, at: call.now },
      transitions: ["LBX-14"],
    })
    yield* destroyDeadPasswords(worldAfter(call.world, ruling.events ?? []))
    return ruling
  }),
})

/** LBX-15 by a person: the approver, or the security response. */
export const revokeElevation = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof Revoke.fields,
  CryptoServices
>({
  name: "revoke-elevation",
  summary: "The approver or the security response ends a live elevation; sessions are cut at once.",
  params: Revoke,
  facts: ["DCO-060"],
  decide: Effect.fnUntraced(function* (
    call: DatacenterCall,
    { request, reason }: typeof Revoke.Type,
  ) {
    const by = engineerAlias(call.actor)
    const ruling = ending(call, {
      what: "revoke-elevation",
      request,
      decision: evaluateRevocation(factsOfEnding(call.world, { request, by })),
      event: { _tag: "ElevationRevoked", request, because: reason ?? "Revoked", at: call.now },
      transitions: ["LBX-15"],
    })
    yield* destroyDeadPasswords(worldAfter(call.world, ruling.events ?? []))
    return ruling
  }),
})
