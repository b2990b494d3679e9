import { Effect } from "effect"
import { enumerationLimit, formatList, formatOutput, formatTable } from "../format.ts"
import { errorAt, getVariable, type Interpreter } from "../Interpreter.ts"
import { printText, raise, warn } from "../report.ts"
import { selectProperties } from "../selectProperties.ts"
import { toJson, type Value } from "../Value.ts"
import { valueText } from "../valueText.ts"
import {
  inputOf,
  isOn,
  listOf,
  numberOf,
  parameter,
  shellCommand,
  switches,
} from "./ShellCommand.ts"

/** `$FormatEnumerationLimit`; -1 shows lists whole. */
export const listLimit = <R>(shell: Interpreter<R>): number => {
  const value = getVariable(shell, "FormatEnumerationLimit")
  return typeof value === "number" ? value : enumerationLimit
}

const formatParameters = [
  parameter("Property", "any", 0),
  parameter("GroupBy", "any"),
  parameter("View", "any"),
  parameter("InputObject", "any"),
  ...switches("AutoSize", "Wrap", "HideTableHeaders", "Force"),
]

/** `Format-List`: all properties, or those that are named. */
export const formatListCommand = shellCommand(
  "Format-List",
  ["fl"],
  formatParameters,
  Effect.fnUntraced(function* (shell, call) {
    const properties = listOf(call, "Property")
    const items = inputOf(call)
    const rows =
      properties.length === 0 ? items : yield* selectProperties(shell, items, properties, call.span)
    return rows.length === 0
      ? []
      : [{ _tag: "Formatted", text: formatList(rows, listLimit(shell)) } as const]
  }),
)

/** `Format-Table`: one line for each object. */
export const formatTableCommand = shellCommand(
  "Format-Table",
  ["ft"],
  formatParameters,
  Effect.fnUntraced(function* (shell, call) {
    const properties = listOf(call, "Property")
    const items = inputOf(call)
    const rows =
      properties.length === 0 ? items : yield* selectProperties(shell, items, properties, call.span)
    const text = formatTable(rows, shell.host.width)
    const lines = isOn(call, "HideTableHeaders") ? text.split("\n").slice(2) : [text]
    return rows.length === 0 ? [] : [{ _tag: "Formatted", text: lines.join("\n") } as const]
  }),
)

/** `Out-Null`: nobody sees it. */
export const outNull = shellCommand("Out-Null", [], [parameter("InputObject", "any")], () =>
  Effect.succeed([]),
)

/** `Out-Host`, `Out-Default`: it goes on to where it would go anyway. */
export const outHost = shellCommand(
  "Out-Host",
  ["out-default", "oh"],
  [parameter("InputObject", "any"), ...switches("Paging")],
  (_shell, call) => Effect.succeed(inputOf(call)),
)

export const outString = shellCommand(
  "Out-String",
  [],
  [parameter("InputObject", "any"), parameter("Width", "integer"), ...switches("Stream")],
  (shell, call) => Effect.succeed([formatOutput(inputOf(call), listLimit(shell))]),
)

const said = [{ ...parameter("Object", "any", 0, ["Message", "InputObject"]), takesRest: true }]

/** `Write-Host`: text on the console that no pipe takes up. */
export const writeHost = shellCommand(
  "Write-Host",
  [],
  [
    ...said,
    parameter("ForegroundColor", "any"),
    parameter("BackgroundColor", "any"),
    parameter("Separator", "any"),
    ...switches("NoNewline"),
  ],
  (shell, call) => {
    printText(
      shell,
      inputOf(call, "Object")
        .map((it) => valueText(it))
        .join(" "),
    )
    return Effect.succeed([])
  },
)

export const writeOutput = shellCommand(
  "Write-Output",
  ["echo", "write"],
  [...said, ...switches("NoEnumerate")],
  (_shell, call) => Effect.succeed(inputOf(call, "Object")),
)

export const writeWarning = shellCommand("Write-Warning", [], said, (shell, call) => {
  for (const it of inputOf(call, "Object")) warn(shell, valueText(it), call.assigned)
  return Effect.succeed([])
})

/** `Write-Verbose`, `Write-Debug`, `Write-Information`: nobody asked for them. */
export const writeVerbose = shellCommand(
  "Write-Verbose",
  ["write-debug", "write-information"],
  said,
  () => Effect.succeed([]),
)

export const writeError = shellCommand(
  "Write-Error",
  [],
  said,
  Effect.fnUntraced(function* (shell, call) {
    const text = inputOf(call, "Object")
      .map((it) => valueText(it))
      .join(" ")
    const error = errorAt(shell, call.span, {
      errorId: "Microsoft.PowerShell.Commands.WriteErrorException,Write-Error",
      category: "NotSpecified",
      exception: "WriteErrorException",
      command: "Write-Error",
      message: text === "" ? "Error." : text,
    })
    yield* raise(shell, error, call.assigned)
    return []
  }),
)

/** `ConvertTo-Json`: settings of labels are often given as JSON. */
export const convertToJson = shellCommand(
  "ConvertTo-Json",
  [],
  [
    parameter("InputObject", "any", 0),
    parameter("Depth", "integer"),
    ...switches("Compress", "AsArray"),
  ],
  Effect.fnUntraced(function* (shell, call) {
    yield* numberOf(shell, call, "Depth")
    const items = inputOf(call)
    const [only = null] = items
    const isSingle = items.length <= 1 && !isOn(call, "AsArray") && !isGivenAsList(call.assigned)
    const value: Value = isSingle ? only : items
    return [JSON.stringify(toJson(value), undefined, isOn(call, "Compress") ? undefined : 2)]
  }),
)

const isGivenAsList = (assigned: Parameters<typeof listOf>[0]["assigned"]): boolean =>
  Array.isArray(assigned.get("InputObject")?.given.value)
