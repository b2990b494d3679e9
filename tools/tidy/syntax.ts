import { type ESTree, parseSync } from "vite"

export type SyntaxNode = ESTree.Node

/** Each node of a script with its parent, outermost first. */
export const eachNode = function* (
  file: string,
  text: string,
): Generator<readonly [SyntaxNode, SyntaxNode?]> {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  yield* walk(program, undefined)
}

function* walk(
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
): Generator<readonly [SyntaxNode, SyntaxNode?]> {
  yield parent === undefined ? [node] : [node, parent]
  for (const child of Object.values(node).flat()) {
    if (isNode(child)) yield* walk(child, node)
  }
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
