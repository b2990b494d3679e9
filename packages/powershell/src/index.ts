export {
  type Assigned,
  assign,
  assignPiped,
  type BindFailure,
  convertAssigned,
  type GivenElement,
  resolveParameter,
} from "./bind.ts"
export { commandLine, literal } from "./commandLine.ts"
export { commandsOf } from "./commandsOf.ts"
export { type Candidate, type Completion, complete } from "./complete.ts"
export { formatList, formatOutput, formatTable } from "./format.ts"
export type { HostFailure } from "./Interpreter.ts"
export { needsMoreInput } from "./needsMoreInput.ts"
export {
  type CommandSpec,
  commandSpecOf,
  type ParameterSpec,
  type ParameterType,
  typeTitle,
} from "./ParameterSpec.ts"
export { parse } from "./parse.ts"
export { print, printExpression, printStatement } from "./print.ts"
export { renderError } from "./renderError.ts"
export { runScript } from "./run.ts"
export { ErrorCategory, type Parsed, ScriptError } from "./ScriptError.ts"
export {
  errorsOf,
  type Host,
  newSession,
  type Outcome,
  printedText,
  type ScriptRun,
  type Session,
  type ShellMessage,
} from "./Shell.ts"
export type * from "./Syntax.ts"
export { leftOf, leftSpine } from "./Syntax.ts"
export { shellCommandNamed } from "./shell-commands/table.ts"
export {
  collected,
  type Entries,
  entriesOf,
  fromJson,
  fromOutput,
  object,
  toJson,
  type Value,
} from "./Value.ts"
export { valueText } from "./valueText.ts"
export { type VariableUse, variableName, variablesOf } from "./variablesOf.ts"
