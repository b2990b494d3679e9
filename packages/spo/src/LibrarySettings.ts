import { Schema } from "effect"

/** Settings of a document library that labels and downloads follow (MIP-210, MIP-213, MIP-214). */
export const LibrarySettings = Schema.Struct({
  /** URL of the site. */
  site: Schema.NonEmptyString,
  /** The first folder of a path, e.g. `Shared Documents`. */
  library: Schema.NonEmptyString,
  defaultLabelId: Schema.optionalKey(Schema.NonEmptyString),
  /** Files that leave get rights from the roles on the site. */
  extendPermissionsToUnprotectedFiles: Schema.Boolean,
  /** Rights management of the library itself. */
  isIrmOn: Schema.Boolean,
  irmAllowsPrint: Schema.Boolean,
  /** Days until a licence has to be renewed. */
  irmOfflineDays: Schema.Int,
})
export type LibrarySettings = typeof LibrarySettings.Type

export const libraryOfPath = (path: string): string => {
  const end = path.indexOf("/")
  return end < 0 ? path : path.slice(0, end)
}
