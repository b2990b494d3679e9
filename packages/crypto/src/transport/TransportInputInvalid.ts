import { Schema } from "effect"

/** A record or file from outside that is not what its place promises. Nothing has changed. */
export class TransportInputInvalid extends Schema.TaggedError<TransportInputInvalid>()(
  "TransportInputInvalid",
  {
    kind: Schema.Literals(["tlsa-record", "mta-sts-record", "mta-sts-file"]),
    detail: Schema.NonEmptyString,
  },
) {
  override get message(): string {
    return `The ${this.kind} is not usable: ${this.detail}`
  }
}
