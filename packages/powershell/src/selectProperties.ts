import { Effect } from "effect"
import { errorAt, type Interpreter, type RunFailure, runBlock } from "./Interpreter.ts"
import { memberOf } from "./memberOf.ts"
import type { Span } from "./Syntax.ts"
import { collected, isList, object, type Value } from "./Value.ts"
import { valueText } from "./valueText.ts"
import { hasWildcard, isLike } from "./wildcard.ts"

/**
 * The properties that `Select-Object`, `Format-List` and their kin name: names, names with
 * wildcards, blocks, and `@{ n = 'Name'; e = { ... } }`. Each item becomes an object of them.
 */
export const selectProperties = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  items: readonly Value[],
  properties: readonly Value[],
  span: Span,
): Effect.fn.Return<readonly Value[], RunFailure, R> {
  const rows: Value[] = []
  for (const item of items) {
    const pairs: (readonly [string, Value])[] = []
    for (const property of properties) {
      pairs.push(...(yield* selectOne(shell, item, property, span)))
    }
    rows.push(object(pairs))
  }
  return rows
})

const selectOne = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  item: Value,
  property: Value,
  span: Span,
): Effect.fn.Return<readonly (readonly [string, Value])[], RunFailure, R> {
  if (typeof property === "object" && property !== null && !isList(property)) {
    if (property._tag === "Block") {
      return [[property.text.trim(), yield* propertyOf(shell, item, property)]]
    }
    if (property._tag === "Hashtable") return [yield* calculated(shell, item, property, span)]
  }
  const name = valueText(property)
  if (!hasWildcard(name)) return [[spelling(item, name), memberOf(item, name)]]
  return entriesOf(item).filter(([known]) => isLike(known, name))
})

/** The name as the object spells it. */
const spelling = (item: Value, name: string): string =>
  entriesOf(item).find(([known]) => known.toLowerCase() === name.toLowerCase())?.[0] ?? name

const entriesOf = (item: Value): readonly (readonly [string, Value])[] =>
  typeof item === "object" &&
  item !== null &&
  !isList(item) &&
  (item._tag === "Object" || item._tag === "Hashtable")
    ? [...item.entries.values()].map(({ name, value }) => [name, value] as const)
    : []

const calculated = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  item: Value,
  table: Extract<Value, { _tag: "Hashtable" }>,
  span: Span,
): Effect.fn.Return<readonly [string, Value], RunFailure, R> {
  const part = (...names: readonly string[]): Value | undefined =>
    [...table.entries].find(([key]) => names.some((it) => it.startsWith(key)))?.[1].value
  const expression = part("expression")
  if (expression === undefined) {
    return yield* errorAt(shell, span, {
      errorId: "DictionaryKeyMissing",
      category: "InvalidArgument",
      exception: "NotSupportedException",
      message:
        "The key 'Expression' is missing: write @{ Name = 'Title'; Expression = { $_.Title } }.",
    })
  }
  const label = part("name", "label")
  const title = label === undefined ? valueText(expression).trim() : valueText(label)
  return [title, yield* propertyOf(shell, item, expression)]
})

/** What a property name or a block is worth for an item. */
export const propertyOf = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  item: Value,
  property: Value,
): Effect.fn.Return<Value, RunFailure, R> {
  if (typeof property === "object" && property !== null && !isList(property)) {
    if (property._tag === "Block") return collected(yield* runBlock(shell, property.block, item))
    if (property._tag === "Hashtable") {
      const expression = property.entries.get("expression") ?? property.entries.get("e")
      if (expression !== undefined) return yield* propertyOf(shell, item, expression.value)
    }
  }
  return memberOf(item, valueText(property))
})
