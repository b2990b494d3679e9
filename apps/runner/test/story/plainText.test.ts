import { assert, describe, it } from "@effect/vitest"
import type { Message } from "@twin/scenario"
import { originOf } from "../../src/story/messageLines.ts"
import { plainText } from "../../src/story/plainText.ts"
import { textWidth } from "../../src/text/textWidth.ts"
import { controlCharacter, hostileTexts } from "../hostile.ts"
import { mailTo, opening, refused, steps } from "../player/messages.ts"

const isTrace = ({ _tag }: Message) => _tag === "MailSent" || _tag === "AuditWritten"
const all = [opening, ...steps.flat()]
const short = { hasDetails: false, origin: "cmdlet" } as const

describe("plain text", () => {
  it("tells the story from top to bottom", () => {
    const text = all.map((it) => plainText(it, short)).join("")
    assert.strictEqual(
      text,
      `Sharing with a journalist
=========================
level 200 · 45 minutes · seed 1 · begins 2026-09-01 08:00:00 UTC

What protects content once it has left.

drawn from  a paper

1  The flow
-----------

A code proves the mailbox.

1.1  Alice shares the press kit
alice@contoso.com

› share-file  file: Press Kit.docx
    REFUSED  share-file
    ├ ✓ 5 gates passed          item-present, lock-state, permission, link-kind, domain-limit
    └ ✗ external-sharing-level  The sharing level does not admit this recipient.
      says    AccessDenied  Your organization does not allow this.
    mail   pat@mailbox.example: Your verification code · code 64268191
    audit  SharingSet by alice@contoso.com (SharePoint)
    id: 1
    link: abc

1.2  Question to the audience
alice@contoso.com
    POLL   May Pat open it?

        1  Yes, at once
        2  Only with a code
      ✓ 3  No

    ├ ✓ 5 gates passed          item-present, lock-state, permission, link-kind, domain-limit
    └ ✗ external-sharing-level  The sharing level does not admit this recipient.

2  What holds
-------------

2.1  What must hold
alice@contoso.com

› share-file  file: Press Kit.docx
    FAILS  Alice is told
           no such mail
    HOLDS  Pat reads nothing
           deny by external-sharing-level · SPO-003

✗ Not everything held: 1 held, 1 failed.
`,
    )
  })

  it("shows what was printed or looked up; what an act hands on only in detail", () => {
    const output: Message = { _tag: "OutputPrinted", section: 0, step: 0, text: "id: 1" }
    assert.strictEqual(plainText(output, { hasDetails: false, origin: "cmdlet" }), "    id: 1\n")
    assert.strictEqual(plainText(output, { hasDetails: false, origin: "look" }), "    id: 1\n\n")
    assert.strictEqual(plainText(output, { hasDetails: false, origin: "act" }), "")
    assert.strictEqual(plainText(output, { hasDetails: true, origin: "act" }), "    id: 1\n\n")
  })

  it("knows an act by its trace", () => {
    const [act = []] = steps
    assert.strictEqual(originOf(act), "act")
    assert.strictEqual(originOf(act.filter((it) => !isTrace(it))), "look")
    assert.strictEqual(originOf(steps[1] ?? []), "cmdlet")
    assert.strictEqual(originOf([opening]), "cmdlet")
  })

  it.each(Object.entries(hostileTexts))("lets nothing through of %s", (_, text) => {
    const messages: readonly Message[] = [
      { ...opening, title: text, abstract: text } as Message,
      { _tag: "SectionStarted", section: 0, title: text, talk: text },
      { _tag: "OutputPrinted", section: 0, step: 0, text },
      { _tag: "WarningGiven", section: 0, step: 0, text },
      { _tag: "StepFailed", section: 0, step: 0, error: { id: text, message: text } },
      { _tag: "MailSent", section: 0, step: 0, mail: mailTo(`x${text}`, { subject: text }) },
      {
        _tag: "PollAnswered",
        section: 0,
        step: 0,
        round: { question: text, choices: [text, text], right: 1, decision: refused },
      },
    ]
    for (const message of messages) {
      for (const line of plainText(message, short).split("\n")) {
        assert.notMatch(line, controlCharacter)
        assert.isAtMost(textWidth(line), 100)
      }
    }
  })
})
