import { Schema } from "effect"

/** Nobody in this world has that name. */
export class WhoUnknown extends Schema.TaggedError<WhoUnknown>()("WhoUnknown", {
  name: Schema.String,
  suggestions: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const near =
      this.suggestions.length === 0 ? "" : ` Did you mean ${this.suggestions.join(" or ")}?`
    return `There is nobody called '${this.name}' in this tenant.${near}`
  }
}

/** The oracle has no such question, or no such thing to ask it about. */
export class QuestionUnanswerable extends Schema.TaggedError<QuestionUnanswerable>()(
  "QuestionUnanswerable",
  {
    reason: Schema.Literals(["action", "subject"]),
    given: Schema.String,
    known: Schema.Array(Schema.String),
  },
) {
  override get message(): string {
    const known = this.known.slice(0, 12).join(", ")
    return this.reason === "action"
      ? `The twin cannot be asked about '${this.given}'. It knows: ${known}.`
      : `There is no '${this.given}' to ask about. There is: ${known === "" ? "nothing yet" : known}.`
  }
}

/** No file, message or document of that name lies in storage. */
export class StoredUnknown extends Schema.TaggedError<StoredUnknown>()("StoredUnknown", {
  name: Schema.String,
}) {
  override get message(): string {
    return `There is no file, message or document '${this.name}' whose bytes could be looked at.`
  }
}
