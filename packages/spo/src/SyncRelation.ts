import { HashMap, Schema } from "effect"

const id = Schema.NonEmptyString
/** Epoch milliseconds. */
const at = Schema.Number

/** What the sync client runs on: the one on a Mac knows an address in one form only (IDN-094). */
export const SyncPlatform = Schema.Literals(["windows", "mac"])
export type SyncPlatform = typeof SyncPlatform.Type

/** A file as it lies on the device: which version, and which document of the device it is. */
export const SyncedFile = Schema.Struct({ itemId: id, objectId: id, documentId: id })
export type SyncedFile = typeof SyncedFile.Type

/** One library or folder that somebody's OneDrive sync client keeps on a device. */
export const SyncRelation = Schema.Struct({
  id,
  /** Lower-case address of the person. */
  address: id,
  /** The form of the address that was typed into the client. */
  account: id,
  platform: SyncPlatform,
  site: id,
  /** Library or folder, site relative. */
  path: id,
  startedAt: Schema.Number,
  files: Schema.Array(SyncedFile),
  lastRunAt: Schema.Number,
  /** What the activity center shows since the last run that failed. */
  error: Schema.optionalKey(Schema.String),
})
export type SyncRelation = typeof SyncRelation.Type

/** By id. */
export type SyncState = HashMap.HashMap<string, SyncRelation>

export const initialSync: SyncState = HashMap.empty()

/** Events of the sync client: part of `SpoEvent`. */
export const syncEvents = {
  SyncEstablished: { relation: SyncRelation },
  /** Files that are on the device after the run. */
  SyncRunCompleted: { relationId: id, files: Schema.Array(SyncedFile), at },
  /** The run found the way shut; what is on the device stays there. */
  SyncRunFailed: { relationId: id, error: Schema.String, at },
  SyncStopped: { relationId: id, at },
} as const

const union = Schema.TaggedUnion(syncEvents)
export type SyncEvent = typeof union.Type

/** The only place where this part changes; pure and total. */
export const evolveSync = (state: SyncState, event: SyncEvent): SyncState =>
  union.match(event, {
    SyncEstablished: ({ relation }) => HashMap.set(state, relation.id, relation),
    SyncRunCompleted: ({ relationId, files, at: now }) =>
      HashMap.modify(state, relationId, (it) => {
        const { error: _gone, ...rest } = it
        return { ...rest, files, lastRunAt: now }
      }),
    SyncRunFailed: ({ relationId, error, at: now }) =>
      HashMap.modify(state, relationId, (it) => ({ ...it, error, lastRunAt: now })),
    SyncStopped: ({ relationId }) => HashMap.remove(state, relationId),
  })
