import { nearest } from "@twin/kernel"
import { Effect } from "effect"
import { readFile } from "../evaluate.ts"
import { errorAt } from "../Interpreter.ts"
import { commandSpecOf, typeTitle } from "../ParameterSpec.ts"
import { printText, warn } from "../report.ts"
import { object, type Value } from "../Value.ts"
import { valueText } from "../valueText.ts"
import { isLike } from "../wildcard.ts"
import {
  isOn,
  listOf,
  parameter,
  type ShellCommand,
  shellCommand,
  switches,
  valueOf,
} from "./ShellCommand.ts"

/** A command of every runbook that has nothing to do in the twin, and says so. */
const nothingToDo = (name: string, why: string, aliases: readonly string[] = []): ShellCommand => ({
  ...shellCommand(name, aliases, [], (shell) => {
    printText(shell, `${name}: ${why}`)
    return Effect.succeed([])
  }),
  takesAnything: true,
})

const connected = "the session of the twin is connected already; nothing to do."
const loaded = "the twin has all its cmdlets at hand; nothing to do."

/** Where a domain has an operation of the same name, that one runs. */
export const ceremonies: readonly ShellCommand[] = [
  ...[
    "Connect-SPOService",
    "Connect-ExchangeOnline",
    "Connect-IPPSSession",
    "Connect-AipService",
    "Connect-MgGraph",
    "Connect-AzAccount",
    "Connect-AzureAD",
    "Connect-MsolService",
    "Connect-PnPOnline",
    "Connect-Entra",
    "Connect-MicrosoftTeams",
  ].map((name) => nothingToDo(name, connected)),
  ...[
    "Disconnect-SPOService",
    "Disconnect-ExchangeOnline",
    "Disconnect-AipService",
    "Disconnect-MgGraph",
  ].map((name) => nothingToDo(name, "the session of the twin stays connected; nothing to do.")),
  nothingToDo("Import-Module", loaded, ["ipmo"]),
  nothingToDo("Install-Module", loaded),
  nothingToDo("Update-Module", loaded),
  nothingToDo("Set-ExecutionPolicy", "the twin runs nothing but its own cmdlets; nothing to do."),
  nothingToDo("Clear-Host", "nothing to clear.", ["cls"]),
  {
    ...shellCommand("Start-Sleep", ["sleep"], [], (shell, call) => {
      warn(shell, "Start-Sleep: the tenant's clock moves by a wait step only.", call.assigned)
      return Effect.succeed([])
    }),
    takesAnything: true,
  },
]

/** `Get-Credential`: an account without its password, which the twin never asks for. */
export const getCredential = shellCommand(
  "Get-Credential",
  [],
  [
    parameter("UserName", "string", 0, ["Credential"]),
    parameter("Message", "string"),
    parameter("Title", "string"),
  ],
  (_shell, call) => {
    const user: Value = valueText(valueOf(call, "UserName") ?? "")
    return Effect.succeed([
      object([
        ["UserName", user],
        ["Password", "System.Security.SecureString"],
      ]),
    ])
  },
)

/** `Get-Content -Encoding Byte`: a file that is offered to the script, as bytes or as lines. */
export const getContent = shellCommand(
  "Get-Content",
  ["gc", "cat", "type"],
  [
    parameter("Path", "string", 0, ["LiteralPath"]),
    parameter("Encoding", "string"),
    parameter("ReadCount", "integer"),
    ...switches("Raw", "AsByteStream"),
  ],
  Effect.fnUntraced(function* (shell, call) {
    const bytes = yield* readFile(shell, valueText(valueOf(call, "Path") ?? ""), call.span)
    const isBinary =
      isOn(call, "AsByteStream") || /^byte$/i.test(valueText(valueOf(call, "Encoding") ?? ""))
    if (isBinary || typeof bytes !== "object" || bytes === null || !("bytes" in bytes))
      return [bytes]
    const text = new TextDecoder().decode(bytes.bytes)
    return isOn(call, "Raw") ? [text] : text.replace(/\r?\n$/, "").split(/\r?\n/)
  }),
)

/** `Get-Command`: the cmdlets of the twin. */
export const getCommand = shellCommand(
  "Get-Command",
  ["gcm"],
  [
    parameter("Name", "any", 0),
    parameter("Module", "any"),
    parameter("Noun", "any"),
    parameter("Verb", "any"),
  ],
  (shell, call) => {
    const wanted = listOf(call, "Name").map((it) => valueText(it))
    const noun = valueOf(call, "Noun")
    const verb = valueOf(call, "Verb")
    const names = [...shell.host.operations.values()]
      .filter(({ kind }) => kind === "cmdlet")
      .filter(({ name }) => wanted.length === 0 || wanted.some((it) => isLike(name, it)))
      .filter(
        ({ name }) =>
          noun === undefined || isLike(name.slice(name.indexOf("-") + 1), valueText(noun)),
      )
      .filter(
        ({ name }) =>
          verb === undefined || isLike(name.slice(0, name.indexOf("-")), valueText(verb)),
      )
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    return Effect.succeed(
      names.map(({ name, summary }) =>
        object([
          ["Name", name],
          ["Summary", summary],
        ]),
      ),
    )
  },
)

/** `Get-Help`: what a cmdlet of the twin does, its parameters, the facts behind it. */
export const getHelp = shellCommand(
  "Get-Help",
  ["help", "man"],
  [parameter("Name", "string", 0), ...switches("Full", "Detailed", "Examples", "Online")],
  Effect.fnUntraced(function* (shell, call) {
    const name = valueText(valueOf(call, "Name") ?? "")
    const operation = shell.host.operations.get(name.toLowerCase())
    if (operation === undefined) {
      const near = nearest(
        name,
        [...shell.host.operations.values()].map((it) => it.name),
      )
      return yield* errorAt(shell, call.span, {
        errorId: "HelpNotFound,Get-Help",
        category: "ResourceUnavailable",
        exception: "HelpNotFoundException",
        command: "Get-Help",
        message: `Get-Help could not find ${name} in this session.`,
        ...(near.length === 0 ? {} : { hint: `Did you mean ${near.join(" or ")}?` }),
      })
    }
    const { parameters } = commandSpecOf(operation)
    const syntax = parameters.map(({ name: it, type, isMandatory, position }) => {
      const named = position === undefined ? `-${it}` : `[-${it}]`
      const whole = type.kind === "switch" ? `-${it}` : `${named} <${typeTitle(type)}>`
      return isMandatory ? whole : `[${whole}]`
    })
    const described = parameters.map(
      ({ name: it, description }) =>
        `  -${it}${description === undefined ? "" : `: ${description}`}`,
    )
    const text = [
      operation.name,
      `  ${operation.summary}`,
      "",
      `  ${operation.name} ${syntax.join(" ")}`,
      "",
      ...described,
      "",
      `  Facts: ${operation.facts.join(", ")}`,
    ].join("\n")
    return [{ _tag: "Formatted", text } as const]
  }),
)
