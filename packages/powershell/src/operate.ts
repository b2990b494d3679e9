import { Result } from "effect"
import { compareValues } from "./compareValues.ts"
import { momentAt, toDate, toNumber, toTimeSpan } from "./convert.ts"
import { complain, tooLarge } from "./operatorFailure.ts"
import type { Complaint } from "./ScriptError.ts"
import { entriesOf, isList, tagOf, type Value } from "./Value.ts"
import { isTrue, typeNameOf, valueText } from "./valueText.ts"

/** Bounds on what an operator may make: doubling a string twenty times is quickly written. */
const longestText = 1_000_000
const longestList = 100_000

type Operated = Result.Result<Value, Complaint>

/** An operator on two values. `-and` and `-or` stand elsewhere: they may leave the right one alone. */
export const operate = (operator: string, left: Value, right: Value): Operated => {
  switch (operator) {
    case "+":
      return plus(left, right)
    case "-":
      return minus(left, right)
    case "*":
      return times(left, right)
    case "/":
    case "%":
      return divide(operator, left, right)
    case "..":
      return range(left, right)
    case "-join":
      return joinTexts(left, valueText(right))
    case "-f":
      return format(valueText(left), isList(right) ? right : [right])
    case "-xor":
      return Result.succeed(isTrue(left) !== isTrue(right))
    default:
      return compareValues(operator, left, right)
  }
}

/** `-join`: the texts of a list with something between them. */
export const joinTexts = (list: Value, between: string): Operated => {
  const text = (isList(list) ? list : [list]).map((it) => valueText(it)).join(between)
  return text.length > longestText ? tooLarge("string") : Result.succeed(text)
}

const numbers = (
  operator: string,
  left: Value,
  right: Value,
  compute: (a: number, b: number) => number,
): Operated => {
  const [a, b] = [toNumber(left), toNumber(right)]
  if (Result.isSuccess(a) && Result.isSuccess(b)) {
    return Result.succeed(compute(a.success, b.success))
  }
  if (typeof left === "number" && typeof right === "string") {
    return complain(
      "InvalidCastFromStringToInteger",
      `Cannot convert value "${right}" to type "System.Int32". Error: "Input string was not in a correct format."`,
    )
  }
  return complain(
    "MethodNotFound",
    `The operation '[${typeNameOf(left)}] ${operator} [${typeNameOf(right)}]' is not defined.`,
  )
}

const plus = (left: Value, right: Value): Operated => {
  if (left === null) return Result.succeed(right)
  if (isList(left)) {
    const sum = [...left, ...(isList(right) ? right : [right])]
    return sum.length > longestList ? tooLarge("array") : Result.succeed(sum)
  }
  if (typeof left === "string") {
    const text = left + valueText(right)
    return text.length > longestText ? tooLarge("string") : Result.succeed(text)
  }
  if (tagOf(left) === "DateTime" || tagOf(left) === "TimeSpan") return shift(left, right, 1)
  if (typeof left === "object" && left._tag === "Hashtable") return merge(left.entries, right)
  return numbers("+", left, right, (a, b) => a + b)
}

const merge = (
  entries: ReadonlyMap<string, { name: string; value: Value }>,
  right: Value,
): Operated => {
  if (right === null || typeof right !== "object" || isList(right) || right._tag !== "Hashtable") {
    return complain(
      "AddHashTableToNonHashTable",
      "A hash table can only be added to another hash table.",
    )
  }
  for (const [key, { name }] of right.entries) {
    if (entries.has(key)) {
      return complain(
        "InvalidOperation",
        `Item has already been added. Key in dictionary: '${name}'`,
      )
    }
  }
  const all = [...entries.values(), ...right.entries.values()]
  return Result.succeed({
    _tag: "Hashtable",
    entries: entriesOf(all.map(({ name, value }) => [name, value] as const)),
  })
}

/** A moment and a span, or two spans. */
const shift = (left: Value, right: Value, sign: 1 | -1): Operated => {
  if (left === null || typeof left !== "object" || isList(left))
    return complain("MethodNotFound", "Not a date.")
  if (left._tag === "DateTime") {
    if (sign === -1) {
      const other = toDate(right)
      if (Result.isSuccess(other)) {
        return Result.succeed({ _tag: "TimeSpan", millis: left.at - other.success })
      }
    }
    const span = toTimeSpan(right)
    if (Result.isSuccess(span)) {
      const made = momentAt(left.at + sign * span.success)
      return Result.isSuccess(made)
        ? Result.succeed(made.success)
        : complain("ArgumentOutOfRangeException", made.failure)
    }
  }
  if (left._tag === "TimeSpan") {
    const span = toTimeSpan(right)
    if (Result.isSuccess(span)) {
      return Result.succeed({ _tag: "TimeSpan", millis: left.millis + sign * span.success })
    }
  }
  return complain(
    "MethodNotFound",
    `The operation '[${typeNameOf(left)}] ${sign === 1 ? "+" : "-"} [${typeNameOf(right)}]' is not defined.`,
  )
}

const minus = (left: Value, right: Value): Operated =>
  tagOf(left) === "DateTime" || tagOf(left) === "TimeSpan"
    ? shift(left, right, -1)
    : numbers("-", left, right, (a, b) => a - b)

const times = (left: Value, right: Value): Operated => {
  const count = toNumber(right)
  if (Result.isSuccess(count) && (typeof left === "string" || isList(left))) {
    const whole = Math.max(0, Math.trunc(count.success))
    if (typeof left === "string") {
      return left.length * whole > longestText
        ? tooLarge("string")
        : Result.succeed(left.repeat(whole))
    }
    return left.length * whole > longestList
      ? tooLarge("array")
      : Result.succeed(Array.from({ length: whole }, () => left).flat())
  }
  return numbers("*", left, right, (a, b) => a * b)
}

const divide = (operator: "/" | "%", left: Value, right: Value): Operated => {
  const divisor = toNumber(right)
  if (Result.isSuccess(divisor) && divisor.success === 0) {
    return complain("RuntimeException", "Attempted to divide by zero.")
  }
  return numbers(operator, left, right, (a, b) => (operator === "/" ? a / b : a % b))
}

const range = (left: Value, right: Value): Operated => {
  const [a, b] = [toNumber(left), toNumber(right)]
  if (Result.isFailure(a) || Result.isFailure(b)) {
    return complain("InvalidCastFromStringToInteger", "The range operator takes whole numbers.")
  }
  const [first, last] = [Math.round(a.success), Math.round(b.success)]
  const length = Math.abs(last - first) + 1
  if (length > longestList) return tooLarge("array")
  const step = last < first ? -1 : 1
  return Result.succeed(Array.from({ length }, (_, index) => first + index * step))
}

const format = (text: string, values: readonly Value[]): Operated => {
  const parts: string[] = []
  let rest = text
  while (rest !== "") {
    const match = /^(?:\{\{|\}\}|\{(\d{1,4})\}|[^{}]+)/.exec(rest)
    if (match === null) {
      return complain(
        "FormatError",
        "Error formatting a string: the twin knows placeholders such as {0} only.",
      )
    }
    const [piece, index] = match
    if (index !== undefined && Number(index) >= values.length) {
      return complain(
        "FormatError",
        "Error formatting a string: Index (zero based) must be greater than or equal to zero and less than the size of the argument list..",
      )
    }
    parts.push(
      index === undefined
        ? piece.replace(/^(\{\{|\}\})$/, (it) => it.charAt(0))
        : valueText(values[Number(index)] ?? null),
    )
    rest = rest.slice(piece.length)
  }
  const made = parts.join("")
  return made.length > longestText ? tooLarge("string") : Result.succeed(made)
}
