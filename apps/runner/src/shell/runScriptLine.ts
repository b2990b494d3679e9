import { type CallResult, type OperationInfo, refusalOf } from "@twin/kernel"
import { type Host, runScript, type ShellMessage } from "@twin/powershell"
import { tenantComposition } from "@twin/tenant"
import { Effect } from "effect"
import { decisionLines, gateChain } from "../story/decisionLines.ts"
import { mailNotice } from "../story/mailLines.ts"
import { emptyLine, type Line } from "../text/Span.ts"
import { textLines } from "../text/wrap.ts"
import type { ShellAnswer, ShellSession } from "./ShellSession.ts"

/** To PowerShell everything is a cmdlet: actions are bound by the same rules from the same table. */
const everyOperation: ReadonlyMap<string, OperationInfo> = new Map(
  [...tenantComposition.operations].map(([name, it]) => [name, { ...it, kind: "cmdlet" }]),
)

/**
 * Runs a line (or several) of cmdlets and actions as the person who types. What an action was
 * answered shows gate by gate; a cmdlet prints what it prints, and its gates where it was refused.
 */
export const runScriptLine = Effect.fnUntraced(function* (
  session: ShellSession,
  script: string,
  columns: number,
) {
  const { tenant, who } = session
  const answers: CallResult[] = []
  const host: Host = {
    operations: everyOperation,
    now: tenant.now,
    width: columns,
    call: (operation, params) =>
      Effect.gen(function* () {
        // Asked anew for each call: roles may have changed since the last one.
        const using = isAction(operation) ? {} : ({ app: "powershell" } as const)
        const actor = yield* Effect.orDie(tenant.actor(who, using))
        const answer = yield* tenant.call(actor, operation, params)
        answers.push(answer)
        return answer
      }),
  }
  const run = yield* runScript(script, host, session.console)
  const result: ShellAnswer = {
    session: { ...session, console: run.session },
    lines: run.messages.flatMap(linesOf(answers, columns)),
  }
  return result
})

const isAction = (operation: string): boolean =>
  tenantComposition.operations.get(operation.toLowerCase())?.kind === "action"

/** The lines of each message of a run, one after the other; calls take their answers in order. */
const linesOf = (answers: readonly CallResult[], columns: number) => {
  const left = [...answers]
  const view = { columns, hasDetails: false }
  // Why the call before was refused: the words of the service come first, for a cmdlet as an error.
  let why: readonly Line[] | undefined
  return (message: ShellMessage): readonly Line[] => {
    switch (message._tag) {
      case "Called": {
        const answer = left.shift()
        const { decision } = message
        const mails = (answer?.record?.mail ?? []).flatMap((mail) => mailNotice(mail, columns))
        const isRefused = decision.outcome !== "allow"
        if (isAction(message.operation)) {
          why = isRefused ? [] : undefined
          return [
            ...decisionLines(message.operation, decision, refusalOf(decision), view),
            ...mails,
            emptyLine,
          ]
        }
        why = isRefused ? gateChain(decision, view) : undefined
        return mails
      }
      case "Failed": {
        const reasons = why
        why = undefined
        // The decision of an action has said it already.
        if (reasons?.length === 0) return []
        return [...textLines(message.text, columns, "bad"), ...(reasons ?? [])]
      }
      case "Warned":
        return textLines(message.text, columns, "ask")
      case "Printed":
        return textLines(message.text, columns)
    }
  }
}
