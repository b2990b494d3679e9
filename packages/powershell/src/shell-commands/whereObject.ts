import { Effect } from "effect"
import { errorAt, orError, runBlock, step } from "../Interpreter.ts"
import { memberOf } from "../memberOf.ts"
import { operate } from "../operate.ts"
import { type BlockValue, collected, isList, type Value } from "../Value.ts"
import { isTrue, valueText } from "../valueText.ts"
import { inputOf, isOn, parameter, shellCommand, switches, valueOf } from "./ShellCommand.ts"

const comparisons = [
  "EQ",
  "NE",
  "GT",
  "GE",
  "LT",
  "LE",
  "Like",
  "NotLike",
  "Match",
  "NotMatch",
  "Contains",
  "NotContains",
  "In",
  "NotIn",
] as const

const names = [...comparisons, ...comparisons.map((it) => `C${it}`)]

/** A block among the arguments of a command. */
export const isBlock = (value: Value | undefined): value is BlockValue =>
  typeof value === "object" && value !== null && !isList(value) && value._tag === "Block"

/** `Where-Object { ... }`, `Where-Object Name -EQ value`, `Where-Object Name`. */
export const whereObject = shellCommand(
  "Where-Object",
  ["where", "?"],
  [
    parameter("Property", "any", 0),
    parameter("Value", "any", 1),
    parameter("FilterScript", "any"),
    parameter("InputObject", "any"),
    ...switches(...names, "Not"),
  ],
  Effect.fnUntraced(function* (shell, call) {
    const property = valueOf(call, "Property")
    const filter = valueOf(call, "FilterScript") ?? property
    const kept: Value[] = []
    const comparison = names.find((it) => isOn(call, it))
    if (filter === undefined) {
      return yield* errorAt(shell, call.span, {
        errorId: "MissingMandatoryParameter,Where-Object",
        category: "InvalidArgument",
        exception: "ParameterBindingException",
        command: "Where-Object",
        message:
          "Cannot process command because of one or more missing mandatory parameters: FilterScript.",
      })
    }
    for (const item of inputOf(call)) {
      yield* step(shell, call.span)
      const answer = isBlock(filter)
        ? collected(yield* runBlock(shell, filter.block, item))
        : memberOf(item, valueText(filter))
      const right = valueOf(call, "Value") ?? null
      const verdict =
        comparison === undefined
          ? answer
          : yield* orError(shell, call.span, operate(`-${comparison.toLowerCase()}`, answer, right))
      if (isTrue(verdict) !== isOn(call, "Not")) kept.push(item)
    }
    return kept
  }),
)
