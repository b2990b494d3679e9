import { type Actor, type AuditEntry, type Decision, decidingGate, isFaultOn } from "@twin/kernel"
import { Effect } from "effect"
import { directoryUnavailable, secretSafeUnavailable } from "../faults.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import type { KeyPlace } from "../volumes/KeyProtector.ts"
import { type Volume, volumeIn } from "../volumes/VolumeEvent.ts"
import { encryptVolume } from "../volumes/volumeKeys.ts"

/**
 * A volume with keys, and the events that made them: a disk of the service has them from its first
 * day, the twin draws them when somebody first needs them.
 */
export const readyVolume = Effect.fnUntraced(function* (
  world: CryptoWorld,
  volumeId: string,
  at: number,
) {
  const volume = volumeIn(world.crypto.volumes, volumeId)
  if (volume === undefined) return undefined
  const events: CryptoEvent[] = []
  if (volume.generation > 0) return { volume, events }
  events.push(yield* encryptVolume(world, volumeId, { generation: 1, at }))
  const ready: Volume = { ...volume, generation: 1 }
  return { volume: ready, events }
})

/** The stores outside the machine can fail; its own TPM and registry are there or not. */
export const isPlaceAvailable = (world: CryptoWorld, place: KeyPlace): boolean => {
  if (place === "SecretSafe") return !isFaultOn(world, secretSafeUnavailable)
  return place !== "ActiveDirectory" || !isFaultOn(world, directoryUnavailable)
}

/** What operators do to disks and keys of the service is recorded inside it, not in a tenant's log. */
export const internalEntry = (
  operation: string,
  objectId: string,
  decision: Decision,
): AuditEntry => ({
  operation,
  recordType: 0,
  workload: "Datacenter",
  objectId,
  resultStatus: decision.outcome === "allow" ? "Succeeded" : "Failed",
})

export const refusedAccess = (o: {
  readonly volumeId: string
  readonly actor: Actor
  readonly decision: Decision
  readonly at: number
}): CryptoEvent => ({
  _tag: "VolumeAccessRefused",
  volumeId: o.volumeId,
  by: o.actor.id,
  gate: decidingGate(o.decision).name,
  at: o.at,
})
