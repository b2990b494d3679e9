import { tenantKeysOf } from "@twin/crypto"
import { organizationOf } from "@twin/identity"
import type { Call } from "@twin/kernel"
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

/** The account under which the services of the organization appear in the usage log (MIP-276). */
export const serviceAccountOf = (world: MipWorld): string =>
  `microsoftrmsonline@${organizationOf(world)?.tenantId ?? "unknown"}.rms.eu.aadrm.com`

/** With a key of the customer's own, the service asks the key vault each time (MIP-275). */
export const keyVaultRequest = (
  world: MipWorld,
  requestType: "KeyVaultDecryptRequest" | "KeyVaultSignDigest",
  at: number,
): readonly MipEvent[] => {
  const active = tenantKeysOf(world).find(({ status }) => status === "Active")
  return active?.keyType === "Customer-managed (BYOK)"
    ? [serviceRequested({ at, requestType, userId: serviceAccountOf(world), result: "Success" })]
    : []
}

/** A request as an event. */
export const serviceRequested = (
  request: Omit<ServiceRequest, "count" | "requestType"> & {
    readonly requestType: RequestType
    readonly count?: number
  },
): MipEvent => ({ _tag: "ServiceRequested", request: { ...request, count: request.count ?? 1 } })

/** A line of the usage log: it names neither owner nor file (MIP-275). */
export const revocationRequested = ({
  actor,
  now,
}: Pick<Call<MipWorld>, "actor" | "now">): MipEvent =>
  serviceRequested({
    at: now,
    requestType: "RevokeAccess",
    userId: actor.id.toLowerCase(),
    result: "Success",
    ipAddress: actor.client.ipAddress,
    application: actor.client.app,
  })
