import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import { launch, verdict } from "../world.ts"
import { nina, story, web } from "./labelStory.ts"

/** Files with a label under a rule that looks at this label. */
const ruled = (rule: object, policy: object = {}) =>
  Effect.gen(function* () {
    const lab = yield* story
    yield* lab.does("judy", "New-DlpCompliancePolicy", {
      Name: "Files",
      SharePointLocation: ["All"],
      ...policy,
    })
    yield* lab.does("judy", "New-DlpComplianceRule", {
      Name: "Labelled",
      Policy: "Files",
      ContentContainsSensitiveInformation: [
        {
          operator: "And",
          groups: [
            {
              operator: "Or",
              name: "Default",
              labels: [{ name: "General", type: "Sensitivity" }],
            },
          ],
        },
      ],
      ...rule,
    })
    yield* lab.upload("Plan.docx", { label: "General" })
    yield* lab.upload("Other.docx", { label: "Public" })
    const share = (params: object) =>
      lab.does("alice", "share-file", { site: launch, role: "view", ...params })
    yield* share({ file: "Plan.docx", to: [nina], scope: "users" })
    yield* share({ file: "Other.docx", to: [nina], scope: "users" })
    const link = (yield* lab.does("alice", "create-link", {
      site: launch,
      file: "Plan.docx",
      scope: "anonymous",
      role: "view",
    })).output[0]?.["link"]
    yield* lab.wait(days(1))
    const opens = (who: string, more: object = {}) =>
      Effect.map(lab.as(who, "open-file", { file: "Plan.docx", ...more }, web), verdict)
    return { lab, opens, link }
  })

const blocked = "deny at dlp-block"

describe("what a rule of data loss prevention with a label does to files", () => {
  it.effect.each([
    [undefined, "allow", "allow", "allow"],
    ["All", blocked, blocked, blocked],
    ["PerUser", "allow", blocked, blocked],
    ["PerAnonymousUser", "allow", "allow", blocked],
  ] as const)("[MIP-158] scope %s: member %s, guest %s, Anyone link %s", (row) =>
    Effect.gen(function* () {
      const [scope, member, guest, anyone] = row
      const { lab, opens, link } = yield* ruled(
        scope === undefined ? {} : { BlockAccess: true, BlockAccessScope: scope },
      )
      assert.strictEqual(yield* opens("bob"), member)
      assert.strictEqual(yield* opens(nina), guest)
      assert.strictEqual(yield* opens("stranger@example.com", { link }), anyone)
      assert.strictEqual(yield* opens("alice"), "allow", "owner and last modifier")
      const other = yield* lab.as(nina, "open-file", { file: "Other.docx" }, web)
      assert.strictEqual(verdict(other), "allow", "another label")
    }),
  )

  it.effect("[MIP-158] who last changed the file keeps it as well", () =>
    Effect.gen(function* () {
      const { lab, opens } = yield* ruled({})
      yield* lab.does("bob", "edit-file", { file: "Plan.docx", content: "Changed." }, web)
      yield* lab.does("bob", "close-file", { file: "Plan.docx" }, web)
      yield* lab.does("judy", "Set-DlpComplianceRule", {
        Identity: "Labelled",
        BlockAccess: true,
        BlockAccessScope: "All",
      })
      yield* lab.wait(days(1))
      assert.strictEqual(yield* opens("bob"), "allow")
      assert.strictEqual(yield* opens(nina), blocked)
      assert.strictEqual(yield* opens("alice"), "allow")
    }),
  )

  const notify = { NotifyUser: ["LastModifier", "Owner", "carol@contoso.com"] }
  const alert = { GenerateAlert: ["judy@contoso.com"] }

  it.effect.each([
    ["Enable", 1, 1],
    ["TestWithNotifications", 1, 0],
    ["TestWithoutNotifications", 0, 0],
  ] as const)("[MIP-158] mode %s: %d notification to each, %d alerts", ([Mode, notes, alerts]) =>
    Effect.gen(function* () {
      const { lab } = yield* ruled({ ...notify, ...alert }, { Mode })
      const count = (who: string, kind: string) =>
        Effect.map(lab.mailbox(who), (mails) => mails.filter((it) => it.kind === kind).length)
      for (const who of ["alice", "carol"]) {
        assert.strictEqual(yield* count(who, "notification"), notes, who)
      }
      assert.strictEqual(yield* count("judy", "alert"), alerts)
      assert.strictEqual(yield* count("bob", "notification"), 0)
      // A file that goes on matching is no news.
      yield* lab.does("alice", "edit-file", { file: "Plan.docx", content: "More." }, web)
      yield* lab.wait(days(1))
      assert.strictEqual(yield* count("alice", "notification"), notes)
      assert.strictEqual(yield* count("judy", "alert"), alerts)
    }),
  )
})
