import { nearest } from "@twin/kernel"
import { SchemaIssue } from "effect"

/** One thing that does not fit a schema, in words for whoever wrote the file. */
export interface SchemaProblem {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Everything that does not fit, each at its path. */
export const schemaProblems = (issue: SchemaIssue.Issue): readonly SchemaProblem[] =>
  toIssues(issue).issues.map(({ message, path = [] }) => {
    const keys = path.map((it) => (typeof it === "object" ? it.key : it))
    return message.startsWith(unexpected)
      ? { path: keys, message: noSuchMember(keys.at(-1), message.slice(unexpected.length)) }
      : { path: keys, message }
  })

// The hook is not told which member is unexpected: the path tells afterwards. No name has a NUL.
const unexpected = "\u0000unexpected\u0000"

const toIssues = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) =>
    issue._tag === "UnexpectedKey" && issue.ast._tag === "Objects"
      ? `${unexpected}${issue.ast.propertySignatures.map(({ name }) => String(name)).join("\u0000")}`
      : SchemaIssue.defaultLeafHook(issue),
})

const noSuchMember = (key: PropertyKey | undefined, joined: string): string => {
  const known = joined.split("\u0000").filter((name) => name !== "")
  const given = String(key)
  const near = [...new Set([...longerOrShorter(given, known), ...nearest(given, known)])]
  if (near.length > 0) return `There is no '${given}' here; did you mean ${near.join(" or ")}?`
  return known.length === 0
    ? `There is no '${given}' here; nothing can be given`
    : `There is no '${given}' here; known: ${known.toSorted().join(", ")}`
}

/** `duration` for `durationMinutes`, `recipients` for `recipient`. */
const longerOrShorter = (given: string, known: readonly string[]): readonly string[] =>
  given.length < 4 ? [] : known.filter((name) => name.startsWith(given) || given.startsWith(name))
