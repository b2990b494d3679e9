import type { Decision, Mail } from "@twin/kernel"
import type { Message } from "@twin/scenario"
import { emptyStage, showMessage } from "../../src/player/model.ts"
import { initialState, type PlayerState } from "../../src/player/PlayerState.ts"
import type { Story } from "../../src/player/Story.ts"
import { messagesAt } from "../../src/player/telling.ts"

export const start = Date.UTC(2026, 8, 1, 8)

export const opening: Message = {
  _tag: "ScenarioStarted",
  id: "demo",
  title: "Sharing with a journalist",
  abstract: "What **protects** content once it has left.",
  level: 200,
  durationMinutes: 45,
  file: "demo.yaml",
  seed: "1",
  at: start,
  agenda: [
    { title: "The flow", steps: 2 },
    { title: "What holds", steps: 1 },
  ],
  claims: ["SPO-001"],
  sources: ["a paper"],
}

export const refused: Decision = {
  outcome: "deny",
  gates: [
    ...["item-present", "lock-state", "permission", "link-kind", "domain-limit"].map(
      (name) =>
        ({
          name,
          verdict: "pass",
          reason: `The gate ${name} lets this through.`,
          details: { level: "ExternalUserAndGuestSharing" },
          facts: ["SPO-003"],
        }) as const,
    ),
    {
      name: "external-sharing-level",
      verdict: "deny",
      reason: "The sharing level does not admit this recipient.",
      details: { level: "Disabled", floor: "ExternalUserSharingOnly" },
      facts: ["SPO-003", "SPO-005"],
      refusal: { code: "AccessDenied", message: "Your organization does not allow this." },
    },
  ] as unknown as Decision["gates"],
}

export const allowed: Decision = {
  outcome: "allow",
  gates: [
    {
      name: "permission",
      verdict: "pass",
      reason: "The permission covers this.",
      details: {},
      facts: ["SPO-016"],
    },
  ],
  rights: ["VIEW", "EDIT"],
}

export const mailTo = (to: string, more: Partial<Mail> = {}): Mail => ({
  id: `mail to ${to}`,
  kind: "verification-code",
  from: "no-reply@sharepointonline.com",
  to,
  subject: "Your verification code",
  text: "Enter the code below.",
  code: "64268191",
  attachments: [],
  sentAt: start,
  arrivesAt: start,
  ...more,
})

const at = (section: number, step: number) => ({ section, step })

const started = (
  section: number,
  step: number,
  title: string,
  kind: "do" | "poll" | "expect" | "powershell",
): Message => ({
  _tag: "StepStarted",
  ...at(section, step),
  kind,
  title,
  say: "",
  actor: "alice@contoso.com",
  command: kind === "poll" ? "May Pat open it?" : "share-file  file: Press Kit.docx",
  line: 10,
  at: start,
})

const finished = (section: number, step: number): Message => ({
  _tag: "StepFinished",
  ...at(section, step),
  at: start + 60_000,
})

/** The messages of each step. */
export const steps: readonly (readonly Message[])[] = [
  [
    { _tag: "SectionStarted", section: 0, title: "The flow", talk: "A *code* proves the mailbox." },
    started(0, 0, "Alice shares the press kit", "do"),
    {
      _tag: "DecisionMade",
      ...at(0, 0),
      operation: "share-file",
      actor: "alice@contoso.com",
      decision: refused,
      refusal: { code: "AccessDenied", message: "Your organization does not allow this." },
    },
    { _tag: "MailSent", ...at(0, 0), mail: mailTo("pat@mailbox.example") },
    {
      _tag: "AuditWritten",
      ...at(0, 0),
      record: {
        Id: "1",
        RecordType: 14,
        CreationTime: "2026-09-01T08:00:00",
        Operation: "SharingSet",
        OrganizationId: "o",
        UserType: 0,
        UserKey: "k",
        Workload: "SharePoint",
        UserId: "alice@contoso.com",
        ClientIP: "203.0.113.10",
        Scope: 0,
        ObjectId: "https://contoso.sharepoint.com/sites/launch/Press Kit.docx",
      },
    },
    { _tag: "OutputPrinted", ...at(0, 0), text: "id: 1\nlink: abc" },
    finished(0, 0),
  ],
  [
    started(0, 1, "Question to the audience", "poll"),
    {
      _tag: "PollAnswered",
      ...at(0, 1),
      round: {
        question: "May Pat open it?",
        choices: ["Yes, at once", "Only with a code", "No"],
        right: 2,
        decision: refused,
      },
    },
    finished(0, 1),
  ],
  [
    { _tag: "SectionStarted", section: 1, title: "What holds", talk: "" },
    started(1, 0, "What must hold", "expect"),
    {
      _tag: "ExpectationJudged",
      ...at(1, 0),
      index: 0,
      judgement: {
        that: "Alice is told",
        held: false,
        found: "no such mail",
        claims: [],
        decisiveSteps: [],
      },
    },
    {
      _tag: "ExpectationJudged",
      ...at(1, 0),
      index: 1,
      judgement: {
        that: "Pat reads nothing",
        held: true,
        found: "deny by external-sharing-level",
        claims: ["SPO-003"],
        decisiveSteps: [],
      },
    },
    finished(1, 0),
    { _tag: "ScenarioFinished", held: 1, failed: 1, errors: 0, at: start + 60_000 },
  ],
]

export const story: Story = {
  title: "Sharing with a journalist",
  sections: [
    {
      title: "The flow",
      talk: "A *code* proves the mailbox.",
      steps: ["Alice shares the press kit", "Question to the audience"],
    },
    { title: "What holds", talk: "", steps: ["What must hold"] },
  ],
  beats: [
    { kind: "opening", position: 0 },
    { kind: "talk", position: 0, section: 0 },
    {
      kind: "step",
      position: 1,
      section: 0,
      step: 0,
      seat: { who: "pat", parameter: "code" },
    },
    { kind: "step", position: 2, section: 0, step: 1 },
    { kind: "step", position: 3, section: 1, step: 0 },
    { kind: "closing", position: 3 },
  ],
  notes: "Take the seat of the recipient.",
  sources: ["a paper"],
}

export const closingBeat = story.beats.length - 1

/** The player at a beat of the story, as the controller would have it. */
export const stateAt = (beat: number, change: Partial<PlayerState> = {}): PlayerState => {
  const here = story.beats[beat] ?? { kind: "opening", position: 0 }
  const stage = messagesAt(here, story, { opening, steps }).reduce(showMessage, emptyStage)
  return { ...initialState(story, stage), beat, ...change }
}
