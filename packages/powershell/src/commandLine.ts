import type { OperationInfo } from "@twin/kernel"
import type { Schema } from "effect"
import { printStatement } from "./print.ts"
import type { CommandElement, Expression, Span, Statement } from "./Syntax.ts"
import { scanNumber } from "./scanNumber.ts"

const span: Span = { offset: 0, length: 0, line: 1, column: 1 }

/**
 * The line that an admin would type to call an operation with these parameters: binding it gives the
 * same parameters again. Settings go out of the twin in this form.
 */
export const commandLine = (
  { name, binding }: Pick<OperationInfo, "name" | "binding">,
  params: Readonly<Record<string, Schema.Json>>,
): string => {
  const elements = Object.entries(params).flatMap(([key, value]): readonly CommandElement[] => {
    if (binding.switches?.includes(key) === true) {
      const argument: Expression = {
        _tag: "Variable",
        name: value === true ? "true" : "false",
        span,
      }
      return [
        value === true
          ? { _tag: "Parameter", name: key, span }
          : { _tag: "Parameter", name: key, argument, span },
      ]
    }
    return [
      { _tag: "Parameter", name: key, span },
      { _tag: "Argument", expression: literal(value), span },
    ]
  })
  return printStatement({
    _tag: "Pipeline",
    elements: [{ _tag: "Command", name, nameSpan: span, elements, span }],
    span,
  })
}

/** Plain data as an expression of PowerShell. */
export const literal = (value: Schema.Json): Expression => {
  if (value === null) return { _tag: "Variable", name: "null", span }
  switch (typeof value) {
    case "boolean":
      return { _tag: "Variable", name: value ? "true" : "false", span }
    case "number":
      return number(value)
    case "string":
      return { _tag: "Text", value, span }
    default:
      break
  }
  if (Array.isArray(value)) return list(value)
  const entries = Object.entries(value).map(([key, item]) => ({
    key: { _tag: "Text", value: key, span } as const,
    value: statement(literal(item)),
  }))
  return { _tag: "Hashtable", entries, span }
}

const number = (value: number): Expression => {
  const text = Object.is(value, -0) ? "-0" : String(value)
  return scanNumber(text, 0, true) === undefined
    ? { _tag: "Text", value: text, span }
    : { _tag: "NumberLiteral", value, text, span }
}

/** `@( ... )` keeps a list a list, however few there are in it. */
const list = (items: readonly Schema.Json[]): Expression => {
  const elements = items.map((it) =>
    Array.isArray(it)
      ? ({ _tag: "Unary", operator: ",", operand: literal(it), span } as const)
      : literal(it),
  )
  const [first] = elements
  if (first === undefined) return { _tag: "ArrayExpression", statements: [], span }
  const inner: Expression =
    elements.length === 1 ? first : { _tag: "ArrayLiteral", elements: items.map(literal), span }
  return { _tag: "ArrayExpression", statements: [statement(inner)], span }
}

const statement = (expression: Expression): Statement => ({
  _tag: "Pipeline",
  elements: [{ _tag: "ExpressionElement", expression, span }],
  span,
})
