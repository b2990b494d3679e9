import { type Decision, decideAgainByGates, decideByGates, deny, gate, pass } from "@twin/kernel"
import { destroyedLevel, type Hierarchy, hierarchyOf } from "../at-rest/Hierarchy.ts"
import {
  intermediateKeyCacheHours,
  type ReadRequest,
  type RootFacets,
  type RootRoute,
  rootFacetsOf,
  rootRoute,
} from "../at-rest/rootRoute.ts"
import { type CryptoWorld, type StoredObject, storedObjectOf } from "../State.ts"
import { isAnyDiskAway, openCopies } from "../volumes/openCopies.ts"
import type { Workload } from "../Workload.ts"

export interface HierarchyFacets extends RootFacets {
  /** The kind of the destroyed level, or empty. */
  readonly destroyed: string
}
interface StoredBytesFacets extends HierarchyFacets {
  readonly isStored: boolean
}

export const storedObject = gate<StoredBytesFacets>()({
  name: "stored-object",
  facts: ["CRY-028"],
  reads: ["isStored"],
  check: ({ isStored }) =>
    isStored
      ? pass("The content database knows the chunks of this content.")
      : deny("Nothing is stored that could be reassembled."),
})

interface CopyFacets {
  readonly copies: number
  readonly copiesOpen: number
}

/** Asked only where a disk with a copy is locked or away: otherwise there is nothing to say about disks. */
const storedVolume = gate<CopyFacets>()({
  name: "stored-volume",
  facts: ["CRY-001", "CRY-014", "CRY-016"],
  reads: ["copies", "copiesOpen"],
  check: ({ copies, copiesOpen }) =>
    copiesOpen > 0
      ? pass("A disk with a copy of this content is open.", { copies, copiesOpen })
      : deny(
          "Every disk with a copy of this content is locked or away.",
          { copies, copiesOpen },
          { code: "VolumeLocked", message: "The content is not available at the moment." },
        ),
})

const keyHierarchy = gate<HierarchyFacets>()({
  name: "key-hierarchy",
  facts: ["CRY-081", "CRY-094", "CRY-126"],
  reads: ["destroyed", "workload"],
  check: ({ destroyed, workload }) =>
    destroyed === ""
      ? pass("No key above this content was destroyed.", { workload })
      : deny("A key above this content was destroyed: nobody can read it again.", {
          workload,
          destroyed,
        }),
})

const allowedBy: Record<Exclude<RootRoute, "none">, string> = {
  "service-root": "Microsoft holds the root key and uses it.",
  "customer-key": "A root key of the customer answers.",
  "cached-key": "No customer key answers, but the intermediate key is still in the cache.",
  "availability-key":
    "No customer key answers, and Microsoft's availability key takes its place for this request.",
}

const rootKeys = gate<HierarchyFacets>()({
  name: "root-keys",
  facts: [
    "CRY-002",
    "CRY-083",
    "CRY-084",
    "CRY-085",
    "CRY-086",
    "CRY-087",
    "CRY-093",
    "CRY-098",
    "CRY-099",
    "CRY-116",
  ],
  reads: [
    "management",
    "workload",
    "origin",
    "customerKeys",
    "keysAnswering",
    "availabilityKey",
    "isIntermediateKeyCached",
    "isRecovery",
    "isRestoring",
  ],
  check: (facets) => {
    const { management, origin, customerKeys, keysAnswering } = facets
    const route = rootRoute(facets)
    const details =
      management === "MicrosoftManaged"
        ? { management }
        : { management, origin, customerKeys, keysAnswering, route }
    if (route !== "none") return pass(allowedBy[route], details)
    return deny(refusedBecause(facets), details, {
      code:
        customerKeys === "access-denied"
          ? "CustomerKey.KeyAccessDenied"
          : "CustomerKey.KeyUnavailable",
      message: "The content cannot be decrypted because its encryption keys are not available.",
    })
  },
})

const refusedBecause = (facets: RootFacets): string => {
  if (facets.isRestoring) {
    return "The keys of the sites were restored a moment ago, and access is not back yet."
  }
  if (facets.workload === "SharePoint") {
    return `No customer key answers, the cache of ${intermediateKeyCacheHours} hours is over, and SharePoint has no automatic fallback.`
  }
  if (facets.availabilityKey === "destroyed") {
    return "No customer key answers, and the availability key was destroyed."
  }
  return facets.customerKeys === "mixed"
    ? "One customer key is refused and the other does not answer: people have to wait."
    : "Both customer keys are refused, and the availability key does not serve people."
}

/** What decides about the keys above a container, read off the world once for gates and unwrapping. */
export const hierarchyFacetsOf = (
  world: CryptoWorld,
  hierarchy: Hierarchy,
  request: ReadRequest,
): HierarchyFacets => ({
  ...rootFacetsOf(world, hierarchy, request),
  destroyed: destroyedLevel(world, hierarchy)?.kind ?? "",
})

/** Whether the service can read these stored bytes, for a person unless the request says otherwise. */
export const evaluateStoredBytes = (
  world: CryptoWorld,
  objectId: string,
  request: ReadRequest = {},
): Decision => {
  const stored = storedObjectOf(world, objectId)
  const { workload, container } = stored ?? { workload: "SharePoint" as const, container: "" }
  const hierarchy = hierarchyOf(world, workload, container, stored?.keyId)
  return decideStoredBytes(world, stored, hierarchyFacetsOf(world, hierarchy, request))
}

const decideWithoutVolumes = decideAgainByGates<StoredBytesFacets>([
  storedObject,
  keyHierarchy,
  rootKeys,
])

/** The same where the facets of the hierarchy are known already. */
export const decideStoredBytes = (
  world: CryptoWorld,
  stored: StoredObject | undefined,
  facets: HierarchyFacets,
): Decision => {
  const known = { ...facets, isStored: stored !== undefined }
  const all = decideWithoutVolumes(known)
  if (stored === undefined || !isAnyDiskAway(world)) return all
  const { copies, copiesOpen } = openCopies(world, stored.workload, stored.objectId)
  return copies === copiesOpen
    ? all
    : decideByGates([storedObject, storedVolume, keyHierarchy, rootKeys], {
        ...known,
        copies,
        copiesOpen,
      })
}

/** Whether the service can write to this site or mailbox: the same keys, without an object. */
export const evaluateSealing = (
  world: CryptoWorld,
  o: { readonly workload: Workload; readonly container: string },
  request: ReadRequest = {},
): Decision =>
  decideSealing(hierarchyFacetsOf(world, hierarchyOf(world, o.workload, o.container), request))

/** The same where the facets of the hierarchy are known already. */
export const decideSealing: (facets: HierarchyFacets) => Decision =
  decideAgainByGates<HierarchyFacets>([keyHierarchy, rootKeys])
