import type { Operation } from "@twin/kernel"
import type { CryptoServices } from "../CryptoServices.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import {
  formatDisk,
  moveDisk,
  recoverVolumes,
  reinstallServer,
  releasePasswordPart,
  replaceTpm,
} from "./disks.ts"
import { inspectVolume } from "./inspectVolume.ts"
import {
  connectAccount,
  inspectMailSecret,
  joinKeyGroup,
  listMailKeys,
  openMailSecret,
} from "./mailSecrets.ts"
import { unlockVolume } from "./unlockVolume.ts"
import { listVolumeProtectors } from "./volumeReport.ts"

/** What is done with the keys that the service holds for itself: disks and mail secrets. */
export const serviceKeyOperations: readonly Operation<CryptoWorld, CryptoEvent, CryptoServices>[] =
  [
    listVolumeProtectors,
    inspectVolume,
    unlockVolume,
    moveDisk,
    formatDisk,
    reinstallServer,
    replaceTpm,
    recoverVolumes,
    releasePasswordPart,
    connectAccount,
    openMailSecret,
    inspectMailSecret,
    joinKeyGroup,
    listMailKeys,
  ]
