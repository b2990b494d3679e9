import { eachNode, type SyntaxNode } from "./syntax.ts"

/**
 * Time, chance, environment and locale from outside: two runs of one seed would differ. Effect's Clock, DateTime,
 * Random, SecureRandom and Config take their place.
 */
const bannedNames = new Set([
  "Date",
  "Intl",
  "performance",
  "setImmediate",
  "setInterval",
  "setTimeout",
])

const bannedMembers = new Set([
  "localeCompare",
  "toLocaleDateString",
  "toLocaleLowerCase",
  "toLocaleString",
  "toLocaleTimeString",
  "toLocaleUpperCase",
])

const bannedPairs = new Set(["Math.random", "process.env", "process.hrtime"])

/** Of node:crypto, or of the global crypto: Effect's SecureRandom has methods of the same names. */
const bannedDraws = new Set(["getRandomValues", "randomBytes", "randomInt", "randomUUID"])

/** The names that a script takes from outside, in the order in which they appear. */
export const bannedGlobalsIn = (file: string, text: string): ReadonlyArray<string> => {
  const nodes = Array.from(eachNode(file, text))
  const cryptos = new Set(["crypto", "webcrypto", ...nodes.flatMap(([node]) => cryptoModule(node))])
  return nodes.flatMap(([node, parent]) => {
    if (node.type === "MemberExpression") return bannedMember(node, cryptos) ?? []
    if (node.type === "ImportDeclaration") return isCrypto(node) ? drawsOf(node) : []
    return node.type === "Identifier" && bannedNames.has(node.name) && !isLabel(node, parent)
      ? node.name
      : []
  })
}

type NodeOf<Type extends SyntaxNode["type"]> = Extract<SyntaxNode, { readonly type: Type }>

const isCrypto = ({ source }: NodeOf<"ImportDeclaration">) => /^(node:)?crypto$/.test(source.value)

/** The local names under which a script knows the whole of node:crypto. */
const cryptoModule = (node: SyntaxNode): ReadonlyArray<string> =>
  node.type === "ImportDeclaration" && isCrypto(node)
    ? node.specifiers.flatMap((it) => (it.type === "ImportSpecifier" ? [] : it.local.name))
    : []

const drawsOf = (node: NodeOf<"ImportDeclaration">): ReadonlyArray<string> =>
  node.specifiers.flatMap((it) =>
    it.type === "ImportSpecifier" &&
    it.imported.type === "Identifier" &&
    bannedDraws.has(it.imported.name)
      ? it.imported.name
      : [],
  )

const bannedMember = (node: NodeOf<"MemberExpression">, cryptos: ReadonlySet<string>) => {
  if (node.computed || node.property.type !== "Identifier") return undefined
  const { name } = node.property
  if (bannedMembers.has(name)) return name
  if (node.object.type !== "Identifier") return undefined
  const owner = node.object.name
  if (bannedPairs.has(`${owner}.${name}`)) return `${owner}.${name}`
  if (owner === "globalThis" && bannedNames.has(name)) return name
  return cryptos.has(owner) && bannedDraws.has(name) ? name : undefined
}

/** A field that happens to have the name, such as the Date of a mail's header. */
const isLabel = (node: SyntaxNode, parent: SyntaxNode | undefined) => {
  switch (parent?.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed
    case "Property":
    case "TSPropertySignature":
      return parent.key === node && !parent.computed
    default:
      return false
  }
}
