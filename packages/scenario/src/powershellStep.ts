import type { CallResult, OutputObject } from "@twin/kernel"
import {
  collected,
  entriesOf,
  fromOutput,
  type Host,
  newSession,
  parse,
  printedText,
  runScript,
  type ScriptRun,
  type Session,
  toJson,
  variableName,
  variablesOf,
} from "@twin/powershell"
import { defaultAdministrator, type Tenant, tenantComposition } from "@twin/tenant"
import { Effect, Result, type Schema } from "effect"
import { fail, failWith, type Recorder, record } from "./recorder.ts"
import type { PowershellStep } from "./Scenario.ts"

interface Console {
  readonly tenant: Tenant
  readonly script: string
  /** Who types. */
  readonly as: string
  readonly variables: Session
  /** Results that earlier steps saved: `$name` in the script. */
  readonly saved?: Readonly<Record<string, OutputObject>>
}

interface Ran {
  readonly run: ScriptRun
  /** The answers of the tenant, in the order of the calls. */
  readonly answers: readonly CallResult[]
  readonly actor: Effect.Success<ReturnType<Tenant["actor"]>>
}

/** Runs lines as somebody at a PowerShell console; errors of the script are part of the result. */
const runConsole = Effect.fnUntraced(function* ({ tenant, script, as, variables, saved }: Console) {
  const actor = yield* tenant.actor(as, { app: "powershell" })
  const answers: CallResult[] = []
  const host: Host = {
    operations: tenantComposition.operations,
    now: tenant.now,
    call: (operation, params) =>
      Effect.tap(tenant.call(actor, operation, params), (answer) =>
        Effect.sync(() => {
          answers.push(answer)
        }),
      ),
  }
  const given = entriesOf(
    Object.entries(saved ?? {}).map(([name, row]) => [name, fromOutput(row)] as const),
  )
  const session = { ...variables, variables: new Map([...variables.variables, ...given]) }
  const run = yield* runScript(script, host, session)
  const result: Ran = { run, answers, actor }
  return result
})

/** Plays a step of cmdlet lines. A refused cmdlet is a decision; other errors fail the step. */
export const runPowershellStep = Effect.fnUntraced(function* (
  tenant: Tenant,
  body: typeof PowershellStep.Type,
  recorder: Recorder,
) {
  const { variables, saved } = recorder.memory
  const ran = yield* Effect.result(
    runConsole({
      tenant,
      script: body.powershell,
      as: body.as ?? defaultAdministrator,
      variables,
      saved,
    }),
  )
  if (Result.isFailure(ran)) return yield* failWith(recorder, ran.failure)
  const { run, answers, actor } = ran.success
  const left = [...answers]
  let isRefused = false
  for (const message of run.messages) {
    switch (message._tag) {
      case "Called": {
        const answer = left.shift()
        isRefused = message.decision.outcome !== "allow"
        // Warnings come as messages of their own, in their place.
        if (answer !== undefined) {
          const { operation } = message
          record(recorder, { operation, actor, answer: { ...answer, warnings: [] } })
        }
        break
      }
      case "Printed":
        recorder.messages.push({ _tag: "OutputPrinted", ...recorder.at, text: message.text })
        break
      case "Warned": {
        const text = message.text.replace(/^WARNING: /, "")
        recorder.messages.push({ _tag: "WarningGiven", ...recorder.at, text })
        break
      }
      case "Failed":
        if (isRefused) {
          recorder.messages.push({ _tag: "OutputPrinted", ...recorder.at, text: message.text })
        } else {
          const { errorId, message: words, span } = message.error
          fail(recorder, { id: errorId, message: `${words} (line ${span.line})` })
        }
        isRefused = false
        break
    }
  }
  recorder.memory = { ...recorder.memory, variables: run.session }
})

/** Lines without a step around them: the player's fork, a pane. All that the console shows. */
export const runLines = Effect.fn("runLines")(function* (lines: Console) {
  const { run } = yield* runConsole(lines)
  return { text: printedText(run), variables: run.session }
})

/** Sets a scenario's tenant up; anything but success is a mistake of the file. */
export const runSetup = Effect.fn("runSetup")(function* (tenant: Tenant, script: string) {
  const { run } = yield* runConsole({
    tenant,
    script,
    as: defaultAdministrator,
    variables: newSession,
  })
  const failed = run.messages.find((it) => it._tag === "Failed")
  return failed === undefined ? undefined : failed.text
})

interface Reading {
  readonly tenant: Tenant
  readonly expression: string
  /** Who types; the administrator unless given. */
  readonly as: string | undefined
  readonly variables: Session
  /** Results that earlier steps saved: `$name` in the expression. */
  readonly saved: Readonly<Record<string, OutputObject>>
}

/** What an expression is worth, as plain data; or why it cannot be read. Tried on a copy. */
export const readValue = Effect.fnUntraced(function* (reading: Reading) {
  const { tenant, expression, as = defaultAdministrator, variables, saved } = reading
  const missing = missingProperty(expression, saved)
  const problem: Result.Result<Schema.Json, string> = Result.fail(missing ?? "")
  if (missing !== undefined) return problem
  const console = { tenant: yield* tenant.copy, script: expression, as, variables, saved }
  const ran = yield* runConsole(console)
  const failed = ran.run.messages.find((it) => it._tag === "Failed")
  const value: Result.Result<Schema.Json, string> =
    failed === undefined
      ? Result.succeed(toJson(collected(ran.run.output)))
      : Result.fail(failed.text.split("\n")[0] ?? failed.text)
  return value
})

/** PowerShell reads `$null` from a property that is not there; an expectation must not. */
const missingProperty = (
  expression: string,
  saved: Readonly<Record<string, OutputObject>>,
): string | undefined => {
  const parsed = parse(expression)
  if (Result.isFailure(parsed)) return undefined
  for (const { variable, path } of variablesOf(parsed.success).read) {
    const name = Object.keys(saved).find((it) => it.toLowerCase() === variableName(variable))
    let at: Schema.Json | undefined = name === undefined ? undefined : saved[name]
    for (const [depth, key] of path.entries()) {
      // Lists and texts have members of their own.
      if (!isRow(at)) break
      const own: string | undefined = Object.keys(at).find(
        (it) => it.toLowerCase() === key.toLowerCase(),
      )
      if (own === undefined) {
        const { line, column } = variable.span
        const whole = [variable.name, ...path.slice(0, depth)].join(".")
        return (
          `line ${line}, character ${column}: $${whole} has no property '${key}'; ` +
          `it has ${Object.keys(at).toSorted().join(", ")}`
        )
      }
      at = at[own]
    }
  }
  return undefined
}

const isRow = (value: Schema.Json | undefined): value is OutputObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)
