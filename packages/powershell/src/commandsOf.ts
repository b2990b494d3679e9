import type { Command, CommandElement, Expression, Script, Statement } from "./Syntax.ts"
import { addAll } from "./Value.ts"

export type Node = Statement | Expression | Command | CommandElement

/**
 * Everything in a script, in the order of the text, what stands inside expressions, strings and
 * blocks as well. Walks with a list of its own: no script is too deep or too long for it.
 */
export const nodesOf = (script: Script): readonly Node[] => {
  const nodes: Node[] = []
  const pending: Node[] = [...script.statements]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    nodes.push(node)
    addAll(pending, childrenOf(node))
  }
  return nodes.toSorted((a, b) => a.span.offset - b.span.offset)
}

/** All commands of a script in the order of the text. */
export const commandsOf = (script: Script): readonly Command[] =>
  nodesOf(script).filter((node) => node._tag === "Command")

const childrenOf = (node: Node): readonly Node[] => {
  switch (node._tag) {
    case "Pipeline":
      return node.elements.map((it) => (it._tag === "Command" ? it : it.expression))
    case "Assignment":
      return [node.target, node.value]
    case "If":
      return [
        ...node.clauses.flatMap(({ condition, body }) => [condition, ...body]),
        ...(node.otherwise ?? []),
      ]
    case "ForEach":
      return [node.collection, ...node.body]
    case "Command":
      return node.elements
    case "Parameter":
      return node.argument === undefined ? [] : [node.argument]
    case "Argument":
    case "Cast":
      return [node.expression]
    case "ExpandableText":
      return node.parts.filter((it) => typeof it !== "string")
    case "ArrayLiteral":
      return node.elements
    case "ArrayExpression":
    case "SubExpression":
    case "ScriptBlock":
      return node.statements
    case "Parenthesis":
      return [node.statement]
    case "Hashtable":
      return node.entries.flatMap(({ key, value }) => [key, value])
    case "Member":
      return [node.target]
    case "Invoke":
      return [node.target, ...node.arguments]
    case "Index":
      return [node.target, node.index]
    case "Unary":
      return [node.operand]
    case "Binary":
      return [node.left, node.right]
    case "Splat":
    case "Text":
    case "NumberLiteral":
    case "Variable":
    case "TypeLiteral":
      return []
  }
}
