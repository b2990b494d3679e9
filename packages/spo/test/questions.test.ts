import { assert, describe, it } from "@effect/vitest"
import { makeDraw } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { spoDomain } from "../src/index.ts"
import {
  actorOf,
  file,
  first,
  guest,
  launch,
  linkTo,
  makeLab,
  settings,
  today,
  verdict,
  worldWith,
} from "./world.ts"

const nina = "nina@fabrikam.com"

const ask = (world: ReturnType<typeof worldWith>, who: string, action: string, subject: string) => {
  const question = spoDomain.questions.find((it) => it.action === action)
  const call = { world, actor: actorOf(world, who, today), now: today, draw: makeDraw("question") }
  return question?.ask(call, subject)
}

describe("questions about files", () => {
  it("are open, edit, download, print, copy and share, about every file by address", () => {
    const world = worldWith(file("Plan.docx"))
    assert.deepStrictEqual(
      spoDomain.questions.map(({ action }) => action),
      ["open", "edit", "download", "print", "copy", "share"],
    )
    for (const { subjects } of spoDomain.questions) {
      assert.deepStrictEqual(subjects(world), [`${launch}/Shared Documents/Plan.docx`])
    }
    assert.isUndefined(ask(world, "alice", "open", "No.docx"))
    assert.isUndefined(ask(world, "alice", "share", "No.docx"))
  })

  it("[SPO-301] answer with the gates of the action", () => {
    const world = worldWith(
      file("Plan.docx"),
      guest(nina),
      linkTo("Plan.docx", "users", {
        members: [{ address: nina, addedAs: "guest" }],
      }),
    )
    const outcome = (who: string, action: string) => ask(world, who, action, "Plan.docx")?.outcome
    assert.strictEqual(outcome("bob", "edit"), "allow")
    assert.strictEqual(outcome(nina, "open"), "allow")
    assert.strictEqual(outcome(nina, "edit"), "deny")
    assert.strictEqual(outcome("mallory", "open"), "deny")
    assert.strictEqual(outcome("bob", "share"), "allow")
    assert.strictEqual(outcome(nina, "share"), "deny")
  })

  it("[SPO-020] take somebody without identity for a holder of the Anyone link, if there is one", () => {
    const plain = worldWith(file("Plan.docx"))
    assert.strictEqual(ask(plain, "anonymous", "open", "Plan.docx")?.outcome, "deny")
    const world = worldWith(file("Plan.docx"), linkTo("Plan.docx", "anonymous"))
    assert.strictEqual(ask(world, "anonymous", "open", "Plan.docx")?.outcome, "allow")
    const off = worldWith(
      file("Plan.docx"),
      linkTo("Plan.docx", "anonymous"),
      settings({ SharingCapability: "Disabled" }),
    )
    assert.strictEqual(ask(off, "anonymous", "open", "Plan.docx")?.outcome, "deny")
  })

  const Action = Schema.Literals(["open", "edit", "download", "print", "copy"])
  const Who = Schema.Literals(["alice", "bob", "erin", "mallory", nina])
  it.effect.prop(
    "an answer is what the action then does, and leaves no trace",
    { action: Action, who: Who, role: Schema.Literals(["view", "edit", "restrictedView"]) },
    ({ action, who, role }) =>
      Effect.gen(function* () {
        const lab = yield* makeLab({ events: [guest(nina)] })
        yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
        const shared = yield* lab.does("alice", "share-file", {
          file: "Plan.docx",
          to: [nina, "erin@contoso.com"],
          scope: "users",
          role,
        })
        assert.isNotEmpty(first(shared, "link"))
        const before = yield* lab.world
        const answer = ask(before, who, action, "Plan.docx")
        assert.strictEqual(yield* lab.world, before)
        const done = yield* lab.as(who, `${action}-file`, { file: "Plan.docx" })
        assert.strictEqual(answer && verdict({ decision: answer }), verdict(done))
      }),
    { arbitrary: { runs: 30 } },
  )
})
