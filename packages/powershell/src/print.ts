import { keywords } from "./parseBlockStatement.ts"
import {
  argumentText,
  commandWord,
  expandable,
  quoted,
  type Surroundings,
  variable,
} from "./quote.ts"
import {
  type Command,
  type CommandElement,
  type Expression,
  type Hashtable,
  type If,
  leftOf,
  leftSpine,
  type PipelineElement,
  type Script,
  type Statement,
} from "./Syntax.ts"

/** A script as text that parses to the same tree, positions aside. */
export const print = (script: Script): string =>
  script.statements.map((it) => printStatement(it, "script")).join("\n")

const printStatements = (statements: readonly Statement[], around: Surroundings): string =>
  statements.map((it) => printStatement(it, around)).join("; ")

const block = (statements: readonly Statement[], around: Surroundings): string =>
  statements.length === 0 ? "{ }" : `{ ${printStatements(statements, around)} }`

/** One statement on one line. */
export const printStatement = (statement: Statement, around: Surroundings = "script"): string => {
  switch (statement._tag) {
    case "Pipeline":
      return statement.elements.map((it, index) => printElement(it, index, around)).join(" | ")
    case "Assignment": {
      const target = printExpression(statement.target, around)
      return `${target} ${statement.operator} ${printStatement(statement.value, around)}`
    }
    case "If":
      return printIf(statement, around)
    case "ForEach": {
      const collection = printStatement(statement.collection, around)
      const body = block(statement.body, around)
      return `foreach (${variable(statement.variable)} in ${collection}) ${body}`
    }
  }
}

const printIf = ({ clauses, otherwise }: If, around: Surroundings): string => {
  const parts = clauses.map(
    ({ condition, body }) => `if (${printStatement(condition, around)}) ${block(body, around)}`,
  )
  const last = otherwise === undefined ? "" : ` else ${block(otherwise, around)}`
  return `${parts.join(" else")}${last}`
}

const printElement = (element: PipelineElement, index: number, around: Surroundings): string =>
  element._tag === "Command"
    ? printCommand(element, index === 0, around)
    : printExpression(element.expression, around)

const printCommand = (command: Command, isFirst: boolean, around: Surroundings): string => {
  const isKeyword = isFirst && keywords.has(command.name.toLowerCase())
  const elements = command.elements.map((it) => ` ${printCommandElement(it, around)}`)
  return `${commandWord(command.name, isKeyword)}${elements.join("")}`
}

const printCommandElement = (element: CommandElement, around: Surroundings): string => {
  switch (element._tag) {
    case "Parameter":
      return element.argument === undefined
        ? `-${element.name}`
        : `-${element.name}:${printArgument(element.argument, around)}`
    case "Argument":
      return printArgument(element.expression, around)
    case "Splat":
      return `@${element.name}`
  }
}

/** In a command, words need no quotes. */
const printArgument = (expression: Expression, around: Surroundings): string => {
  if (expression._tag === "Text") return argumentText(expression.value, around)
  return expression._tag === "ArrayLiteral"
    ? expression.elements.map((it) => printArgument(it, around)).join(", ")
    : printExpression(expression, around)
}

/** One expression as an operand. Long chains of operators and members are walked, not recursed. */
export const printExpression = (
  expression: Expression,
  around: Surroundings = "script",
): string => {
  if (leftOf(expression) === undefined) return printSimple(expression, around)
  const [innermost, ...rest] = leftSpine(expression)
  let text = printSimple(innermost, around)
  for (const node of rest) text += printTail(node, around)
  return text
}

/** What a node adds to the one it leans on. */
const printTail = (node: Expression, around: Surroundings): string => {
  switch (node._tag) {
    case "Binary":
      return ` ${node.operator} ${printExpression(node.right, around)}`
    case "Member":
      return `${dots(node.isStatic)}${memberName(node.name, around)}`
    case "Invoke": {
      const given = node.arguments.map((it) => printExpression(it, around)).join(", ")
      return `${dots(node.isStatic)}${memberName(node.name, around)}(${given})`
    }
    case "Index":
      return `[${printExpression(node.index, around)}]`
    default:
      return ""
  }
}

const dots = (isStatic: boolean): string => (isStatic ? "::" : ".")

const memberName = (name: string, around: Surroundings): string =>
  /^[A-Za-z_]\w*$/.test(name) ? name : quoted(name, around)

const printSimple = (expression: Expression, around: Surroundings): string => {
  switch (expression._tag) {
    case "Text":
      return quoted(expression.value, around)
    case "NumberLiteral":
      return expression.text
    case "Variable":
      return variable(expression.name)
    case "ExpandableText":
      return `"${expression.parts.map((it) => printPart(it, around)).join("")}"`
    case "ArrayLiteral":
      return expression.elements.map((it) => printExpression(it, around)).join(", ")
    case "ArrayExpression":
      return `@(${printStatements(expression.statements, around)})`
    case "SubExpression":
      return `$(${printStatements(expression.statements, around)})`
    case "Parenthesis":
      return `(${printStatement(expression.statement, around)})`
    case "Hashtable":
      return printHashtable(expression, around)
    case "ScriptBlock":
      return block(expression.statements, around)
    case "Cast":
      return `[${expression.type}]${printExpression(expression.expression, around)}`
    case "TypeLiteral":
      return `[${expression.type}]`
    case "Unary":
      return `${expression.operator} ${printExpression(expression.operand, around)}`
    case "Binary":
    case "Member":
    case "Invoke":
    case "Index":
      return printExpression(expression, around)
  }
}

const printPart = (
  part: string | Extract<Expression, { _tag: "Variable" | "SubExpression" }>,
  around: Surroundings,
): string => {
  if (typeof part === "string") return expandable(part, around)
  if (part._tag === "Variable") return variable(part.name, true)
  // What PowerShell will take out again before it reads the inside.
  return `$(${printStatements(part.statements, "nested").replaceAll('"', '""')})`
}

const printHashtable = ({ entries }: Hashtable, around: Surroundings): string => {
  const items = entries.map(({ key, value }) => {
    const isBare = key._tag === "Text" && /^[A-Za-z_]\w*$/.test(key.value)
    const name = isBare ? key.value : printExpression(key, around)
    return `${name} = ${printStatement(value, around)}`
  })
  return items.length === 0 ? "@{}" : `@{ ${items.join("; ")} }`
}
