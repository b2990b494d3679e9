import { Result } from "effect"
import type { Complaint } from "./ScriptError.ts"

/** An operator that cannot be applied. */
export const complain = (
  errorId: string,
  message: string,
  exception = "RuntimeException",
): Result.Result<never, Complaint> =>
  Result.fail({
    errorId,
    message,
    category: "InvalidOperation",
    exception,
  })

/** What an operator would make is more than the twin holds. */
export const tooLarge = (what: string): Result.Result<never, Complaint> =>
  Result.fail({
    errorId: "ScriptTooComplicated",
    message: `The ${what} grows too large for the twin.`,
    category: "LimitsExceeded",
    exception: "InsufficientMemoryException",
  })
