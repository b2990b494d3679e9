import { createHash } from "node:crypto"
import { BlobStore, type CryptoEvent, type CryptoServices } from "@twin/crypto"
import {
  type Call,
  type Decision,
  decideByGates,
  deny,
  gate,
  instant,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import type { ContentEvent } from "../content/openContent.ts"
import type { LocalDocument } from "../LocalDocument.ts"
import { type CustomProtection, userDefined } from "../Protection.ts"
import { localDocumentOf, type MipWorld } from "../State.ts"
import { type LevelProfile, PermissionLevel, rightsOfLevel, UsageRight } from "../UsageRight.ts"

export type FileRuling = Ruling<ContentEvent | CryptoEvent>
export type FileEffect = Effect.Effect<FileRuling, never, CryptoServices>

/** A local file in a step: by id, or by name. */
export const file = Schema.NonEmptyString.annotate({
  description: "A file outside SharePoint and mail, by name or id",
})

export const labelParam = Schema.optionalKey(
  Schema.NonEmptyString.annotate({ description: "Label by name or GUID" }),
)

export const justification = Schema.optionalKey(
  Schema.String.annotate({ description: "Why the label is lowered or removed" }),
)

/** Permissions that the person chooses (MIP-111). */
export const permissionParams = {
  to: Schema.optionalKey(
    Schema.Array(Schema.NonEmptyString).annotate({
      description: "People, groups, domains, or AuthenticatedUsers; empty: just for me",
    }),
  ),
  level: Schema.optionalKey(
    PermissionLevel.annotate({ description: "What they may do; Viewer unless given" }),
  ),
  rights: Schema.optionalKey(
    Schema.Array(UsageRight).annotate({ description: "Usage rights instead of a level" }),
  ),
  expires: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/)).annotate({
      description: "When others can open it no more, ISO",
    }),
  ),
  offlineDays: Schema.optionalKey(
    Schema.Int.annotate({ description: "0: every open asks; -1: the tenant's limit" }),
  ),
}

const Permissions = Schema.Struct(permissionParams)
export type Permissions = typeof Permissions.Type

/** The permissions of a step; undefined where it names none. */
export const customOf = (
  { to, level, rights, expires, offlineDays }: Permissions,
  profile: LevelProfile = "portal",
): CustomProtection | undefined => {
  if (to === undefined) return undefined
  const granted = rights ?? rightsOfLevel(level ?? "Viewer", profile)
  return userDefined(
    to.map((who) => ({ who, rights: granted })),
    {
      ...(expires === undefined ? {} : { contentExpiresAt: instant(expires) }),
      ...(offlineDays === undefined ? {} : { offlineAccessDays: offlineDays }),
    },
  )
}

interface FileFacets {
  readonly isKnown: boolean
}

const fileKnown = gate<FileFacets>()({
  name: "file-known",
  facts: ["MIP-260"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("The file is there.")
      : deny(
          "There is no such file outside SharePoint and mail.",
          {},
          {
            message: "The file was not found.",
          },
        ),
})

/** Whether the file is there at all. */
export const evaluateFileKnown = (document: LocalDocument | undefined): Decision =>
  decideByGates([fileKnown], { isKnown: document !== undefined })

/** What a label or a protection left of a file: written under the same id. */
export interface SavedBytes {
  readonly document: LocalDocument
  readonly bytes: Uint8Array
}

/** The stored bytes of a local file; none where the store lost them. */
export const bytesOf = Effect.fnUntraced(function* (document: LocalDocument) {
  const blobs = yield* BlobStore
  return Option.getOrUndefined(yield* Effect.option(blobs.get(document.blobId)))
})

/** Writes the bytes of a file where its record says. */
export const writeBytes = Effect.fnUntraced(function* ({ document, bytes }: SavedBytes) {
  const blobs = yield* BlobStore
  yield* blobs.put(document.blobId, bytes)
})

/** A digest tells that bytes are the same and nothing of what they say. */
export const digestOf = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex")

/** The file that a step names. */
export const fileOf = (call: Call<MipWorld>, name: string): LocalDocument | undefined =>
  localDocumentOf(call.world, name)
