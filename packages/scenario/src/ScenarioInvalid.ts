import { Schema } from "effect"

/** One thing wrong with a file. Lines and columns count from 1; 0 where there is no place to show. */
export const ScenarioIssue = Schema.Struct({
  line: Schema.Int,
  column: Schema.Int,
  /** Where in the document, e.g. `agenda.0.steps.2.with.site`; empty for the whole file. */
  path: Schema.String,
  message: Schema.String,
})
export type ScenarioIssue = typeof ScenarioIssue.Type

/** A file that cannot be played: every problem at its place. */
export class ScenarioInvalid extends Schema.TaggedError<ScenarioInvalid>()("ScenarioInvalid", {
  file: Schema.String,
  issues: Schema.Array(ScenarioIssue),
}) {
  override get message(): string {
    return this.issues.map((issue) => describeIssue(this.file, issue)).join("\n")
  }
}

/** `demo.yaml:5:7: agenda.0.title: Missing key`. */
export const describeIssue = (file: string, issue: ScenarioIssue): string => {
  const at = issue.line === 0 ? file : `${file}:${issue.line}:${issue.column}`
  return issue.path === "" ? `${at}: ${issue.message}` : `${at}: ${issue.path}: ${issue.message}`
}
