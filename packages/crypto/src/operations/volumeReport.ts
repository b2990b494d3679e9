import { decideByGates, deny, gate, pass } from "@twin/kernel"
import { Schema } from "effect"
import { protectorCopiesOf } from "../volumes/KeyProtector.ts"
import { serverOfVolume } from "../volumes/Server.ts"
import { volumesIn } from "../volumes/VolumeEvent.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

const volumesListed = gate<{ readonly isFound: boolean }>()({
  name: "volumes-listed",
  facts: ["CRY-012", "CRY-018"],
  reads: ["isFound"],
  check: ({ isFound }) =>
    isFound
      ? pass("Which protectors there are may be known; the keys themselves are never shown.")
      : deny("There is no such disk in the service."),
})

/** Names that BitLocker's own cmdlets give to the kinds of protector. */
export const protectorTypes = {
  TPM: "Tpm",
  ExternalKey: "ExternalKey",
  NumericalPassword: "RecoveryPassword",
  DataRecoveryAgentCertificate: "PublicKey",
} as const

export const listVolumeProtectors = cryptoOperation({
  name: "list-volume-protectors",
  summary: "Lists the encrypted disks of the service with every copy of every key protector.",
  params: Schema.Struct({
    volume: Schema.optionalKey(text("Server and disk; all of them unless given")),
  }),
  facts: ["CRY-011", "CRY-012", "CRY-013", "CRY-018"],
  isReadOnly: true,
  decide: ({ world }, { volume }) => {
    const volumes = volumesIn(world.crypto.volumes).filter(
      ({ volumeId }) => volume === undefined || volumeId === volume,
    )
    const output = volumes.flatMap(({ volumeId, machine, isLocked }) => {
      const home = serverOfVolume(volumeId)
      const copies = home === undefined ? [] : protectorCopiesOf(home.role)
      return copies.map((it) => ({
        volume: volumeId,
        machine,
        serverRole: home?.role ?? "",
        encryptionMethod: "XtsAes256",
        protectionStatus: "On",
        lockStatus: isLocked ? "Locked" : "Unlocked",
        protector: it.protector,
        keyProtectorType: protectorTypes[it.protector],
        description: it.description,
        granularity: it.granularity,
        generatedBy: it.generatedBy,
        storedIn: it.storedIn,
        protectedBy: it.protectedBy,
      }))
    })
    return { decision: decideByGates([volumesListed], { isFound: output.length > 0 }), output }
  },
})
