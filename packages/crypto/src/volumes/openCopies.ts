import type { CryptoWorld } from "../State.ts"
import type { Workload } from "../Workload.ts"
import { serverOfVolume, volumesHolding } from "./Server.ts"
import { type Volume, volumeIn } from "./VolumeEvent.ts"

const isInService = (volume: Volume): boolean =>
  !volume.isLocked && volume.machine === serverOfVolume(volume.volumeId)?.server

/** How many disks hold a copy of an object, and how many of them the service can read now. */
export const openCopies = (
  world: CryptoWorld,
  workload: Workload,
  objectId: string,
): { readonly copies: number; readonly copiesOpen: number } => {
  const volumes = volumesHolding(workload, objectId).flatMap(
    (it) => volumeIn(world.crypto.volumes, it) ?? [],
  )
  return { copies: volumes.length, copiesOpen: volumes.filter(isInService).length }
}

/** Whether any disk is locked or away: as long as none is, no question about content is one of disks. */
export const isAnyDiskAway = (world: CryptoWorld): boolean =>
  Object.values(world.crypto.volumes.volumes).some((volume) => !isInService(volume))
