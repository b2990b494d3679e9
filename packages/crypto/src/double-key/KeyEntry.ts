import { Schema } from "effect"

/**
 * Who may decrypt with a key: people by address, or groups of the local directory. Never both
 * (CRY-157).
 */
export const KeyAuthorization = Schema.TaggedUnion({
  /** Compared trimmed and without case (CRY-155). */
  Email: { addresses: Schema.Array(Schema.String) },
  /** Common names of directory groups, compared exactly (CRY-156). */
  Role: { roles: Schema.Array(Schema.String) },
})
export type KeyAuthorization = typeof KeyAuthorization.Type

/** One key of a key service: a name that labels point at, and a version of it. */
export const KeyEntry = Schema.Struct({
  /** Both know case (CRY-151). */
  name: Schema.NonEmptyString,
  id: Schema.NonEmptyString,
  authorization: KeyAuthorization,
  /** Days that a client may keep the public key; absent: it asks every time (CRY-149). */
  cacheExpirationInDays: Schema.optionalKey(Schema.Int),
})
export type KeyEntry = typeof KeyEntry.Type

/** The first entry of a name is the active one (CRY-159). */
export const activeEntry = <E extends KeyEntry>(
  entries: readonly E[],
  name: string,
): E | undefined => entries.find((entry) => entry.name === name)

/** An entry by name and id; where both occur twice, the later one has replaced the earlier one. */
export const entryOf = <E extends KeyEntry>(
  entries: readonly E[],
  name: string,
  id: string,
): E | undefined => entries.findLast((entry) => entry.name === name && entry.id === id)
