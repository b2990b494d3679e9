import { nearest, type OperationInfo } from "@twin/kernel"
import { commandsOf, parse, shellCommandNamed } from "@twin/powershell"
import { Result } from "effect"

/** What can be said about a script without running it: that it can be read, and that its cmdlets exist. */
export const scriptProblems = (
  script: string,
  operations: ReadonlyMap<string, OperationInfo>,
): readonly string[] => {
  const parsed = parse(script)
  if (Result.isFailure(parsed)) {
    const { message, span } = parsed.failure
    return [`line ${span.line}, character ${span.column} of the script: ${message}`]
  }
  return commandsOf(parsed.success).flatMap(({ name, nameSpan }) => {
    const plain = (name.split("\\").at(-1) ?? name).toLowerCase()
    if (operations.get(plain)?.kind === "cmdlet" || shellCommandNamed(plain) !== undefined) {
      return []
    }
    const cmdlets = [...operations.values()].filter(({ kind }) => kind === "cmdlet")
    const near = nearest(
      plain,
      cmdlets.map((it) => it.name),
    )
    const hint = near.length > 0 ? `; did you mean ${near.join(" or ")}?` : ""
    return [`line ${nameSpan.line} of the script: the twin has no cmdlet '${name}'${hint}`]
  })
}
