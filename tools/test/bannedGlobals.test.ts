import { assert, it } from "vitest"
import { eachNode, isBesideTheCode, type SyntaxNode, scripts } from "./sources.ts"

/**
 * Time, chance, environment and locale from outside: two runs of one seed would differ. Effect's Clock, DateTime,
 * Random, SecureRandom and Config take their place.
 */
const bannedNames = new Set([
  "Date",
  "Intl",
  "getRandomValues",
  "performance",
  "randomBytes",
  "randomInt",
  "randomUUID",
  "setImmediate",
  "setInterval",
  "setTimeout",
])

const bannedMembers = new Set([
  "localeCompare",
  "randomBytes",
  "randomInt",
  "randomUUID",
  "toLocaleDateString",
  "toLocaleLowerCase",
  "toLocaleString",
  "toLocaleTimeString",
  "toLocaleUpperCase",
])

const bannedPairs = new Set(["Math.random", "process.env", "process.hrtime"])

/** Where the outside is let in on purpose: file, and what it may use. */
const allowed: Record<string, ReadonlyArray<string>> = {}

const bannedBy = (node: SyntaxNode, parent: SyntaxNode | undefined): string | undefined => {
  if (node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier") {
    const { name } = node.property
    if (node.object.type === "Identifier" && bannedPairs.has(`${node.object.name}.${name}`)) {
      return `${node.object.name}.${name}`
    }
    return bannedMembers.has(name) ? name : undefined
  }
  return node.type === "Identifier" && bannedNames.has(node.name) && !isLabel(node, parent)
    ? node.name
    : undefined
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

it("takes time, chance, environment and locale from no global", () => {
  const wrong = scripts
    .filter((file) => !isBesideTheCode(file))
    .flatMap((file) =>
      Array.from(eachNode(file))
        .flatMap(([node, parent]) => bannedBy(node, parent) ?? [])
        .filter((name) => !(allowed[file] ?? []).includes(name))
        .map((name) => `${file}: ${name}`),
    )
  assert.deepStrictEqual(wrong, [])
})
