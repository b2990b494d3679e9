import { Schema } from "effect"

/**
 * How a call of `twin` ends: 0 all well, 1 something did not hold, 2 unusable input, 3 denied
 * (explain). What there is to say has been said by then.
 */
export class ExitWith extends Schema.TaggedError<ExitWith>()("ExitWith", {
  code: Schema.Literals([1, 2, 3]),
}) {}

/** Input that cannot be used: one or two lines that say what to do. Ends with exit code 2. */
export class InputUnusable extends Schema.TaggedError<InputUnusable>()("InputUnusable", {
  problem: Schema.String,
}) {
  override get message(): string {
    return this.problem
  }
}
