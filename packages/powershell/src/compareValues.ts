import { Result } from "effect"
import { toDate, toNumber, toTimeSpan } from "./convert.ts"
import { matchPattern, workLimit } from "./matchPattern.ts"
import { complain, tooLarge } from "./operatorFailure.ts"
import { caseOf } from "./operators.ts"
import type { Complaint } from "./ScriptError.ts"
import { isList, tagOf, type Value } from "./Value.ts"
import { isTrue, typeNameOf, valueText } from "./valueText.ts"
import { isLike } from "./wildcard.ts"

/** Comparisons of a list pick out its members; of anything else they answer yes or no. */
export const compareValues = (
  operator: string,
  left: Value,
  right: Value,
): Result.Result<Value, Complaint> => {
  const { base, isExact } = caseOf(operator)
  switch (base) {
    case "-contains":
    case "-notcontains":
    case "-in":
    case "-notin": {
      const isIn = base === "-in" || base === "-notin"
      const [list, item] = isIn ? [right, left] : [left, right]
      const found = (isList(list) ? list : [list]).some((it) => areEqual(it, item, isExact))
      return Result.succeed(found !== base.startsWith("-not"))
    }
    default: {
      if (!isList(left)) return test(base, left, right, isExact)
      const kept: Value[] = []
      for (const item of left) {
        const result = test(base, item, right, isExact)
        if (Result.isFailure(result)) return Result.fail(result.failure)
        if (result.success) kept.push(item)
      }
      return Result.succeed(kept)
    }
  }
}

const test = (
  base: string,
  left: Value,
  right: Value,
  isExact: boolean,
): Result.Result<boolean, Complaint> => {
  switch (base) {
    case "-eq":
      return Result.succeed(areEqual(left, right, isExact))
    case "-ne":
      return Result.succeed(!areEqual(left, right, isExact))
    case "-like":
    case "-notlike": {
      const [text, pattern] = [valueText(left), valueText(right)]
      if (text.length * pattern.length > workLimit) return tooLarge("comparison")
      return Result.succeed(isLike(text, pattern, isExact) !== (base === "-notlike"))
    }
    case "-match":
    case "-notmatch": {
      const pattern = valueText(right)
      const found = matchPattern(pattern, valueText(left), isExact)
      return Result.isSuccess(found)
        ? Result.succeed(found.success !== (base === "-notmatch"))
        : complain(
            "InvalidRegularExpression",
            `The regular expression pattern ${pattern.slice(0, 200)} is not valid: ${found.failure}.`,
          )
    }
    default:
      return Result.map(order(left, right, isExact), (sign) => {
        switch (base) {
          case "-gt":
            return sign > 0
          case "-ge":
            return sign >= 0
          case "-lt":
            return sign < 0
          default:
            return sign <= 0
        }
      })
  }
}

const folded = (text: string, isExact: boolean): string => (isExact ? text : text.toLowerCase())

/** The right side is taken for what the left side is; what cannot be is different. */
export const areEqual = (left: Value, right: Value, isExact = false): boolean => {
  if (left === null || right === null) return left === right
  if (typeof left === "boolean") return left === isTrue(right)
  if (typeof left === "number") {
    const other = toNumber(right)
    return Result.isSuccess(other) && other.success === left
  }
  if (tagOf(left) === "DateTime" || tagOf(left) === "TimeSpan") {
    const sign = order(left, right, isExact)
    return Result.isSuccess(sign) && sign.success === 0
  }
  return folded(valueText(left), isExact) === folded(valueText(right), isExact)
}

/** Below, at or above zero; a failure where the two cannot be compared. */
export const order = (
  left: Value,
  right: Value,
  isExact = false,
): Result.Result<number, Complaint> => {
  if (typeof left === "number" || typeof left === "boolean" || left === null) {
    const [a, b] = [toNumber(left), toNumber(right)]
    return Result.isSuccess(a) && Result.isSuccess(b)
      ? Result.succeed(Math.sign(a.success - b.success))
      : notComparable(left, right)
  }
  if (tagOf(left) === "DateTime" || tagOf(left) === "TimeSpan") {
    const convert = tagOf(left) === "DateTime" ? toDate : toTimeSpan
    const [a, b] = [convert(left), convert(right)]
    return Result.isSuccess(a) && Result.isSuccess(b)
      ? Result.succeed(Math.sign(a.success - b.success))
      : notComparable(left, right)
  }
  const [a, b] = [folded(valueText(left), isExact), folded(valueText(right), isExact)]
  return Result.succeed(a < b ? -1 : a > b ? 1 : 0)
}

const notComparable = (left: Value, right: Value): Result.Result<never, Complaint> =>
  complain(
    "ComparisonFailure",
    `Could not compare "${valueText(left)}" to "${valueText(right)}". The two are of different types: ${typeNameOf(left)} and ${typeNameOf(right)}.`,
  )
