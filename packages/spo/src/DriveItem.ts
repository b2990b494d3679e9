import { Classification } from "@twin/mip"
import { Schema } from "effect"

/** A permission given to one person directly on an item, without a link. */
export const DirectGrant = Schema.Struct({
  /** Lower-case address. */
  address: Schema.NonEmptyString,
  role: Schema.Literals(["view", "edit", "full"]),
  grantedBy: Schema.NonEmptyString,
  grantedAt: Schema.Number,
})
export type DirectGrant = typeof DirectGrant.Type

/**
 * Whether the service can look into the file: what it cannot read, data loss prevention, search and
 * the web apps cannot read either (SPO-150, SPO-153, SPO-194).
 */
export const Processing = Schema.Literals(["readable", "unsupported-type", "opaque-encryption"])
export type Processing = typeof Processing.Type

/** Who is kept out while a rule of data loss prevention has matched (SPO-201). */
export const BlockAccessScope = Schema.Literals(["All", "PerUser", "PerAnonymousUser"])
export type BlockAccessScope = typeof BlockAccessScope.Type

/** A rule that matched the content, with the block it brings, if it brings one. */
export const DlpMatch = Schema.Struct({
  policy: Schema.NonEmptyString,
  rule: Schema.NonEmptyString,
  block: Schema.optionalKey(BlockAccessScope),
})
export type DlpMatch = typeof DlpMatch.Type

const ContentFields = {
  /** Number of the version in force, from 1. */
  version: Schema.Int,
  /** The stored object of this version (crypto). */
  objectId: Schema.NonEmptyString,
  /** Bytes of the unprotected content. */
  size: Schema.Int,
  /** SHA-256 of the unprotected content, hex. */
  sha256: Schema.NonEmptyString,
  /** Set where the stored bytes are a protected envelope (MIP). */
  contentId: Schema.optionalKey(Schema.NonEmptyString),
  labelId: Schema.optionalKey(Schema.NonEmptyString),
  /** How the label came: by hand, or from a default or a rule (SPO-163). */
  labelMethod: Schema.optionalKey(Schema.Literals(["Standard", "Privileged"])),
  processing: Processing,
  /** Sensitive information types found in what the service could read, sorted. */
  infoTypes: Schema.Array(Schema.String),
  /** The same with counts, and classifiers: conditions are asked about it (MIP-155). */
  classification: Schema.optionalKey(Classification),
} as const

/** What is stored of a file, at one version. */
export const StoredContent = Schema.Struct(ContentFields)
export type StoredContent = typeof StoredContent.Type

/** The state of a file before data loss prevention (SPO-191 to SPO-196, SPO-201). */
export const ScanState = Schema.Struct({
  /** Added while new files were sensitive by default. */
  isNewAndSensitive: Schema.Boolean,
  /** When crawl and evaluation are due; absent where none is pending. */
  dueAt: Schema.optionalKey(Schema.Number),
  /** When the last evaluation ended; absent before the first. */
  scannedAt: Schema.optionalKey(Schema.Number),
  matches: Schema.Array(DlpMatch),
  /** Somebody allowed by the rule has overridden the block (SPO-205). */
  isOverridden: Schema.Boolean,
})
export type ScanState = typeof ScanState.Type

/** A file or folder of a site: Graph's driveItem. */
export const DriveItem = Schema.Struct({
  id: Schema.NonEmptyString,
  /** URL of the site. */
  site: Schema.NonEmptyString,
  /** Site relative, with the name, no slash in front: `Shared Documents/Plan.docx`. */
  path: Schema.NonEmptyString,
  kind: Schema.Literals(["file", "folder"]),
  createdBy: Schema.NonEmptyString,
  createdAt: Schema.Number,
  modifiedBy: Schema.NonEmptyString,
  modifiedAt: Schema.Number,
  /** Files only. */
  content: Schema.optionalKey(StoredContent),
  scan: Schema.optionalKey(ScanState),
  grants: Schema.Array(DirectGrant),
  /** The item no longer follows its parent alone: it was shared on its own (SPO-228). */
  hasUniquePermissions: Schema.Boolean,
  /** In the recycle bin since then (SPO-280). */
  recycledAt: Schema.optionalKey(Schema.Number),
})
export type DriveItem = typeof DriveItem.Type

export const nameOf = (item: Pick<DriveItem, "path">): string =>
  item.path.slice(item.path.lastIndexOf("/") + 1)

/** Extension in lower case, without the dot; empty where there is none. */
export const extensionOf = (name: string): string => {
  const at = name.lastIndexOf(".")
  return at <= 0 ? "" : name.slice(at + 1).toLowerCase()
}

/** The same path always spelt the same way. */
export const normalPath = (path: string): string =>
  path
    .trim()
    .replaceAll("\\", "/")
    .replaceAll(/\/{2,}/g, "/")
    .replace(/^\/+/, "")
    .replace(/\/+$/, "")

/** The folders above a path, nearest first. */
export const parentsOf = (path: string): readonly string[] => {
  const parts = path.split("/")
  return parts.slice(1).map((_, index) => parts.slice(0, parts.length - 1 - index).join("/"))
}
