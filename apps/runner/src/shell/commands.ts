import { DurationText, durationMillis } from "@twin/scenario"
import { tenantComposition, whoIsThere } from "@twin/tenant"
import { Effect, Schema } from "effect"
import { auditLines } from "../story/auditLines.ts"
import {
  decisionLines,
  gateChain,
  outcomeWords,
  rightsLines,
  timeText,
} from "../story/decisionLines.ts"
import { mailLines } from "../story/mailLines.ts"
import { type Line, line, span } from "../text/Span.ts"
import { fit } from "../text/textWidth.ts"
import { hanging } from "../text/wrap.ts"
import { operationHelp, operationList, overview, unknownName } from "./helpLines.ts"
import type { ShellCommand } from "./ShellCommand.ts"
import { LineRefused, type ShellAnswer, type ShellSession } from "./ShellSession.ts"

const answer = (session: ShellSession, lines: readonly Line[]): ShellAnswer => ({ session, lines })

const usage = (command: string): LineRefused => new LineRefused({ problem: `Usage: ${command}` })

const whoami = Effect.fnUntraced(function* (session: ShellSession) {
  const { id, kind, roles } = yield* session.tenant.actor(session.who)
  return answer(session, [
    line(`${id}, ${kind}${roles.length === 0 ? "" : `: ${roles.join(", ")}`}`),
  ])
})

const as: ShellCommand["run"] = Effect.fnUntraced(function* ([who, ...rest], session) {
  if (who === undefined || rest.length > 0) return yield* usage("as WHO")
  const { id } = yield* session.tenant.actor(who)
  return yield* whoami({ ...session, who: id })
})

/** More people than this are not listed without a word to look for. */
const mostPeople = 40

const who: ShellCommand["run"] = Effect.fnUntraced(function* ([text = ""], session) {
  const { tenant } = session
  const all = whoIsThere(yield* tenant.world).filter((it) =>
    it.toLowerCase().includes(text.toLowerCase()),
  )
  const lines = yield* Effect.forEach(all.slice(0, mostPeople), (name) =>
    Effect.map(
      tenant.actor(name),
      ({ id, kind, roles }): Line => [
        span(fit(id, 32), "accent"),
        span(` ${fit(kind, 20)} `, "soft"),
        span(roles.join(", ")),
      ],
    ),
  )
  const more = all.length - lines.length
  const hint = more > 0 ? [line(`${more} more: who TEXT looks for a name.`, "soft")] : []
  return answer(session, lines.length === 0 ? [line("Nobody.", "soft")] : [...lines, ...hint])
})

const mail: ShellCommand["run"] = Effect.fnUntraced(function* ([name], session, columns) {
  const { tenant } = session
  const mails = yield* tenant.mailbox(name ?? session.who)
  const now = yield* tenant.now
  return answer(
    session,
    mails.length === 0
      ? [line("The mailbox is empty.", "soft")]
      : mails.flatMap((it) => mailLines(it, columns, now)),
  )
})

const audit: ShellCommand["run"] = Effect.fnUntraced(function* ([text = "20"], session, columns) {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) return yield* usage("audit [HOW MANY]")
  const records = (yield* session.tenant.records).flatMap((it) => it.audit)
  return answer(
    session,
    records.length === 0
      ? [line("The unified audit log is empty so far.", "soft")]
      : records.slice(-count).flatMap((it) => auditLines(it, columns, false)),
  )
})

const isDuration = Schema.is(DurationText)

const wait: ShellCommand["run"] = Effect.fnUntraced(function* (words, session, columns) {
  const text = words.join(" ")
  if (!isDuration(text)) return yield* usage("wait 15 minutes (or seconds, hours, days, weeks)")
  const { tenant } = session
  const passed = yield* tenant.advance(durationMillis(text))
  const now = yield* tenant.now
  return answer(session, [
    ...passed.flatMap(({ operation, at, decision }) =>
      decisionLines(`${operation}, ${timeText(at)} UTC`, decision, undefined, {
        columns,
        hasDetails: false,
      }),
    ),
    line(`It is ${timeText(now)} UTC.`),
  ])
})

const explain: ShellCommand["run"] = Effect.fnUntraced(function* (words, session, columns) {
  const [name, action, ...thing] = words
  if (name === undefined || action === undefined || thing.length === 0) {
    return yield* usage("explain WHO ACTION THING")
  }
  const decision = yield* session.tenant.explain({ who: name, action, on: thing.join(" ") })
  const [text, tone] = outcomeWords[decision.outcome]
  return answer(session, [
    line(text, tone),
    ...gateChain(decision, { columns, hasDetails: true }),
    ...rightsLines(decision, columns),
  ])
})

const fault: ShellCommand["run"] = Effect.fnUntraced(function* ([name, state], session, columns) {
  const { tenant } = session
  if (name === undefined) {
    return answer(
      session,
      tenantComposition.faults.flatMap((it) =>
        hanging([span(fit(it.name, 32), "accent")], it.summary, columns),
      ),
    )
  }
  if (state !== "on" && state !== "off") return yield* usage("fault [NAME on|off]")
  const system = yield* tenant.actor("system")
  const { decision } = yield* tenant.call(system, "switch-fault", {
    fault: name,
    on: state === "on",
  })
  return answer(
    session,
    decision.outcome === "allow"
      ? [line(`${name} is ${state}.`)]
      : gateChain(decision, { columns, hasDetails: true }),
  )
})

const help: ShellCommand["run"] = Effect.fnUntraced(function* ([name, ...rest], session, columns) {
  if (rest.length > 0) return yield* usage("help [NAME]")
  const topic = name?.toLowerCase()
  if (topic === undefined) return answer(session, overview(shellCommands, columns))
  if (topic === "actions") return answer(session, operationList("action", columns))
  if (topic === "cmdlets") return answer(session, operationList("cmdlet", columns))
  const own = shellCommands.find((it) => it.name === topic)
  const lines =
    own === undefined
      ? operationHelp(topic, columns)
      : hanging(line(`${own.usage}  `, "accent"), own.summary, columns)
  return lines === undefined
    ? yield* new LineRefused({ problem: unknownName(name ?? "", shellCommands) })
    : answer(session, lines)
})

const history: ShellCommand["run"] = (_, session, columns) =>
  Effect.succeed(
    answer(
      session,
      session.history.flatMap((text, index) =>
        hanging(line(`${String(index + 1).padStart(4)}  `, "soft"), text, columns),
      ),
    ),
  )

const exit: ShellCommand["run"] = (_, session) =>
  Effect.succeed({ session, lines: [], isOver: true })

/** The shell's own words. Help and completion are made from this table. */
export const shellCommands: readonly ShellCommand[] = [
  { name: "as", usage: "as WHO", summary: "Go on as somebody else", takes: ["person"], run: as },
  {
    name: "whoami",
    usage: "whoami",
    summary: "Who types, and with which roles",
    takes: [],
    run: (_, session) => whoami(session),
  },
  { name: "who", usage: "who [TEXT]", summary: "Who is there", takes: [], run: who },
  {
    name: "mail",
    usage: "mail [WHO]",
    summary: "The mailbox of whoever types, or of somebody else",
    takes: ["person"],
    run: mail,
  },
  {
    name: "audit",
    usage: "audit [HOW MANY]",
    summary: "The last records of the unified audit log",
    takes: [],
    run: audit,
  },
  {
    name: "wait",
    usage: "wait 1 hour",
    summary: "Moves the clock; what falls due on the way happens",
    takes: [],
    run: wait,
  },
  {
    name: "explain",
    usage: "explain WHO ACTION THING",
    summary: "May they, and why? Leaves no trace",
    takes: ["person", "action", "thing"],
    run: explain,
  },
  {
    name: "fault",
    usage: "fault [NAME on|off]",
    summary: "Switches a disturbance on or off; alone, what there is",
    takes: ["fault", "switch"],
    run: fault,
  },
  {
    name: "help",
    usage: "help [NAME]",
    summary: "This; about one cmdlet or action; help cmdlets and help actions list them",
    takes: ["name"],
    run: help,
  },
  {
    name: "history",
    usage: "history",
    summary: "What was typed so far; the arrow up brings it back",
    takes: [],
    run: history,
  },
  { name: "exit", usage: "exit", summary: "Leaves; so does Ctrl-D", takes: [], run: exit },
]

/** The shell's own word that a line begins with; undefined where it is PowerShell. */
export const shellCommandOf = (name: string): ShellCommand | undefined => {
  const wanted = name.toLowerCase()
  return shellCommands.find((it) => it.name === (wanted === "quit" ? "exit" : wanted))
}
