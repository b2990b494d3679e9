import { eachNode, type SyntaxNode } from "./syntax.ts"

export interface ImportedModule {
  readonly module: string
  /** The imported names, where the syntax tells them. */
  readonly names: ReadonlyArray<string>
}

export const importsOf = (file: string, text: string): ReadonlyArray<ImportedModule> =>
  Array.from(eachNode(file, text)).flatMap(([node]) => {
    const module = moduleOf(node)
    return module === undefined ? [] : [{ module, names: namesOf(node) }]
  })

const moduleOf = (node: SyntaxNode) => {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return node.source?.type === "Literal" && typeof node.source.value === "string"
        ? node.source.value
        : undefined
    default:
      return undefined
  }
}

const namesOf = (node: SyntaxNode): ReadonlyArray<string> =>
  node.type !== "ImportDeclaration"
    ? []
    : node.specifiers.flatMap((it) =>
        it.type === "ImportSpecifier" && it.imported.type === "Identifier"
          ? [it.imported.name]
          : [],
      )
