import { visibleText } from "@twin/kernel"
import { Schema } from "effect"

/** A name from outside in a message: short, on one line, without anything that moves a cursor. */
const shown = (name: string): string => {
  const text = visibleText(name)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

/** Nobody in this world has that name. */
export class WhoUnknown extends Schema.TaggedError<WhoUnknown>()("WhoUnknown", {
  name: Schema.String,
  suggestions: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const near =
      this.suggestions.length === 0
        ? ""
        : ` Did you mean ${this.suggestions.map(shown).join(" or ")}?`

    return `There is nobody called '${shown(this.name)}' in this tenant.${near}`
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
    const known = this.known.slice(0, 12).map(shown).join(", ")
    return this.reason === "action"
      ? `The twin cannot be asked about '${shown(this.given)}'. It knows: ${known}.`
      : `There is no '${shown(this.given)}' to ask about. There is: ${known === "" ? "nothing yet" : known}.`
  }
}

/** No file, message or document of that name lies in storage. */
export class StoredUnknown extends Schema.TaggedError<StoredUnknown>()("StoredUnknown", {
  name: Schema.String,
}) {
  override get message(): string {
    return `There is no file, message or document '${shown(this.name)}' whose bytes could be looked at.`
  }
}
