import { HashMap, Option } from "effect"
import type { MipEvent } from "./MipEvent.ts"
import { type RequestType, requestWindowSeconds, type ServiceRequest } from "./ServiceLedger.ts"
import { ledgerOf, type MipWorld } from "./State.ts"

/** Every request that reached the service, oldest first: what the usage log is made of (MIP-275). */
export const serviceRequestsOf = (world: MipWorld): readonly ServiceRequest[] => {
  const { requests } = ledgerOf(world)
  return Array.from({ length: HashMap.size(requests) }, (_, index) =>
    Option.toArray(HashMap.get(requests, index)),
  ).flat()
}

/** Requests of the whole organization in the ten seconds before a moment (MIP-017). */
export const requestsWithin = (world: MipWorld, now: number): number => {
  const { requests } = ledgerOf(world)
  let sum = 0
  for (let index = HashMap.size(requests) - 1; index >= 0; index -= 1) {
    const request = Option.getOrUndefined(HashMap.get(requests, index))
    if (request === undefined || request.at <= now - requestWindowSeconds * 1000) break
    sum += request.count
  }
  return sum
}

/** A request as an event. */
export const serviceRequested = (
  request: Omit<ServiceRequest, "count" | "requestType"> & {
    readonly requestType: RequestType
    readonly count?: number
  },
): MipEvent => ({ _tag: "ServiceRequested", request: { ...request, count: request.count ?? 1 } })
