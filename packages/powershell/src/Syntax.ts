/**
 * The syntax tree of a script. Plain data: every node knows where it begins and how long it is.
 *
 * Nesting is limited by the parser (`limits.depth`), but `Binary`, `Member`, `Invoke` and `Index`
 * lean to the left and may be as long as the script. Walk them with `leftSpine`, never by recursion.
 */

/** Where something stands in the script: `offset` from 0, `line` and `column` from 1 (UTF-16). */
export interface Span {
  readonly offset: number
  readonly length: number
  readonly line: number
  readonly column: number
}

interface Node<Tag extends string> {
  readonly _tag: Tag
  readonly span: Span
}

export interface Script {
  readonly statements: readonly Statement[]
}

export type Statement = Pipeline | Assignment | If | ForEach

/** One command or expression, or several with `|` between them. */
export interface Pipeline extends Node<"Pipeline"> {
  readonly elements: readonly [PipelineElement, ...PipelineElement[]]
}

export type PipelineElement = Command | ExpressionElement

export interface Command extends Node<"Command"> {
  /** As written, with its module where one stands before it: `Module\Get-Thing`. */
  readonly name: string
  readonly nameSpan: Span
  readonly elements: readonly CommandElement[]
}

export type CommandElement = Parameter | Argument | Splat

/** `-Name`, or `-Name:value` with its argument. A value after a space is an `Argument`. */
export interface Parameter extends Node<"Parameter"> {
  readonly name: string
  readonly argument?: Expression
}

export interface Argument extends Node<"Argument"> {
  readonly expression: Expression
}

/** `@params`: the parameters stand in the variable. */
export interface Splat extends Node<"Splat"> {
  readonly name: string
}

export interface ExpressionElement extends Node<"ExpressionElement"> {
  readonly expression: Expression
}

export type AssignmentOperator = "=" | "+=" | "-="

export interface Assignment extends Node<"Assignment"> {
  readonly target: AssignmentTarget
  readonly operator: AssignmentOperator
  readonly value: Statement
}

/** `$x`, `$x.Name`, `$x['key']`; a cast before the variable converts what is assigned. */
export type AssignmentTarget = Variable | Member | Index | Cast

export interface If extends Node<"If"> {
  readonly clauses: readonly [IfClause, ...IfClause[]]
  readonly otherwise?: readonly Statement[]
}

export interface IfClause {
  readonly condition: Statement
  readonly body: readonly Statement[]
}

export interface ForEach extends Node<"ForEach"> {
  readonly variable: string
  readonly collection: Statement
  readonly body: readonly Statement[]
}

export type Expression =
  | Text
  | NumberLiteral
  | Variable
  | ExpandableText
  | ArrayLiteral
  | ArrayExpression
  | SubExpression
  | Parenthesis
  | Hashtable
  | ScriptBlock
  | Cast
  | TypeLiteral
  | Member
  | Invoke
  | Index
  | Unary
  | Binary

/** A bare word, a quoted string without variables, or a here-string. */
export interface Text extends Node<"Text"> {
  readonly value: string
}

export interface NumberLiteral extends Node<"NumberLiteral"> {
  readonly value: number
  /** As written (`0x10`, `1gb`): a parameter that takes text receives this. */
  readonly text: string
}

/** `$name`, also `$true`, `$false`, `$null` and `$_`. A scope stands in the name: `script:x`. */
export interface Variable extends Node<"Variable"> {
  readonly name: string
}

/** Text with variables and sub-expressions in it; texts are not empty and never neighbours. */
export interface ExpandableText extends Node<"ExpandableText"> {
  readonly parts: readonly (string | Variable | SubExpression)[]
}

/** `a, b, c` */
export interface ArrayLiteral extends Node<"ArrayLiteral"> {
  readonly elements: readonly Expression[]
}

/** `@( ... )` */
export interface ArrayExpression extends Node<"ArrayExpression"> {
  readonly statements: readonly Statement[]
}

/** `$( ... )` */
export interface SubExpression extends Node<"SubExpression"> {
  readonly statements: readonly Statement[]
}

/** `( ... )` */
export interface Parenthesis extends Node<"Parenthesis"> {
  readonly statement: Statement
}

/** `@{ key = value; ... }` */
export interface Hashtable extends Node<"Hashtable"> {
  readonly entries: readonly HashtableEntry[]
}

export interface HashtableEntry {
  readonly key: Expression
  readonly value: Statement
}

/** `{ ... }` as an argument: a filter, or what `ForEach-Object` does. */
export interface ScriptBlock extends Node<"ScriptBlock"> {
  readonly statements: readonly Statement[]
}

/** `[type] expression` */
export interface Cast extends Node<"Cast"> {
  readonly type: string
  readonly expression: Expression
}

/** `[type]` alone, before `::`. */
export interface TypeLiteral extends Node<"TypeLiteral"> {
  readonly type: string
}

/** `target.name`, or `[type]::name`. */
export interface Member extends Node<"Member"> {
  readonly target: Expression
  readonly name: string
  readonly isStatic: boolean
}

/** `target.name(arguments)`, or `[type]::name(arguments)`. */
export interface Invoke extends Node<"Invoke"> {
  readonly target: Expression
  readonly name: string
  readonly isStatic: boolean
  readonly arguments: readonly Expression[]
}

/** `target[index]` */
export interface Index extends Node<"Index"> {
  readonly target: Expression
  readonly index: Expression
}

export type UnaryOperator = "-not" | "-" | "+" | "," | "-join"

export interface Unary extends Node<"Unary"> {
  readonly operator: UnaryOperator
  readonly operand: Expression
}

export interface Binary extends Node<"Binary"> {
  /** In lower case and without the case prefix that changes nothing (`-ieq` is `-eq`). */
  readonly operator: string
  readonly left: Expression
  readonly right: Expression
}

/** The nodes that lean to the left, and what they lean on. */
export const leftOf = (node: Expression): Expression | undefined => {
  switch (node._tag) {
    case "Binary":
      return node.left
    case "Member":
    case "Invoke":
    case "Index":
      return node.target
    default:
      return undefined
  }
}

/** The node and everything it leans on, innermost first. */
export const leftSpine = (node: Expression): readonly [Expression, ...Expression[]] => {
  const spine: [Expression, ...Expression[]] = [node]
  for (let next = leftOf(node); next !== undefined; next = leftOf(next)) spine.push(next)
  spine.reverse()
  return spine
}
