import { newSession } from "@twin/powershell"
import { makePlay } from "@twin/scenario"
import { defaultAdministrator, makeTenant, tenantComposition, whoIsThere } from "@twin/tenant"
import { Effect } from "effect"
import { InputUnusable } from "../exitCodes.ts"
import { print, say } from "../output.ts"
import { isOnlyAnId, shortName } from "../story/shortName.ts"
import { loadScenario } from "../tasks/loadScenario.ts"
import { isInteractive, isPerson, paintOf, terminalColumns } from "../terminal.ts"
import { painted } from "../text/painted.ts"
import type { Line } from "../text/Span.ts"
import { completeLine, type Vocabulary } from "./completeLine.ts"
import { isUnfinished } from "./isUnfinished.ts"
import { makeLineSource } from "./lineSource.ts"
import { continuationPrompt, greeting, promptOf, runLine } from "./runLine.ts"
import type { ShellSession } from "./ShellSession.ts"

export interface ShellOptions {
  /** Begin where this scenario ends; with a fresh tenant if absent. */
  readonly scenario: string | undefined
  /** A new SQLite file that keeps what happens. */
  readonly journal: string | undefined
  readonly seed: string
}

/** A session: reads lines, runs them, prints what they answer, until somebody leaves. */
export const runShell = (options: ShellOptions) => Effect.scoped(session(options))

const session = Effect.fn("runShell")(function* (options: ShellOptions) {
  const isTerminal = isInteractive()
  const isTyped = isPerson()
  let current: ShellSession = yield* start(options)
  let vocabulary = yield* wordsOf(current)
  const source = yield* makeLineSource({
    isPerson: isTyped,
    isTerminal,
    complete: (line) => completeLine(line, vocabulary),
  })
  if (isTyped) yield* show(greeting(current.who))
  let pending = ""
  for (;;) {
    yield* source.prompt(pending === "" ? promptOf(current) : continuationPrompt)
    const typed = yield* source.next
    if (typed.kind === "abandoned") {
      yield* print("\n")
      pending = ""
      continue
    }
    const isEnd = typed.kind === "end"
    const text = isEnd ? pending : pending === "" ? typed.text : `${pending}\n${typed.text}`
    // An empty line says that there is no more to come.
    const isForced = isEnd || (isTyped && typed.text.trim() === "")
    if (!isForced && isUnfinished(text)) {
      pending = text
      continue
    }
    pending = ""
    const answer = yield* runLine(current, text, terminalColumns())
    yield* show(answer.lines)
    if (isEnd || answer.isOver === true) break
    current = answer.session
    if (isTerminal) vocabulary = yield* wordsOf(current)
  }
})

const show = (lines: readonly Line[]): Effect.Effect<void> =>
  print(lines.map((it) => `${painted(it, paintOf())}\n`).join(""))

const unusable = ({ message }: { readonly message: string }) =>
  new InputUnusable({ problem: message })

/** The tenant that is typed against. */
const start = Effect.fnUntraced(function* ({ scenario, journal: file, seed }: ShellOptions) {
  const journal = file === undefined ? undefined : yield* openJournal(file)
  const kept = { seed, ...(journal === undefined ? {} : { journal }) }
  const who = defaultAdministrator
  if (scenario === undefined) {
    const tenant = yield* makeTenant(kept).pipe(Effect.mapError(unusable))
    const fresh: ShellSession = { tenant, who, console: newSession, history: [] }
    return fresh
  }
  const loaded = yield* loadScenario(scenario)
  return yield* Effect.gen(function* () {
    const play = yield* makePlay(loaded, kept)
    while ((yield* play.position) < play.steps.length) yield* play.forward()
    const { variables } = yield* play.memory
    yield* say(`${loaded.scenario.title}: played to its end.`)
    const played: ShellSession = {
      tenant: yield* play.tenant,
      who,
      console: variables,
      history: [],
    }
    return played
  }).pipe(Effect.mapError(unusable))
})

/** A file of its own for each session: keys are never journalled, so that nobody could go on. */
const openJournal = Effect.fnUntraced(function* (file: string) {
  const { openSqliteJournal } = yield* Effect.promise(() => import("@twin/kernel/SqliteJournal"))
  const journal = yield* openSqliteJournal(file).pipe(Effect.mapError(unusable))
  const records = yield* Effect.orDie(journal.records)
  if (records.length > 0) {
    return yield* new InputUnusable({
      problem: `${file}: this journal has ${records.length} records of another session; choose a new file`,
    })
  }
  return journal
})

/** What completion can offer at this moment. */
const wordsOf = Effect.fnUntraced(function* ({ tenant }: ShellSession) {
  const world = yield* tenant.world
  const { operations, questions, faults } = tenantComposition
  const words: Vocabulary = {
    operations: [...operations.values()],
    people: whoIsThere(world),
    actions: questions.map(({ action }) => action),
    things: questions
      .flatMap((it) => it.subjects(world))
      .flatMap((it) => (isOnlyAnId(it) ? [] : [shortName(it), it])),
    faults: faults.map(({ name }) => name),
  }
  return words
})
