import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { type ESTree, parseSync } from "vite"
import { at } from "../setup/checkout.mjs"

const notOurs = new Set([
  ".git",
  ".nx",
  ".tools",
  ".tsc",
  "coverage",
  "dist",
  "node_modules",
  "reports",
])

/** Every file of the repository, relative to the checkout; without asking git, so that an unpacked archive will do. */
export const allFiles: ReadonlyArray<string> = readdirSync(at(""), { withFileTypes: true })
  .filter((entry) => !notOurs.has(entry.name))
  .flatMap((entry) => (entry.isDirectory() ? filesUnder(entry.name) : [entry.name]))
  .toSorted()

function filesUnder(folder: string): Array<string> {
  return readdirSync(at(folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name)
    if (notOurs.has(entry.name)) return []
    if (entry.isDirectory()) return filesUnder(file)
    return entry.isFile() && !entry.name.endsWith(".log") ? [file] : []
  })
}

export const read = (file: string) => readFileSync(at(file), "utf8")

export const scripts = allFiles.filter((file) => /\.(ts|tsx|mjs)$/.test(file))

/** `packages/spo` of `packages/spo/src/State.ts`. */
export const packageOf = (file: string) =>
  /^(?:packages|apps)\/[^/]+|^(?:tools|bench)(?=\/)/.exec(file)?.[0]

/** What is not shipped: it may read the clock and import development dependencies. */
export const isBesideTheCode = (file: string) =>
  /^(tools|bench)\//.test(file) || /\/(test|bench|examples)\/|\.config\.ts$/.test(file)

export type SyntaxNode = ESTree.Node

/** Each node of a script with its parent, outermost first. */
export const eachNode = function* (file: string): Generator<readonly [SyntaxNode, SyntaxNode?]> {
  const { program, errors } = parseSync(file, read(file))
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

export interface ImportedModule {
  readonly module: string
  /** The imported names, where the syntax tells them. */
  readonly names: ReadonlyArray<string>
}

export const importsOf = (file: string): ReadonlyArray<ImportedModule> =>
  Array.from(eachNode(file)).flatMap(([node]) => {
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
