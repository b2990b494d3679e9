import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { itemOf } from "../../src/index.ts"
import { first, type Lab, labelId, launch, makeLab, verdict } from "../world.ts"

const assigning = "Set-MgDriveItemSensitivityLabel"
const extracting = "Invoke-MgExtractDriveItemSensitivityLabel"

const ready = Effect.fnUntraced(function* (label?: string) {
  const lab = yield* makeLab()
  yield* lab.tenant({ EnableAIPIntegration: true })
  yield* lab.as("alice", "upload-file", {
    site: launch,
    file: "Plan.docx",
    content: "The price is 42 million.",
    ...(label === undefined ? {} : { label }),
  })
  return lab
})
const assign = (lab: Lab, SensitivityLabelId: string, more: object = {}) =>
  lab.as("alice", assigning, { DriveItemId: "Plan.docx", SensitivityLabelId, ...more })
const extract = (lab: Lab) => lab.as("alice", extracting, { DriveItemId: "Plan.docx" })

describe("labels over Graph", () => {
  it.effect(
    "[MIP-281] assigning is accepted with a monitor, metered, and extracting reads it",
    () =>
      Effect.gen(function* () {
        const lab = yield* ready()
        assert.deepStrictEqual((yield* extract(lab)).output, [])
        const done = yield* assign(lab, labelId("Confidential"))
        assert.strictEqual(first(done, "StatusCode"), "202")
        assert.match(String(first(done, "Location")), /^https:\/\/graph\.microsoft\.com\/.+monitor/)
        assert.strictEqual(first(done, "IsMetered"), "true")
        assert.deepStrictEqual((yield* extract(lab)).output, [
          { SensitivityLabelId: labelId("Confidential"), AssignmentMethod: "standard" },
        ])
        assert.isDefined(itemOf(yield* lab.world, "Plan.docx")?.content?.contentId)
      }),
  )

  it.effect("[MIP-281] the method says how the label came on", () =>
    Effect.gen(function* () {
      for (const [method, read] of [
        ["standard", "standard"],
        ["privileged", "privileged"],
        ["auto", "standard"],
      ]) {
        const lab = yield* ready()
        yield* assign(lab, labelId("General"), { AssignmentMethod: method })
        assert.strictEqual(first(yield* extract(lab), "AssignmentMethod"), read)
      }
    }),
  )

  it.effect("[MIP-281] a label by hand is not replaced by an automatic one", () =>
    Effect.gen(function* () {
      const lab = yield* ready()
      yield* assign(lab, labelId("General"), { AssignmentMethod: "privileged" })
      const refused = yield* assign(lab, labelId("Confidential"), { AssignmentMethod: "auto" })
      assert.strictEqual(verdict(refused), "deny at label-precedence")
    }),
  )

  it.effect("[MIP-281] [MIP-252] 423 where the service cannot decrypt, with the reason", () =>
    Effect.gen(function* () {
      const code = (result: { readonly decision: { readonly gates: readonly object[] } }) =>
        (result.decision.gates.at(-1) as { readonly refusal?: { readonly code?: string } }).refusal
          ?.code
      const expiring = yield* ready("Expiring")
      assert.strictEqual(code(yield* extract(expiring)), "fileDecryptionNotSupported")
      const refused = yield* assign(expiring, labelId("General"))
      assert.strictEqual(code(refused), "fileDecryptionNotSupported")

      const away = yield* ready("Confidential")
      yield* away.as("ivan", "switch-fault", { fault: "tenant-key-unreachable", on: true })
      assert.strictEqual(code(yield* extract(away)), "fileDecryptionDeferred")
      yield* away.as("ivan", "switch-fault", { fault: "tenant-key-unreachable", on: false })
      assert.strictEqual(verdict(yield* extract(away)), "allow")

      const twoKeys = yield* ready("Confidential")
      const contentId = itemOf(yield* twoKeys.world, "Plan.docx")?.content?.contentId ?? ""
      yield* twoKeys.given({
        _tag: "ContentProtected",
        protection: {
          contentId,
          name: "Plan.docx",
          form: "document",
          kind: "template",
          issuer: "alice@contoso.com",
          owner: "alice@contoso.com",
          issuedAt: 0,
          grants: [],
          doubleKeyUrl: "https://keys.contoso.com/Deal",
        },
      })
      assert.strictEqual(code(yield* extract(twoKeys)), "fileDoubleKeyEncrypted")
      assert.strictEqual(code(yield* assign(twoKeys, "")), "fileDoubleKeyEncrypted")
    }),
  )

  it.effect("[MIP-281] refuses what is not there, and whoever may not touch it", () =>
    Effect.gen(function* () {
      const lab = yield* ready()
      const nothing = yield* lab.as("alice", extracting, { DriveItemId: "None.docx" })
      assert.strictEqual(nothing.decision.outcome, "deny")
      const mallory = yield* lab.as("mallory", assigning, {
        DriveItemId: "Plan.docx",
        SensitivityLabelId: labelId("General"),
      })
      assert.strictEqual(mallory.decision.outcome, "deny")
      assert.isUndefined(itemOf(yield* lab.world, "Plan.docx")?.content?.labelId)
      yield* lab.tenant({ EnableAIPIntegration: false })
      assert.strictEqual(verdict(yield* extract(lab)), "deny at labels-enabled")
    }),
  )
})
