import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeTenant } from "../src/index.ts"

it.effect("[MIP-285] a labelled upload asks each gate of protecting once", () =>
  Effect.gen(function* () {
    const tenant = yield* makeTenant({ seed: "1" })
    const alice = yield* tenant.actor("alice", { app: "office-desktop" })
    const { decision } = yield* tenant.call(alice, "upload-file", {
      site: "https://contoso.sharepoint.com/sites/launch",
      file: "Brief.docx",
      content: "Brief.",
      label: "Confidential",
    })
    assert.strictEqual(decision.outcome, "allow")
    const names = decision.gates.map(({ name }) => name)
    assert.include(names, "keys-for-protecting")
    assert.deepStrictEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    )
  }),
)
