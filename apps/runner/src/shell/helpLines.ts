import { nearest, type OperationInfo } from "@twin/kernel"
import { commandSpecOf, type ParameterSpec, type ParameterType, typeTitle } from "@twin/powershell"
import { tenantComposition } from "@twin/tenant"
import { blocks } from "../story/messageLines.ts"
import { type Line, line, span } from "../text/Span.ts"
import { fit } from "../text/textWidth.ts"
import { hanging, textLines } from "../text/wrap.ts"
import type { ShellCommand } from "./ShellCommand.ts"

const operations = (): readonly OperationInfo[] =>
  [...tenantComposition.operations.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))

/** What can be typed: the shell's own words, and where the rest is listed. */
export const overview = (commands: readonly ShellCommand[], columns: number): readonly Line[] =>
  blocks(
    commands.flatMap(({ usage, summary }) =>
      hanging([span(fit(usage, 28), "accent")], summary, columns),
    ),
    textLines(
      "Everything else is PowerShell. Cmdlets: Set-SPOTenant -SharingCapability Disabled. Actions of the person who types, by the same rules: share-file -File 'Launch Plan.docx' -To pat@mailbox.example. Tab completes names, parameters, values, people and things.",
      columns,
      "soft",
    ),
  )

/** All operations of a kind, each with its sentence. */
export const operationList = (kind: OperationInfo["kind"], columns: number): readonly Line[] =>
  operations()
    .filter((it) => it.kind === kind)
    .flatMap(({ name, summary }) => hanging([span(fit(name, 38), "accent")], summary, columns))

/** One operation: what it does, who may, what it takes. Undefined where there is none of the name. */
export const operationHelp = (name: string, columns: number): readonly Line[] | undefined => {
  const operation = tenantComposition.operations.get(name.toLowerCase())
  if (operation === undefined) return undefined
  const { parameters } = commandSpecOf(operation)
  const { roles, facts, summary } = operation
  return blocks(
    hanging(line(`${operation.name}  `, "accent"), summary, columns, "strong"),
    hanging(line("  "), [operation.name, ...parameters.map(syntaxOf)].join(" "), columns, "code"),
    parameters.flatMap((it) => parameterLines(it, columns)),
    [
      ...(roles.length === 0
        ? []
        : hanging(line("needs one of  ", "soft"), roles.join(", "), columns, "soft")),
      ...hanging(line("facts         ", "soft"), facts.join(" "), columns, "soft"),
    ],
  )
}

export const unknownName = (name: string, commands: readonly ShellCommand[]): string => {
  const names = [...commands.map((it) => it.name), ...operations().map((it) => it.name)]
  const near = nearest(name, names)
  const hint =
    near.length === 0 ? "Type help alone for what there is." : `Did you mean ${near.join(" or ")}?`
  return `There is no help about '${name}'. ${hint}`
}

/** `-to`, as PowerShell writes it: `-To`. */
export const parameterName = ({ name }: { readonly name: string }): string =>
  `-${name.charAt(0).toUpperCase()}${name.slice(1)}`

const syntaxOf = (it: ParameterSpec): string => {
  const name = parameterName(it)
  const whole = it.type.kind === "switch" ? name : `${name} <${typeTitle(it.type)}>`
  return it.isMandatory ? whole : `[${whole}]`
}

const parameterLines = (it: ParameterSpec, columns: number): readonly Line[] => {
  const values = valuesOf(it.type)
  const choice = values.length === 0 ? "" : ` One of ${values.join(", ")}.`
  const text = `${it.description ?? typeTitle(it.type)}.${choice}`.replace("..", ".")
  const tone = it.isMandatory ? "strong" : "plain"
  return hanging([span(`  ${fit(parameterName(it), 26)}`, tone)], text, columns)
}

/** The values that a parameter may have, where they are few and known. */
export const valuesOf = (type: ParameterType): readonly string[] => {
  switch (type.kind) {
    case "choice":
      return type.values.map(String)
    case "bool":
      return ["$true", "$false"]
    case "list":
    case "nullable":
      return valuesOf(type.of)
    case "either":
      return type.of.flatMap(valuesOf)
    default:
      return []
  }
}
