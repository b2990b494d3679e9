import { type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"
import { chainOf, destroyedLevel } from "../at-rest/Hierarchy.ts"
import { type CryptoWorld, storedObjectOf } from "../State.ts"
import type { Workload } from "../Workload.ts"

interface StoredBytesFacets {
  readonly isStored: boolean
  readonly workload: string
  /** The kind of the destroyed level, or empty. */
  readonly destroyed: string
}

const storedObject = gate<StoredBytesFacets>()({
  name: "stored-object",
  facts: ["CRY-028"],
  reads: ["isStored"],
  check: ({ isStored }) =>
    isStored
      ? pass("The content database knows the chunks of this content.")
      : deny("Nothing is stored that could be reassembled."),
})

const keysAlive = gate<StoredBytesFacets>()({
  name: "key-hierarchy",
  facts: ["CRY-031", "CRY-095", "CRY-083"],
  reads: ["destroyed", "workload"],
  check: ({ destroyed, workload }) =>
    destroyed === ""
      ? pass("Every key from the root down to the content exists.", { workload })
      : deny("A key above this content was destroyed: it cannot be read again.", {
          workload,
          destroyed,
        }),
})

const facetsOf = (
  world: CryptoWorld,
  o: { readonly isStored: boolean; readonly workload: Workload; readonly container: string },
): StoredBytesFacets => ({
  isStored: o.isStored,
  workload: o.workload,
  destroyed: destroyedLevel(world, chainOf(world, o.workload, o.container))?.kind ?? "",
})

/** Whether the service can read these stored bytes at this moment. */
export const evaluateStoredBytes = (world: CryptoWorld, objectId: string): Decision => {
  const stored = storedObjectOf(world, objectId)
  return decideByGates(
    [storedObject, keysAlive],
    stored === undefined
      ? { isStored: false, workload: "", destroyed: "" }
      : facetsOf(world, { isStored: true, ...stored }),
  )
}

/** Whether the service can write to this site or mailbox: the same keys, without an object. */
export const evaluateSealing = (
  world: CryptoWorld,
  o: { readonly workload: Workload; readonly container: string },
): Decision => decideByGates([keysAlive], facetsOf(world, { isStored: true, ...o }))
