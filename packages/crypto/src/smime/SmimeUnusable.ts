import { Schema } from "effect"

/** A message in S/MIME that does not open or does not verify, whatever its bytes are. */
export class SmimeUnusable extends Schema.TaggedError<SmimeUnusable>()("SmimeUnusable", {
  reason: Schema.Literals([
    "not-cms",
    "too-large",
    "other-content",
    "algorithm",
    "not-a-recipient",
    "damaged",
    "signature",
    "no-signer",
  ]),
}) {
  override get message(): string {
    return `The S/MIME message cannot be used: ${this.reason}.`
  }
}
