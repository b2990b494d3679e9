import { Effect, Result } from "effect"
import { areEqual, order } from "../compareValues.ts"
import {
  errorAt,
  type Interpreter,
  orError,
  type RunFailure,
  runBlock,
  step,
} from "../Interpreter.ts"
import { invokeMethod } from "../invokeMember.ts"
import { memberOf } from "../memberOf.ts"
import { isMethod } from "../members.ts"
import { propertyOf, selectProperties } from "../selectProperties.ts"
import { addAll, enumerate, isList, object, type Value } from "../Value.ts"
import { valueText } from "../valueText.ts"
import { isLike } from "../wildcard.ts"
import {
  inputOf,
  isOn,
  listOf,
  numberOf,
  parameter,
  type ShellCall,
  shellCommand,
  switches,
  valueOf,
} from "./ShellCommand.ts"
import { isBlock } from "./whereObject.ts"

/** `ForEach-Object { ... }`, or the name of a property or method. */
export const forEachObject = shellCommand(
  "ForEach-Object",
  ["foreach", "%"],
  [
    parameter("Process", "any", 0),
    parameter("Begin", "any"),
    parameter("End", "any"),
    parameter("MemberName", "any"),
    parameter("InputObject", "any"),
  ],
  Effect.fnUntraced(function* (shell, call) {
    const output: Value[] = []
    const begin = valueOf(call, "Begin")
    const process = valueOf(call, "Process") ?? valueOf(call, "MemberName")
    const end = valueOf(call, "End")
    if (isBlock(begin)) addAll(output, yield* runBlock(shell, begin.block, null))
    for (const item of inputOf(call)) {
      yield* step(shell, call.span)
      if (isBlock(process)) addAll(output, yield* runBlock(shell, process.block, item))
      else if (process !== undefined) {
        const name = valueText(process)
        const value = memberOf(item, name)
        const called =
          value === null && isMethod(name)
            ? yield* orError(shell, call.span, invokeMethod(item, name, []))
            : value
        addAll(output, enumerate(called))
      }
    }
    if (isBlock(end)) addAll(output, yield* runBlock(shell, end.block, null))
    return output
  }),
)

/** Members in their order, each once; objects are the same where all their properties are. */
const unique = (items: readonly Value[]): readonly Value[] => {
  const seen = new Set<string>()
  return items.filter((item) => {
    const key = typeof item === "object" ? valueText(item) : `${typeof item} ${valueText(item)}`
    const isNew = !seen.has(key)
    seen.add(key)
    return isNew
  })
}

/** `Select-Object`: properties, and which of the items. */
export const selectObject = shellCommand(
  "Select-Object",
  ["select"],
  [
    parameter("Property", "any", 0),
    parameter("ExpandProperty", "any"),
    parameter("ExcludeProperty", "any"),
    parameter("First", "integer"),
    parameter("Last", "integer"),
    parameter("Skip", "integer"),
    parameter("Index", "any"),
    parameter("InputObject", "any"),
    ...switches("Unique", "Wait"),
  ],
  Effect.fnUntraced(function* (shell, call) {
    const [first, last, skip = 0] = [
      yield* numberOf(shell, call, "First"),
      yield* numberOf(shell, call, "Last"),
      yield* numberOf(shell, call, "Skip"),
    ]
    let items: readonly Value[] = inputOf(call).slice(Math.max(0, skip))
    if (first !== undefined) items = items.slice(0, Math.max(0, first))
    if (last !== undefined) items = last <= 0 ? [] : items.slice(-last)
    const places = listOf(call, "Index").map((it) => Number(valueText(it)))
    if (places.length > 0) items = items.filter((_, index) => places.includes(index))
    const [expand] = listOf(call, "ExpandProperty")
    if (expand !== undefined) return yield* expanded(shell, call, items, valueText(expand))
    const properties = listOf(call, "Property")
    const excluded = listOf(call, "ExcludeProperty").map((it) => valueText(it))
    const wanted = properties.length === 0 && excluded.length > 0 ? ["*"] : properties
    if (wanted.length > 0) items = yield* selectProperties(shell, items, wanted, call.span)
    if (excluded.length > 0) items = items.map((it) => without(it, excluded))
    return isOn(call, "Unique") ? unique(items) : items
  }),
)

const without = (item: Value, excluded: readonly string[]): Value =>
  typeof item === "object" && item !== null && !isList(item) && item._tag === "Object"
    ? object(
        [...item.entries.values()]
          .filter(({ name }) => !excluded.some((it) => isLike(name, it)))
          .map(({ name, value }) => [name, value] as const),
      )
    : item

const expanded = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  call: ShellCall,
  items: readonly Value[],
  name: string,
): Effect.fn.Return<readonly Value[], RunFailure, R> {
  const output: Value[] = []
  for (const item of items) {
    const isThere =
      typeof item !== "object" ||
      item === null ||
      isList(item) ||
      !("entries" in item) ||
      (item._tag === "Object" && item.entries.has(name.toLowerCase())) ||
      memberOf(item, name) !== null
    if (!isThere) {
      return yield* errorAt(shell, call.span, {
        errorId: "ExpandPropertyNotFound,Select-Object",
        category: "InvalidArgument",
        exception: "PSArgumentException",
        command: "Select-Object",
        message: `Property "${name}" cannot be found.`,
      })
    }
    addAll(output, enumerate(memberOf(item, name)))
  }
  return output
})

/** `Sort-Object`: by properties, or by the items themselves; equal ones keep their order. */
export const sortObject = shellCommand(
  "Sort-Object",
  ["sort"],
  [
    parameter("Property", "any", 0),
    parameter("Top", "integer"),
    parameter("InputObject", "any"),
    ...switches("Descending", "Unique", "CaseSensitive"),
  ],
  Effect.fnUntraced(function* (shell, call) {
    const properties = listOf(call, "Property")
    const keyed: { readonly item: Value; readonly keys: readonly Value[] }[] = []
    for (const item of inputOf(call)) {
      const keys: Value[] = []
      for (const property of properties) keys.push(yield* propertyOf(shell, item, property))
      keyed.push({ item, keys: properties.length === 0 ? [item] : keys })
    }
    const sign = isOn(call, "Descending") ? -1 : 1
    const sorted = keyed.toSorted((a, b) => {
      for (const [index, key] of a.keys.entries()) {
        const compared = Result.getOrElse(order(key, b.keys[index] ?? null), () => 0)
        if (compared !== 0) return compared * sign
      }
      return 0
    })
    const kept = isOn(call, "Unique")
      ? sorted.filter(
          ({ keys }, index) =>
            index === 0 ||
            !keys.every((key, at) => areEqual(key, sorted[index - 1]?.keys[at] ?? null)),
        )
      : sorted
    const top = yield* numberOf(shell, call, "Top")
    return kept.slice(0, top ?? kept.length).map(({ item }) => item)
  }),
)

/** `Group-Object`: the items by what a property is worth. */
export const groupObject = shellCommand(
  "Group-Object",
  ["group"],
  [parameter("Property", "any", 0), parameter("InputObject", "any"), ...switches("NoElement")],
  Effect.fnUntraced(function* (shell, call) {
    const groups = new Map<string, { readonly name: string; readonly items: Value[] }>()
    const [property] = listOf(call, "Property")
    for (const item of inputOf(call)) {
      const key = property === undefined ? item : yield* propertyOf(shell, item, property)
      const name = valueText(key)
      const group = groups.get(name.toLowerCase()) ?? { name, items: [] }
      group.items.push(item)
      groups.set(name.toLowerCase(), group)
    }
    return [...groups.values()]
      .toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
      .map(({ name, items }) =>
        object([
          ["Count", items.length],
          ["Name", name],
          ...(isOn(call, "NoElement") ? [] : [["Group", items] as const]),
        ]),
      )
  }),
)

/** `Measure-Object`: how many, and sums where asked. */
export const measureObject = shellCommand(
  "Measure-Object",
  ["measure"],
  [
    parameter("Property", "any", 0),
    parameter("InputObject", "any"),
    ...switches("Sum", "Average", "Maximum", "Minimum"),
  ],
  Effect.fnUntraced(function* (shell, call) {
    const items = inputOf(call)
    const [property] = listOf(call, "Property")
    const numbers: number[] = []
    for (const item of items) {
      const value = property === undefined ? item : yield* propertyOf(shell, item, property)
      const number = Number(valueText(value))
      if (value !== null && !Number.isNaN(number)) numbers.push(number)
    }
    const count = property === undefined ? items.length : numbers.length
    const sum = numbers.reduce((total, it) => total + it, 0)
    const extreme = (pick: (a: number, b: number) => number): Value =>
      numbers.length === 0 ? null : numbers.reduce((a, b) => pick(a, b))
    return [
      object([
        ["Count", count],
        ["Average", isOn(call, "Average") && numbers.length > 0 ? sum / numbers.length : null],
        ["Sum", isOn(call, "Sum") ? sum : null],
        ["Maximum", isOn(call, "Maximum") ? extreme(Math.max) : null],
        ["Minimum", isOn(call, "Minimum") ? extreme(Math.min) : null],
        ["Property", property === undefined ? null : valueText(property)],
      ]),
    ]
  }),
)
