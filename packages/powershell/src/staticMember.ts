import { Result } from "effect"
import { toDate, toGuid, toNumber } from "./convert.ts"
import { complain } from "./operatorFailure.ts"
import type { Complaint } from "./ScriptError.ts"
import type { Value } from "./Value.ts"
import { valueText } from "./valueText.ts"

type Invoked = Result.Result<Value, Complaint>

/** `[type]::Name`, by the key of `staticKey`. What depends on time or chance comes from outside. */
export const staticMember = (
  key: string,
  given: readonly Value[],
  world: { readonly now: number; readonly guid: string },
): Invoked => {
  const [first = null] = given
  const spans: Readonly<Record<string, number>> = {
    "timespan::fromdays()": 86_400_000,
    "timespan::fromhours()": 3_600_000,
    "timespan::fromminutes()": 60_000,
    "timespan::fromseconds()": 1_000,
  }
  const unit = Object.hasOwn(spans, key) ? spans[key] : undefined
  if (unit !== undefined) {
    return failing(
      Result.map(toNumber(first), (count): Value => ({ _tag: "TimeSpan", millis: count * unit })),
    )
  }
  switch (key) {
    case "datetime::now":
    case "datetime::utcnow":
      return Result.succeed({ _tag: "DateTime", at: world.now })
    case "datetime::today":
      return Result.succeed({ _tag: "DateTime", at: world.now - (world.now % 86_400_000) })
    case "datetime::parse()":
      return failing(Result.map(toDate(first), (at): Value => ({ _tag: "DateTime", at })))
    case "guid::empty":
      return Result.succeed("00000000-0000-0000-0000-000000000000")
    case "guid::newguid()":
      return Result.succeed(world.guid)
    case "guid::parse()":
      return failing(toGuid(first))
    case "int::maxvalue":
      return Result.succeed(2_147_483_647)
    case "long::maxvalue":
      return Result.succeed(Number.MAX_SAFE_INTEGER)
    case "string::empty":
      return Result.succeed("")
    case "string::isnullorempty()":
      return Result.succeed(valueText(first) === "")
    case "string::isnullorwhitespace()":
      return Result.succeed(valueText(first).trim() === "")
    default:
      return complain("MethodNotFound", `The twin does not know [${key}].`)
  }
}

const failing = (result: Result.Result<Value, string>): Invoked =>
  Result.isSuccess(result)
    ? Result.succeed(result.success)
    : complain("MethodInvocationException", result.failure, "MethodInvocationException")
