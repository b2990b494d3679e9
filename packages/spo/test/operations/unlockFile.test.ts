import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { atRest, launch, makeLab, verdict } from "../world.ts"

const secret = "The price is 42 million."

describe("unlocking a stored file", () => {
  it.effect("[MIP-075] also while rights management is off, and without access to the site", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* lab.tenant({ EnableAIPIntegration: true })
      yield* lab.as("alice", "upload-file", {
        site: launch,
        file: "Plan.docx",
        label: "Confidential",
        content: secret,
      })
      yield* lab.does("ivan", "Connect-AipService", {})
      yield* lab.does("ivan", "Disable-AipService", {})
      const read = yield* lab.as("bob", "open-file", { file: "Plan.docx" })
      assert.match(verdict(read), /^deny/)
      const unlocked = yield* lab.as("grace", "Unlock-SPOSensitivityLabelEncryptedFile", {
        FileUrl: `${launch}/Shared Documents/Plan.docx`,
        JustificationText: "The service is gone",
      })
      assert.match(verdict(unlocked), /^allow/)
      assert.strictEqual(Buffer.from(yield* atRest(lab)).toString(), secret)
    }),
  )
})
