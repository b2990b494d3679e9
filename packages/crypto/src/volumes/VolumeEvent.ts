import { Schema } from "effect"
import { KeyPlace, KeyProtector } from "./KeyProtector.ts"
import { serverNamed, serverOfVolume, volumeIds } from "./Server.ts"

const VolumeId = Schema.NonEmptyString
const At = Schema.Finite

/** What happens to disks and machines. Keys are named, never shown. */
export const volumeEvents = {
  /** The volume got its keys: FVEK, VMK, and a copy of the VMK under each protector (CRY-011). */
  VolumeEncrypted: { volumeId: VolumeId, generation: Schema.Int, at: At },
  /** A disk is in another machine now, or back; `machine` may be none of the service's. */
  DiskMoved: { volumeId: VolumeId, machine: Schema.NonEmptyString, at: At },
  VolumeUnlocked: {
    volumeId: VolumeId,
    protector: KeyProtector,
    place: KeyPlace,
    by: Schema.NonEmptyString,
    at: At,
  },
  VolumeAccessRefused: {
    volumeId: VolumeId,
    by: Schema.NonEmptyString,
    gate: Schema.NonEmptyString,
    at: At,
  },
  /** Keys of the disk were deleted and reset (CRY-015). */
  DiskFormatted: { volumeId: VolumeId, hasRecoveryKey: Schema.Boolean, at: At },
  /** A new operating system: what was tied to the old one is gone (CRY-015, CRY-016). */
  ServerReinstalled: { server: Schema.NonEmptyString, at: At },
  TpmReplaced: { server: Schema.NonEmptyString, at: At },
  /** One of the people who each know a part of the recovery agent's password (CRY-012). */
  PasswordPartReleased: { by: Schema.NonEmptyString, at: At },
} as const

/** One volume as the service knows it. */
export interface Volume {
  readonly volumeId: string
  /** The machine that the disk is in. */
  readonly machine: string
  readonly isLocked: boolean
  /** What opened it last; the machine keeps the key in memory until it locks. */
  readonly openedWith: { readonly protector: KeyProtector; readonly place: KeyPlace }
  /** Counts formats: each generation has keys of its own; 0 before any key was needed. */
  readonly generation: number
  /** Whether sectors of an earlier generation can still be opened with a recovery key. */
  readonly hasRecoverableResidue: boolean
}

export interface VolumeState {
  /** Volumes that something happened to; the others are as on their first day. */
  readonly volumes: Readonly<Record<string, Volume>>
  /** Server -> how often its TPM changed. */
  readonly tpms: Readonly<Record<string, number>>
  readonly passwordParts: readonly { readonly by: string; readonly at: number }[]
}

export const initialVolumeState: VolumeState = { volumes: {}, tpms: {}, passwordParts: [] }

const byTpm = { protector: "TPM", place: "TPM" } as const

const firstDay = (volumeId: string): Volume => ({
  volumeId,
  machine: serverOfVolume(volumeId)?.server ?? "",
  isLocked: false,
  openedWith: byTpm,
  generation: 0,
  hasRecoverableResidue: false,
})

/** A volume by its id; undefined where there is no such disk. */
export const volumeIn = (state: VolumeState, volumeId: string): Volume | undefined => {
  if (!volumeIds.includes(volumeId)) return undefined
  return Object.hasOwn(state.volumes, volumeId) ? state.volumes[volumeId] : firstDay(volumeId)
}

/** All volumes, in the order of the inventory. */
export const volumesIn = (state: VolumeState): readonly Volume[] =>
  volumeIds.map((it) => volumeIn(state, it) ?? firstDay(it))

/** How often the TPM of a machine changed. */
export const tpmOf = (state: VolumeState, machine: string): number =>
  Object.hasOwn(state.tpms, machine) ? (state.tpms[machine] ?? 0) : 0

const events = Schema.TaggedUnion(volumeEvents)
export type VolumeEvent = typeof events.Type

const change = (state: VolumeState, volumeId: string, by: Partial<Volume>): VolumeState => {
  const volume = volumeIn(state, volumeId)
  return volume === undefined
    ? state
    : { ...state, volumes: { ...state.volumes, [volumeId]: { ...volume, ...by } } }
}

/** Pure and total. */
export const evolveVolumes = (state: VolumeState, event: VolumeEvent): VolumeState =>
  events.match(event, {
    VolumeEncrypted: ({ volumeId, generation }) => change(state, volumeId, { generation }),
    DiskMoved: ({ volumeId, machine }) => change(state, volumeId, { machine, isLocked: true }),
    VolumeUnlocked: ({ volumeId, protector, place }) =>
      change(state, volumeId, { isLocked: false, openedWith: { protector, place } }),
    VolumeAccessRefused: () => state,
    DiskFormatted: ({ volumeId, hasRecoveryKey }) =>
      change(state, volumeId, {
        hasRecoverableResidue: hasRecoveryKey,
        isLocked: false,
        openedWith: byTpm,
      }),
    ServerReinstalled: ({ server }) => withNewTpm(state, server),
    TpmReplaced: ({ server }) => withNewTpm(state, server),
    PasswordPartReleased: ({ by, at }) => ({
      ...state,
      passwordParts: [...state.passwordParts.filter((it) => it.by !== by), { by, at }],
    }),
  })

/** The machine starts again, and what the old TPM held does not open any more: its disks are locked. */
const withNewTpm = (state: VolumeState, server: string): VolumeState =>
  serverNamed(server) === undefined
    ? state
    : volumesIn(state)
        .filter(({ machine }) => machine === server)
        .reduce((it, { volumeId }) => change(it, volumeId, { isLocked: true }), {
          ...state,
          tpms: { ...state.tpms, [server]: tpmOf(state, server) + 1 },
        })
