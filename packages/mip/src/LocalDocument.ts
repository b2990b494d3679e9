import { Schema } from "effect"
import { InsertedMarks } from "./contentMarks.ts"

/**
 * A file outside SharePoint and mail: on a device, a share, a stick. Whoever has the bytes has them;
 * what they are worth, protection decides (MIP-260).
 */
export const LocalDocument = Schema.Struct({
  id: Schema.NonEmptyString,
  /** With extension. */
  name: Schema.NonEmptyString,
  savedBy: Schema.NonEmptyString,
  savedAt: Schema.Finite,
  blobId: Schema.NonEmptyString,
  /** Absent where the bytes are not protected. */
  contentId: Schema.optionalKey(Schema.String),
  labelId: Schema.optionalKey(Schema.String),
  /** How the label came on (MIP-253): `Privileged` by hand, `Standard` by default or automatically. */
  labelMethod: Schema.optionalKey(Schema.Literals(["Standard", "Privileged"])),
  /** When the label was set, where that is later than the first save. */
  labelledAt: Schema.optionalKey(Schema.Finite),
  /** Part of the file in which the label stands; custom properties unless given (MIP-212). */
  labelStore: Schema.optionalKey(
    Schema.Literals(["docProps/custom.xml", "docMetadata/LabelInfo.xml"]),
  ),
  /** Labels of other tenants, one of each (MIP-092). */
  foreignLabels: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        tenantId: Schema.NonEmptyString,
        labelId: Schema.NonEmptyString,
        name: Schema.NonEmptyString,
      }),
    ),
  ),
  /** What the label put into the content (MIP-138). */
  marks: Schema.optionalKey(InsertedMarks),
  /** Who still has it open in Office, in the session in which it was protected (MIP-228). */
  sessionOf: Schema.optionalKey(Schema.NonEmptyString),
  /** SHA-256 of the unprotected bytes where they were known: it tells nothing about them. */
  plaintextDigest: Schema.optionalKey(Schema.NonEmptyString),
})
export type LocalDocument = typeof LocalDocument.Type
