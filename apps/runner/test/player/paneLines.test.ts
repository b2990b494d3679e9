import { assert, describe, it } from "@effect/vitest"
import type { AuditRecord } from "@twin/kernel"
import type { PlayerState } from "../../src/player/PlayerState.ts"
import { paneLines } from "../../src/player/paneLines.ts"
import { textOf } from "../../src/text/Span.ts"
import { mailTo, start, stateAt } from "./messages.ts"

const hour = 3_600_000

const withMails = (...mails: readonly ReturnType<typeof mailTo>[]): PlayerState => {
  const state = stateAt(2)
  return { ...state, pane: "mailboxes", stage: { ...state.stage, mails, now: start } }
}

const shown = (state: PlayerState) => paneLines(state, 80).map((it) => textOf(it).trimEnd())

describe("mailboxes", () => {
  it("shows what has arrived, with code and link", () => {
    const lines = shown(withMails(mailTo("pat@mailbox.example", { link: "abc" })))
    assert.deepStrictEqual(lines, [
      "✉ pat@mailbox.example",
      "",
      "  09-01 08:00  Your verification code",
      "  from no-reply@sharepointonline.com · verification-code",
      "    Enter the code below.",
      "    code  64268191",
      "    link  abc",
      "",
    ])
  })

  it("keeps what is on the way or lost closed: nobody can read it yet", () => {
    const { arrivesAt: _, ...lost } = mailTo("a@b.example")
    const text = shown(withMails(mailTo("a@b.example", { arrivesAt: start + hour }), lost)).join()
    assert.include(text, "still on the way")
    assert.include(text, "lost on the way")
    assert.notInclude(text, "64268191")
  })

  it("sorts by owner, and shows the newest mail first", () => {
    const text = shown(
      withMails(
        mailTo("zoe@outlook.com"),
        mailTo("alice@contoso.com", { subject: "first" }),
        mailTo("Alice@contoso.com", { subject: "second" }),
      ),
    ).join("\n")
    assert.match(text, /alice@contoso\.com[\s\S]*second[\s\S]*first[\s\S]*zoe@outlook\.com/)
  })

  it("opens only the mailbox of whose seat it is", () => {
    const state = withMails(mailTo("pat@mailbox.example"), mailTo("zoe@outlook.com"))
    for (const who of ["pat", "PAT@mailbox.example"]) {
      const seat = { who, parameter: "code" }
      const text = shown({ ...state, prompt: { kind: "seat", seat, text: "" } }).join("\n")
      assert.strictEqual(text.split("64268191").length, 2, who)
    }
  })
})

const record = (Operation: string): AuditRecord => ({
  Id: "1",
  RecordType: 14,
  CreationTime: "2026-09-01T08:00:00",
  Operation,
  OrganizationId: "o",
  UserType: 0,
  UserKey: "k",
  Workload: "SharePoint",
  UserId: "alice@contoso.com",
  ClientIP: "203.0.113.10",
  Scope: 0,
  ObjectId: "a file",
})

describe("the audit log", () => {
  const base = stateAt(2)
  const state: PlayerState = {
    ...base,
    pane: "audit",
    stage: { ...base.stage, audit: [record("First"), record("Second")] },
  }

  it("begins with the newest record", () => {
    assert.deepStrictEqual(shown(state), [
      "09-01 08:00  Second  alice@contoso.com",
      "    a file",
      "09-01 08:00  First  alice@contoso.com",
      "    a file",
    ])
  })

  it("shows every property when asked", () => {
    const text = shown({ ...state, hasDetails: true }).join("\n")
    for (const words of ["RecordType: 14", "Workload: SharePoint", "ClientIP: 203.0.113.10"]) {
      assert.include(text, words)
    }
  })
})

const notes = (beat: number) => shown(stateAt(beat, { pane: "notes" }))

describe("what only the presenter looks at", () => {
  it("says what comes next, and what the author noted", () => {
    assert.strictEqual(notes(0)[0], "Next  talk: The flow")
    assert.strictEqual(notes(1)[0], "Next  Alice shares the press kit")
    assert.strictEqual(notes(4)[0], "Next  the end")
    assert.include(notes(1).join("\n"), "Take the seat of the recipient.")
  })

  it("marks in the agenda what was done, what is on, what is to come", () => {
    assert.deepStrictEqual(shown(stateAt(3, { pane: "agenda" })), [
      "1  The flow",
      "   ● Alice shares the press kit",
      "   ▶ Question to the audience",
      "",
      "2  What holds",
      "   ○ What must hold",
    ])
    assert.include(shown(stateAt(5, { pane: "agenda" })).join("\n"), "✗ What must hold")
  })
})
