import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { first, lastMail, launch, makeLab, verdict } from "./world.ts"

describe("the story of a launch plan", () => {
  it.effect("runs end to end", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      const up = yield* lab.does("alice", "upload-file", {
        site: launch,
        file: "Plan.docx",
        content: "The plan",
      })
      assert.isNotEmpty(first(up, "id"))
      const opened = yield* lab.does("bob", "open-file", { file: "Plan.docx" })
      assert.strictEqual(first(opened, "text"), "The plan")
      const shared = yield* lab.does("alice", "share-file", {
        file: "Plan.docx",
        to: ["nina@fabrikam.com"],
        scope: "users",
        role: "view",
      })
      assert.isNotEmpty(first(shared, "link"))
      const mail = lastMail(yield* lab.mailbox("nina@fabrikam.com"), "sharing-notification")
      assert.strictEqual(mail?.link, first(shared, "link"))
      const visit = yield* lab.as("nina@fabrikam.com", "open-file", { link: mail?.link })
      assert.strictEqual(verdict(visit), "challenge at invitation-redeemed")
    }),
  )
})
