import { Effect, Result } from "effect"
import { runAll, runScriptStatements } from "./execute.ts"
import type { HostFailure, Interpreter } from "./Interpreter.ts"
import { parse } from "./parse.ts"
import { renderError } from "./renderError.ts"
import { type Host, newSession, type ScriptRun, type Session } from "./Shell.ts"
import { scriptSource } from "./Source.ts"

/**
 * Runs a script against a host: it can do nothing but call the host's cmdlets. What cannot be read
 * is not begun; what fails while running is a message, and the next statement runs. The only
 * failures are those of the host itself.
 */
export const runScript = Effect.fn("powershell.runScript")(function* <R>(
  script: string,
  host: Host<R>,
  session: Session = newSession,
): Effect.fn.Return<ScriptRun, HostFailure, R> {
  const parsed = parse(script)
  if (Result.isFailure(parsed)) {
    const error = parsed.failure
    const messages = [{ _tag: "Failed", error, text: renderError(error) }] as const
    return { messages, output: [], session, isStopped: true }
  }
  const shell: Interpreter<R> = {
    host,
    script: scriptSource(script).script,
    variables: new Map(session.variables),
    messages: [],
    count: { steps: 0, draws: session.draws },
    specs: new Map(),
    rules: { runAll },
  }
  const ran = yield* Effect.result(runScriptStatements(shell, parsed.success.statements))
  // Errors of the script are messages by now: what is left is the stop, or the host's own failure.
  if (Result.isFailure(ran) && ran.failure._tag !== "ScriptStopped") {
    return yield* ran.failure._tag === "ScriptError" ? Effect.die(ran.failure) : ran.failure
  }
  return {
    messages: shell.messages,
    output: Result.isSuccess(ran) ? ran.success : [],
    session: { variables: new Map(shell.variables), draws: shell.count.draws },
    isStopped: Result.isFailure(ran),
  }
})
