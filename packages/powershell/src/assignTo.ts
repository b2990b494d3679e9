import { Effect } from "effect"
import { withSettingItem } from "./directorySetting.ts"
import { cast, evaluate, statementValue, variableName, workOf } from "./evaluate.ts"
import {
  errorAt,
  getVariable,
  type Interpreter,
  orError,
  type Ran,
  type RunFailure,
  setVariable,
  step,
} from "./Interpreter.ts"
import { itemOf, memberOf } from "./memberOf.ts"
import { operate } from "./operate.ts"
import { type Assignment, type AssignmentTarget, type Expression, leftSpine } from "./Syntax.ts"
import { isList, type Value } from "./Value.ts"
import { valueText } from "./valueText.ts"

const deepestPath = 50

/** One step from a variable to the place that is set: a property's name or an index. */
interface Step {
  readonly key: Value
  readonly isIndex: boolean
  readonly node: Expression
}

/**
 * `$x = ...`, `$x.Name += ...`, `$x['key'] = ...`. Values never change: the variable receives a new
 * one in which that place is different.
 */
export const assignTo = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  { target, operator, value, span }: Assignment,
): Effect.fn.Return<void, RunFailure, R> {
  const given = yield* statementValue(shell, value)
  const { variable, steps } = yield* pathOf(shell, target)
  if (["true", "false", "null"].includes(variable.toLowerCase())) {
    return yield* errorAt(shell, span, {
      errorId: "VariableNotWritable",
      category: "InvalidOperation",
      exception: "SessionStateUnauthorizedAccessException",
      message: `Cannot overwrite variable ${variable} because it is read-only or constant.`,
    })
  }
  const before = getVariable(shell, variable)
  const next =
    operator === "="
      ? given
      : yield* orError(
          shell,
          span,
          operate(operator.charAt(0), yield* follow(shell, before, steps), given),
        )
  yield* step(shell, span, workOf(before, given) + (steps.length === 0 ? 0 : sizeOf(before)))
  const converted =
    target._tag === "Cast" ? yield* orError(shell, span, cast(target.type, next)) : next
  setVariable(shell, variable, yield* replaced(shell, before, steps, converted))
})

const pathOf = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  target: AssignmentTarget,
): Effect.fn.Return<{ readonly variable: string; readonly steps: readonly Step[] }, RunFailure, R> {
  const [root, ...rest] = leftSpine(target._tag === "Cast" ? target.expression : target)
  if (root._tag !== "Variable") {
    return yield* errorAt(shell, root.span, {
      errorId: "InvalidLeftHandSide",
      message: "Only a variable, or something inside a variable, can be set.",
    })
  }
  const steps: Step[] = []
  for (const node of rest) {
    if (node._tag === "Member") steps.push({ key: node.name, isIndex: false, node })
    else if (node._tag === "Index") {
      steps.push({ key: yield* evaluate(shell, node.index), isIndex: true, node })
    } else {
      return yield* errorAt(shell, node.span, {
        errorId: "InvalidLeftHandSide",
        message: "What a method answers cannot be set.",
      })
    }
  }
  if (steps.length > deepestPath) {
    return yield* errorAt(shell, target.span, {
      errorId: "ScriptTooComplicated",
      category: "LimitsExceeded",
      message: `What is set lies deeper than ${deepestPath} levels.`,
    })
  }
  return { variable: yield* orError(shell, root.span, variableName(root.name)), steps }
})

/** Setting one place copies what it stands in. */
const sizeOf = (value: Value): number => {
  if (isList(value)) return Math.floor(value.length / 64)
  return typeof value === "object" && value !== null && "entries" in value
    ? Math.floor(value.entries.size / 16)
    : 0
}

const follow = <R>(shell: Interpreter<R>, value: Value, steps: readonly Step[]): Ran<Value, R> => {
  const [first, ...rest] = steps
  if (first === undefined) return Effect.succeed(value)
  const next = first.isIndex
    ? orError(shell, first.node.span, itemOf(value, first.key))
    : Effect.succeed(memberOf(value, valueText(first.key)))
  return Effect.flatMap(next, (it) => follow(shell, it, rest))
}

/** The value with one place in it changed. */
const replaced = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  value: Value,
  steps: readonly Step[],
  given: Value,
): Effect.fn.Return<Value, RunFailure, R> {
  const [first, ...rest] = steps
  if (first === undefined) return given
  const name = valueText(first.key)
  if (typeof value === "object" && value !== null && !isList(value)) {
    const mayAdd = value._tag === "Hashtable"
    const isLast = first.isIndex && value._tag === "Object" && rest.length === 0
    const setting = isLast ? withSettingItem(value, name, given) : undefined
    if (setting !== undefined) return yield* orError(shell, first.node.span, setting)
    if (mayAdd || (value._tag === "Object" && value.entries.has(name.toLowerCase()))) {
      const old = value.entries.get(name.toLowerCase())
      const inner = yield* replaced(shell, old?.value ?? null, rest, given)
      const entries = new Map(value.entries)
      entries.set(name.toLowerCase(), { name: old?.name ?? name, value: inner })
      return { ...value, entries }
    }
  }
  if (first.isIndex && isList(value)) {
    const place = typeof first.key === "number" ? first.key : Number(name)
    const at = place < 0 ? value.length + place : place
    if (!Number.isInteger(at) || at < 0 || at >= value.length) {
      return yield* errorAt(shell, first.node.span, {
        errorId: "IndexOutOfRangeException",
        category: "InvalidOperation",
        exception: "IndexOutOfRangeException",
        message: "Index was outside the bounds of the array.",
      })
    }
    const inner = yield* replaced(shell, value[at] ?? null, rest, given)
    return value.map((it, index) => (index === at ? inner : it))
  }
  if (value === null && first.isIndex) {
    const message = "Cannot index into a null array."
    return yield* errorAt(shell, first.node.span, { errorId: "NullArray", message })
  }
  return yield* errorAt(shell, first.node.span, {
    errorId: "PropertyNotFound",
    category: "InvalidOperation",
    exception: "RuntimeException",
    message: `The property '${name}' cannot be found on this object. Verify that the property exists and can be set.`,
  })
})
