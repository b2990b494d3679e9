import type { OutgoingMail } from "@twin/kernel"
import type { DatacenterEvent } from "./DatacenterEvent.ts"
import { problemOfRequester } from "./decisions/evaluateApproval.ts"
import { type Happening, lockboxMail } from "./Happening.ts"
import { isLive, type LockboxRequest, RejectionReason } from "./LockboxRequest.ts"
import { type DatacenterWorld, openElevationsOf } from "./State.ts"

export interface Consequences {
  readonly events: readonly DatacenterEvent[]
  readonly happenings: readonly Happening[]
  readonly mail: readonly OutgoingMail[]
}

const isRejectionReason = (code: string): code is RejectionReason =>
  RejectionReason.literals.some((it) => it === code)

/**
 * Whoever loses what made them eligible loses what follows from it: a pending request is rejected
 * (LBX-16), a live elevation is revoked (LBX-15).
 */
export const consequencesOfLoss = (
  world: Pick<DatacenterWorld, "datacenter">,
  now: number,
): Consequences => {
  const lost = openElevationsOf(world).flatMap((request) => {
    const problem = problemOfRequester(world, request, now)
    return problem === "" ? [] : [{ request, problem }]
  })
  return {
    events: lost.map(({ request, problem }) => eventOf(request, problem, now)),
    happenings: lost.map(({ request, problem }) => ({
      draft: {
        who: "system",
        where: "127.0.0.1",
        kind: "request",
        what: isLive(request.state) ? "revoke-elevation" : "reject-request",
        outcome: "Succeeded",
        code: problem,
        transitions: isLive(request.state)
          ? ["LBX-15"]
          : ["LBX-16", ...(request.state === "PendingCustomer" ? ["CLB-04"] : [])],
        request: request.id,
        partition: request.scope.partition,
      },
    })),
    mail: lost.map(({ request }) =>
      lockboxMail({
        to: request.requester,
        subject: "Your elevation has ended",
        text: "You are no longer entitled to this elevation.",
        request: request.id,
      }),
    ),
  }
}

const eventOf = (request: LockboxRequest, problem: string, at: number): DatacenterEvent =>
  isLive(request.state)
    ? { _tag: "ElevationRevoked", request: request.id, because: problem, at }
    : {
        _tag: "ElevationEligibilityLost",
        request: request.id,
        reason: isRejectionReason(problem) ? problem : "NotEligible",
        at,
      }
