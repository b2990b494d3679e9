import { assert, describe, it } from "@effect/vitest"
import { newSession } from "@twin/powershell"
import { defaultAdministrator, makeTenant } from "@twin/tenant"
import { Effect } from "effect"
import { shellCommands } from "../../src/shell/commands.ts"
import { runLine } from "../../src/shell/runLine.ts"
import type { ShellSession } from "../../src/shell/ShellSession.ts"
import { textOf } from "../../src/text/Span.ts"
import { hostileTexts } from "../hostile.ts"

const fresh = Effect.gen(function* () {
  const tenant = yield* makeTenant({ seed: "1" })
  const session: ShellSession = {
    tenant,
    who: defaultAdministrator,
    console: newSession,
    history: [],
  }
  return session
})

/** Types lines one after the other; what the last one answers, as text. */
const typing = Effect.fnUntraced(function* (...lines: readonly string[]) {
  let session = yield* fresh
  let text = ""
  for (const line of lines) {
    const answer = yield* runLine(session, line, 100)
    session = answer.session
    text = answer.lines.map((it) => textOf(it).trimEnd()).join("\n")
  }
  return { session, text }
})

describe("the shell", () => {
  it.effect("runs cmdlets, and keeps variables from line to line", () =>
    Effect.gen(function* () {
      const { text } = yield* typing(
        "$level = 'Disabled'",
        "Set-SPOTenant -SharingCapability $level",
        "(Get-SPOTenant).SharingCapability",
      )
      assert.strictEqual(text, "Disabled")
    }),
  )

  it.effect("runs actions by the same rules, as the person who types", () =>
    Effect.gen(function* () {
      const { text } = yield* typing(
        "as alice",
        "SHARE-FILE -file 'Launch Plan.docx' -to pat@mailbox.example -scope users -role view",
      )
      assert.match(text, /^ALLOWED {2}share-file/)
      assert.match(text, /mail {3}pat@mailbox\.example: /)
      assert.match(text, /^link +: \S+/m)
    }),
  )

  it.effect("tells of a refused action gate by gate, once", () =>
    Effect.gen(function* () {
      const { text } = yield* typing(
        "as mallory",
        "share-file -File Forecast.xlsx -To pat@mailbox.example",
      )
      assert.match(text, /^REFUSED {2}share-file/)
      assert.match(text, /✗ /)
      assert.notInclude(text, "CategoryInfo")
    }),
  )

  it.effect("shows a refused cmdlet as PowerShell does, and why", () =>
    Effect.gen(function* () {
      const { text } = yield* typing("as alice", "Set-SPOTenant -SharingCapability Disabled")
      assert.include(text, "FullyQualifiedErrorId")
      assert.include(text, "✗ role")
    }),
  )

  it.effect("lets cmdlets come from PowerShell, and actions from the person's own client", () =>
    Effect.gen(function* () {
      const { session } = yield* typing(
        "Set-SPOTenant -SharingCapability Disabled",
        "as alice",
        "upload-file -Site launch -File New.txt -Content text",
      )
      const records = yield* session.tenant.records
      const last = records.slice(-2).map(({ operation, actor }) => [operation, actor.client.app])
      assert.deepStrictEqual(last, [
        ["Set-SPOTenant", "powershell"],
        ["upload-file", "browser"],
      ])
    }),
  )

  it.effect("takes a saved result as the input of the next action", () =>
    Effect.gen(function* () {
      const { text } = yield* typing(
        "as alice",
        "$link = share-file -File 'Press Kit.docx' -To zoe@outlook.com -Scope users -Role view",
        "as zoe",
        "open-file -Link $link.link",
      )
      assert.match(text, /^(ALLOWED|ASKED FOR MORE|REFUSED) {2}open-file/)
    }),
  )

  it.effect("goes on after whatever is wrong", () =>
    Effect.gen(function* () {
      for (const [line, expected] of [
        ["as nobody", "There is nobody called 'nobody'"],
        ["as", "Usage: as WHO"],
        ["wait a bit", "Usage: wait"],
        ["audit many", "Usage: audit"],
        ["explain pat", "Usage: explain"],
        ["explain pat dance Forecast.xlsx", "cannot be asked about 'dance'"],
        ["explain pat open Nothing.docx", "There is no 'Nothing.docx'"],
        ["fault nothing on", "no fault of this name"],
        ["fault code-mail-lost sideways", "Usage: fault"],
        ["help share-fil", "Did you mean share-file"],
        ["Get-Nonsense", "not recognized"],
        ["share-file", "missing mandatory parameters"],
        ["share-file -Nonsense 1", "parameter name 'Nonsense'"],
        ["'open", "terminator"],
        ["while (1) {}", "outside the subset"],
      ] as const) {
        const { text, session } = yield* typing(line)
        assert.include(text, expected, line)
        assert.strictEqual(session.who, defaultAdministrator)
      }
    }),
  )

  it.effect("moves the clock, switches faults, shows mail and audit", () =>
    Effect.gen(function* () {
      assert.include((yield* typing("wait 2 days")).text, "2026-09-03 08:00:00")
      assert.strictEqual((yield* typing("fault code-mail-lost on")).text, "code-mail-lost is on.")
      assert.include((yield* typing("fault")).text, "directory-outage")
      assert.strictEqual((yield* typing("mail pat")).text, "The mailbox is empty.")
      assert.include((yield* typing("audit 2")).text, "FileUploaded")
      assert.include((yield* typing("whoami")).text, "Global Administrator")
      assert.include((yield* typing("who pat")).text, "pat@mailbox.example")
      assert.strictEqual((yield* typing("who zebra")).text, "Nobody.")
    }),
  )

  it.effect("explains without leaving a trace", () =>
    Effect.gen(function* () {
      const { session, text } = yield* typing("explain pat open 'Launch Plan.docx'")
      assert.match(text, /^REFUSED/)
      const before = (yield* (yield* fresh).tenant.records).length
      assert.strictEqual((yield* session.tenant.records).length, before)
    }),
  )

  it.effect("helps: in general, with each word, with every operation", () =>
    Effect.gen(function* () {
      const { text } = yield* typing("help")
      for (const { name } of shellCommands) {
        assert.include(text, name)
        assert.notInclude((yield* typing(`help ${name}`)).text, "There is no help")
      }
      const one = (yield* typing("help Set-SPOTenant")).text
      assert.include(one, "-SharingCapability")
      assert.include(one, "ExistingExternalUserSharingOnly")
      assert.include(one, "SharePoint Administrator")
      assert.include((yield* typing("help actions")).text, "share-file")
      assert.include((yield* typing("help cmdlets")).text, "Set-SPOTenant")
    }),
  )

  it.effect("remembers what was typed", () =>
    Effect.gen(function* () {
      const { text } = yield* typing("whoami", "", "as alice", "history")
      assert.deepStrictEqual(text.split("\n"), ["   1  whoami", "   2  as alice", "   3  history"])
    }),
  )

  it.effect.each(Object.entries(hostileTexts))("survives %s", ([, text]) =>
    Effect.gen(function* () {
      for (const line of [text, `as '${text}`, `explain ${text} open x`, `help ${text}`]) {
        const answer = yield* runLine(yield* fresh, line, 60)
        assert.notStrictEqual(answer.isOver, true)
      }
    }),
  )
})
