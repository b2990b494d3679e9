import { stripVTControlCharacters } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import type { Message } from "@twin/scenario"
import { Arbitrary, Schema } from "effect"
import { renderToString } from "ink"
import type { Asked } from "../../src/player/Asked.ts"
import { chooserLines } from "../../src/player/chooser.ts"
import { emptyStage, showMessage } from "../../src/player/model.ts"
import { PlayerScreen } from "../../src/player/Player.tsx"
import {
  initialState,
  type Overlay,
  type PlayerState,
  type Prompt,
  panes,
} from "../../src/player/PlayerState.ts"
import { type ScreenSize, screenOf } from "../../src/player/screen.ts"
import { type Line, textOf } from "../../src/text/Span.ts"
import { lineWidth, textWidth } from "../../src/text/textWidth.ts"
import { controlCharacter, hostileText, hostileTexts } from "../hostile.ts"
import { closingBeat, mailTo, opening, refused, stateAt, story } from "./messages.ts"

const sizes: readonly ScreenSize[] = [
  { columns: 80, rows: 24 },
  { columns: 140, rows: 45 },
  { columns: 40, rows: 12 },
  { columns: 200, rows: 60 },
  { columns: 100, rows: 30 },
  { columns: 20, rows: 5 },
  { columns: 1, rows: 1 },
]

/** What is wrong with a screen of a size: rows, columns, characters that move the cursor. */
const flawsOf = (lines: readonly Line[], { columns, rows }: ScreenSize): readonly string[] => [
  ...(lines.length === Math.max(1, rows - 1) ? [] : [`${lines.length} lines for ${rows} rows`]),
  ...lines.flatMap((it, row) => {
    // What stands side by side is drawn as one text: it must not grow together either.
    const width = Math.max(lineWidth(it), textWidth(textOf(it)))
    return width <= columns ? [] : [`row ${row} has ${width} of ${columns} columns: ${textOf(it)}`]
  }),
  ...lines.filter((it) => controlCharacter.test(textOf(it))).map((it) => JSON.stringify(it)),
]

/** A state in which every text of the play, the tenant and the presenter is the same one. */
const filledWith = (text: string): PlayerState => {
  const messages: readonly Message[] = [
    { ...opening, title: text, abstract: text } as Message,
    { _tag: "SectionStarted", section: 0, title: text, talk: text },
    {
      _tag: "StepStarted",
      section: 0,
      step: 0,
      kind: "powershell",
      title: text,
      say: text,
      actor: text,
      command: text,
      line: 1,
      at: 0,
    },
    {
      _tag: "DecisionMade",
      section: 0,
      step: 0,
      operation: text,
      actor: text,
      decision: {
        outcome: "deny",
        gates: [
          { ...refused.gates[0], name: `x${text}`, reason: `x${text}` },
          {
            ...refused.gates[0],
            verdict: "deny",
            name: `x${text}`,
            reason: text,
            route: `x${text}`,
          },
        ],
        rights: [text, text],
      },
      refusal: { code: text, message: `x${text}` },
    },
    { _tag: "OutputPrinted", section: 0, step: 0, text },
    { _tag: "WarningGiven", section: 0, step: 0, text },
    { _tag: "StepFailed", section: 0, step: 0, error: { id: text, message: text } },
    { _tag: "MailSent", section: 0, step: 0, mail: mailTo(`x${text}`, { subject: text, text }) },
    {
      _tag: "AuditWritten",
      section: 0,
      step: 0,
      record: {
        Id: text,
        RecordType: 1,
        CreationTime: text,
        Operation: text,
        OrganizationId: text,
        UserType: 0,
        UserKey: text,
        Workload: "SharePoint",
        UserId: text,
        ClientIP: text,
        Scope: 0,
        ObjectId: text,
        [`x${text}`]: { deep: [text] },
      },
    },
    {
      _tag: "PollAnswered",
      section: 0,
      step: 0,
      round: { question: text, choices: [text, text], right: 1, decision: refused },
    },
    {
      _tag: "ExpectationJudged",
      section: 0,
      step: 0,
      index: 0,
      judgement: { that: text, held: false, found: text, claims: ["SPO-001"], decisiveSteps: [] },
    },
  ]
  return {
    ...initialState(
      {
        ...story,
        title: text,
        notes: text,
        sources: [text],
        sections: Array.from({ length: 30 }, () => ({ title: text, talk: text, steps: [text] })),
      },
      messages.reduce(showMessage, emptyStage),
    ),
    beat: 2,
    search: text.slice(0, 3),
  }
}

const settings = (text: string): Asked => ({
  kind: "settings",
  sections: [{ title: text, settings: [{ name: text, value: text, was: text }] }],
})
const matrix = (text: string): Asked => ({
  kind: "matrix",
  people: Array.from({ length: 12 }, () => text),
  rows: [{ thing: text, answers: Array.from({ length: 12 }, () => "challenge" as const) }],
})
const fork = (text: string): Overlay => ({
  kind: "fork",
  result: {
    script: text,
    printed: text,
    questions: 1,
    changes: [
      {
        who: text,
        actions: [text],
        on: text,
        before: { outcome: "allow", gate: text },
        after: { outcome: "deny", gate: text },
      },
    ],
  },
})
const prompts = (text: string): readonly Prompt[] => [
  { kind: "none" },
  { kind: "cmdlet", text },
  { kind: "search", text },
  { kind: "seat", seat: { who: text, parameter: text }, text },
]

/** Everything that the screen can show of a text. */
const variantsOf = (text: string): readonly PlayerState[] => {
  const base = filledWith(text)
  return [
    ...panes.map((pane): PlayerState => ({ ...base, pane })),
    { ...base, hasDetails: true, answer: 1 },
    { ...base, pane: "audit", hasDetails: true },
    { ...base, pane: "settings", asked: settings(text) },
    { ...base, pane: "matrix", asked: matrix(text) },
    { ...base, pane: "settings", asked: { kind: "unable", reason: text } },
    { ...base, overlay: { kind: "help" } },
    { ...base, overlay: fork(text) },
    { ...base, notice: text, isBusy: true },
    ...prompts(text).map((prompt): PlayerState => ({ ...base, prompt })),
    { ...base, scroll: 1_000_000 },
  ]
}

const dimension = (maximum: number) =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum })))

describe("the screen", () => {
  it.each(sizes)("fills $columns x $rows exactly, at every beat and in every pane", (size) => {
    const flaws = [...story.beats.keys()].flatMap((beat) =>
      panes.flatMap((pane) => flawsOf(screenOf(stateAt(beat, { pane }), size), size)),
    )
    assert.deepStrictEqual(flaws, [])
  })

  it.each(Object.entries(hostileTexts))("is not spoilt by %s", (_, text) => {
    const flaws = variantsOf(text).flatMap((state) =>
      sizes.slice(0, 4).flatMap((size) => flawsOf(screenOf(state, size), size)),
    )
    assert.deepStrictEqual(flaws, [])
  })

  it.prop(
    "never overflows, whatever the text and the size",
    [hostileText, dimension(220), dimension(70), dimension(30)],
    ([text, columns, rows, variant]) => {
      const states = variantsOf(text)
      const state = states[variant % states.length]
      assert.isDefined(state)
      const size = { columns, rows }
      assert.deepStrictEqual(flawsOf(screenOf(state, size), size), [])
    },
  )

  it("is drawn by Ink as it was computed: nothing wraps, nothing is cut", () => {
    for (const size of sizes.slice(0, 5)) {
      for (const beat of story.beats.keys()) {
        const state = stateAt(beat)
        const drawn = renderToString(<PlayerScreen state={state} size={size} />, {
          columns: size.columns,
        })
        const computed = screenOf(state, size).map((it) => textOf(it).trimEnd())
        assert.deepStrictEqual(
          stripVTControlCharacters(drawn)
            .split("\n")
            .map((it) => it.trimEnd()),
          computed,
        )
      }
    }
  })

  it("draws hostile text within its size", () => {
    const size = { columns: 80, rows: 24 }
    for (const text of Object.values(hostileTexts)) {
      const drawn = renderToString(<PlayerScreen state={filledWith(text)} size={size} />, {
        columns: 80,
      })
      const lines = drawn.split("\n")
      // Ink leaves empty lines at the end away.
      assert.isAtMost(lines.length, 23)
      for (const it of lines) assert.isAtMost(textWidth(it), 80)
    }
  })

  it("stays quick with thousands of mails and records", () => {
    const mails = Array.from({ length: 5_000 }, (_, index) => mailTo(`p${index}@contoso.com`))
    const before = stateAt(closingBeat)
    const state = { ...before, stage: { ...before.stage, mails }, pane: "mailboxes" } as const
    const lines = screenOf(state, { columns: 80, rows: 24 }).map(textOf)
    assert.include(lines.join("\n"), "4800 older mails are not shown.")
  })

  it("shows at 80x24 what a presenter needs", () => {
    assert.strictEqual(
      screenOf(stateAt(2), { columns: 80, rows: 24 })
        .map((it) => textOf(it).trimEnd())
        .join("\n"),
      ` Sharing with a journalist                           1/3 · 2026-09-01 08:01 UTC
 t Stage  a Agenda  m Mail 1  u Audit 1  s Settings  w Who can open  n Notes
━━━━━━━━━━━━━━━━━━━━━━━━━━━─────────────────────────────────────────────────────
1.1  Alice shares the press kit
alice@contoso.com

› share-file  file: Press Kit.docx

REFUSED  share-file
├ ✓ 5 gates passed          item-present, lock-state, permission, link-kind, do…
└ ✗ external-sharing-level  The sharing level does not admit this recipient.
  says    AccessDenied  Your organization does not allow this.

mail   pat@mailbox.example: Your verification code · code 64268191
audit  SharingSet by alice@contoso.com (SharePoint)







 → next  ← back  e explain  : what if  tab panes  ? help  q leave`,
    )
  })

  it("puts the agenda with its progress beside the stage where there is room", () => {
    const lines = screenOf(stateAt(3), { columns: 110, rows: 20 }).map(textOf)
    assert.match(lines[2] ?? "", /^━+─+$/)
    assert.match(lines[3] ?? "", /^▶ The flow +2\/2 │ 1\.2 {2}Question to the audience/)
    assert.match(lines[4] ?? "", /^○ What holds +0\/1 │/)
  })
})

describe("the list of scenarios", () => {
  const choice = { file: "a.yaml", title: "A story", level: 100, durationMinutes: 5, steps: 3 }

  it.each(sizes)("fits $columns x $rows, and keeps the chosen one in sight", (size) => {
    const choices = Array.from({ length: 40 }, (_, index) => ({
      ...choice,
      title: `${hostileTexts.wide}${index}`,
    }))
    for (const at of [0, 20, 39]) {
      const lines = chooserLines({ choices, at }, size)
      assert.deepStrictEqual(flawsOf(lines, size), [])
      if (size.rows >= 7) assert.match(lines.map(textOf).join("\n"), new RegExp(`▶ +${at + 1} `))
    }
    assert.deepStrictEqual(flawsOf(chooserLines({ choices: [], at: 0 }, size), size), [])
  })
})
