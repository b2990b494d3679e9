import { decideByGates, deny, gate, pass } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { protectorCopiesOf } from "../volumes/KeyProtector.ts"
import { serverOfVolume } from "../volumes/Server.ts"
import { type Volume, volumesIn } from "../volumes/VolumeEvent.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { attemptUnlock } from "./unlockVolume.ts"
import { internalEntry } from "./volumeOperation.ts"
import { protectorTypes } from "./volumeReport.ts"

const volumeFound = gate<{ readonly isFound: boolean }>()({
  name: "volume",
  facts: ["CRY-011", "CRY-018"],
  reads: ["isFound"],
  check: ({ isFound }) =>
    isFound
      ? pass("State and kinds of protector may be seen, the keys themselves never.")
      : deny(
          "There is no such disk in the service.",
          {},
          { code: "0x80310000", message: "The drive cannot be found." },
        ),
})

/** A volume as BitLocker's own cmdlet prints it; the mount point names server and disk. */
const rowOf = ({ volumeId, machine, isLocked }: Volume) => {
  const home = serverOfVolume(volumeId)
  const copies = home === undefined ? [] : protectorCopiesOf(home.role)
  return {
    ComputerName: machine,
    MountPoint: volumeId,
    EncryptionMethod: "XtsAes256",
    VolumeType: "Data",
    VolumeStatus: isLocked ? "" : "FullyEncrypted",
    ProtectionStatus: isLocked ? "Unknown" : "On",
    LockStatus: isLocked ? "Locked" : "Unlocked",
    EncryptionPercentage: isLocked ? null : 100,
    KeyProtector: [...new Set(copies.map(({ protector }) => protectorTypes[protector]))],
  }
}

export const getBitLockerVolume = cryptoOperation({
  name: "Get-BitLockerVolume",
  summary: "Shows the encrypted disks of the service with the kinds of their key protectors.",
  params: Schema.Struct({
    MountPoint: Schema.optionalKey(
      Schema.Array(text("Server and disk, e.g. exo-nam01-mbx01/disk1")),
    ),
  }),
  facts: ["CRY-011", "CRY-012", "CRY-018"],
  binding: { positional: ["MountPoint"], pipeline: "MountPoint" },
  isReadOnly: true,
  decide: ({ world }, { MountPoint: wanted }) => {
    const volumes = volumesIn(world.crypto.volumes).filter(
      ({ volumeId }) => wanted === undefined || wanted.includes(volumeId),
    )
    const isFound = wanted === undefined || wanted.length === volumes.length
    const decision = decideByGates([volumeFound], { isFound })
    return isFound ? { decision, output: volumes.map(rowOf) } : { decision }
  },
})

export const unlockBitLocker = cryptoOperation({
  name: "Unlock-BitLocker",
  summary: "Opens an encrypted disk with its numerical password.",
  params: Schema.Struct({
    MountPoint: text("Server and disk, e.g. exo-nam01-mbx01/disk1"),
    RecoveryPassword: text("The 48 digits: eight groups of six, joined by hyphens"),
  }),
  facts: ["CRY-012", "CRY-014"],
  binding: { positional: ["MountPoint"] },
  secrets: ["RecoveryPassword"],
  decide: (call, { MountPoint: volume, RecoveryPassword: password }) =>
    Effect.map(
      attemptUnlock(call, { volume, protector: "NumericalPassword", password }),
      ({ decision, events }) => ({
        decision,
        events,
        output:
          decision.outcome === "allow" ? [{ MountPoint: volume, LockStatus: "Unlocked" }] : [],
        audit: [internalEntry("Unlock-BitLocker", volume, decision)],
      }),
    ),
})
