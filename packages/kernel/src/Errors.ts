import { Schema } from "effect"

/** No operation of that name; `suggestions` are the nearest names. */
export class OperationUnknown extends Schema.TaggedError<OperationUnknown>()("OperationUnknown", {
  name: Schema.String,
  suggestions: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const near =
      this.suggestions.length === 0 ? "" : ` Did you mean ${this.suggestions.join(" or ")}?`
    return `There is no operation '${this.name}'.${near}`
  }
}

/** Parameters that do not fit the operation: one issue for each, with its path. Nothing changed. */
export class ParametersInvalid extends Schema.TaggedError<ParametersInvalid>()(
  "ParametersInvalid",
  {
    operation: Schema.String,
    issues: Schema.Array(
      Schema.Struct({
        path: Schema.Array(Schema.Union([Schema.String, Schema.Number])),
        message: Schema.String,
      }),
    ),
  },
) {
  override get message(): string {
    const lines = this.issues.map(({ path, message }) =>
      path.length === 0 ? message : `${path.join(".")}: ${message}`,
    )
    return `${this.operation}: ${lines.join("; ")}`
  }
}

/** The journal cannot be written or is not what it was: nothing has been applied. */
export class JournalUnusable extends Schema.TaggedError<JournalUnusable>()("JournalUnusable", {
  reason: Schema.Literals(["locked", "damaged", "unwritable", "not-a-journal", "other-version"]),
  path: Schema.String,
  /** The first record that does not verify, where there is one. */
  seq: Schema.optionalKey(Schema.Int),
  detail: Schema.String,
}) {
  override get message(): string {
    const at = this.seq === undefined ? "" : ` at record ${this.seq}`
    return `${this.path}: the journal is ${this.reason}${at}: ${this.detail}`
  }
}

/** What an operation may fail with, besides refusing. */
export type OperationFailure = OperationUnknown | ParametersInvalid | JournalUnusable
