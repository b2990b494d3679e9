import { type AuditEntry, makeDraw } from "@twin/kernel"
import { type CryptoWorld, storedObjectOf } from "../State.ts"
import { hierarchyOf } from "./Hierarchy.ts"
import { type ReadRequest, rootFacetsOf, rootRoute } from "./rootRoute.ts"

/**
 * The record that each use of Exchange's availability key leaves in the unified audit log (CRY-129);
 * undefined where it is not used, and for SharePoint, which writes none (CRY-130). Whoever opens
 * stored bytes puts it among the audit entries of the ruling.
 */
export const availabilityKeyAudit = (
  world: CryptoWorld,
  objectId: string,
  request: ReadRequest = {},
): AuditEntry | undefined => {
  const stored = storedObjectOf(world, objectId)
  if (stored === undefined || stored.workload === "SharePoint") return undefined
  const hierarchy = hierarchyOf(world, stored.workload, stored.container, stored.keyId)
  const { policy } = hierarchy
  const route = rootRoute(rootFacetsOf(world, hierarchy, request))
  if (policy === undefined || route !== "availability-key") return undefined
  return {
    operation: "Fallback to Availability Key",
    recordType: 69,
    workload: stored.workload === "Exchange" ? "Exchange" : "MicrosoftTeams",
    objectId: policy.id,
    details: {
      "Policy Id": policy.id,
      "Scope Key Version Id": policy.versionIds.at(-1) ?? policy.id,
      // A number of the service's own, which tells nothing of the content (CRY-131).
      "Request Id": makeDraw(`${objectId} ${request.now ?? ""}`).guid("request"),
    },
  }
}
