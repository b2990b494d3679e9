import { Schema } from "effect"

/** A play that cannot go on: the tenant could not be set up, or its journal not be written. */
export class PlayUnable extends Schema.TaggedError<PlayUnable>()("PlayUnable", {
  detail: Schema.String,
}) {
  override get message(): string {
    return this.detail
  }
}
