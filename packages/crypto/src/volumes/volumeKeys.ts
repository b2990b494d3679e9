import { Effect, Option, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { BlobStore } from "../BlobStore.ts"
import { KeyVault } from "../KeyVault.ts"
import { oaepSeedBytes, rsaUnwrap, rsaWrap, unwrapKey, wrapKey } from "../Primitives.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { type KeyPlace, KeyProtector } from "./KeyProtector.ts"
import { passwordKey } from "./RecoveryPassword.ts"
import { serverOfVolume } from "./Server.ts"
import { tpmOf, type Volume } from "./VolumeEvent.ts"

/** Names of the keys that open volumes; the name says where each one lies (CRY-012). */
export const tpmKey = (machine: string, tpm: number): string => `tpm/${machine}/${tpm}`
export const externalKey = (server: string): string => `secret-safe/external-key/${server}`
export const numericalPassword = (volumeId: string, generation: number): string =>
  `active-directory/numerical-password/${volumeId}/${generation}`
export const recoveryAgentKey = (role: string): string => `build-system/data-recovery-agent/${role}`

/** What lies on the disk beside its sectors: keys under keys, never one in the clear (CRY-018). */
const metadata = (volumeId: string, generation: number) => ({
  fvek: `volumes/${volumeId}/${generation}/fvek`,
  vmk: (protector: KeyProtector) => `volumes/${volumeId}/${generation}/vmk/${protector}`,
})
/** Copies of the external key that the machine keeps for itself, under its TPM. */
const machineCopy = (server: string, place: KeyPlace): string =>
  `machines/${server}/${place}/external-key`

const wrap = (wrappingKey: Uint8Array, key: Uint8Array): Uint8Array =>
  Result.getOrThrow(wrapKey(wrappingKey, key))

/** Seals the volume master key to the machine, and the external key beside it (CRY-011, CRY-013). */
const sealToMachine = Effect.fnUntraced(function* (
  world: CryptoWorld,
  volumeId: string,
  generation: number,
  vmk: Uint8Array,
) {
  const vault = yield* KeyVault
  const blobs = yield* BlobStore
  const home = serverOfVolume(volumeId)
  if (home === undefined) return
  const tpm = tpmKey(home.server, tpmOf(world.crypto.volumes, home.server))
  yield* vault.createSymmetricKey(tpm)
  yield* vault.createSymmetricKey(externalKey(home.server))
  const sealing = yield* Effect.orDie(vault.symmetricKey(tpm))
  const external = yield* Effect.orDie(vault.symmetricKey(externalKey(home.server)))
  yield* blobs.put(metadata(volumeId, generation).vmk("TPM"), wrap(sealing, vmk))
  yield* blobs.put(machineCopy(home.server, "TPM"), wrap(sealing, external))
  if (home.role === "ExchangeMailbox") {
    yield* blobs.put(machineCopy(home.server, "MailboxServerRegistry"), wrap(sealing, external))
  }
})

/** New keys for a volume: FVEK under VMK, VMK under every protector. The event to append. */
export const encryptVolume = Effect.fnUntraced(function* (
  world: CryptoWorld,
  volumeId: string,
  o: { readonly generation: number; readonly at: number },
) {
  const vault = yield* KeyVault
  const blobs = yield* BlobStore
  const random = yield* SecureRandom.SecureRandom
  const home = serverOfVolume(volumeId)
  const { server = "", role = "" } = home ?? {}
  const { generation, at } = o
  const names = metadata(volumeId, generation)
  const vmk = yield* random.randomBytes(32)
  yield* blobs.put(names.fvek, wrap(vmk, yield* random.randomBytes(64)))
  yield* sealToMachine(world, volumeId, generation, vmk)
  const external = yield* Effect.orDie(vault.symmetricKey(externalKey(server)))
  yield* blobs.put(names.vmk("ExternalKey"), wrap(external, vmk))
  const password = numericalPassword(volumeId, generation)
  yield* vault.createSymmetricKey(password)
  const digits = yield* Effect.orDie(vault.symmetricKey(password))
  yield* blobs.put(names.vmk("NumericalPassword"), wrap(passwordKey(digits, volumeId), vmk))
  yield* vault.createKeyPair(recoveryAgentKey(role))
  const publicKey = yield* Effect.orDie(vault.publicKey(recoveryAgentKey(role)))
  const seed = yield* random.randomBytes(oaepSeedBytes)
  const forAgent = rsaWrap({ publicKey, key: vmk, seed })
  yield* blobs.put(names.vmk("DataRecoveryAgentCertificate"), forAgent)
  const encrypted: CryptoEvent = { _tag: "VolumeEncrypted", volumeId, generation, at }
  return encrypted
})

/** One way of opening, as it is tried: the protector, and where it is taken from. */
export interface UnlockAttempt {
  readonly protector: KeyProtector
  readonly place: KeyPlace
  /** The numerical password as somebody typed it, instead of the copy in the directory. */
  readonly password?: Uint8Array
}

/** The key that a protector stands for, where it can be had; none where it is not there. */
const protectorKey = Effect.fnUntraced(function* (
  world: CryptoWorld,
  { volumeId, machine }: Volume,
  generation: number,
  { protector, place, password }: UnlockAttempt,
) {
  const vault = yield* KeyVault
  const blobs = yield* BlobStore
  const server = serverOfVolume(volumeId)?.server ?? ""
  // A TPM serves the machine that it is soldered to, whatever disk is put in.
  const sealing = Effect.option(
    vault.symmetricKey(tpmKey(machine, tpmOf(world.crypto.volumes, machine))),
  )
  switch (protector) {
    case "TPM":
      return yield* sealing
    case "NumericalPassword": {
      const bytes =
        password === undefined
          ? yield* Effect.option(vault.symmetricKey(numericalPassword(volumeId, generation)))
          : Option.some(password)
      return Option.map(bytes, (it) => passwordKey(it, volumeId))
    }
    case "ExternalKey": {
      if (place === "SecretSafe")
        return yield* Effect.option(vault.symmetricKey(externalKey(server)))
      const wrapped = yield* Effect.option(blobs.get(machineCopy(server, place)))
      return Option.flatMap(yield* sealing, (key) =>
        Option.flatMap(wrapped, (it) => Result.getSuccess(unwrapKey(key, it))),
      )
    }
    case "DataRecoveryAgentCertificate":
      return Option.none<Uint8Array>()
  }
})

const openMasterKey = Effect.fnUntraced(function* (
  world: CryptoWorld,
  volume: Volume,
  generation: number,
  attempt: UnlockAttempt,
) {
  const vault = yield* KeyVault
  const blobs = yield* BlobStore
  const { volumeId } = volume
  const name = metadata(volumeId, generation).vmk(attempt.protector)
  const wrapped = yield* Effect.option(blobs.get(name))
  if (Option.isNone(wrapped)) return Option.none<Uint8Array>()
  if (attempt.protector === "DataRecoveryAgentCertificate") {
    const agent = recoveryAgentKey(serverOfVolume(volumeId)?.role ?? "")
    const privateKey = yield* Effect.option(vault.privateKey(agent))
    return Option.flatMap(privateKey, (it) => Result.getSuccess(rsaUnwrap(it, wrapped.value)))
  }
  const key = yield* protectorKey(world, volume, generation, attempt)
  return Option.flatMap(key, (it) => Result.getSuccess(unwrapKey(it, wrapped.value)))
})

/** Really unwraps: protector to volume master key to full volume encryption key; none if one refuses. */
export const openVolume = Effect.fnUntraced(function* (
  world: CryptoWorld,
  volume: Volume,
  attempt: UnlockAttempt,
  generation = volume.generation,
) {
  const blobs = yield* BlobStore
  const vmk = yield* openMasterKey(world, volume, generation, attempt)
  const wrapped = yield* Effect.option(blobs.get(metadata(volume.volumeId, generation).fvek))
  return Option.flatMap(vmk, (key) =>
    Option.flatMap(wrapped, (it) => Result.getSuccess(unwrapKey(key, it))),
  )
})

/** After a recovery at home the volume is sealed to the machine's present TPM again. */
export const resealVolume = Effect.fnUntraced(function* (
  world: CryptoWorld,
  volume: Volume,
  attempt: UnlockAttempt,
) {
  const vmk = yield* openMasterKey(world, volume, volume.generation, attempt)
  if (Option.isNone(vmk)) return
  yield* sealToMachine(world, volume.volumeId, volume.generation, vmk.value)
})

/** What a format deletes: the protectors that belong to the disk, or all of them (CRY-015). */
export const forgetVolumeKeys = Effect.fnUntraced(function* (
  { volumeId, generation }: Volume,
  keepsRecoveryKey: boolean,
) {
  const vault = yield* KeyVault
  const blobs = yield* BlobStore
  const names = metadata(volumeId, generation)
  const kept: readonly KeyProtector[] = keepsRecoveryKey
    ? ["ExternalKey", "DataRecoveryAgentCertificate"]
    : []
  for (const protector of KeyProtector.literals) {
    if (!kept.includes(protector)) yield* blobs.remove(names.vmk(protector))
  }
  if (!keepsRecoveryKey) yield* blobs.remove(names.fvek)
  yield* vault.destroyKey(numericalPassword(volumeId, generation))
})

/** The old TPM is gone, and what the machine kept for itself with it. */
export const forgetMachineKeys = Effect.fnUntraced(function* (world: CryptoWorld, server: string) {
  const vault = yield* KeyVault
  const blobs = yield* BlobStore
  yield* vault.destroyKey(tpmKey(server, tpmOf(world.crypto.volumes, server)))
  for (const place of ["TPM", "MailboxServerRegistry"] as const) {
    yield* blobs.remove(machineCopy(server, place))
  }
})
